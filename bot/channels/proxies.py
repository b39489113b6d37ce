"""The proxy that the environment names for a server, looked up once."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


class Proxies:
    """Remembers the proxy of each server it was asked for.

    aiohttp's own `trust_env` looks it up in a thread for every request, and ~/.netrc in another: two thirds of what a
    small request costs.
    """

    def __init__(self) -> None:
        self._found: dict[str, str | None] = {}

    def of(self, url: str) -> str | None:
        """Return the proxy for an address (HTTPS_PROXY and its like), None where there is none or NO_PROXY names the server."""
        server = urlsplit(url)
        if server.netloc not in self._found:
            is_exempt = bool(proxy_bypass(server.hostname or ""))
            self._found[server.netloc] = None if is_exempt else getproxies().get(server.scheme)
        return self._found[server.netloc]
