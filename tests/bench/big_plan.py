"""A plan of any size as an office would write it, for measuring: the same seed gives the same bytes."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from tests.bench.children import ROOT

Lines = dict[str, str]
"""One task: key to its value as YAML has it, behind the colon."""

Edit = Callable[[int, Lines], Lines | None]
"""What is done to the task of this turn (from 1) before it is written; None leaves it out."""

# DD is another day in every task.
ONCE = (
    "DD/09/2022", "2022-11-DD", "Trước ngày DD/11/2022", "Quý IV/2022", "Năm 2022", "Tháng 11/2022",
    "17 giờ ngày DD/9/2022", "Chậm nhất là ngày 15/12/2022", "Từ ngày 01/9/2022 đến ngày 15/12/2022",
    "Tháng 11 - 12/2022", '{date: 20/10/2022, at: "17:00"}', "6 tháng cuối năm 2022", "[DD/09/2022, 15/12/2022]",
)  # fmt: skip
AGAIN = (
    "Hằng quý", "Hằng tháng, trước ngày 25", "{every: quarter, day: 20}", "{every: month, day: 5, following: true}",
    "Thường xuyên, báo cáo hằng quý", "{continuous: true, check: month, day: last}", "Hằng năm, trước ngày 15/11",
)  # fmt: skip
NEVER = ("Khi có yêu cầu", "05 ngày làm việc kể từ ngày nhận văn bản", "Theo kế hoạch của Bộ Nội vụ")
DUES = (*ONCE, *ONCE, *AGAIN, *NEVER)

_ALL = ("[toan-tinh]", "[so-ban-nganh, huyen, xa]", "[cap-tinh, huyen, xa]", "[cap-tinh, dia-phuong]")
_KINDS = {"so-ban-nganh": ("Sở", 0.07), "huyen": ("UBND huyện", 0.06), "xa": ("UBND xã", 0.87)}
_DO = (
    "Rà soát, đề xuất phương án đơn giản hóa", "Xây dựng, ban hành kế hoạch", "Báo cáo tình hình thực hiện",
    "Tuyên truyền, phổ biến", "Công khai đầy đủ, kịp thời", "Kiểm tra việc chấp hành quy định về",
    "Bố trí đủ nguồn lực cho", "Nâng tỷ lệ hài lòng của người dân, tổ chức đối với", "Sơ kết, đánh giá kết quả",
)  # fmt: skip
_WHAT = (
    "thủ tục hành chính thuộc phạm vi quản lý", "dịch vụ công trực tuyến một phần và toàn trình",
    "kỷ luật, kỷ cương hành chính và đạo đức công vụ", "sắp xếp tổ chức bộ máy, tinh giản biên chế",
    "phần mềm Một cửa điện tử", "số hóa hồ sơ, kết quả giải quyết", "văn bản quy phạm pháp luật của địa phương",
    "tự chủ tài chính của đơn vị sự nghiệp công lập", "Chỉ số cải cách hành chính năm 2021",
)  # fmt: skip
_RESULTS = (
    "{kind: document, label: báo cáo đợt %d}", "{kind: percent, target: 100}", "{kind: done}",
    "{kind: ratio, of: hồ sơ đúng hạn, over: hồ sơ đã giải quyết, target: 95}", "{kind: count, label: cuộc kiểm tra}",
)  # fmt: skip


def write_home(
    folder: Path,
    *,
    tasks: int = 10_000,
    units: int = 300,
    seed: int = 1,
    dues: Sequence[str] = DUES,
    edit: Edit | None = None,
) -> Path:
    """Write a home of so many tasks, each owed by every unit, and return it; its calendar and settings are the shipped."""
    shutil.copytree(ROOT / "config", folder / "config", dirs_exist_ok=True)
    (folder / "config" / "units.yaml").write_text(_units(units), encoding="utf-8")
    (folder / "plan_tasks.yaml").write_text(_plan(tasks, seed, dues, edit), encoding="utf-8")
    return folder


def _units(count: int) -> str:
    lines = ["units:"]
    for kind, (called, share) in _KINDS.items():
        many = max(1, round(count * share)) if kind != "xa" else count - len(lines) + 1
        lines += [
            f"  - {{id: {kind[:2]}{turn:03}, name: {called} số {turn}, kind: {kind}, short: {kind[:2].upper()} {turn}}}"
            for turn in range(1, many + 1)
        ]
    groups = ("toan-tinh: [cap-tinh, dia-phuong]", "cap-tinh: [so-ban-nganh]", "dia-phuong: [huyen, xa]")
    return "\n".join([*lines, "groups:", *(f"  {line}" for line in groups), ""])


def _plan(count: int, seed: int, dues: Sequence[str], edit: Edit | None) -> str:
    shipped = (ROOT / "plan_tasks.yaml").read_text(encoding="utf-8")
    head = shipped[: shipped.index("\ntasks:")].replace("office: snv", "office: so001")
    return "\n".join([head, "tasks:", *_tasks(count, Random(seed), dues, edit), ""])


def _tasks(count: int, chance: Random, dues: Sequence[str], edit: Edit | None) -> Iterator[str]:
    for turn in range(1, count + 1):
        lines: Lines | None = _task(turn, chance, dues)
        if edit is not None:
            lines = edit(turn, dict(lines or {}))
        if lines is None:
            continue
        for place, (key, value) in enumerate(lines.items()):
            yield f"  {'- ' if place == 0 else '  '}{key}: {value}"


def _task(turn: int, chance: Random, dues: Sequence[str]) -> Lines:
    do, what, more = (chance.choice(words) for words in (_DO, _WHAT, _WHAT))
    found = {
        "id": f"R{turn}",
        "title": f"{do} {what}, đợt {turn}",
        "quote": f">-\n      {do.lower()} {what},\n      {more}",
        "basis": f"[{chance.randint(100, 4000)}/QĐ-UBND]",
        "owners": chance.choice(_ALL),
        "due": chance.choice(dues).replace("DD", f"{chance.randint(1, 30):02}"),
        "result": chance.choice(_RESULTS).replace("%d", str(turn)),
        "criteria": f'["{chance.randint(1, 8)}"]',
    }
    return found if turn % 3 else found | {"due_note": "đề xuất, chờ xác nhận"}
