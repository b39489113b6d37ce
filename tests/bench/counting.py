"""A week's figures counted by the bot from a stored year; as a program it prints the time, the peak memory and the sums."""

import argparse
import json
from datetime import date
from pathlib import Path
from time import perf_counter

from bot.domain.figuring import figure, week_of
from bot.store import Store, weeks
from tests.bench.archive import AS_OF, plan_of
from tests.bench.children import peak


def main() -> None:
    """Count once and print a line of JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--path", type=Path, required=True)
    asked.add_argument("--units", type=int, required=True)
    words = asked.parse_args()
    plan = plan_of(words.units)
    week = week_of(date(2022, 11, 4), as_of=AS_OF)
    with Store(f"sqlite:///{words.path}") as store:
        began = perf_counter()
        found = store.read(
            lambda tx: figure(week, weeks.counted(tx, plan, as_of=AS_OF), plan=plan, previous=None, in_doubt=0)
        )
        seconds = perf_counter() - began
    most = peak()
    total, first = found.total, found.total.original
    counts = {
        name: getattr(total, name) for name in ("on_time", "late", "waiting", "overdue", "not_asked", "days_late")
    }
    judged = {"first_on_time": first.on_time, "first_late": first.late} if first else {}
    _, week_, month, longer, longest = total.ages
    ages = {"week": week_, "month": month, "longer": longer + longest}
    sizes = {"units": len(found.units), "tasks": len(found.tasks)}
    print(json.dumps({"seconds": seconds, "peak": most, **counts, **judged, **ages, **sizes}))


if __name__ == "__main__":
    main()
