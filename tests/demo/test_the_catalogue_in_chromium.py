"""The plan is edited on the demo's page: what is wrong is shown at its line, what would happen before it happens."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.app.demo import FOLDER

PATIENCE = 30_000  # milliseconds
WIDE = (1600, 950)
NARROW = (360, 740)
DUE, MOVED = "due: 30/09/2022", "due: 05/10/2022"  # of R4, which every unit owes
UNTOUCHED = re.compile("Chưa sửa gì")

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(address: str, browser: Browser) -> AsyncIterator[Page]:
    """The demo's page, on which nothing may go wrong that only the console tells."""
    page = await browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(address)
    yield page
    assert said == []


async def opened(page: Page, *, by: str = "#open-catalogue") -> Locator:
    """Open the catalogue; return the box with the plan's text once it is there."""
    await page.locator(by).click()
    box = page.locator(".yaml")
    await expect(box).to_have_value(re.compile("id: R23"))
    return box


async def caret_line(box: Locator) -> int:
    before: str = await box.evaluate("(box) => box.value.slice(0, box.selectionStart)")
    return before.count("\n") + 1


async def test_a_line_is_broken_and_mended_and_a_moved_deadline_reaches_who_it_concerns(page: Page, home: Path) -> None:
    shipped = (home / "plan_tasks.yaml").read_text(encoding="utf-8")
    box = await opened(page)
    verdict, focal = page.locator(".verdict"), page.locator("#phone-dau-moi-snv")
    line = shipped[: shipped.index(DUE)].count("\n") + 1

    await box.fill(shipped.replace(DUE, "due: 31/9/2022", 1))
    await expect(verdict).to_contain_text("1 chỗ sai")
    await expect(page.locator(".mark-line")).to_have_text(f"▲{line}")
    await page.get_by_role("button", name=f"dòng {line}").click()
    assert await caret_line(box) == line
    await expect(box).to_be_focused()
    await expect(page.locator(".catalogue .apply")).to_have_attribute("aria-disabled", "true")

    await box.fill(shipped.replace(DUE, MOVED, 1))
    effects = page.locator(".effects")
    await expect(effects).to_contain_text("R4: 30/09/2022 → 05/10/2022")
    await expect(effects).to_contain_text(re.compile(r"Liên quan \d+ người"))
    await expect(page.locator(".mark-line")).to_have_count(0)

    await page.locator(".catalogue .apply").click()
    sure = page.locator(".sure")
    await expect(sure).to_contain_text("vượt mức 30%")
    await sure.get_by_role("button", name="Thôi").click()
    await expect(page.locator(".running")).to_contain_text("bản số 1")
    await page.locator(".catalogue .apply").click()
    await sure.get_by_role("button", name="Vẫn áp dụng").click()
    await expect(verdict).to_contain_text("Bản số 2 đang chạy")
    await expect(page.locator(".running")).to_contain_text("bản số 2")
    await expect(focal).to_contain_text("Hạn cũ: 30/09/2022; hạn mới: 05/10/2022")

    assert (home / "plan_tasks.yaml").read_text(encoding="utf-8") == shipped
    assert MOVED in (home / FOLDER / "plan_tasks.yaml").read_text(encoding="utf-8")
    # A day of ticks later the admins were asked about nothing: what runs is what lies on the demo's disk.
    await page.locator("[data-jump=day]").click()
    await expect(page.locator("#clock")).to_contain_text("27/09/2022")
    await expect(page.locator("#phone-quan-tri")).not_to_contain_text("đề xuất")
    await expect(page.locator(".running")).to_contain_text("bản số 2")


async def test_another_way_to_write_the_same_is_no_change_and_an_edit_can_be_dropped(page: Page) -> None:
    box = await opened(page)
    shipped = await box.input_value()
    verdict = page.locator(".verdict")

    await box.fill(shipped.replace(DUE, "due:   2022-09-30  # sửa cách viết", 1))
    await expect(verdict).to_contain_text("Không có thay đổi")
    await expect(page.locator(".effects")).to_be_hidden()

    await page.locator(".chip[data-file=units]").click()
    await expect(box).to_have_value(re.compile("Sở Nội vụ"))
    await expect(page.locator(".chip[data-file=plan]")).to_contain_text("đã sửa")
    await page.locator(".catalogue .reset").click()
    await page.locator(".chip[data-file=plan]").click()
    await expect(box).to_have_value(shipped)
    await expect(verdict).to_contain_text("Đã trả lại bản đang chạy")


async def test_it_is_edited_and_applied_by_keyboard_alone(page: Page) -> None:
    await go_to(page, "#open-catalogue")
    await page.keyboard.press("Enter")
    box, verdict = page.locator(".yaml"), page.locator(".verdict")
    await expect(box).to_have_value(re.compile("id: R23"))

    await go_to(page, ".yaml")
    await page.keyboard.press("Control+Home")
    await page.keyboard.type("sai")
    await page.keyboard.press("Tab")
    assert (await box.input_value()).startswith("sai # yaml")  # to the next even column, and the box keeps the focus
    await expect(verdict).to_contain_text("chỗ sai")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(box).not_to_be_focused()
    await go_to(page, ".problem")
    await page.keyboard.press("Enter")
    await expect(box).to_be_focused()

    await page.keyboard.press("Control+Home")
    for _ in range(len("sai ")):
        await page.keyboard.press("Delete")
    await expect(verdict).to_have_text(UNTOUCHED)
    await page.keyboard.type("# ghi chú")
    await page.keyboard.press("Enter")
    await expect(verdict).to_contain_text("Không có thay đổi")
    await page.keyboard.press("Escape")
    await go_to(page, ".catalogue .apply")
    await page.keyboard.press("Enter")
    await expect(verdict).to_contain_text("Bản số 2 đang chạy")
    await page.keyboard.press("Shift+Tab")
    await go_to(page, ".yaml", key="Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(box).not_to_be_focused()


async def test_on_a_small_screen_it_is_a_tab_and_nothing_is_cut_off(page: Page) -> None:
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    box = await opened(page, by="#tab-catalogue")
    shipped = await box.input_value()

    for edited, shown in ((f"{shipped}sai", ".problem"), (shipped.replace(DUE, MOVED, 1), ".effects li")):
        await box.fill(edited)
        await expect(page.locator(shown).first).to_be_visible()
        await fits(page)
    await page.locator(".catalogue .apply").click()
    await expect(page.locator(".force")).to_be_in_viewport(ratio=1)
    await fits(page)
    await expect(page.locator("#phone-dau-moi-snv")).to_be_hidden()


async def fits(page: Page) -> None:
    """Expect no part of the page, and no button of the catalogue, to reach beyond the screen's edge."""
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    panel: int = await page.locator(".catalogue").evaluate("(panel) => panel.scrollWidth")
    edges: list[float] = await page.locator(".catalogue button:visible").evaluate_all(
        "(buttons) => buttons.map((button) => button.getBoundingClientRect().right)"
    )

    assert (width, panel) == (NARROW[0], NARROW[0])
    assert max(edges) <= NARROW[0]


async def go_to(page: Page, selector: str, *, key: str = "Tab") -> None:
    """Press a key until something has the focus, as somebody without a mouse would."""
    for _ in range(60):
        if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press(key)
    pytest.fail(f"{selector} was never reached")
