"""`make bench` in small: it runs, and says beside each figure whose it stands beside. How fast this machine is, is no test."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import catalogue, changing
from tests.bench.children import ROOT, environment
from tests.bench.peers import PEERS
from tests.bench.start import PEER as BARE_BOT
from tests.bench.table import Kind, Row, as_text, missed


@pytest.mark.process
def test_every_figure_of_a_quick_run_stands_beside_a_peers_with_their_ratio(tmp_path: Path) -> None:
    written = tmp_path / "rows.json"

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--json", str(written)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    rows = json.loads(written.read_text(encoding="utf-8"))
    beside = {*PEERS.values(), BARE_BOT, catalogue.PEER, changing.PEER}
    assert {row["peer"].split(",")[0] for row in rows} >= {name.split(",")[0] for name in beside}
    for row in rows:
        assert row["peer"] in done.stdout
        assert row["ratio"] == pytest.approx(row["ours"] / row["theirs"]) if row["theirs"] else row["ratio"] is None
    assert [row["ours"] for row in rows if row["kind"] == Kind.FATES] == [300, 300, 300]  # ours forgets none
    assert [row["ours"] > 0 for row in rows if row["kind"] == Kind.RATE].count(True) >= 1  # every press was on disk


def test_a_table_lines_figures_up_and_names_the_goals_that_were_missed() -> None:
    row = Row(section="A tick", what="wall", kind=Kind.MILLISECONDS, ours=700, goal=600, peer="JobQueue", theirs=1400)
    fates = Row(section="A tick", what="fates", kind=Kind.FATES, ours=1000, of=1000, peer="JobQueue", theirs=0)

    rate = Row(section="A tick", what="rate", kind=Kind.RATE, ours=599, goal=600, peer="echo", theirs=599)

    lines = as_text([row, fates]).splitlines()

    assert lines == [
        "",
        "A tick",
        "                   ours       goal  peer          peer's  ours/peer's",
        "  wall           700 ms  <= 600 ms  JobQueue    1,400 ms         0.5x",
        "  fates  1,000 of 1,000             JobQueue  0 of 1,000          inf",
    ]
    assert missed([row, fates, rate]) == ["A tick: wall 700 ms, goal 600 ms", "A tick: rate 599/s, goal 600/s"]
