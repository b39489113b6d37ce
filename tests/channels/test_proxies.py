"""The proxy of the environment is found as everybody expects, and looked up once for each server."""

import pytest

from bot.channels.proxies import Proxies


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        pytest.param({}, "https://api.telegram.org/bot", None, id="none named"),
        pytest.param({"https_proxy": "http://p:1"}, "https://api.telegram.org/bot", "http://p:1", id="named"),
        pytest.param({"http_proxy": "http://p:1"}, "https://api.telegram.org/bot", None, id="named for another scheme"),
        pytest.param(
            {"https_proxy": "http://p:1", "no_proxy": "telegram.org"}, "https://api.telegram.org/bot", None, id="exempt"
        ),
        pytest.param(
            {"http_proxy": "http://p:1", "no_proxy": "127.0.0.1"}, "http://127.0.0.1:8081/bot", None, id="this machine"
        ),
    ],
)
def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str | None
) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert Proxies().of(url) == proxy


def test_a_server_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://p:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    proxies = Proxies()
    before = proxies.of("https://a.example/one")

    monkeypatch.setenv("https_proxy", "http://p:2")

    assert proxies.of("https://a.example/two") == before == "http://p:1"
    assert proxies.of("https://b.example/one") == "http://p:2"
