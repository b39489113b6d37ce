"""The zip that an .xlsx or .docx is, looked through before a library opens it: bombs, macros, passwords, foreign formats."""

import re
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO

from bot.imports.tables import AnnexError

MAX_BYTES = 20 * 1024 * 1024
_MAX_PARTS = 5000
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_XML = 24 * 1024 * 1024  # of one part: an annex of 10,000 rows has 4 MB
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # the older formats, and any newer one under a password
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_SAVE_AGAIN = "hãy mở tệp rồi lưu lại thành .xlsx hoặc .docx"


# What openpyxl opens cell by cell: one merged range may span seventeen thousand million of them.
_RANGE = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*>")
_REFERENCE = re.compile(rb"""\sref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?["']""")
_MAX_SPANNED = 500_000  # cells; a few titles merged over whole rows have 50,000


class Kind(StrEnum):
    """What a package holds."""

    WORKBOOK = "xlsx"
    DOCUMENT = "docx"


def kind_of(content: bytes) -> Kind:
    """Return what a file is; AnnexError where it must not or cannot be opened."""
    if len(content) > MAX_BYTES:
        raise AnnexError(f"tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; hãy bỏ hình ảnh hoặc chỉ giữ phụ lục")
    if content.startswith(_OLE):
        raise AnnexError(f"tệp có mật khẩu hoặc thuộc dạng cũ (.xls, .doc); hãy bỏ mật khẩu, {_SAVE_AGAIN}")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _looked_through(package)
    except _BROKEN as error:
        raise AnnexError(f"đây không phải tệp .xlsx hoặc .docx, hoặc tệp đã hỏng; {_SAVE_AGAIN}") from error


def _looked_through(package: zipfile.ZipFile) -> Kind:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise AnnexError("tệp có mật khẩu; hãy bỏ mật khẩu rồi thử lại")
    xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    too_large = sum(part.file_size for part in parts) > _MAX_UNPACKED or any(part.file_size > _MAX_XML for part in xml)
    if len(parts) > _MAX_PARTS or too_large:
        raise AnnexError("tệp bung ra quá lớn; hãy chép riêng phụ lục sang một tệp mới")
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise AnnexError("tệp chứa macro nên không được mở; hãy lưu lại thành .xlsx hoặc .docx không có macro")
    for part in xml:
        content = package.read(part)
        _refuse_entities(content)
        _refuse_wide_ranges(content)
    if "xl/workbook.xml" in names:
        return Kind.WORKBOOK
    if "word/document.xml" in names:
        return Kind.DOCUMENT
    raise AnnexError(f"tệp này không phải bảng tính Excel hay văn bản Word; {_SAVE_AGAIN}")


def _refuse_entities(xml: bytes) -> None:
    # Office never writes a document type; what one can declare is how a small file becomes gigabytes.
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or xml[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise AnnexError("tệp chứa khai báo không có trong tệp Office thông thường nên không được mở")


def _refuse_wide_ranges(xml: bytes) -> None:
    spanned = 0
    for element in _RANGE.finditer(xml):
        found = _REFERENCE.search(element.group())
        if found and found[3]:
            columns = abs(_column(found[3]) - _column(found[1])) + 1
            spanned += columns * (abs(int(found[4]) - int(found[2])) + 1)
        if b"ref" in element.group() and b"mergeCell" in element.group() and not found:
            raise AnnexError("tệp có ô gộp ghi không đúng cách; hãy mở bằng Excel hoặc LibreOffice rồi lưu lại")
    if spanned > _MAX_SPANNED:
        raise AnnexError("tệp có vùng ô gộp quá rộng (cả trang tính); hãy bỏ gộp các ô ngoài bảng rồi lưu lại")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
