"""Opens a home: its settings, its database, the catalogue that counts, the channels that have a token."""

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.app.backup import refuse_half_restored
from bot.app.catalogues import Catalogues, start
from bot.app.clock import Clock
from bot.app.home import Home, HomeError
from bot.app.hosting import Hook
from bot.app.house import House, caps_of
from bot.channels.limiter import Limiter
from bot.channels.local import CHANNEL as LOCAL_CHANNEL
from bot.channels.local import LocalChannel
from bot.domain.plan import Plan
from bot.ports import Caps, Channel
from bot.settings import Settings
from bot.store import Store
from bot.store.schema import SchemaError

log = logging.getLogger(__name__)

TELEGRAM, ZALO = "telegram", "zalo"
_TOKEN = re.compile(r"(?<!\d)\d{3,}(?::|%3A)[\w-]{20,}")  # a bot token, also where "bot" touches its digits
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def open_store(home: Home, settings: Settings) -> Store:
    """Return the home's database, its schema brought up to date."""
    home.expect()
    refuse_half_restored(home)
    home.make()
    try:
        store = Store(home.database_url(settings.database_url))
        store.migrate()
    except SchemaError as error:
        raise HomeError(str(error)) from error
    except Exception as error:  # whatever a driver raises: the address holds a password, so its words are not repeated
        raise HomeError(
            "Không mở được cơ sở dữ liệu; hãy kiểm tra database_url, máy chủ cơ sở dữ liệu và quyền ghi "
            f"({type(error).__name__})."
        ) from None
    return store


def open_house(
    home: Home,
    settings: Settings,
    clock: Clock,
    store: Store,
    *,
    demo_chats: Sequence[str] = (),
    around: Callable[[Plan, datetime], None] | None = None,
) -> House:
    """Return the house with every channel that has a token; with none, the page on this machine is the channel."""
    local = LocalChannel(home.spool)
    channels: dict[str, Channel] = {} if demo_chats else networks(settings)
    hooks: dict[str, Hook] = {}
    if not channels:
        channels[LOCAL_CHANNEL] = local
    house = House(
        home=home,
        settings=settings,
        clock=clock,
        store=store,
        catalogues=Catalogues(store, start(home, store, now=clock.now())),
        channels=channels,
        local=local,
        hooks=hooks,
        demo_chats=demo_chats,
        around=around,
    )
    if TELEGRAM in channels and settings.telegram_webhook_url:
        hooks[TELEGRAM] = _telegram_hook(settings, house)
    if ZALO in channels and settings.zalo_webhook_url:
        hooks[ZALO] = _zalo_hook(settings, house)
    return house


def networks(settings: Settings) -> dict[str, Channel]:
    """Return a channel for every network with a token, at the pace of the settings."""
    channels: dict[str, Channel] = {}
    if settings.telegram_token:
        channels[TELEGRAM] = _telegram(settings)
    if settings.zalo_token:
        channels[ZALO] = _zalo(settings)
    return channels


def capabilities(home: Home, settings: Settings) -> Mapping[str, Caps]:
    """Return what each channel of a home can do, for what is written while no bot runs."""
    return caps_of(networks(settings), LocalChannel(home.spool))


def set_up_logging(level: str) -> None:
    """Log to standard error, one line an event, tokens taken out whoever wrote them."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutTokens("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns of each tick that outlasts the next
    for chatty in ("httpx", "httpcore", "apscheduler", "aiohttp.access", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # httpx writes the address with the token at INFO


def is_rehearsal_safe(settings: Settings) -> bool:
    """Return whether every network address is this machine's own, so that a rehearsal cannot reach real people."""
    networks = ((settings.telegram_token, settings.telegram_api_url), (settings.zalo_token, settings.zalo_api_url))
    return all(not token or urlsplit(address).hostname in _LOOPBACK for token, address in networks)


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ


class _WithoutTokens(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("<token>", super().format(record))


def _telegram(settings: Settings) -> Channel:
    from bot.channels.telegram import TelegramChannel, WebHook  # noqa: PLC0415  (0.4 s; the demo has no use for it)

    hook = None
    if settings.telegram_webhook_url:
        hook = WebHook(url=settings.telegram_webhook_url, secret=settings.telegram_webhook_secret)
    limiter = Limiter(
        per_second=settings.telegram_per_second,
        private_seconds=settings.telegram_chat_seconds,
        group_messages=settings.telegram_group_per_minute,
    )
    return TelegramChannel(settings.telegram_token, settings.telegram_api_url, limiter=limiter, web_hook=hook)


def _zalo(settings: Settings) -> Channel:
    from bot.channels.zalo import WebHook, ZaloChannel  # noqa: PLC0415

    hook = None
    if settings.zalo_webhook_url:
        hook = WebHook(url=settings.zalo_webhook_url, secret=settings.zalo_webhook_secret)
    limiter = Limiter(per_second=settings.zalo_per_second, private_seconds=settings.zalo_chat_seconds)
    return ZaloChannel(
        settings.zalo_token, settings.zalo_api_url, limiter=limiter, language=settings.language, web_hook=hook
    )


def _telegram_hook(settings: Settings, house: House) -> Hook:
    from bot.channels.telegram import telegram_webhook_ok, webhook_update  # noqa: PLC0415

    return Hook(
        is_allowed=lambda shown: telegram_webhook_ok(shown, settings.telegram_webhook_secret),
        read=webhook_update,
        sink=house.hearer.sink(TELEGRAM),
    )


def _zalo_hook(settings: Settings, house: House) -> Hook:
    from bot.channels.zalo import webhook_event, zalo_webhook_ok  # noqa: PLC0415

    return Hook(
        is_allowed=lambda shown: zalo_webhook_ok(shown, settings.zalo_webhook_secret),
        read=webhook_event,
        sink=house.hearer.sink(ZALO),
        is_probed=True,
    )
