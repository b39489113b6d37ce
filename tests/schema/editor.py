"""What an editor sees: a file's values as YAML 1.2 types them, held against one of our schemas."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from bot.app.schemas import SCHEMAS


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core schema: no dates, no sexagesimals, «no» is a word."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own way


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)


def typed(content: str) -> Any:
    """Return a file's value as an editor types it."""
    return yaml.load(content, CoreLoader)  # noqa: S506 - a safe one


def complaints(schema: str, content: str) -> list[str]:
    """Return what an editor underlines in a file, by one of our schemas."""
    value = typed(content)
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(schema).iter_errors(value)]


@cache
def _validator(schema: str) -> Draft7Validator:
    return Draft7Validator(made(schema))


@cache
def made(schema: str) -> dict[str, Any]:
    """Return a schema as the file has it: through JSON and back."""
    return json.loads(json.dumps(SCHEMAS[schema]()))


def shipped(folder: Path) -> dict[str, str]:
    """Return the shipped YAML by the name of its schema."""
    files = ["plan_tasks.yaml", "config/units.yaml", "config/calendar.yaml", "config/settings.yaml"]
    return {f"{Path(name).stem}.json": (folder / name).read_text(encoding="utf-8") for name in files}
