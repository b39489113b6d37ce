"""Who may send: the one process that holds the lease, and for how long it can be sure of it."""

from typing import Protocol


class Fence(Protocol):
    """What stands between a message and the network. A claim carries `epoch`, which grows with every new holder."""

    @property
    def epoch(self) -> int:
        """Return the lease's epoch as last held; 0 where there is no lease to hold."""

    def holds(self) -> bool:
        """Say, from memory, whether nobody else can hold the lease at this moment; asked right before a request leaves."""


class Alone:
    """The fence of a process that has no rival: a demo, a test, one command."""

    epoch = 0

    def holds(self) -> bool:
        """Return True."""
        return True
