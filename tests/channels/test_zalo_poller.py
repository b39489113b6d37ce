"""The poller: an event that Zalo handed over is ours alone, so no question is cut short and nothing held is dropped."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.telegram import Limiter
from bot.channels.zalo import State, WebHook, ZaloChannel
from bot.ports import Raw
from tests.channels.rig import Inbox, listening
from tests.fakes.zalo_api import FakeZaloApi, Fault

LAN = "a1b2c3d4e5f60718293a"
SECRET = "khoa-du-dai-cua-zalo"


class Pauses(list[float]):
    """Remembers the pauses asked for, and how the line stood, and takes none."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: ZaloChannel | None = None
        self.states: set[State] = set()
        self.after: dict[int, Callable[[], None]] = {}  # what happens in the pause of this number

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        if self.watched is not None:
            self.states.add(self.watched.state)
        self.after.get(len(self), lambda: None)()
        await asyncio.sleep(0)


@asynccontextmanager
async def line(
    pauses: Pauses | None = None, *, second: float = 0.02, **kwargs: Any
) -> AsyncIterator[tuple[FakeZaloApi, ZaloChannel]]:
    async with FakeZaloApi(second=second) as server:
        pause = Pauses() if pauses is None else pauses
        kwargs = {"poll_seconds": 5, "landing_seconds": 3.0, "pause": pause} | kwargs
        channel = ZaloChannel(server.token, server.url, limiter=Limiter(), **kwargs)
        pause.watched = channel
        try:
            yield server, channel
        finally:
            await channel.close()


async def test_each_event_is_stored_before_the_next_is_asked_for() -> None:
    async with line() as (server, channel):
        for number in range(5):
            server.user(LAN).says(str(number))
        left: list[int] = []

        async def sink(_event_id: str, _raw: Raw) -> None:
            left.append(len(server.state.events))
            await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as group:
            task = group.create_task(channel.listen(sink))
            await server.until(lambda: len(left) == 5)
            task.cancel()

        assert left == [4, 3, 2, 1, 0]
        assert server.refusals == []


@pytest.mark.parametrize("times", [1, 3])
async def test_stopped_in_the_middle_of_a_poll_it_keeps_what_comes_until_the_poll_ends(times: int) -> None:
    async with line(second=0.1) as (server, channel):
        inbox = Inbox()
        task = asyncio.create_task(channel.listen(inbox))
        await server.until(lambda: server.methods.is_polled)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0.02)
        assert not task.done()
        server.user(LAN).says("lúc đang tắt")
        await asyncio.wait([task])

        assert task.cancelled()
        assert [channel.read(raw).text for _, raw in inbox.stored] == ["lúc đang tắt"]  # type: ignore[union-attr]
        assert server.lost == []
        assert len(server.called("getUpdates")) == 1


async def test_stopped_twenty_times_among_a_hundred_events_it_loses_none() -> None:
    async with line() as (server, channel):
        inbox = Inbox()
        for turn in range(20):
            async with listening(channel, inbox):
                for number in range(5):
                    server.user(LAN).says(f"{turn}.{number}")
                    await asyncio.sleep(0.001 * (turn % 3))
        async with listening(channel, inbox):
            await inbox.until(100)

        assert len({event_id for event_id, _ in inbox.stored}) == len(inbox.stored) == 100
        assert server.lost == []


async def test_stopped_while_it_pauses_it_stops_at_once() -> None:
    async with line(pause=asyncio.sleep) as (server, channel):
        server.fault("getUpdates", Fault.ERROR, code=401, times=None)
        task = asyncio.create_task(channel.listen(Inbox()))
        await server.until(lambda: channel.state is State.UNAUTHORIZED or server.called("getUpdates"))
        await asyncio.sleep(0.05)
        task.cancel()
        async with asyncio.timeout(0.5):
            await asyncio.wait([task])


async def test_a_poll_that_never_ends_is_left_after_the_landing_time_and_said(caplog: pytest.LogCaptureFixture) -> None:
    async with line(landing_seconds=0.1) as (server, channel):
        server.fault("getUpdates", Fault.HANG)
        task = asyncio.create_task(channel.listen(Inbox()))
        await asyncio.sleep(0.05)
        task.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait([task])

    assert task.cancelled()
    assert "did not end its last answer" in caplog.text


async def test_what_could_not_be_stored_at_the_stop_is_said_and_kept_for_the_next_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with line(landing_seconds=0.1) as (server, channel):
        server.user(LAN).says("đĩa đầy")
        async with listening(channel, Inbox(fails=10**9)):
            await server.until(lambda: not server.state.events)
            await asyncio.sleep(0.05)
        assert "events of zalo are not stored count=1" in caplog.text
        again = Inbox()
        async with listening(channel, again):
            await again.until(1)

    assert len(again.stored) == 1


