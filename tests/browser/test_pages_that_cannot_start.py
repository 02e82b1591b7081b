"""A team's page in a browser that is too old, or a file that was cut off on its way: it says what to do, and
whom to call.
"""

import pytest
from playwright.sync_api import expect

from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.phone_page import PHONE, lock_of, tap, unlock
from tests.helpers.small_day import day as make_day

WITHOUT = {
    "ResizeObserver": "delete window.ResizeObserver",
    "flatMap": "delete Array.prototype.flatMap; delete Array.prototype.flat",
    "dialog": "for (const name of ['showModal', 'close', 'show']) delete "
    "HTMLDialogElement.prototype[name]; delete HTMLDialogElement.prototype.open",
    "storage": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })",
    "share": "delete Navigator.prototype.share; delete Navigator.prototype.clipboard",
    "subtle": "delete Crypto.prototype.subtle",
    "hasOwn": "delete Object.hasOwn",
    "replaceChildren": "for (const { prototype } of [Element, Document, DocumentFragment]) delete "
    "prototype.replaceChildren",
    "what came later": "delete window.IntersectionObserver; delete window.structuredClone; delete "
    "Array.prototype.at",
}


@pytest.fixture(scope="module")
def day(demo_data, tmp_path_factory):
    out = tmp_path_factory.mktemp("day")
    plan, problem, findings = make_day(settings=(("dispatcher_phone", "0354 262 0000"),))
    write_maps(
        PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang="zh", findings=findings), out
    )
    return out


def old_browser(open_page, file, script):
    """Open the page in a browser from which `script` took something before the page came."""
    opened = open_page(file, viewport=PHONE)
    opened.page.add_init_script(script)
    opened.page.reload()
    return opened


@pytest.mark.parametrize("missing", WITHOUT)
def test_a_browser_that_lacks_what_is_newer_shows_the_door_all_the_same(open_page, day, missing):
    opened = old_browser(open_page, day / "teams" / "T1.html", WITHOUT[missing])
    page = unlock(opened, lock_of(day).code).page
    assert page.locator("#stuck:visible").count() == 0
    assert "Secretstreet 1" in page.inner_text("#panel")
    page.click("#menu")
    page.locator("#dialog > button:last-child").click()
    tap(page, "备注")
    page.fill("#dialog textarea", "狗")
    page.locator("#dialog > button:last-child").click()
    expect(page.locator("#panel")).to_contain_text("狗")
    tap(page, "完成")
    assert page.inner_text("#count b") == "1 / 3"
    assert opened.errors == []


def test_where_the_map_cannot_be_built_the_page_names_another_way(open_page, day):
    opened = old_browser(
        open_page,
        day / "teams" / "T1.html",
        "delete CanvasRenderingContext2D.prototype.drawImage; delete window.CanvasRenderingContext2D; "
        "HTMLCanvasElement.prototype.getContext = null",
    )
    page = opened.page
    page.fill("#code", lock_of(day).code)
    page.click("#unlock button")
    page.locator("#stuck:visible").wait_for()
    assert "太旧" in page.inner_text("#said")
    assert page.locator(".help a").get_attribute("href") == "tel:03542620000"
    assert "Secretstreet" not in page.inner_text("body")


@pytest.mark.parametrize("share", [0.5, 0.95, 0.999])
def test_a_file_that_was_cut_off_says_what_to_do_and_whom_to_call(open_page, day, tmp_path, share):
    data = (day / "teams" / "T1.html").read_bytes()
    cut = tmp_path / "T1.html"
    cut.write_bytes(data[: int(len(data) * share)])
    page = open_page(cut, viewport=PHONE).page
    page.locator("#stuck:visible").wait_for()
    shown = page.inner_text("body")
    for words in (
        "这个页面没有打开",
        "This page did not start",
        "再要一次",
        "ask for it again",
        "T1.pdf",
        "0354 262 0000",
    ):
        assert words in shown
    assert page.locator("#unlock:visible").count() == 0


def test_a_browser_that_runs_no_script_of_the_page_says_so_in_both_languages(open_page, day):
    page = open_page(day / "teams" / "T1.html", viewport=PHONE, java_script_enabled=False).page
    page.locator("#stuck:visible").wait_for()
    shown = page.inner_text("#stuck")
    assert "iPhone's Files" in shown
    assert "苹果“文件”" in shown


def test_a_page_that_starts_shows_none_of_it(open_page, day):
    opened = open_page(day / "teams" / "T1.html", viewport=PHONE)
    assert opened.page.locator("#stuck:visible").count() == 0
    assert opened.page.locator("#unlock:visible").count() == 1


def test_a_fault_after_the_page_was_opened_is_told(open_page, day):
    page = unlock(open_page(day / "teams" / "T1.html", viewport=PHONE), lock_of(day).code).page
    page.evaluate("setTimeout(() => { throw new Error('a fault'); })")
    page.locator("#toast", has_text="页面出错了").wait_for()


@pytest.mark.parametrize("leave", ["close", "escape", "lock"])
def test_what_was_typed_into_a_note_is_kept_however_it_is_left(open_page, day, leave):
    opened = open_page(day / "teams" / "T2.html", viewport=PHONE)
    page = unlock(opened, lock_of(day, "T2").code).page
    tap(page, "备注")
    page.fill("#dialog textarea", f"钥匙 {leave}")
    if leave == "close":
        page.locator("#dialog > button:last-child").click()
    elif leave == "escape":
        page.keyboard.press("Escape")
    else:
        page.evaluate("() => { const now = Date.now(); Date.now = () => now + 61 * 60 * 1000; }")
        page.mouse.wheel(0, 10)
        page.locator("#lock:visible").wait_for()
        page.reload()
        unlock(opened, lock_of(day, "T2").code)
    expect(page.locator("#panel")).to_contain_text(f"钥匙 {leave}")


@pytest.mark.parametrize("size", ["normal", "large"])
def test_call_navigate_and_the_name_are_in_sight_below_a_banner_a_class_and_large_type(open_page, day, size):
    opened = open_page(day / "teams" / "T1.html", viewport=PHONE)
    opened.page.evaluate(
        f"localStorage.setItem('doorroute/look', JSON.stringify({{ lang: 'zh', size: '{size}' }}))"
    )
    opened.page.reload()
    page = unlock(opened, lock_of(day).code).page
    assert page.locator(".notices p").count() >= 1  # the day is long past: a banner is there
    for door in range(3):
        page.click(".tab:nth-child(3)")
        page.locator(".row").nth(door).click()
        panel = page.locator("#panel").bounding_box()
        for seen in (page.locator(".pair .big").first, page.locator(".pair .big").last):
            box = seen.bounding_box()
            assert box["y"] + box["height"] <= 844
            assert seen.evaluate(
                "made => document.elementFromPoint(made.getBoundingClientRect().x + 20, "
                "made.getBoundingClientRect().y + 20).closest('.big') === made"
            )
        name = page.locator(".people .name").first.bounding_box()
        assert panel["y"] <= name["y"]
        assert name["y"] + name["height"] <= panel["y"] + panel["height"]
