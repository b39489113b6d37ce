"""Two networks, one of which falls: who has a chat on both is reached on the other, the rest are called, nobody gets it twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app.catalogues import Catalogues, start
from bot.app.home import Home
from bot.app.house import House
from bot.app.opening import open_store
from bot.channels.local import LocalChannel
from bot.domain.calendar import Calendar
from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.jobs.call_sheet import call_sheet
from bot.ports import MayGo, Out, SendError, Sent, always
from bot.settings import load_settings
from bot.store import Tx, invites, ledger, people
from tests.fakes.channel import CAPS, FakeChannel
from tests.world import SMALL_PLAN, World, local

MINUTE = timedelta(minutes=1)
UNITS = ("snv", "stc", "tamky", "hoian", "sxd", "stttt")
TASKS = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv, stc, tamky, hoian, sxd, stttt]
    due: 07/10/2022
"""


@dataclass
class Line(FakeChannel):
    """A network that can go dark as a whole."""

    is_dark: bool = False

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        if self.is_dark:
            raise SendError(Failure.UNREACHABLE, "no connection")
        return await super().send(chat_id, out, may_go=may_go)

    async def reach(self, chat_id: str) -> None:
        if self.is_dark:
            raise SendError(Failure.UNREACHABLE, "no connection")
        await super().reach(chat_id)


@dataclass
class TwoLines(World):
    """A world with two networks and no page: people speak on the first unless their chat is named as on the second."""

    first: Line = field(default_factory=Line)
    second: Line = field(default_factory=lambda: Line(caps=replace(CAPS, name="second")))

    def open(self) -> None:
        home = Home(self.root)
        self.settings = load_settings(self.root, {"BOT_OFFICE__GATHER_MINUTES": "0"})
        self.store = open_store(home, self.settings)
        self.house = House(
            home=home,
            settings=self.settings,
            clock=self.clock,
            store=self.store,
            catalogues=Catalogues(self.store, start(home, self.store, now=self.clock.now())),
            channels={"fake": self.first, "second": self.second},
            local=LocalChannel(home.spool),
        )

    async def links(self, who: str, second: str) -> None:
        """Let somebody type, on the second network, the code that was made for them."""
        code = invites.new_code()

        def invite(tx: Tx) -> None:
            person = people.by_chat(tx, channel="fake", user_id=who)
            assert person is not None
            held = person.memberships[0]
            now = self.clock.now()
            gives = {"unit": held.unit, "name": "", "for_person": person.id}
            invites.create(tx, code=code, role=held.role, now=now, days=7, **gives)

        self.store.write(invite)
        self._people.append(second)
        await self.says(second, code)
        self.hears(second, "Đã liên kết", "Đã liên kết thêm kênh này")

    async def until(self, moment: str) -> None:
        """Let time pass, the bot looking around every minute: while a network is dark there is always something to try."""
        while self.clock.now() < local(moment):
            await super().until(f"{min(self.clock.now() + MINUTE, local(moment)):%Y-%m-%d %H:%M:%S}")

    async def _hear(self, who: str, raw: dict[str, object]) -> None:
        whole = {"chat_id": who, "user_id": who, "user_name": who, **raw}
        channel = "second" if who.endswith("@2") else "fake"
        await self.house.hearer.sink(channel)(f"{who}:{next(self._ids)}", whole)
        await self._settle()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TwoLines]:
    """People of six units, on Tuesday the 4th of October 2022: the four last have the first network only."""
    found = TwoLines(folder=tmp_path, start=local("2022-10-04 07:31"), plan=SMALL_PLAN + TASKS)
    yield found
    found.nobody_hears_more()
    found.close()


async def people_join(world: TwoLines, *, with_second: int = 2) -> None:
    for unit in UNITS:
        await world.joins(unit, unit=unit, role="focal")
    for unit in UNITS[:with_second]:
        await world.links(unit, f"{unit}@2")


async def test_the_first_linked_chat_is_the_first_choice_and_both_may_report(world: TwoLines) -> None:
    await people_join(world)
    await world.until("2022-10-04 08:01")
    for unit in UNITS:
        world.hears(unit, "R5")
    assert world.second.texts("snv@2")[1:] == []

    await world.says("snv@2", "R5 đang làm")

    world.hears("snv@2", "Đã ghi nhận", "Đang thực hiện")
    listed = world.store.read(people.listed)
    assert {each.unit: each.channels for each in listed}["snv"] == ("fake", "second")