@pytest.mark.parametrize(
    ("fault", "details", "state", "pauses"),
    [
        pytest.param(Fault.ERROR, {"code": 401}, State.UNAUTHORIZED, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300], id="401"),
        pytest.param(Fault.ERROR, {"code": 409}, State.CONFLICT, [1, 2, 4, 8, 16, 30, 30], id="409"),
        pytest.param(Fault.ERROR, {"code": 400}, State.CONFLICT, [1, 2], id="400, as a web hook refuses polls"),
        pytest.param(Fault.ERROR, {"code": 403}, State.UNREACHABLE, [1, 2], id="403"),
        pytest.param(Fault.ERROR, {"code": 404}, State.UNREACHABLE, [1, 2], id="404"),
        pytest.param(Fault.ERROR, {"code": 429}, State.UNREACHABLE, [1, 2], id="429"),
        pytest.param(
            Fault.ERROR, {"code": 429, "parameters": {"retry_after": 40}}, State.UNREACHABLE, [40, 40], id="429, 40 s"
        ),
        pytest.param(Fault.HTML_502, {}, State.UNREACHABLE, [1, 2, 4, 8, 16, 30, 30], id="502"),
        pytest.param(Fault.HTML_200, {}, State.UNREACHABLE, [1, 2], id="200 in HTML"),
        pytest.param(Fault.HALF, {}, State.UNREACHABLE, [1, 2], id="200 with half an answer"),
        pytest.param(Fault.NO_OBJECT, {}, State.UNREACHABLE, [1, 2], id="200 with a list"),
        pytest.param(Fault.NOT_OK_BARE, {}, State.UNREACHABLE, [1, 2], id="not ok, and no word why"),
        pytest.param(Fault.RESET, {}, State.UNREACHABLE, [1, 2], id="line cut"),
    ],
)
async def test_every_fault_is_outlived_and_said_once(
    fault: Fault, details: dict[str, Any], state: State, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    taken = Pauses()
    async with line(taken) as (server, channel):
        server.user(LAN).says("vẫn đến")
        server.fault("getUpdates", fault, times=len(pauses), **details)
        inbox = Inbox()

        async with listening(channel, inbox) as task:
            await inbox.until(1)
            assert not task.done()

        assert taken == pauses
        assert taken.states == {state}
        assert channel.state is State.OK
        said = [each for each in caplog.records if each.name.startswith("bot.") and each.levelno >= logging.WARNING]
        assert len(said) == 1
        assert f"zalo state={state}" in said[0].getMessage()
        assert server.token.split(":")[1] not in caplog.text
        assert LAN not in caplog.text


async def test_an_idle_poll_is_no_failure() -> None:
    pauses = Pauses()
    async with line(pauses) as (server, channel), listening(channel, Inbox()):
        await server.until(lambda: len([call for call in server.called("getUpdates") if call.code == 408]) >= 3)

        assert channel.state is State.OK
        assert pauses == []
        assert {call.values["timeout"] for call in server.called("getUpdates")} == {5}


async def test_an_event_in_an_unheard_of_shape_is_stored_and_holds_up_none_behind_it() -> None:
    async with line() as (server, channel):
        for odd in ({"event_name": 7}, {"no": "name"}, "text", [], 5, {"event_name": "message.poll.received"}):
            server.state.add_event(odd)
        server.state.add_event([{"event_name": "a"}, {"event_name": "b"}])  # several at once, should that ever come
        server.user(LAN).says("sau cùng")
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(6)

        assert [raw.get("event_name") for _, raw in inbox.stored] == [
            7,
            None,
            "message.poll.received",
            "a",
            "b",
            "message.text.received",
        ]


async def test_a_web_hook_left_behind_is_removed_and_one_set_meanwhile_too() -> None:
    async with line() as (server, channel):
        server.state.hook_url = "https://cu.example/zalo"
        inbox = Inbox()
        async with listening(channel, inbox):
            server.user(LAN).says("một")
            await inbox.until(1)
            server.state.hook_url = "https://moi.example/zalo"
            server.user(LAN).says("hai")
            await inbox.until(2)

        assert len(server.called("deleteWebhook")) == 2
        assert channel.state is State.OK


async def test_no_web_hook_to_remove_is_no_fault() -> None:
    async with line() as (server, channel):
        server.fault("deleteWebhook", Fault.ERROR, code=404)
        inbox = Inbox()
        async with listening(channel, inbox):
            server.user(LAN).says("một")
            await inbox.until(1)


async def test_a_token_revoked_in_mid_flight_is_seen_and_a_new_server_side_token_heals_it() -> None:
    async with line() as (server, channel):
        inbox = Inbox()
        async with listening(channel, inbox):
            server.user(LAN).says("trước")
            await inbox.until(1)
            server.fault("*", Fault.ERROR, code=401, times=3)
            server.user(LAN).says("sau")
            await inbox.until(2)

        assert channel.state is State.OK


async def test_a_web_hook_is_set_with_its_secret_and_nothingis_polled() -> None:
    hook = WebHook(url="https://bot.example/zalo/webhook", secret=SECRET)
    pauses = Pauses()
    async with line(pauses, web_hook=hook) as (server, channel):
        server.fault("setWebhook", Fault.HTML_502)
        server.methods.verifies = False  # our own server opens a moment later
        pauses.after[3] = lambda: setattr(server.methods, "verifies", True)
        async with listening(channel, Inbox()):
            await server.until(lambda: len(server.called("setWebhook")) == 4)
            await asyncio.sleep(0.05)

        assert server.called("setWebhook")[0].values == {"url": hook.url, "secret_token": SECRET}
        assert server.called("getUpdates") == []
        assert channel.state is State.OK
        assert pauses == [1, 2, 4]
        assert pauses.states == {State.UNREACHABLE}
        assert server.refusals == []
        assert SECRET not in repr(hook)
