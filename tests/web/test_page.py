"""The page in a real Chromium: what people see, and that nothing they type becomes more than text."""

import asyncio
import shutil
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.ports import Button, File, Out
from tests.web.fake_host import FakeHost
from tests.web.serving import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

WIDE = (1400, 900)
NARROW = (360, 740)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EVIL = (
    "<img src=x onerror=\"document.title='đã chạy'\"><b>đậm</b> javascript:alert(1) "
    "https://example.org/?a=1&b=2. <i>nghiêng</i>"
)
ASK = Out(
    heading="Nhắc việc ngày 26/09/2022",
    text="R18 – Công khai tiến độ; hạn hôm nay.",
    buttons=((Button(text="Đã xong", action="1:s1:1:0"), Button(text="Đang làm", action="1:s2:1:0")),),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The one browser of this file, without the pages and cookies of the test before."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def demo(house: FakeHost) -> AsyncIterator[Site]:
    async with served(house, demo=True) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="module")
async def run(house: FakeHost) -> AsyncIterator[Site]:
    async with served(house, demo=False) as site:
        yield site


async def opened(browser: Browser, site: Site, size: tuple[int, int] = WIDE) -> Page:
    """Open the page and wait until it is live."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(5000)
    async with page.expect_response("**/events"):
        await page.goto(site.url)
    return page


async def test_a_reminder_comes_by_itself_and_its_button_answers(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo)
    phone = page.locator("#phone-snv")
    await expect(phone.get_by_text("Chưa có tin nhắn.")).to_be_visible()
    await expect(phone.locator(".log:not([aria-busy])")).to_be_attached()  # else the message is one from before

    message = await demo.host.say("snv", ASK)
    await expect(phone.locator(".heading")).to_have_text("Nhắc việc ngày 26/09/2022")
    await expect(phone.locator(".who .unread")).to_have_text("1 mới")
    await phone.get_by_role("button", name="Đã xong").click()

    await expect(phone.locator(".mine .words")).to_have_text("Đã chọn: Đã xong")
    await expect(phone.locator(".toast")).to_have_text("Đã nhận.")
    await expect(phone.locator("[aria-busy]")).to_have_count(0)
    await expect(phone.locator(".who .unread")).to_be_hidden()
    [raw] = demo.host.stored.values()
    assert (raw["action"], raw["message_id"]) == ("1:s1:1:0", message)


async def test_what_anybody_says_is_text_and_never_markup(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo)
    phone = page.locator("#phone-snv")

    await demo.host.say("snv", Out(heading=EVIL, text=EVIL, buttons=((Button(text=EVIL, action="x"),),)))
    await phone.get_by_role("textbox").fill(EVIL)
    await phone.get_by_role("button", name="Gửi", exact=True).click()

    await expect(phone.locator(".mine .words")).to_have_text(EVIL)
    await expect(phone.locator(".theirs .words")).to_have_text(EVIL)
    await expect(phone.locator(".heading")).to_have_text(EVIL)
    await expect(phone.locator(".choice")).to_have_text(EVIL)
    assert await phone.locator(".log img, .log b, .log i").count() == 0
    assert (
        await phone.locator(".log a").evaluate_all("links => links.map(link => link.href)")
        == ["https://example.org/?a=1&b=2"] * 2
    )
    assert await page.title() == "Nhắc Việc"


async def test_a_message_recorded_after_it_was_announced_still_shows(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo)
    await expect(page.locator("#phone-snv .empty")).to_be_visible()

    async with asyncio.timeout(5):
        await demo.host.say("snv", ASK, is_late=True)

    await expect(page.locator("#phone-snv .heading")).to_have_text("Nhắc việc ngày 26/09/2022")


async def test_everything_can_be_done_with_the_keyboard(browser: Browser, demo: Site) -> None:
    await demo.host.local.set_menu("snv", (("nhiemvu", "Xem nhiệm vụ"),))
    page = await opened(browser, demo)
    await demo.host.say("snv", ASK)
    await expect(page.locator("#phone-snv .choice")).to_have_count(2)
    keyboard = page.keyboard

    focused: list[str] = []
    while not focused or "Tin nhắn của Nguyễn Thị Lan" not in focused[-1]:
        await keyboard.press("Tab")
        focused.append(
            await page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText")
        )
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert len(focused) < 20
    await keyboard.type("R18 1")
    await keyboard.press("Shift+Enter")
    await keyboard.type("đã công khai")
    await keyboard.press("Enter")

    await expect(page.locator("#phone-snv .mine .words")).to_have_text("R18 1\nđã công khai")
    assert {"+1 giờ", "+1 ngày", "Đến sự kiện tiếp theo", "Đã xong", "Đang làm", "Gửi tệp"} <= {
        name.strip() for name in focused
    }
    await page.locator("#phone-snv .open-menu").focus()
    await keyboard.press("Enter")
    await keyboard.press("Escape")
    await expect(page.locator("#phone-snv .menu")).to_be_hidden()
    await keyboard.press("Enter")
    await keyboard.press("Enter")
    await expect(page.locator("#phone-snv .mine .words").last).to_have_text("/nhiemvu")


async def test_the_clock_shows_vietnamese_time_and_moves(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo)

    await expect(page.locator("#clock")).to_have_text("Thứ Hai, 26/09/2022 · 07:55")
    await page.get_by_role("button", name="Đến sự kiện tiếp theo").click()
    await expect(page.locator("#clock")).to_have_text("Thứ Hai, 26/09/2022 · 08:00")
    await page.get_by_role("button", name="+1 ngày").click()

    await expect(page.locator("#clock")).to_have_text("Thứ Ba, 27/09/2022 · 08:00")


async def test_a_narrow_screen_shows_one_phone_and_tabs(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo, NARROW)
    await expect(page.get_by_role("tab")).to_have_count(7)  # six phones and the catalogue
    await expect(page.locator(".phone:visible")).to_have_count(1)

    await demo.host.say("tamky", ASK)
    await expect(page.get_by_role("tab").nth(2)).to_contain_text("1 mới")
    await page.get_by_role("tab").first.focus()
    await page.keyboard.press("ArrowRight")

    await expect(page.locator("#phone-tamky")).to_be_visible()
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await expect(page.get_by_role("tab", selected=True)).to_contain_text("Trần Văn Hùng")
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    box = await page.locator("#phone-tamky .send").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW[0]
    assert box["y"] + box["height"] <= NARROW[1]


async def test_files_go_up_and_come_down_and_our_pictures_show(browser: Browser, demo: Site, tmp_path: Path) -> None:
    page = await opened(browser, demo)
    phone = page.locator("#phone-snv")
    await phone.locator("input[type=file]").set_input_files(
        {"name": "Báo cáo 1234.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    picture = tmp_path / "p.png"
    picture.write_bytes(_png())
    await demo.host.say(
        "snv", Out(heading="Tuần 39", text="", file=File(path=str(picture), name="b.png", media="image/png"))
    )

    await expect(phone.locator(".document")).to_contain_text("Báo cáo 1234.pdf")
    async with page.expect_download() as coming:
        await phone.locator(".document").click()
    download = await coming.value
    assert download.suggested_filename == "Báo cáo 1234.pdf"
    assert (await download.path()).read_bytes() == b"%PDF-1.7"
    await expect(phone.get_by_role("img", name="Tuần 39")).to_have_js_property("naturalWidth", 1)


async def test_a_file_too_large_is_refused_in_the_page(browser: Browser, demo: Site) -> None:
    page = await opened(browser, demo)
    phone = page.locator("#phone-snv")

    await phone.locator("input[type=file]").set_input_files(
        {"name": "a.bin", "mimeType": "application/octet-stream", "buffer": b"x" * 1001}
    )

    await expect(phone.locator(".toast")).to_contain_text("Tệp lớn hơn")
    assert demo.host.stored == {}


async def test_a_page_that_lost_its_line_catches_up(browser: Browser, house: FakeHost) -> None:
    async with served(house, demo=True) as site:
        page = await opened(browser, site)
        port = site.port
        await site.runner.cleanup()
        await expect(page.locator("#line")).to_have_text("Mất kết nối với hệ thống, đang nối lại …")
        await house.say("snv", ASK)

    async with served(house, demo=True, port=port):
        await expect(page.locator("#phone-snv .heading")).to_have_text("Nhắc việc ngày 26/09/2022")
        await expect(page.locator("#line")).to_be_hidden()
        await page.close()


async def test_in_a_run_a_browser_keeps_its_own_chat(browser: Browser, run: Site) -> None:
    page = await opened(browser, run)
    await expect(page.locator(".phone")).to_have_count(1)
    await expect(page.locator("#jumps")).to_be_hidden()
    await expect(page.locator(".title")).to_have_text("Nhập mã liên kết để bắt đầu")
    await page.get_by_role("textbox").fill("K7QP-2M9X-RTVB")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .words")).to_have_text("K7QP-2M9X-RTVB")

    await page.reload()

    await expect(page.locator(".mine .words")).to_have_text("K7QP-2M9X-RTVB")
    assert await page.evaluate("document.cookie") == ""


def _png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
