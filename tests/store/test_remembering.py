"""Questions, summaries, revisions, transcripts: what is remembered, and for how long."""

import pytest

from bot.ports import Out
from bot.store import Store, Tx, inbox, outbox, questions, revisions, summaries, transcripts
from bot.store.outbox import State
from bot.store.questions import Question
from bot.store.summaries import Published
from bot.store.transcripts import Said, Told
from tests.store.builders import DAY, HOUR, NOW, SECOND, at_once, letter, posted


def asked(kind: str, *, life=HOUR) -> Question:
    return Question(kind=kind, subject={"occurrence": 1, "chữ": "ệ"}, expires_at=NOW + life)


def ask(store: Store, question: Question, *, chat_id: str = "a") -> None:
    store.write(lambda tx: questions.ask(tx, channel="fake", chat_id=chat_id, asked=question, now=NOW))


def current(store: Store, *, chat_id: str = "a", now=NOW) -> Question | None:
    return store.read(lambda tx: questions.current(tx, channel="fake", chat_id=chat_id, now=now))


def test_one_question_is_open_in_a_chat(store: Store) -> None:
    ask(store, asked("figure"))
    ask(store, asked("note"))

    assert current(store) == asked("note")
    assert current(store, chat_id="b") is None


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        pytest.param(HOUR - SECOND, True, id="a second before"),
        pytest.param(HOUR, False, id="exactly at its end"),
        pytest.param(HOUR + SECOND, False, id="a second after"),
    ],
)
def test_a_question_ends_at_its_moment(store: Store, later, is_open: bool) -> None:
    ask(store, asked("figure", life=HOUR))

    assert (current(store, now=NOW + later) is not None) is is_open


def test_a_question_is_closed_in_its_own_chat(store: Store) -> None:
    ask(store, asked("figure"))
    ask(store, asked("figure"), chat_id="b")

    store.write(lambda tx: questions.close(tx, channel="fake", chat_id="a"))

    assert current(store) is None
    assert current(store, chat_id="b") is not None


def test_a_reminder_takes_the_floor_only_where_nobody_has_it(store: Store) -> None:
    def offer(now=NOW) -> None:
        new = Question(kind="status", subject={}, expires_at=now + HOUR)
        store.write(lambda tx: questions.ask_where_none(tx, {("fake", "a"): new, ("fake", "b"): new}, now=now))

    ask(store, asked("figure"))
    offer()
    assert current(store) == asked("figure")
    assert current(store, chat_id="b") is not None

    offer(NOW + HOUR)
    found = current(store, now=NOW + HOUR)
    assert found is not None
    assert found.kind == "status"


def published(week: str, text: str = "chữ") -> Published:
    return Published(
        week=week, as_of=NOW, published_at=NOW + HOUR, figures={"week": week, "ô": [1.5, None]}, text=text, digest="d"
    )


def test_a_published_week_is_frozen(store: Store) -> None:
    assert store.write(lambda tx: summaries.publish(tx, published("2022-W39")))

    assert not store.write(lambda tx: summaries.publish(tx, published("2022-W39", "khác")))
    assert store.read(lambda tx: summaries.get(tx, "2022-W39")) == published("2022-W39")
    assert store.read(lambda tx: summaries.get(tx, "2022-W40")) is None


def test_a_week_published_from_two_sides_is_published_once(store: Store) -> None:
    won = at_once(store, *[lambda tx, t=text: summaries.publish(tx, published("2022-W39", t)) for text in "abc"])

    assert sorted(won) == [False, False, True]


def test_the_week_before_is_the_latest_earlier_one(store: Store) -> None:
    for week in ("2022-W52", "2022-W09", "2023-W01", "2022-W40"):
        store.write(lambda tx, w=week: summaries.publish(tx, published(w)))

    def before(week: str) -> str | None:
        found = store.read(lambda tx: summaries.before(tx, week))
        return found.week if found else None

    assert before("2023-W01") == "2022-W52"
    assert before("2022-W40") == "2022-W09"
    assert before("2022-W09") is None


