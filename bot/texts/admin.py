"""What the admins are told: matters of the bot's own running, by place and with what to do about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calendar import LOCAL
from bot.domain.delivery import Failure
from bot.ports import Out
from bot.texts import day, say

SHOWN = 20  # matters in one letter
CHANNELS = {"telegram": "Telegram", "zalo": "Zalo"}  # their own names, the same in every language


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing the admins must know, as its notice has it: the kind's word, the words of its sentence, since when."""

    kind: str
    words: Mapping[str, str]
    since: datetime


def told(language: str, matter: Matter) -> str:
    """Return the sentence of one matter."""
    words = {**matter.words, "hour": f"{matter.since.astimezone(LOCAL):%H:%M}", "day": day(matter.since)}
    if "channel" in words:
        words["channel"] = channel_name(words["channel"])
    if matter.kind == "contact_gone":
        words["role"] = say(language, f"role.{words['role']}")
        words["reason"] = say(language, f"gone.{words['reason']}")
    if matter.kind == "audit":
        return say(language, f"notice.audit_{words.pop('check')}", **words)
    if matter.kind == "channel_down":
        refused = words.pop("reason") == Failure.UNAUTHORIZED
        setting = f"{matter.words['channel']}.token"
        return say(language, "notice.channel_refused" if refused else "notice.channel_down", **words, setting=setting)
    if matter.kind == "catalogue_refused":
        return _refused(language, words)
    return say(language, f"notice.{matter.kind}", **words)


def _refused(language: str, words: Mapping[str, str]) -> str:
    lines = [line for line in words["lines"].splitlines() if line]
    more = int(words["count"]) - len(lines)
    said = say(language, "notice.catalogue_refused", **words)
    if lines and more:
        lines.append(say(language, "notice.catalogue_more", count=more))
    return "\n".join([said, *lines])


def told_together(language: str, matters: Sequence[Matter], *, name: str) -> Out:
    """Return the one letter that tells an admin of all these; beyond twenty it says where the rest is shown."""
    lines = [say(language, "notice.greeting", name=name)]
    for number, matter in enumerate(matters[:SHOWN], start=1):
        lines.append(say(language, "notice.item", number=number, text=told(language, matter)))
    if len(matters) > SHOWN:
        lines.append(say(language, "notice.more", count=len(matters) - SHOWN))
    return Out(heading=say(language, "notice.heading", count=len(matters)), text="\n".join(lines))


def channel_name(channel: str) -> str:
    """Return what a channel is called in a sentence."""
    return CHANNELS.get(channel, channel)
