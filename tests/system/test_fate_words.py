"""What became of a step is said in words a person understands."""

import pytest

from bot.domain.delivery import Failure
from bot.domain.steps import Fate, Reason
from bot.store.outbox import SETTLED_BY_MORE, State
from bot.texts import LANGUAGES
from bot.texts.fates import fate_words

FATES = [*State, *(fate for fate in Fate if fate is not Fate.HANDED)]  # the outbox says what a handed one became
REASONS = [*Reason, *(each for each in Failure if each is not Failure.FENCED), *SETTLED_BY_MORE, "expired"]

each_language = pytest.mark.parametrize("language", sorted(LANGUAGES))


@each_language
@pytest.mark.parametrize("fate", sorted(set(map(str, FATES))))
def test_every_fate_has_its_words(language: str, fate: str) -> None:
    assert f"fate.{fate}" in LANGUAGES[language]
    assert "_" not in fate_words(language, fate, "")
    assert language == "en" or fate_words(language, fate, "") != fate


@each_language
@pytest.mark.parametrize("reason", sorted({*map(str, REASONS), "process_ended", "newer_bundle", "revoked", "no_admin"}))
def test_every_reason_has_its_words(language: str, reason: str) -> None:
    assert f"fate_why.{reason}" in LANGUAGES[language]
    said = fate_words(language, "sent", reason).replace("(", "").replace(")", "").split()
    assert language == "en" or reason not in said
    assert "_" not in " ".join(said)


def test_the_networks_own_words_follow() -> None:
    said = fate_words("vi", "failed", "rejected: Button_data_invalid")

    assert said == "không gửi được (kênh từ chối tin: Button_data_invalid)"
    assert fate_words("vi", "sent", "") == "đã gửi"
    assert fate_words("vi", "new", "thing") == "new (thing)"
