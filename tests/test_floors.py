"""The floors hold, and the guard that says so bites."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_every_import_respects_the_floors() -> None:
    done = _lint_imports(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        pytest.param("domain/dates.py", "import logging", "bot.domain.dates -> logging", id="a rule that logs"),
        pytest.param(
            "domain/dates.py", "from bot.store import Store", "bot.domain.dates -> bot.store", id="a rule that stores"
        ),
        pytest.param(
            "ports.py", "import bot.texts.vi", "bot.ports -> bot.texts.vi", id="a port that reaches one floor up"
        ),
        pytest.param(
            "jobs/remind.py",
            "import bot.conversation.turn",
            "bot.jobs.remind -> bot.conversation.turn",
            id="siblings on a floor",
        ),
        pytest.param(
            "jobs/remind.py", "import telegram", "bot.jobs.remind -> telegram", id="a job that knows a network"
        ),
        pytest.param(
            "channels/local.py",
            "import bot.channels.telegram",
            "bot.channels.local -> bot.channels.telegram",
            id="a channel that knows another",
        ),
        pytest.param("helpers.py", "", "helpers", id="a room without a floor"),
    ],
)
def test_a_wrong_import_is_named(tmp_path: Path, room: str, line: str, broken: str) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__", "static", "fonts"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "bot" / room).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    done = _lint_imports(tmp_path)

    assert done.returncode == 1
    assert broken in " ".join(done.stdout.split())


def test_rules_import_nothing_but_the_standard_library() -> None:
    strangers = {
        f"{path.name}: {name}"
        for path in (ROOT / "bot" / "domain").rglob("*.py")
        for name in _imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("bot.domain")
    }

    assert strangers == set()


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    # In a process of its own: the guard imports `bot` from the folder it stands in.
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
