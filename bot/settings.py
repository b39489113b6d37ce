"""Settings: config/settings.yaml, overridden by the environment (BOT_WEB__PORT), secrets also from files (…_FILE).

One table says every setting with its default; the shipped file and the README are held against it by tests.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.nodes import read_nodes
from bot.catalogue.problems import CatalogueError, Notes, Problem, shown
from bot.catalogue.scalars import RefusedError, clock, weekday, whole

SETTINGS_FILE = "config/settings.yaml"
PREFIX = "BOT_"

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # at most 256; https://core.telegram.org/bots/api#setwebhook
_LAST_PORT = 65535


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
    web_names: tuple[str, ...]
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
            raise RefusedError(f"{shown(text)} phải là một trong: {', '.join(words)}")
        return text

    return read


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise RefusedError("địa chỉ phải bắt đầu bằng https:// (hoặc http:// nếu là máy này)")
    return text.rstrip("/")


def _token(text: str) -> str:
    # What was written is not repeated: it may be the secret with a slip in it.
    if text and not _TOKEN.fullmatch(text):
        raise RefusedError("mã bot không đúng dạng 123456789:ABC…; hãy chép lại nguyên dòng mà @BotFather cấp")
    return text


def _secret(text: str) -> str:
    if text and not _SECRET.fullmatch(text):
        raise RefusedError("khóa phải có 16 đến 256 ký tự, chỉ gồm chữ không dấu, số, dấu gạch dưới và gạch nối")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LAST_PORT)) and int(text) <= _LAST_PORT):
        raise RefusedError(f"{shown(text)} phải là số cổng từ 0 đến {_LAST_PORT}")
    return int(text)


SETTINGS = (
    Setting(
        name="language",
        read=_one_of("vi", "en"),
        default="vi",
        about="ngôn ngữ nói với người mới liên kết và các nhóm: vi hoặc en",
    ),
    Setting(
        name="log_level",
        read=_one_of("debug", "info", "warning"),
        default="info",
        about="mức chi tiết của nhật ký: debug, info, warning",
    ),
    Setting(
        name="database_url",
        read=_text,
        default="",
        about="để trống: SQLite trong data/; hoặc postgresql+psycopg://người_dùng@máy_chủ/tên",
    ),
    Setting(
        name="telegram.token", read=_token, default="", about="mã bot do @BotFather cấp; để trống: không dùng Telegram"
    ),
    Setting(
        name="telegram.api_url",
        read=_address,
        default="https://api.telegram.org",
        about="máy chủ Bot API; chỉ đổi khi tự dựng máy chủ",
    ),
    Setting(
        name="telegram.webhook_url",
        read=_address,
        default="",
        about="địa chỉ https công khai của /telegram/webhook; để trống: bot tự hỏi Telegram, không cần địa chỉ",
    ),
    Setting(
        name="telegram.webhook_secret", read=_secret, default="", about="khóa của webhook, 16 đến 256 ký tự A-Za-z0-9_-"
    ),
    Setting(name="telegram.per_second", read=whole(1, 30), default="28", about="số tin gửi tối đa mỗi giây"),
    Setting(
        name="web.host", read=_text, default="127.0.0.1", about="địa chỉ mà trang web và các điểm kiểm tra lắng nghe"
    ),
    Setting(name="web.port", read=_port, default="8080", about="cổng của trang web; 0: hệ thống tự chọn"),
    Setting(
        name="web.names",
        read=_names,
        default="",
        about="tên máy chủ khác mà trang được gọi tới, cách nhau bằng dấu phẩy; chính máy này luôn được",
    ),
    Setting(name="summary.on", read=weekday, default="thứ sáu", about="ngày phát hành tổng hợp tuần"),
    Setting(name="summary.at", read=clock, default="16:00", about="giờ phát hành tổng hợp tuần"),
    Setting(name="summary.as_of", read=clock, default="10:00", about="giờ chốt số liệu trong ngày phát hành"),
    Setting(
        name="office.gather_minutes",
        read=whole(0, 480),
        default="15",
        about="gom báo cáo mới trong bao nhiêu phút trước khi báo cơ quan theo dõi",
    ),
    Setting(
        name="questions.hours", read=whole(1, 168), default="24", about="một câu hỏi chờ trả lời trong bao nhiêu giờ"
    ),
    Setting(name="invites.days", read=whole(1, 60), default="7", about="mã liên kết có hiệu lực bao nhiêu ngày"),
    Setting(name="files.max_mb", read=whole(1, 20), default="10", about="dung lượng tối đa của một tệp minh chứng, MB"),
)


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
    if not problems and values["telegram_webhook_url"] and not values["telegram_webhook_secret"]:
        problems.append(_without_secret(top))
    if problems:
        raise CatalogueError(problems)
    return Settings(**values)


def _top(path: Path, notes: Notes) -> Fields | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        notes.found.append(_problem(SETTINGS_FILE, "không đọc được tệp này; hãy kiểm tra quyền đọc"))
        return None
    if _is_silent(content):
        return None
    known = {setting.name.partition(".")[0] for setting in SETTINGS}
    return as_fields(read_nodes(content, notes), notes, where="", known=known)


def _is_silent(content: bytes) -> bool:
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
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


def _without_secret(top: Fields | None) -> Problem:
    sentence = "có telegram.webhook_url thì phải có telegram.webhook_secret; thiếu khóa, mọi lần gọi đều bị từ chối"
    if top is None:
        return _problem("BOT_TELEGRAM__WEBHOOK_SECRET", sentence)
    place = top.key_place("telegram")
    return Problem(file=SETTINGS_FILE, line=place.line, column=place.column, text=sentence)


def _problem(variable: str, text: str) -> Problem:
    return Problem(file=variable, line=1, column=1, text=text)
