"""A team's locked page in a real Chromium, the network off: opened by its code alone, marked, kept, undone,
handed in.
"""

import base64
import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from doorroute.day.phone_events import phone_events
from doorroute.day.route_changes import changes_between
from doorroute.handback.codes import read_codes
from doorroute.handback.marks import Status, joined, pieces_in, unpack
from doorroute.handback.reading import read_results
from doorroute.handback.seal import PROGRESS, RESULTS, keys_of, seal, unseal
from doorroute.model.plan import StopLock
from doorroute.output.write import PlanOutput, write_maps
from tests.helpers.contrast import CONTRAST
from tests.helpers.phone_page import PHONE, lock_of, tap, unlock
from tests.helpers.small_day import day as make_day

EVIL = "</script><script>document.title=1</script><img src=x onerror=document.title=2>${document.title=3}`\"'{{7*7}}&lt;\u2028"


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
def team(open_page):
    """Return the function that opens and unlocks a team's page."""

    def opened(folder, name="T1", **more):
        page = open_page(folder / "teams" / f"{name}.html", **{"viewport": PHONE, "has_touch": True} | more)
        return unlock(page, lock_of(folder, name).spoken)

    return opened


def reopen(opened, folder, name="T1"):
    opened.page.reload()
    return unlock(opened, lock_of(folder, name).spoken)


def handed_in(page, folder, name="T1"):
    """Return the results as Python reads them from the text that the page would put into a file."""
    lock = lock_of(folder, name)
    page.click(".tab:nth-child(4)")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Save as file|文件")).click()
    whole, missing = joined(pieces_in(Path(download.value.path()).read_text(encoding="utf-8")))
    assert not missing
    return unpack(unseal(next(iter(whole.values())), keys_of(lock).results, RESULTS, lock.route))


def test_before_it_is_opened_it_shows_team_date_and_number_and_nothing_else(open_page, day):
    page = open_page(day / "teams" / "T1.html", viewport=PHONE).page
    shown = page.inner_text("body")
    assert "T1" in shown
    assert "2022-04-06" in shown
    assert "Doors: 3" in shown
    assert "Secretstreet" not in page.content()


def test_it_opens_draws_its_map_asks_for_nothing_and_complains_of_nothing(team, day):
    opened = team(day)
    colours = opened.page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-tile-pane canvas")].map((canvas) =>
        new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)"""
    )
    assert max(colours) > 50
    for tab in (1, 3, 4, 2):
        opened.page.click(f".tab:nth-child({tab})")
        opened.page.wait_for_timeout(150)
    assert (opened.requests, opened.errors) == ([], [])


def test_the_way_to_the_next_door_stands_out(team, day):
    page = team(day).page
    red = page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-overlay-pane canvas")].reduce((sum, canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < data.length; i += 4) if (data[i] === 0xd0 && data[i + 1] === 0 && data[i + 2] === 0x2a) sum++;
        return sum; }, 0)"""
    )
    assert red > 300


def test_the_first_door_is_shown_with_all_that_is_needed_there(team, day):
    shown = team(day).page.inner_text("#panel")
    for words in ("Secretstreet 1", "Building B 1", "Entrance U 1", "Floor 1", "No lift", "Room 1", "08:05"):
        assert words in shown
    assert "Mannerheimintie → steps up → Kaivokatu" in shown
    for words in ("Yellow code", "Raised protection", "2 to sample", "Name 1a", "Name 1b", "Note 1"):
        assert words in shown


@pytest.mark.parametrize("typed", ["ABCDE-FGHJK", "short", ""])
def test_another_code_opens_nothing(open_page, day, typed):
    page = open_page(day / "teams" / "T1.html", viewport=PHONE).page
    page.fill("#code", typed)
    page.click("#unlock button")
    expect(page.locator("#said")).to_have_text(re.compile("^That is not"))
    assert "Secretstreet" not in page.content()


def test_a_code_may_be_typed_small_and_with_letters_that_look_alike(open_page, day):
    opened = open_page(day / "teams" / "T1.html", viewport=PHONE)
    code = lock_of(day).code.lower().replace("0", "o").replace("1", "l")
    assert "Secretstreet 1" in unlock(opened, f" {code[:3]} {code[3:]}").page.inner_text("#panel")


