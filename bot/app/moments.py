"""When something is next to be done: a jump of the clock loses nothing if it ends there."""

from datetime import datetime

from bot.domain.calendar import Calendar
from bot.store import Store, occurrences, outbox


async def next_moment(store: Store, calendar: Calendar, *, now: datetime, summary_at: datetime) -> datetime:
    """Return when the next step, message or summary is due; a step outside office hours counts at their opening."""
    firsts = [await store.aread(occurrences.next_moment), await store.aread(outbox.next_moment)]
    step = await store.aread(lambda tx: occurrences.next_moment(tx, after=now))
    letter = await store.aread(lambda tx: outbox.next_moment(tx, after=now))
    moments = [calendar.next_open(step)] if step else []
    moments += [letter] if letter else []
    # What came due by night, or could not leave by day, waits for the morning.
    moments += [calendar.next_open(now)] if any(first and first <= now for first in firsts) else []
    return min([moment for moment in moments if moment > now] + [summary_at])
