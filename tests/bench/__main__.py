"""`python -m tests.bench [--quick | --full] [--json FILE]`."""

import argparse
import json
from pathlib import Path

from tests.bench import answering, beside, catalogue, changing, figures, start
from tests.bench.table import as_json, as_text, missed

NOTES = """
Medians of repeated runs, all of this run on this machine. ours/peer's below 1: ours takes less.
Of fates and rates, above 1: more served.
Ours writes one bundle a person into a durable outbox and a ledger row a step; a peer's job appends to a list in memory.
A peer's time runs from the due moment to its last job, run or dropped; its fates are the jobs that ran."""


def main() -> None:
    """Measure, print, and write JSON where asked."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    size = asked.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a smoke of some seconds; its figures mean little")
    size.add_argument(
        "--full", action="store_true", help="the peers with 1,000,000 jobs too, which takes minutes to add"
    )
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    words = asked.parse_args()
    plan = beside.QUICK if words.quick else beside.FULL if words.full else beside.DEFAULT
    found = start.rows(repeats=1, idle=0.5) if words.quick else start.rows(repeats=5, idle=3.0)
    print(as_text(found), flush=True)
    acts = 600 if words.quick else 6_000
    answers = answering.rows(repeats=1 if words.quick else 5, acts=acts, install=not words.quick)
    print(as_text(answers), flush=True)
    checks = catalogue.rows(repeats=1, tasks=500) if words.quick else catalogue.rows(repeats=5, tasks=10_000)
    print(as_text(checks), flush=True)
    edits = (
        changing.rows(repeats=1, tasks=100, units=20)
        if words.quick
        else changing.rows(repeats=3, tasks=10_000, units=300)
    )
    print(as_text(edits), flush=True)
    stored = 100_000 if words.quick else 1_000_000
    weeks = figures.rows(stored=stored, repeats=1 if words.quick else 3, install=not words.quick)
    print(as_text(weeks), flush=True)
    ticks = beside.rows(plan)
    print(as_text(ticks))
    print(NOTES)
    rows = [*found, *answers, *checks, *edits, *weeks, *ticks]
    for line in missed(rows):
        print(f"MISSED  {line}")
    if words.json is not None:
        words.json.write_text(json.dumps(as_json(rows), ensure_ascii=False, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
