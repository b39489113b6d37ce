"""Databases that fail under a running bot: it says so, confirms nothing that it could not store, and goes on by itself."""

import asyncio
import re
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from sqlalchemy import make_url

from tests.fakes.bot_api import FakeBotApi, User
from tests.fakes.postgres import Server, is_installed, started
from tests.system.process import Bot, nhacviec, running

pytestmark = pytest.mark.process

SECONDS = 25.0  # a database that is locked is waited for ten seconds; then the network is asked again after some pauses
NOT_STORED = "not stored"
READY = 5.0  # the promise to a probe, far from its usual milliseconds


def settings_of(telegram: FakeBotApi, url: str = "") -> dict[str, str]:
    return {
        "BOT_TELEGRAM__TOKEN": telegram.token,
        "BOT_TELEGRAM__API_URL": telegram.url,
        "BOT_DATABASE_URL": url,
        "BOT_WEB__PORT": "0",
    }


async def ready(bot: Bot) -> tuple[int, dict[str, str]]:
    """Return the status of /readyz and the sentences of what does not hold."""
    async with (
        asyncio.timeout(READY),
        aiohttp.ClientSession() as session,
        session.get(f"{bot.address}readyz") as answer,
    ):
        body = await answer.json()
    return answer.status, {each["name"]: each["words"] for each in body["checks"] if not each["ok"]}


async def until_ready(bot: Bot) -> None:
    """Wait until nothing is wrong."""
    async with asyncio.timeout(SECONDS):
        while (await ready(bot))[0] != 200:
            pass  # the question itself gives the loop its turn


@asynccontextmanager
async def joined(home: Path, telegram: FakeBotApi, url: str = "") -> AsyncIterator[tuple[Bot, User]]:
    """Run a bot with one person who has joined and been told so."""
    settings = settings_of(telegram, url)
    made = await nhacviec("invite", "--unit", "snv", "--role", "focal", "--json", home=home, **settings)
    lan = telegram.user(1001, "Lan")
    async with running("run", home=home, **settings) as bot:
        lan.says(f"/start {made.json['code']}")
        await telegram.until(lambda: len(lan.heard) == 1, seconds=SECONDS)
        assert "Đã liên kết" in lan.heard[0]
        await until_ready(bot)
        yield bot, lan


def waiting(telegram: FakeBotApi) -> list[Any]:
    """Return the updates that the bot has not confirmed."""
    return list(telegram.state.updates)


async def answers_again(telegram: FakeBotApi, lan: User) -> None:
    """See that what was said meanwhile is answered, once each and in order, and confirmed."""
    await telegram.until(lambda: len(lan.heard) >= 4, seconds=SECONDS)
    lan.says("/ngonngu")
    await telegram.until(lambda: len(lan.heard) >= 5 and not telegram.state.updates, seconds=SECONDS)
    about = ["ngôn ngữ" if "/ngonngu vi" in text else "hướng dẫn" for text in lan.heard[1:]]
    assert about == ["hướng dẫn", "ngôn ngữ", "hướng dẫn", "ngôn ngữ"]
    assert telegram.refusals == []


def says_three(lan: User) -> None:
    for text in ("/trogiup", "/ngonngu", "/trogiup"):
        lan.says(text)


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the database as another program might that has begun to write and forgot to end."""
    with closing(sqlite3.connect(home / "data" / "nhacviec.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_a_locked_database_is_waited_for_and_nothing_is_confirmed_meanwhile(
    home: Path, telegram: FakeBotApi
) -> None:
    async with joined(home, telegram) as (bot, lan):
        with locked(home):
            says_three(lan)
            status, wrong = await ready(bot)
            assert status == 503
            assert wrong["database.write"].startswith("Không ghi được vào cơ sở dữ liệu.")
            await bot.until_it_logs(NOT_STORED)  # ten seconds have passed
            assert len(waiting(telegram)) == 3
            assert len(lan.heard) == 1

        await until_ready(bot)
        await answers_again(telegram, lan)
        assert await bot.stop() == 0


@contextmanager
def full(bot: Bot) -> Iterator[None]:
    """Let no file of the bot's grow: what a full disk does, without one."""
    _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (hard, hard))


