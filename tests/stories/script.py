"""A script that speaks of intents: the channel it is played on turns them into presses, or into numbers and words."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.app.catalogues import Catalogues, start
from bot.app.home import Home
from bot.app.house import House
from bot.app.opening import open_store
from bot.channels.local import LocalChannel
from bot.domain.folding import fold
from bot.ports import Caps
from bot.settings import load_settings
from tests.fakes.channel import CAPS, FakeChannel
from tests.world import Message, World, local

CHANNELS = {
    "telegram": replace(CAPS, name="telegram"),
    "zalo": Caps(name="zalo", max_text=2000, buttons=False, upload=False, groups=False, menu=False, deep_link=False),
    "local": replace(CAPS, name="local", groups=False, deep_link=False),
}
"""What each channel can do, as far as a conversation sees it."""


@dataclass
class Stage(World):
    """A world whose people are all on one channel."""

    channel: str = "telegram"
    line: FakeChannel = field(default_factory=FakeChannel)

    def open(self) -> None:
        if self.channel == "local":
            super().open()
            return
        home = Home(self.root)
        environment = {"BOT_DATABASE_URL": self.url, "BOT_OFFICE__GATHER_MINUTES": "0", **self.environment}
        self.settings = load_settings(self.root, environment)
        self.store = open_store(home, self.settings)
        self.line = FakeChannel(caps=CHANNELS[self.channel])
        self.house = House(
            home=home,
            settings=self.settings,
            clock=self.clock,
            store=self.store,
            catalogues=Catalogues(self.store, start(home, self.store, now=self.clock.now())),
            channels={self.channel: self.line},
            local=LocalChannel(home.spool),
        )

    async def _arrives(self, external_id: str, raw: dict[str, object]) -> None:
        await self.house.hearer.sink(self.channel)(external_id, raw)

    @property
    def has_buttons(self) -> bool:
        return CHANNELS[self.channel].buttons

    async def chooses(self, message: Message, label: str, *, item: int | None = None) -> None:
        """Let somebody take a choice of a message, of its item of this number where it is a list."""
        if not self.has_buttons:
            await self.says(message.who, number_of(message.out.text, label, item=item))
        elif item is not None:
            await self.presses(message, f"{item}. {label}")
        else:
            await self.presses(message, label)

    async def reports(self, message: Message, task: str, label: str) -> None:
        """Let somebody answer about one task of a morning's message with several."""
        if self.has_buttons and label in ("Đã xong", "Đang làm"):
            row = next(row for row in message.out.buttons if row[0].text.startswith(task))
            await self.presses_action(message.who, next(each.action for each in row if label in each.text))
        else:
            numbers = {"Đã xong": 1, "Đang làm": 2, "Vướng mắc": 3, "Xin gia hạn": 4, "Không thuộc đơn vị": 5}
            await self.says(message.who, f"{task} {numbers[label]}")

    async def opens(self, message: Message, task: str) -> Message:
        """Let somebody open a task of a morning's message with several: «Khác…», or its code."""
        if self.has_buttons:
            row = next(row for row in message.out.buttons if row[0].text.startswith(task))
            await self.presses_action(message.who, row[2].action)
        else:
            await self.says(message.who, task)
        return self.hears(message.who, task, "Tình trạng:")

    async def leaves(self, message: Message, label: str) -> None:
        """Let somebody take a way out that is a word: «Không phát sinh», «Bỏ qua», «Hủy»."""
        if self.has_buttons:
            await self.presses(message, label)
        else:
            assert fold(label) in fold(message.out.text), f"«{label}» is not said in:\n{message.out.text}"
            await self.says(message.who, label.lower())


def number_of(text: str, label: str, *, item: int | None = None) -> str:
    """Return the number that stands before a choice's words in a text, in the lines of an item where one is named."""
    lines = [line for line in text.splitlines() if item is None or line.startswith(f"Mục {item}: ")]
    found = re.findall(rf"(?:^|[ :])(\d+)\.? {re.escape(label)}(?: ·|$|\.$)", "\n".join(lines), re.MULTILINE)
    assert len(set(found)) == 1, f"«{label}» has {found} as its number in:\n{text}"
    return str(found[0])


def stage(folder: Path, channel: str, moment: str, *, plan: str) -> Stage:
    """Return a world on a channel that starts at a local moment."""
    own = folder / channel
    own.mkdir()
    return Stage(folder=own, start=local(moment), plan=plan, channel=channel)
