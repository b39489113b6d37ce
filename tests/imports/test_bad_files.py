"""Whatever bytes come in, what comes out is a plan or one sentence; never a traceback, a hang or a machine full of cells."""

import random
import time
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from bot.imports import AnnexError
from bot.imports.package import MAX_BYTES
from tests.imports.annexes import Line, document, imported, workbook
from tests.imports.official import official

TABLE: list[Line] = [["STT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], ["1", "Việc", "Sở Nội vụ", "Quý IV/2022"]]
SECONDS = 10
SHEET = "xl/worksheets/sheet1.xml"
PAPER = "word/document.xml"


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return a package after its parts were changed."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def with_part(name: str, part: bytes) -> bytes:
    return rewritten(workbook(TABLE), lambda parts: parts.update({name: part}))


def replaced(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return rewritten(content, change)


def spread(reference: bytes) -> bytes:
    return replaced(workbook(TABLE), SHEET, b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="' + reference + b'"/></mergeCells>')  # fmt: skip # noqa: E501


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
REFUSED = [
    pytest.param(b"", "không phải tệp .xlsx hoặc .docx", id="empty"),
    pytest.param(b"STT;Nhiem vu\n1;Viec\n", "không phải tệp .xlsx hoặc .docx", id="text"),
    pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 999, "mật khẩu hoặc thuộc dạng cũ", id="old or encrypted"),
    pytest.param(b"PK" + b"\0" * MAX_BYTES, "lớn hơn 20 MB", id="too large"),
    pytest.param(with_part("xl/vbaProject.bin", b"x"), "macro", id="macros"),
    pytest.param(with_part("xl/media/bomb.bin", b"\0" * (101 * 1024 * 1024)), "bung ra quá lớn", id="a bomb"),
    pytest.param(with_part("xl/bomb.xml", b" " * (25 * 1024 * 1024)), "bung ra quá lớn", id="a bomb of XML"),
    pytest.param(
        rewritten(workbook(TABLE), lambda parts: parts.update({f"x{turn}": b"" for turn in range(5001)})),
        "bung ra quá lớn", id="too many parts",
    ),
    pytest.param(with_part("xl/evil.xml", LAUGHS), "khai báo không có trong tệp Office", id="entities"),
    pytest.param(with_part("xl/evil.xml", LAUGHS.decode().encode("utf-16")), "khai báo", id="entities in UTF-16"),
    pytest.param(spread(b"A3:XFD1048576"), "ô gộp quá rộng", id="everything merged"),
    pytest.param(spread(b"&#65;3:XFD1048576"), "ô gộp ghi không đúng cách", id="everything merged, in disguise"),
    pytest.param(rewritten(workbook(TABLE), lambda parts: parts.pop("xl/workbook.xml")), "không phải bảng tính", id="headless"),
    pytest.param(rewritten(workbook(TABLE), lambda parts: parts.pop(SHEET)), "không có bảng nào", id="without its sheet"),
    pytest.param(replaced(workbook(TABLE), SHEET, b"<sheetData>", b"<sheetDat>"), "đã hỏng", id="broken XML of a sheet"),
    pytest.param(replaced(document(TABLE), PAPER, b"<w:body>", b"<w:bod>"), "đã hỏng", id="broken XML of a document"),
    pytest.param(workbook([["Kính gửi"], ["Sở Nội vụ"]]), "không thấy dòng tiêu đề", id="no table of tasks"),
    pytest.param(document([["a", "b"]]), "không thấy dòng tiêu đề", id="no table of tasks in a document"),
    pytest.param(workbook(TABLE[:1]), "không có nhiệm vụ nào", id="only a heading"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), REFUSED)
def test_a_file_that_must_not_or_cannot_be_read_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    began = time.monotonic()

    with pytest.raises(AnnexError, match=said):
        imported(content)
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("make", [workbook, document])
def test_a_file_cut_or_spoilt_anywhere_gives_a_plan_or_a_sentence(make: Callable[[list[Line]], bytes]) -> None:
    whole, chance = make(official()), random.Random(5610)

    for turn in range(30):
        spoilt = bytearray(whole[: chance.randrange(len(whole))] if turn % 3 == 0 else whole)
        for _ in range(chance.randrange(1, 30)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        _survives(bytes(spoilt))


@pytest.mark.parametrize(("make", "part"), [(workbook, SHEET), (document, PAPER)])
def test_spoilt_xml_gives_a_plan_or_a_sentence(make: Callable[[list[Line]], bytes], part: str) -> None:
    whole, chance = make(official()[:12]), random.Random(434)
    words = [b"-1", b"999999999", b"", b'"', b"<", b"&#0;", b"\xff", b"NaN", b"e", b"<w:tbl/>", b"1e309"]

    for _ in range(40):

        def spoil(parts: dict[str, bytes]) -> None:
            at, word = chance.randrange(len(parts[part])), chance.choice(words)
            parts[part] = parts[part][:at] + word + parts[part][at + chance.randrange(4) :]

        _survives(rewritten(whole, spoil))


def _survives(content: bytes) -> None:
    began = time.monotonic()

    assert _outcome(content)
    assert time.monotonic() - began < SECONDS


def _outcome(content: bytes) -> str:
    try:
        return imported(content).text
    except AnnexError as error:
        return str(error)
