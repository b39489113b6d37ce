"""The commands for people who cannot be reached: a sheet to call from, a code for somebody's second chat."""

import csv
import io
import json
from pathlib import Path
from shutil import copy, copytree

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from bot.app.clock import RealClock
from bot.app.home import Home
from bot.app.opening import open_store
from bot.cli.calling import callsheet_command
from bot.cli.inviting import invite_command, people_command
from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.domain.steps import Fate
from bot.settings import load_settings
from bot.store import Store, Tx, contacts, invites, ledger, lines, outbox, people
from bot.store.outbox import State
from bot.store.tables import outbox as letters
from tests.store.builders import DAY, letter, occurrence
from tests.world import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    copytree(ROOT / "config", tmp_path / "config")
    copy(ROOT / "plan_tasks.yaml", tmp_path)
    return tmp_path


def opened(home: Path) -> Store:
    return open_store(Home(home), load_settings(home, {}))


def called(command, home: Path, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=home)


def joins(tx: Tx, name: str) -> int:
    now = RealClock().now()
    return people.join(tx, channel="telegram", user_id="777001", name=name, unit="snv", role=Role.FOCAL, now=now).id


def is_lost(tx: Tx, name: str) -> None:
    """Let a reminder to somebody fail on a channel that is down."""
    now = RealClock().now()
    person = joins(tx, name)
    about = occurrence(tx, "R18", "snv", "2022-09", due_at=now + DAY, now=now)
    new = letter("remind:1", channel="telegram", chat_id="777001", person_id=person)
    (letter_id,) = outbox.put(tx, [new], now=now).values()
    entry = ledger.Entry(
        occurrence_id=about,
        step="-1d",
        due_at=now + DAY,
        planned_at=now,
        fate=Fate.HANDED,
        person_id=person,
        outbox_id=letter_id,
    )
    ledger.add(tx, [entry], now=now)
    lines.mark_down(tx, "telegram", reason=Failure.UNREACHABLE, now=now)
    tx.execute(update(letters).values(state=State.FAILED, reason=Failure.UNREACHABLE, settled_at=now))


def test_the_sheet_is_empty_where_everybody_is_reached(home: Path) -> None:
    assert "Cần gọi điện: 0 việc" in called(callsheet_command, home).output


def test_the_sheet_names_unit_person_task_and_what_to_say_and_no_chat(home: Path) -> None:
    with opened(home) as store:
        store.write(lambda tx: is_lost(tx, "Trần Thị Lan"))

    spoken, written = called(callsheet_command, home), called(callsheet_command, home, "--json")

    assert "Cần gọi điện: 1 việc" in spoken.output
    assert "- Sở Nội vụ – Trần Thị Lan: Sở Nội vụ: nhiệm vụ R18 (tháng 9/2022)" in spoken.output
    (call,) = json.loads(written.output)
    assert (call["unit"], call["name"], call["task"]) == ("Sở Nội vụ", "Trần Thị Lan", "R18")
    assert "777001" not in spoken.output + written.output


def test_a_name_that_a_spreadsheet_would_take_for_a_formula_is_harmless_on_the_sheet(home: Path) -> None:
    with opened(home) as store:
        store.write(lambda tx: is_lost(tx, '=HYPERLINK("http://x")'))

    assert called(callsheet_command, home, "--csv", str(home / "goi.csv")).exit_code == 0

    (row,) = csv.DictReader(io.StringIO((home / "goi.csv").read_text(encoding="utf-8-sig")))
    assert list(row) == ["unit", "name", "task", "due", "say"]
    assert row["name"].startswith("'=")


def test_a_code_for_a_second_chat_links_it_to_the_same_person_and_people_names_both(home: Path) -> None:
    with opened(home) as store:
        person = store.write(lambda tx: joins(tx, "Lan"))
    made = called(invite_command, home, "--person", str(person), "--json")

    invitation = json.loads(made.output)
    assert (invitation["unit"], invitation["role"]) == ("snv", "focal")
    with opened(home) as store:
        here = {"channel": "zalo", "chat_id": "z9"}
        code, now = invitation["code"], RealClock().now()
        found = store.write(lambda tx: invites.redeem(tx, code=code, **here, now=now))
        assert isinstance(found, invites.Invitation)
        assert found.for_person == person
        store.write(lambda tx: contacts.link(tx, person_id=person, **here))
    (listed,) = json.loads(called(people_command, home, "--json").output)
    assert listed["channels"] == ["telegram", "zalo"]


def test_a_code_for_a_second_chat_dies_with_the_persons_rights(home: Path) -> None:
    with opened(home) as store:
        person = store.write(lambda tx: joins(tx, "Lan"))
    code = json.loads(called(invite_command, home, "--person", str(person)).output)["code"]
    with opened(home) as store:
        now = RealClock().now()
        store.write(lambda tx: people.revoke(tx, person_id=person, now=now))
        found = store.write(lambda tx: invites.redeem(tx, code=code, channel="zalo", chat_id="z", now=now))

    assert found is invites.Refusal.UNKNOWN


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("--person", "99"), 1, id="nobody has this number"),
        pytest.param(("--person", "1", "--unit", "snv"), 2, id="a person and a unit"),
        pytest.param(("--person", "1", "--role", "focal"), 2, id="a person and a role"),
        pytest.param(("--unit", "snv"), 2, id="a unit without a role"),
        pytest.param((), 2, id="nothing at all"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(home: Path, words: tuple[str, ...], code: int) -> None:
    assert called(invite_command, home, *words).exit_code == code
