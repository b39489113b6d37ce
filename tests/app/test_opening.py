"""Opening a home: a broken database is a sentence, tokens never reach a log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.home import Home, HomeError
from bot.app.opening import is_rehearsal_safe, open_house, open_store, set_up_logging
from bot.settings import Settings, load_settings
from bot.store import Store
from tests.store.builders import NOW
from tests.world import ROOT, SMALL_PLAN, HandClock

PLAN = SMALL_PLAN + "  - {id: R1, title: Việc một, owners: [snv], due: 2022-09-30}\n"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"
ZALO_TOKEN = "1459232241454765289:xYzAbCdEfGhIjKlMnOpQr"  # more digits before, fewer letters behind


@pytest.fixture
def home(tmp_path: Path) -> Home:
    import shutil

    root = tmp_path / "home"
    root.mkdir()
    shutil.copytree(ROOT / "config", root / "config")
    (root / "plan_tasks.yaml").write_text(PLAN, encoding="utf-8")
    return Home(root)


def settings_of(home: Home, **words: str) -> Settings:
    return load_settings(home.root, words)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home, settings_of(home)) as opened:
        yield opened


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite:////nowhere/at/all/x.db", id="no such folder"),
        pytest.param("postgresql+psycopg://bot:secret-word@127.0.0.1:1/x", id="no such server"),
        pytest.param("oracle://bot:secret-word@127.0.0.1/x", id="another kind of database"),
        pytest.param("secret-word", id="no address at all"),
    ],
)
def test_a_database_that_cannot_be_opened_is_a_sentence_without_the_password(home: Home, url: str) -> None:
    with pytest.raises(HomeError, match="database_url") as caught:
        open_store(home, settings_of(home, BOT_DATABASE_URL=url))

    assert "secret-word" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_file_that_is_no_database_is_a_sentence(home: Home) -> None:
    home.make()
    (home.data / "nhacviec.db").write_bytes(b"rubbish" * 1000)

    with pytest.raises(HomeError, match="database_url"):
        open_store(home, settings_of(home))


def test_without_a_token_the_page_is_the_channel(home: Home, store: Store) -> None:
    house = open_house(home, settings_of(home), HandClock(NOW), store)

    assert set(house.channels) == {"local"}


def test_with_a_token_telegram_is_the_channel_and_a_demo_never_uses_it(home: Home, store: Store) -> None:
    settings = settings_of(home, BOT_TELEGRAM__TOKEN=TOKEN)

    assert set(open_house(home, settings, HandClock(NOW), store).channels) == {"telegram"}
    assert set(open_house(home, settings, HandClock(NOW), store, demo_chats=["a"]).channels) == {"local"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        pytest.param({"BOT_ZALO__TOKEN": ZALO_TOKEN}, {"zalo"}, id="zalo"),
        pytest.param({"BOT_ZALO__TOKEN": ZALO_TOKEN, "BOT_TELEGRAM__TOKEN": TOKEN}, {"zalo", "telegram"}, id="both"),
    ],
)
def test_every_network_with_a_token_is_a_channel(
    home: Home, store: Store, words: dict[str, str], names: set[str]
) -> None:
    house = open_house(home, settings_of(home, **words), HandClock(NOW), store)

    assert set(house.channels) == names
    assert house.hooks == {}


def test_a_web_hook_opens_the_door_of_its_network_only(home: Home, store: Store) -> None:
    hooked = {"BOT_ZALO__WEBHOOK_URL": "https://a.example/zalo/webhook", "BOT_ZALO__WEBHOOK_SECRET": "x" * 16}
    settings = settings_of(home, BOT_ZALO__TOKEN=ZALO_TOKEN, BOT_TELEGRAM__TOKEN=TOKEN, **hooked)

    assert set(open_house(home, settings, HandClock(NOW), store).hooks) == {"zalo"}


def test_a_channel_speaks_at_the_pace_of_the_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.app import opening

    asked: list[dict[str, float]] = []
    monkeypatch.setattr(opening, "Limiter", lambda **pace: asked.append(pace))
    paces = {"BOT_TELEGRAM__PER_SECOND": "7", "BOT_TELEGRAM__CHAT_SECONDS": "2", "BOT_TELEGRAM__GROUP_PER_MINUTE": "5"}
    paces |= {"BOT_ZALO__PER_SECOND": "3", "BOT_ZALO__CHAT_SECONDS": "4"}
    opening.networks(settings_of(home, BOT_ZALO__TOKEN=ZALO_TOKEN, BOT_TELEGRAM__TOKEN=TOKEN, **paces))

    assert asked == [
        {"per_second": 7, "private_seconds": 2, "group_messages": 5},
        {"per_second": 3, "private_seconds": 4},
    ]


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://localhost:8081", True),
        ("http://[::1]:8081", True),
        ("https://api.telegram.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://127.0.0.1@example.org", False),
    ],
)
def test_a_rehearsal_reaches_this_machine_only(home: Home, url: str, is_safe: bool) -> None:
    with_token = settings_of(home, BOT_TELEGRAM__TOKEN=TOKEN, BOT_TELEGRAM__API_URL=url)
    on_zalo = settings_of(home, BOT_ZALO__TOKEN=ZALO_TOKEN, BOT_ZALO__API_URL=url)

    assert is_rehearsal_safe(with_token) is is_rehearsal_safe(on_zalo) is is_safe
    assert is_rehearsal_safe(settings_of(home))


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Put the handlers of logging back as they were."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "apscheduler", "aiohttp.access")}
    yield
    root.handlers[:], root.level = before, level
    for name, was in quiet.items():
        logging.getLogger(name).setLevel(was)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(f"GET https://api.telegram.org/bot{TOKEN}/getMe", id="in an address"),
        pytest.param(f"token={TOKEN}", id="alone"),
        pytest.param(f"[{TOKEN}]", id="in brackets"),
        pytest.param(f"https://bot-api.zaloplatforms.com/bot{ZALO_TOKEN}/getMe", id="Zalo's, in an address"),
        pytest.param(f"https://bot-api.zaloplatforms.com/bot{ZALO_TOKEN.replace(':', '%3A')}/getMe", id="quoted"),
    ],
)
def test_a_token_never_reaches_the_log(own_logging: None, capsys: pytest.CaptureFixture[str], words: str) -> None:
    set_up_logging("info")
    logging.getLogger("anything").error("%s", words, exc_info=ValueError(words))
    logging.getLogger("httpx").info(words)

    said = capsys.readouterr().err
    assert "<token>" in said
    for token in (TOKEN, ZALO_TOKEN):
        assert token.partition(":")[2] not in said


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(home: Home, store: Store) -> None:
    store.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(HomeError, match=r"phiên bản 9999, do một bản Nhắc Việc mới hơn tạo ra.*nhacviec restore"):
        open_store(home, settings_of(home))
