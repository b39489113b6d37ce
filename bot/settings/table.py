"""Every setting: its name, how it is read, its default and what it is for. The shipped file and the README repeat it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.catalogue.problems import shown
from bot.catalogue.scalars import RefusedError, clock, day, weekday, whole

PREFIX = "BOT_"

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{20,}")
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # at most 256; https://core.telegram.org/bots/api#setwebhook
PHONE = re.compile(r"\+?[0-9][0-9 .]{5,18}")
LAST_PORT = 65535


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


def _text(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads one of a few words."""

    words: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """Return the word."""
        if text not in self.words:
            raise RefusedError(f"{shown(text)} phải là một trong: {', '.join(self.words)}")
        return text


def _one_of(*words: str) -> OneOf:
    return OneOf(words)


def names(text: str) -> tuple[str, ...]:
    """Return names written one after another with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def address(text: str) -> str:
    """Return an address on the web, or its absence."""
    if text and not text.startswith(("https://", "http://")):
        raise RefusedError("địa chỉ phải bắt đầu bằng https:// (hoặc http:// nếu là máy này)")
    return text.rstrip("/")


@dataclass(frozen=True, slots=True)
class Token:
    """Reads a bot's token, or its absence."""

    giver: str

    def __call__(self, text: str) -> str:
        """Return the token."""
        # What was written is not repeated: it may be the secret with a slip in it.
        if text and not TOKEN.fullmatch(text):
            raise RefusedError(f"mã bot không đúng dạng 123456789:ABC…; hãy chép lại nguyên dòng mà {self.giver} cấp")
        return text


def secret(text: str) -> str:
    """Return a webhook's key, or its absence."""
    if text and not SECRET.fullmatch(text):
        raise RefusedError("khóa phải có 16 đến 256 ký tự, chỉ gồm chữ không dấu, số, dấu gạch dưới và gạch nối")
    return text


def port(text: str) -> int:
    """Return a port."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PORT)) and int(text) <= LAST_PORT):
        raise RefusedError(f"{shown(text)} phải là số cổng từ 0 đến {LAST_PORT}")
    return int(text)


def phone(text: str) -> str:
    """Return a phone number, or its absence."""
    if text and not PHONE.fullmatch(text):
        raise RefusedError(f"{shown(text)} không phải số điện thoại; chỉ ghi chữ số, dấu cách, dấu chấm, dấu +")
    return text


def day_or_none(text: str) -> date | None:
    """Return a date, or its absence."""
    return day(text) if text else None


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
        name="telegram.token",
        read=Token("@BotFather"),
        default="",
        about="mã bot do @BotFather cấp; để trống: không dùng Telegram",
    ),
    Setting(
        name="telegram.api_url",
        read=address,
        default="https://api.telegram.org",
        about="máy chủ Bot API; chỉ đổi khi tự dựng máy chủ",
    ),
    Setting(
        name="telegram.webhook_url",
        read=address,
        default="",
        about="địa chỉ https công khai của /telegram/webhook; để trống: bot tự hỏi Telegram, không cần địa chỉ",
    ),
    Setting(
        name="telegram.webhook_secret", read=secret, default="", about="khóa của webhook, 16 đến 256 ký tự A-Za-z0-9_-"
    ),
    Setting(name="telegram.per_second", read=whole(1, 30), default="28", about="số tin gửi tối đa mỗi giây"),
    Setting(
        name="telegram.chat_seconds",
        read=whole(1, 60),
        default="1",
        about="khoảng cách tối thiểu giữa hai tin gửi một người, giây",
    ),
    Setting(
        name="telegram.group_per_minute",
        read=whole(1, 20),
        default="20",
        about="số tin gửi tối đa mỗi phút vào một nhóm",
    ),
    Setting(
        name="zalo.token",
        read=Token("Zalo Bot Creator"),
        default="",
        about="mã bot do Zalo Bot Creator cấp; để trống: không dùng Zalo",
    ),
    Setting(
        name="zalo.api_url",
        read=address,
        default="https://bot-api.zaloplatforms.com",
        about="máy chủ Zalo Bot; chỉ đổi khi chạy thử",
    ),
    Setting(
        name="zalo.webhook_url",
        read=address,
        default="",
        about="địa chỉ https công khai của /zalo/webhook; để trống: bot tự hỏi Zalo, chỉ nên khi thử",
    ),
    Setting(
        name="zalo.webhook_secret", read=secret, default="", about="khóa của webhook, 16 đến 256 ký tự A-Za-z0-9_-"
    ),
    Setting(name="zalo.per_second", read=whole(1, 30), default="10", about="số tin gửi tối đa mỗi giây"),
    Setting(
        name="zalo.chat_seconds",
        read=whole(1, 60),
        default="1",
        about="khoảng cách tối thiểu giữa hai tin gửi một người, giây",
    ),
    Setting(
        name="web.host", read=_text, default="127.0.0.1", about="địa chỉ mà trang web và các điểm kiểm tra lắng nghe"
    ),
    Setting(name="web.port", read=port, default="8080", about="cổng của trang web; 0: hệ thống tự chọn"),
    Setting(
        name="web.names",
        read=names,
        default="",
        about="tên máy chủ khác mà trang được gọi tới, cách nhau bằng dấu phẩy; chính máy này luôn được",
    ),
    Setting(
        name="catalogue.apply",
        read=_one_of("ask", "auto"),
        default="ask",
        about="khi tệp kế hoạch được sửa: ask hỏi quản trị; auto tự áp dụng thay đổi nhỏ rồi báo lại",
    ),
    Setting(
        name="catalogue.brake_share",
        read=whole(1, 100),
        default="30",
        about="thay đổi chạm đến quá bao nhiêu phần trăm số kỳ hoặc số người thì cần hai quản trị đồng ý",
    ),
    Setting(
        name="catalogue.brake_least",
        read=whole(1, 10000),
        default="10",
        about="dưới số kỳ hoặc số người này thì không xét tỷ lệ trên",
    ),
    Setting(
        name="catalogue.shadow_until",
        read=day_or_none,
        default="",
        about="chạy thử đến hết ngày này: mọi tin nhắc chỉ gửi cho quản trị, ghi rõ người nhận thật; viết như 2026-01-31",
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
    Setting(name="help.name", read=_text, default="", about="người giúp khi bot năm lần không hiểu: họ tên, đơn vị"),
    Setting(name="help.phone", read=phone, default="", about="số điện thoại của người đó"),
    Setting(
        name="audit.ping_url",
        read=address,
        default="",
        about="địa chỉ được gọi mỗi 5 phút khi mọi việc đều ổn; nơi nhận báo động khi không còn được gọi",
    ),
    Setting(name="files.max_mb", read=whole(1, 20), default="10", about="dung lượng tối đa của một tệp minh chứng, MB"),
)
