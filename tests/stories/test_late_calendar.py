"""On 25 December 2025 the 2nd of January becomes a day off, eight days ahead: only what was not sent yet moves."""

from collections.abc import Callable
from datetime import date

from bot.app.catalogues import texts_to_store
from bot.catalogue import Catalogue, load_catalogue, read_texts
from bot.domain.calendar import LOCAL, local_day
from bot.domain.effects import Effects, Rule
from bot.jobs.apply import apply
from bot.jobs.foresee import effects_of
from bot.store import Tx, exports
from bot.store import occurrences as stored
from bot.texts.changes import effects_text
from tests.world import Message, World, local, small_plan

SOURCE = "12729/VPCP-KGVX ngày 25/12/2025"
OFF = f'  - {{date: 2026-01-02, name: "Nghỉ hoán đổi, làm bù 10/01/2026", source: {SOURCE}}}\n'
WORKED = f"  - {{date: 2026-01-10, name: Làm bù ngày 02/01/2026, source: {SOURCE}}}\n"
TASKS = """
  - id: R1
    title: Công khai tiến độ giải quyết hồ sơ
    owners: [snv]
    due: 05/01/2026
    result: {kind: done}
  - id: R2
    title: Rà soát thủ tục hành chính
    owners: [snv]
    due: 11/01/2026
    result: {kind: done}
  - id: R3
    title: Báo cáo tổng kết năm
    owners: [snv]
    due: 02/01/2026
    result: {kind: done}
"""


def plan(roll: str) -> str:
    """Return the plan of the turn of the year with its rule for dues on days off."""
    head = small_plan(starts="2025-12-01", ends="2026-06-30")
    return head.replace("  office: snv\n", f"  office: snv\n  roll: {roll}\n") + TASKS


def calendar_of(world: World) -> str:
    return (world.root / "config" / "calendar.yaml").read_text(encoding="utf-8")


def announce(world: World, text: str) -> Effects:
    """Apply a calendar file, as `nhacviec apply` does, and return what was foreseen of it."""
    old = load_catalogue(world.root)
    (world.root / "config" / "calendar.yaml").write_text(text, encoding="utf-8")
    new, texts = load_catalogue(world.root), texts_to_store(read_texts(world.root))
    now, caps = world.clock.now(), {"local": world.house.local.caps}

    def put(tx: Tx) -> Effects:
        effects = effects_of(tx, old=old, new=new, now=now)
        apply(tx, old=old, new=new, texts=texts, who="son", cause="command", effects=effects, caps=caps, now=now)
        return effects

    return world.store.write(put)


async def before(begin: Callable[..., World], moment: str, *, roll: str = "none") -> tuple[World, str]:
    """Return a bot whose calendar does not know of the swap yet, and the text of the one that does."""
    world = begin("2025-12-22 06:00", plan=plan(roll))
    known = calendar_of(world)
    assert OFF in known
    assert WORKED in known
    announce(world, known.replace(OFF, "").replace(WORKED, ""))
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("hai", unit="snv", role="head")
    await world.until(moment)
    return world, known


def overheard(world: World, who: str) -> list[str]:
    """Return the local day and hour of every message that somebody was sent and has not read, with what it is about."""
    heard: list[Message] = [world.hears(who) for _ in world._unread(who)]
    return [f"{each.at.astimezone(LOCAL):%d/%m %H:%M}" for each in heard]


def fates(world: World) -> list[tuple[object, ...]]:
    """Return the ledger: task, step, when it was planned, and what became of it."""
    running: Catalogue = load_catalogue(world.root)
    header, rows = world.store.read(lambda tx: exports.EXPORTS["ledger"](tx, running.plan, world.clock.now()))
    columns = [header.index(name) for name in ("task", "step", "due", "planned", "fate", "person")]
    return [tuple(row[column] for column in columns) for row in rows]


def next_steps(world: World) -> dict[str, str]:
    """Return when the next step of each task comes."""

    def read(tx: Tx) -> dict[str, str]:
        found = {}
        for task in ("R1", "R2", "R3"):
            ((_, due),) = stored.dues(tx, task).items()
            found[task] = f"{local_day(due.due_at):%d/%m}"
        return found

    return world.store.read(read)


