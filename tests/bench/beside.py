"""Our ticks beside their schedulers: which cases are measured, and how they become rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.children import measured
from tests.bench.peers import PEERS
from tests.bench.table import Kind, Row

GOALS = {0: 2.0, 10_000: 600.0}  # ms a tick may take, by how many are due
BLOCKED_GOAL = 20.0  # ms
Case = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured: how many are stored, how many of them due, at ours and at each peer."""

    stored: tuple[int, ...]
    dues: tuple[int, ...]
    peers: tuple[tuple[str, int, tuple[int, ...]], ...]  # peer, stored, dues
    repeats: int


DEFAULT = Plan(
    stored=(100_000, 1_000_000),
    dues=(0, 1_000, 10_000),
    peers=(
        ("memory", 100_000, (0, 1_000, 10_000)),
        ("sqlite", 100_000, (0, 1_000)),
        ("queue", 100_000, (0, 1_000, 10_000)),
    ),
    repeats=3,
)
FULL = Plan(
    stored=DEFAULT.stored,
    dues=DEFAULT.dues,
    peers=(*DEFAULT.peers, ("memory", 1_000_000, DEFAULT.dues), ("queue", 1_000_000, DEFAULT.dues)),
    repeats=5,
)
QUICK = Plan(
    stored=(12_000,),
    dues=(0, 300),
    peers=tuple((peer, 1_000, (0, 300)) for peer in PEERS),
    repeats=1,
)


def rows(plan: Plan) -> list[Row]:
    """Measure and return the rows of this section."""
    ours = [case for stored in plan.stored for case in _run("ticks", plan, stored=stored, dues=plan.dues)]
    theirs = [
        case for peer, stored, dues in plan.peers for case in _run("peers", plan, peer=peer, stored=stored, dues=dues)
    ]
    return [row for case in ours for row in _beside(case, theirs)]


def _run(module: str, plan: Plan, *, dues: Sequence[int], **options: object) -> list[Case]:
    return measured(module, **options, dues=",".join(map(str, dues)), repeats=plan.repeats)


def _beside(ours: Case, theirs: Iterable[Case]) -> list[Row]:
    """Return the rows of one of our cases: its figures beside those of each peer with as many due."""
    found: list[Row] = []
    for name in PEERS:
        peer = _nearest(ours, [each for each in theirs if each["peer"] == name])
        if peer is not None:
            found += _figures(ours, peer)
    return found


def _nearest(ours: Case, cases: Sequence[Case]) -> Case | None:
    alike = [each for each in cases if each["due"] == ours["due"]]
    return min(alike, key=lambda each: abs(each["stored"] - ours["stored"]), default=None)


def _figures(ours: Case, peer: Case) -> list[Row]:
    due = ours["due"]
    section = f"A tick, {due or 'none'} due of {ours['stored']:,} stored"
    if due:
        section = f"A tick, {due:,} due of {ours['stored']:,} stored ({ours['letters']:,} letters)"
    name = PEERS[peer["peer"]]
    if peer["stored"] != ours["stored"]:
        name += f", {peer['stored']:,} stored"
    goal = GOALS.get(due)

    def row(what: str, kind: Kind, figure: str, *, scale: float = 1.0, goal: float | None = None) -> Row:
        return Row(
            section=section,
            what=what,
            kind=kind,
            ours=ours[figure] * scale,
            peer=name,
            theirs=peer[figure] * scale,
            goal=goal,
            of=due,
        )

    wall = row("until all is done", Kind.MILLISECONDS, "seconds", scale=1e3, goal=goal)
    if not due:
        return [wall]
    return [
        wall,
        row("event loop blocked", Kind.MILLISECONDS, "blocked", scale=1e3, goal=BLOCKED_GOAL),
        row("got their fate", Kind.FATES, "fired"),
        row("resident memory after it", Kind.MEGABYTES, "resident"),
    ]