async def test_a_disk_that_takes_nothing_is_said_and_nothing_is_confirmed_meanwhile(
    home: Path, telegram: FakeBotApi
) -> None:
    async with joined(home, telegram) as (bot, lan):
        with full(bot):
            says_three(lan)
            await bot.until_it_logs(NOT_STORED)
            status, wrong = await ready(bot)
            assert status == 503
            assert wrong["disk"].startswith("Không ghi được vào thư mục dữ liệu.")
            assert wrong["database.write"].startswith("Không ghi được vào cơ sở dữ liệu.")
            assert len(waiting(telegram)) == 3
            assert len(lan.heard) == 1

        await until_ready(bot)
        await answers_again(telegram, lan)
        assert await bot.stop() == 0
    assert sound(home)


def sound(home: Path) -> bool:
    with closing(sqlite3.connect(home / "data" / "nhacviec.db")) as database:
        found = database.execute("PRAGMA integrity_check").fetchone()
    return bool(found == ("ok",))


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of this test's own, which it may stop."""
    if not is_installed():
        pytest.skip("PostgreSQL is not installed")
    with started(is_lasting=True) as own:
        yield own


@pytest.mark.postgres
async def test_a_server_that_goes_away_and_comes_back_loses_nothing(
    home: Path, telegram: FakeBotApi, server: Server
) -> None:
    url = server.create()
    async with joined(home, telegram, url) as (bot, lan):
        await asyncio.to_thread(server.stop)
        says_three(lan)
        await bot.until_it_logs(NOT_STORED)
        status, wrong = await ready(bot)
        assert status == 503
        assert wrong["database"] == "Cơ sở dữ liệu không trả lời."
        assert wrong["database.write"].startswith("Không ghi được vào cơ sở dữ liệu.")
        assert len(waiting(telegram)) == 3

        await asyncio.to_thread(server.start)
        await until_ready(bot)
        await answers_again(telegram, lan)
        assert await bot.stop() == 0
    assert "postgres" not in re.sub(r"psycopg|postgresql", "", bot.out)
    assert rows(url, "SELECT count(*) FROM inbox WHERE state = 'done'") == 5
    assert rows(url, "SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0


@pytest.mark.postgres
async def test_a_server_that_restarts_under_a_web_hook_is_told_5xx_until_it_can_store(
    home: Path, telegram: FakeBotApi, server: Server
) -> None:
    url = server.create()
    secret = "mot-khoa-du-dai-de-khong-ai-doan-duoc"
    hook = {
        "BOT_TELEGRAM__WEBHOOK_URL": "https://nhacviec.example/telegram/webhook",
        "BOT_TELEGRAM__WEBHOOK_SECRET": secret,
    }
    lan = telegram.user(1001, "Lan")
    assert lan.chat is not None
    async with running("run", home=home, **settings_of(telegram, url), **hook) as bot:

        async def call(update: int) -> int:
            message = {
                "message_id": update, "date": 1664150100, "text": "xin chào",
                "chat": {"id": 1001, "type": "private"}, "from": {"id": 1001, "is_bot": False, "first_name": "Lan"},
            }  # fmt: skip
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
            body = {"update_id": update, "message": message}
            door = f"{bot.address}telegram/webhook"
            async with aiohttp.ClientSession() as session, session.post(door, json=body, headers=headers) as answer:
                return answer.status

        assert await call(1) == 200
        await telegram.until(lambda: len(lan.heard) == 1, seconds=SECONDS)
        await asyncio.to_thread(server.stop)
        assert await call(2) >= 500
        await asyncio.to_thread(server.start)
        await until_status(call, 2)
        await telegram.until(lambda: len(lan.heard) == 2, seconds=SECONDS)
        assert await bot.stop() == 0
    assert rows(url, "SELECT count(*) FROM inbox") == 2


async def until_status(call: Callable[[int], Any], update: int) -> None:
    """Repeat a call as a network does until it is taken."""
    async with asyncio.timeout(SECONDS):
        while await call(update) != 200:
            pass  # the call itself gives the loop its turn


def rows(url: str, statement: str) -> int:
    whole = make_url(url)
    with psycopg.connect(host=str(whole.query["host"]), user="postgres", dbname=whole.database) as connection:
        found = connection.execute(statement).fetchone()
    assert found is not None
    return int(found[0])
