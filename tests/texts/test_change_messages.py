"""What an edit does, as the admins read it and as the units are told of their new dues."""

from datetime import date, timedelta

import pytest

from bot.domain.effects import Brake, Dues, Effects, Group, Load, Rule, named
from bot.texts.changes import LONGEST, MOVED_ITEMS, Moved, brake_lines, effect_lines, effects_text, moved_dues
from tests.builders import local

OLD, NEW = local("2022-09-30 23:59:59"), local("2022-10-14 17:00")
NAMES = {"snv": "Sở Nội vụ", "stc": "Sở Tài chính"}.__getitem__

MOVED = Dues(
    count=40,
    open=39,
    groups=2,
    first=(
        Group(task="R18", period="2022-09", units=("snv", "stc"), count=38, open=37, old=OLD, new=NEW),
        Group(task="R10", period="once", units=("snv", "stc"), count=2, open=2, old=OLD, new=NEW),
    ),
)
EDIT = Effects(
    tasks_gained=named(["R24"]),
    tasks_changed=named(["R10", "R18"]),
    rules=(Rule.DAYS,),
    moved=MOVED,
    people=41,
    units=38,
    sent=5,
    cancelled=1200,
    repeated=3,
    escalations=2,
    messages=45,
    letters=40,
    hour_from=local("2022-09-26 07:30"),
    hour_until=local("2022-09-26 08:30"),
    loads=(Load(day=date(2022, 12, 15), unit="snv", count=14, one_person=9),),
    load_count=1,
)


def test_the_effects_are_read_line_by_line() -> None:
    assert effect_lines("vi", EDIT, unit_name=NAMES) == [
        "Thêm 1 nhiệm vụ: R24.",
        "Sửa 2 nhiệm vụ: R10, R18.",
        "Thay đổi ngày nghỉ, ngày làm việc hoặc cách tính hạn rơi vào ngày nghỉ.",
        "Dời hạn 40 kỳ:",
        "- R18 (tháng 9/2022): 30/09/2022 → 17:00 14/10/2022; 38 đơn vị",
        "- R10: 30/09/2022 → 17:00 14/10/2022; Sở Nội vụ, Sở Tài chính",
        "Liên quan 41 người của 38 đơn vị.",
        "Nhắc việc: gửi ngay 5 lượt, không gửi nữa 1.200 lượt, nhắc lại theo hạn mới 3 lượt.",
        "Báo cáo lãnh đạo, cơ quan theo dõi về việc quá hạn: 2 lượt bắt đầu ngay.",
        "Trong giờ làm việc tới (07:30–08:30 26/09/2022) gửi thêm 45 tin, trong đó 40 tin báo thay đổi hạn.",
        "Dồn việc ngày 15/12/2022: Sở Nội vụ có 14 hạn, 9 hạn cùng một đầu mối.",
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_effects_are_one_line(language: str) -> None:
    assert len(effect_lines(language, Effects(), unit_name=NAMES)) == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_nations_effects_fit_one_message_and_what_is_left_out_is_counted(language: str) -> None:
    groups = tuple(
        Group(task=f"NHIEM-VU-{n:05}", period="2022-09", units=("snv",), count=1, open=1, old=OLD, new=NEW)
        for n in range(40)
    )
    many = Dues(count=900_000, open=900_000, groups=3000, first=groups)
    ids = named([f"NHIEM-VU-{n:05}" for n in range(10_000)])
    loads = tuple(Load(day=date(2022, 12, 15), unit="snv", count=14, one_person=0) for _ in range(40))
    whole = Effects(
        tasks_gained=ids, tasks_lost=ids, tasks_changed=ids, rules=tuple(Rule), gained=many, lost=many, moved=many,
        units=300, messages=300, loads=loads, load_count=108_000,
    )  # fmt: skip

    text = effects_text(language, whole, unit_name=lambda _: "Ủy ban nhân dân thành phố Tam Kỳ")

    assert len(text) <= LONGEST
    assert "…" in text
    assert ("900.000" if language == "vi" else "900,000") in text


def test_the_brake_gives_its_reason() -> None:
    brakes = [
        Brake(what="occurrences", touched=1200, of=2000, share=60, limit=30),
        Brake(what="people", touched=12, of=20, share=60, limit=30),
    ]

    assert brake_lines("vi", brakes) == [
        "Thay đổi chạm tới 1.200 trong 2.000 kỳ đang theo dõi (60%), vượt mức 30%.",
        "Thay đổi chạm tới 12 trong 20 người đang được nhắc (60%), vượt mức 30%.",
    ]


def test_a_person_reads_every_moved_due_of_theirs_soonest_first() -> None:
    moved = [
        Moved(task="R2", title="Việc hai", unit="Sở Nội vụ", period="2022-09", old=OLD, new=NEW),
        Moved(task="R1", title="Việc một", unit="Sở Nội vụ", period="once", old=NEW, new=OLD),
    ]

    out = moved_dues("vi", moved, name="Lan")

    assert out.heading == "Thay đổi thời hạn"
    assert out.text.splitlines()[1:3] == [
        "- R1: Việc một. Hạn cũ: 17:00 14/10/2022; hạn mới: 30/09/2022.",
        "- R2 (tháng 9/2022): Việc hai. Hạn cũ: 30/09/2022; hạn mới: 17:00 14/10/2022.",
    ]


def test_more_moved_dues_than_anybody_reads_are_counted() -> None:
    one = Moved(task="R1", title="Việc một", unit="Sở Nội vụ", period="once", old=OLD, new=OLD + timedelta(days=1))

    assert "… và 5 nhiệm vụ khác" in moved_dues("vi", [one] * (MOVED_ITEMS + 5), name="Lan").text
