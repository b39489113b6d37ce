"""schema, import: what an editor needs to help with our files, and a plan's annex turned into one of them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from bot.app.schemas import SCHEMAS
from bot.catalogue.units import load_registry
from bot.cli.common import fail, home_of, home_option, sentences, show_json
from bot.imports import AnnexError, Imported, Names, import_annex
from bot.imports.package import MAX_BYTES

_TOLD = 20  # doubts that the screen repeats; the file has them all


@click.command("schema")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục ghi (mặc định: config/schema).",
)
@click.option("--check", "is_check", is_flag=True, help="Chỉ so với các tệp đang có; mã thoát 1 nếu khác.")
@home_option
@click.pass_context
@sentences
def schema_command(ctx: click.Context, own_home: Path | None, folder: Path | None, is_check: bool) -> None:
    """Ghi JSON Schema của bốn tệp YAML, để trình soạn thảo gợi ý và gạch chân chỗ sai."""
    folder = folder or home_of(ctx, own_home).root / "config" / "schema"
    differing = [name for name, text in _texts().items() if _standing(folder / name) != text]
    if is_check:
        for name in differing:
            click.echo(f"{folder / name}: khác với lược đồ của bản này; hãy chạy «nhacviec schema».")
        sys.exit(1 if differing else 0)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _texts().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"{folder / name}: {'đã ghi' if name in differing else 'không đổi'}")


@click.command("import")
@click.argument("annex", type=click.Path(path_type=Path))
@click.option("-o", "--output", "plan", required=True, type=click.Path(path_type=Path), help="Tệp kế hoạch sẽ ghi.")
@click.option("--sheet", help="Trang tính, hoặc bảng thứ mấy trong văn bản (khi tệp có nhiều bảng).")
@click.option("--force", is_flag=True, help="Ghi đè tệp đã có.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
@home_option
@click.pass_context
@sentences
def import_command(
    ctx: click.Context, own_home: Path | None, annex: Path, plan: Path, sheet: str | None, force: bool, as_json: bool
) -> None:
    """Chuyển phụ lục Excel hoặc Word thành tệp kế hoạch; mỗi chỗ chưa chắc là một dòng «# kiểm tra:»."""
    if plan.exists() and not force:
        fail(f"Tệp {plan} đã có; hãy ghi sang tên khác, hoặc thêm --force để ghi đè.")
    registry = load_registry(home_of(ctx, own_home).root)
    names = Names(registry.units, registry.groups)
    with annex.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    try:
        found = import_annex(content, source=annex.name, names=names, sheet=sheet)
    except AnnexError as error:
        fail(f"{annex}: {error}.")
    plan.write_text(found.text, encoding="utf-8", newline="\n")
    if as_json:
        show_json(_account(found))
    else:
        _tell(found, plan)


def _account(found: Imported) -> dict[str, Any]:
    return {
        "tables": list(found.tables),
        "rows": found.rows,
        "tasks": found.tasks,
        "groups": found.groups,
        "continued": found.continued,
        "skipped": [{"place": place, "why": why} for place, why in found.skipped],
        "doubts": [{"line": line, "text": text} for line, text in found.doubts],
    }


def _tell(found: Imported, plan: Path) -> None:
    skipped = [each for each in found.skipped if each[0] not in found.tables]
    parts = [f"{found.tasks} nhiệm vụ", f"{found.groups} dòng tên nhóm", f"{found.continued} dòng nối tiếp"]
    named = ", ".join(f"«{name}»" for name in found.tables)
    click.echo(f"Đã đọc {found.rows} dòng của {named}: {', '.join(parts)}.")
    for place, why in skipped:
        click.echo(f"  bỏ qua {place}: {why}")
    click.echo(f"Đã ghi {plan}: {len(found.doubts)} chỗ cần kiểm tra (tìm «# kiểm tra:»).")
    for line, text in found.doubts[:_TOLD]:
        click.echo(f"  {plan}:{line}: {text}")
    if len(found.doubts) > _TOLD:
        click.echo(f"  … và {len(found.doubts) - _TOLD} chỗ nữa")
    click.echo(f"Tiếp theo: sửa các chỗ trên rồi chạy nhacviec check {plan}")


def _texts() -> dict[str, str]:
    return {name: json.dumps(make(), ensure_ascii=False, indent=1) + "\n" for name, make in SCHEMAS.items()}


def _standing(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
