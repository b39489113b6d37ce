"""One server for all, which forgets between cases."""

from collections.abc import Iterator

import pytest

from tests.kills.scene import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The Bot API server as a process of its own."""
    with serving() as found:
        yield found
