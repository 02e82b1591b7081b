"""The notices' page in a real Chromium, the network off: found by building, copied one by one or all at
once, in one language or both.
"""

from dataclasses import replace

import pytest
from markupsafe import Markup

from doorroute.output.pages.assets import render_page
from doorroute.output.pages.notices import Notices, write_notices
from doorroute.output.views.routes import team_routes
from tests.helpers.small_day import day as make_day

EVIL = "</script><img src=x onerror=document.title=1>${document.title=2}"
LABELS = {"V1": "幸福路8号", "V2": "Bulevardi 3", "V3": "幸福路8号", "V4": EVIL}


@pytest.fixture
def notices(tmp_path, open_page):
    def opened(*, lang="en", allowed=True, visits=6, **more):
        plan, problem, _ = make_day(visits=visits)
        places = {
            visit: replace(place, label=LABELS.get(visit, "") if visits == 6 else f"Annankatu {at}")
            for at, (visit, place) in enumerate(problem.places.items())
        }
        bare = tuple(replace(visit, access=replace(visit.access, building="")) for visit in problem.visits)
        problem = replace(problem, places=places, visits=bare)
        write_notices(plan.date, team_routes(plan, problem), problem, tmp_path, lang=lang)
        permissions = ["clipboard-read", "clipboard-write"] if allowed else []
        return open_page(tmp_path / "notices.html", lang=lang, permissions=permissions, **more)

    return opened


def clipboard(opened):
    return opened.page.evaluate("navigator.clipboard.readText()")


def test_a_notice_is_copied_in_the_language_that_is_chosen(notices):
    opened = notices()
    page = opened.page
    building = page.locator(".notice", has_text="幸福路8号")
    building.locator("button").click()
    page.locator("#said", has_text="Copied").wait_for()
    assert clipboard(opened) == (
        "幸福路8号: the sampling team is expected 08:00-08:20. Please stay at home and have your identity card "
        "ready."
    )
    assert building.locator("button").inner_text() == "✓ Copied"
    page.check("[name=tongue][value=zh]", force=True)
    building.locator("button").click()
    page.wait_for_timeout(100)
    assert clipboard(opened).startswith("幸福路8号：采样队预计 08:00-08:20 到达")
    page.check("[name=tongue][value='']", force=True)
    building.locator("button").click()
    page.wait_for_timeout(100)
    assert len(clipboard(opened).splitlines()) == 2
    assert (opened.requests, opened.errors) == ([], [])


def test_all_notices_that_are_shown_are_copied_at_once(notices):
    opened = notices(lang="zh")
    page = opened.page
    page.click("#all")
    page.locator("#said", has_text="3").wait_for()
    assert clipboard(opened).count("采样队预计") == 3
    page.fill("#find", "bulevardi")
    page.click("#all")
    page.wait_for_timeout(100)
    assert clipboard(opened).startswith("Bulevardi 3：")
    assert "\n" not in clipboard(opened)
    page.fill("#find", "nowhere")
    assert page.is_disabled("#all")
    assert page.is_visible("#none")


def test_text_of_a_cell_never_runs_on_the_notices_page(notices):
    opened = notices()
    opened.page.locator(".notice", has_text="onerror").locator("button").click()
    opened.page.wait_for_timeout(100)
    assert opened.page.title() == "Notices to buildings · 2022-04-06"
    assert opened.page.locator("main img").count() == 0
    assert EVIL in clipboard(opened)
    assert (opened.requests, opened.errors) == ([], [])


def test_where_the_clipboard_is_refused_the_old_way_copies(notices):
    opened = notices()
    opened.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }"
    )
    opened.page.locator(".notice", has_text="Bulevardi").locator("button").click()
    opened.page.locator("#said", has_text="Copied").wait_for()
    assert clipboard(opened).startswith("Bulevardi 3: ")


def test_doors_without_a_notice_are_named_by_their_visits(notices):
    page = notices().page
    assert "1 door has no notice" in page.inner_text(".untold")
    assert "V5" in page.inner_text(".untold")


def test_a_long_list_stays_quick_and_fits_the_screen(notices):
    page = notices(visits=400, viewport=(360, 640)).page
    assert page.locator(".notice").count() == 399
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.fill("#find", "annankatu 39")
    assert page.locator(".notice:visible").count() == 13  # 39, 139, 239, 339, and 390 to 398


def test_without_javascript_every_notice_can_be_read_in_both_languages(notices):
    page = notices(java_script_enabled=False, allowed=False).page
    shown = page.inner_text("main")
    assert "Bulevardi 3: the sampling team is expected" in shown
    assert "Bulevardi 3：采样队预计" in shown
    assert not page.is_visible(".copy")


def test_a_script_that_got_past_escaping_is_refused_by_the_pages_policy(tmp_path, open_page):
    date = Markup(
        "<script>document.title = 'run'</script><b id=there></b>"
    )  # as if the template had marked it as safe
    nothing = Notices(told=(), untold=())
    context = {
        "date": date,
        "weekday": None,
        "notices": nothing,
        "texts": {},
        "words": {},
        "spoken": ("en",),
    }
    (tmp_path / "page.html").write_text(render_page("notices.html.j2", "en", context), encoding="utf-8")
    opened = open_page(tmp_path / "page.html")
    opened.page.wait_for_selector("#there", state="attached")
    assert opened.page.title() != "run"
    assert any("Content Security Policy" in error for error in opened.errors)
