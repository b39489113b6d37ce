"""Watches every connection this process makes, and refuses those that leave the machine."""

import ipaddress
import sys
from dataclasses import dataclass, field

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
_HERE = frozenset({"localhost", "localhost.localdomain", ""})


class NetworkRefusedError(OSError):
    """A test tried to leave the machine."""


@dataclass
class Watch:
    """What was refused since the last test began, by host."""

    refused: list[str] = field(default_factory=list)


def watch() -> Watch:
    """Begin to watch; an audit hook cannot be taken away again, not even by the code under test."""
    found = Watch()

    def look(event: str, words: tuple[object, ...]) -> None:
        if event not in _EVENTS:
            return
        host = _host(event, words)
        if not is_here(host):
            found.refused.append(host)
            raise NetworkRefusedError(f"tests reach this machine only, not {host}")

    sys.addaudithook(look)
    return found


def is_here(host: str) -> bool:
    """Return whether a host is this machine: a loopback address or its name, or a unix socket's path."""
    if host in _HERE or host.startswith(("/", "\0")):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _host(event: str, words: tuple[object, ...]) -> str:
    # getaddrinfo(host, …); connect and sendto(socket, address), an address being (host, port, …) or a path.
    address = words[0] if event == "socket.getaddrinfo" else words[1]
    if isinstance(address, tuple):
        address = address[0]
    if isinstance(address, bytes):
        address = address.decode(errors="replace")
    return "" if address is None else str(address)