def test_a_word_is_remembered_until_the_next(store: Store) -> None:
    assert store.read(lambda tx: summaries.recall(tx, "x")) is None
    for word in ("một", "hai"):
        store.write(lambda tx, w=word: summaries.remember(tx, "x", w))

    assert store.read(lambda tx: summaries.recall(tx, "x")) == "hai"


def test_the_catalogue_applied_last_counts(store: Store) -> None:
    assert store.read(revisions.latest) is None
    for number in range(2):
        texts = {"plan": f"tên: kế hoạch {number}\n"}
        store.write(lambda tx, n=number, t=texts: revisions.add(tx, digest=f"d{n}", texts=t, now=NOW + n * DAY))

    latest = store.read(revisions.latest)
    assert latest is not None
    assert (latest.digest, latest.texts, latest.applied_at) == ("d1", {"plan": "tên: kế hoạch 1\n"}, NOW + DAY)
    assert not store.read(lambda tx: revisions.began_by(tx, NOW - SECOND))
    assert store.read(lambda tx: revisions.began_by(tx, NOW))


def hear(store: Store, chat: str, number: int, *, now=NOW) -> None:
    def put(tx: Tx) -> None:
        inbox.put(tx, channel="fake", external_id=f"{chat}:{number}", raw={"text": f"{chat}{number}"}, now=now)

    store.write(put)


def send(store: Store, chat: str, text: str, *, now=NOW) -> int:
    row = posted(store, letter(f"{chat}{text}", chat_id=chat, text=text), now=now)[f"{chat}{text}"]
    store.write(lambda tx: outbox.settle(tx, row, state=State.SENT, now=now, message_id=f"m{row}"))
    return row


def words(store: Store, chat: str, limit: int = 50) -> list[str]:
    found = store.read(lambda tx: transcripts.transcript(tx, channel="fake", chat_id=chat, limit=limit))
    return [entry.out.text if isinstance(entry, Said) else str(entry.raw["text"]) for entry in found]


def test_a_chat_is_shown_as_it_went(store: Store) -> None:
    hear(store, "a", 1, now=NOW)
    send(store, "a", "trả lời", now=NOW)
    hear(store, "a", 2, now=NOW + SECOND)
    send(store, "a", "nữa", now=NOW + 2 * SECOND)
    posted(store, letter("waits", chat_id="a"))

    assert words(store, "a") == ["a1", "trả lời", "a2", "nữa"]
    assert words(store, "a", limit=2) == ["a2", "nữa"]


@pytest.mark.parametrize("other", ["ab", "a-b", "A", "á", "a;", "a9", ""], ids=repr)
def test_a_chat_shows_nothing_of_another(store: Store, other: str) -> None:
    hear(store, "a", 1)
    hear(store, other, 1)
    send(store, other, "riêng")

    assert words(store, "a") == ["a1"]
    assert sorted(words(store, other)) == sorted([f"{other}1", "riêng"])


def test_files_and_updates_are_shown_only_to_their_own_chat(store: Store) -> None:
    hear(store, "a", 1)
    row = send(store, "a", "tệp")
    (told,) = (
        each
        for each in store.read(lambda tx: transcripts.transcript(tx, channel="fake", chat_id="a", limit=9))
        if isinstance(each, Told)
    )

    def letter_of(chat: str) -> Out | None:
        return store.read(lambda tx: transcripts.sent_file(tx, channel="fake", chat_id=chat, letter_id=row))

    def update_of(chat: str) -> object:
        return store.read(lambda tx: transcripts.heard_update(tx, channel="fake", chat_id=chat, heard_id=told.id))

    assert letter_of("a") == Out(text="tệp")
    assert letter_of("b") is None
    assert update_of("a") == {"text": "a1"}
    assert update_of("b") is None
