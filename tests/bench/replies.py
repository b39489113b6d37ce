"""How well short replies are read, over the set in tests/data/replies.tsv: `python -m tests.bench.replies [train|held]`."""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.replies import Intent, Reading, read_reply

ROWS = Path(__file__).parent.parent / "data" / "replies.tsv"
TODAY = date(2022, 10, 5)  # a Wednesday
CLOSING = frozenset({Intent.DONE, Intent.NOT_APPLICABLE})  # both end a task, subject to review


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reply and what it means to a reader who knows the work."""

    text: str
    intent: Intent
    sure: bool
    percent: float | None
    until: date | None
    source: str
    split: str

    def read(self) -> Reading:
        return read_reply(self.text, today=TODAY)

    def is_met_by(self, reading: Reading) -> bool:
        """Return whether the reading is right in all it would record; of a doubtful reply, whether it is asked back."""
        if not self.sure:
            return not reading.sure and reading.until in (None, self.until)
        said = (reading.intent, reading.sure, reading.percent, reading.until)
        return said == (self.intent, True, self.percent, self.until)


def rows(split: str = "") -> list[Row]:
    """Return the rows of one split, or all."""
    lines = [line for line in ROWS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [_row(line.split("\t")) for line in lines]
    return [row for row in found if split in ("", row.split)]


def _row(fields: list[str]) -> Row:
    text, intent, sure, percent, until, source, split = fields
    return Row(
        text=text,
        intent=Intent(intent),
        sure={"yes": True, "no": False}[sure],
        percent=float(percent) if percent else None,
        until=date.fromisoformat(until) if until else None,
        source=source,
        split=split,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over some rows: what was closed and rightly so, what is sure and was read, what is doubtful and was asked."""

    closed: int
    closed_rightly: int
    sure: int
    sure_read: int
    doubtful: int
    asked_back: int

    @property
    def precision(self) -> float:
        """Of the replies that would close a task, the share that rightly does."""
        return self.closed_rightly / self.closed if self.closed else 1.0

    @property
    def recall(self) -> float:
        """Of the short replies that are clear to a person, the share read fully right without asking back."""
        return self.sure_read / self.sure if self.sure else 1.0


def score(measured: list[Row]) -> Score:
    """Return the counts over these rows."""
    read = [(row, row.read()) for row in measured]
    closed = [(row, said) for row, said in read if said.sure and said.intent in CLOSING]
    sure = [(row, said) for row, said in read if row.sure]
    doubtful = [(row, said) for row, said in read if not row.sure]
    return Score(
        closed=len(closed),
        closed_rightly=sum(row.sure and row.intent is said.intent for row, said in closed),
        sure=len(sure),
        sure_read=sum(row.is_met_by(said) for row, said in sure),
        doubtful=len(doubtful),
        asked_back=sum(row.is_met_by(said) for row, said in doubtful),
    )


def missed(split: str) -> list[tuple[Row, Reading]]:
    """Return the rows of a split that are read otherwise. While rules are written, ask only for "train"."""
    return [(row, row.read()) for row in rows(split) if not row.is_met_by(row.read())]


def table() -> str:
    """Return the figures of both splits and of each source class, as lines of a table."""
    lines = [
        "| Part | Replies | Closed rightly | Clear ones read | Doubtful ones asked back |",
        "|---|---|---|---|---|",
    ]
    for split in ("train", "held"):
        mine = rows(split)
        parts = [(split, mine)]
        parts += [
            (f"{split}, {source}", [row for row in mine if row.source == source])
            for source in Counter(row.source for row in mine)
        ]
        for name, some in parts:
            found = score(some)
            lines.append(
                f"| {name} | {len(some)} | {_share(found.closed_rightly, found.closed)} "
                f"| {_share(found.sure_read, found.sure)} | {_share(found.asked_back, found.doubtful)} |"
            )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.1%})" if whole else "-"


if __name__ == "__main__":
    print(table())
    for row, said in missed(sys.argv[1]) if sys.argv[1:] else ():
        print(f"{row.text!r}: wanted {row.intent} {row.sure} {row.percent} {row.until}, read {said}")
