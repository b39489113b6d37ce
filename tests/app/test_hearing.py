"""Hearing: in order within a conversation, side by side across, nothing lost and nothing twice, hostile files included."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app.hearing import TRIES, Hearer
from bot.app.home import EVIDENCE
from bot.app.receiving import MEGABYTE
from bot.conversation.turn import Desk
from bot.domain.calendar import Calendar
from bot.domain.delivery import Failure
from bot.ports import Raw, SendError
from bot.store import Store, inbox, notices, people
from bot.store.notices import NoticeKind
from bot.store.tables import evidence
from bot.store.tables import inbox as inbox_table
from bot.store.tables import outbox as outbox_table
from bot.texts import say
from tests.fakes.channel import CAPS, NAME, FakeChannel
from tests.store.builders import NOW, joined, occurrence, plan_of, reported

DESK = Desk(plan=plan_of(), calendar=Calendar(), caps={NAME: CAPS}, file_limit_mb=1)
STRANGER = say("vi", "join.stranger", plan=DESK.plan_name)


class Ear:
    """A store, a channel, and the one who hears; `falls` is how often the next handlings break."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.home = folder
        self.folder = folder / EVIDENCE
        self.channel = FakeChannel()
        self.falls = 0
        self.woken = 0
        self.hearer = self.another()

    def another(self, channels: dict[str, FakeChannel] | None = None) -> Hearer:
        """Return a hearer on the same store, as after a restart."""
        return Hearer(
            self.store,
            {NAME: self.channel} if channels is None else channels,
            desk=self._desk,
            now=lambda: NOW,
            folder=self.home,
            answered=self._wake,
        )

    def _desk(self) -> Desk:
        if self.falls:
            self.falls -= 1
            raise RuntimeError("a defect in a handler")
        return DESK

    def _wake(self) -> None:
        self.woken += 1

    async def takes(self, name: str, **raw: object) -> None:
        """Let the network hand over an update."""
        await self.hearer.sink(NAME)(name, raw)

    async def handles(self, hearer: Hearer | None = None) -> None:
        """Let everything that waits be handled."""
        hearer = hearer or self.hearer
        while await hearer.begin_waiting():
            pass
        await hearer.finish()

    def said(self, chat_id: str) -> list[str]:
        chosen = select(outbox_table.c.text).where(outbox_table.c.chat_id == chat_id).order_by(outbox_table.c.id)
        return list(self.store.read(lambda tx: tx.execute(chosen).scalars().all()))

    def states(self) -> dict[str, str]:
        rows = self.store.read(lambda tx: tx.execute(select(inbox_table.c.external_id, inbox_table.c.state)).all())
        return {row.external_id: row.state for row in rows}


@pytest.fixture
def ear(store: Store, tmp_path: Path) -> Ear:
    return Ear(store, tmp_path)


async def test_what_is_heard_is_on_disk_before_the_network_is_told(ear: Ear) -> None:
    await ear.takes("1", chat_id="a", text="xin chào")

    with Store(ear.store.url) as other:
        assert other.read(inbox.counts) == {(NAME, "new"): 1}


async def test_an_update_is_answered_once_however_often_it_comes(ear: Ear) -> None:
    for _ in range(3):
        await ear.takes("1", chat_id="a", text="xin chào")
        await ear.handles()

    assert ear.said("a") == [STRANGER]
    assert ear.states() == {"1": "done"}
    assert ear.woken == 1


async def test_a_conversation_is_handled_in_order_and_others_do_not_wait_for_it(ear: Ear) -> None:
    person = ear.store.write(lambda tx: joined(tx, "a"))
    ear.store.write(lambda tx: reported(tx, occurrence(tx), person_id=person))
    gate = ear.channel.hold("slow")
    await ear.takes("1", chat_id="a", kind="file", files=[file("slow", "a.pdf")])
    await ear.takes("2", chat_id="a", text="/trogiup")
    await ear.takes("3", chat_id="b", text="xin chào")
    done = asyncio.create_task(ear.handles())
    await ear.channel.until(lambda: ear.channel.fetched == ["slow"])

    other = asyncio.create_task(settled(ear, "3"))
    await asyncio.wait_for(other, 5)
    assert ear.said("a") == []
    gate.set()
    await done

    first, second = ear.said("a")
    assert "a.pdf" in first
    assert "a.pdf" not in second
    assert ear.said("b") == [STRANGER]


async def settled(ear: Ear, name: str) -> None:
    """Return when an update is handled; asks the database in its own thread, so others go on meanwhile."""
    chosen = select(inbox_table.c.state).where(inbox_table.c.external_id == name)
    while await ear.store.aread(lambda tx: tx.execute(chosen).scalar()) == "new":
        pass


