"""A team's page without a lock in a real Chromium, the network off: readable at arm's length, in light and
dark, with and without scripts.
"""

from functools import cache

import pytest

from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.contrast import CONTRAST
from tests.helpers.small_day import day as make_day

PHONE = (390, 844)
EVIL = "</script><script>document.title=1</script><img src=x onerror=document.title=2>${document.title=3}`\"'{{7*7}}&lt;\u2028"


@pytest.fixture(scope="module")
def day_of(demo_data, tmp_path_factory):
    @cache
    def written(lang="en", **more):
        out = tmp_path_factory.mktemp("day")
        plan, problem, findings = make_day(**more)
        write_maps(
            PlanOutput(
                plan,
                problem,
                demo_data / "helsinki-centre.osm.pbf",
                lang=lang,
                findings=findings,
                open_pages=True,
            ),
            out,
        )
        return out

    return written


@pytest.fixture(scope="module")
def day(day_of):
    return day_of()


@pytest.fixture
def team(open_page):
    def opened(folder, name="T1", **more):
        page = open_page(folder / "teams" / f"{name}.html", **{"viewport": PHONE, "has_touch": True} | more)
        page.page.wait_for_selector("html[data-map=drawn]")
        return page

    return opened


def test_it_asks_for_nothing_complains_of_nothing_and_draws_its_map(team, day):
    opened = team(day)
    tiles = opened.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].map((canvas) =>
        new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)"""
    )
    assert max(tiles) > 50  # colours in one tile
    opened.page.click(".leaflet-control-zoom-in")
    opened.page.wait_for_timeout(300)
    assert (opened.requests, opened.errors) == ([], [])


def test_the_stops_stand_in_order_with_what_is_needed_at_the_door(team, day):
    page = team(day).page
    stops = page.locator(".stop").all()
    assert [stop.locator("h2").inner_text() for stop in stops] == [
        "Secretstreet 1",
        "Secretstreet 3",
        "Secretstreet 5",
    ]
    first = stops[0].inner_text()
    for words in (
        "08:05",
        "Building B 1",
        "Entrance U 1",
        "Floor 1",
        "No lift",
        "Room 1",
        "Name 1a",
        "Name 1b",
        "Note 1",
    ):
        assert words in first
    assert "Yellow code" in first
    assert "Isolated home: full protection" in stops[2].inner_text()
    assert "Standard protection" in stops[1].inner_text()
    assert "only 09:00-11:00" in stops[1].inner_text()
    assert stops[0].locator("a.call").first.get_attribute("href") == "tel:+358405501077"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_text_stands_out_seven_to_one(team, day_of, scheme, lang):
    page = team(day_of(lang), lang=lang, color_scheme=scheme).page
    found = page.evaluate(CONTRAST)
    assert len(found) > 40
    assert [text for ratio, text in found if ratio < 7] == []


@pytest.mark.parametrize("width", [360, 390])
def test_what_can_be_tapped_is_48_pixels_high_and_wide_and_nothing_runs_off(team, day, width):
    page = team(day, viewport=(width, 740)).page
    for target in page.locator("button, a").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 48, target.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_tap_on_map_shows_the_door_there(team, day):
    page = team(day).page
    page.locator("#stop-3 .show").click()
    page.wait_for_timeout(900)
    assert page.evaluate("document.getElementById('map').getBoundingClientRect().top") >= -1


def test_the_list_is_there_without_javascript(open_page, day):
    page = open_page(day / "teams" / "T1.html", viewport=PHONE, java_script_enabled=False).page
    assert page.locator(".stop").count() == 3
    assert page.locator("a.call").count() == 6
    assert page.locator(".show:visible").count() == 0
    assert "The map needs JavaScript" in page.inner_text(".map")


def test_text_of_a_cell_never_runs_on_a_teams_page(open_page, day_of):
    folder = day_of(cell=EVIL)
    for path in (folder / "teams").glob("*.html"):
        opened = open_page(path, viewport=PHONE)
        opened.page.wait_for_selector("html[data-map=drawn]")
        assert opened.page.title().startswith("T")
        assert "document.title=1" in opened.page.title()
        assert (opened.requests, opened.errors) == ([], [])
        assert opened.page.locator("main img").count() == 0
        assert opened.page.inner_text("main").count("${document.title=3}") >= 10
        assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_very_long_address_and_a_name_from_right_to_left_fit(open_page, day_of):
    folder = day_of(cell="שלום " + "Донаудампфшиффартсгезелльшафт" * 10)
    opened = open_page(next((folder / "teams").glob("*.html")), viewport=(360, 640))
    opened.page.wait_for_selector("html[data-map=drawn]")
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.errors == []
