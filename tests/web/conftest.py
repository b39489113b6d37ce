"""The page over a fake house: as a demo, and as a run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.fake_host import FakeHost
from tests.web.serving import Site, served


@pytest.fixture
def house(tmp_path: Path) -> FakeHost:
    return FakeHost(tmp_path / "spool")


@pytest.fixture
async def demo(house: FakeHost) -> AsyncIterator[Site]:
    async with served(house, demo=True) as site:
        yield site


@pytest.fixture
async def run(house: FakeHost) -> AsyncIterator[Site]:
    house.is_simulated = False
    async with served(house, demo=False) as site:
        yield site
