"""Who is away is left in peace, and somebody else is asked: the deputy, the others, the head; nobody is forgotten."""

from collections.abc import Callable

from bot.store import absences
from tests.world import World, small_plan

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
TET = (
    small_plan(ends="2023-03-31")
    + """
  - id: R6
    title: Rà soát thủ tục hành chính
    owners: [snv]
    due: 27/01/2023
"""
)


async def two_and_a_head(begin: Callable[..., World], moment: str = "2022-09-29 09:00") -> World:
    world = begin(moment, tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("hai", unit="snv", role="head")
    return world


async def test_the_deputy_is_asked_over_the_span_and_the_absent_person_again_after_it(
    begin: Callable[..., World],
) -> None:
    world = await two_and_a_head(begin)
    await world.joins("minh", unit="snv", role="head")
    await world.until("2022-09-30 17:00")
    world.hears("lan", "R5", "còn 7 ngày")

    await world.says("lan", "/vang 3/10-10/10 thay: minh")  # Monday to Monday, a weekend within
    world.hears("lan", "vắng 03/10–10/10/2022, người thay: minh", "hệ thống hỏi minh")
    await world.until("2022-10-03 07:30")
    world.hears("minh", "lan (Sở Nội vụ)", "đề nghị Anh/Chị thay")
    await world.until("2022-10-10 17:00")

    for left in ("còn 3 ngày", "đến hạn ngày mai", "đến hạn hôm nay", "quá hạn 3 ngày"):
        told = world.hears("minh", "R5", left)
    assert "ngày 12/10 hệ thống sẽ báo lãnh đạo đơn vị" in told.whole  # a deputy of a focal point reads as one
    await world.until("2022-10-14 17:00")
    for head in ("hai", "minh"):
        world.hears(head, "Kính báo cáo", "R5")
    world.hears("lan", "quá hạn 7 ngày")


async def test_without_a_deputy_the_other_focal_point_is_asked_and_else_the_head(begin: Callable[..., World]) -> None:
    world = await two_and_a_head(begin)
    await world.joins("hoa", unit="snv", role="focal")

    await world.says("lan", "/vang 30/9-3/10")
    world.hears("lan", "không có người thay", "hệ thống hỏi hoa")
    await world.until("2022-09-30 17:00")
    world.hears("hoa", "còn 7 ngày")
    await world.says("hoa", "/vang 4/10-14/10")
    world.hears("hoa", "hệ thống hỏi lan")
    await world.says("lan", "/vang 4/10-6/10")
    world.hears("lan", "hệ thống hỏi hai")
    await world.until("2022-10-06 17:00")

    for left in ("còn 3 ngày", "đến hạn ngày mai"):
        instead = world.hears("hai", left, "vì đầu mối của đơn vị đang vắng")
    assert "báo lãnh đạo" not in instead.whole
    await world.until("2022-10-07 17:00")
    world.hears("lan", "đến hạn hôm nay")


async def test_who_is_back_early_is_asked_again_and_both_are_told(begin: Callable[..., World]) -> None:
    world = await two_and_a_head(begin)
    await world.says("lan", "/vang 29/9-14/10 thay: chú Tư")
    world.hears("lan", "Không thấy «chú Tư»", "1 hai", "2 Không có người thay")
    await world.says("lan", "1")
    world.hears("lan", "người thay: hai")
    await world.until("2022-09-30 09:00")
    world.hears("hai", "đề nghị Anh/Chị thay")
    world.hears("hai", "R5", "còn 7 ngày")
    await world.says("lan", "/vang")
    world.hears("lan", "Vắng 29/09–14/10/2022, người thay: hai", "/vang xong")

    await world.says("lan", "/vang xong")

    world.hears("lan", "lại nhắn Anh/Chị từ hôm nay")
    await world.until("2022-10-04 17:00")
    world.hears("hai", "lan đã trở lại")
    world.hears("lan", "còn 3 ngày")
    await world.says("lan", "/vang xong")
    world.hears("lan", "hiện không báo vắng")


async def test_where_nobody_is_left_the_admins_hear_of_it_and_the_summary_names_the_unit(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-29 09:00", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.joins("an", unit="snv", role="admin")

    await world.says("lan", "/vang 30/9-6/10")
    world.hears("lan", "đơn vị không còn ai nhận được tin", "chưa liên hệ được")
    await world.until("2022-09-30 17:00")

    world.hears("an", "Sở Nội vụ không còn ai nhận được tin")
    world.reads_week("phuc", 39, "7. Chưa gửi được\n- Sở Nội vụ: R5")
    await world.until("2022-10-07 12:00")
    world.hears("lan", "đến hạn hôm nay")


async def test_an_absence_over_tet_ends_with_its_last_day(begin: Callable[..., World]) -> None:
    world = begin("2023-01-16 09:00", plan=TET)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("hai", unit="snv", role="head")

    await world.says("lan", "/vang mùng 1 tết - mùng 5 tết")
    world.hears("lan", "Chưa đọc được ngày vắng", "theo dương lịch")
    await world.says("lan", "/vang 18/1-26/1 thay: hai")
    world.hears("lan", "vắng 18/01–26/01/2023")
    await world.until("2023-01-26 23:00")

    world.hears("hai", "đề nghị Anh/Chị thay")
    world.hears("hai", "R6")
    await world.until("2023-01-27 17:00")
    world.hears("lan", "đến hạn hôm nay")


async def test_the_question_who_stands_in_outlives_a_restart_and_can_be_left(begin: Callable[..., World]) -> None:
    world = await two_and_a_head(begin)
    await world.says("lan", "/vang 3/10-14/10 thay: Ai Đó")
    world.hears("lan", "Không thấy «Ai Đó»", "1 hai")
    world.restart()
    await world.says("lan", "hủy")
    world.hears("lan", "Đã thôi")
    assert world.store.read(lambda tx: absences.coming(tx, 1, today=world.clock.now().date())) == ()

    await world.says("lan", "/vang 3/10-14/10 thay: Ai Đó")
    world.hears("lan", "Không thấy «Ai Đó»")
    world.restart()
    await world.says("lan", "2")
    world.hears("lan", "không có người thay", "hệ thống hỏi hai")


async def test_only_who_is_asked_tells_of_an_absence(begin: Callable[..., World]) -> None:
    world = begin("2022-09-29 09:00", tasks=ONE)
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.says("phuc", "/vang 3/10-14/10")
    world.hears("phuc", "Chỉ đầu mối và lãnh đạo đơn vị")
