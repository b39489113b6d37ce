"""Settings: config/settings.yaml, overridden by the environment (BOT_WEB__PORT), secrets also from files (…_FILE).

One table says every setting with its default; the shipped file and the README are held against it by tests.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.nodes import Scalar, read_nodes
from bot.catalogue.problems import CatalogueError, Notes, Problem
from bot.catalogue.scalars import RefusedError, clock, weekday, whole

SETTINGS_FILE = "config/settings.yaml"
PREFIX = "BOT_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting: its dotted name, how its text is read, its default as text, what it is for."""

    name: str
    read: Callable[[str], Any]
    default: str
    about: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return PREFIX + self.name.upper().replace(".", "__")


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
    web_host: str
    web_port: int
    summary_on: int
    summary_at: time
    summary_as_of: time
    office_gather_minutes: int
    questions_hours: int
    invites_days: int
    files_max_mb: int


def _text(text: str) -> str:
    return text


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise RefusedError(f"«{text}» phải là một trong: {', '.join(words)}")
        return text

    return read


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise RefusedError(f"«{text}» phải bắt đầu bằng https:// (hoặc http:// trên máy này)")
    return text.rstrip("/")


SETTINGS = (
    Setting(name="language", read=_one_of("vi"), default="vi", about="ngôn ngữ của hệ thống"),
    Setting(
        name="log_level", read=_one_of("debug", "info", "warning"), default="info", about="mức chi tiết của nhật ký"
    ),
    Setting(
        name="database_url",
        read=_text,
        default="",
        about="để trống: SQLite trong data/; hoặc postgresql+psycopg://người_dùng@máy_chủ/tên",
    ),
    Setting(name="telegram.token", read=_text, default="", about="mã bot do @BotFather cấp; để trống: không dùng Telegram"),
    Setting(
        name="telegram.api_url", read=_address, default="https://api.telegram.org", about="máy chủ Bot API"
    ),
    Setting(
        name="telegram.webhook_url",
        read=_address,
        default="",
        about="địa chỉ https công khai của /telegram/webhook; để trống: bot tự hỏi máy chủ (không cần địa chỉ công khai)",
    ),
    Setting(name="telegram.webhook_secret", read=_text, default="", about="khóa của webhook, 16 đến 256 ký tự A-Za-z0-9_-"),
    Setting(name="telegram.per_second", read=whole(1, 30), default="28", about="số tin gửi tối đa mỗi giây"),
    Setting(name="web.host", read=_text, default="127.0.0.1", about="địa chỉ của trang web và các điểm kiểm tra"),
    Setting(name="web.port", read=whole(0, 9999), default="8080", about="cổng của trang web; 0: hệ thống tự chọn"),
    Setting(name="summary.on", read=weekday, default="thứ sáu", about="ngày phát hành tổng hợp tuần"),
    Setting(name="summary.at", read=clock, default="16:00", about="giờ phát hành tổng hợp tuần"),
    Setting(name="summary.as_of", read=clock, default="10:00", about="giờ chốt số liệu trong ngày phát hành"),
    Setting(
        name="office.gather_minutes",
        read=whole(0, 480),
        default="15",
        about="gom báo cáo mới trong bao nhiêu phút trước khi báo cơ quan theo dõi",
    ),
    Setting(name="questions.hours", read=whole(1, 168), default="24", about="một câu hỏi chờ trả lời trong bao nhiêu giờ"),
    Setting(name="invites.days", read=whole(1, 60), default="7", about="mã liên kết có hiệu lực bao nhiêu ngày"),
    Setting(name="files.max_mb", read=whole(1, 20), default="10", about="dung lượng tối đa của một tệp minh chứng, MB"),
)


def load_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings of a home folder under this environment; raise CatalogueError with all that is wrong.

    A missing file means every default.
    """
    notes = Notes(SETTINGS_FILE)
    top = _top(home / SETTINGS_FILE, notes)
    values: dict[str, Any] = {}
    problems = _unknown(environment)
    for setting in SETTINGS:
        values[setting.name.replace(".", "_")] = _value(setting, top, environment, problems)
    problems += notes.found
    if problems:
        raise CatalogueError(problems)
    return Settings(**values)


def _top(path: Path, notes: Notes) -> Fields | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if not content.strip():
        return None
    known = {setting.name.partition(".")[0] for setting in SETTINGS}
    node = read_nodes(content, notes)
    if isinstance(node, Scalar) and not node.text:  # nothing but comments: every default
        return None
    return as_fields(node, notes, where="", known=known)


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
    if setting.variable in environment:
        return environment[setting.variable].strip()
    file = environment.get(f"{setting.variable}_FILE")
    if file is None:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip()
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


def _problem(variable: str, text: str) -> Problem:
    return Problem(file=variable, line=1, column=1, text=text)
