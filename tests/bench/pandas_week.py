"""The same figures by pandas from the same rows, as somebody would write it; a script of its own virtual environment."""

import json
import sqlite3
import sys
from pathlib import Path
from time import perf_counter

import pandas as pd

TABLES = {
    "occurrence": "select id, task, unit, original_due_at from occurrence where known_at <= ? and ended_at is null",
    "report": "select id as report_id, occurrence_id, status, done_since, at as said_at from report where at <= ?",
    "decision": "select report_id, verdict from decision where at <= ?",
    "due_change": "select id, occurrence_id, due_at from due_change where at <= ?",
    "ledger": "select occurrence_id, fate, reason, outbox_id from ledger where at <= ?",
    "outbox": "select id as outbox_id, state from outbox where settled_at <= ?",
}
SENT = {"sent": 8, "in_doubt": 4}
LOCAL = pd.Timedelta(hours=7)


def main() -> None:
    """Read, count, and print the time, the peak memory and the sums."""
    path, cut = sys.argv[1:]
    began = perf_counter()
    with sqlite3.connect(path) as db:
        read = {name: pd.read_sql_query(query, db, params=[cut]) for name, query in TABLES.items()}
    units, tasks = figures(joined(read), pd.Timestamp(cut))
    seconds = perf_counter() - began
    said = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(said.partition("VmHWM:")[2].split()[0]) / 1000  # getrusage counts whoever started us too
    sums = {name: int(count) for name, count in units.sum().items()}
    sizes = {"units": len(units), "tasks": len(tasks)}
    print(json.dumps({"seconds": seconds, "peak": peak, **sums, **sizes}))


def joined(read: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row an occurrence with its last report, its decision, its due and how far it was asked."""
    last = read["report"].sort_values("report_id").drop_duplicates("occurrence_id", keep="last")
    last = last.merge(read["decision"], on="report_id", how="left")
    moved = read["due_change"].sort_values("id").drop_duplicates("occurrence_id", keep="last")
    told = read["ledger"].merge(read["outbox"], on="outbox_id", how="left")
    told["far"] = told["state"].map(SENT).fillna(2)
    told.loc[told["fate"] != "handed", "far"] = 0
    told.loc[told["reason"] == "no_contact", "far"] = 1
    asked = told.groupby("occurrence_id")["far"].max().rename("far")
    rows = read["occurrence"].merge(last, left_on="id", right_on="occurrence_id", how="left")
    rows = rows.drop(columns="occurrence_id").merge(
        moved[["occurrence_id", "due_at"]], left_on="id", right_on="occurrence_id", how="left"
    )
    rows = rows.join(asked, on="id")
    for name in ("original_due_at", "due_at", "said_at", "done_since"):
        rows[name] = pd.to_datetime(rows[name])
    return rows


def figures(rows: pd.DataFrame, cut: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts by unit and by task."""
    due = rows["due_at"].fillna(rows["original_due_at"])
    done_at = rows["done_since"].fillna(rows["said_at"])
    done = (rows["status"] == "done") & (rows["verdict"] == "accept")
    waits = rows["status"].isin(["done", "not_ours"]) & rows["verdict"].isna()
    came = due <= cut
    open_ = ~done & ~waits & (due < cut)
    far = rows["far"].fillna(0).where(rows["status"].isna(), 8)
    extends = (rows["status"] == "extension") & rows["verdict"].isna()
    late = open_ & (far == 8) & ~extends
    days = ((cut + LOCAL).normalize() - (due + LOCAL).dt.normalize()).dt.days
    first = rows["original_due_at"]
    classes = pd.DataFrame(
        {
            "unit": rows["unit"],
            "task": rows["task"],
            "on_time": came & done & (done_at <= due),
            "late": came & done & (done_at > due),
            "waiting": came & waits,
            "overdue": late,
            "not_asked": open_ & ~late,
            "days_late": days.where(late, 0),
            "first_on_time": (first <= cut) & done & (done_at <= first),
            "first_late": (first <= cut) & done & (done_at > first),
            "week": late & days.between(1, 7),
            "month": late & days.between(8, 30),
            "longer": late & (days > 30),
        }
    )
    return (
        classes.drop(columns="task").groupby("unit").sum(),
        classes.drop(columns="unit").groupby("task").sum(),
    )


if __name__ == "__main__":
    main()
