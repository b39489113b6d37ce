"""Reports, remarks, evidence and decisions: only added, the latest counts, and one decision a report."""

import pytest

from bot.domain.standing import Status, Verdict
from bot.store import Store, Tx, occurrences, reports
from tests.store.builders import DAY, HOUR, NOW, SECOND, at_once, decided, joined, occurrence, reported


def test_a_correction_is_a_new_report_and_the_old_one_stays(store: Store) -> None:
    first = store.write(occurrence)
    old = store.write(lambda tx: reported(tx, first, status=Status.IN_PROGRESS, note="đang làm"))
    new = store.write(lambda tx: reported(tx, first, note="xong"))

    history = store.read(lambda tx: reports.history(tx, occurrence_id=first))

    assert [(each.id, each.status, each.note) for each in history] == [
        (old, Status.IN_PROGRESS, "đang làm"),
        (new, Status.DONE, "xong"),
    ]
    kept = store.read(lambda tx: occurrences.get(tx, first))
    assert kept is not None
    assert kept.report_id == new


def test_a_report_shows_everything_that_was_added_to_it(store: Store) -> None:
    def write(tx: Tx) -> int:
        person = joined(tx, "a")
        first = occurrence(tx)
        report = reported(tx, first, person_id=person, note="Xong")
        reports.add_remark(tx, report_id=report, person_id=person, text="thêm một", now=NOW)
        reports.add_remark(tx, report_id=report, person_id=person, text="thêm hai", now=NOW)
        for name in ("a.pdf", "b.pdf"):
            new = reports.NewEvidence(
                report_id=report, person_id=person, name=name, media="m", size=1, sha256="0", path=f"/e/{name}"
            )
            reports.add_evidence(tx, new, now=NOW)
        decided(tx, report, first, verdict=Verdict.RETURN, person_id=person)
        return report

    report = store.write(write)

    found = store.read(lambda tx: reports.get(tx, report))
    assert found is not None
    assert found.note == "Xong\nthêm một\nthêm hai"
    assert found.files == ("a.pdf", "b.pdf")
    assert (found.person, found.verdict) == ("Người a", Verdict.RETURN)
    assert [each.path for each in store.read(lambda tx: reports.files_of(tx, report))] == ["/e/a.pdf", "/e/b.pdf"]
    assert store.read(lambda tx: reports.many(tx, [report, 404])) == {report: found}
    assert store.read(lambda tx: reports.get(tx, 404)) is None


@pytest.mark.parametrize("count", [2, 5])
def test_of_those_who_decide_at_once_one_does(store: Store, count: int) -> None:
    first = store.write(occurrence)
    report = store.write(lambda tx: reported(tx, first))
    deciders = [store.write(lambda tx, n=number: joined(tx, f"o{n}")) for number in range(count)]

    def decide(person: int):
        verdict = Verdict.ACCEPT if person % 2 else Verdict.RETURN
        return lambda tx: decided(tx, report, first, verdict=verdict, person_id=person, now=NOW + person * SECOND)

    won = at_once(store, *map(decide, deciders))

    winner = deciders[won.index(True)]
    found = store.read(lambda tx: reports.get(tx, report))
    assert won.count(True) == 1
    assert found is not None
    assert found.verdict is (Verdict.ACCEPT if winner % 2 else Verdict.RETURN)
    decided_by = store.read(lambda tx: reports.decided_by(tx, report))
    assert decided_by == (f"Người o{deciders.index(winner)}", NOW + winner * SECOND)


def test_a_report_nobody_decided_on_has_no_decider(store: Store) -> None:
    first = store.write(occurrence)
    report = store.write(lambda tx: reported(tx, first))

    with pytest.raises(LookupError):
        store.read(lambda tx: reports.decided_by(tx, report))


def test_extensions_granted_are_counted(store: Store) -> None:
    first, other = store.write(lambda tx: occurrence(tx, unit="a")), store.write(lambda tx: occurrence(tx, unit="b"))
    for verdict in (Verdict.EXTEND, Verdict.REFUSE, Verdict.EXTEND):
        report = store.write(lambda tx: reported(tx, first, status=Status.EXTENSION))
        store.write(lambda tx, r=report, v=verdict: decided(tx, r, first, verdict=v))

    assert store.read(lambda tx: reports.extensions(tx, first)) == 2
    assert store.read(lambda tx: reports.extensions(tx, other)) == 0


def test_the_last_report_of_a_person_since_a_moment(store: Store) -> None:
    first = store.write(occurrence)
    store.write(lambda tx: reported(tx, first, person_id=1, now=NOW))
    mine = store.write(lambda tx: reported(tx, first, person_id=1, now=NOW + HOUR))
    store.write(lambda tx: reported(tx, first, person_id=2, now=NOW + DAY))

    def latest(since) -> int | None:
        return store.read(lambda tx: reports.latest_of(tx, person_id=1, since=since))

    assert latest(NOW) == latest(NOW + HOUR) == mine
    assert latest(NOW + HOUR + SECOND) is None