async def test_what_is_not_sent_yet_leaves_before_the_new_day_off(begin: Callable[..., World]) -> None:
    world, known = await before(begin, "2025-12-29 12:00")
    told = fates(world)
    assert overheard(world, "lan") == [
        "26/12 08:00",
        "29/12 08:00",
    ]  # a week before R3 of 02/01, and before R1 of 05/01

    foreseen = announce(world, known)
    await world.works()

    # R3 loses the reminder of its own day; no due moves, nobody hears anything now, nothing is said again.
    assert foreseen.rules == (Rule.DAYS,)
    assert (foreseen.touched, foreseen.moved.count, foreseen.cancelled, foreseen.repeated) == (1, 0, 1, 0)
    assert (foreseen.sent, foreseen.messages, foreseen.letters) == (0, 0, 0)
    assert "Nhắc việc: không gửi nữa 1 lượt" in effects_text("vi", foreseen, unit_name=str)
    assert fates(world) == told  # what was sent keeps its fate
    world.nobody_hears_more()  # nobody is told twice, and no due moved
    await world.until("2026-01-12 17:00")
    assert overheard(world, "lan") == [
        "30/12 08:00",  # three days before R3
        "31/12 08:00",  # one day before R3, whose day is off; three before R1, and before R2 the week
        "05/01 08:00",  # the Monday after: R3 is late, R1 has its day
        "06/01 08:00",
        "08/01 08:00",
        "09/01 08:00",
        "10/01 08:00",  # the Saturday that is worked: the day before R2
        "12/01 08:00",
    ]
    assert len(fates(world)) == len(set(fates(world)))
    overheard(world, "hai")


async def test_without_the_announcement_the_friday_is_a_day_of_reminders(begin: Callable[..., World]) -> None:
    world, _ = await before(begin, "2025-12-29 12:00")
    overheard(world, "lan")

    await world.until("2026-01-05 07:00")

    assert overheard(world, "lan") == ["30/12 08:00", "31/12 08:00", "02/01 08:00"]
    overheard(world, "hai")


async def test_nobody_is_told_again_what_had_its_turn(begin: Callable[..., World]) -> None:
    world, known = await before(begin, "2025-12-31 12:00")
    told = fates(world)
    overheard(world, "lan")

    announce(world, known)  # the last reminder of R3, planned for its own day, now falls on a morning that is over
    await world.until("2026-01-04 23:00")

    assert set(told) <= set(fates(world))
    once = [(task, step, due, person) for task, step, due, _, fate, person in fates(world) if fate != "superseded"]
    assert len(once) == len(set(once))
    heard = overheard(world, "lan")
    assert len(heard) <= 1  # at most what the new calendar has planned for before the day off
    await world.until("2026-01-05 09:00")
    assert overheard(world, "lan") == ["05/01 08:00"]
    overheard(world, "hai")


async def test_where_dues_roll_the_people_hear_of_the_moved_one_once(begin: Callable[..., World]) -> None:
    world, known = await before(begin, "2025-12-25 16:00", roll="next")
    overheard(world, "lan")
    assert next_steps(world) == {"R1": "05/01", "R2": "12/01", "R3": "02/01"}

    foreseen = announce(world, known)
    await world.works()

    assert (foreseen.moved.count, foreseen.messages, foreseen.letters) == (1, 1, 1)
    assert "R3: 02/01/2026 → 05/01/2026" in effects_text("vi", foreseen, unit_name=str)
    assert next_steps(world) == {"R1": "05/01", "R2": "12/01", "R3": "05/01"}
    world.hears("lan", "R3", "02/01/2026", "05/01/2026")
    world.nobody_hears_more()
    announce(world, known + "# đã ghi sổ công văn đến\n")  # a comment is no edit
    await world.works()
    world.nobody_hears_more()
    await world.until("2025-12-29 09:00")
    assert overheard(world, "lan") == ["29/12 08:00"]  # R1 and R3 in one message: both a week ahead


async def test_what_was_reported_stays_reported(begin: Callable[..., World]) -> None:
    world, known = await before(begin, "2025-12-30 09:00", roll="next")
    overheard(world, "lan")
    await world.says("lan", "R3 1")
    world.hears("lan", "Đã ghi nhận")

    announce(world, known)
    await world.until("2026-01-04 09:00")

    assert not any("02/01" in each for each in overheard(world, "lan"))
    await world.says("lan", "/nhiemvu")
    world.hears("lan", "R3: Báo cáo tổng kết năm; hạn 05/01/2026. Chờ xác nhận")


def test_the_announcement_came_eight_days_ahead() -> None:
    assert (date(2026, 1, 2) - date(2025, 12, 25)).days == 8
    assert local("2026-01-02 00:00").weekday() == 4
