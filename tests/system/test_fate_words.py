"""What became of a step is said in words a person understands."""

import pytest

from bot.cli.fates import fate_words
from bot.domain.delivery import Failure
from bot.domain.steps import Fate, Reason
from bot.store.outbox import SETTLED_BY_MORE, State

FATES = [*State, *(fate for fate in Fate if fate is not Fate.HANDED)]  # the outbox says what a handed one became
REASONS = [*Reason, *(each for each in Failure if each is not Failure.FENCED), *SETTLED_BY_MORE, "expired"]


@pytest.mark.parametrize("fate", sorted(set(map(str, FATES))))
def test_every_fate_has_its_words(fate: str) -> None:
    assert "_" not in fate_words(fate, "")
    assert fate_words(fate, "") != fate


@pytest.mark.parametrize("reason", sorted({*map(str, REASONS), "process_ended", "newer_bundle"}))
def test_every_reason_has_its_words(reason: str) -> None:
    assert reason not in fate_words("sent", reason).replace("(", "").replace(")", "").split()


def test_the_networks_own_words_follow() -> None:
    said = fate_words("failed", "rejected: Button_data_invalid")

    assert said == "không gửi được (kênh từ chối tin: Button_data_invalid)"
    assert fate_words("sent", "") == "đã gửi"
    assert fate_words("new", "thing") == "new (thing)"
