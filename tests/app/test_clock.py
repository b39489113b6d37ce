"""The clocks: the machine's, and one that is simulated."""

from datetime import UTC, datetime, timedelta, timezone

from bot.app.clock import RealClock, SimulatedClock

START = datetime(2022, 9, 26, 0, 55, tzinfo=UTC)


def test_the_real_clock_tells_aware_time_in_utc() -> None:
    first, now, last = (RealClock().now() for _ in range(3))

    assert START < first <= now <= last
    assert now.utcoffset() == timedelta()


def test_a_simulated_clock_starts_where_it_is_told_and_speaks_utc() -> None:
    clock = SimulatedClock(START.astimezone(timezone(timedelta(hours=7))))

    assert START <= clock.now() < START + timedelta(seconds=30)
    assert clock.now().tzinfo is UTC
    assert clock.is_simulated


def test_a_simulated_clock_runs_on_and_never_back() -> None:
    clock = SimulatedClock(START, speed=1_000_000.0)

    moments = [clock.now() for _ in range(1000)]

    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > timedelta(seconds=1)


def test_a_simulated_clock_is_set_forward_only() -> None:
    clock = SimulatedClock(START, speed=0.0)

    clock.set_forward(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)
    clock.set_forward(START)
    assert clock.now() == START + timedelta(days=1)
    clock.set_forward(START + timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)
