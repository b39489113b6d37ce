"""A channel's health outlives the process, and the admins hear of it once."""

from bot.store import Store, contacts, lines, notices, outbox
from bot.store.notices import NoticeKind
from bot.store.outbox import Lane
from tests.store.builders import DAY, HOUR, NOW, joined, letter, posted


def test_a_channel_is_down_from_the_first_moment_on_until_it_works(store: Store) -> None:
    assert store.write(lambda tx: lines.mark_down(tx, "zalo", reason="unreachable", now=NOW))
    assert not store.write(lambda tx: lines.mark_down(tx, "zalo", reason="unauthorized", now=NOW + HOUR))
    assert store.read(lines.down_since) == {"zalo": NOW}
    (notice,) = store.read(notices.standing)
    assert (notice.kind, notice.words) == (NoticeKind.CHANNEL_DOWN, {"channel": "zalo", "reason": "unreachable"})

    assert store.write(lambda tx: lines.mark_up(tx, "zalo", reasons=["unreachable"], now=NOW))
    assert not store.write(lambda tx: lines.mark_up(tx, "zalo", reasons=["unreachable"], now=NOW))
    assert store.read(lines.down_since) == {}
    assert store.read(notices.standing) == ()


def test_what_waited_for_a_line_goes_when_it_works_and_what_waits_for_its_hour_does_not(store: Store) -> None:
    rows = posted(
        store,
        letter("put off"),
        letter("throttled", chat_id="b"),
        letter("tomorrow", chat_id="c", not_before=NOW + DAY),
        letter("elsewhere", chat_id="d", channel="other"),
    )
    for key, reason in (("put off", "unreachable"), ("throttled", "throttled"), ("elsewhere", "unreachable")):
        store.write(lambda tx, k=key, r=reason: outbox.postpone(tx, rows[k], until=NOW + HOUR, reason=r))
    store.write(lambda tx: lines.mark_down(tx, "fake", reason="unreachable", now=NOW))

    store.write(lambda tx: lines.mark_up(tx, "fake", reasons=["unreachable"], now=NOW))

    claimed = store.write(lambda tx: outbox.claim(tx, now=NOW, limit=9, slowest=Lane.SUMMARY))
    assert [each.key for each in claimed] == ["put off"]


def test_whether_others_wait_than_those_who_failed(store: Store) -> None:
    posted(store, letter("k"), letter("later", chat_id="b", not_before=NOW + HOUR), letter("o", channel="other"))

    def wait(*but: str) -> bool:
        return store.read(lambda tx: lines.others_wait(tx, "fake", but=but, now=NOW))

    assert wait()
    assert wait("b")
    assert not wait("a")


def test_a_chat_to_try_a_line_on_is_one_that_is_not_gone(store: Store) -> None:
    assert store.read(lambda tx: lines.somebody_on(tx, "fake")) is None
    for chat in ("a", "b"):
        store.write(lambda tx, c=chat: joined(tx, c))
    store.write(lambda tx: contacts.mark_gone(tx, channel="fake", chat_id="a", why="left", now=NOW))

    assert store.read(lambda tx: lines.somebody_on(tx, "fake")) == "b"
    assert store.read(lambda tx: lines.somebody_on(tx, "other")) is None
