"""Telling the admins: all that is new in one letter each, in office hours, each matter once, nobody named."""

from datetime import timedelta

import pytest

from bot.domain.calendar import Calendar
from bot.domain.plan import Role
from bot.jobs.notify import notify
from bot.store import Store, notices, outbox
from bot.store.notices import WORDS, NoticeKind
from bot.store.outbox import Claimed, Lane
from bot.texts import LANGUAGES
from bot.texts.admin import SHOWN, Matter, told, told_together
from tests.fakes.channel import CAPS, NAME
from tests.store.builders import DAY, HOUR, NOW, joined

NIGHT = NOW + 12 * HOUR
TEN_PAST = timedelta(minutes=10)


@pytest.fixture
def admins(sqlite_store: Store) -> Store:
    """A store with two admins, one of them of two units."""
    for chat, unit in (("a1", "snv"), ("a1", "stc"), ("a2", "stc")):
        sqlite_store.write(lambda tx, c=chat, u=unit: joined(tx, c, unit=u, role=Role.ADMIN))
    return sqlite_store


def breaks(store: Store, unit: str = "Sở Tài chính", *, now=NOW) -> bool:
    return store.write(
        lambda tx: notices.raise_notice(
            tx, key=f"unit:{unit}", kind=NoticeKind.UNIT_UNREACHABLE, words={"unit": unit}, now=now
        )
    )


def heals(store: Store, unit: str = "Sở Tài chính") -> None:
    store.write(lambda tx: notices.clear(tx, f"unit:{unit}"))


def tell(store: Store, *, now=NOW) -> int:
    return store.write(lambda tx: notify(tx, calendar=Calendar(), caps={NAME: CAPS}, now=now))


def sent(store: Store, *, now=NOW) -> list[Claimed]:
    found: list[Claimed] = []
    while wave := store.write(lambda tx: outbox.claim(tx, now=now, limit=99, slowest=Lane.SUMMARY)):
        found += wave
        for each in wave:
            store.write(lambda tx, letter=each.id: outbox.settle(tx, letter, state=outbox.State.SENT, now=now))
    return found


def test_each_admin_gets_one_letter_with_all_that_is_new(admins: Store) -> None:
    breaks(admins)
    breaks(admins, "UBND thành phố Tam Kỳ")

    assert tell(admins) == 2

    letters = sent(admins)
    assert [letter.chat_id for letter in letters] == ["a1", "a2"]
    for letter in letters:
        assert letter.lane is Lane.ESCALATION
        assert "1. Sở Tài chính không còn ai nhận được tin từ 08:00 ngày 26/09/2022" in letter.out.text
        assert "2. UBND thành phố Tam Kỳ" in letter.out.text


def test_a_matter_is_told_once_while_it_lasts(admins: Store) -> None:
    breaks(admins)
    assert tell(admins) == 1
    sent(admins)

    breaks(admins, now=NOW + TEN_PAST)

    assert tell(admins, now=NOW + TEN_PAST) == 0
    assert sent(admins, now=NOW + TEN_PAST) == []


def test_what_heals_and_breaks_again_is_told_again_even_at_the_same_moment(admins: Store) -> None:
    breaks(admins)
    tell(admins)
    assert len(sent(admins)) == 2
    heals(admins)
    assert tell(admins) == 0

    breaks(admins)

    assert tell(admins) == 1
    assert len(sent(admins)) == 2


def test_what_is_over_before_it_was_told_is_not_told(admins: Store) -> None:
    breaks(admins, now=NIGHT)
    heals(admins)

    assert tell(admins, now=NOW + DAY) == 0


def test_nobody_is_woken_and_everything_is_told_in_the_morning(admins: Store) -> None:
    breaks(admins, now=NIGHT)
    assert tell(admins, now=NIGHT) == 0

    assert tell(admins, now=NOW + DAY) == 1


def test_where_there_is_no_admin_it_waits_until_one_joins(sqlite_store: Store) -> None:
    sqlite_store.write(lambda tx: joined(tx, "o1", unit="snv", role=Role.OFFICE))
    breaks(sqlite_store)
    assert tell(sqlite_store) == 0
    assert len(sqlite_store.read(notices.untold)) == 1

    sqlite_store.write(lambda tx: joined(tx, "a1", unit="snv", role=Role.ADMIN))

    assert tell(sqlite_store) == 1
    assert sqlite_store.read(notices.untold) == ()


def test_a_letter_that_is_not_stored_leaves_its_matters_untold(admins: Store) -> None:
    breaks(admins)

    def fails(tx) -> None:
        notify(tx, calendar=Calendar(), caps={NAME: CAPS}, now=NOW)
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  (any will do)
        admins.write(fails)

    assert tell(admins) == 1


def test_a_long_list_is_cut_and_says_where_the_rest_is(admins: Store) -> None:
    for number in range(SHOWN + 5):
        breaks(admins, f"Đơn vị {number}")

    assert tell(admins) == SHOWN + 5

    text = sent(admins)[0].out.text
    assert f"{SHOWN}. " in text
    assert f"{SHOWN + 1}. " not in text
    assert "5 việc khác; xem đủ bằng lệnh nhacviec doctor" in text
    assert tell(admins) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind is not NoticeKind.AUDIT])
def test_every_kind_has_a_sentence_made_of_the_words_it_promised(language: str, kind: NoticeKind) -> None:
    closed = {
        NoticeKind.CONTACT_GONE: {"role": "focal", "reason": "left"},
        NoticeKind.CATALOGUE_REFUSED: {"count": "1", "lines": "plan_tasks.yaml:3:1: telegram."},
    }
    words = {**dict.fromkeys(WORDS[kind], "telegram"), **closed.get(kind, {})}
    said = told(language, Matter(kind=kind, words=words, since=NOW))

    assert said.endswith(".")
    assert "{" not in said
    assert ("telegram" in said.casefold()) is bool(WORDS[kind])


@pytest.mark.parametrize(
    ("reason", "todo"),
    [
        pytest.param("unauthorized", "máy chủ từ chối mã bot. Đề nghị kiểm tra zalo.token rồi khởi động lại", id="token"),
        pytest.param("unreachable", "máy chủ không trả lời. Đề nghị kiểm tra đường truyền", id="line"),
        pytest.param("anything", "máy chủ không trả lời", id="a reason we do not know"),
    ],
)  # fmt: skip
def test_a_channel_that_is_down_is_named_with_its_hour_and_what_to_do(reason: str, todo: str) -> None:
    words = {"channel": "zalo", "reason": reason}

    said = told("vi", Matter(kind=NoticeKind.CHANNEL_DOWN, words=words, since=NOW))

    assert said.startswith("Kênh Zalo không gửi được từ 08:00 ngày 26/09/2022")
    assert todo in said
    assert said.endswith("tin chờ vẫn được giữ.")


def test_the_letter_says_how_many_matters_there_are() -> None:
    one = Matter(kind=NoticeKind.UNIT_UNREACHABLE, words={"unit": "Sở Y tế"}, since=NOW)

    assert told_together("vi", [one], name="An").heading == "Thông báo vận hành (1)"
    assert told_together("en", [one], name="An").text.startswith("Dear An. The system notes:\n1. Nobody of Sở Y tế")
