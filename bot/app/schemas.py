"""The JSON Schemas of all four files of a home, by the name of the file that holds each."""

from collections.abc import Callable, Mapping

from bot.catalogue.schema import calendar_schema, plan_schema, units_schema
from bot.catalogue.schema_parts import Schema
from bot.settings.schema import settings_schema

SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "plan_tasks.json": plan_schema,
    "units.json": units_schema,
    "calendar.json": calendar_schema,
    "settings.json": settings_schema,
}
