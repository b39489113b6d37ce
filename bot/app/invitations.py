"""Deep links for invitations: asked of Telegram once, None where there is no Telegram or it cannot be reached."""

import asyncio
from collections.abc import Callable

from bot.settings import Settings

ASK_SECONDS = 8.0  # an invitation is good without a link: the code can be typed


def telegram_link(settings: Settings) -> Callable[[str], str | None]:
    """Return what makes a code's link; the link is None where the bot's own name cannot be learnt."""
    if not settings.telegram_token:
        return lambda _: None
    return asyncio.run(_learn(settings))


async def _learn(settings: Settings) -> Callable[[str], str | None]:
    from bot.channels.telegram import TelegramChannel  # noqa: PLC0415  (0.3 s, only with a token)

    channel = TelegramChannel(settings.telegram_token, settings.telegram_api_url)
    try:
        async with asyncio.timeout(ASK_SECONDS):
            await channel.open()
    except TimeoutError:
        return lambda _: None
    finally:
        await channel.close()
    return channel.invite_link
