"""`python -m tests.soak [--people 2000] [--json FILE]`: a wave at eight o'clock, ours and beside it the library's own limiter."""

import argparse
import asyncio
import json
from asyncio.subprocess import Process
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, select

from bot.store.tables import outbox
from tests.fakes.bot_api.server import TOKEN
from tests.soak.server import AWAY, JITTER, far_server, line_of, spawned
from tests.soak.town import FIRST_CHAT, build
from tests.soak.wave import IDEAL, Wave, watched

GOALS = {"share": 0.97, "refused": 0, "disordered": 0, "lost": 0, "p95": 0.3, "blocked": 0.02, "grown": 5.0}
NOTES = f"""
The server is {AWAY * 1000:.0f} ms away with {JITTER * 1000:.0f} ms of jitter, and counts by sliding window and token bucket.
Ideal: an even {IDEAL} messages a second. A press waits from the moment the server has it until its answer is there.
Presses unanswered at the end count as waiting until then. In the process of python-telegram-bot nothing is stored."""

Figures = dict[str, Any]


async def ours(folder: Path, *, people: int) -> tuple[Figures, list[tuple[int, str]]]:
    """Return the figures of our wave, and its messages for others to send."""
    home = build(folder, people=people)
    async with far_server() as server:
        await server.post("crowd", first=FIRST_CHAT, number=people)
        settings = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": server.url}
        bot = await spawned("tests.soak.ours", "--home", home, "--people", people, **settings)
        try:
            await line_of(bot)
            wave = await watched(server, people=people, pid=bot.pid, button="Đã xong")
            last = json.loads(await _ended(bot))
        finally:
            await _gone(bot)
    rows = _rows(home / "data" / "nhacviec.db")
    lost = sum(state != "sent" for *_, state, _ in rows)
    found = _figures(wave) | {"blocked": last["blocked"], "lost": lost, "disordered": _disordered(rows)}
    answers = {chat for chat, _ in wave.pressed}
    return found, [(send["chat"], send["text"]) for send in wave.taken if send["chat"] not in answers]


async def theirs(messages: list[tuple[int, str]], *, people: int, retries: int) -> Figures:
    """Return the figures of the same messages sent through python-telegram-bot's own limiter."""
    numbered = [(chat, f"{number} {text}"[:4096]) for number, (chat, text) in enumerate(messages)]
    async with far_server() as server:
        await server.post("crowd", first=FIRST_CHAT, number=people)
        settings = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": server.url}
        bot = await spawned("tests.soak.stock_limiter", "--retries", retries, **settings)
        try:
            assert bot.stdin is not None
            bot.stdin.write(json.dumps(numbered).encode() + b"\n")
            await line_of(bot)
            wave = await watched(server, people=people, pid=bot.pid, button="1:x:1:1")
            lost = json.loads(await line_of(bot))["lost"]
            await _ended(bot, says=False)
        finally:
            await _gone(bot)
    order: dict[int, list[int]] = {}
    for send in wave.taken:
        first = send["text"].partition(" ")[0]
        if first.isdecimal():
            order.setdefault(send["chat"], []).append(int(first))
    disordered = sum(a > b for numbers in order.values() for a, b in pairwise(numbers))
    return _figures(wave) | {"lost": lost, "disordered": disordered}


def _figures(wave: Wave) -> Figures:
    return {
        "messages": len(wave.taken),
        "seconds": wave.seconds,
        "share": wave.share_of_ideal,
        "refused": wave.refused,
        "presses": len(wave.pressed),
        "p95": wave.p95(),
        "grown": wave.grown(),
        "resident": max(wave.resident),
    }


def _rows(database: Path) -> list[Any]:
    engine = create_engine(f"sqlite:///{database}")
    columns = (outbox.c.chat_id, outbox.c.lane, outbox.c.id, outbox.c.state, outbox.c.message_id)
    with engine.connect() as connection:
        rows = list(connection.execute(select(*columns).order_by(outbox.c.chat_id, outbox.c.lane, outbox.c.id)))
    engine.dispose()
    return rows


def _disordered(rows: list[Any]) -> int:
    """Count messages that arrived before an older one of their lane in their chat."""
    return sum(
        (one.chat_id, one.lane) == (two.chat_id, two.lane) and int(one.message_id or 0) > int(two.message_id or 0)
        for one, two in pairwise(rows)
    )


async def _ended(bot: Process, *, says: bool = True) -> str:
    assert bot.stdin is not None
    bot.stdin.close()
    said = await line_of(bot) if says else ""
    await bot.wait()
    return said


async def _gone(bot: Process) -> None:
    if bot.returncode is None:
        bot.kill()
        await bot.wait()


LINES = (
    ("messages arrived", "messages", "{:,}"),
    ("from first to last, s", "seconds", "{:.1f}"),
    ("share of the ideal pace", "share", "{:.3f}"),
    ("refused with 429", "refused", "{:,}"),
    ("lost", "lost", "{:,}"),
    ("out of order in a chat", "disordered", "{:,}"),
    ("presses meanwhile", "presses", "{:,}"),
    ("an answer waited, 95 of 100, s", "p95", "{:.3f}"),
    ("event loop blocked, s", "blocked", "{:.3f}"),
    ("memory grown after the first quarter, MB", "grown", "{:.1f}"),
    ("memory at most, MB", "resident", "{:.0f}"),
)


def as_text(columns: dict[str, Figures]) -> str:
    """Return the figures as a table, a column each."""
    width = max(len(words) for words, *_ in LINES)
    lines = [" " * width + "".join(f"{name:>28}" for name in columns)]
    for words, key, shape in LINES:
        cells = [shape.format(found[key]) if key in found else "" for found in columns.values()]
        lines.append(words.ljust(width) + "".join(f"{cell:>28}" for cell in cells))
    return "\n".join(lines)


def missed(found: Figures) -> list[str]:
    """Return the goals that were not met."""
    worse = {key: found[key] < goal if key == "share" else found[key] > goal for key, goal in GOALS.items()}
    return [f"MISSED  {key} {found[key]:.3f}, goal {GOALS[key]}" for key, is_worse in worse.items() if is_worse]


async def main(people: int) -> dict[str, Figures]:
    """Send the wave three times: ours, and twice the library's."""
    with TemporaryDirectory() as folder:
        found, messages = await ours(Path(folder), people=people)
    columns = {"ours": found}
    for name, retries in (("AIORateLimiter, 5 retries", 5), ("AIORateLimiter as it comes", 0)):
        columns[name] = await theirs(messages, people=people, retries=retries)
    return columns


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    asked.add_argument("--people", type=int, default=2000)
    asked.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    given = asked.parse_args()
    all_found = asyncio.run(main(given.people))
    print(as_text(all_found))
    print(NOTES)
    for line in missed(all_found["ours"]):
        print(line)
    if given.json is not None:
        given.json.write_text(json.dumps(all_found, indent=2), encoding="utf-8")
