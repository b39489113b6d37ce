"""Exports: a row a report, a fate, an occurrence; nothing in them that points at a chat."""

from datetime import datetime

from bot.domain.standing import Status
from bot.domain.steps import Fate
from bot.store import Store, Tx, ledger, outbox, reports
from bot.store.exports import EXPORTS, Cell
from bot.store.ledger import Entry
from bot.store.outbox import State
from tests.store.builders import DAY, HOUR, NOW, decided, joined, letter, occurrence, plan_of, reported

CHAT = "chat-0912345678"


def write(store: Store) -> None:
    def one_story(tx: Tx) -> None:
        person = joined(tx, CHAT)
        first = occurrence(tx, due_at=NOW + DAY)
        occurrence(tx, "R2", "snv", due_at=NOW - DAY)
        report = reported(tx, first, person_id=person, note="=1+1", now=NOW)
        reports.add_remark(tx, report_id=report, person_id=person, text="thêm", now=NOW)
        decided(tx, report, first, person_id=person, now=NOW + HOUR)
        reported(tx, first, person_id=person, status=Status.EXTENSION, wanted_due_at=NOW + 9 * DAY, now=NOW + 2 * HOUR)
        row = outbox.put(tx, [letter("k", chat_id=CHAT)], now=NOW)["k"]
        outbox.settle(tx, row, state=State.SENT, now=NOW + HOUR)
        entry = Entry(
            occurrence_id=first,
            step="-3d",
            due_at=NOW + DAY,
            planned_at=NOW,
            fate=Fate.HANDED,
            person_id=person,
            outbox_id=row,
        )
        ledger.add(tx, [entry], now=NOW)

    store.write(one_story)


def exported(store: Store, name: str) -> list[dict[str, Cell]]:
    names, rows = store.read(lambda tx: EXPORTS[name](tx, plan_of(), NOW + 3 * HOUR))
    assert all(len(row) == len(names) for row in rows)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_every_report_is_a_row(store: Store) -> None:
    write(store)

    first, second = exported(store, "reports")

    assert (first["task"], first["unit"], first["status"], first["verdict"]) == ("R1", "stc", "done", "accept")
    assert (first["person"], first["channel"], first["note"]) == (f"Người {CHAT}", "fake", "=1+1\nthêm")
    assert first["at"] == NOW
    assert (second["status"], second["wanted_due"], second["verdict"]) == ("extension", NOW + 9 * DAY, "")


def test_every_fate_is_a_row(store: Store) -> None:
    write(store)

    (row,) = exported(store, "ledger")

    assert (row["step"], row["fate"], row["person"], row["channel"]) == ("-3d", "sent", f"Người {CHAT}", "fake")
    assert (row["planned"], row["at"], row["due"]) == (NOW, NOW + HOUR, NOW + DAY)


def test_every_live_occurrence_is_a_row_as_it_stands(store: Store) -> None:
    write(store)

    late, extended = exported(store, "standing")

    assert (late["task"], late["standing"], late["status"], late["reported_at"]) == ("R2", "overdue", "", None)
    assert (extended["task"], extended["unit_name"], extended["status"]) == ("R1", "Đơn vị stc", "extension")


def test_an_export_points_at_no_chat(store: Store) -> None:
    write(store)

    cells = [cell for name in EXPORTS for row in exported(store, name) for key, cell in row.items() if key != "person"]

    assert not [cell for cell in cells if isinstance(cell, str) and CHAT in cell]
    assert all(cell.utcoffset() is not None for cell in cells if isinstance(cell, datetime))
