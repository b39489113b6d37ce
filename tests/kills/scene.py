"""Three people, three tasks, a server of Telegram's as a process of its own, and a bot that is killed and comes back."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import IO, Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from sqlalchemy import func, select

from bot.app.catalogues import start
from bot.app.home import Home
from bot.app.opening import open_store
from bot.catalogue import load_catalogue
from bot.domain.calendar import LOCAL
from bot.domain.plan import Role
from bot.jobs.keep import keep_in_step
from bot.settings import load_settings
from bot.store import Store, Tx, people
from bot.store.tables import inbox, outbox, summary
from tests.fakes.bot_api.server import TOKEN
from tests.kills.invariants import Delivered
from tests.world import SMALL_PLAN

ROOT = Path(__file__).parents[2]
SECONDS = 40.0  # a case takes some five; a loaded machine may be slow
LOOK = 0.05  # between two looks at what the bot did
SPEED = 20  # a second is twenty seconds of the day
LAN, MINH, HA, PHUC = 1001, 1002, 1003, 1004
MONDAY = datetime(2022, 9, 26, 8, 0, tzinfo=LOCAL)
FRIDAY = datetime(2022, 9, 30, 15, 59, 30, tzinfo=LOCAL)
TASKS = """\
  - {id: R1, title: Báo cáo rà soát, owners: [snv], due: 2022-09-26}
  - {id: R2, title: Kế hoạch tuyên truyền, owners: [stc], due: 2022-09-29}
  - {id: R3, title: Công khai tiến độ, owners: [snv, stc], due: 2022-10-03}
