"""The official report as a PDF, set by itself: no office program is needed where the bot runs."""

from collections.abc import Iterator
from io import BytesIO

from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
    Table,
)

from bot.reports import serif
from bot.reports.paper import (
    BOTTOM,
    INNER,
    ISSUER_COLUMN,
    LEFT,
    MOTTO,
    PAGE,
    RECIPIENTS,
    RIGHT,
    SIGNATURE,
    SMALL,
    STATE,
    STATE_COLUMN,
    TEXT,
    TOP,
    Heading,
    Item,
    Letterhead,
    Paper,
    attached,
)
from bot.reports.pdf_parts import SIDES, Rule, said, style, table
from bot.reports.words import one_line

_INDENT = 10 * mm


def paper_pdf(paper: Paper) -> bytes:
    """Return the paper as a PDF; equal papers give equal bytes. Its text can be searched, its faces are embedded.

    Raises ReportError when a font is missing.
    """
    serif.register()
    written = BytesIO()
    document = BaseDocTemplate(
        written,
        pagesize=(PAGE[0] * mm, PAGE[1] * mm),
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        invariant=True,
        lang="vi-VN",
        title=one_line(paper.about),
        author=one_line(paper.head.issuer),
    )
    frame = Frame(
        LEFT * mm, BOTTOM * mm, INNER * mm, (PAGE[1] - TOP - BOTTOM) * mm, 0, 0, 0, 0, id="text", showBoundary=0
    )
    document.addPageTemplates(PageTemplate(id="page", frames=[frame], onPage=_page_number))
    *blocks, closing = _blocks(paper)
    document.build([*_letterhead(paper), *blocks, KeepTogether([closing, *_end(paper.head)]), *_annexes(paper)])
    return written.getvalue()


def _page_number(page: Canvas, _document: BaseDocTemplate) -> None:
    # The decree: at the top, in the middle, not on the first page.
    if page.getPageNumber() > 1:
        page.setFont(serif.PLAIN, TEXT - 1)
        page.drawCentredString(PAGE[0] * mm / 2, (PAGE[1] - 12) * mm, str(page.getPageNumber()))


def _letterhead(paper: Paper) -> Iterator[Flowable]:
    bold, plain = style(SMALL, face=serif.STRONG), style(SMALL)
    parent = [said(paper.head.parent.upper(), plain)] if paper.head.parent else []
    motto = serif.width(MOTTO, SMALL + 1, face=serif.STRONG)
    left = [
        *parent,
        said(paper.head.issuer.upper(), bold),
        Rule(ISSUER_COLUMN * mm / 3),
        Spacer(1, 6),
        said(paper.number, style(SMALL + 1)),
    ]
    right = [
        said(STATE, bold),
        said(MOTTO, style(SMALL + 1, face=serif.STRONG)),
        Rule(motto),
        Spacer(1, 6),
        said(paper.dated, style(SMALL + 1, face=serif.SLANTED)),
    ]
    yield _side_by_side(left, right, ISSUER_COLUMN, STATE_COLUMN)
    yield Spacer(1, 14)
    strong = style(TEXT, face=serif.STRONG)
    yield said(paper.kind, strong)
    yield said(paper.about, strong)
    yield Rule(INNER * mm / 3)
    yield Spacer(1, 8)


def _side_by_side(left: list[Flowable], right: list[Flowable], *widths: float) -> Table:
    set_so = [("VALIGN", (0, 0), (-1, -1), "TOP"), *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in SIDES)]
    return Table([[left, right]], colWidths=[width * mm for width in widths], style=set_so)


def _blocks(paper: Paper) -> Iterator[Flowable]:
    text = style(TEXT, align=TA_JUSTIFY, before=6, indent=_INDENT)
    heading = style(TEXT, face=serif.STRONG, align=TA_LEFT, before=8, indent=_INDENT)
    heading.keepWithNext = 1
    for block in paper.blocks:
        match block:
            case Heading(text=words):
                yield said(words, heading)
            case Item(text=words):
                yield said(f"- {words}", text)
            case _:
                yield said(block.text, text)


def _end(head: Letterhead) -> Iterator[Flowable]:
    yield Spacer(1, 14)
    small = style(RECIPIENTS, align=TA_LEFT)
    ends = [";"] * (len(head.recipients) - 1) + ["."]
    listed = [said(f"- {each}{end}", small) for each, end in zip(head.recipients, ends, strict=True)]
    strong = style(TEXT, face=serif.STRONG)
    left = [said("Nơi nhận:", style(SMALL, face=serif.BOTH, align=TA_LEFT)), *listed]
    right = [said(SIGNATURE, strong), Spacer(1, 28 * mm), said(SIGNATURE, strong)]
    yield _side_by_side(left, right, INNER / 2, INNER / 2)


def _annexes(paper: Paper) -> Iterator[Flowable]:
    strong, slanted = style(TEXT, face=serif.STRONG), style(TEXT - 1, face=serif.SLANTED)
    for annex in paper.annexes:
        yield PageBreak()
        yield said(annex.number, strong)
        yield said(annex.title.upper(), strong)
        yield said(attached(paper), slanted)
        yield said(annex.note, slanted)
        yield Spacer(1, 8)
        yield table(annex)
