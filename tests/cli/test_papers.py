"""summary writes pictures, the workbook and the official report, from the office's own template where there is one."""

import io
from pathlib import Path
from shutil import copy, copytree

import openpyxl
import pytest
from click.testing import CliRunner, Result
from docx import Document
from pypdf import PdfReader

from bot.app.home import Home
from bot.app.opening import open_store
from bot.cli.showing import summary_command
from bot.settings import load_settings
from tests.world import ROOT

FILES = {"png": b"\x89PNG", "trend": b"\x89PNG", "heatmap": b"\x89PNG", "xlsx": b"PK", "docx": b"PK", "pdf": b"%PDF"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of the shipped plan, in which nothing has happened yet."""
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    copytree(ROOT / "config", tmp_path / "config")
    copy(ROOT / "plan_tasks.yaml", tmp_path)
    with open_store(Home(tmp_path), load_settings(tmp_path, {})) as store:
        store.migrate()
    return tmp_path


def told(home: Path, *words: str) -> Result:
    return CliRunner().invoke(summary_command, ["--week", "2022-W39", *words], obj=home)


def test_every_file_is_written_as_what_it_is(home: Path) -> None:
    done = told(home, *(word for name in FILES for word in (f"--{name}", str(home / f"out.{name}"))))

    assert done.exit_code == 0, done.output
    assert {name: (home / f"out.{name}").read_bytes()[: len(magic)] for name, magic in FILES.items()} == FILES
    assert "Sở Nội vụ báo cáo tình hình" in " ".join(PdfReader(home / "out.pdf").pages[0].extract_text().split())
    assert "Từng kỳ" in openpyxl.load_workbook(home / "out.xlsx").sheetnames


def test_the_template_can_be_written_changed_and_used(home: Path) -> None:
    own = home / "config" / "bao-cao.docx"
    assert told(home, "--template", str(own)).exit_code == 0
    document = Document(str(own))
    document.paragraphs[0].insert_paragraph_before("MẪU CỦA SỞ")
    document.save(str(own))

    done = told(home, "--docx", str(home / "out.docx"))

    assert done.exit_code == 0, done.output
    read = [paragraph.text for paragraph in Document(io.BytesIO((home / "out.docx").read_bytes())).paragraphs]
    assert "MẪU CỦA SỞ" in read
    assert "I. TÌNH HÌNH CHUNG" in read


def test_a_template_that_cannot_be_used_ends_with_a_sentence(home: Path) -> None:
    (home / "config" / "bao-cao.docx").write_bytes(b"not a document")

    done = told(home, "--docx", str(home / "out.docx"))

    assert done.exit_code == 1
    assert "Mẫu config/bao-cao.docx không mở được." in done.output
    assert not (home / "out.docx").exists()
