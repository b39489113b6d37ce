"""Telegram, with python-telegram-bot as a typed transport and nothing else of it.

Its Application, Updater and rate limiter are left out: the Updater confirms updates before they are stored, dies
silently on a revoked token and never gets past an update it cannot parse; the limiter ends a pause early and knows no
limit for a private chat.
"""

import logging
import os

# Read by the library each time it meets "too fast": without it, building RetryAfter warns that seconds will become a
# timedelta, and where warnings are errors the warning takes the place of the error. So it is set before the import.
os.environ.setdefault("PTB_TIMEDELTA", "1")

# At DEBUG the library logs the address with the token and every parameter, chat ids and texts included.
logging.getLogger("telegram").setLevel(logging.INFO)

from bot.channels.limiter import Limiter  # noqa: E402
from bot.channels.line import State  # noqa: E402
from bot.channels.telegram.channel import TelegramChannel  # noqa: E402  # after the variable above, and that is the point
from bot.channels.telegram.webhook import WebHook, telegram_webhook_ok, webhook_update  # noqa: E402

__all__ = ["Limiter", "State", "TelegramChannel", "WebHook", "telegram_webhook_ok", "webhook_update"]
