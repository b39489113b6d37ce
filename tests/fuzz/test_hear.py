"""Random and hostile texts and callback data through the one door in, on every channel.

`FUZZ=20000` in the environment plays as many on each channel; without it so many that the suite stays quick.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.telegram.message import compose as telegram
from bot.channels.zalo.outgoing import compose as zalo
from bot.conversation.hear import hear
from bot.conversation.turn import Kept
from bot.domain.actions import read_action
from bot.domain.plan import Role
from bot.ports import Inbound, InboundKind
from bot.store import Tx, bafflement, inbox
from bot.store.outbox import State, read_out
from bot.store.tables import bafflement as baffled
from bot.store.tables import contact, decision, due_change, event_date, membership, occurrence, outbox, person, report
from bot.store.tables import inbox as heard_table
from bot.texts import LANGUAGES
from bot.texts.lengths import text_length
from tests.fuzz.hostile import action, text
from tests.stories.script import CHANNELS, Stage, stage
from tests.world import SMALL_PLAN

COUNT = int(os.environ.get("FUZZ", "2500"))
BATCH = 250
SEED = 20221010
ROLES = {"lan": "focal", "binh": "focal", "truong": "head", "ha": "office", "son": "admin", "phuc": "manager"}
UNITS = {"lan": "stc", "truong": "stc", "binh": "snv", "ha": "snv", "son": "snv", "phuc": "vpubnd"}
WHO = (*ROLES, "lan", "lan", "ha", "ha", "nguoi-la")
TASKS = """
  - {id: R5, title: Quán triệt kỷ luật, owners: [stc, snv], due: 07/10/2022}
  - {id: R8, title: Tuyên truyền, owners: [stc], due: {every: month, day: 7}, result: {kind: count, label: số buổi}}
  - {id: R16, title: Xin lỗi, owners: [stc, snv], due: 07/10/2022, result: {kind: ratio, of: văn bản, over: hồ sơ}}
  - {id: R1, title: Xây dựng kế hoạch, owners: [stc], due: 20 ngày sau khi Tỉnh ủy ban hành}
