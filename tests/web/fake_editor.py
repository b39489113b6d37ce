"""A catalogue for the page without a plan: a text is wrong where it says so, and large where it says that."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.web.editor import Applied, Judged, Ruling, Source, Wrong

SINCE = datetime(2022, 9, 19, 0, 30, tzinfo=UTC)
EFFECTS = ("Dời hạn 1 kỳ:", "- R1: 30/09/2022 → 05/10/2022; Sở Nội vụ", "Liên quan 1 người của 1 đơn vị.")
BRAKE = "Thay đổi chạm tới 38 trong 38 người đang được nhắc (100%), vượt mức 30%."


@dataclass
class FakeEditor:
    """Implements bot.web.editor.Editor: "sai" is a problem, "lớn" is beyond the brake, "#" alone changes nothing."""

    texts: dict[str, str] = field(
        default_factory=lambda: {"plan": "tasks:\n  - R1\n", "units": "units:\n", "calendar": "days:\n"}
    )
    revision: int = 1
    letters: int = 0
    letters_from: datetime | None = None
    judged: list[Mapping[str, str]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def source(self) -> Source:
        return Source(revision=self.revision, since=SINCE + timedelta(days=self.revision - 1), texts=self.texts)

    async def judge(self, texts: Mapping[str, str]) -> Judged:
        self.judged.append(texts)
        await self.gate.wait()
        wrong = tuple(
            Wrong(file=name, line=number, column=line.index("sai") + 1, words="«sai» không phải là hạn")
            for name, text in texts.items()
            for number, line in enumerate(text.split("\n"), 1)
            if "sai" in line
        )
        if wrong:
            return Judged(over=self.revision, wrong=wrong)
        nothing = all("#" in text for text in texts.values())
        brakes = (BRAKE,) if any("lớn" in text for text in texts.values()) else ()
        return Judged(over=self.revision, effects=EFFECTS, brakes=brakes, is_nothing=nothing)

    async def apply(self, texts: Mapping[str, str], *, over: int, is_sure: bool) -> Applied:
        judged = await self.judge(texts)
        ruling = Ruling.APPLIED
        if over != self.revision:
            ruling = Ruling.OVERTAKEN
        elif judged.wrong:
            ruling = Ruling.WRONG
        elif judged.brakes and not is_sure:
            ruling = Ruling.BRAKED
        else:
            self.texts.update(texts)
            self.revision += 1
        return Applied(ruling=ruling, revision=self.revision, letters=self.letters, letters_from=self.letters_from)
