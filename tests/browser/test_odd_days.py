"""Days on which things are odd: a full storage, a clock that is wrong, doors that lack what others have. The
page works or tells, and loses no tick.
"""

import base64
import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace

import pytest

from doorroute.handback.marks import Status
from doorroute.handback.reading import read_results
from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.phone_page import PHONE, lock_of, tap, unlock
from tests.helpers.small_day import day as make_day

TODAY = datetime(2022, 4, 6, 9, 30, tzinfo=UTC)
FULL = """() => { let piece = "x".repeat(1 << 20);
  for (let n = 0; piece; ) try { localStorage.setItem(`other/${n++}`, piece); } catch { piece = piece.slice(piece.length / 2 + 1); } }"""


@pytest.fixture(scope="module")
def write(demo_data, tmp_path_factory):
    def written(plan, problem, findings):
        out = tmp_path_factory.mktemp("odd")
        write_maps(
            PlanOutput(plan, problem, demo_data / "helsinki-centre.osm.pbf", lang="en", findings=findings),
            out,
        )
        return out

    return written


@pytest.fixture(scope="module")
def day_of(write):
    return cache(lambda **more: write(*make_day(**more)))


@pytest.fixture
def team(open_page):
    """Return the function that opens and unlocks the page of T1, `at` the time given."""

    def opened(folder, at=TODAY, **more):
        page = open_page(folder / "teams" / "T1.html", **{"viewport": PHONE, "timezone_id": "UTC"} | more)
        if at:
            page.page.clock.set_fixed_time(at)
        return unlock(page, lock_of(folder).spoken)

    return opened


def statuses(page, folder, tmp_path, name="handed.txt"):
    """Hand the results in as a file; return what Python reads of each door."""
    page.click(".tab:nth-child(4)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as file").click()
    download.value.save_as(tmp_path / name)
    ((results,), unread) = read_results([tmp_path / name], folder)
    assert unread == ()
    return [door.status for door in results.phones[0].doors]


def test_a_full_storage_is_told_and_marks_made_since_survive_locking(team, day_of, tmp_path):
    folder = day_of()
    opened = team(folder)
    page = opened.page
    tap(page, "Done")
    page.evaluate(FULL)
    tap(page, "Refused")
    assert "keeps no results" in page.inner_text("#notices")
    page.click("#menu")
    page.get_by_role("button", name="Lock now").click()
    unlock(opened, lock_of(folder).code)
    assert page.inner_text("#count b") == "2 / 3"
    page.evaluate(
        "for (const name of Object.keys(localStorage)) if (name.startsWith('other/')) "
        "localStorage.removeItem(name)"
    )
    tap(page, "Not home")
    assert "keeps no results" not in page.inner_text("#notices")
    page.reload()
    unlock(opened, lock_of(folder).code)
    assert statuses(page, folder, tmp_path) == [Status.DONE, Status.REFUSED, Status.NOBODY_HOME]
    assert opened.errors == []


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_wrong_by_a_day_is_told_and_the_later_mark_still_counts(team, day_of, tmp_path, days):
    folder = day_of()
    page = team(folder, TODAY.replace(day=6 + days)).page
    assert f"2022-04-0{6 + days}" in page.inner_text("#notices")
    assert "the route is for 2022-04-06" in page.inner_text("#notices")
    tap(page, "Done")
    tap(page, "Done")
    first = statuses(page, folder, tmp_path, "first.txt")
    page.clock.set_fixed_time(TODAY)
    page.reload()  # with a day gone by, the page has locked itself
    unlock(SimpleNamespace(page=page), lock_of(folder).code)
    page.click(".tab:nth-child(3)")
    assert "clock" not in page.inner_text("#notices")
    page.locator(".row").first.click()
    tap(page, "Undo")
    tap(page, "Refused")
    second = statuses(page, folder, tmp_path, "second.txt")
    assert (first, second) == (
        [Status.DONE, Status.DONE, Status.OPEN],
        [Status.REFUSED, Status.DONE, Status.OPEN],
    )
    ((results,), _) = read_results([tmp_path / "second.txt", tmp_path / "first.txt"], folder)
    assert [door.status for door in results.phones[0].doors] == second
    page.reload()
    unlock(SimpleNamespace(page=page), lock_of(folder).code)
    assert statuses(page, folder, tmp_path) == second


