"""The catalogue beside the phones in a real Chromium, where the answers come late or too late."""

import re
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.web.serving import Site

pytestmark = pytest.mark.browser

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@pytest.fixture
async def page(demo: Site) -> AsyncIterator[Page]:
    """The page with its catalogue open."""
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        page = await chromium.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(5000)
        await page.goto(demo.url)
        await page.locator("#open-catalogue").click()
        await expect(page.locator(".yaml")).to_have_value("tasks:\n  - R1\n")
        yield page
        await chromium.close()


async def test_what_is_typed_during_a_check_is_checked_after_it_and_never_two_at_once(demo: Site, page: Page) -> None:
    editor = demo.host.editor
    editor.gate.clear()
    async with page.expect_request("**/check"):
        await page.locator(".yaml").fill("một")

    await page.locator(".yaml").fill("một sai")
    await page.locator(".catalogue .check").click()
    await page.locator(".yaml").fill("một sai, hai sai")
    assert editor.judged == [{"plan": "một"}]
    editor.gate.set()

    await expect(page.locator(".verdict")).to_contain_text("1 chỗ sai")
    assert editor.judged == [{"plan": "một"}, {"plan": "một sai, hai sai"}]


async def test_an_edit_that_was_overtaken_is_compared_again_and_applied_over_what_runs_by_now(
    demo: Site, page: Page
) -> None:
    editor = demo.host.editor
    await page.locator(".yaml").fill("tasks: của tôi\n")
    await expect(page.locator(".effects")).to_contain_text("30/09/2022 → 05/10/2022")
    editor.revision, editor.texts = 2, {**editor.texts, "units": "units: của người khác\n"}

    await page.locator(".catalogue .apply").click()
    await expect(page.locator(".verdict")).to_contain_text("một bản khác vừa được áp dụng")
    await expect(page.locator(".running")).to_contain_text("bản số 2")
    await expect(page.locator(".yaml")).to_have_value("tasks: của tôi\n")
    await page.locator(".catalogue .apply").click()

    await expect(page.locator(".verdict")).to_contain_text("Bản số 3 đang chạy")
    assert (editor.texts["plan"], editor.texts["units"]) == ("tasks: của tôi\n", "units: của người khác\n")


async def test_nobody_applies_what_they_have_not_seen(demo: Site, page: Page) -> None:
    demo.host.editor.gate.clear()
    await page.locator(".yaml").fill("tasks: mới\n")

    await page.locator(".catalogue .apply").press("Enter")
    demo.host.editor.gate.set()

    await expect(page.locator(".catalogue .apply")).to_have_attribute("aria-disabled", "false")
    assert demo.host.editor.revision == 1


async def test_a_problem_in_another_file_is_shown_there(demo: Site, page: Page) -> None:
    await page.locator(".chip[data-file=units]").click()
    await page.locator(".yaml").fill("units:\n\n  sai\n")
    await page.locator(".chip[data-file=plan]").click()

    await expect(page.locator(".chip[data-file=units]")).to_contain_text("▲ 1 chỗ sai")
    await expect(page.locator(".mark-line")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("Đơn vị, dòng 3, cột 3")).click()

    await expect(page.locator(".mark-line")).to_have_text("▲3")
    caret: int = await page.locator(".yaml").evaluate("(box) => box.selectionStart")
    assert caret == len("units:\n\n  ")


async def test_line_ends_of_another_system_are_no_edit(demo: Site, page: Page) -> None:
    demo.host.editor.texts["plan"] = "tasks:\r\n  - R1\r\n"
    await page.reload()
    await page.locator("#open-catalogue").click()

    await expect(page.locator(".verdict")).to_contain_text("Chưa sửa gì")
    await page.locator(".catalogue .check").click()

    assert demo.host.editor.judged == []


async def test_a_text_that_looks_like_markup_stays_text(demo: Site, page: Page) -> None:
    await page.locator(".yaml").fill("<img src=x onerror=\"document.title='chạy'\"> sai")

    await expect(page.locator(".problem")).to_be_visible()
    assert await page.title() == "Nhắc Việc"
    assert await page.locator(".catalogue img").count() == 0
