"""The poller: nothing is confirmed before it is stored, and nothing but a cancel ends it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.telegram import Limiter, State, TelegramChannel, WebHook
from bot.ports import BatchSink, Raw
from tests.channels.rig import Inbox, listening
from tests.fakes.bot_api import FakeBotApi, Fault, Limits


class Pauses(list[float]):
    """Remembers the pauses asked for, and how the line stood, and takes none."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: TelegramChannel | None = None
        self.states: set[State] = set()

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        if self.watched is not None:
            self.states.add(self.watched.state)
        await asyncio.sleep(0)


@asynccontextmanager
async def line(pauses: Pauses | None = None, **kwargs: Any) -> AsyncIterator[tuple[FakeBotApi, TelegramChannel]]:
    async with FakeBotApi(limits=Limits.none()) as server:
        pause = Pauses() if pauses is None else pauses
        channel = TelegramChannel(server.token, server.url, limiter=Limiter(), poll_seconds=5, pause=pause, **kwargs)
        pause.watched = channel
        try:
            yield server, channel
        finally:
            await channel.close()


async def test_an_update_is_confirmed_only_after_it_is_stored() -> None:
    async with line() as (server, channel):
        server.user(1).says("một")
        pending: list[int] = []

        async def sink(_update_id: str, _raw: object) -> None:
            pending.append(len(server.state.updates))

        async with asyncio.TaskGroup() as group:
            task = group.create_task(channel.listen(sink))
            await server.until(lambda: [c for c in server.calls if c.method == "getUpdates"])
            await server.until(lambda: not server.state.updates)
            task.cancel()

        assert pending == [1]
        assert server.refusals == []


async def test_the_first_question_confirms_nothing_and_asks_for_what_we_read() -> None:
    async with line() as (server, channel):
        server.user(1).says("một")
        async with listening(channel, Inbox()):
            await server.until(lambda: [c for c in server.calls if c.method == "getUpdates"])

        first = next(call for call in server.calls if call.method == "getUpdates")
        assert first.values == {"timeout": 5, "allowed_updates": ["message", "callback_query", "my_chat_member"]}
        assert [call.method for call in server.calls][:1] == ["deleteWebhook"]


async def test_an_update_nobody_can_parse_is_stored_and_holds_up_none_behind_it() -> None:
    async with line() as (server, channel):
        server.state.add_raw({"update_id": 5, "message": {"message_id": "no number"}})
        server.state.add_raw({"update_id": 6, "brand_new_kind": {}})
        server.state.add_raw("not even an object")
        server.state.add_raw({"message": {}})
        server.user(1).says("sau cùng")
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(3)
            await server.until(lambda: not server.state.updates)

        assert [update_id for update_id, _ in inbox.stored][:2] == ["5", "6"]
        with pytest.raises(ValueError, match="chat"):
            channel.read({"update_id": 5, "message": {"message_id": "no number", "from": {"id": 1}}})
        assert channel.read(inbox.stored[1][1]) is None


