"""Why something was sent or was not is told in plain sentences, to each about what they may know."""

from collections.abc import Callable

import pytest

from bot.conversation.fates import explain, explained_rows
from bot.store.outbox import State
from bot.store.tables import outbox
from tests.world import World

TASKS = """
  - id: R1
    title: Rà soát thủ tục hành chính
    owners: [hoian, tamky]
    due: 2022-10-10
    result: {kind: done}
  - id: R18
    title: Công khai tiến độ giải quyết hồ sơ
    owners: [tamky]
    due: 2022-10-12
    result: {kind: done}
    pause: {until: 2022-10-06, reason: chờ hướng dẫn}
"""


@pytest.fixture
async def world(begin: Callable[..., World]) -> World:
    """Everybody has joined on Monday 3/10/2022, a week before the due."""
    world = begin("2022-10-03 07:00", tasks=TASKS)
    await world.joins("lan", unit="tamky", role="focal")
    await world.joins("minh", unit="tamky", role="head")
    await world.joins("van", unit="snv", role="office")
    await world.works()
    return world


async def asks(world: World, who: str, text: str) -> str:
    """Return what the bot answers."""
    await world.says(who, text)
    return world.hears(who).whole


async def forget(world: World) -> None:
    """Leave aside what everybody was sent so far."""
    for who in ("lan", "minh", "van"):
        for message in world._unread(who):
            world._read[who] = world._positions[message.id]


async def test_what_was_sent_is_told_with_its_hour_and_what_comes_next(world: World) -> None:
    await world.until("2022-10-03 09:00")
    world.hears("lan", "R1")

    said = await asks(world, "lan", "/giaithich r1")

    assert said.startswith("Giải thích R1: Rà soát thủ tục hành chính\n")
    assert "UBND thành phố Tam Kỳ, hạn 10/10/2022:" in said
    assert "- 03/10 08:00 đã gửi cho đầu mối lúc 08:00 qua local (nhắc trước hạn 7 ngày)" in said
    assert "- sắp tới: 07/10 08:00 nhắc trước hạn 3 ngày" in said
    assert "Hội An" not in said


async def test_a_step_that_was_kept_quiet_names_the_day_of_the_report(world: World) -> None:
    await world.until("2022-10-06 09:00")
    await forget(world)
    await world.says("lan", "R1 1")
    await world.until("2022-10-07 09:00")
    await forget(world)

    said = await asks(world, "lan", "/giaithich R1")

    assert "- 07/10 08:00 không nhắc: đã báo cáo ngày 06/10 (nhắc trước hạn 3 ngày)" in said
    assert "- sắp tới: không nhắc, vì đã báo cáo ngày 06/10" in said


async def test_a_pause_is_named_with_its_last_day(world: World) -> None:
    await world.until("2022-10-05 09:00")
    await forget(world)

    said = await asks(world, "lan", "/giaithich R18")

    assert "- 05/10 08:00 không nhắc: tạm dừng đến hết ngày 06/10 (nhắc trước hạn 7 ngày)" in said
    assert "- sắp tới: 07/10 08:00 nhắc trước hạn 3 ngày (chuyển từ 09/10 là ngày nghỉ)" in said


async def test_a_step_moved_by_a_day_off_and_one_that_covers_another_are_explained(world: World) -> None:
    world.is_off_until("2022-10-11 08:30")
    await world.until("2022-10-11 09:00")
    await forget(world)

    said = await asks(world, "lan", "/giaithich R1")

    older = "nhắc trước hạn 7 ngày; đến lượt từ 03/10 08:00"
    assert f"- 11/10 08:30 không nhắc riêng: đã có bước mới hơn, nhắc quá hạn 1 ngày ({older})" in said
    assert "- 11/10 08:30 đã gửi cho đầu mối lúc 08:30 qua local (nhắc quá hạn 1 ngày)" in said
    moved = "nhắc trước hạn 1 ngày; chuyển từ 09/10 là ngày nghỉ; đến lượt từ 07/10 08:00"
    assert f"({moved})" in said


async def test_nobody_to_tell_and_somebody_told_instead_are_said(world: World) -> None:
    world.store.write(lambda tx: tx.exec_driver_sql("UPDATE contact SET gone_at = '2022-10-03' WHERE chat_id = 'lan'"))
    await world.until("2022-10-03 09:00")
    await forget(world)

    said = await asks(world, "van", "/giaithich R1")

    assert "cho lãnh đạo đơn vị (thay đầu mối không liên hệ được) lúc 08:00" in said
    assert "không nhắc: không có người liên hệ được (nhắc trước hạn 7 ngày)" in said
    assert "UBND thành phố Hội An, hạn 10/10/2022:" in said


