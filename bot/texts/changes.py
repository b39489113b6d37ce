"""What an edit of the catalogue does, in words: for the admins before it is applied, for the units whose dues it moved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.effects import Brake, Dues, Effects, Group, Load, Named, Rule
from bot.ports import Out
from bot.texts import clock, day, due, in_period, say, shortened
from bot.texts.numbers import number

LONGEST = 2000  # characters of effects in one message
ITEMS = 10  # under one heading
FEW_UNITS = 3  # so many are named
MOVED_ITEMS = 30
TITLE_LENGTH = 90

_RULES = {
    Rule.SPAN: "changes.span",
    Rule.OFFICE: "changes.office",
    Rule.DAYS: "changes.days",
    Rule.HOURS: "changes.hours",
    Rule.UNITS: "changes.units",
}
_MOVED = ("changes.moved", "changes.moved_item")
_GAINED = ("changes.gained", "changes.gained_item")
_LOST = ("changes.lost", "changes.lost_item")

UnitName = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A due that was moved, as the people it concerns are told: of which task, unit by name, period; from when to when."""

    task: str
    title: str
    unit: str
    period: str
    old: datetime
    new: datetime


def effect_lines(language: str, effects: Effects, *, unit_name: UnitName, items: int = ITEMS) -> list[str]:
    """Return the effects line by line, most important first, `items` under each heading; one line where there are none."""
    if effects.is_nothing:
        return [say(language, "changes.nothing")]
    return [
        *_tasks(language, effects, items),
        *(say(language, _RULES[rule]) for rule in effects.rules),
        *_dues(language, effects.moved, _MOVED, unit_name, items),
        *_dues(language, effects.gained, _GAINED, unit_name, items),
        *_dues(language, effects.lost, _LOST, unit_name, items),
        *_heard(language, effects),
        *_loads(language, effects, unit_name, items),
    ]


def effects_text(language: str, effects: Effects, *, unit_name: UnitName, longest: int = LONGEST) -> str:
    """Return the lines in one text of at most `longest` characters; what is left out is counted."""
    text = ""
    for items in (ITEMS, 5, 3, 1, 0):
        text = "\n".join(effect_lines(language, effects, unit_name=unit_name, items=items))
        if len(text) <= longest:
            return text
    return f"{text[: longest - 1]}…"


def brake_lines(language: str, brakes: Sequence[Brake]) -> list[str]:
    """Return a sentence for each reason why an edit needs a second word."""
    return [
        say(
            language,
            "changes.brake_people" if brake.what == "people" else "changes.brake_occurrences",
            touched=number(brake.touched, language),
            of=number(brake.of, language),
            share=brake.share,
            limit=brake.limit,
        )
        for brake in brakes
    ]


def moved_dues(language: str, moved: Sequence[Moved], *, name: str) -> Out:
    """Return the one message that tells a person of every due of theirs that a plan edit moved."""
    shown = sorted(moved, key=lambda each: (each.new, each.unit, each.task, each.period))
    several_units = len({each.unit for each in moved}) > 1
    lines = [say(language, "moved.greeting", name=name)]
    for each in shown[:MOVED_ITEMS]:
        lines.append(
            say(
                language,
                "moved.item",
                task=each.task,
                period=in_period(each.period, language),
                unit=f" – {each.unit}" if several_units else "",
                title=shortened(each.title, TITLE_LENGTH),
                old=due(each.old),
                new=due(each.new),
            )
        )
    if len(shown) > MOVED_ITEMS:
        lines.append(say(language, "moved.more", count=len(shown) - MOVED_ITEMS))
    lines.append(say(language, "moved.close"))
    return Out(heading=say(language, "moved.heading"), text="\n".join(lines))


def _tasks(language: str, effects: Effects, items: int) -> Iterator[str]:
    listed = (
        ("changes.tasks_gained", effects.tasks_gained),
        ("changes.tasks_lost", effects.tasks_lost),
        ("changes.tasks_changed", effects.tasks_changed),
    )
    for key, ids in listed:
        if ids.count:
            yield say(language, key, count=number(ids.count, language), names=_names(ids, items))


def _names(ids: Named, items: int) -> str:
    shown = ids.first[: max(items, 1)]
    return ", ".join([*shown, *(["…"] if ids.count > len(shown) else [])])


def _dues(language: str, dues: Dues, keys: tuple[str, str], unit_name: UnitName, items: int) -> Iterator[str]:
    if not dues.count:
        return
    heading, item = keys
    yield say(language, heading, count=number(dues.count, language))
    shown = dues.first[:items]
    for group in shown:
        yield say(language, item, **_group(language, group, unit_name))
    yield from _more(language, dues.groups - len(shown), any_shown=bool(shown))


def _group(language: str, group: Group, unit_name: UnitName) -> dict[str, object]:
    return {
        "task": group.task,
        "period": in_period(group.period, language),
        "old": due(group.old) if group.old else "",
        "new": due(group.new) if group.new else "",
        "units": _units(language, group, unit_name),
    }


def _units(language: str, group: Group, unit_name: UnitName) -> str:
    if group.count <= min(FEW_UNITS, len(group.units)):
        return ", ".join(map(unit_name, group.units))
    return say(language, "changes.some_units", count=number(group.count, language))


def _heard(language: str, effects: Effects) -> Iterator[str]:
    if effects.units:
        people, units = number(effects.people, language), number(effects.units, language)
        key = "changes.people" if effects.people else "changes.people_none"
        yield say(language, key, people=people, units=units)
    reminders = {
        "changes.sent": effects.sent,
        "changes.cancelled": effects.cancelled,
        "changes.repeated": effects.repeated,
    }
    parts = [say(language, key, count=number(count, language)) for key, count in reminders.items() if count]
    if parts:
        yield say(language, "changes.reminders", parts=", ".join(parts))
    if effects.escalations:
        yield say(language, "changes.escalations", count=number(effects.escalations, language))
    yield _messages(language, effects)


def _messages(language: str, effects: Effects) -> str:
    hour = ""
    if effects.hour_from and effects.hour_until:
        hour = f" ({clock(effects.hour_from)[:5]}–{clock(effects.hour_until)[:5]} {day(effects.hour_from)})"
    if not effects.messages:
        return say(language, "changes.no_messages", hour=hour)
    count = number(effects.messages, language)
    if not effects.letters:
        return say(language, "changes.messages", hour=hour, count=count)
    return say(language, "changes.messages_moved", hour=hour, count=count, letters=number(effects.letters, language))


def _loads(language: str, effects: Effects, unit_name: UnitName, items: int) -> Iterator[str]:
    shown = effects.loads[: max(items, 1)]
    yield from (_load(language, load, unit_name) for load in shown)
    if effects.load_count > len(shown):
        yield say(language, "changes.more_loads", count=number(effects.load_count - len(shown), language))


def _load(language: str, load: Load, unit_name: UnitName) -> str:
    words = {"day": day(load.day), "unit": unit_name(load.unit), "count": number(load.count, language)}
    if not load.one_person:
        return say(language, "changes.load", **words)
    return say(language, "changes.load_one", **words, one=number(load.one_person, language))


def _more(language: str, left: int, *, any_shown: bool) -> Iterable[str]:
    if left <= 0:
        return ()
    return (say(language, "changes.more" if any_shown else "changes.more_groups", count=number(left, language)),)
