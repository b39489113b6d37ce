"""Settings: config/settings.yaml, overridden by the environment (BOT_WEB__PORT), secrets also from files (…_FILE)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.nodes import read_nodes
from bot.catalogue.problems import CatalogueError, Notes, Problem
from bot.catalogue.scalars import RefusedError
from bot.catalogue.syntax import MAX_BYTES
from bot.settings.table import PREFIX, SETTINGS, Setting

SETTINGS_FILE = "config/settings.yaml"

__all__ = ["SETTINGS", "SETTINGS_FILE", "Setting", "Settings", "load_settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, read. Secrets do not print."""

    language: str
    log_level: str
    database_url: str = field(repr=False)
    telegram_token: str = field(repr=False)
    telegram_api_url: str
    telegram_webhook_url: str
    telegram_webhook_secret: str = field(repr=False)
    telegram_per_second: int
    telegram_chat_seconds: int
    telegram_group_per_minute: int
    zalo_token: str = field(repr=False)
    zalo_api_url: str
    zalo_webhook_url: str
    zalo_webhook_secret: str = field(repr=False)
    zalo_per_second: int
    zalo_chat_seconds: int
    web_host: str
    web_port: int
    web_names: tuple[str, ...]
    catalogue_apply: str
    catalogue_brake_share: int
    catalogue_brake_least: int
    catalogue_shadow_until: date | None
    summary_on: int
    summary_at: time
    summary_as_of: time
    office_gather_minutes: int
    questions_hours: int
    invites_days: int
    help_name: str
    help_phone: str
    audit_ping_url: str = field(repr=False)  # its path is a secret of the watcher's
    files_max_mb: int


def load_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings of a home folder under this environment; raise CatalogueError with all that is wrong.

    A missing file means every default; an empty variable is one that is not set.
    """
    notes = Notes(SETTINGS_FILE)
    top = _top(home / SETTINGS_FILE, notes)
    values: dict[str, Any] = {}
    problems = _unknown(environment)
    for setting in SETTINGS:
        values[setting.name.replace(".", "_")] = _value(setting, top, environment, problems)
    problems += notes.found
    for network in ("telegram", "zalo"):
        if not problems and values[f"{network}_webhook_url"] and not values[f"{network}_webhook_secret"]:
            problems.append(_without_secret(top, network))
    if problems:
        raise CatalogueError(problems)
    return Settings(**values)


def _top(path: Path, notes: Notes) -> Fields | None:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        notes.found.append(_problem(SETTINGS_FILE, "không đọc được tệp này; hãy kiểm tra quyền đọc"))
        return None
    if len(content) <= MAX_BYTES and _is_silent(content):
        return None
    known = {setting.name.partition(".")[0] for setting in SETTINGS}
    return as_fields(read_nodes(content, notes), notes, where="", known=known)


def _is_silent(content: bytes) -> bool:
    lines = BytesIO(content.removeprefix(b"\xef\xbb\xbf"))  # one at a time: a file may be nothing but line breaks
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)


def _value(setting: Setting, top: Fields | None, environment: Mapping[str, str], problems: list[Problem]) -> Any:
    text = _from_environment(setting, environment, problems)
    if text is not None:
        try:
            return setting.read(text)
        except RefusedError as error:
            problems.append(_problem(setting.variable, str(error)))
            return setting.read(setting.default)
    found = _from_file(setting, top)
    return setting.read(setting.default) if found is None else found


def _from_file(setting: Setting, top: Fields | None) -> Any:
    if top is None:
        return None
    section, _, key = setting.name.partition(".")
    if not key:
        return top.read(section, setting.read)
    known = [each.name.partition(".")[2] for each in SETTINGS if each.name.startswith(f"{section}.")]
    fields = top.fields(section, known, where=section)
    return fields.read(key, setting.read) if fields else None


def _from_environment(setting: Setting, environment: Mapping[str, str], problems: list[Problem]) -> str | None:
    if text := environment.get(setting.variable, "").strip():
        return text
    file = environment.get(f"{setting.variable}_FILE", "").strip()
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        problems.append(_problem(f"{setting.variable}_FILE", "không đọc được tệp được chỉ"))
        return setting.default


def _unknown(environment: Mapping[str, str]) -> list[Problem]:
    known = {name for setting in SETTINGS for name in (setting.variable, f"{setting.variable}_FILE")}
    notes = Notes("môi trường")
    return [
        _problem(name, f"biến này không được biết đến{notes.nearest(name, known)}")
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known
    ]


def _without_secret(top: Fields | None, network: str) -> Problem:
    sentence = f"có {network}.webhook_url thì phải có {network}.webhook_secret; thiếu khóa, mọi lần gọi đều bị từ chối"
    if top is None:
        return _problem(f"BOT_{network.upper()}__WEBHOOK_SECRET", sentence)
    place = top.key_place(network)
    return Problem(file=SETTINGS_FILE, line=place.line, column=place.column, text=sentence)


def _problem(variable: str, text: str) -> Problem:
    return Problem(file=variable, line=1, column=1, text=text)
