"""A home for each test, and the Bot API server on loopback with its real limits."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.bot_api import FakeBotApi
from tests.system.process import new_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the shipped plan and configuration, and no data."""
    return new_home(tmp_path / "home")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeBotApi]:
    """The Bot API server, which refuses what the real one would refuse."""
    async with FakeBotApi() as server:
        yield server