"""
EDITED = TASKS.replace("R3, title: Công khai tiến độ, owners: [snv, stc], due: 2022-10-03",
                       "R3, title: Công khai tiến độ, owners: [snv, stc], due: 2022-09-29") + (
    "  - {id: R4, title: Việc mới, owners: [snv], due: 2022-09-29}\n"
)  # fmt: skip


@dataclass
class Server:
    """The Bot API server as a process of its own: it outlives every bot."""

    url: str

    def start_over(self) -> None:
        """Forget everything; four people have a chat that takes messages."""
        self.post("start_over")
        self.post("crowd", first=LAN, number=PHUC - LAN + 1)

    def post(self, what: str, **body: Any) -> Any:
        said, kind = json.dumps(body).encode(), {"content-type": "application/json"}
        request = Request(f"{self.url}/_control/{what}", said, kind)  # noqa: S310  (loopback)
        with urlopen(request, timeout=10) as answer:  # noqa: S310  (loopback)
            return json.load(answer)

    def get(self, what: str) -> Any:
        with urlopen(f"{self.url}/_control/{what}", timeout=10) as answer:  # noqa: S310  (loopback)
            return json.load(answer)

    def delivered(self) -> list[Delivered]:
        """Return every message that the server took from the bot."""
        return [
            Delivered(
                chat_id=str(call["values"]["chat_id"]),
                text=call["values"].get("text") or call["values"].get("caption") or "",
                files=tuple(sorted(call["files"].values())),
            )
            for call in self.get("calls")
            if call["method"] in ("sendMessage", "sendPhoto", "sendDocument") and call["status"] == 200
        ]


@contextmanager
def serving() -> Iterator[Server]:
    """Run the server while a block lasts."""
    words = [sys.executable, "-m", "tests.fakes.bot_api"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(process.stdout.readline().strip())
        finally:
            process.terminate()


@dataclass
class Scene:
    """One home and what its people do, once each, whenever the bot gives them occasion to."""

    root: Path
    server: Server
    database_url: str = ""
    clock: datetime = MONDAY
    did: dict[str, int] = field(default_factory=dict)  # what was done: how many updates that made
    deaths: int = 0
    _spawned: float = 0.0

    def __post_init__(self) -> None:
        self.root.mkdir()
        copytree(ROOT / "config", self.root / "config")
        self.plan(TASKS)
        self.home = Home(self.root)
        self.server.start_over()
        began = MONDAY - timedelta(minutes=5)
        with self.store() as store:
            found = start(self.home, store, now=began).catalogue
            store.write(lambda tx: keep_in_step(tx, plan=found.plan, calendar=found.calendar, now=began))
            store.write(self._people)

    def plan(self, tasks: str) -> None:
        """Write the plan's file."""
        (self.root / "plan_tasks.yaml").write_text(SMALL_PLAN + tasks, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "BOT_TELEGRAM__TOKEN": TOKEN,
            "BOT_TELEGRAM__API_URL": self.server.url,
            "BOT_WEB__PORT": "0",
            "BOT_OFFICE__GATHER_MINUTES": "0",
            "BOT_CATALOGUE__APPLY": "auto",
            "BOT_DATABASE_URL": self.database_url,
        }

    def store(self) -> Store:
        return open_store(self.home, load_settings(self.root, self.environment))

    def _people(self, tx: Tx) -> None:
        for who, name, unit, role in (
            (LAN, "Lan", "snv", Role.FOCAL),
            (MINH, "Minh", "stc", Role.FOCAL),
            (HA, "Hà", "snv", Role.OFFICE),
            (PHUC, "Phúc", "vpubnd", Role.MANAGER),
        ):
            people.join(tx, channel="telegram", user_id=str(who), name=name, unit=unit, role=role, now=MONDAY)

    async def run(self, point: str = "", nth: int = 1) -> Process:
        """Start the bot where the day stands, with a point armed."""
        moment = f"{self.clock:%Y-%m-%dT%H:%M:%S}"
        self._spawned = time.monotonic()
        return await self.command("run", "--clock", moment, "--speed", SPEED, point=point, nth=nth)

    async def command(self, *words: object, point: str = "", nth: int = 1, home: Path | None = None) -> Process:
        """Start a command with a point armed; what it says goes into a file beside the home."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
        call = [sys.executable, "-m", "tests.kills.child", point, str(nth), "--", "--home", str(home or self.root)]
        with self._log() as log:
            return await asyncio.create_subprocess_exec(
                *call, *map(str, words), cwd=ROOT, env=own | self.environment, stdin=DEVNULL, stdout=log, stderr=log
            )

    def _log(self) -> IO[bytes]:
        return (self.root.parent / "log").open("ab")

    @property
    def said(self) -> str:
        """All that every process said."""
        return (self.root.parent / "log").read_text()

    async def until_killed(self, process: Process) -> None:
        """Let the people do what they do until the bot dies of its own hand."""
        await self._until(process, lambda: False)
        self._pass(process)
        assert process.returncode == -signal.SIGKILL, f"it was not killed:\n{self.said[-3000:]}"
        self.deaths += 1

    async def killed_after(self, process: Process, seconds: float) -> None:
        """Let the people do what they do for so long, and kill the bot wherever it is."""
        end = time.monotonic() + seconds
        await self._until(process, lambda: time.monotonic() > end)
        process.kill()
        await process.wait()
        self._pass(process)
        assert process.returncode == -signal.SIGKILL, f"it ended by itself:\n{self.said[-3000:]}"
        self.deaths += 1

    async def to_its_end(self, process: Process) -> None:
        """Let the people do the rest until nothing is left to be said or heard, and stop the bot as the system does."""
        await self._until(process, self._is_over)
        assert process.returncode is None, f"it ended by itself:\n{self.said[-3000:]}"
        process.terminate()
        async with asyncio.timeout(SECONDS):
            await process.wait()
        self._pass(process)
        assert process.returncode == 0, self.said[-3000:]

    async def _until(self, process: Process, holds: Any) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                while process.returncode is None and not holds():
                    self._act()
                    try:
                        async with asyncio.timeout(LOOK):
                            await process.wait()
                    except TimeoutError:
                        pass
        except BaseException as error:
            if process.returncode is None:
                process.kill()
                await process.wait()
            error.add_note(f"done: {self.did}; the bot said:\n{self.said[-4000:]}")
            raise

    def _pass(self, process: Process) -> None:
        """Let the day go on while nobody runs: the next start is never before the last end."""
        self.clock += timedelta(seconds=(time.monotonic() - self._spawned) * SPEED)

    def _act(self) -> None:
        if self.clock.date() != MONDAY.date():
            return
        self._press("report", LAN, "R1 Đã xong")
        self._press("accept", HA, "Xác nhận")
        if self.deaths:
            self._do_without()
        if "text" not in self.did and "accept" in self.did:  # not beside the other report: one commit would hold both
            self._done("text", "say", user=MINH, name="Minh", text="R2 xong")

    def _do_without(self) -> None:
        """Let people who may never have been told, which stands as in doubt, do what they would have done anyway."""
        if "report" not in self.did and self.look(lambda tx: _is_in_doubt(tx, "remind:", LAN)):
            self._done("report", "say", user=LAN, name="Lan", text="R1 xong")
        if "accept" not in self.did and self.look(lambda tx: _is_in_doubt(tx, "announce:", HA)):
            self.did["accept"] = 0  # she decides another day

    def _press(self, name: str, who: int, label: str) -> None:
        if name in self.did:
            return
        for message in reversed(self._heard(who)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
                for button in row:
                    if label in button["text"]:
                        at = {"message_id": message["message_id"], "button": button["text"]}
                        self._done(name, "press", user=who, **at)
                        return

    def _done(self, act: str, verb: str, **body: Any) -> None:
        self.did[act] = 1
        self.server.post(verb, **body)

    def asks_for_help(self) -> None:
        """Let somebody write what is answered and changes nothing."""
        self.did["help"] = self.did.get("help", 0) + 1
        self.server.post("say", user=PHUC, name="Phúc", text="/trogiup")

    def _heard(self, who: int) -> list[dict[str, Any]]:
        return [each for each in self.server.get(f"messages?chat={quote(str(who))}") if each["from"]["is_bot"]]

    def _is_over(self) -> bool:
        if self.clock.date() == MONDAY.date() and not {"report", "accept", "text"} <= set(self.did):
            return False
        return not self.server.get("pending")["updates"] and self.look(self._is_quiet)

    def _is_quiet(self, tx: Tx) -> bool:
        """Return whether everything heard is handled and everything to be said is said; on Friday, of a published week."""
        unsaid = select(func.count()).select_from(outbox).where(outbox.c.state.in_(["waiting", "claimed"]))
        unheard = select(func.count()).select_from(inbox).where(inbox.c.state == "new")
        published = select(func.count()).select_from(summary)
        weeks = 0 if self.clock.date() == MONDAY.date() else 1
        heard = tx.execute(select(func.count()).select_from(inbox)).scalar_one()
        left = tx.execute(unsaid).scalar_one() + tx.execute(unheard).scalar_one()
        return left == 0 and tx.execute(published).scalar_one() == weeks and heard == sum(self.did.values())

    def look(self, work: Any) -> Any:
        """Return what is in the database now, without bringing its schema up."""
        with Store(self.home.database_url(self.database_url)) as store:
            return store.read(work)

    @property
    def catalogue(self) -> Any:
        return load_catalogue(self.root)


def _is_in_doubt(tx: Tx, prefix: str, who: int) -> bool:
    """Return whether all that was to be said of this kind to somebody is in doubt, and no repeat on its way."""
    here = (outbox.c.key.startswith(prefix), outbox.c.chat_id == str(who))
    return set(tx.execute(select(outbox.c.state).where(*here)).scalars()) == {"in_doubt"}