def test_one_changed_byte_fails_closed(open_page, day, tmp_path):
    text = (day / "teams" / "T1.html").read_text(encoding="utf-8")
    at = text.index('id="sealed">') + 5000
    broken = tmp_path / "T1.html"
    broken.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], encoding="utf-8")
    page = open_page(broken, viewport=PHONE).page
    page.fill("#code", lock_of(day).code)
    page.click("#unlock button")
    expect(page.locator("#said")).to_have_text(re.compile("^That is not"))
    assert "Secretstreet" not in page.content()


@pytest.mark.parametrize(
    ("pattern", "put"),
    [
        (r'"made":"[^"]+"', '"made":"2099-01-01T00:00:00+00:00"'),
        ("Do not write it in a message", "Send it to 0900 123"),
        (r'id="lock-team">T1<', 'id="lock-team">T2<'),
        (r'data-time="[^"]+"', 'data-time="23:59"'),
        (r'href="tel:[^"]+"', 'href="tel:0900123"'),
        ('<p class="help" data-help>.*?</p>', ""),
    ],
)
def test_whoever_changes_what_is_in_clear_is_found_out(open_page, called, tmp_path, pattern, put):
    text = (called / "teams" / "T1.html").read_text(encoding="utf-8")
    changed, count = re.subn(pattern, put, text, flags=re.DOTALL)
    assert count
    (tmp_path / "T1.html").write_text(changed, encoding="utf-8")
    page = open_page(tmp_path / "T1.html", viewport=PHONE).page
    page.fill("#code", lock_of(called).code)
    page.click("#unlock button")
    expect(page.locator("#said")).to_have_text(re.compile("^Somebody changed this file"))
    assert "Secretstreet" not in page.content()
    assert "2099" not in page.evaluate(
        "JSON.stringify(localStorage)"
    )  # the right page is not called old by it


def test_a_page_with_the_dispatchers_telephone_opens_as_it_was_made(open_page, called):
    opened = unlock(open_page(called / "teams" / "T1.html", viewport=PHONE), lock_of(called).code)
    assert "Secretstreet 1" in opened.page.inner_text("#panel")
    assert opened.errors == []


@pytest.fixture
def called(day_of):
    """Return the folder of a day whose dispatcher has a telephone."""
    return day_of(settings=(("dispatcher_phone", "+358 40 1234567"),))


def test_marks_outlive_a_reload_and_nothing_of_them_is_kept_in_clear(team, day):
    opened = team(day)
    tap(opened.page, "Done")
    tap(opened.page, "Not home")
    tap(opened.page, "Note")
    opened.page.fill("textarea", "钥匙在邻居家")
    opened.page.get_by_role("button", name="Save").click()
    kept = opened.page.evaluate("JSON.stringify(localStorage)")
    assert "doorroute/" in kept
    for words in ("钥匙", "Name", "Secretstreet", "done", "note"):
        assert words not in kept
    page = reopen(opened, day).page
    assert page.inner_text("#count b") == "2 / 3"
    assert "钥匙在邻居家" in page.inner_text("#panel")
    doors = handed_in(page, day).doors
    assert [door.status for door in doors] == [Status.DONE, Status.NOBODY_HOME, Status.OPEN]
    assert doors[2].note == "钥匙在邻居家"


def test_a_mark_can_be_taken_back_at_once_and_later(team, day):
    page = team(day).page
    tap(page, "Refused")
    page.locator("#toast button").click()
    assert page.inner_text("#count b") == "0 / 3"
    assert "Secretstreet 1" in page.inner_text("#panel")
    tap(page, "Done")
    page.click(".tab:nth-child(3)")
    page.locator(".row").first.click()
    assert "Done" in page.inner_text(".result")
    tap(page, "Undo")
    assert page.inner_text("#count b") == "0 / 3"
    assert {door.status for door in handed_in(page, day).doors} == {Status.OPEN}


