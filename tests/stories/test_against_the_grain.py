"""What nobody means to happen: an hour too late, a file without a home, a word in the wrong place, a right taken away."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.channels.local import CHANNEL
from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.ports import MayGo, Out, SendError, Sent, always
from bot.store import Tx, contacts, people, reports
from bot.store.reports import Report
from bot.store.tables import evidence
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""

TWO = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại
    owners: [snv]
    due: 07/10/2022
    result: {kind: document}
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [snv]
    due: 07/10/2022
"""

MONTHLY = """
  - id: R16
    title: Ban hành văn bản xin lỗi
    owners: [snv]
    due: {every: month, day: 25}
    result: {kind: count, label: số văn bản}
"""

TO_FOCAL = "nhắn số từ 1 đến 5"


class DeadLine:
    """The page's channel behind a line that is dead while `is_dead`."""

    def __init__(self, world: World) -> None:
        self._inner = world.house.local
        self.is_dead = True
        self.caps = self._inner.caps
        channels = world.house.channels
        assert isinstance(channels, dict)
        channels[CHANNEL] = self

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        if self.is_dead:
            raise SendError(Failure.UNREACHABLE, "no line")
        return await self._inner.send(chat_id, out, may_go=may_go)


def stored(world: World) -> tuple[Report, ...]:
    return world.store.read(reports.history)


def proofs(world: World) -> list[tuple[int, str]]:
    chosen = select(evidence.c.report_id, evidence.c.name).order_by(evidence.c.id)
    return [(row.report_id, row.name) for row in world.store.read(lambda tx: tx.execute(chosen).all())]


def on_disk(world: World) -> int:
    return len(list((world.root / "data").glob("evidence/*")))


def revoke(world: World, unit: str) -> None:
    """Take the rights of a unit's first focal point away."""

    def work(tx: Tx) -> None:
        people.revoke(tx, person_id=contacts.addressees(tx, Role.FOCAL)[unit][0].person_id, now=world.clock.now())

    world.store.write(work)


async def staffed(begin: Callable[..., World], tasks: str, *, moment: str = "2022-09-29 08:00") -> World:
    """Return a world with a focal point and somebody of the office, before any reminder."""
    world = begin(moment, tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("ha", unit="snv", role="office")
    return world


async def test_a_reminder_that_could_not_leave_by_day_does_not_leave_by_night(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    line = DeadLine(world)
    await world.until("2022-09-30 17:00")
    line.is_dead = False

    await world.until("2022-09-30 19:59")

    world.nobody_hears_more()


async def test_a_decision_that_could_not_leave_on_friday_is_told_on_monday_morning(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE, moment="2022-09-29 16:00")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")
    await world.says("lan", "1")
    world.hears("lan", "Đã ghi nhận")
    await world.until("2022-09-30 16:50")
    notice = world.hears("ha", "R5")
    line = DeadLine(world)
    await world.presses(notice, "Xác nhận")
    await world.until("2022-09-30 17:10")
    line.is_dead = False

    await world.until("2022-10-02 23:00")
    world.nobody_hears_more()  # the answer to who pressed was worth a minute
    await world.until("2022-10-03 08:00")

    world.hears("lan", "R5")


async def test_a_policy_that_reminds_in_the_evening_reminds_on_the_next_morning(begin: Callable[..., World]) -> None:
    late = "\npolicies:\n  toi: {remind: [-7d], overdue: [+1d], at: '18:00'}\n"
    world = begin("2022-09-29 08:00", tasks=ONE.rstrip() + "\n    policy: toi\n" + late)
    await world.joins("lan", unit="snv", role="focal")

    await world.until("2022-10-03 10:00")

    world.hears("lan", "R5")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("3456/UBND-KSTT", "Đã ghi nhận", id="a document's number"),
        pytest.param("R3 dang xem xet", "R3", id="a task and some words"),
    ],
)
async def test_what_has_the_letters_of_a_code_is_still_an_answer(
    begin: Callable[..., World], words: str, said: str
) -> None:
    world = await staffed(begin, TWO)
    await world.until("2022-09-30 08:00")
    bundle = world.hears("lan", "R3", "R8")
    await world.presses(bundle, "R3 Đã xong")
    world.hears("lan", "số, ngày văn bản")

    await world.says("lan", words)

    answer = world.hears("lan", said)
    assert "Mã" not in answer.whole


