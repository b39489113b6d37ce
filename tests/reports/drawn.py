"""A PDF's first page as a picture, where a drawer of PDFs is installed."""

import pytest


def is_a_page_of_text(pdf: bytes) -> bool:
    """Say whether the first page is neither blank nor black, with nothing in the left margin. Skips without pypdfium2."""
    drawer = pytest.importorskip("pypdfium2")
    page = drawer.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("L")
    darkness = sum(page.histogram()[:128]) / (page.width * page.height)
    margin = page.crop((0, 0, int(page.width * 28 / 210), page.height))
    return 0.01 < darkness < 0.2 and sum(margin.histogram()[:128]) == 0
