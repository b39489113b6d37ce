"""Whom to call by telephone: people whom no channel reaches, units of which nobody can be asked, and what to say."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import DAY, Calendar, local_day
from bot.domain.plan import Plan
from bot.jobs.who_is_asked import WhoIsAsked
from bot.store import Tx, lines, people, undelivered
from bot.store.occurrences import Kept
from bot.store.people import Listed
from bot.store.undelivered import Undelivered
from bot.store.views import views
from bot.texts.calls import say_decision, say_task
from bot.texts.tasks import View

CALL_AFTER = timedelta(minutes=30)  # of office hours: reminders of 08:00 are heard before half of the morning is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of the sheet. `name` is empty where nobody of the unit is known; `task` where a decision is told."""

    unit: str
    name: str
    task: str
    due_at: datetime | None
    say: str
    channel: str = ""


def call_sheet(
    tx: Tx, *, plan: Plan, calendar: Calendar, channels: Collection[str], now: datetime, language: str = "vi"
) -> tuple[Call, ...]:
    """Return the calls to make, by unit, name and due, each task once a person; what was reported meanwhile is left out.

    `channels` are those that this bot runs; one that is down counts as lost after half an hour of office hours.
    """
    down = lines.down_since(tx)
    up = [channel for channel in channels if channel not in down]
    lost = undelivered.letters(tx, down=down, up=up, before=calendar.open_before(now, CALL_AFTER))
    sheet = _Sheet(tx, plan=plan, now=now, language=language)
    found = [*sheet.of_letters(lost), *sheet.of_units(tx)]
    whole = {(call.unit, call.name, call.task, call.due_at, call.say): call for call in found}
    return tuple(sorted(whole.values(), key=_order))


class _Sheet:
    """Makes the lines of one sheet."""

    def __init__(self, tx: Tx, *, plan: Plan, now: datetime, language: str) -> None:
        self._tx = tx
        self._plan = plan
        self._now = now
        self._language = language
        self._asked = WhoIsAsked(tx, plan=plan, on=local_day(now))
        self._people: dict[int, list[Listed]] = {}
        for each in people.listed(tx):
            self._people.setdefault(each.person_id, []).append(each)

    def of_letters(self, lost: Collection[Undelivered]) -> Iterator[Call]:
        about = undelivered.occurrences(self._tx, [each.occurrence_id for each in lost if each.occurrence_id])
        shown = self._shown(about)
        for each in lost:
            held = self._people.get(each.person_id)
            if not held:
                continue
            if each.occurrence_id is None:
                words = say_decision(self._language, each.heading, each.text)
                yield self._call(held[0].unit, held[0].name, None, words, each.channel)
            elif (view := shown.get(each.occurrence_id)) is not None:
                owing = self._asked.holder(about[each.occurrence_id].unit)
                unit = owing if any(one.unit == owing for one in held) else held[0].unit
                yield self._call(unit, held[0].name, view, self._say(view), each.channel)

    def of_units(self, tx: Tx) -> Iterator[Call]:
        asked = self._asked
        found = {each.id: each for each in undelivered.unasked(tx, since=self._now - DAY)}
        shown = self._shown(found)
        for occurrence_id, view in shown.items():
            unit = asked.holder(found[occurrence_id].unit)
            if not asked.of(unit).people:
                yield self._call(unit, "", view, self._say(view), "")

    def _shown(self, found: Mapping[int, Kept]) -> dict[int, View]:
        seen = views(self._tx, self._plan, list(found.values()), now=self._now)
        return {view.id: view for view in seen if view.is_open}

    def _say(self, view: View) -> str:
        return say_task(self._language, view, now=self._now)

    def _call(self, unit: str, name: str, view: View | None, words: str, channel: str) -> Call:
        return Call(
            unit=self._plan.unit_name(unit),
            name=name,
            task=view.task.id if view else "",
            due_at=view.due_at if view else None,
            say=words,
            channel=channel,
        )


def _order(call: Call) -> tuple[str, str, bool, float, str]:
    return call.unit, call.name, call.due_at is None, call.due_at.timestamp() if call.due_at else 0.0, call.task
