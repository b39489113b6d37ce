"""Whatever happens in whatever order, what the bot promises holds after every step."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.channels.local import CHANNEL
from bot.domain.actions import Action, Verb, write_action
from bot.domain.delivery import Failure
from bot.domain.standing import Status
from bot.store import Tx, occurrences, people
from tests.equivalence.invariants import Before, before, breaches
from tests.equivalence.office import DUES, FOCALS, Office, plan
from tests.world import local

T = TypeVar("T")
WORDS = (
    "R3 1",
    "R3 2",
    "R3 vướng: chưa có hướng dẫn",
    "B1 1",
    "R3 xin lùi đến 28/10/2022",
    "chờ Bộ",
    "/nhiemvu",
    "1",
    "ừ",
)
ANSWERS = (Verb.DONE, Verb.IN_PROGRESS, Verb.NOT_OURS, Verb.CORRECT, Verb.OPEN)
DECISIONS = (Verb.ACCEPT, Verb.RETURN, Verb.EXTEND, Verb.REFUSE)
FAILURES = st.tuples(
    st.sampled_from([Failure.UNREACHABLE, Failure.THROTTLED, Failure.REJECTED, Failure.CHAT_GONE]), st.just(False)
) | st.tuples(st.just(Failure.IN_DOUBT), st.booleans())


class AnythingMayHappen(RuleBasedStateMachine):
    """An office in its plan's first weeks, and everything that people, networks and clocks do to it."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.folder / "nhacviec.db")
        self.due, self.weekly = DUES[1], True
        self.world = Office(
            folder=self.folder,
            start=local("2022-09-29 07:40"),
            plan=plan(due=self.due, weekly=True),
            url=f"sqlite:///{self.folder / 'nhacviec.db'}",
        )
        self.latest = self.world.clock.now()
        self.stood: Before | None = None

    def teardown(self) -> None:
        self.world.close()
        self.loop.close()
        shutil.rmtree(self.folder)

    @initialize()
    def everybody_joins(self) -> None:
        self.does(self.world.opens())

    @rule(minutes=st.sampled_from([1, 20, 240, 1440, 3 * 1440, 15 * 1440]))
    def time_passes(self, minutes: int) -> None:
        self.moves(timedelta(minutes=minutes))
        self.does(self.world.works())

    @rule(minutes=st.sampled_from([5, 60, 1440]))
    def the_clock_is_set_back(self, minutes: int) -> None:
        self.moves(-timedelta(minutes=minutes))
        self.does(self.world.works())

    @rule()
    def the_next_thing_comes_due(self) -> None:
        following = self.does(self.world.house.next_moment())
        assert following is not None
        self.moves(following - self.world.clock.now())
        self.does(self.world.works())

    @rule()
    def a_tick_runs(self) -> None:
        self.does(self.world.house.ticker.tick())

    @rule(script=st.lists(FAILURES, max_size=4), minutes=st.integers(0, 30))
    def what_waits_is_sent_over_a_bad_line(self, script: list[tuple[Failure, bool]], minutes: int) -> None:
        self.moves(timedelta(minutes=minutes))
        self.does(self.world.house.ticker.tick())
        self.world.script.extend(script)
        self.does(self.world.deliver())
        self.world.script.clear()

    @rule(who=st.sampled_from([*FOCALS, "hai"]), verb=st.sampled_from(ANSWERS), which=st.integers(0, 9))
    def somebody_presses(self, who: str, verb: Verb, which: int) -> None:
        found = self.world.store.read(lambda tx: occurrences.of_units(tx, [FOCALS.get(who, "stc")]))
        if found:
            about = found[which % len(found)]
            action = write_action(Action(verb=verb, subject=about.id, seen=about.report_id or 0))
            self.does(self.world.presses_action(who, action))

    @rule(who=st.sampled_from([*FOCALS, "hai", "ha", "phuc"]), words=st.sampled_from(WORDS))
    def somebody_says(self, who: str, words: str) -> None:
        self.does(self.world.says(who, words))

    @rule(verb=st.sampled_from(DECISIONS), who=st.sampled_from(["ha", "bao"]))
    def the_office_decides(self, verb: Verb, who: str) -> None:
        for each in self.world.store.read(occurrences.awaiting_decision)[:1]:
            wants_time = each.word is not None and each.word.status is Status.EXTENSION
            fits = verb in (Verb.EXTEND, Verb.REFUSE) if wants_time else verb in (Verb.ACCEPT, Verb.RETURN)
            if fits:
                self.does(self.world.presses_action(who, write_action(Action(verb=verb, subject=each.report_id or 0))))
                if verb in (Verb.RETURN, Verb.REFUSE):
                    self.does(self.world.says(who, "chưa đủ căn cứ"))

    @rule()
    def the_bot_is_restarted(self) -> None:
        self.world.restart()
        self.does(self.world.works())

    @rule(due=st.sampled_from(DUES), weekly=st.booleans())
    def the_plan_is_edited(self, due: str, weekly: bool) -> None:
        self.world.applies_plan(plan(due=due, weekly=weekly))
        self.does(self.world.works())

    @rule(who=st.sampled_from([*FOCALS, "ha"]))
    def somebody_loses_their_rights_and_gets_them_back(self, who: str) -> None:
        def revoke(tx: Tx) -> None:
            person = people.by_chat(tx, channel=CHANNEL, user_id=who)
            if person is not None:
                people.revoke(tx, person_id=person.id, now=self.world.clock.now())

        self.world.store.write(revoke)
        self.does(self.world.works())
        unit, role = (FOCALS[who], "focal") if who in FOCALS else ("snv", "office")
        self.does(self.world.joins_once_more(who, unit=unit, role=role))

    @invariant()
    def every_promise_holds(self) -> None:
        if self.stood is not None:
            stood = self.stood
            found = self.world.store.read(lambda tx: breaches(tx, self.world, stood, self.latest))
            assert not found, "\n".join(found)

    def moves(self, by: timedelta) -> None:
        self.world.clock.set(self.world.clock.now() + by)
        self.latest = max(self.latest, self.world.clock.now())

    def does(self, work: Awaitable[T]) -> T:
        self.stood = before(self.world)
        return self.loop.run_until_complete(work)


def test_whatever_happens_every_promise_holds(_migrated_sqlite: Path) -> None:  # noqa: PT019  (what it gives is copied)
    AnythingMayHappen.template = _migrated_sqlite
    run_state_machine_as_test(
        AnythingMayHappen,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=os.environ.get("CI") == "true",
            suppress_health_check=list(HealthCheck),
        ),
    )
