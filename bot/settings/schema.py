"""The JSON Schema of config/settings.yaml, made of the table of settings."""

import re
from collections.abc import Callable
from typing import Any

from bot.catalogue.scalars import Whole, clock, weekday
from bot.catalogue.schema_parts import Schema, about, choice, document, mapping, text, whole, written
from bot.catalogue.schema_parts import clock as a_clock
from bot.catalogue.schema_parts import day as a_day
from bot.catalogue.schema_parts import weekday as a_weekday
from bot.settings import table
from bot.settings.table import SETTINGS, OneOf, Setting, Token


def settings_schema() -> Schema:
    """Return the schema of config/settings.yaml. Every setting may be left out."""
    top: dict[str, Schema] = {}
    sections: dict[str, dict[str, Schema]] = {}
    for setting in SETTINGS:
        section, _, key = setting.name.partition(".")
        if key:
            sections.setdefault(section, {})[key] = _shape(setting)
        else:
            top[section] = _shape(setting)
    top |= {section: mapping(shapes, shapes) for section, shapes in sections.items()}
    return document(mapping(top, top), title="Cài đặt")


def _shape(setting: Setting) -> Schema:
    return about(setting.about, _form(setting.read), default=setting.default)


def _form(read: Callable[[str], Any]) -> Schema:
    match read:
        case Whole(smallest=smallest, largest=largest):
            return whole(smallest, largest)
        case OneOf(words=words):
            return choice(words)
        case Token():
            return written([table.TOKEN], "mã bot có dạng 123456789:ABC…")
    return _FORMS.get(read) or text()


_FORMS: dict[Callable[[str], Any], Schema] = {
    clock: a_clock(),
    weekday: a_weekday(),
    table.day_or_none: a_day(),
    table.port: whole(0, table.LAST_PORT),
    table.address: written([re.compile(r"https?://.*")], "địa chỉ bắt đầu bằng https:// hoặc http://"),
    table.secret: written([table.SECRET], "16 đến 256 ký tự A-Za-z0-9_-"),
    table.phone: written([table.PHONE], "chỉ gồm chữ số, dấu cách, dấu chấm, dấu +"),
}
