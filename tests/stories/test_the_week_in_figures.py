"""The weekly summary: exact figures, to managers and groups, frozen when published."""

from collections.abc import Callable

from bot.domain.compliance import week_from_json
from bot.jobs.summarise import freeze
from bot.store import summaries
from tests.world import World

THREE = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại
    owners: [snv, stc, tamky, hoian]
    due: 28/09/2022
    result: {kind: document}
  - id: R10
    title: Báo cáo phân tích tiêu chí mất điểm
    owners: [snv, stc]
    due: 05/10/2022
"""


async def test_the_summary_counts_what_was_due_asked_and_answered_by_friday_morning(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-26 07:30", tasks=THREE)
    for who, unit in (("lan", "snv"), ("thu", "stc"), ("minh", "tamky")):  # nobody of Hội An has joined
        await world.joins(who, unit=unit, role="focal")
    await world.joins("ha", unit="snv", role="office")
    await world.joins("phuc", unit="vpubnd", role="manager")

    await world.until("2022-09-26 08:00")
    reminder = world.hears("lan", "R3", "còn 2 ngày")
    world.hears("thu", "R3")
    world.hears("minh", "R3")

    await world.presses(reminder, "Đã hoàn thành")
    world.hears("lan", "số, ngày văn bản")
    await world.says("lan", "1234/KH-SNV ngày 26/9/2022")
    world.hears("lan", "1234/KH-SNV ngày 26/09/2022", "Chờ xác nhận")
    await world.until("2022-09-26 08:30")
    queue = world.hears("ha", "1234/KH-SNV")
    await world.presses(queue, "Xác nhận")
    world.hears("ha", "hoàn thành đúng hạn")
    world.hears("lan", "hoàn thành đúng hạn")

    await world.until("2022-09-27 09:00")
    for who in ("thu", "minh"):
        world.hears(who, "đến hạn ngày mai")
    await world.says("thu", "R3 vướng: chưa có hướng dẫn của Bộ")
    world.hears("thu", "Vướng mắc")

    await world.until("2022-09-29 17:00")
    world.hears("thu", "đến hạn hôm nay", "R10")
    world.hears("minh", "đến hạn hôm nay")
    for who in ("thu", "minh"):
        world.hears(who, "quá hạn 1 ngày")
    world.hears("lan", "R10", "còn 7 ngày")
    await world.until("2022-09-30 15:59")
    for who in ("lan", "thu"):  # three days before 05/10 is a Sunday
        world.hears(who, "R10", "còn 5 ngày")
    world.nobody_hears_more()
    await world.until("2022-09-30 16:00")

    page = world.hears("phuc", "TỔNG HỢP TUẦN 39 (", "Số liệu tính đến 10:00 30/09/2022")
    assert "Đã hỏi được 3/4 đơn vị." in page.whole
    assert "Giao 6 · đến hạn 3 · hoàn thành 1 (đúng hạn 1, quá hạn 0)" in page.whole
    assert "quá hạn chưa hoàn thành 2" in page.whole
    assert "Chưa hỏi được: 1 nhiệm vụ" in page.whole
    assert "Hoàn thành/đến hạn: 1/3 = 33,3%" in page.whole
    assert "Đúng hạn/đến hạn: 1/3 = 33,3%" in page.whole
    assert "R3 – Sở Tài chính: chưa có hướng dẫn của Bộ" in page.whole
    assert "R10: 2 đơn vị, hạn 05/10/2022" in page.whole
    assert "UBND thành phố Hội An: R3 (chưa có đầu mối liên kết)" in page.whole
    picture = world.hears("phuc", "Biểu đồ tuần 39")
    assert picture.out.file is not None
    assert picture.out.file.media == "image/png"
    workbook = world.hears("phuc", "Bảng tính tuần 39")
    assert workbook.out.file is not None

    before = world.store.read(lambda tx: summaries.get(tx, "2022-W39"))
    await world.says("minh", "R3 xong 45/KH-UBND ngày 30/9/2022")
    world.hears("minh", "45/KH-UBND", "Chờ xác nhận")
    world.restart()
    await world.works()
    assert world.store.read(lambda tx: summaries.get(tx, "2022-W39")) == before
    assert before is not None
    assert freeze(week_from_json(before.figures), now=before.published_at) == before
    world.hears("ha", "45/KH-UBND")
