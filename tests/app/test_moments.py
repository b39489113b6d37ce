"""A clock that is sent to the next moment stops where something is to be done."""

from bot.app.moments import next_moment
from bot.domain.calendar import Calendar
from bot.store import Store
from tests.store.builders import occurrence
from tests.world import local


async def moment_after(store: Store, now: str) -> str:
    found = await next_moment(store, Calendar(), now=local(now), summary_at=local("2022-09-30 16:00"))
    return f"{found.astimezone(local(now).tzinfo):%Y-%m-%d %H:%M}"


async def test_a_step_that_comes_due_by_night_waits_for_the_morning(sqlite_store: Store) -> None:
    sqlite_store.write(lambda tx: occurrence(tx, next_step_at=local("2022-09-26 20:00")))

    assert await moment_after(sqlite_store, "2022-09-26 19:00") == "2022-09-27 07:30"
    assert await moment_after(sqlite_store, "2022-09-26 21:00") == "2022-09-27 07:30"


async def test_where_nothing_is_due_the_summary_is_next(sqlite_store: Store) -> None:
    assert await moment_after(sqlite_store, "2022-09-26 19:00") == "2022-09-30 16:00"