async def test_a_file_is_not_filed_under_another_task_while_figures_are_asked_for(begin: Callable[..., World]) -> None:
    world = await staffed(begin, TWO)
    await world.until("2022-09-30 08:00")
    bundle = world.hears("lan", "R3", "R8")
    await world.says("lan", "R8 2")
    world.hears("lan", "Đã ghi nhận", "R8")
    await world.presses(bundle, "R3 Đã xong")
    world.hears("lan", "số, ngày văn bản")

    await world.sends_file("lan", "bao-cao-R3.pdf", b"%PDF")

    world.hears("lan", "Chưa rõ tệp này")
    assert proofs(world) == []


async def test_a_file_named_by_its_task_does_not_go_to_last_months_report(begin: Callable[..., World]) -> None:
    world = await staffed(begin, MONTHLY, moment="2022-09-22 07:30")
    await world.until("2022-09-22 08:00")
    world.hears("lan", "R16")
    await world.says("lan", "R16 không phát sinh")
    world.hears("lan", "Đã ghi nhận")
    await world.works()
    notice = world.hears("ha", "R16")
    await world.presses(notice, "Xác nhận")
    world.hears("ha", "R16")
    world.hears("lan", "R16")
    await world.until("2022-10-18 08:00")
    world.hears("lan", "R16")

    await world.sends_file("lan", "thang-10.pdf", b"%PDF", caption="R16")

    world.hears("lan", "Chưa rõ tệp này")
    assert proofs(world) == []


async def test_a_file_for_a_report_that_was_corrected_proves_the_correction(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    await world.joins("hai", unit="snv", role="head")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")
    await world.says("lan", "2")
    old = world.hears("lan", "Đã ghi nhận")
    await world.says("hai", "R5 xong")
    world.hears("hai", "Đã ghi nhận")
    await world.works()
    world.hears("ha", "R5")

    await world.presses(old, "Gửi minh chứng")
    world.hears("lan", "minh chứng")
    await world.sends_file("lan", "bao-cao.pdf", b"%PDF")

    world.hears("lan", "Đã nhận tệp", "bao-cao.pdf")
    assert proofs(world) == [(stored(world)[-1].id, "bao-cao.pdf")]


async def test_a_reason_that_begins_with_the_tasks_code_is_a_reason(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")
    await world.says("lan", "1")
    world.hears("lan", "Đã ghi nhận")
    await world.works()
    notice = world.hears("ha", "R5")
    await world.presses(notice, "Trả lại")
    world.hears("ha", "lý do")

    await world.says("ha", "R5 thiếu danh sách ký cam kết")

    world.hears("ha", "trả lại")
    world.hears("lan", "thiếu danh sách ký cam kết")
    assert [str(each.verdict) for each in stored(world)] == ["return"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"chat_id": "la", "user_id": "la"}, id="a stranger's"),
        pytest.param({"chat_id": "ha", "user_id": "ha"}, id="one's who reports nothing"),
    ],
)
async def test_a_file_that_can_prove_nothing_is_not_kept(begin: Callable[..., World], raw: dict[str, str]) -> None:
    world = await staffed(begin, ONE)
    world.knows("la")

    await world.sends_file(raw["chat_id"], "virus.pdf", b"%PDF")

    world.hears(raw["chat_id"], "")
    assert on_disk(world) == 0


async def test_who_lost_their_rights_is_sent_nothing_that_still_waited(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    line = DeadLine(world)
    await world.until("2022-09-30 08:00")

    revoke(world, "snv")
    line.is_dead = False

    await world.until("2022-09-30 10:00")

    world.nobody_hears_more()


async def test_who_lost_their_rights_reads_and_downloads_nothing_of_before(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")
    await world.says("lan", "2")
    world.hears("lan", "Đã ghi nhận")
    await world.sends_file("lan", "bao-cao.pdf", b"%PDF")
    world.hears("lan", "Đã nhận tệp")
    upload = next(entry for entry in await world.house.host.transcript("lan", limit=50) if entry.file)
    await world.until("2022-09-30 09:00")

    revoke(world, "snv")
    await world.says("lan", "xin chào")
    world.hears("lan", "")

    words = " ".join(entry.heading + entry.text for entry in await world.house.host.transcript("lan", limit=50))
    assert "R5" not in words
    assert "xin chào" in words
    assert await world.house.host.file("lan", upload.id) is None


async def test_people_of_a_network_that_is_off_keep_nobody_else_waiting(begin: Callable[..., World]) -> None:
    world = await staffed(begin, ONE)
    world.store.write(
        lambda tx: people.join(
            tx, channel="telegram", user_id="12", name="Vân", unit="snv", role=Role.FOCAL, now=world.clock.now()
        )
    )

    await world.until("2022-09-30 08:00")

    world.hears("lan", "R5", TO_FOCAL)
