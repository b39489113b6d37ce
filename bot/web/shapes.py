"""What the page is given, as JSON."""

from datetime import datetime
from typing import Any

from bot.web.editor import Judged
from bot.web.host import Check, Clock, Entry, FileRef, Phone

_PICTURES = frozenset({"image/png", "image/jpeg"})  # never svg, which is markup
_LISTED = 200  # problems; nobody mends more before looking again


def phone_json(key: str, phone: Phone, commands: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return a phone under the key by which the page asks for it, which in a run is not its chat id."""
    return {
        "phone": key,
        "name": phone.name,
        "title": phone.title,
        "linked": phone.is_linked,
        "commands": [{"command": f"/{command.lstrip('/')}", "description": words} for command, words in commands],
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return an entry of a transcript."""
    return {
        "id": entry.id,
        "message_id": entry.message_id,
        "mine": entry.is_mine,
        "kind": str(entry.kind),
        "heading": entry.heading,
        "text": entry.text,
        "buttons": [[{"text": choice.text, "action": choice.action} for choice in row] for row in entry.buttons],
        "file": file_json(entry.file) if entry.file else None,
        "at": moment_text(entry.at),
    }


def file_json(ref: FileRef) -> dict[str, Any]:
    """Return what the page needs to show or link a file."""
    return {"id": ref.id, "name": ref.name, "size": ref.size, "inline": is_inline(ref)}


def is_inline(ref: FileRef) -> bool:
    """Return whether the page may show it: a picture that we made ourselves."""
    return ref.is_ours and ref.media in _PICTURES


def clock_json(clock: Clock) -> dict[str, Any]:
    """Return the clock; the page counts on from `now` by `speed`."""
    return {
        "now": moment_text(clock.now),
        "speed": clock.speed,
        "simulated": clock.is_simulated,
        "next_at": moment_text(clock.next_at) if clock.next_at else None,
    }


def checks_json(checks: tuple[Check, ...]) -> dict[str, Any]:
    """Return the conditions of being ready, and whether all hold."""
    return {
        "ready": all(check.is_ok for check in checks),
        "checks": [{"name": check.name, "ok": check.is_ok, "words": check.words} for check in checks],
    }


def judged_json(judged: Judged) -> dict[str, Any]:
    """Return what is wrong with edited texts, the first of many, and what they would do."""
    return {
        "over": judged.over,
        "count": len(judged.wrong),
        "problems": [
            {"file": each.file, "line": each.line, "column": each.column, "words": each.words}
            for each in judged.wrong[:_LISTED]
        ],
        "effects": judged.effects,
        "brakes": judged.brakes,
        "nothing": judged.is_nothing,
    }


def moment_text(moment: datetime) -> str:
    """Return an aware moment in ISO 8601; ValueError for one without a zone, which a browser would read as its own."""
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment.isoformat(timespec="seconds")
