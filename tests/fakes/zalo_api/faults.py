"""Ways to fail that are ordered by a test."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What happens to a call instead of, or after, being played."""

    DELIVER_THEN_CUT = "deliver_then_cut"  # played, then the line breaks without an answer
    RESET = "reset"  # the line breaks before anything is played
    HANG = "hang"  # played never, answered never
    SLOW = "slow"  # played and answered after `seconds`
    DRIP = "drip"  # played; the answer comes byte by byte, `seconds` apart
    HTML_502 = "502_html"
    HTML_504 = "504_html"
    HTML_200 = "200_html"  # what a captive portal says
    REDIRECT = "302"
    NO_OBJECT = "200_list"  # JSON, and no answer
    HALF = "200_half"  # JSON that ends too early
    OK_BARE = "ok_bare"  # ok, and nothing else
    NOT_OK_BARE = "not_ok_bare"  # not ok, and no word why
    OTHER_SPELLING = "errorCode"  # as testWebhook spells it; code 429
    ERROR = "error"  # ok false with `code` and `description`


@dataclass(slots=True)
class Ordered:
    """A fault on order: how many more calls it meets (None: all), and its details."""

    fault: Fault
    times: int | None = 1
    code: int = 0
    description: str = ""
    seconds: float = 1.0
    parameters: dict[str, Any] | None = None


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


WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Internal server error",
    404: "Not Found",
    408: "Request timeout",
    426: "Upgrade Required",
    429: "Quota exceeded",
}

# HTTP status and body
_PAGES: dict[Fault, tuple[int, object]] = {
    Fault.HTML_502: (502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    Fault.HTML_504: (504, "<html><body><h1>504 Gateway Time-out</h1></body></html>"),
    Fault.HTML_200: (200, "<html><body>Please sign in</body></html>"),
    Fault.REDIRECT: (302, "<html><body>moved</body></html>"),
    Fault.HALF: (200, '{"ok": true, "result": {"mess'),
    Fault.NO_OBJECT: (200, ["ok"]),
    Fault.OK_BARE: (200, {"ok": True}),
    Fault.NOT_OK_BARE: (200, {"ok": False}),
    Fault.OTHER_SPELLING: (200, {"ok": False, "errorCode": 429, "description": "Quota exceeded"}),
}


def answer(ordered: Ordered, *, with_status: bool) -> tuple[int, object]:
    """Return status and body of a fault that answers."""
    if ordered.fault is Fault.ERROR:
        said = ordered.description or WORDS.get(ordered.code, "Error")
        body: dict[str, Any] = {"ok": False, "error_code": ordered.code, "description": said}
        if ordered.parameters:
            body["parameters"] = ordered.parameters
        return ordered.code if with_status and 200 <= ordered.code < 600 else 200, body
    return _PAGES[ordered.fault]