async def test_nothing_but_rubbish_is_asked_for_ever_more_slowly() -> None:
    pauses = Pauses()
    async with line(pauses) as (server, channel):
        server.state.add_raw("rubbish")
        inbox = Inbox()
        async with listening(channel, inbox):
            await server.until(lambda: len(pauses) >= 4)

    assert pauses[:4] == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    ("fault", "details", "state", "pauses"),
    [
        pytest.param(Fault.UNAUTHORIZED, {}, State.UNAUTHORIZED, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300], id="401"),
        pytest.param(Fault.NOT_FOUND, {}, State.UNAUTHORIZED, [1, 2, 4], id="404"),
        pytest.param(Fault.CONFLICT, {}, State.CONFLICT, [1, 2, 4, 8, 16, 30, 30], id="409"),
        pytest.param(Fault.HTML_502, {}, State.UNREACHABLE, [1, 2, 4, 8, 16, 30, 30], id="502"),
        pytest.param(Fault.HTML_200, {}, State.UNREACHABLE, [1, 2], id="200 in HTML"),
        pytest.param(Fault.NOT_OK_200, {}, State.UNREACHABLE, [1, 2], id="200 that is not ok"),
        pytest.param(Fault.DELIVER_THEN_CUT, {}, State.UNREACHABLE, [1, 2], id="line cut"),
        pytest.param(Fault.TOO_MANY, {"seconds": 40}, State.UNREACHABLE, [40, 40], id="429"),
    ],
)
async def test_every_fault_is_outlived_and_said_once(
    fault: Fault, details: dict[str, Any], state: State, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    taken = Pauses()
    async with line(taken) as (server, channel):
        server.user(1).says("vẫn đến")
        server.fault("getUpdates", fault, times=len(pauses), **details)
        inbox = Inbox()

        async with listening(channel, inbox) as task:
            await inbox.until(1)
            assert not task.done()

        assert taken == pauses
        assert taken.states == {state}
        assert channel.state is State.OK
        said = [
            record for record in caplog.records if record.name.startswith("bot.") and record.levelno >= logging.WARNING
        ]
        assert len(said) == 1
        assert f"state={state}" in said[0].getMessage()
        assert server.token.split(":")[1] not in caplog.text


async def test_another_kind_of_fault_is_said_and_begins_with_short_pauses_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pauses = Pauses()
    async with line(pauses) as (server, channel):
        server.user(1).says("vẫn đến")
        server.fault("getUpdates", Fault.UNAUTHORIZED, times=3)
        server.fault("getUpdates", Fault.HTML_502, times=2)
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(1)

    assert pauses == [1.0, 2.0, 4.0, 1.0, 2.0]
    assert [record.levelname for record in caplog.records if "state=" in record.getMessage()] == ["ERROR", "WARNING"]


async def test_a_token_revoked_in_mid_flight_is_seen_and_a_new_server_side_token_heals_it() -> None:
    async with line() as (server, channel):
        inbox = Inbox()
        async with listening(channel, inbox):
            server.user(1).says("trước")
            await inbox.until(1)
            server.fault("*", Fault.UNAUTHORIZED, times=3)
            server.user(1).says("sau")
            await inbox.until(2)

        assert len({update_id for update_id, _ in inbox.stored}) == 2
        assert channel.state is State.OK
        assert len([call for call in server.calls if call.method == "getMe"]) == 1


async def test_a_second_poller_is_a_conflict_and_outlived() -> None:
    async with line() as (server, channel):
        async with listening(channel, Inbox()):
            await server.until(lambda: channel.state is State.OK or channel.state is State.UNREACHABLE)
            other = TelegramChannel(server.token, server.url, poll_seconds=5, pause=Pauses())
            async with listening(other, Inbox()):
                await server.until(lambda: [refusal for refusal in server.refusals if refusal.status == 409])
            await other.close()

        assert {refusal.method for refusal in server.refusals} == {"getUpdates"}


async def test_a_web_hook_is_set_with_its_secret_and_nothing_is_polled() -> None:
    hook = WebHook(url="https://example.test/tg", secret="s3cret_-")
    pauses = Pauses()
    async with line(pauses, web_hook=hook) as (server, channel):
        server.fault("setWebhook", Fault.HTML_502, times=2)
        async with listening(channel, Inbox()):
            await server.until(lambda: server.state.web_hook.url)
            await server.until(lambda: [call for call in server.calls if call.method == "getMe"])

        assert (server.state.web_hook.url, server.state.web_hook.secret) == (hook.url, hook.secret)
        assert pauses == [1.0, 2.0]
        assert "getUpdates" not in {call.method for call in server.calls}
        assert "s3cret" not in repr(hook)


async def test_our_name_is_learnt_as_soon_as_the_line_is_up() -> None:
    async with line() as (server, channel):
        server.fault("getMe", Fault.HTML_502)
        await channel.open()
        unknown = channel.invite_link("abc")
        server.user(1).says("chào")
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(1)

        assert unknown is None
        assert channel.invite_link("K7Q2-abc_") == "https://t.me/NhacViecBot?start=K7Q2-abc_"
        assert channel.invite_link("no spaces") is None


class Batches(BatchSink):
    """A sink that takes many at once, or breaks when it is handed some."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.taken: list[list[str]] = []

    async def __call__(self, external_id: str, raw: Raw) -> None:
        await self.all([(external_id, raw)])

    async def all(self, updates: Sequence[tuple[str, Raw]]) -> None:
        texts = [str(raw["message"]["text"]) for _, raw in updates]
        if self.broken in texts:
            self.broken = ""
            raise OSError("not stored")
        self.taken.append(texts)


@pytest.mark.parametrize(
    ("broken", "taken"),
    [
        pytest.param("", [["một", "hai", "ba"]], id="all at once"),
        pytest.param("hai", [["một"], ["hai"], ["ba"]], id="one by one where that fails"),
    ],
)
async def test_what_came_together_is_stored_together_and_confirmed_after_it(
    broken: str, taken: list[list[str]]
) -> None:
    sink = Batches(broken)
    async with line() as (server, channel):
        for text in ("một", "hai", "ba"):
            server.user(1).says(text)

        async with listening(channel, sink):
            await server.until(lambda: not server.state.updates)

        assert sink.taken == taken
        assert server.refusals == []
