"""One thing heard, and everything its handling needs or leaves behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.calendar import Calendar, local_day
from bot.domain.heirs import holder, holdings
from bot.domain.plan import Plan, Role
from bot.ports import Caps, Inbound, Out
from bot.store import Tx, bafflement, menus, outbox, questions
from bot.store.contacts import Addressee
from bot.store.menus import Menu
from bot.store.outbox import Lane, Letter, letters
from bot.store.people import Person
from bot.store.questions import Question
from bot.texts import say

NOTE_LENGTH = 2000  # characters of a note that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What conversations are held by: the plan, the calendar, what the channels can, and the settings that concern them."""

    plan: Plan
    calendar: Calendar
    caps: Mapping[str, Caps]
    language: str = "vi"
    question_life: timedelta = timedelta(hours=24)
    file_limit_mb: int = 10
    brake: tuple[int, int] = (30, 10)  # an edit that touches more per cent, of at least so many, needs two admins
    helper: str = ""  # who helps where the bot does not understand: name and number; the office where nobody is named

    @property
    def office(self) -> str:
        """The name of the unit that follows the plan up."""
        return self.plan.unit_name(self.plan.office)

    @property
    def plan_name(self) -> str:
        """The plan as it is spoken of."""
        return self.plan.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that came with a message: on our disk, or why not (`refused` is a key of the texts)."""

    name: str
    media: str = ""
    size: int = 0
    sha256: str = ""
    path: str = ""
    refused: str = ""


@dataclass(kw_only=True)
class Turn:
    """The handling of one thing heard, inside one transaction. `ack` is what a press is answered with at once."""

    tx: Tx
    desk: Desk
    inbound: Inbound
    heard_id: int
    now: datetime
    files: tuple[Kept, ...] = ()
    person: Person | None = None
    ack: str = ""
    menu_for: Person | None = None
    was_baffled: bool = False  # what was said was not understood
    may_be_asked: bool = True  # False: a look showed that no question is open in this chat
    has_answered: bool = False  # something was said in this chat
    _count: int = field(default=0)

    @property
    def language(self) -> str:
        """The language to answer in."""
        return self.person.language if self.person else self.desk.language

    def say(self, key: str, **values: object) -> str:
        """Return a sentence in the language of whoever is answered."""
        return say(self.language, key, **values)

    def answer(self, out: Out, *, keeps: timedelta | None = None) -> None:
        """Answer in the chat, at any hour: somebody is waiting. It is worth sending for as long as it `keeps`."""
        self.has_answered = True
        self._put(
            self.inbound.channel,
            self.inbound.chat_id,
            out,
            lane=Lane.ANSWER,
            person_id=self._person_id(),
            language=self.language,
            expires_at=None if keeps is None else self.now + keeps,
        )

    def baffled(self, out: Out) -> Out | None:
        """Return an answer to what was not understood as it is to be given; None where it is the sixth of its kind in a row.

        The fifth names a person who helps. After it, whatever is not understood is met with silence, for a day or until
        something is: nobody is helped by more of the same, and two programs that answer each other end.
        """
        self.was_baffled = True
        here = {"channel": self.inbound.channel, "chat_id": self.inbound.chat_id}
        times = bafflement.count(self.tx, **here, now=self.now)
        if times is None:
            return None
        if times < bafflement.LIMIT:
            return out
        key = "unread.helper" if self.person else "unread.helper_stranger"
        return replace(out, text=f"{out.text}\n\n{self.say(key, helper=self.desk.helper or self.desk.office)}")

    def answer_baffled(self, out: Out) -> None:
        """Answer what was not understood, as often as that is worth it."""
        told = self.baffled(out)
        if told is not None:
            self.answer(told)

    def tell(self, to: Addressee, out: Out) -> None:
        """Tell somebody else, in office hours; nothing else would say it, so it keeps over days off."""
        opens = self.desk.calendar.next_open(self.now)
        self._put(
            to.channel,
            to.chat_id,
            out,
            lane=Lane.ESCALATION,
            person_id=to.person_id,
            language=to.language,
            not_before=opens,
        )

    def ask(self, kind: str, subject: dict[str, Any], out: Out) -> None:
        """Ask a question that stays open in this chat until it is answered, cancelled or too old."""
        asked = Question(kind=kind, subject=subject, expires_at=self.now + self.desk.question_life)
        self.may_be_asked = True
        questions.ask(self.tx, channel=self.inbound.channel, chat_id=self.inbound.chat_id, asked=asked, now=self.now)
        self.answer(out)

    def holder(self, unit: str) -> str:
        """Return the unit that answers today for another: itself while it lives."""
        return holder(self.desk.plan, unit, local_day(self.now))

    def units_as(self, *roles: Role) -> tuple[str, ...]:
        """Return the units for whose tasks the speaker answers today in one of these roles, ended ones that theirs carry on."""
        if self.person is None:
            return ()
        return holdings(self.desk.plan, self.person.units_as(*roles), local_day(self.now))

    def open_question(self) -> Question | None:
        """Return the question open in this chat."""
        if not self.may_be_asked:
            return None
        here = {"channel": self.inbound.channel, "chat_id": self.inbound.chat_id}
        return questions.current(self.tx, **here, now=self.now)

    def close_question(self) -> None:
        """Close whatever question is open in this chat."""
        if self.may_be_asked:
            questions.close(self.tx, channel=self.inbound.channel, chat_id=self.inbound.chat_id)
            self.may_be_asked = False

    @property
    def has_buttons(self) -> bool:
        """Say whether this chat shows buttons; where it does not, choices are typed."""
        return self.desk.caps[self.inbound.channel].buttons

    def open_menu(self) -> Menu | None:
        """Return the message whose numbers count in this chat, where numbers take the place of buttons."""
        if self.has_buttons:
            return None
        here = {"channel": self.inbound.channel, "chat_id": self.inbound.chat_id}
        return menus.newest(self.tx, **here, life=self.desk.question_life, now=self.now)

    def end_menu(self, menu: Menu) -> None:
        """Let the numbers of a message count no more, where nothing else was asked meanwhile."""
        if self.open_question() is None:
            here = {"channel": self.inbound.channel, "chat_id": self.inbound.chat_id}
            expires_at = self.now + self.desk.question_life
            questions.end_menu(self.tx, **here, letter_id=menu.id, expires_at=expires_at, now=self.now)

    def _person_id(self) -> int | None:
        return self.person.id if self.person else None

    def _put(
        self,
        channel: str,
        chat_id: str,
        out: Out,
        *,
        lane: Lane,
        person_id: int | None,
        language: str = "vi",
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        self._count += 1
        letter = Letter(
            key=f"heard:{self.heard_id}:{self._count}",
            channel=channel,
            chat_id=chat_id,
            person_id=person_id,
            language=language,
            out=out,
            lane=lane,
            not_before=not_before,
            expires_at=expires_at,
        )
        outbox.post(self.tx, letters(letter, caps=self.desk.caps[channel]), now=self.now)
