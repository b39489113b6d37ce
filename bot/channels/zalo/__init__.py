"""Zalo's bots, by a thin client of our own over aiohttp, which is here for Telegram and the page already.

The one library there is takes a refusal for a success (it reads the HTTP status, and Zalo says `ok: false` over 200).
"""

from bot.channels.line import State
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.reading import CHANNEL
from bot.channels.zalo.webhook import WebHook, webhook_event, zalo_webhook_ok

__all__ = ["CHANNEL", "State", "WebHook", "ZaloChannel", "webhook_event", "zalo_webhook_ok"]
