"""The demo as a newcomer plays it: a real process, a real browser, from the first reminder to Friday's summary."""

import os

import pytest
from playwright.async_api import Browser, Page, expect

PATIENCE = 30_000  # milliseconds

pytestmark = pytest.mark.browser


async def test_a_reminder_is_answered_accepted_and_summed_up_on_friday(address: str, browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 1720, "height": 1000})
    await page.goto(address)
    focal, office, manager = (
        page.locator(f"#phone-{chat}") for chat in ("dau-moi-snv", "co-quan-theo-doi", "lanh-dao-tinh")
    )

    # Nobody touches the clock: it runs fast enough for eight to come by itself.
    await expect(focal).to_contain_text("Nhắc việc ngày 26/09/2022", timeout=60_000)
    await focal.get_by_role("button", name="R16 Đã xong").last.click()
    await expect(focal).to_contain_text("Ví dụ: 12/18", timeout=PATIENCE)
    await focal.get_by_role("textbox").fill("18/18")
    await focal.get_by_role("textbox").press("Enter")
    await expect(focal).to_contain_text("Chờ xác nhận", timeout=PATIENCE)

    await office.get_by_role("button", name="1. Xác nhận").click(timeout=PATIENCE)
    await expect(office).to_contain_text("Đã xác nhận R16", timeout=PATIENCE)
    await expect(focal).to_contain_text("được xác nhận", timeout=PATIENCE)

    await go_on(page, "day", until="30/09/2022")
    await go_on(page, "hour", until="16:")
    await expect(manager).to_contain_text("TỔNG HỢP TUẦN 39", timeout=PATIENCE)
    picture = manager.locator(".picture img").last
    await expect(picture).to_have_js_property("naturalWidth", 1600, timeout=PATIENCE)  # it is there, and drawn
    await expect(manager.get_by_role("link", name="tong-hop-tuan-2022-W39.xlsx")).to_be_visible()
    if picture_file := os.environ.get("NHACVIEC_SCREENSHOT"):  # docs/demo.png of the README is made so
        await page.screenshot(path=picture_file)


async def go_on(page: Page, jump: str, *, until: str) -> None:
    """Press one of the clock's buttons until it shows this, as a person would, one answer at a time."""
    clock = page.locator("#clock")
    for _ in range(10):
        shown = await clock.inner_text()
        if until in shown:
            return
        await page.locator(f"[data-jump={jump}]").click()
        await expect(clock).not_to_have_text(shown, timeout=PATIENCE)
    pytest.fail(f"the clock never came to {until}")
