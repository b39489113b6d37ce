"""Ways to fail that are ordered by a test."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What happens to a call instead of, or after, being played."""

    DELIVER_THEN_CUT = "deliver_then_cut"  # played, then the line breaks without an answer
    HANG = "hang"  # played never, answered never
    SLOW = "slow"  # played and answered after `seconds`
    HTML_502 = "502_html"
    HTML_200 = "200_html"  # what a captive portal says
    NOT_OK_200 = "200_not_ok"
    TOO_MANY = "429"
    TOO_MANY_BARE = "429_bare"  # names no pause
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    CONFLICT = "409"
    BAD_REQUEST = "400"
    MIGRATED = "migrated"
    TOO_LARGE = "413"


@dataclass(slots=True)
class Ordered:
    """A fault on order: how many more calls it meets (None: all), and its details."""

    fault: Fault
    times: int | None = 1
    description: str = ""
    seconds: float = 1.0
    moved_to: int = 0


class Faults:
    """Faults by method; "*" stands for every method."""

    def __init__(self) -> None:
        self._ordered: dict[str, list[Ordered]] = {}

    def order(self, method: str, ordered: Ordered) -> None:
        """Let the next calls of a method meet a fault, after those ordered before."""
        self._ordered.setdefault(method, []).append(ordered)

    def clear(self) -> None:
        """Forget all orders."""
        self._ordered.clear()

    def next(self, method: str) -> Ordered | None:
        """Return the fault this call meets, if any."""
        queue = self._ordered.get(method) or self._ordered.get("*")
        if not queue:
            return None
        ordered = queue[0]
        if ordered.times is not None:
            ordered.times -= 1
            if ordered.times <= 0:
                queue.pop(0)
        return ordered


# status, body, content type
ANSWERS: dict[Fault, tuple[int, str | dict[str, object]]] = {
    Fault.HTML_502: (502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    Fault.HTML_200: (200, "<html><body>Please sign in</body></html>"),
    Fault.NOT_OK_200: (200, {"ok": False, "error_code": 500, "description": "Internal Server Error"}),
    Fault.TOO_MANY_BARE: (429, {"ok": False, "error_code": 429, "description": "Too Many Requests"}),
    Fault.UNAUTHORIZED: (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
    Fault.FORBIDDEN: (403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
    Fault.NOT_FOUND: (404, {"ok": False, "error_code": 404, "description": "Not Found"}),
    Fault.TOO_LARGE: (413, {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}),
    Fault.CONFLICT: (
        409,
        {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"},
    ),
}


def answer(ordered: Ordered) -> tuple[int, str | dict[str, object]]:
    """Return status and body of a fault that answers."""
    match ordered.fault:
        case Fault.TOO_MANY:
            seconds = int(ordered.seconds)
            said = f"Too Many Requests: retry after {seconds}"
            return 429, {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": seconds}}
        case Fault.BAD_REQUEST:
            return 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {ordered.description}"}
        case Fault.MIGRATED:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            moved = {"migrate_to_chat_id": ordered.moved_to}
            return 400, {"ok": False, "error_code": 400, "description": said, "parameters": moved}
    status, body = ANSWERS[ordered.fault]
    if ordered.description and isinstance(body, dict):
        body = {**body, "description": ordered.description}
    return status, body
