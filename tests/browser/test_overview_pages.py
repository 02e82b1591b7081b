"""The dispatcher's page in a real Chromium, the network off: drawn, quiet, and deaf to what cells try to
run.
"""

from dataclasses import replace
from functools import cache

import pytest

from doorroute.handback.codes import own_code
from doorroute.model.plan import Reason, StopLock
from doorroute.output.write import PlanOutput, write_maps
from doorroute.texts import literal
from tests.helpers.small_day import day as make_day

EVIL = "</script><script>document.title=1</script><img src=x onerror=document.title=2>${document.title=3}`\"'{{7*7}}&lt;\u2028"

# Of each canvas below `selector`: how many of its points differ from their canvas's first
DIFFERENT = """(selector) => [...document.querySelectorAll(selector)].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const first = data.slice(0, 4).join();
  let different = 0;
  for (let i = 0; i < data.length; i += 4) if (data.slice(i, i + 4).join() !== first) different++;
  return different / (data.length / 4);
})"""
COUNT = """(colour) => [...document.querySelectorAll(".leaflet-overlay-pane canvas")].reduce((sum, canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) sum++;
  return sum;
}, 0)"""
BLUE, VERMILLION = "#0072B2", "#D55E00"


@pytest.fixture(scope="module")
def day_of(demo_data, tmp_path_factory):
    @cache
    def written(lang="en", **more):
        out = tmp_path_factory.mktemp("day")
        plan, problem, findings = make_day(**more)
        write_maps(
            PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang=lang, findings=findings),
            out,
        )
        return out

    return written


@pytest.fixture(scope="module")
def day(day_of):
    return day_of()


@pytest.fixture
def overview(open_page):
    def opened(folder, **more):
        page = open_page(folder / "overview.html", **more)
        page.page.wait_for_selector("html[data-map=drawn]")
        return page

    return opened


@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_it_asks_for_nothing_and_complains_of_nothing(overview, day, viewport):
    opened = overview(day, viewport=viewport)
    opened.page.click("#unassigned [data-at]")
    opened.page.click(".team .row")
    opened.page.click(".leaflet-control-zoom-in")
    opened.page.wait_for_timeout(400)
    assert (opened.requests, opened.errors) == ([], [])


def test_the_base_map_is_really_drawn(overview, day):
    tiles = overview(day).page.evaluate(DIFFERENT, ".leaflet-tile-pane canvas")
    assert len(tiles) >= 6
    assert max(tiles) > 0.4
    assert sum(tiles) > 1


def test_routes_are_drawn_in_their_colours(overview, day):
    page = overview(day).page
    assert page.evaluate(COUNT, BLUE) > 500
    assert page.evaluate(COUNT, VERMILLION) > 500


def test_a_team_can_be_taken_off_the_map_and_put_back(overview, day):
    page = overview(day).page
    page.uncheck(".team:nth-child(2) input", force=True)
    page.wait_for_timeout(150)
    assert page.evaluate(COUNT, VERMILLION) == 0
    assert page.evaluate(COUNT, BLUE) > 500
    page.check(".team:nth-child(2) input", force=True)
    page.wait_for_timeout(150)
    assert page.evaluate(COUNT, VERMILLION) > 500


def test_a_click_on_a_team_lights_up_its_route_and_shows_its_stops(overview, day):
    page = overview(day).page
    row = page.locator(".team:nth-child(1) .row")
    row.click()
    page.wait_for_timeout(600)
    assert row.get_attribute("aria-expanded") == "true"
    assert page.locator("#stops-0 button").count() == 3
    assert page.evaluate(COUNT, VERMILLION) == 0  # faded, so mixed with what lies below
    page.click("#all")
    page.wait_for_timeout(600)
    assert row.get_attribute("aria-expanded") == "false"
    assert page.evaluate(COUNT, VERMILLION) > 500