def test_each_person_behind_a_door_has_a_mark_of_their_own(team, day):
    page = team(day).page
    page.get_by_role("button", name="Name 1a: Done").click()
    assert page.inner_text("#count b") == "0 / 3"
    page.get_by_role("button", name="Name 1b: Refused").click()
    assert page.inner_text("#count b") == "1 / 3"
    door = handed_in(page, day).doors[0]
    assert (door.status, door.people) == (Status.PARTLY, (Status.DONE, Status.REFUSED))


def test_two_windows_of_one_page_lose_no_tick(team, day):
    first = team(day)
    other = first.page.context.new_page()
    other.goto(first.page.url)
    other.fill("#code", lock_of(day).code)
    other.click("#unlock button")
    other.wait_for_selector("html[data-map=drawn]")
    tap(first.page, "Done")
    other.click(".tab:nth-child(3)")
    other.locator(".row").nth(1).click()
    tap(other, "Refused")
    expect(first.page.locator("#count b")).to_have_text("2 / 3")
    assert [door.status for door in handed_in(first.page, day).doors] == [
        Status.DONE,
        Status.REFUSED,
        Status.OPEN,
    ]


def test_where_storage_is_refused_the_page_says_so_and_keeps_marks_while_locked(open_page, day):
    opened = open_page(day / "teams" / "T1.html", viewport=PHONE)
    opened.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused'); } })"
    )
    opened.page.reload()
    page = unlock(opened, lock_of(day).code).page
    assert "keeps no results" in page.inner_text("#notices")
    tap(page, "Done")
    page.click("#menu")
    page.get_by_role("button", name="Lock now").click()
    assert "Secretstreet" not in page.content()
    assert unlock(opened, lock_of(day).code).page.inner_text("#count b") == "1 / 3"
    assert opened.errors == []


@pytest.mark.parametrize(("minutes", "fits"), [(60, ()), (5, (("lock_after_min", 5),))])
def test_it_locks_itself_after_an_hour_or_as_it_was_set_and_loses_nothing(open_page, day_of, minutes, fits):
    day = day_of(settings=fits)
    opened = open_page(day / "teams" / "T1.html", viewport=PHONE)
    opened.page.clock.install()
    opened.page.reload()
    opened.page.fill("#code", lock_of(day).code)
    opened.page.click("#unlock button")
    opened.page.clock.run_for(1000)
    opened.page.wait_for_selector("html[data-map=drawn]")
    opened.page.clock.pause_at(opened.page.evaluate("Date.now() / 1000 + 60"))
    tap(
        opened.page, "Done"
    )  # the clock stands: the frame that draws the mark is still to come when the page locks
    opened.page.clock.fast_forward(60_000 * (minutes - 1))
    assert opened.page.locator("#lock:visible").count() == 0
    opened.page.clock.fast_forward(60_000 * 2)
    opened.page.wait_for_selector("#lock:visible")
    assert f"{minutes} minutes" in opened.page.inner_text("#said")
    assert "Secretstreet" not in opened.page.content()
    assert opened.errors == []


def test_the_language_changes_over_at_once_and_is_remembered(team, day):
    opened = team(day)
    opened.page.click("#lang")
    assert opened.page.get_attribute("html", "lang") == "zh-CN"
    opened.page.reload()
    assert opened.page.get_attribute("html", "lang") == "zh-CN"


@pytest.fixture(scope="module")
def replanned(demo_data, tmp_path_factory):
    """Return the folders of a plan and of the one that took its place: T1 had doors 1, 3, 5 and has 5, 1, 4;
    T2 loses 4.
    """
    old, new = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    extract = demo_data / "helsinki-centre.osm.pbf"
    plan, problem, findings = make_day()
    write_maps(
        PlanOutput(
            plan, problem, extract, lang="en", findings=findings, made=datetime(2022, 4, 6, 0, 0, tzinfo=UTC)
        ),
        old,
    )
    later, later_problem, _ = make_day(shares=[(5, 1, 4), (2,)])
    changes = changes_between(plan, later, addresses={visit.id: visit.address for visit in problem.visits})
    more = {"made": datetime(2022, 4, 6, 2, 20, tzinfo=UTC), "changes": changes, "earlier": old}
    write_maps(PlanOutput(later, later_problem, extract, lang="en", findings=findings, **more), new)
    return old, new


