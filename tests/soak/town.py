"""A home with a unit for each person, one task for all, and more for a few, whose bundle then takes several messages."""

from pathlib import Path
from shutil import copytree

from sqlalchemy import insert

from bot.domain.plan import Role
from bot.store import Store, Tx
from bot.store.tables import contact, membership, person
from tests.bench.children import ROOT
from tests.bench.stock import NOW

START = "2022-09-26T07:59:50"  # a Monday, just before the morning's messages
FIRST_CHAT = 1001
BUSY = 20  # units in every so many of which the plan has MORE tasks beside the one
MORE = 40

_PLAN = """
plan:
  id: thu
  number: 5610/KH-UBND
  title: Kế hoạch thử tải
  issued_by: UBND tỉnh Quảng Nam
  issued_on: 2022-08-24
  starts: 2022-08-24
  ends: 2022-12-31
  office: snv
tasks:
"""
_TASK = """  - id: {id}
    title: Công khai tiến độ, kết quả giải quyết hồ sơ thủ tục hành chính, lần thứ {id}
    owners: [{owners}]
    due: 2022-10-03
    result: {{kind: done}}
"""


def build(folder: Path, *, people: int) -> Path:
    """Write the home of a town with so many focal points; return it."""
    home = folder / "home"
    copytree(ROOT / "config", home / "config")
    units = ["  - {id: snv, name: Sở Nội vụ, kind: so-ban-nganh, short: SNV}"]
    units += [f"  - {{id: u{n}, name: UBND xã số {n}, kind: {_kind(n)}, short: X{n}}}" for n in range(people)]
    (home / "config" / "units.yaml").write_text("units:\n" + "\n".join(units) + "\n", encoding="utf-8")
    tasks = [_TASK.format(id="R0", owners="xa, xa-nhieu-viec")]
    tasks += [_TASK.format(id=f"R{n}", owners="xa-nhieu-viec") for n in range(1, MORE)]
    (home / "plan_tasks.yaml").write_text(_PLAN + "".join(tasks), encoding="utf-8")
    return home


def populate(store: Store, channel: str, *, people: int) -> None:
    """Let each unit's focal point have joined a month ago, with a chat on this channel."""

    def fill(tx: Tx) -> None:
        numbers = range(people)
        tx.execute(insert(person), [{"name": f"Nguyễn Văn {n}", "language": "vi", "created_at": NOW} for n in numbers])
        chats = [
            {"person_id": n + 1, "channel": channel, "chat_id": str(FIRST_CHAT + n), "gone_why": ""} for n in numbers
        ]
        tx.execute(insert(contact), chats)
        rights = [{"person_id": n + 1, "unit": f"u{n}", "role": Role.FOCAL, "since": NOW} for n in numbers]
        tx.execute(insert(membership), rights)

    store.write(fill)


def _kind(number: int) -> str:
    return "xa-nhieu-viec" if number % BUSY == 0 else "xa"