def test_a_click_on_a_stop_tells_its_times(overview, day):
    page = overview(day).page
    page.click(".team:nth-child(1) .row")
    page.click("#stops-0 [data-stop='1']")
    page.wait_for_timeout(500)
    said = page.inner_text(".leaflet-popup-content")
    for words in ("T1 · Stop 2", "V3", "08:15", "08:16", "08:20", "09:00-11:00"):
        assert words in said
    page.click(".leaflet-popup-close-button")
    box = page.locator(".map").bounding_box()
    page.mouse.click(
        box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    )  # the stop lies in the middle now
    page.wait_for_timeout(300)
    assert "T1 · Stop 2" in page.inner_text(".leaflet-popup-content")


def test_a_candidate_can_be_found_on_the_map(overview, day):
    page = overview(day).page
    page.click("#not-located [data-letter=A]")
    page.wait_for_timeout(400)
    sign, area = page.locator(".sign-candidate").bounding_box(), page.locator(".map").bounding_box()
    assert abs(sign["x"] + 13 - (area["x"] + area["width"] / 2)) < 4
    assert abs(sign["y"] + 13 - (area["y"] + area["height"] / 2)) < 4


def test_text_of_a_cell_never_runs_in_the_overview(overview, day_of):
    opened = overview(day_of(cell=EVIL))
    page = opened.page
    for row in page.locator(".team .row").all():
        row.click()
    page.locator(".sign-depot").click()  # before the map goes to a stop: then the depot may lie off its edge
    assert "{{7*7}}" in page.inner_text(".leaflet-popup-content")
    page.locator("#stops-1 [data-stop='0']").click()
    page.locator("#findings summary").last.click()
    page.wait_for_timeout(500)
    assert page.title() == "Home visits on 2022-04-06"
    assert (opened.requests, opened.errors) == ([], [])
    assert page.locator("main img, .leaflet-popup img").count() == 0
    shown = page.inner_text("main")
    assert EVIL.rstrip("\u2028") in page.locator(".team .name").first.text_content()
    assert shown.count("${document.title=3}") >= 8
    assert "{{7*7}}" in shown


@pytest.mark.parametrize(
    ("lang", "viewport"), [("en", (1440, 900)), ("zh", (820, 1180)), ("zh", (390, 844)), ("en", (360, 640))]
)
def test_nothing_runs_off_the_screen_and_the_source_of_the_map_is_named(overview, day_of, lang, viewport):
    page = overview(day_of(lang, teams=12, visits=30), viewport=viewport, lang=lang).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    credit = page.locator(".leaflet-control-attribution")
    assert credit.inner_text() == "© OpenStreetMap contributors"
    box = credit.bounding_box()
    at = [box["x"] + 8, box["y"] + box["height"] / 2]
    assert page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('.leaflet-control-attribution') !== null", at
    )