"""


@dataclass
class Counted:
    """What became of the messages of a run."""

    answered: int = 0
    silent: int = 0


async def peopled(folder: Path, channel: str) -> Stage:
    """Return a world in the middle of its work: everybody joined, reminders and reports there."""
    world = stage(folder, channel, "2022-09-30 07:45", plan=SMALL_PLAN + TASKS)
    for who, role in ROLES.items():
        await world.joins(who, unit=UNITS[who], role=role)
    await world.until("2022-09-30 08:05")
    await world.says("lan", "R5 xong")
    await world.says("binh", "R16 12/18")
    await world.works()
    return world


def drawn(chance: random.Random, channel: str, number: int) -> tuple[Inbound, tuple[Kept, ...]]:
    """Return one thing that somebody does."""
    who = chance.choice(WHO)
    here = {"channel": channel, "chat_id": who, "user_id": who, "user_name": "<i>" + who, "message_id": f"x{number}"}
    kind = chance.random()
    if kind < 0.25:
        return Inbound(kind=InboundKind.PRESS, action=action(chance)[:64], ack=f"a{number}", **here), ()
    if kind < 0.3:
        kept = Kept(
            name="<b>ảnh</b>.jpg", media="image/jpeg", size=3, sha256=f"{number:064x}", path=f"evidence/{number}"
        )
        files = (kept,) if chance.random() < 0.7 else (Kept(name="a", refused="refused.kind"),)
        return Inbound(kind=InboundKind.FILE, text=text(chance)[:200], **here), files
    if kind < 0.32:
        return Inbound(kind=InboundKind.OTHER, **here), ()
    said = text(chance).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # as every channel reads it
    return Inbound(kind=InboundKind.TEXT, text=said[:4096] or ".", **here), ()


def play(tx: Tx, world: Stage, batch: range, chance: random.Random, counted: Counted) -> None:
    """Hear a batch in one transaction, each message answered or met with a counted silence, and what is said sent."""
    channel, now = world.channel, world.clock.now()
    desk = world.house._desk()
    for number in batch:
        inbound, files = drawn(chance, channel, number)
        inbox.put(tx, channel=channel, external_id=f"fuzz{number}", raw={}, now=now)
        heard_id = tx.execute(select(heard_table.c.id).order_by(heard_table.c.id.desc()).limit(1)).scalar_one()
        handled = hear(tx, desk, inbound, heard_id=heard_id, now=now, files=files)
        rows = tx.execute(select(outbox).where(outbox.c.state == State.WAITING)).all()
        answers = [row for row in rows if row.chat_id == inbound.chat_id]
        if answers or (handled.ack and inbound.kind is InboundKind.PRESS):
            counted.answered += 1
        else:
            times = select(baffled.c.times).where(baffled.c.channel == channel, baffled.c.chat_id == inbound.chat_id)
            assert (tx.execute(times).scalar() or 0) >= bafflement.LIMIT, f"not answered: {inbound}"
            counted.silent += 1
        for row in rows:
            is_plain(world, row)
        ids = [row.id for row in rows]
        sent = {"state": State.SENT, "settled_at": now, "message_id": f"m{number}"}
        tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(**sent))


def is_plain(world: Stage, row: Any) -> None:
    """Check that a message fits its channel, that it is plain text there, and that its buttons are ours."""
    out = read_out(row.heading, row.text, row.buttons, row.file)
    caps = CHANNELS[world.channel]
    assert text_length(out.heading) + text_length(out.text) <= caps.max_text
    assert all(read_action(button.action) is not None for each in out.buttons for button in each)
    if world.channel == "zalo":
        assert out.text.strip() in zalo(out, "vi")[0]  # word for word: nothing in it is a mark
    else:
        composed = telegram(out)
        assert composed.text.endswith(out.text.strip())
        assert [each["type"] for each in composed.entities] in ([], ["bold"])  # the heading, which is ours


def breaches(tx: Tx) -> Iterator[str]:
    """Yield everything in the store that nobody had the right to bring about."""
    held = {(row.person_id, row.unit, row.role) for row in tx.execute(select(membership))}
    roles = {(each, role) for each, _, role in held}
    units = {row.id: row.unit for row in tx.execute(select(occurrence))}
    authors = {}
    for row in tx.execute(select(report)):
        authors[row.id] = row.person_id
        if not any((row.person_id, units[row.occurrence_id], role) in held for role in (Role.FOCAL, Role.HEAD)):
            yield f"report {row.id} is by somebody who does not report for {units[row.occurrence_id]}"
        if row.wanted_due_at is not None and row.status != "extension":
            yield f"report {row.id} wants a due and asks for none"
    for row in tx.execute(select(decision)):
        if (row.person_id, Role.OFFICE) not in roles or authors[row.report_id] == row.person_id:
            yield f"decision {row.id} is by somebody who may not decide"
    granted = tx.execute(select(decision).where(decision.c.verdict == "extend")).all()
    moved = tx.execute(select(due_change).where(due_change.c.cause == "extension")).all()
    if len(granted) != len(moved):
        yield f"{len(granted)} extensions were granted and {len(moved)} dues moved by one"
    for row in tx.execute(select(event_date)):
        if not {(row.person_id, Role.OFFICE), (row.person_id, Role.ADMIN)} & roles:
            yield f"the day of {row.task} is by somebody who may not enter it"
    if strange := [row.language for row in tx.execute(select(person)) if row.language not in LANGUAGES]:
        yield f"languages {strange}"
    if len(tx.execute(select(contact)).all()) != len(ROLES) or {each for each, _ in roles} != set(
        range(1, len(ROLES) + 1)
    ):
        yield "somebody joined or left"


@pytest.mark.parametrize("channel", list(CHANNELS))
async def test_whatever_is_sent_is_answered_and_nothing_is_spoilt(tmp_path: Path, channel: str) -> None:
    world = await peopled(tmp_path, channel)
    chance = random.Random(f"{SEED}:{channel}")
    counted = Counted()
    for start in range(0, COUNT, BATCH):
        batch = range(start, min(start + BATCH, COUNT))
        world.store.write(lambda tx, batch=batch: play(tx, world, batch, chance, counted))
        assert world.store.read(lambda tx: list(breaches(tx))) == []
        world.clock.set(world.clock.now() + timedelta(minutes=37))
    world.close()

    assert counted.answered + counted.silent == COUNT
    assert counted.answered > COUNT // 2