async def test_a_doubt_a_failure_and_a_wait_are_said(world: World) -> None:
    await world.until("2022-10-03 09:00")
    await forget(world)
    for state, reason, words in (
        (State.IN_DOUBT, "in_doubt", "tin cho đầu mối qua local – chưa rõ đã đến hay chưa (kênh không trả lời)"),
        (State.FAILED, "chat_gone", "tin cho đầu mối qua local – không gửi được (người nhận đã chặn hoặc rời bot)"),
        (State.WAITING, "", "tin cho đầu mối qua local – đang chờ gửi"),
    ):
        row = outbox.c.key.like("remind:%")
        world.store.write(
            lambda tx, row=row, to=state, why=reason: tx.execute(
                outbox.update().where(row).values(state=to, reason=why, message_id="")
            )
        )
        assert words in await asks(world, "minh", "/giaithich R1")
    world.store.write(lambda tx: tx.execute(outbox.delete().where(outbox.c.state == State.WAITING)))


@pytest.mark.parametrize(
    ("who", "text", "answer"),
    [
        pytest.param("lan", "/giaithich", "Nhắn mã nhiệm vụ sau lệnh", id="no task"),
        pytest.param(
            "lan", "/giaithich R81", "Không có nhiệm vụ «R81» trong danh mục. Mã gần nhất: R1, R18.", id="slip"
        ),
        pytest.param("lan", "/giaithich R1 hoian", "chỉ xem được việc của đơn vị mình", id="another's unit"),
        pytest.param("minh", "/giaithich R1 Hội An", "chỉ xem được việc của đơn vị mình", id="another's, by name"),
        pytest.param("lan", "/giaithich R1 tam kỳ", "hạn 10/10/2022", id="their own by its short name"),
        pytest.param("van", "/giaithich R1 xyz", "Không có đơn vị «xyz»", id="no such unit"),
        pytest.param("van", "/giaithich R18 hoian", "không được giao R18", id="a unit that does not owe it"),
        pytest.param("van", "/giaithich R18 tamky", "hạn 12/10/2022", id="the office sees any"),
        pytest.param("van", "/giaithich R1", "2 đơn vị, hạn 10/10/2022", id="the office sees all together"),
    ],
)
async def test_each_is_told_what_they_may_know(world: World, who: str, text: str, answer: str) -> None:
    assert answer in await asks(world, who, text)


async def test_a_stranger_is_told_nothing(world: World) -> None:
    world.knows("la")
    said = await asks(world, "la", "/giaithich R1")

    assert "R1" not in said


async def test_a_long_ledger_is_cut_with_a_count(world: World) -> None:
    await world.until("2022-11-25 09:00")
    await forget(world)

    said = await asks(world, "lan", "/giaithich R1")

    lines = [line for line in said.splitlines() if line.startswith("- ") and "sắp tới" not in line]
    assert len(lines) == 12
    assert "dòng trước đó." in said


async def test_the_rows_of_the_command_name_roles_and_no_person(world: World) -> None:
    await world.until("2022-10-03 09:00")
    await forget(world)

    found = world.store.read(
        lambda tx: explain(
            tx,
            plan=world.house.plan,
            calendar=world.house._desk().calendar,
            task="R1",
            unit="tamky",
            now=world.clock.now(),
        )
    )
    told, ahead = explained_rows("vi", found)

    assert told[3] == "-7d"
    assert told[6:10] == ("sent", "", "focal", "local")
    assert (ahead[3], ahead[6]) == ("-3d", "upcoming")
    assert "lan" not in str([told, ahead])
    assert str(told[-1]).startswith("03/10 08:00 đã gửi cho đầu mối")


async def test_english_is_spoken_to_whoever_asked_for_it(world: World) -> None:
    await world.says("lan", "/ngonngu en")
    world.hears("lan")
    await world.until("2022-10-03 09:00")
    world.hears("lan")

    said = await asks(world, "lan", "/giaithich R1")

    assert "- 03/10 08:00 sent to the focal point at 08:00 through local (reminder 7 days before the due date)" in said
    assert "- next: 07/10 08:00 reminder 3 days before the due date" in said