def test_in_the_dark_the_map_is_dark(overview, day):
    page = overview(day, color_scheme="dark").page
    lightness = page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].map((canvas) =>
        canvas.getContext("2d").getImageData(5, 5, 1, 1).data[0])"""
    )
    assert sorted(lightness)[len(lightness) // 2] < 60  # here and there a name is written


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_the_map_has_its_streets(overview, day, scheme):
    page = overview(day, color_scheme=scheme).page
    with_streets = len(page.pdf(format="A4"))
    page.add_style_tag(content=".leaflet-tile-pane { display: none }")
    assert with_streets > len(page.pdf(format="A4")) + 100_000


def test_without_javascript_all_but_the_map_can_be_read(open_page, day):
    page = open_page(day / "overview.html", java_script_enabled=False).page
    shown = page.inner_text("body")
    for words in ("5 of 6 doors", "T1", "The window ends too soon.", "The map needs JavaScript"):
        assert words in shown


def test_a_visit_is_found_by_its_number(overview, day):
    page = overview(day).page
    page.fill("#sought", "v3")
    page.press("#sought", "Enter")
    page.wait_for_selector(".leaflet-popup-content")
    assert "T1 · Stop 2" in page.inner_text(".leaflet-popup-content")
    assert page.locator(".team.front .name").inner_text() == "T1"
    page.fill("#sought", "V6")
    page.press("#sought", "Enter")
    assert page.locator(".sign-candidate").inner_text() == "!"
    page.fill("#sought", "V99")
    page.press("#sought", "Enter")
    assert "No door in this plan fits." in page.inner_text("#found")


def test_it_tells_who_is_where_at_a_time(overview, day):
    opened = overview(day)
    page = opened.page
    for time, doing in ((28800 + 60, "on the way to stop 1"), (28800 + 420, "at stop 1"), (43200, "back")):
        page.evaluate(
            "(time) => { const at = document.getElementById('at'); at.value = time; at.dispatchEvent(new "
            "Event('input')); }",
            min(time, int(page.get_attribute("#at", "max"))),
        )
        assert page.inner_text(".team:nth-child(1) .what") == doing
        assert page.locator(".sign-team").count() == 2
    page.click("#at-off")
    assert page.locator(".sign-team").count() == 0
    assert "doors" in page.inner_text(".team:nth-child(1) .what")
    assert opened.errors == []


def test_the_stops_of_a_large_plan_are_listed_when_their_team_is_opened(overview, day_of, monkeypatch):
    monkeypatch.setattr("doorroute.output.pages.overview._LISTED", 3)
    page = overview(day_of(teams=2, visits=9)).page
    assert page.locator("[data-stop]").count() == 0
    page.click(".team:nth-child(1) .row")
    assert page.locator("#stops-0 [data-stop]").count() == 4
    page.click("#stops-0 [data-stop='1']")
    page.wait_for_selector(".leaflet-popup-content")
    assert "T1 · Stop 2" in page.inner_text(".leaflet-popup-content")


def show_names(page, folder):
    page.click("#names-show")
    page.fill("#names-code", own_code(folder).spoken.lower())
    page.press("#names-code", "Enter")
    page.wait_for_selector("#names-hide:visible")


def test_names_are_shown_for_the_dispatchers_code_alone_and_hidden_again(overview, day):
    opened = overview(day)
    page = opened.page
    assert "Secretstreet" not in page.content()
    page.fill("#sought", "Secretstreet 3")
    page.wait_for_timeout(200)
    assert "after “Show names”" in page.inner_text("#found")
    page.click("#names-show")
    page.fill("#names-code", "ABCDE-FGHJK")
    page.press("#names-code", "Enter")
    page.locator("#names-said", has_text="not the code").wait_for()
    page.click("#names-show")
    show_names(page, day)
    page.fill("#sought", "Name 3b")
    page.press("#sought", "Enter")
    page.wait_for_selector(".leaflet-popup-content")
    said = page.inner_text(".leaflet-popup-content")
    for words in (
        "T1 · Stop 2",
        "Secretstreet 3",
        "Floor 3",
        "Name 3a",
        "Name 3b",
        "+358 40 5503 177",
        "regular",
        "Note 3",
    ):
        assert words in said
    assert page.locator(".leaflet-popup-content a").first.get_attribute("href") == "tel:+358405503077"
    assert "Misspeltstreet 90" in page.inner_text("#not-located")
    assert "Candidatestreet" in page.inner_text("#not-located")
    assert "Secretstreet 6" in page.inner_text("#unassigned")
    page.click("#names-hide")
    for words in ("Secretstreet", "Misspeltstreet", "Candidatestreet", "Name 3", "5503"):
        assert words not in page.content()
    assert page.input_value("#sought") == ""
    assert page.is_disabled("#by-class")
    assert opened.errors == []


def test_a_reason_that_tells_of_people_is_shown_with_the_names_and_hidden_with_them(
    overview, demo_data, tmp_path
):
    plan, problem, findings = make_day()
    left = replace(plan.unassigned[0], code=Reason.SKILL, remedy=literal("Give a team the skill ventilator."))
    made = replace(plan, unassigned=(left,))
    write_maps(
        PlanOutput(made, problem, demo_data / "helsinki-centre.osm.pbf", lang="en", findings=findings),
        tmp_path,
    )
    opened = overview(tmp_path)
    page = opened.page
    assert "ventilator" not in page.content()
    assert page.is_visible("#unassigned [data-sealed]")
    page.click("#names-show")
    page.fill("#names-code", own_code(tmp_path).spoken)
    page.keyboard.press("Enter")
    page.wait_for_selector("#unassigned .told.remedy")
    assert "Give a team the skill ventilator." in page.inner_text("#unassigned")
    assert "SKILL" in page.inner_text("#unassigned")
    assert not page.is_visible("#unassigned [data-sealed]")
    page.click("#names-hide")
    assert "ventilator" not in page.content()
    assert page.is_visible("#unassigned [data-sealed]")
    assert opened.errors == []


@pytest.mark.parametrize(
    ("sought", "visits"), [("R3a", ["V3"]), ("r5B", ["V5"]), ("10", ["V5"]), ("V6", ["V6"])]
)
def test_a_door_is_found_by_a_residents_id_or_row_without_names(overview, day, sought, visits):
    page = overview(day).page
    page.fill("#sought", sought)
    page.wait_for_selector("#hits button")
    assert [text.split("\n")[2] for text in page.locator("#hits button").all_inner_texts()] == visits


def test_doors_are_filtered_by_team_window_and_class(overview, day):
    page = overview(day).page

    def found():
        return [text.split("\n")[2] for text in page.locator("#hits button").all_inner_texts()]

    page.select_option("#by-team", "1")
    assert found() == ["V2", "V4"]
    page.select_option("#by-team", "none")
    assert found() == ["V6"]
    page.select_option("#by-team", "")
    page.select_option("#by-window", "=09:00-11:00")
    assert found() == ["V3", "V6"]
    page.wait_for_timeout(200)
    assert page.evaluate(COUNT, VERMILLION) == 0  # no door of T2 has a window
    page.click("#find-off")
    page.wait_for_timeout(200)
    assert page.evaluate(COUNT, VERMILLION) > 500
    show_names(page, day)
    page.select_option("#by-class", label="isolated")
    assert [line.split("\n")[2] for line in page.locator("#hits button").all_inner_texts()] == ["V5", "V2"]


def test_the_chart_shows_what_each_team_does_and_a_click_in_it_finds_the_stop(overview, day):
    page = overview(day, viewport=(1440, 900)).page
    page.wait_for_timeout(200)
    box = page.locator("#timeline canvas").bounding_box()
    count = COUNT.replace(".leaflet-overlay-pane canvas", "#timeline canvas")
    assert page.evaluate(count, BLUE) > 500
    assert page.evaluate(count, VERMILLION) > 500
    start, end = (int(page.get_attribute("#at", name)) for name in ("min", "max"))
    at = 28800 + 300 + 300 + 300 + 150  # T1 is at its second door
    x = 84 + (at - start) / (end - start) * (box["width"] - 84 - 54)
    page.mouse.click(box["x"] + x, box["y"] + 22 + 15)
    page.wait_for_selector(".leaflet-popup-content")
    assert "T1 · Stop 2" in page.inner_text(".leaflet-popup-content")
    assert page.locator("#stops-0 [aria-current]").get_attribute("data-stop") == "1"


@pytest.fixture(scope="module")
def begun(demo_data, tmp_path_factory):
    """Return the folder of a day on which T1 has been at its first two doors."""
    out = tmp_path_factory.mktemp("begun")
    plan, problem, findings = make_day()
    first, *others = plan.routes
    steps = [
        replace(step, lock=StopLock.DONE) if step.visit in {"V1", "V3"} else step for step in first.steps
    ]
    plan = replace(plan, routes=(replace(first, steps=tuple(steps)), *others))
    write_maps(
        PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang="en", findings=findings), out
    )
    return out


def test_at_mid_day_what_has_happened_stands_apart(overview, day, begun):
    pages = [overview(folder, viewport=(1440, 900)).page for folder in (day, begun)]
    chart = COUNT.replace(".leaflet-overlay-pane canvas", "#timeline canvas")
    for page in pages:
        page.wait_for_timeout(300)
    for count in (COUNT, chart):  # T1 has three doors, of which two are no more in its colour
        before, after = (page.evaluate(count, BLUE) for page in pages)
        assert 0 < after < before
    others = [page.evaluate(chart, VERMILLION) for page in pages]
    assert others[1] > 0.95 * others[0] > 0  # a line stands across them
    assert pages[0].locator("#told").count() == 0
    until = int(pages[1].get_attribute("#at", "value"))
    assert f"{until // 3600:02d}:{until % 3600 // 60:02d}" in pages[1].inner_text("#told")
    pages[1].click(".team:nth-child(1) .row")
    marks = pages[1].locator("#stops-0 button .soft").all_inner_texts()
    assert [mark == "visited" for mark in marks] == [True, True, False]


def test_every_page_of_the_day_is_linked_from_the_overview_and_is_there(overview, day):
    page = overview(day).page
    page.click(".team:nth-child(1) .row")
    links = page.eval_on_selector_all(
        "main a[href]:not([href^='#'])", "found => found.map((a) => a.getAttribute('href'))"
    )
    assert {"codes.html", "notices.html", "manifest.xlsx", "teams/T1.html", "sheets/T2.html"} <= set(links)
    assert all((day / link).is_file() for link in links)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "20 planned rows in doubt"), ("zh", "20 行已排入，但有存疑")]
)
def test_rows_planned_though_not_understood_are_counted_at_the_top_and_a_click_lists_them(
    overview, demo_data, tmp_path, lang, said
):
    plan, problem, findings = make_day(visits=21)
    *_, left = problem.visits
    odd = replace(findings[1], table="residents")  # a warning
    doubts = [replace(odd, row=visit.residents[0].row) for visit in problem.visits]
    assert left.id in {each.visit for each in plan.unassigned}  # told of there
    write_maps(
        PlanOutput(
            plan, problem, demo_data / "helsinki-centre.osm.pbf", lang=lang, findings=(*findings, *doubts)
        ),
        tmp_path,
    )
    page = overview(tmp_path, lang=lang).page
    chip = page.locator("#to-warnings")
    assert chip.inner_text() == said
    assert page.locator("#warnings > .findings > li").count() == 2  # what is the same stands once
    chip.click()
    entry = page.locator("#warnings > .findings > li", has=page.locator("details"))
    assert str(len(doubts)) in entry.locator("b").first.inner_text()
    assert not entry.locator("details li").first.is_visible()  # its rows are folded away
    entry.locator("summary").click()
    assert entry.locator("details li").first.is_visible()


def test_where_every_planned_row_was_understood_the_top_says_nothing_of_it(overview, day):
    assert overview(day).page.locator("#to-warnings").count() == 0


def test_names_hide_themselves_when_nobody_uses_the_page(overview, day):
    page = overview(day).page
    show_names(page, day)
    assert "Misspeltstreet 90" in page.content()
    page.evaluate("() => { const now = Date.now(); Date.now = () => now + 61 * 60 * 1000; }")
    page.mouse.wheel(0, 10)
    page.locator("#names-said", has_text="60 minutes").wait_for()
    assert "Misspeltstreet 90" not in page.content()


def test_the_chart_is_printed_on_white_from_a_dark_screen(overview, day):
    page = overview(day, color_scheme="dark", viewport=(1440, 900)).page
    first = "() => [...document.querySelector('#timeline canvas').getContext('2d').getImageData(4, 4, 1, 1).data].slice(0, 3)"
    page.wait_for_timeout(200)
    assert max(page.evaluate(first)) < 60
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(first) == [255, 255, 255]