def test_a_door_without_phone_street_entrance_or_name_still_says_where_and_whom(team, write):
    plan, problem, findings = make_day(teams=1, visits=2)
    bare = tuple(
        replace(
            visit,
            address="",
            access=replace(visit.access, building="", unit="", floor=None, lift=None, room=""),
            residents=tuple(replace(one, phone="", name="", note="") for one in visit.residents),
        )
        for visit in problem.visits
    )
    opened = team(write(plan, replace(problem, visits=bare), findings))
    shown = opened.page.inner_text("#panel")
    assert "V1" in shown
    assert "R1a" in shown
    assert (
        opened.page.get_by_role("button", name="Call").count()
        == opened.page.get_by_role("link", name="Call").count()
        == 0
    )
    assert opened.page.get_by_role("button", name="Navigate").is_visible()
    assert opened.errors == []


def test_a_route_of_one_stop_goes_from_its_door_to_handing_in(team, day_of, tmp_path):
    folder = day_of(teams=1, visits=2)
    opened = team(folder)
    page = opened.page
    tap(page, "Done")
    assert "All doors are marked" in page.inner_text("#panel")
    assert statuses(page, folder, tmp_path) == [Status.DONE]
    page.click(".tab:nth-child(1)")
    assert (opened.requests, opened.errors) == ([], [])


def test_a_hundred_and_twenty_stops_are_listed_marked_and_handed_in(team, day_of, tmp_path):
    folder = day_of(teams=1, visits=121)
    opened = team(folder)
    page = opened.page
    page.click(".tab:nth-child(3)")
    assert page.locator(".row").count() == 120
    page.locator(".row").last.click()
    assert "Secretstreet 120" in page.inner_text("#panel")
    tap(page, "Done")
    assert page.inner_text("#count b") == "1 / 120"
    assert "Secretstreet 1\n" in page.inner_text("#panel")
    assert statuses(page, folder, tmp_path) == [Status.OPEN] * 119 + [Status.DONE]
    assert opened.errors == []


def test_a_page_that_was_damaged_on_its_way_stays_shut_and_says_so(open_page, day_of, tmp_path):
    folder = day_of()
    text = (folder / "teams" / "T1.html").read_text(encoding="utf-8")
    later = re.search(r'id="later">([^<]{2000})', text)[1]
    harmed = tmp_path / "T1.html"
    harmed.write_text(text.replace(later, later[:-40] + "A" * 40), encoding="utf-8")
    opened = open_page(harmed, viewport=PHONE)
    opened.page.fill("#code", lock_of(folder).code)
    opened.page.click("#unlock button")
    opened.page.locator("#said", has_text="damaged").wait_for()
    assert "Secretstreet" not in opened.page.content()


def test_another_script_in_place_of_the_packed_one_is_not_run(open_page, day_of, tmp_path):
    folder = day_of()
    text = (folder / "teams" / "T1.html").read_text(encoding="utf-8")
    evil = base64.b64encode(gzip.compress(b"document.title = 'evil'")).decode()
    changed = tmp_path / "T1.html"
    changed.write_text(re.sub(r'id="later">[^<]+', f'id="later">{evil}', text), encoding="utf-8")
    opened = open_page(changed, viewport=PHONE)
    opened.page.fill("#code", lock_of(folder).code)
    opened.page.click("#unlock button")
    opened.page.locator("#said", has_text="damaged").wait_for()
    assert "evil" not in opened.page.title()
    assert any("Content Security Policy" in error for error in opened.errors)


@pytest.mark.parametrize("granted", [True, False])
def test_where_the_phone_is_stands_on_the_map_or_it_says_that_it_is_not_told(browser, serve, day_of, granted):
    folder = day_of()
    more = {
        "geolocation": {"latitude": 60.168, "longitude": 24.943, "accuracy": 12},
        "permissions": ["geolocation"],
    }
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="en-GB", **(more if granted else {})
    )
    page = context.new_page()
    page.goto(f"{serve(folder)}/teams/T1.html")
    unlock(SimpleNamespace(page=page), lock_of(folder).code)
    page.click(".tab:nth-child(1)")
    before = page.locator(".map-box").screenshot()
    page.click("#here")
    if granted:
        me = page.locator(".leaflet-overlay-pane path[fill='#0a6cff'][stroke='#ffffff']")
        me.wait_for(state="attached")
        assert page.locator(".map-box").screenshot() != before
        page.click("#here")  # again, to see it in the middle
        context.set_geolocation({"latitude": 60.169, "longitude": 24.945, "accuracy": 12})
        first = me.get_attribute("d")
        page.locator(f".leaflet-overlay-pane path[fill='#0a6cff']:not([d='{first}'])").first.wait_for(
            state="attached"
        )
        assert page.locator("#toast").is_hidden()
    else:
        page.locator("#toast", has_text="does not tell where it is").wait_for()
        assert "Secretstreet" in page.inner_text("#panel") or page.locator(".map").is_visible()
    context.close()
