"""A published week is made again and compared byte for byte; what is decided later is told in the next one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.calendar import local_moment
from bot.domain.compliance import week_from_json, week_to_json
from bot.domain.standing import Status, Verdict
from bot.domain.tallies import Classes
from bot.jobs.summarise import PNG, XLSX, figures_of, freeze
from bot.jobs.verifying import Compared, Found, verify
from bot.store import Store, occurrences, outbox, summaries
from bot.store.outbox import State
from bot.store.summaries import Published
from tests.jobs.test_summarise import AS_OF_TIME, FRIDAY, WEEK, plan_of, publish, store
from tests.store.builders import DAY, HOUR, NOW, decided, letter, occurrence, reported

__all__ = ["store"]

NEXT = FRIDAY + 7 * DAY
NEXT_AS_OF = local_moment(NEXT.date(), AS_OF_TIME)


def published(store: Store) -> Published:
    found = store.read(lambda tx: summaries.get(tx, WEEK))
    assert found is not None
    return found


def found(store: Store, folder: Path) -> dict[tuple[str, bool], Found]:
    return {(each.what, each.on_disk): each.found for each in verify(published(store), folder)}


def test_a_published_week_comes_out_the_same_in_every_byte(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path)
    store.write(lambda tx: occurrence(tx, "R2", "snv", due_at=NOW))  # whatever happens later

    compared = found(store, tmp_path)

    assert set(compared.values()) == {Found.SAME}
    assert set(compared) == {
        ("figures", False),
        ("text", False),
        *((each, disk) for each in (PNG, XLSX) for disk in (False, True)),
    }


def test_a_changed_text_file_or_figure_is_found(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path)
    kept = published(store)
    picture = tmp_path / "summaries" / f"{WEEK}.png"
    picture.write_bytes(picture.read_bytes() + b"\0")
    (tmp_path / "summaries" / f"{WEEK}.xlsx").unlink()

    compared = found(store, tmp_path)
    assert (compared[PNG, False], compared[PNG, True]) == (Found.SAME, Found.OTHER)
    assert (compared[XLSX, False], compared[XLSX, True]) == (Found.SAME, Found.GONE)

    other = replace(kept, figures={**kept.figures, "given": 7})
    assert Compared(what="text", found=Found.OTHER) in verify(other, tmp_path)
    assert Compared(what="text", found=Found.OTHER) in verify(replace(kept, text=kept.text + "."), tmp_path)


def test_a_week_from_before_there_were_hashes_is_compared_as_far_as_it_goes(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path)
    new = week_from_json(published(store).figures)
    later = ("kinds", "tasks", "criteria", "standings", "beyond", "sha256", "rule", "revision")
    stored = {name: value for name, value in week_to_json(new).items() if name not in later}
    first = week_from_json({**stored, "form": 1})

    compared = {each.what: each.found for each in verify(freeze(first, now=FRIDAY), tmp_path)}

    assert compared == {"figures": Found.SAME, "text": Found.SAME, PNG: Found.UNKNOWN, XLSX: Found.UNKNOWN}
    assert "sha256" not in week_to_json(first)


@pytest.mark.parametrize(
    ("verdict", "after"),
    [
        pytest.param(Verdict.ACCEPT, Classes(on_time=2, late=0, waiting=0, overdue=0), id="accepted"),
        pytest.param(Verdict.RETURN, Classes(on_time=1, late=0, waiting=0, overdue=1), id="returned"),
    ],
)
def test_a_decision_taken_after_a_week_corrects_it_in_the_next(
    store: Store, tmp_path: Path, verdict: Verdict, after: Classes
) -> None:
    def report(tx) -> tuple[int, int]:
        each = occurrences.of_task(tx, "R1", ["tamky"])[0].id
        return each, reported(tx, each, done_since=NOW + 2 * DAY, now=NOW + 2 * DAY)

    each, report_id = store.write(report)
    publish(store, tmp_path)
    frozen = published(store)
    store.write(lambda tx: decided(tx, report_id, each, verdict=verdict, now=FRIDAY + DAY))

    figures = store.read(lambda tx: figures_of(tx, plan_of(), day=NEXT.date(), as_of=NEXT_AS_OF))

    assert figures.corrections is not None
    assert figures.corrections.week == WEEK
    assert figures.corrections.before == Classes(on_time=1, late=0, waiting=1, overdue=0)
    assert figures.corrections.after == after
    assert [change.task for change in figures.corrections.tasks] == ["R1"]
    assert published(store) == frozen
    assert week_from_json(frozen.figures).corrections is None


def test_an_extension_agreed_after_a_week_corrects_it_and_a_later_report_does_not(store: Store, tmp_path: Path) -> None:
    def tamky(tx) -> int:
        return occurrences.of_task(tx, "R1", ["tamky"])[0].id

    def extend(tx) -> None:
        move = {"due_at": NEXT, "handled_until": None, "next_step_at": None, "now": FRIDAY + DAY}
        occurrences.move_due(tx, tamky(tx), **move, cause=occurrences.BY_EXTENSION)

    def changed():
        figures = store.read(lambda tx: figures_of(tx, plan_of(), day=NEXT.date(), as_of=NEXT_AS_OF))
        return figures.corrections

    store.write(lambda tx: reported(tx, tamky(tx), status=Status.IN_PROGRESS, now=NOW + DAY))
    publish(store, tmp_path)
    store.write(lambda tx: reported(tx, tamky(tx), now=FRIDAY + DAY))
    assert changed() is None

    store.write(extend)
    corrections = changed()
    assert corrections is not None
    assert (corrections.before.overdue, corrections.after.overdue, corrections.after.due) == (1, 0, 1)


def test_what_is_in_doubt_counts_from_the_last_published_moment(store: Store, tmp_path: Path) -> None:
    def doubt(tx, key: str, at) -> None:
        row = outbox.put(tx, [letter(key)], now=NOW)[key]
        outbox.settle(tx, row, state=State.IN_DOUBT, now=at)

    publish(store, tmp_path)
    as_of = local_moment(FRIDAY.date(), AS_OF_TIME)
    store.write(lambda tx: doubt(tx, "told", as_of))
    store.write(lambda tx: doubt(tx, "friday afternoon", as_of + HOUR))
    store.write(lambda tx: doubt(tx, "monday", as_of + 3 * DAY))

    figures = store.read(lambda tx: figures_of(tx, plan_of(), day=NEXT.date(), as_of=NEXT_AS_OF))

    assert figures.in_doubt == 2
    assert figures.earlier[0].week == WEEK
    assert NEXT_AS_OF - as_of == timedelta(days=7)
