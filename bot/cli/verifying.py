"""summary --verify: whether a published week still comes out as it was published."""

from pathlib import Path

import click

from bot.cli.common import fail, show_json
from bot.jobs.summarise import PNG, XLSX
from bot.jobs.verifying import Compared, Found, verify
from bot.store import Store, summaries

_WHAT = {"figures": "Số liệu", "text": "Văn bản", PNG: "Biểu đồ", XLSX: "Bảng tính"}
_FOUND = {
    Found.SAME: "khớp từng byte",
    Found.OTHER: "KHÁC bản đã phát hành",
    Found.UNKNOWN: "phát hành trước khi có lưu mã băm, không so được",
    Found.GONE: "tệp không còn",
}


def verify_week(store: Store, week: str, data: Path, *, as_json: bool) -> None:
    """Say how a published week compares with itself made again; end with code 1 where something differs."""
    published = store.read(lambda tx: summaries.get(tx, week))
    if published is None:
        fail(f"Tuần {week} chưa phát hành, chưa có gì để so.")
    found = verify(published, data)
    if as_json:
        parts = [{"what": each.what, "on_disk": each.on_disk, "found": str(each.found)} for each in found]
        show_json({"week": week, "digest": published.digest, "compared": parts})
    else:
        for each in found:
            click.echo(_said(each))
    if any(each.found is Found.OTHER for each in found):
        raise SystemExit(1)


def _said(each: Compared) -> str:
    what = _WHAT.get(each.what, each.what)
    return f"{what}{' (tệp đã gửi)' if each.on_disk else ''}: {_FOUND[each.found]}."