async def test_when_a_network_goes_dark_everybody_is_reached_on_the_other_or_called_and_nobody_twice(
    world: TwoLines,
) -> None:
    await people_join(world)
    await world.joins("quan", unit="vpubnd", role="admin")
    await world.joins("ha", unit="snv", role="office")
    for who in ("quan", "ha"):
        await world.links(who, f"{who}@2")
    await world.until("2022-10-04 07:59")
    world.first.is_dark = True

    await world.until("2022-10-04 09:00")

    # «snv» has both: the same bundle came by the second network, once. Who has none but the dark one is on the sheet.
    for unit in ("snv", "stc"):
        world.hears(f"{unit}@2", "R5", "còn 3 ngày")
    told = [world.hears("quan@2", "Kênh fake không gửi được")]
    told.append(world.hears("quan@2", "phải báo bằng điện thoại", "nhacviec callsheet"))
    assert "Có 4 nhiệm vụ" in told[1].whole
    assert "Có 4 nhiệm vụ" in world.hears("ha@2", "phải báo bằng điện thoại").whole
    assert called(world) == [(world.house.plan.unit_name(unit), unit) for unit in by_name(world, UNITS[2:])]

    world.first.is_dark = False
    await world.until("2022-10-04 10:00")

    for unit in UNITS[2:]:  # what still waited arrives late, once
        world.hears(unit, "R5")
    assert called(world) == []
    steps = [line for line in world.store.read(ledger.lines) if line.unit in UNITS and line.step == "-3d"]
    assert sorted((line.unit, line.fate) for line in steps) == sorted((unit, "sent") for unit in UNITS)


async def test_an_answer_by_number_is_understood_in_the_chat_the_reminder_was_moved_to(world: TwoLines) -> None:
    await people_join(world)
    await world.until("2022-10-04 07:59")
    world.first.is_dark = True
    await world.until("2022-10-04 08:30")
    for unit in ("snv", "stc"):
        world.hears(f"{unit}@2", "R5")

    await world.says("snv@2", "2")

    world.hears("snv@2", "Đã ghi nhận", "Đang thực hiện")
    world.first.is_dark = False
    await world.until("2022-10-04 10:00")
    for unit in UNITS[2:]:
        world.hears(unit, "R5")


async def test_two_dark_networks_move_nothing_to_each_other(world: TwoLines) -> None:
    await people_join(world, with_second=6)
    await world.until("2022-10-04 07:59")
    world.first.is_dark = world.second.is_dark = True

    await world.until("2022-10-04 09:00")
    world.first.is_dark = world.second.is_dark = False
    await world.until("2022-10-04 09:30")

    heard = [world.first.texts(unit)[1:] + world.second.texts(f"{unit}@2")[1:] for unit in UNITS]
    assert [len(texts) for texts in heard] == [1] * len(UNITS)
    for unit in UNITS:
        world.hears(unit if world.first.texts(unit)[1:] else f"{unit}@2", "R5")


async def test_a_code_made_for_somebody_is_worth_nothing_to_another(world: TwoLines) -> None:
    await people_join(world, with_second=0)
    code = invites.new_code()

    def invite(tx: Tx) -> int:
        person = people.by_chat(tx, channel="fake", user_id="snv")
        assert person is not None
        now = world.clock.now()
        invites.create(tx, code=code, unit="snv", role=Role.FOCAL, name="", now=now, days=7, for_person=person.id)
        return person.id

    person_id = world.store.write(invite)
    await world.says("stc", code)
    world.hears("stc", "đã liên kết với người khác")

    world.knows("snv@2")
    await world.says("snv@2", code)  # it is still good where it was meant for

    world.hears("snv@2", "Đã liên kết thêm kênh này")
    found = world.store.read(lambda tx: people.by_chat(tx, channel="second", user_id="snv@2"))
    assert found is not None
    assert found.id == person_id


def called(world: TwoLines) -> list[tuple[str, str]]:
    calls = world.store.read(
        lambda tx: call_sheet(
            tx,
            plan=world.house.plan,
            calendar=Calendar(),
            channels=["fake", "second"],
            now=world.clock.now(),
        )
    )
    return [(call.unit, call.name) for call in calls if call.name]


def by_name(world: TwoLines, units: tuple[str, ...]) -> list[str]:
    return sorted(units, key=world.house.plan.unit_name)