def test_after_a_replan_the_same_code_opens_a_page_that_says_what_changed(team, replanned):
    old, new = replanned
    assert lock_of(old).code == lock_of(new).code
    assert lock_of(old).route != lock_of(new).route
    page = team(new).page
    shown = page.inner_text("#dialog")
    for words in (
        "New doors",
        "3\nSecretstreet 4",
        "In another order",
        "1\nSecretstreet 5",
        "No longer yours",
        "2\nSecretstreet 3",
    ):
        assert words in shown
    assert "nobody goes there now" in shown
    page.get_by_role("button", name="Understood").click()
    assert "Moved" in page.inner_text(".facts")
    page.click(".tab:nth-child(3)")
    assert "New" in page.locator(".row").nth(2).inner_text()
    page.reload()
    page.fill("#code", lock_of(new).code)
    page.click("#unlock button")
    page.wait_for_selector("html[data-map=drawn]")
    assert not page.locator("#dialog").is_visible()
    page.click("#menu")
    page.get_by_role("button", name="What changed").click()
    assert "New doors" in page.inner_text("#dialog")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_changed_stands_out_seven_to_one_and_can_be_tapped(team, replanned, scheme):
    page = team(replanned[1], color_scheme=scheme).page
    found = page.evaluate(CONTRAST)
    assert any("Secretstreet 4" in text for _, text in found)
    assert [(round(ratio, 1), text) for ratio, text in found if ratio < 7] == []
    assert page.get_by_role("button", name="Understood").bounding_box()["height"] >= 60


def test_a_long_list_of_changes_is_shown_from_its_beginning(team, replanned):
    page = team(replanned[1], viewport=(360, 300)).page
    assert page.evaluate("document.getElementById('dialog').scrollTop") == 0
    assert page.locator("#dialog h2").evaluate("made => made === document.activeElement")


def test_an_older_page_says_so_at_once_and_its_marks_go_over_to_the_newer_one(team, replanned):
    old, new = replanned
    first = team(old)
    tap(first.page, "Done")
    tap(first.page, "Not home")
    other = first.page.context.new_page()
    other.goto((new / "teams" / "T1.html").resolve().as_uri())
    first.page.locator("#notices", has_text="newer page").wait_for()
    other.fill("#code", lock_of(new).code)
    other.click("#unlock button")
    other.wait_for_selector("html[data-map=drawn]")
    assert other.inner_text("#count b") == "1 / 3"
    other.get_by_role("button", name="Understood").click()
    first.page.click(".tab:nth-child(3)")
    first.page.locator(".row").nth(2).click()
    tap(first.page, "Refused")
    other.locator("#count b", has_text="2 / 3").wait_for()
    assert [door.status for door in handed_in(other, new).doors] == [Status.REFUSED, Status.DONE, Status.OPEN]
    kept = [door.status for door in handed_in(first.page, old).doors]
    assert kept == [Status.DONE, Status.NOBODY_HOME, Status.REFUSED]
    first.page.reload()
    assert "newer page" in first.page.inner_text("#older")
    assert first.errors == []


def test_results_of_an_earlier_page_are_read_with_the_newer_plan(team, replanned, tmp_path):
    old, new = replanned
    page = team(old).page
    tap(page, "Done")
    page.click(".tab:nth-child(4)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as file").click()
    download.value.save_as(tmp_path / "late.txt")
    ((results,), unread) = read_results([tmp_path / "late.txt"], new)
    assert unread == ()
    assert (results.team, results.current, results.visits) == ("T1", False, ("V1", "V3", "V5"))
    assert results.phones[0].doors[0].status == Status.DONE


def saved_events(page, folder, path, known=()):
    """Return the events of the results that the page saves."""
    page.click(".tab:nth-child(4)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as file").click()
    download.value.save_as(path)
    teams, unread = read_results([path], folder)
    assert unread == ()
    doors = dict(zip(teams[0].visits, teams[0].residents, strict=True))
    return list(phone_events(teams, doors, known, day="2022-04-06"))


