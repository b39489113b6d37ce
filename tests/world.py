"""A whole bot with a clock the test moves. It fails on any message that nobody expected."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from shutil import copy, copytree

from sqlalchemy import select

from bot.app.catalogues import look
from bot.app.changing import foresee, put_into_force
from bot.app.home import Home
from bot.app.house import House
from bot.app.opening import open_house, open_store
from bot.catalogue import parse_catalogue, read_texts
from bot.channels.local import CHANNEL
from bot.domain.calendar import LOCAL
from bot.domain.plan import Role
from bot.ports import Out
from bot.settings import Settings, load_settings
from bot.store import Store, Tx, invites
from bot.store.outbox import read_out
from bot.store.tables import outbox

ROOT = Path(__file__).parent.parent


def small_plan(*, starts: str = "2022-08-24", ends: str = "2022-12-31") -> str:
    """Return the head of a plan that lasts from one day to another, for tasks to be put under."""
    return f"""
plan:
  id: thu
  number: 5610/KH-UBND
  title: Kế hoạch thử
  issued_by: UBND tỉnh Quảng Nam
  issued_on: 2022-08-24
  starts: {starts}
  ends: {ends}
  office: snv
tasks:
"""


SMALL_PLAN = small_plan()


def local(moment: str) -> datetime:
    """Return a local moment ("2022-09-26 08:00")."""
    return datetime.fromisoformat(moment).replace(tzinfo=LOCAL)


class HandClock:
    """A clock that stands still until it is moved."""

    speed = 1.0
    is_simulated = True

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def set(self, to: datetime) -> None:
        self._now = to


@dataclass
class Message:
    """What somebody was sent."""

    world: "World"
    who: str
    id: str
    out: Out
    at: datetime

    @property
    def whole(self) -> str:
        return f"{self.out.heading}\n{self.out.text}"

    def labels(self) -> list[str]:
        return [button.text for row in self.out.buttons for button in row]

    def action(self, label: str) -> str:
        found = [button.action for row in self.out.buttons for button in row if label in button.text]
        assert found, f"no button «{label}» among {self.labels()}"
        return found[0]


@dataclass
class World:
    """People, a plan, and time."""

    folder: Path
    start: datetime
    plan: str | None = None
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = self.folder / "home"
        self.root.mkdir()
        copytree(ROOT / "config", self.root / "config")
        if self.plan is None:
            copy(ROOT / "plan_tasks.yaml", self.root)
        else:
            self.write_plan(self.plan)
        self.clock = HandClock(self.start)
        self._ids = count(1)
        self._read: dict[str, int] = {}
        self._people: list[str] = []
        self.open()

    def write_plan(self, text: str) -> None:
        (self.root / "plan_tasks.yaml").write_text(text, encoding="utf-8")

    @property
    def plan_text(self) -> str:
        """The plan's file as it stands on disk."""
        return (self.root / "plan_tasks.yaml").read_text(encoding="utf-8")

    async def edits_plan(self, text: str) -> None:
        """Let somebody save the plan's file, and the bot look at it until it lies still."""
        self.write_plan(text)
        await self.works()
        await self.works()

    def applies_plan(self, text: str, *, cause: str = "command") -> int:
        """Let somebody at the machine apply a plan as `nhacviec apply --yes --force` does; return the revision's number."""
        self.write_plan(text)
        home, now = Home(self.root), self.clock.now()
        texts = read_texts(home.root)
        change = foresee(
            self.store, look(home, self.store), parse_catalogue(texts), texts, settings=self.settings, now=now
        )
        caps = self.house.caps
        number, _ = put_into_force(home, self.store, change, who="an", cause=cause, caps=caps, now=now)
        return number

    def open(self) -> None:
        """Start the bot on this home, as after a restart."""
        environment = {"BOT_DATABASE_URL": self.url, "BOT_OFFICE__GATHER_MINUTES": "0", **self.environment}
        self.settings: Settings = load_settings(self.root, environment)
        home = Home(self.root)
        self.store: Store = open_store(home, self.settings)
        self.house: House = open_house(home, self.settings, self.clock, self.store)

    def close(self) -> None:
        self.store.close()

    def restart(self) -> None:
        """Stop the bot and start it again."""
        self.close()
        self.open()

    def is_off_until(self, moment: str) -> None:
        """Stop the bot, let time pass to a local moment, and start it again."""
        self.close()
        self.clock.set(local(moment))
        self.open()

    async def joins(self, who: str, *, unit: str, role: str) -> None:
        """Let somebody in by a one-time code, as everybody comes in."""
        code = invites.new_code()

        def invite(tx: Tx) -> None:
            invites.create(tx, code=code, unit=unit, role=Role(role), name=who, now=self.clock.now(), days=7)

        self.store.write(invite)
        self._people.append(who)
        await self.says(who, code)
        self.hears(who, "Đã liên kết")

    def knows(self, who: str) -> None:
        """Watch what somebody hears who has not joined."""
        self._people.append(who)

    async def says(self, who: str, text: str) -> None:
        """Let somebody type something, and the bot answer it."""
        await self._hear(who, {"kind": "text", "text": text})

    async def presses(self, message: Message, label: str, *, by: str | None = None) -> None:
        """Let somebody press a button of a message (of their own, or `by` another who got hold of it)."""
        await self.presses_action(by or message.who, message.action(label), message_id=message.id)

    async def presses_action(self, who: str, action: str, *, message_id: str = "m") -> None:
        raw = {
            "kind": "press",
            "action": action,
            "message_id": message_id,
            "label": "",
            "press_id": f"p{next(self._ids)}",
        }
        await self._hear(who, raw)

    async def sends_file(self, who: str, name: str, content: bytes, *, caption: str = "") -> None:
        """Let somebody send a file."""
        await self.house.local.open()
        kept = await self.house.local.keep(content, name=name, media="application/pdf")
        file = {"handle": kept.handle, "name": kept.name, "media": kept.media, "size": kept.size}
        await self._hear(who, {"kind": "file", "text": caption, "files": [file]})

    async def until(self, moment: str) -> None:
        """Let time pass to a local moment ("2022-09-26 08:00"), the bot doing on its way what comes due."""
        target = local(moment)
        await self.works()
        while True:
            following = await self.house.next_moment()
            if following is None or following > target:
                break
            self.clock.set(max(following, self.clock.now() + timedelta(seconds=1)))
            await self.works()
        self.clock.set(target)
        await self.works()

    async def works(self) -> None:
        """Let the bot do all that is due now."""
        await self.house.watch()
        await self.house.ticker.tick()
        await self._settle()

    def hears(self, who: str, *fragments: str) -> Message:
        """Return the next message somebody got and has not read, which must hold all of these words."""
        waiting = self._unread(who)
        assert waiting, f"{who} was sent nothing more; expected {fragments}"
        message = waiting[0]
        for fragment in fragments:
            assert fragment in message.whole, f"«{fragment}» is not in what {who} was sent:\n{message.whole}"
        self._read[who] = self._positions[message.id]
        return message

    def reads_week(self, who: str, number: int, *fragments: str) -> Message:
        """Return the page of a weekly summary that somebody got with its picture and its workbook."""
        page = self.hears(who, f"TỔNG HỢP TUẦN {number}", *fragments)
        for media in ("image/png", "spreadsheetml"):
            file = self.hears(who, f"tuần {number}").out.file
            assert file is not None
            assert media in file.media
        return page

    def nobody_hears_more(self) -> None:
        """Fail on any message that no test line expected."""
        extra = [f"{who}: {message.whole}" for who in self._people for message in self._unread(who)]
        assert not extra, "unexpected messages:\n" + "\n---\n".join(extra)

    async def _hear(self, who: str, raw: dict[str, object]) -> None:
        whole = {"chat_id": who, "user_id": who, "user_name": who, **raw}
        await self._arrives(f"{who}:{next(self._ids)}", whole)
        await self._settle()

    async def _arrives(self, external_id: str, raw: dict[str, object]) -> None:
        await self.house.hearer.sink(CHANNEL)(external_id, raw)

    async def _settle(self) -> None:
        while await self.house.hearer.begin_waiting():
            pass
        await self.house.hearer.finish()
        while await self.house.deliverer.send_waiting():
            await self.house.deliverer.land()

    def _unread(self, who: str) -> list[Message]:
        def read(tx: Tx) -> list[Message]:
            rows = tx.execute(
                select(outbox)
                .where(outbox.c.chat_id == who, outbox.c.message_id != "", outbox.c.id > self._read.get(who, 0))
                .order_by(outbox.c.id)
            ).all()
            self._positions = {row.message_id: row.id for row in rows}
            return [
                Message(
                    world=self,
                    who=who,
                    id=row.message_id,
                    out=read_out(row.heading, row.text, row.buttons, row.file),
                    at=row.settled_at,
                )
                for row in rows
            ]

        return self.store.read(read)
