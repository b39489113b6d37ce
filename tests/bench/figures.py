"""A week's figures over all that is stored: ours beside the same figures in pandas from the same rows."""

import json
import subprocess
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import pandas_venv
from tests.bench.archive import AS_OF, PERIODS, TASKS, filled
from tests.bench.children import environment, measured
from tests.bench.table import Kind, Row

PANDAS = "pandas"
_MEASURES = ("seconds", "peak")


def rows(*, stored: int, repeats: int, install: bool) -> list[Row]:
    """Measure and return the rows of this section; none where pandas is not there and `install` is False.

    Raises RuntimeError where the two do not come to the same figures: then no time would mean anything.
    """
    python = pandas_venv.python(make=install)
    if python is None:
        return []
    units = stored // (TASKS * len(PERIODS))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "year.db"
        filled(path, stored=stored).close()
        ours: list[dict[str, Any]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(repeats):  # in turn, so that a slow minute of the machine is everybody's
            ours += measured("counting", path=path, units=units)
            theirs.append(_peer(python, path))
    _check(ours[0], theirs[0])
    return [
        Row(
            section=f"A week's figures over {stored:,} occurrences in {units:,} units, by unit and by task; ours with its lists",
            what=what,
            kind=kind,
            ours=median(run[measure] for run in ours),
            peer=PANDAS,
            theirs=median(run[measure] for run in theirs),
        )
        for measure, what, kind in (
            ("seconds", "from the database to the figures", Kind.SECONDS),
            ("peak", "peak memory", Kind.MEGABYTES),
        )
    ]


def _peer(python: str, path: Path) -> dict[str, Any]:
    script = str(Path(__file__).parent / "pandas_week.py")
    words = [python, script, str(path), f"{AS_OF:%Y-%m-%d %H:%M:%S.%f}"]
    done = subprocess.run(words, env=environment(), stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _check(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    differ = {name: (ours[name], theirs[name]) for name in ours if name not in _MEASURES and ours[name] != theirs[name]}
    if differ:
        raise RuntimeError(f"ours and pandas come to other figures: {differ}")