def test_a_mark_handed_in_from_the_old_page_can_be_taken_back_on_the_new_one(team, replanned, tmp_path):
    old, new = replanned
    first = team(old)
    tap(first.page, "Done")
    known = saved_events(first.page, old, tmp_path / "old.txt")
    assert [(event.visit, event.outcome.value) for event in known] == [("V1", "done")]
    first.page.goto((new / "teams" / "T1.html").resolve().as_uri())
    page = unlock(first, lock_of(new).spoken).page
    page.get_by_role("button", name="Understood").click()
    page.click(".tab:nth-child(3)")
    page.locator(".row").nth(1).click()
    tap(page, "Undo")
    events = saved_events(page, new, tmp_path / "new.txt", known)
    assert [(event.visit, event.outcome.value) for event in events] == [("V1", "open")]


@pytest.fixture(scope="module")
def begun(demo_data, tmp_path_factory):
    """Return the folders of a plan and of the one made at 9:05: T1 was at doors 1 and 3, where one of two
    refused, and goes on to 5 and 4.
    """
    old, new = tmp_path_factory.mktemp("begun"), tmp_path_factory.mktemp("rest")
    extract = demo_data / "helsinki-centre.osm.pbf"
    plan, problem, findings = make_day()
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings), old)
    later, problem, _ = make_day(shares=[(1, 3, 5, 4), (2,)])
    first, second = later.routes
    steps = [
        replace(step, lock=StopLock.DONE) if step.visit in {"V1", "V3"} else step for step in first.steps
    ]
    later = replace(later, routes=(replace(first, steps=tuple(steps)), second))
    write_maps(
        PlanOutput(later, problem, extract, lang="en", findings=findings, earlier=old, refused={"R3b"}), new
    )
    return old, new


def test_a_phone_that_never_opened_the_old_page_knows_what_has_happened_and_undoes_nothing(
    team, begun, tmp_path
):
    page = team(begun[1]).page
    assert page.inner_text("#count b") == "2 / 4"
    assert page.inner_text("#panel h2") == "Secretstreet 5"
    tap(page, "Done")
    page.click(".tab:nth-child(3)")
    rows = page.locator(".row").all_inner_texts()
    assert [text.split("\n")[-2:] for text in rows[:2]] == [["Done", "08:10"], ["Partly", "08:20"]]
    page.locator(".row").nth(1).click()
    people = page.locator(".people .name").all_inner_texts()
    assert people == ["Name 3a · Done", "Name 3b · Refused"]
    assert "dispatcher knows this already" in page.inner_text("#panel")
    assert page.locator("#actions > button, .choice").all_inner_texts() == ["Next door"]
    page.click(".tab:nth-child(4)")
    assert "Results: 3 of 4" in page.inner_text("#panel")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as file").click()
    download.value.save_as(tmp_path / "results.txt")
    teams, unread = read_results([tmp_path / "results.txt"], begun[1])
    doors = dict(zip(teams[0].visits, teams[0].residents, strict=True))
    events = phone_events(teams, doors, (), day="2022-04-06")
    assert [(event.visit, event.outcome.value) for event in events] == [("V5", "done")]
    assert unread == ()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_happened_stands_out_seven_to_one(team, begun, scheme):
    page = team(begun[1], color_scheme=scheme).page
    page.click(".tab:nth-child(3)")
    shown = page.evaluate(CONTRAST)
    page.locator(".row").nth(1).click()
    shown += page.evaluate(CONTRAST)
    assert {"Partly", "Refused"} <= {word for _, text in shown for word in text.split()}
    assert [(round(ratio, 1), text) for ratio, text in shown if ratio < 7] == []


def test_a_mark_made_on_the_old_page_after_what_the_plan_knows_is_shown_and_handed_in(team, begun):
    old, new = begun
    first = team(old)
    tap(first.page, "Refused")  # years after 8:10 of the plan's day
    first.page.goto((new / "teams" / "T1.html").resolve().as_uri())
    page = unlock(first, lock_of(new).spoken).page
    page.click(".tab:nth-child(3)")
    assert "Refused" in page.locator(".row").first.inner_text()
    assert [door.status for door in handed_in(page, new).doors][:2] == [Status.REFUSED, Status.OPEN]


