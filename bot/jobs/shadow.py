"""A trial run: real clock, real catalogue, and everything that the bot says on its own goes to the admins only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.calendar import local_day
from bot.domain.plan import Plan, Role
from bot.ports import Caps, Out
from bot.store import Tx, contacts, notices, people, summaries
from bot.store.contacts import Addressee
from bot.store.notices import NoticeKind
from bot.store.outbox import Lane, Letter
from bot.store.outbox.letters import PART
from bot.store.outbox.shading import COPY, shade, too_long
from bot.texts import day, say
from bot.texts.admin import channel_name
from bot.texts.lengths import parts

MARK = "shadow"  # "on 2022-10-01", "live 2022-10-01": the trial run until that day lasts, or is over
LOOK_BACK = timedelta(days=7)  # a message of so long ago that was too long keeps nobody from going live
NAMED = 5  # units in one notice

_STAYS = "shadow:stays"
_LIVE = "shadow:live"
_AS = {"escalate": (Role.HEAD, Role.OFFICE), "announce": (Role.OFFICE,), "summary": (Role.MANAGER,)}
_ASKED = (Role.FOCAL, Role.HEAD, Role.OFFICE, Role.MANAGER, Role.ADMIN)


def trial_run(tx: Tx) -> str:
    """Return the last day of the trial run that lasts ("2022-10-01"), "" where there is none."""
    state, _, until = (summaries.recall(tx, MARK) or "").partition(" ")
    return until if state == "on" else ""


class Shadow:
    """Whether this bot only tries its plan out, by the setting `until` and what the database remembers."""

    def __init__(self, until: date | None, *, plan: Callable[[], Plan], caps: Mapping[str, Caps]) -> None:
        self._until, self._plan, self._caps = until, plan, caps
        self.asks_no_more = False

    def holds_back(self, tx: Tx, now: datetime) -> bool:
        """Return whether true messages must stay; if so, each that waits ends here and its copies go to the admins.

        For the transaction that takes messages to the channels: what it finds afterwards may leave. A trial run that
        was ended by taking the setting away ends with this: what it kept waiting never leaves.
        """
        if self.asks_no_more:
            return False
        word = summaries.recall(tx, MARK) or ""
        if word == f"live {self._until}" or (self._until is None and not word.startswith("on ")):
            return False
        self._shade(tx, now)
        return True

    def is_over(self, tx: Tx) -> bool:
        """Return whether there is nothing to hold back and nothing left to tell; it then asks no more.

        For a transaction that only reads: what it sees is committed.
        """
        word = summaries.recall(tx, MARK) or ""
        told = all(each.key != _LIVE for each in notices.standing(tx))
        if self._until is None:
            self.asks_no_more = not word.startswith("on ") and told
        else:
            self.asks_no_more = word == f"live {self._until}" and told
        return self.asks_no_more

    def look(self, tx: Tx, now: datetime) -> bool:
        """Begin the trial run, or end it where its day is past and all is well; return whether anything changed.

        Not all is well while a unit that owes has no focal point who can be reached, or a message about tasks of the
        last days was longer than one message of its channel. The admins are told once why it goes on, and once that it
        is over.
        """
        word = summaries.recall(tx, MARK) or ""
        if word == f"live {self._until}" or (self._until is None and not word.startswith("on ")):
            return self._forget(tx)
        if self._until is None:
            return self._go_live(tx, "off", now)
        if word != f"on {self._until}":
            summaries.remember(tx, MARK, f"on {self._until}")
            notices.clear(tx, _STAYS)
            return True
        if local_day(now) <= self._until:
            return False
        silent = self._silent(tx, local_day(now))
        long = too_long(tx, since=LOOK_BACK, now=now)
        if not silent and not long:
            return self._go_live(tx, f"live {self._until}", now)
        names = ", ".join(self._plan().unit_name(unit) for unit in silent[:NAMED]) + ("…" if silent[NAMED:] else "")
        words = {"until": day(self._until), "count": str(len(silent)), "units": names or "—", "long": str(long)}
        return notices.raise_notice(tx, key=_STAYS, kind=NoticeKind.SHADOW_STAYS, words=words, now=now)

    def _go_live(self, tx: Tx, word: str, now: datetime) -> bool:
        self._shade(tx, now)  # what waits is of the trial run, and is not sent again
        summaries.remember(tx, MARK, word)
        notices.clear(tx, _STAYS)
        return notices.raise_notice(tx, key=_LIVE, kind=NoticeKind.SHADOW_LIVE, words={}, now=now)

    def _forget(self, tx: Tx) -> bool:
        """Take back the notice that the trial run is over, once the admins have read it."""
        told = [each for each in notices.standing(tx) if each.key == _LIVE and each.told_at is not None]
        return bool(told) and notices.clear(tx, _LIVE)

    def _silent(self, tx: Tx, today: date) -> list[str]:
        plan = self._plan()
        owing = {unit for task in plan.tasks.values() for unit in task.units}
        ended = {unit.id for unit in plan.units.values() if unit.valid_to is not None and unit.valid_to < today}
        return sorted(owing - ended - set(contacts.addressees(tx, Role.FOCAL)))

    def _shade(self, tx: Tx, now: datetime) -> None:
        admins = contacts.admins(tx)
        shade(tx, lambda row, out: self._copies(tx, row, out, admins), now=now)

    def _copies(self, tx: Tx, row: Any, out: Out, admins: tuple[Addressee, ...]) -> Iterator[Letter]:
        text = f"{out.heading}\n{out.text}" if out.heading else out.text
        for admin in admins:
            copy = replace(out, heading=self._whose(tx, row, admin.language), text=text, buttons=())
            outs = parts(copy, self._caps[admin.channel].max_text)
            key = f"{COPY}{row.key}:{admin.person_id}"
            for number, each in enumerate(outs, start=1):
                yield Letter(
                    key=key if len(outs) == 1 else f"{key}{PART}{number}",
                    channel=admin.channel,
                    chat_id=admin.chat_id,
                    person_id=admin.person_id,
                    language=admin.language,
                    out=each,
                    lane=Lane(row.lane),
                    not_before=row.not_before,
                    expires_at=row.expires_at,
                )

    def _whose(self, tx: Tx, row: Any, language: str) -> str:
        """Return who would have got it: name, role and unit, or the group's name, and the channel."""
        channel = channel_name(row.channel)
        person = people.by_id(tx, row.person_id) if row.person_id is not None else None
        if person is None:
            here = (row.channel, row.chat_id)
            title = next((each.title for each in people.groups(tx) if (each.channel, each.chat_id) == here), "—")
            return say(language, "shadow.to_group", group=title, channel=channel)
        wanted = (*_AS.get(row.key.partition(":")[0], ()), *_ASKED)
        held = next((each for role in wanted for each in person.memberships if each.role is role), None)
        if held is None:
            return say(language, "shadow.to_person", name=person.name, channel=channel)
        unit, role = self._plan().unit_name(held.unit), say(language, f"role.{held.role}")
        return say(language, "shadow.to", name=person.name, role=role, unit=unit, channel=channel)
