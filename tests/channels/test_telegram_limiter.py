"""The pace: never above the limits, in order, and no pause ends early. On a loop whose time jumps, so nothing waits."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import Limiter

Said = list[tuple[float, str, int]]  # when, to whom, number in the order asked


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop that jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__(_JumpingSelector(self))
        self.jumped = 0.0

    def time(self) -> float:
        return 1000.0 + self.jumped


class _JumpingSelector(selectors.SelectSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.jumped += timeout or 0.0
        return super().select(0)


def run(main: Callable[[], Coroutine[Any, Any, Said]]) -> Said:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main())


async def say(limiter: Limiter, said: Said, chat_id: str, number: int, *, takes: float = 0.0) -> None:
    async with limiter.turn(chat_id):
        said.append((asyncio.get_running_loop().time(), chat_id, number))
        if takes:
            await asyncio.sleep(takes)


def wave(chats: list[str], *, takes: float = 0.0, **limits: float) -> Said:
    async def main() -> Said:
        limiter, said = Limiter(**limits), Said()
        await asyncio.gather(*(say(limiter, said, chat, n, takes=takes) for n, chat in enumerate(chats)))
        return said

    return run(main)


def most_within(moments: list[float], seconds: float) -> int:
    return max((sum(1 for later in moments if 0 <= later - first < seconds) for first in moments), default=0)


CHATS = st.lists(st.sampled_from(["1", "2", "3", "-4", "-5"]), max_size=60)


@settings(max_examples=40, deadline=None)
@given(chats=CHATS, takes=st.sampled_from([0.0, 0.05, 0.9]))
def test_no_limit_is_ever_passed_and_each_chat_keeps_its_order(chats: list[str], takes: float) -> None:
    said = wave(chats, takes=takes)

    assert len(said) == len(chats)
    assert most_within([when for when, _, _ in said], 1.0) <= 30
    for chat in set(chats):
        moments = [when for when, to, _ in said if to == chat]
        numbers = [number for _, to, number in said if to == chat]
        assert numbers == sorted(numbers)
        if chat.startswith("-"):
            assert most_within(moments, 60.0) <= 20
        else:
            assert all(later - sooner >= 1.0 + takes - 1e-9 for sooner, later in pairwise(moments))


def test_a_wave_of_600_keeps_its_even_pace() -> None:
    said = wave([str(n) for n in range(600)])

    moments = [when for when, _, _ in said]
    assert [number for _, _, number in said] == list(range(600))
    assert moments[-1] - moments[0] == pytest.approx(598 / 28, abs=0.1)
    assert most_within(moments, 1.0) <= 30


LATE = st.lists(st.floats(0, 0.04), min_size=120, max_size=120)


@settings(max_examples=40, deadline=None)
@given(late=LATE, per_second=st.sampled_from([28.0, 30.0, 1000.0]))
def test_no_second_of_a_server_50_ms_away_holds_a_31st_message_whatever_the_jitter_and_the_pace(
    late: list[float], per_second: float
) -> None:
    said = wave([str(n) for n in range(120)], per_second=per_second)

    assert most_within([when + 0.05 + more for (when, _, _), more in zip(said, late, strict=True)], 1.0) <= 30


@settings(max_examples=40, deadline=None)
@given(late=LATE)
def test_a_strict_bucket_of_30_that_fills_at_30_a_second_never_runs_dry(late: list[float]) -> None:
    arrivals = sorted(when + more for (when, _, _), more in zip(wave([str(n) for n in range(120)]), late, strict=True))

    tokens, before = 30.0, arrivals[0]
    for moment in arrivals:
        tokens, before = min(30.0, tokens + (moment - before) * 30) - 1, moment
        assert tokens >= 0


def test_the_strict_limit_costs_the_common_pace_nothing() -> None:
    plain, strict = ([when for when, _, _ in wave([str(n) for n in range(600)], most=most)] for most in (10**6, 30))

    assert strict[-1] - strict[0] == pytest.approx(plain[-1] - plain[0], rel=0.01)


def test_each_limit_is_as_it_is_set() -> None:
    slow = [when for when, _, _ in wave([str(n) for n in range(12)], per_second=10)]
    person = [when for when, _, _ in wave(["1"] * 3, private_seconds=5)]
    group = [when for when, _, _ in wave(["-1"] * 4, group_messages=3)]

    assert slow[-1] - slow[0] == pytest.approx(1.0)
    assert person[2] - person[0] == pytest.approx(10)
    assert group[2] - group[0] < 1
    assert group[3] - group[0] >= 60


def test_a_group_gets_20_at_once_at_the_common_pace_and_the_21st_a_minute_later() -> None:
    moments = [when for when, _, _ in wave(["-9"] * 21)]

    assert moments[19] - moments[0] < 1.0
    assert 60.0 <= moments[20] - moments[0] < 60.1


def test_one_chat_that_waits_holds_up_no_other() -> None:
    said = wave(["1"] * 5 + ["2"])

    assert next(when for when, to, _ in said if to == "2") - said[0][0] < 0.1


@pytest.mark.parametrize("whom", [None, "1"])
def test_a_pause_is_kept_to_the_end_whatever_happens_meanwhile(whom: str | None) -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        first = asyncio.create_task(say(limiter, said, "2", 0, takes=1.0))  # ends in the middle of the pause
        await asyncio.sleep(0)
        limiter.halt(7.0, whom)
        limiter.halt(2.0, whom)  # a shorter one does not shorten
        await asyncio.gather(first, say(limiter, said, "1", 1), say(limiter, said, "3", 2))
        return said

    said = run(main)

    after = {to: when - said[0][0] for when, to, _ in said}
    assert after["1"] >= 7.0
    assert after["3"] >= 7.0 if whom is None else after["3"] < 1.0


def test_a_pause_that_begins_while_one_waits_holds_too() -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        await say(limiter, said, "1", 0)
        waiting = asyncio.create_task(say(limiter, said, "1", 1))
        await asyncio.sleep(0.9)
        limiter.halt(5.0, "1")
        await waiting
        return said

    said = run(main)

    assert said[1][0] - said[0][0] >= 5.9 - 1e-9


def test_a_pause_of_one_chat_that_begins_while_it_waits_for_the_common_pace_holds_too() -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        limiter.halt(1.0)
        waiting = asyncio.create_task(say(limiter, said, "1", 0))
        await asyncio.sleep(0.5)
        limiter.halt(5.0, "1")
        await asyncio.gather(waiting, say(limiter, said, "2", 1))
        return said

    said = run(main)

    assert [to for _, to, _ in said] == ["2", "1"]
    assert said[1][0] - said[0][0] == pytest.approx(4.5)


def test_who_gives_up_waiting_costs_nobody_a_turn() -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        await say(limiter, said, "1", 0)
        given_up = [asyncio.create_task(say(limiter, said, "1", n)) for n in range(1, 5)]
        last = asyncio.create_task(say(limiter, said, "1", 5))
        await asyncio.sleep(0.5)
        for task in given_up:
            task.cancel()
        await asyncio.gather(last, *given_up, return_exceptions=True)
        return said

    said = run(main)

    assert [number for _, _, number in said] == [0, 5]
    assert said[1][0] - said[0][0] == pytest.approx(1.0)


def test_a_send_that_fails_counts_and_lets_the_next_one_through() -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        with pytest.raises(OSError, match="cut"):
            async with limiter.turn("1"):
                raise OSError("cut")
        begun = asyncio.get_running_loop().time()
        await say(limiter, said, "1", 0)
        return [(when - begun, to, n) for when, to, n in said]

    assert run(main)[0][0] == pytest.approx(1.0)


def test_chats_that_owe_nothing_are_forgotten_and_those_that_do_are_not() -> None:
    async def main() -> Said:
        limiter, said = Limiter(per_second=1e6, most=10**6), Said()
        limiter.halt(1e6, "held")
        for number in range(3000):
            await say(limiter, said, str(number), number)
        kept = len(limiter._chats)
        await asyncio.sleep(2)
        for number in range(3000):
            await say(limiter, said, f"later{number}", number)
        assert kept == 3001
        assert len(limiter._chats) <= 3001
        assert "held" in limiter._chats
        assert "5" not in limiter._chats
        return said

    assert len(run(main)) == 6000


def test_after_a_start_the_first_message_waits_as_the_process_before_may_have_written_a_moment_ago() -> None:
    async def main() -> Said:
        limiter, said = Limiter(), Said()
        limiter.begin()
        began = asyncio.get_running_loop().time()
        await say(limiter, said, "7", 0)
        return [(moment - began, chat, number) for moment, chat, number in said]

    ((waited, _, _),) = run(main)

    assert waited >= 1.0
