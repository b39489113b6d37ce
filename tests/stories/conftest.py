"""Worlds for stories, on each kind of database: each is closed at the end, and must have been heard out."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.calendar import LOCAL
from tests.world import SMALL_PLAN, World


@pytest.fixture
def begin(tmp_path: Path, store_url: str) -> Iterator[Callable[..., World]]:
    """Return what starts a world at a local moment, with these tasks (YAML) or the shipped plan; or with a `plan` whole."""
    worlds: list[World] = []

    def start(moment: str, *, tasks: str | None = None, plan: str | None = None, **environment: str) -> World:
        at = datetime.fromisoformat(moment).replace(tzinfo=LOCAL)
        whole = SMALL_PLAN + tasks if tasks is not None else plan
        world = World(folder=tmp_path, start=at, plan=whole, url=store_url, environment=environment)
        worlds.append(world)
        return world

    yield start
    for world in worlds:
        world.nobody_hears_more()
        world.close()
