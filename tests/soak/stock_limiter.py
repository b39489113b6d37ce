"""The same wave through python-telegram-bot's own limiter, as its users write it, until standard input closes.

Reads one line of JSON, the messages as [chat, text]; starts the wave when it has them. A press is answered by a message.
"""

import argparse
import asyncio
import json
import logging
import os
import sys

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, ContextTypes

ANSWER = "Đã ghi nhận"


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a press, and say so in the chat."""
    if update.callback_query is not None and update.effective_chat is not None:
        await update.callback_query.answer()
        await context.bot.send_message(update.effective_chat.id, ANSWER)


async def main(retries: int) -> None:
    """Send everything at once; the limiter is to pace it."""
    logging.disable(logging.CRITICAL)  # a trace for each refusal would be counted against it
    url = os.environ["BOT_TELEGRAM__API_URL"]
    builder = Application.builder().token(os.environ["BOT_TELEGRAM__TOKEN"]).base_url(f"{url}/bot")
    limiter = AIORateLimiter(max_retries=retries)
    builder = builder.rate_limiter(limiter).connection_pool_size(256).pool_timeout(600).concurrent_updates(True)
    application = builder.build()
    application.add_handler(CallbackQueryHandler(answer))
    messages = json.loads(await asyncio.to_thread(sys.stdin.readline))

    async def send(chat: int, text: str) -> None:
        await application.bot.send_message(chat, text)

    async with application:
        await application.start()
        if application.updater is None:
            raise SystemExit("this application has no updater")
        await application.updater.start_polling()
        print("running", flush=True)
        ended = await asyncio.gather(*(send(chat, text) for chat, text in messages), return_exceptions=True)
        lost = sum(isinstance(each, TelegramError) for each in ended)
        print(json.dumps({"lost": lost}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--retries", type=int, required=True)
    asyncio.run(main(asked.parse_args().retries))
