"""How the server says no."""

from typing import Any


class RefusedError(Exception):
    """A call that is not played: HTTP status, Telegram's words, and the parameters that go with some of them."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str) -> RefusedError:
    """Return a 400."""
    return RefusedError(400, f"Bad Request: {description}")
