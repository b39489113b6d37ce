"""Files made to hang or to eat memory: `nhacviec check` ends with a sentence within 10 s of a core and under 1 GB."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from shutil import copy, copytree

import pytest

from tests.bench.children import ROOT, environment

PLAN, UNITS, CALENDAR, SETTINGS = "plan_tasks.yaml", "config/units.yaml", "config/calendar.yaml", "config/settings.yaml"
SHIPPED = (ROOT / PLAN).read_text(encoding="utf-8")
HEAD = SHIPPED.partition("\ntasks:")[0] + "\n"
MEGA = 1024 * 1024
CORE_SECONDS, MEMORY = 10, 1024 * MEGA
LIMITED = f"""
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({CORE_SECONDS}, {CORE_SECONDS}))
sys.argv[0] = "nhacviec"
runpy.run_module("bot", run_name="__main__")
"""


def tasks(count: int, due: str) -> str:
    """Return a plan of so many tasks; {n} in their due is the turn."""
    each = "  - {{id: R{n}, title: a, owners: [snv], due: " + due + "}}\n"
    return f"{HEAD}tasks:\n" + "".join(each.format(n=turn) for turn in range(count))


def doubled(levels: int) -> str:
    """Return the laughing bomb: each line means the one before it ten times."""
    lines = ["a0: &a0 [x, x]"] + [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)
    ]
    return "\n".join(lines) + "\n"


def chain(count: int) -> str:
    """Return the units with so many groups, each standing for the next."""
    return (ROOT / UNITS).read_text(encoding="utf-8") + "".join(f"  g{n}: [g{n + 1}]\n" for n in range(count))


def offsets(count: int) -> str:
    """Return so many distances from a due day, every possible one in turn."""
    return ",".join(f"-{turn % 3650 + 1}d" for turn in range(count))


def heavy(name: str, content: Callable[[], str | bytes], *, file: str = PLAN, said: str) -> object:
    return pytest.param(file, content, said, id=name)


FILES = [
    heavy("50 MB of tasks", lambda: SHIPPED * (50 * MEGA // len(SHIPPED.encode())), said="lớn hơn 16 MB"),
    heavy("50 MB of nothing", lambda: bytes(50 * MEGA), said="lớn hơn 16 MB"),
    heavy("50 MB of settings", lambda: "# a\n" * (13 * MEGA), file=SETTINGS, said="lớn hơn 16 MB"),
    heavy("5 MB of settings that say nothing", lambda: "\n" * (5 * MEGA), file=SETTINGS, said=""),
    heavy("15 MB of random bytes", lambda: Random(1).randbytes(15 * MEGA), said="UTF-8"),
    heavy("15 MB in one line", lambda: "plan: " + "x" * (15 * MEGA), said="dài quá 10.000 ký tự"),
    heavy("15 MB of line breaks and a tab", lambda: "\n" * (15 * MEGA) + "\ta: b", said="phím Tab"),
    heavy("15 MB of line breaks and a nothing", lambda: "\n" * (15 * MEGA) + "\x00", said="U+0000"),
    heavy("15 MB of percent signs", lambda: "%" * (15 * MEGA), said="dấu %"),
    heavy("laughing bomb", lambda: doubled(30), said="dấu &"),
    heavy("half a million brackets", lambda: "a: " + "[" * 500_000, said="lồng nhau quá sâu"),
    heavy("half a million dashes", lambda: "- " * 500_000, said="lồng nhau quá sâu"),
    heavy("half a million braces", lambda: "{a: " * 500_000, said="lồng nhau quá sâu"),
    heavy("200,000 directives", lambda: "".join(f"%TAG !{n}! a\n" for n in range(200_000)), said="dấu %"),
    heavy("one letter under 4 million marks", lambda: "plan: a" + "\u0315\u0300" * (2 * MEGA), said="dài quá 10.000 ký tự"),
    heavy("2 million values", lambda: f"{HEAD}tasks: [{'a,' * 2_000_000}]\n", said="quá nhiều giá trị"),
    heavy("900,000 values", lambda: f"{HEAD}tasks: [{'a,' * 900_000}]\n", said="đã có 1000 chỗ sai"),
    heavy("a key 200,000 times", lambda: HEAD + "plan: {}\n" * 200_000, said="viết hai lần"),
    heavy("50,000 phrases unread", lambda: tasks(50_000, "mùa {n}"), said="Chưa đọc được hạn"),
    heavy("500,000 dues in one task", lambda: tasks(1, "[" + "x," * 500_000 + "]"), said="có trên 100 hạn"),
    heavy("500,000 owners", lambda: tasks(1, "Hằng quý, owners: [" + "x," * 500_000 + "]"), said="«owners» viết hai lần"),
    heavy("300,000 offsets", lambda: SHIPPED.replace("[-7d, -3d", "[" + offsets(300_000)), said="viết hai lần"),
    heavy("150,000 groups in a chain", lambda: chain(150_000), file=UNITS, said="nhiều hơn 500 nhóm"),
    heavy("100,000 days off", lambda: "days_off:\n" + "  - {date: 2022-09-01}\n" * 100_000, file=CALENDAR, said="«source»"),
    heavy("UTF-16", lambda: SHIPPED.encode("utf-16"), said="UTF-16"),
    heavy("a picture", lambda: b"\x89PNG\r\n\x1a\n" + Random(2).randbytes(MEGA), said="UTF-8"),
]  # fmt: skip


@pytest.mark.process
@pytest.mark.parametrize(("file", "content", "said"), FILES)
def test_a_heavy_file_is_answered_in_time_and_in_little_memory(
    tmp_path: Path, file: str, content: Callable[[], str | bytes], said: str
) -> None:
    copytree(ROOT / "config", tmp_path / "config")
    copy(ROOT / PLAN, tmp_path)
    written = content()
    (tmp_path / file).write_bytes(written if isinstance(written, bytes) else written.encode())

    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "--home", str(tmp_path), "check", "--json"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,  # by the clock of a busy machine; the core's own time is limited above
        check=False,
    )

    assert done.stderr == ""  # no traceback, nothing of the parser's own
    assert done.returncode == (1 if said else 0)
    problems = json.loads(done.stdout)["problems"]
    assert all(each["file"] == file and each["line"] >= 1 and each["column"] >= 1 for each in problems)
    assert said in "\n".join(each["text"] for each in problems)
