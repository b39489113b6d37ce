"""What the server's handlers find in the application."""

from aiohttp import web

from bot.channels.local import LocalChannel
from bot.web.host import Host
from bot.web.pace import Pace

HOST: web.AppKey[Host] = web.AppKey("host", Host)
LOCAL = web.AppKey("local", LocalChannel)
DEMO = web.AppKey("demo", bool)
MAX_UPLOAD = web.AppKey("max_upload", int)  # bytes
SPEAKING = web.AppKey("speaking", Pace)
ARRIVING = web.AppKey("arriving", Pace)
