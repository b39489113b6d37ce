"""Each guard switched off by itself: at least one of the tests that say they test it fails."""

import json
import os
import subprocess
import sys

import pytest

from tests.guards.switched_off import GUARDS
from tests.world import ROOT

TIME, DOUBT, OUTAGES = "tests/stories/test_time.py", "tests/stories/test_doubt.py", "tests/stories/test_outages.py"
GRAIN, DELIVER, FENCED = (
    "tests/stories/test_against_the_grain.py",
    "tests/jobs/test_deliver.py",
    "tests/jobs/test_fenced.py",
)
EDITS, APPLY, TRIAL = (
    "tests/stories/test_catalogue_edits.py",
    "tests/jobs/test_apply.py",
    "tests/jobs/test_shadow.py",
)
LIMITER = "tests/channels/test_telegram_limiter.py"

TESTS = {  # by guard: the file, and words of the names of the tests that must see it missing
    "office hours": (TIME, "outside_office_hours"),
    "handled_until": (TIME, "restart_after_the_reminder or clock_set_back"),
    "a key is said once": ("tests/store/test_outbox.py", "key_is_said_once"),
    "one bundle a morning": (TIME, "later_the_same_morning"),
    "newest step only": (OUTAGES, "two_weeks"),
    "no chase after a report": (OUTAGES, "answered_before_the_outage"),
    "a waiting bundle is superseded": (OUTAGES, "outlived"),
    "proven before upward": (OUTAGES, "two_weeks"),
    "fates of a due that comes back": (TIME, "moves_away_and_back"),
    "reminders are not repeated": (DOUBT, "left_to_the_next_step"),
    "the last call is repeated": (DOUBT, "sent_once_more_marked"),
    "a repeat is marked": (DOUBT, "sent_once_more_marked"),
    "a claim left behind is in doubt": (DELIVER, "died_in_mid_air"),
    "what is past its time fails": ("tests/store/test_outbox.py", "worth_nothing"),
    "fence in memory": (FENCED, "lost_its_lease or older_lease"),
    "fence in the database": (FENCED, "newer_holder"),
    "limiter": (LIMITER, "even_pace"),
    "limiter of a chat": (LIMITER, "one_chat_that_waits or group_gets_20"),
    "an update is stored once": ("tests/store/test_inbox.py", "twice_is_one"),
    "an update is handled once": ("tests/store/test_inbox.py tests/app/test_hearing.py", "once or twice"),
    "rights are taken back": (GRAIN, "lost_their_rights"),
    "a blocked chat is marked": (DELIVER, "chat_that_is_gone"),
    "moves of a due are kept": (
        "tests/store/test_weeks.py tests/store/test_outages.py",
        "due_of_that_time or due_that_moved",
    ),
    "brake in the chat": (EDITS, "an_edit_above_the_brake"),
    "brake at the machine": ("tests/cli/test_changing.py", "above_the_brake"),
    "a second admin is another person": (EDITS, "needs_two_admins"),
    "only admins answer": (EDITS, "only_admins"),
    "an edit takes the place of the one before it": (EDITS, "later_edit_takes_the_place"),
    "over what was compared": (APPLY, "not_applied_over_another"),
    "what fails its check is not applied": (EDITS, "last_good_one_runs_on"),
    "a true message is not claimed in a trial run": (TRIAL, "leaves_out_whatever_is_true"),
    "a trial run holds back": ("tests/stories/test_shadow.py", "nobody_else_hears_anything"),
    "moved dues of what is open only": (APPLY, "finished_or_nobody"),
    "moved dues are told": (APPLY, "tells_each_person_it_concerns"),
    "moved dues in office hours": (APPLY, "tells_each_person_it_concerns"),
    "an extension is not shortened": (APPLY, "never_shortened"),
    "an import invents no day": ("tests/imports/test_rows.py", "very_line_that_is_open"),
}


@pytest.fixture(scope="module")
def played() -> dict[str, tuple[int, str]]:
    """What came of each guard's tests without it: pytest's exit code, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.guards.play"],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": os.devnull},
        input=json.dumps(TESTS),
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    found: dict[str, tuple[int, str]] = json.loads(done.stdout)
    return found


def test_every_guard_names_its_tests() -> None:
    assert set(TESTS) == set(GUARDS)


@pytest.mark.parametrize("guard", list(TESTS))
def test_a_guard_that_is_switched_off_is_missed(played: dict[str, tuple[int, str]], guard: str) -> None:
    code, said = played[guard]

    assert code == pytest.ExitCode.TESTS_FAILED, f"no test misses it:\n{said[-3000:]}"
    assert not {"TypeError", "AttributeError"} & set(said.replace(":", " ").split()), said[-3000:]
