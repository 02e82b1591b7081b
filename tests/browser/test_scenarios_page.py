"""The planner's page in a real Chromium, the network off: the slider changes the map, two scenarios stand
side by side.
"""

import re

import pytest

from doorroute.cli import main

COLOURED = """() => [...document.querySelectorAll(".map:first-child .leaflet-overlay-pane canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) sum = (sum * 31 + data[i] + 3 * data[i + 1] + 7 * data[i + 2]) % 1000003;
  return sum;
}).join()"""


@pytest.fixture(scope="module")
def page_of(demo_data, tmp_path_factory):
    """Return the pages of the sample in both languages, each with two sets of changes."""
    pages = {}
    for lang in ("en", "zh"):
        out = tmp_path_factory.mktemp("scenarios")
        file = out / "scenarios.toml"
        file.write_text(
            '[[scenario]]\nname = "plain"\nteams = "3:6"\n[[scenario]]\nname = "<b>slow</b>"\nservice = '
            '"+30%"\nteams = "4:5"\n'
        )
        asked = ["--file", str(file), "--teams", "3:6", "--time-limit", "2", "--lang", lang, "--quiet"]
        inputs = [str(demo_data / "residents.xlsx"), "--depots", str(demo_data / "depots.xlsx")]
        network = ["--network", str(demo_data / "helsinki-centre.osm.pbf"), "--finish-by", "11:30"]
        assert main(["scenarios", *inputs, *network, *asked, "--out", str(out)]) == 0
        pages[lang] = out / "scenarios.html"
    return pages


@pytest.fixture
def opened(open_page, page_of):
    def open_it(lang="en", **more):
        made = open_page(page_of[lang], lang=lang, **more)
        made.page.wait_for_selector("html[data-map=drawn][data-shown]")
        return made

    return open_it


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("viewport", [(1440, 900), (390, 844)])
def test_it_asks_for_nothing_complains_of_nothing_and_is_no_wider_than_the_screen(opened, viewport, lang):
    made = opened(lang, viewport=viewport)
    made.page.wait_for_selector("html[data-ready=yes]")
    assert (made.requests, made.errors) == ([], [])
    assert made.page.evaluate("document.documentElement.scrollWidth") <= viewport[0]


def test_the_slider_is_moved_by_key_and_changes_map_figures_curve_and_table(opened):
    page = opened(viewport=(1440, 900)).page
    page.wait_for_selector("html[data-ready=yes]")

    def shown():
        page.wait_for_timeout(300)
        row = page.locator(".of:not([hidden]) tr.shown td").all_inner_texts()
        figure = page.inner_text(".figures tbody tr:first-child td")
        return page.evaluate(COLOURED), page.get_attribute(".now", "x1"), figure, row[0]

    page.focus("#teams")
    page.keyboard.press("Home")
    few = shown()
    page.keyboard.press("End")
    many = shown()
    assert few[0] != many[0]
    assert float(few[1]) < float(many[1])
    assert (few[2], many[2]) == (few[3], many[3])
    assert page.inner_text("#teams-text") == page.inner_text(".of:not([hidden]) tr.shown button") == "6"
    assert page.get_attribute("#teams", "aria-valuetext") == "6 teams"
    page.keyboard.press("Home")
    assert shown() == few


def test_two_scenarios_stand_side_by_side_and_their_maps_move_together(opened):
    page = opened(viewport=(1440, 900)).page
    page.select_option("#other", index=1)
    page.wait_for_selector("#beside canvas")
    assert page.inner_text("#tag-b") == "plain · 3 teams"
    assert re.fullmatch(r"[+±−]\d+:\d\d", page.inner_text(".figures tbody tr:first-child td:nth-child(4)"))
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(600)
    scales = page.locator(".leaflet-control-scale-line").all_inner_texts()
    assert len(scales) == 2
    assert scales[0] == scales[1]
    page.select_option("#other", index=0)
    assert not page.is_visible("#side")


def test_another_set_of_changes_has_its_own_answer_curve_and_counts(opened):
    page = opened(viewport=(1440, 900)).page
    page.select_option("#series", index=1)
    assert page.locator("h1:visible").count() == 1
    assert page.locator(".chart:visible .dot[data-teams]").count() == 2
    assert page.get_attribute("#teams", "max") == "1"
    assert page.inner_text("#tag-a").startswith("<b>slow</b>")
    assert page.locator("b:visible", has_text="slow").count() == 0


def test_a_click_in_the_table_or_on_the_curve_chooses_a_count(opened):
    page = opened(viewport=(1440, 900)).page
    page.locator(".of:not([hidden]) .rows button", has_text="5").click()
    assert page.inner_text("#teams-text") == "5"
    page.locator(".of:not([hidden]) .dot[data-teams]").first.click()
    assert page.inner_text("#teams-text") == "3"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_prints_on_one_sheet_of_a4(opened, lang):
    page = opened(lang, viewport=(1440, 900)).page
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_passes_axe_in_light_and_dark(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    made = opened(viewport=(1440, 900), color_scheme=scheme, bypass_csp=True)
    found = Axe().run(made.page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