def test_a_plan_written_again_keeps_the_marks_on_the_phone(open_page, demo_data, tmp_path):
    plan, problem, findings = make_day()
    extract = demo_data / "helsinki-centre.osm.pbf"
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings), tmp_path)
    opened = unlock(open_page(tmp_path / "teams" / "T1.html", viewport=PHONE), lock_of(tmp_path).code)
    tap(opened.page, "Done")
    before = lock_of(tmp_path)
    write_maps(PlanOutput(plan, problem, extract, lang="en", findings=findings, earlier=tmp_path), tmp_path)
    assert lock_of(tmp_path) == before
    assert reopen(opened, tmp_path).page.inner_text("#count b") == "1 / 3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_text_stands_out_seven_to_one(team, day_of, scheme, lang):
    folder = day_of(lang)
    page = team(folder, lang=lang, color_scheme=scheme).page
    page.locator("#actions .done").click()
    found = []
    for tab in (2, 3, 4):
        page.click(f".tab:nth-child({tab})")
        found += page.evaluate(CONTRAST)
    page.click("#menu")
    found += page.evaluate(CONTRAST)
    page.click("#dialog > button:last-child")
    page.click(".tab:nth-child(2)")
    for more in (page.locator(".pair button").last, page.locator("#actions .big.line").last):
        more.click()
        found += page.evaluate(CONTRAST)
        page.click("#dialog > button:last-child")
    assert len(found) > 80
    assert [(round(ratio, 1), text) for ratio, text in found if ratio < 7] == []


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (1440, 900)])
def test_what_can_be_tapped_is_large_and_nothing_runs_off(team, day, width, height):
    page = team(day, viewport=(width, height)).page
    for tab in (2, 3, 4):
        page.click(f".tab:nth-child({tab})")
        for target in page.locator("button:visible, a.big:visible").all():
            box = target.bounding_box()
            least = 60 if target.evaluate("made => made.closest('#actions') !== null") else 48
            assert min(box["width"], box["height"]) >= least, target.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_it_says_what_to_do_and_shows_nobodys_address(open_page, day):
    page = open_page(day / "teams" / "T1.html", viewport=PHONE, java_script_enabled=False).page
    page.locator("#stuck:visible").wait_for()
    shown = page.inner_text("body")
    assert "This page did not start" in shown
    assert "这个页面没有打开" in shown
    assert "Doors: 3" in shown
    assert page.locator("#unlock:visible").count() == 0


def test_text_of_a_cell_never_runs_on_a_locked_page(open_page, day_of):
    folder = day_of(cell=EVIL)
    path = min((folder / "teams").glob("*.html"))
    opened = open_page(path, viewport=PHONE)
    page = unlock(opened, lock_of(folder, f"T1 {EVIL}".strip()).code).page
    for tab in (3, 4, 2):
        page.click(f".tab:nth-child({tab})")
    page.locator(".pair .big").last.click()
    assert (opened.requests, opened.errors) == ([], [])
    assert "document.title=1" in page.title()
    assert page.locator("#panel img").count() == 0
    assert "${document.title=3}" in page.inner_text("#panel")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_personal_stands_in_the_file(day):
    text = (day / "teams" / "T1.html").read_text(encoding="utf-8")
    assert not re.search(
        'Secretstreet|Name 1|40 55|3584055|Note 1|isolated"', text
    )  # four letters alone stand in a sealed page by chance
    assert json.loads(re.search(r'id="page-data">(.*?)</script>', text)[1])["route"] == lock_of(day).route


