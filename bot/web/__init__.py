"""The web server: the page with its chats, live events, health, metrics and the networks' web hooks."""

from bot.web.server import AddressError, make_app, serve

__all__ = ["AddressError", "make_app", "serve"]
