"""What becomes of letters while a channel as a whole is down: they go by another one, or people are called."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.domain.calendar import Calendar
from bot.domain.plan import Plan
from bot.jobs.call_sheet import CALL_AFTER, call_sheet
from bot.ports import Caps
from bot.store import Tx, detours, lines, notices
from bot.store.notices import NoticeKind

DOWN_FOR = timedelta(
    minutes=2
)  # a network that restarts is back by then, and who has two chats is not moved for nothing

_SHEET = "callsheet:"  # begins the key of the notice that people must be called, of one channel


def is_called_for(tx: Tx) -> bool:
    """Return whether `rescue` has anything to look at: a channel is down, or the admins were told of a call sheet."""
    return bool(lines.down_since(tx)) or any(each.kind is NoticeKind.CALL_SHEET for each in notices.standing(tx))


def rescue(
    tx: Tx, *, plan: Plan, calendar: Calendar, caps: Mapping[str, Caps], channels: Collection[str], now: datetime
) -> int:
    """Take what waits for a channel that is down to a chat on one that is up; return how many letters were moved.

    `channels` are those that this bot runs. In office hours the admins hear, once an outage, that people must be called.
    """
    down = lines.down_since(tx)
    lost = [channel for channel, since in down.items() if now - since >= DOWN_FOR]
    up = [channel for channel in channels if channel not in down]
    moved = 0
    if lost and up:
        moved = detours.take(tx, detours.stranded(tx, lost=lost, up=up), caps=caps, now=now)
    notices.clear_except(tx, _SHEET, [_SHEET + channel for channel in down])
    if calendar.is_open(now):
        _call(tx, down, plan=plan, calendar=calendar, channels=channels, now=now)
    return moved


def _call(
    tx: Tx,
    down: Mapping[str, datetime],
    *,
    plan: Plan,
    calendar: Calendar,
    channels: Collection[str],
    now: datetime,
) -> None:
    """Tell the admins, once for each channel that is down for long, how many calls are on the sheet for it."""
    long_since = calendar.open_before(now, CALL_AFTER)
    told = {each.key for each in notices.standing(tx)}
    lost = [channel for channel, since in down.items() if since <= long_since and _SHEET + channel not in told]
    if not lost:
        return
    calls = call_sheet(tx, plan=plan, calendar=calendar, channels=channels, now=now)
    for channel in lost:
        count = sum(call.channel == channel for call in calls)
        if count:
            words = {"count": str(count), "channel": channel}
            notices.raise_notice(tx, key=_SHEET + channel, kind=NoticeKind.CALL_SHEET, words=words, now=now)