@pytest.mark.parametrize("count", [1, 30, 100])
def test_python_reads_back_exactly_what_was_marked_from_pictures_of_the_screen(team, day_of, tmp_path, count):
    folder = day_of(teams=1, visits=count + 1)
    opened = team(folder)
    said = [
        {
            "status": 1 + (i + 1) % 4,
            "minute": (480 + i * 7) % 1440,
            "people": [1, 3] if i % 4 == 2 else [],
            "note": "" if i % 3 else f"第{i + 1}户：电话没人接",
        }
        for i in range(count)
    ]
    # as another window of this phone would have stored them
    lock = lock_of(folder)
    marks = {i: {**mark, "at": 4_000_000_000_000 + i} for i, mark in enumerate(said)}
    stored = json.dumps({"device": "01020304", "revision": 7, "marks": marks}).encode()
    sealed = base64.b64encode(seal(stored, keys_of(lock).results, PROGRESS, lock.route)).decode()
    opened.page.evaluate(
        """([key, text]) => {
        localStorage.setItem(key, text);
        dispatchEvent(new StorageEvent("storage", { key })); }""",
        [f"doorroute/{lock.route}", sealed],
    )
    opened.page.click(".tab:nth-child(4)")
    shots = []
    while True:
        shots.append(tmp_path / f"{len(shots)}.png")
        opened.page.locator(".qr").screenshot(path=shots[-1])
        if not opened.page.locator(".part").count() or len(shots) == int(
            opened.page.inner_text(".part").split()[-1]
        ):
            break
        opened.page.get_by_role("button", name="Next picture").click()
    ((results,), unread) = read_results(shots, folder)
    assert unread == ()
    read = [(door.status, door.minute, list(door.people), door.note) for door in results.phones[0].doors]
    assert read == [(mark["status"], mark["minute"], mark["people"], mark["note"]) for mark in said]


@pytest.mark.parametrize("size", ["normal", "large"])
def test_very_long_text_and_text_from_right_to_left_fit_in_every_size(open_page, day_of, size):
    folder = day_of(teams=1, visits=2, cell="שלום 🏠 " + "Донаудампфшиффартсгезелльшафт" * 10)
    opened = open_page(next((folder / "teams").glob("*.html")), viewport=(360, 640))
    opened.page.add_init_script(f"localStorage.setItem('doorroute/look', '{{\"size\":\"{size}\"}}')")
    opened.page.reload()
    (issued,) = read_codes(folder)
    page = unlock(opened, issued.lock.code).page
    for tab in (2, 3, 4):
        page.click(f".tab:nth-child({tab})")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.errors == []


@pytest.fixture
def server(day):
    """Serve the day's folder on this machine, and keep what is posted to it; `refuse` makes it answer with
    an error.
    """
    received, refuse = [], []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *given):
            super().__init__(*given, directory=day)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not refuse:
                received.append((self.path, body.decode()))
            self.send_response(503 if refuse else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}/teams/T1.html", received, refuse
        served.shutdown()


def test_a_served_page_posts_its_sealed_results_to_its_own_server_alone(browser, server, day, tmp_path):
    url, received, refuse = server
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(url)
    page.fill("#code", lock_of(day).code)
    page.click("#unlock button")
    page.wait_for_selector("html[data-map=drawn]")
    tap(page, "Done")
    page.click(".tab:nth-child(4)")
    refuse.append(True)
    page.get_by_role("button", name="dispatcher's computer").click()
    page.locator("#toast", has_text="not reached").wait_for()
    refuse.clear()
    page.get_by_role("button", name="dispatcher's computer").click()
    page.locator("#toast", has_text="Received by").wait_for()
    ((path, text),) = received
    assert path == "/results"
    (tmp_path / "posted.txt").write_text(text, encoding="utf-8")
    ((results,), unread) = read_results([tmp_path / "posted.txt"], day)
    assert unread == ()
    assert [door.status for door in results.phones[0].doors] == [Status.DONE, Status.OPEN, Status.OPEN]
    assert "Secretstreet" not in text
    home = url.rsplit("/", 2)[0]
    assert {one for one in asked if not one.startswith(home)} == set()
    blocked = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'reached', () => 'blocked')")
    assert blocked == "blocked"
    context.close()


def test_a_page_opened_from_a_file_offers_no_server(team, day):
    page = team(day).page
    page.click(".tab:nth-child(4)")
    assert page.get_by_role("button", name="dispatcher's computer").count() == 0
