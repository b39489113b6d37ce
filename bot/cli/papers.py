"""The files that summary writes: pictures, the workbook, the official report as Word and PDF."""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click

from bot.catalogue import Catalogue
from bot.cli.common import fail
from bot.domain.compliance import WeekFigures
from bot.jobs import records
from bot.reports import words
from bot.reports.fonts import ReportError
from bot.store import Store

Files = Mapping[str, Path]
"""Where to write what, by the option's name."""

_ABOUT = {
    "png": "Ghi biểu đồ theo đơn vị.",
    "trend": "Ghi biểu đồ xu hướng các tuần (PNG).",
    "heatmap": "Ghi bảng màu đơn vị × nhiệm vụ (PNG).",
    "xlsx": "Ghi bảng tính.",
    "docx": "Ghi báo cáo theo thể thức Nghị định 30 (Word).",
    "pdf": "Ghi báo cáo theo thể thức Nghị định 30 (PDF).",
    "template": "Ghi mẫu báo cáo Word để cơ quan sửa và lưu thành config/bao-cao.docx.",
}


def file_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every file that can be written; those wanted come to it as `files`."""

    @wraps(command)
    def call(*args: Any, **given: Any) -> None:
        files = {name: given.pop(name) for name in _ABOUT}
        command(*args, **given, files={name: path for name, path in files.items() if path is not None})

    for name, about in reversed(_ABOUT.items()):
        call = click.option(f"--{name}", type=click.Path(dir_okay=False, path_type=Path), help=about)(call)
    return call


def write_files(files: Files, figures: WeekFigures, *, store: Store, catalogue: Catalogue, home: Path) -> None:
    """Write every file that is wanted; end with a sentence where one cannot be made."""
    try:
        for name, path in files.items():
            path.write_bytes(_content(name, figures, store, catalogue, home))
    except ReportError as error:
        fail(str(error))


def _content(name: str, figures: WeekFigures, store: Store, catalogue: Catalogue, home: Path) -> bytes:
    match name:
        case "png":
            from bot.reports.chart import chart_png  # noqa: PLC0415  (each of these loads a library of its own)

            return chart_png(figures)
        case "trend":
            return _trend(figures, store)
        case "heatmap":
            return _heatmap(figures, store, catalogue)
        case "xlsx":
            from bot.reports.workbook import week_xlsx  # noqa: PLC0415

            found = store.read(lambda tx: records.behind(tx, catalogue.plan, as_of=figures.as_of))
            return week_xlsx(figures, found)
        case "template":
            from bot.reports.paper_docx import template_docx  # noqa: PLC0415

            return template_docx()
        case _:
            return _paper(name, figures, catalogue, home)


def _trend(figures: WeekFigures, store: Store) -> bytes:
    from bot.reports.trend import MOST_WEEKS, trend_png  # noqa: PLC0415

    rated = store.read(lambda tx: records.rated(tx, figures, most=MOST_WEEKS))
    return trend_png(rated, title=f"Tỷ lệ hoàn thành và đúng hạn các tuần, {words.one_line(figures.plan)}")


def _heatmap(figures: WeekFigures, store: Store, catalogue: Catalogue) -> bytes:
    from bot.reports.heatmap import heatmap_png  # noqa: PLC0415

    grid = store.read(lambda tx: records.grid(tx, catalogue.plan, as_of=figures.as_of))
    return heatmap_png(grid, title=words.heading(figures), as_of=words.as_of(figures))


def _paper(name: str, figures: WeekFigures, catalogue: Catalogue, home: Path) -> bytes:
    from bot.reports.letterhead import letterhead_of  # noqa: PLC0415
    from bot.reports.official import paper_of  # noqa: PLC0415

    paper = paper_of(figures, letterhead_of(catalogue.plan))
    if name == "pdf":
        from bot.reports.paper_pdf import paper_pdf  # noqa: PLC0415

        return paper_pdf(paper)
    from bot.reports.paper_docx import TEMPLATE, paper_docx  # noqa: PLC0415

    template = home / "config" / TEMPLATE
    return paper_docx(paper, made_at=figures.as_of, template=template.read_bytes() if template.is_file() else None)
