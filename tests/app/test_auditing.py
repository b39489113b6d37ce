"""The auditor as a whole: what it notes, what it mends, and that it calls its address only when nothing is wrong."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web
from sqlalchemy import update

from bot.app import auditing, surroundings
from bot.app.auditing import Auditor, is_loopback, ping
from bot.app.home import Home
from bot.app.surroundings import ClockWatch, FileWatch, disk, ears
from bot.catalogue import load_catalogue
from bot.jobs.audit import Trouble
from bot.store import Store, notices, tables
from bot.store.notices import NoticeKind
from tests.fakes.channel import NAME, FakeChannel
from tests.store.builders import HOUR, MINUTE, NOW, SECOND
from tests.system.process import new_home
from tests.world import HandClock


class WallClock(HandClock):
    """A clock that the test moves, and that passes for the machine's own."""

    is_simulated = False


@dataclass
class Watcher:
    """The address that waits to be called."""

    url: str = ""
    calls: list[str] = field(default_factory=list)
    status: int = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append(request.path)
        headers = {"Location": "/elsewhere"} if self.status == 302 else {}
        return web.Response(status=self.status, headers=headers)


@asynccontextmanager
async def watching() -> AsyncIterator[Watcher]:
    watcher = Watcher()
    app = web.Application()
    app.router.add_get("/{path:.*}", watcher.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    watcher.url = f"http://127.0.0.1:{runner.addresses[0][1]}/secret-key"
    try:
        yield watcher
    finally:
        await runner.cleanup()


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    async with watching() as found:
        yield found


@dataclass
class Scene:
    """An auditor over a real home and store, and everything around it that a test breaks."""

    store: Store
    root: Path
    clock: HandClock
    watcher: Watcher
    passed: float = 0.0
    ticked_at: datetime | None = None
    channels: dict[str, FakeChannel] = field(default_factory=lambda: {NAME: FakeChannel()})
    ping_url: str | None = None

    def __post_init__(self) -> None:
        home = Home(self.root)
        home.make()
        catalogue = load_catalogue(self.root)
        self.ticked_at = self.clock.now()
        self.auditor = Auditor(
            self.store,
            self.channels,
            home=home,
            catalogue=lambda: catalogue,
            clock=self.clock,
            ticked_at=lambda: self.ticked_at,
            fresh=MINUTE,
            ping_url=self.watcher.url if self.ping_url is None else self.ping_url,
            monotonic=lambda: self.passed,
        )

    async def round(
        self, *, after: timedelta = 5 * MINUTE, real: timedelta | None = None, ticks: bool = True
    ) -> list[str]:
        self.clock.set(self.clock.now() + after)
        self.passed += (after if real is None else real).total_seconds()
        if ticks:
            self.ticked_at = self.clock.now()
        return [each.key for each in await self.auditor.round()]

    def noted(self) -> list[str]:
        return [each.key for each in self.store.read(notices.standing)]


@pytest.fixture
def scene(sqlite_store: Store, tmp_path: Path, watcher: Watcher) -> Scene:
    return Scene(store=sqlite_store, root=new_home(tmp_path / "home"), clock=WallClock(NOW), watcher=watcher)


async def test_while_all_is_well_the_address_is_called_at_each_round(scene: Scene) -> None:
    assert await scene.round() == []
    assert await scene.round() == []

    assert scene.watcher.calls == ["/secret-key", "/secret-key"]
    assert scene.noted() == []


def a_late_claim(scene: Scene) -> None:
    def write(tx) -> None:
        row = {"key": "k", "channel": NAME, "chat_id": "1", "lane": 1, "text": "", "buttons": [], "file": {}}
        tx.execute(
            tables.outbox.insert().values(
                **row, heading="", state="claimed", reason="", attempts=0, epoch=0, claimed_until=NOW,
                created_at=NOW, not_before=NOW, message_id="",
            )
        )  # fmt: skip

    scene.store.write(write)


def a_deaf_channel(scene: Scene) -> None:
    scene.channels[NAME].state = "unauthorized"  # type: ignore[attr-defined]


def a_full_disk(scene: Scene) -> None:
    (scene.root / "data" / ".probe").mkdir()


@pytest.mark.parametrize(
    ("breaks", "key"),
    [
        pytest.param(a_late_claim, "audit:claims", id="the database"),
        pytest.param(a_deaf_channel, "audit:channel_unauthorized:fake", id="a channel"),
        pytest.param(a_full_disk, "audit:disk_unwritable", id="the disk"),
    ],
)
async def test_what_is_wrong_is_noted_once_and_keeps_the_address_from_being_called(
    scene: Scene, breaks, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    breaks(scene)

    with caplog.at_level(logging.WARNING):
        assert await scene.round() == [key]
        assert await scene.round() == [key]

    assert scene.noted() == [key]
    assert scene.watcher.calls == []
    assert caplog.text.count(f"audit found={key}") == 1


async def test_files_that_fail_keep_the_address_from_being_called(scene: Scene) -> None:
    words = {"count": "1", "lines": ""}
    about = {"key": "catalogue:refused", "kind": NoticeKind.CATALOGUE_REFUSED, "words": words, "now": NOW}
    scene.store.write(lambda tx: notices.raise_notice(tx, **about))

    assert await scene.round() == []
    assert scene.watcher.calls == []

    scene.store.write(lambda tx: notices.clear(tx, "catalogue:refused"))
    assert await scene.round() == []
    assert scene.watcher.calls == ["/secret-key"]


async def test_what_heals_is_cleared_and_the_address_is_called_again(scene: Scene) -> None:
    a_deaf_channel(scene)
    await scene.round()

    del scene.channels[NAME].state  # type: ignore[attr-defined]

    assert await scene.round() == []
    assert scene.noted() == []
    assert scene.watcher.calls == ["/secret-key"]


@pytest.mark.parametrize(
    ("after", "real", "finds"),
    [
        pytest.param(5 * MINUTE, None, False, id="as the time went by"),
        pytest.param(9 * MINUTE, 5 * MINUTE, False, id="a little off"),
        pytest.param(5 * MINUTE + HOUR, 5 * MINUTE, True, id="set forward an hour"),
        pytest.param(5 * MINUTE - HOUR, 5 * MINUTE, True, id="set back an hour"),
    ],
)
async def test_a_clock_that_jumps_is_found_and_only_then(
    scene: Scene, after: timedelta, real: timedelta | None, finds: bool
) -> None:
    await scene.round()

    assert await scene.round(after=after, real=real) == (["audit:clock"] if finds else [])
    assert await scene.round() == []


def test_a_last_tick_in_the_future_is_a_clock_that_was_set_back() -> None:
    watch = ClockWatch(lambda: NOW, lambda: 0.0)

    assert watch.look(ticked_at=NOW + 4 * MINUTE) == []
    assert watch.look(ticked_at=NOW + HOUR)[0].words == {"count": "60"}


async def test_a_tick_that_stands_still_is_found(scene: Scene) -> None:
    assert await scene.round(ticks=False) == ["audit:tick"]
    assert await scene.round() == []


async def test_a_first_tick_that_never_ends_is_found(scene: Scene) -> None:
    scene.ticked_at = None
    assert await scene.round(after=30 * SECOND, ticks=False) == []
    assert await scene.round(ticks=False) == ["audit:tick"]


async def test_a_simulated_clock_may_jump_and_calls_nobody_but_this_machine(
    sqlite_store: Store, tmp_path: Path, watcher: Watcher
) -> None:
    clock = HandClock(NOW)
    home = new_home(tmp_path / "home")
    here = Scene(store=sqlite_store, root=home, clock=clock, watcher=watcher)
    assert await here.round(after=HOUR, real=SECOND) == []
    assert await here.round(after=HOUR, real=SECOND) == []
    assert len(watcher.calls) == 2

    abroad = Scene(store=sqlite_store, root=home, clock=clock, watcher=watcher, ping_url="https://example.com/key")
    assert await abroad.round() == []  # and the guard of all tests saw no connection


async def test_next_steps_that_are_wrong_are_mended_in_turn_and_all_by_night(scene: Scene) -> None:
    number = 7
    due_at = NOW + timedelta(days=90)

    def fill(tx) -> None:
        row = {"period": "once", "original_due_at": due_at, "plan_due_at": due_at, "due_at": due_at, "known_at": NOW}
        rows = [row | {"task": "R1", "unit": f"u{each}", "next_step_at": None} for each in range(number)]
        tx.execute(tables.occurrence.insert(), rows)

    scene.store.write(fill)
    assert await scene.round() == ["audit:next"]  # all of them: the first round of a day
    assert await scene.round() == []

    def lose(tx) -> None:
        tx.execute(update(tables.occurrence).values(next_step_at=None))

    scene.store.write(lose)
    assert await scene.round() == ["audit:next"]
    assert await scene.round() == []


async def test_what_only_the_next_night_can_clear_keeps_the_address_from_being_called_until_then(scene: Scene) -> None:
    await scene.round()
    words = {"check": Trouble.FATE, "count": "1", "task": "R1", "unit": "snv"}
    scene.store.write(
        lambda tx: notices.raise_notice(tx, key="audit:fate", kind=NoticeKind.AUDIT, words=words, now=NOW)
    )

    assert await scene.round() == []
    assert len(scene.watcher.calls) == 1
    assert scene.noted() == ["audit:fate"]

    await scene.round(after=timedelta(days=1))
    assert len(scene.watcher.calls) == 2
    assert scene.noted() == []


async def test_a_sample_goes_round_so_that_each_is_looked_at(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "SAMPLE", 2)
    due_at = NOW + timedelta(days=90)
    row = {"period": "once", "original_due_at": due_at, "plan_due_at": due_at, "due_at": due_at, "known_at": NOW}
    await scene.round()  # the whole of this day

    def fill(tx) -> None:
        rows = [row | {"task": "R1", "unit": f"u{each}", "next_step_at": None} for each in range(5)]
        tx.execute(tables.occurrence.insert(), rows)

    scene.store.write(fill)
    counts = []
    for _ in range(4):
        await scene.round()
        counts.append(wrong(scene.store))

    assert counts == [3, 1, 0, 0]


def wrong(store: Store) -> int:
    column = tables.occurrence.c.next_step_at
    return len(store.read(lambda tx: tx.execute(tables.occurrence.select().where(column.is_(None))).all()))


async def test_an_audit_that_breaks_is_logged_and_the_next_one_tries_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    await scene.round()
    with monkeypatch.context() as patch:
        patch.setattr("bot.jobs.audit.counted", broken)
        assert await scene.round() == []
    assert "audit failed" in caplog.text
    assert scene.auditor.quiet_seconds == 300.0
    assert len(scene.watcher.calls) == 1

    await scene.round()
    assert scene.auditor.quiet_seconds == 0.0
    assert len(scene.watcher.calls) == 2


@pytest.mark.parametrize(
    ("status", "well"),
    [(200, True), (204, True), (302, False), (404, False), (500, False)],
)
async def test_a_call_is_made_once_and_follows_nobody(
    watcher: Watcher, status: int, well: bool, caplog: pytest.LogCaptureFixture
) -> None:
    watcher.status = status

    assert await ping(watcher.url) is well

    assert watcher.calls == ["/secret-key"]
    assert "secret-key" not in caplog.text


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/secret-key", "http://", "http://[bad/secret-key", "http://127.0.0.1:x/"]
)
async def test_an_address_that_does_not_answer_breaks_nothing_and_is_not_named(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not await ping(url)

    assert "ping failed" in caplog.text
    assert "secret-key" not in caplog.text


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:9/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:9/x", True),
        ("https://hc-ping.com/x", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://localhost@example.com/", False),
        ("", False),
    ],
)
def test_only_this_machines_own_names_are_loopback(url: str, own: bool) -> None:
    assert is_loopback(url) is own


@pytest.mark.parametrize(
    ("state", "quiet", "trouble"),
    [
        pytest.param("ok", 179.0, None, id="heard lately"),
        pytest.param("ok", None, None, id="its network calls us"),
        pytest.param("ok", 181.0, Trouble.CHANNEL_SILENT, id="silent"),
        pytest.param("unreachable", 1.0, Trouble.CHANNEL_UNREACHABLE, id="unreachable"),
        pytest.param("unauthorized", 1.0, Trouble.CHANNEL_UNAUTHORIZED, id="refused"),
        pytest.param("conflict", 1.0, Trouble.CHANNEL_CONFLICT, id="used twice"),
        pytest.param("something", 1.0, Trouble.CHANNEL_UNREACHABLE, id="a state we do not know"),
    ],
)
def test_a_channel_that_is_not_heard_is_found(state: str, quiet: float | None, trouble: Trouble | None) -> None:
    found = ears({"zalo": SimpleNamespace(state=state, quiet_seconds=quiet)})  # type: ignore[dict-item]

    assert [each.trouble for each in found] == ([] if trouble is None else [trouble])
    assert all(each.where == "zalo" and each.words["setting"] == "zalo.token" for each in found)


def test_a_disk_with_little_room_is_found_and_leaves_no_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk(tmp_path) == []
    monkeypatch.setattr(surroundings, "LEAST_FREE_MB", 10**9)

    assert [each.trouble for each in disk(tmp_path)] == [Trouble.DISK_FULL]
    assert list(tmp_path.iterdir()) == []
    assert [each.trouble for each in disk(tmp_path / "gone")] == [Trouble.DISK_UNWRITABLE]


def test_a_database_whose_file_was_taken_away_or_replaced_is_found(sqlite_store: Store, tmp_path: Path) -> None:
    watch = FileWatch(sqlite_store.url)
    path = Path(sqlite_store.url.database or "")
    assert watch.look() == []

    path.rename(tmp_path / "elsewhere.db")
    assert [each.trouble for each in watch.look()] == [Trouble.DATABASE_GONE]

    path.write_bytes(b"")
    assert [each.trouble for each in watch.look()] == [Trouble.DATABASE_GONE]


@pytest.mark.postgres
def test_a_server_has_no_file_to_watch(postgres_url: str) -> None:
    with Store(postgres_url) as store:
        assert FileWatch(store.url).look() == []
