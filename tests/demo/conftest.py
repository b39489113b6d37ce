"""The demo as a real process, and a real browser."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy, copytree

import pytest
from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The shipped files, in a folder of their own."""
    copytree(ROOT / "config", tmp_path / "config")
    copy(ROOT / "plan_tasks.yaml", tmp_path)
    return tmp_path


@pytest.fixture
async def address(home: Path) -> AsyncIterator[str]:
    """Start `nhacviec demo` as anybody would and return the address it prints."""
    words = ["--home", str(home), "demo", "--no-open", "--port", "0", "--speed", "30"]
    command = [sys.executable, "-m", "bot", *words]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = (await process.stdout.readline()).decode()
    yield line.partition(": ")[2].strip()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        assert await process.wait() == 0


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()
