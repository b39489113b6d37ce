"""The least an aiogram user writes: a dispatcher that polls and echoes. Runs in a virtual environment of its own."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    """Say the same."""
    await message.answer(message.text or "")


async def main() -> None:
    """Poll until told to stop."""
    server = TelegramAPIServer.from_base(os.environ["BOT_TELEGRAM__API_URL"])
    bot = Bot(os.environ["BOT_TELEGRAM__TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