async def test_a_long_conversation_is_answered_in_the_order_it_was_typed(ear: Ear) -> None:
    ear.store.write(lambda tx: joined(tx, "a"))
    for number in range(30):
        await ear.takes(f"{number}", chat_id="a", text="/trogiup" if number % 2 else "/nhiemvu")

    await ear.handles()

    said = ear.said("a")
    assert len(said) == 30
    assert len(set(said[::2])) == len(set(said[1::2])) == 1
    assert said[0] != said[1]


async def test_a_handler_that_breaks_is_tried_again(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    ear.falls = TRIES - 1
    await ear.takes("1", chat_id="a", text="xin chào")

    await ear.handles()

    assert ear.said("a") == [STRANGER]
    assert ear.states() == {"1": "done"}


async def test_a_message_that_breaks_every_handler_is_set_aside_and_the_person_is_told(
    ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    ear.falls = TRIES
    await ear.takes("1", chat_id="a", text="bí mật 0912345678")
    await ear.takes("2", chat_id="a", text="xin chào")

    await ear.handles()

    assert ear.states() == {"1": "quarantined", "2": "done"}
    assert [(each.kind, each.words) for each in ear.store.read(notices.standing)] == [
        (NoticeKind.HANDLER_QUARANTINED, {"inbox": "1"})
    ]
    assert ear.said("a") == [say("vi", "failed"), STRANGER]
    assert "0912345678" not in caplog.text.replace("RuntimeError", "")
    tries = ear.store.read(
        lambda tx: tx.execute(select(inbox_table.c.tries).order_by(inbox_table.c.id)).scalars().all()
    )
    assert list(tries) == [TRIES, 0]


async def test_tries_are_counted_over_a_restart(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    await ear.takes("1", chat_id="a", text="xin chào")
    for _ in range(TRIES - 1):
        ear.store.write(lambda tx: inbox.failed_once(tx, 1, reason="x"))
    ear.falls = 1

    await ear.handles(ear.another())

    assert ear.states() == {"1": "quarantined"}


async def test_what_cannot_be_read_is_set_aside_whole(ear: Ear, caplog: pytest.LogCaptureFixture) -> None:
    await ear.takes("1", broken=True, secret="0912345678")
    await ear.takes("2", of_no_concern=True)
    await ear.takes("3", chat_id="a", text="xin chào")

    await ear.handles()

    assert ear.states() == {"1": "quarantined", "2": "done", "3": "done"}
    assert "0912345678" not in caplog.text
    raw = ear.store.read(lambda tx: tx.execute(select(inbox_table.c.raw).order_by(inbox_table.c.id)).scalars().first())
    assert raw == {"broken": True, "secret": "0912345678"}


async def test_a_process_that_dies_leaves_what_it_had_not_handled_to_the_next(ear: Ear) -> None:
    await ear.takes("1", chat_id="a", text="xin chào")
    await ear.handles()
    await ear.takes("2", chat_id="a", text="xin chào")

    await ear.handles(ear.another())
    await ear.handles(ear.another())

    assert ear.said("a") == [STRANGER, STRANGER]


async def test_two_hearers_on_one_inbox_answer_once(ear: Ear) -> None:
    chats = [f"c{number}" for number in range(10)]
    for chat in chats:
        await ear.takes(chat, chat_id=chat, text="xin chào")

    await asyncio.gather(ear.handles(ear.another()), ear.handles(ear.another()))

    assert [ear.said(chat) for chat in chats] == [[STRANGER]] * 10


async def test_updates_of_a_channel_that_is_off_wait_for_it(ear: Ear) -> None:
    await ear.takes("1", chat_id="a", text="xin chào")

    await ear.handles(ear.another({}))
    assert ear.states() == {"1": "new"}
    await ear.handles()

    assert ear.said("a") == [STRANGER]


async def test_a_press_is_answered_whatever_it_was(ear: Ear) -> None:
    await ear.takes("1", chat_id="a", kind="press", action="rubbish", ack="p1")

    await ear.handles()

    assert [ack for ack, _ in ear.channel.answered] == ["p1"]


async def test_who_joins_is_shown_their_commands(ear: Ear) -> None:
    from bot.domain.plan import Role
    from bot.store import invites

    code = invites.new_code()
    ear.store.write(lambda tx: invites.create(tx, code=code, unit="stc", role=Role.FOCAL, name="Lan", now=NOW, days=1))
    await ear.takes("1", chat_id="a", text=f"/start {code}")

    await ear.handles()

    assert "nhiemvu" in [command.strip("/") for command, _ in ear.channel.menus["a"]]


async def test_running_it_handles_what_comes_and_at_the_end_finishes_what_is_begun(ear: Ear) -> None:
    person = ear.store.write(lambda tx: joined(tx, "a"))
    ear.store.write(lambda tx: reported(tx, occurrence(tx), person_id=person))
    gate = ear.channel.hold("slow")
    running = asyncio.create_task(ear.hearer.run())
    await ear.takes("1", chat_id="a", kind="file", files=[file("slow", "a.pdf")])
    await ear.channel.until(lambda: ear.channel.fetched == ["slow"])

    running.cancel()
    await asyncio.sleep(0)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert ear.states() == {"1": "done"}


class HiccupStore(Store):
    """A store whose next read fails, as while a database server restarts."""

    fails = 0
    failed: asyncio.Event

    async def aread(self, work):
        if self.fails:
            self.fails -= 1
            self.failed.set()
            raise OSError("the database is away")
        return await super().aread(work)


async def test_a_database_that_was_away_for_a_moment_does_not_make_it_deaf(
    sqlite_store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with HiccupStore(sqlite_store.url) as store:
        store.fails, store.failed = 1, asyncio.Event()
        ear = Ear(store, tmp_path)
        running = asyncio.create_task(ear.hearer.run())
        await store.failed.wait()

        await ear.takes("1", chat_id="a", kind="press", action="x", ack="p1")
        heard = asyncio.create_task(ear.channel.until(lambda: bool(ear.channel.answered)))
        await asyncio.wait([running, heard], return_when=asyncio.FIRST_COMPLETED)
        for task in (running, heard):
            task.cancel()
        await asyncio.wait([running, heard])

        assert ear.states() == {"1": "done"}


class AwayStore(Store):
    """A store whose next writings inside a test's span fail, as while a database server restarts."""

    fails = 0

    async def awrite(self, work):
        if self.fails:
            self.fails -= 1
            raise OSError("the database is away")
        return await super().awrite(work)


async def test_what_was_begun_while_the_database_was_away_is_handled_when_it_is_back(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.app.hearing.PAUSE", 0.0)
    with AwayStore(sqlite_store.url) as store:
        ear = Ear(store, tmp_path)
        await ear.takes("1", chat_id="a", text="xin chào")
        store.fails = 2 * TRIES

        await ear.handles()

        assert ear.states() == {"1": "done"}
        assert ear.said("a") == [STRANGER]


async def test_a_press_that_breaks_every_handler_does_not_spin_for_ever(
    ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    ear.falls = TRIES
    await ear.takes("1", chat_id="a", kind="press", action="x", ack="p1")

    await ear.handles()

    assert [ack for ack, _ in ear.channel.answered] == ["p1"]
    assert ear.said("a") == [say("vi", "failed")]


async def test_an_update_that_breaks_its_channels_reading_holds_nobody_up(
    ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    await ear.takes("1", kind="text")  # a KeyError, where a ValueError was promised
    await ear.takes("2", chat_id="a", text="xin chào")

    await ear.handles()

    assert ear.states() == {"1": "quarantined", "2": "done"}


@pytest.mark.parametrize(
    "where",
    [
        pytest.param({"chat_id": "la"}, id="from a stranger"),
        pytest.param({"chat_id": "-100", "user_id": "a", "is_group": True}, id="in a group"),
        pytest.param({"chat_id": "cu"}, id="from one whose rights were taken"),
    ],
)
async def test_files_that_can_prove_nothing_are_not_even_fetched(ear: Ear, where: dict[str, object]) -> None:
    ear.store.write(lambda tx: joined(tx, "a"))
    ear.store.write(lambda tx: people.revoke(tx, person_id=joined(tx, "cu"), now=NOW))

    await ear.takes("1", kind="file", files=[file("big", "a.pdf")], **where)
    await ear.handles()

    assert ear.channel.fetched == []
    assert ear.states() == {"1": "done"}


def file(handle: str, name: str, *, size: int = 8, media: str = "application/pdf") -> dict[str, object]:
    return {"handle": handle, "name": name, "media": media, "size": size}


@pytest.fixture
def reporter(ear: Ear) -> Ear:
    """An ear with a person in chat a who has just reported."""
    person = ear.store.write(lambda tx: joined(tx, "a"))
    ear.store.write(lambda tx: reported(tx, occurrence(tx), person_id=person))
    return ear


async def sends(ear: Ear, *files: dict[str, object]) -> list[Raw]:
    """Let a person send files; return what is stored of them."""
    await ear.takes("1", chat_id="a", kind="file", files=list(files))
    await ear.handles()
    return [dict(row._mapping) for row in ear.store.read(lambda tx: tx.execute(select(evidence)).all())]


async def test_a_file_is_kept_under_a_name_of_our_own_with_its_hash(reporter: Ear) -> None:
    content = b"%PDF-1.4 bang chung"
    reporter.channel.contents["h"] = content

    (kept,) = await sends(reporter, file("h", "Biên bản số 5.PDF"))

    path = reporter.home / str(kept["path"])
    assert path.parent == reporter.folder
    assert path.suffix == ".pdf"
    assert path.read_bytes() == content
    assert (kept["name"], kept["size"]) == ("Biên bản số 5.PDF", len(content))
    assert kept["sha256"] == hashlib.sha256(content).hexdigest()
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("../../../etc/cron.d/x.pdf", "x.pdf", id="a way up"),
        pytest.param("/etc/passwd.txt", "passwd.txt", id="an absolute way"),
        pytest.param("C:\\Users\\An\\a.docx", "a.docx", id="a way on Windows"),
        pytest.param("..", "..", id="only dots"),
        pytest.param("", "tep", id="no name"),
        pytest.param("a\nb\0.pdf", "ab.pdf", id="a line end and a zero"),
        pytest.param("-rf.pdf", "-rf.pdf", id="an option"),
        pytest.param("\u202efdp.pdf", "fdp.pdf", id="written backwards"),
    ],
)
async def test_a_hostile_name_names_nothing_on_our_disk(reporter: Ear, name: str, shown: str) -> None:
    before = everything_under(reporter.folder.parent)

    (kept,) = await sends(reporter, file("h", name))

    new = everything_under(reporter.folder.parent) - before
    (written,) = (path for path in new if path.is_file() and "nhacviec.db" not in path.name)
    assert written == reporter.home / str(kept["path"])
    assert written.parent == reporter.folder
    assert written.stem.isalnum()
    assert kept["name"] == shown


def everything_under(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(file("h", "cai-dat.exe"), id="a program"),
        pytest.param(file("h", "a.pdf.exe"), id="a program dressed as a document"),
        pytest.param(file("h", "a.html", media="text/html"), id="a page"),
        pytest.param(file("h", "a.svg", media="image/svg+xml"), id="a picture that runs"),
        pytest.param(file("h", "khong-duoi", media="application/x-sh"), id="no ending, a script"),
        pytest.param(file("h", "a.docm"), id="a document with macros"),
    ],
)
async def test_a_file_of_another_kind_is_refused_unfetched(reporter: Ear, sent: dict[str, object]) -> None:
    assert await sends(reporter, sent) == []

    assert reporter.channel.fetched == []
    assert say("vi", "refused.kind") in reporter.said("a")[0]


@pytest.mark.parametrize(
    ("size", "content", "is_fetched"),
    [
        pytest.param(MEGABYTE + 1, b"", False, id="says so itself"),
        pytest.param(0, b"x" * (MEGABYTE + 1), True, id="says nothing"),
        pytest.param(8, b"x" * (MEGABYTE + 1), True, id="lies"),
    ],
)
async def test_a_file_that_is_too_large_is_refused(reporter: Ear, size: int, content: bytes, is_fetched: bool) -> None:
    reporter.channel.contents["h"] = content

    assert await sends(reporter, file("h", "a.pdf", size=size)) == []

    assert bool(reporter.channel.fetched) is is_fetched
    assert say("vi", "refused.too_large", limit=1) in reporter.said("a")[0]
    assert not list(reporter.folder.glob("*"))


async def test_a_file_of_exactly_the_limit_is_taken(reporter: Ear) -> None:
    reporter.channel.contents["h"] = b"x" * MEGABYTE

    (kept,) = await sends(reporter, file("h", "a.pdf", size=MEGABYTE))

    assert kept["size"] == MEGABYTE


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(reporter: Ear) -> None:
    reporter.channel.contents["h"] = SendError(Failure.UNREACHABLE, "no line", retry_after=timedelta())

    assert await sends(reporter, file("h", "a.pdf"), file("ok", "b.pdf")) != []

    assert say("vi", "refused.lost") in reporter.said("a")[0]
    assert "b.pdf" in reporter.said("a")[0]


async def test_a_long_name_keeps_its_ending(reporter: Ear) -> None:
    name = "Báo cáo kết quả thực hiện nhiệm vụ " * 5 + ".docx"

    (kept,) = await sends(reporter, file("h", name, media="application/octet-stream"))

    assert str(kept["name"]).endswith(".docx")
    assert len(str(kept["name"])) <= 120


async def test_a_handling_that_is_repeated_leaves_no_second_copy_of_a_file(
    reporter: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    calls = iter([False, True, False, False, False, False])
    inner: Callable[[], Desk] = reporter._desk

    def falls_once() -> Desk:
        if next(calls, False):
            raise RuntimeError("a defect after the file was kept")
        return inner()

    reporter.hearer = Hearer(
        reporter.store,
        {NAME: reporter.channel},
        desk=falls_once,
        now=lambda: NOW,
        folder=reporter.home,
        answered=lambda: None,
    )

    (kept,) = await sends(reporter, file("h", "a.pdf"))

    assert list(reporter.folder.iterdir()) == [reporter.home / str(kept["path"])]
