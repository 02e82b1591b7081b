"""The dispatcher's page of a district: 20,000 stops and 400 teams, in a real Chromium, offline."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.handback.codes import OVERVIEW
from doorroute.handback.seal import keys_of, new_lock
from doorroute.model.place import Point
from doorroute.output.basemap.packed import read_base_map
from doorroute.output.pages.overview import overview_page
from doorroute.output.views.routes import team_routes
from tests.browser.get_chromium import find
from tests.helpers.small_day import day

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
TEAMS, STOPS = 400, 20_000
SIDE = 0.12  # degrees of latitude: a district of some 13 km
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


def page_of(folder: Path, teams: int, stops: int) -> Path:
    """Write the overview of a made-up plan on the sample's streets, its doors spread over a district."""
    plan, problem, findings = day(teams=teams, visits=stops + 1, travel=False)
    wide = int((stops + 1) ** 0.5) + 1
    moved = {}
    for number, (visit, place) in enumerate(problem.places.items()):
        # the teams take turns in the list of doors: each gets a block of the district
        team, turn = number % teams, number // teams
        across = int(teams**0.5) + 1
        east = (team % across + (turn * 7 % 13 + 0.5) / 13) / across
        north = (team // across + (turn * 5 % 11 + 0.5) / 11) / across
        moved[visit] = replace(
            place,
            point=Point(
                round(24.85 + 2 * SIDE * east, 6), round(60.13 + SIDE * north + number % wide * 1e-6, 6)
            ),
        )
    routes = tuple(
        replace(
            route,
            geometry=tuple(
                part
                for step in route.steps
                for spot in [moved[step.visit].point if step.visit else step.location]
                for part in (spot, Point(round(spot.lon + 2e-4, 6), spot.lat))
            ),
        )
        for route in plan.routes
    )
    plan, problem = replace(plan, routes=routes), replace(problem, places=moved)
    base_map = read_base_map(ROOT / "data" / "demo" / "helsinki-centre.osm.pbf")
    page = overview_page(
        plan,
        problem,
        team_routes(plan, problem),
        base_map,
        lang="en",
        findings=findings,
        beside=frozenset(),
        lock=(lock := new_lock(OVERVIEW)),
        keys=keys_of(lock),
    )
    path = folder / "overview.html"
    path.write_text(page, encoding="utf-8")
    return path


def measured(page: Page, path: Path) -> dict[str, float]:
    """Return seconds of each thing that a dispatcher does."""
    began = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-map=drawn]", timeout=120_000)
    page.evaluate(FRAME)
    times = {"load until all is drawn": time.perf_counter() - began}

    def timed(what: str, act: str, more: object = None) -> None:
        start = page.evaluate("performance.now()")
        page.evaluate(act, more)
        times[what] = (page.evaluate(FRAME) - start) / 1000

    middle = page.evaluate(
        "() => { const b = document.querySelector('.map').getBoundingClientRect(); return [b.x + b.width / "
        "2, b.y + b.height / 2]; }"
    )
    page.evaluate("""() => { const seen = window.frames_ = []; let last = performance.now();
      const tick = (now) => { seen.push(now - last); last = now; requestAnimationFrame(tick); }; requestAnimationFrame(tick); }""")
    page.mouse.move(*middle)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(middle[0] + 6 * step, middle[1] + 3 * step)
        page.wait_for_timeout(16)
    page.mouse.up()
    page.wait_for_timeout(300)
    frames = sorted(page.evaluate("window.frames_"))
    times["pan, 95 of 100 frames within"] = frames[int(len(frames) * 0.95)] / 1000
    times["pan, worst frame"] = frames[-1] / 1000
    timed(
        "search for a visit",
        "() => { const s = document.getElementById('sought'); s.value = 'V777'; "
        "document.getElementById('find').requestSubmit(); }",
    )
    page.wait_for_selector(".leaflet-popup-content")
    timed(
        "filter by a window",
        "() => { const s = document.getElementById('by-window'); s.value = 'any'; s.dispatchEvent(new "
        "Event('change')); }",
    )
    timed("take the filter away", "() => document.getElementById('find-off').click()")
    timed("open another team", "() => document.querySelectorAll('.team .row')[200].click()")
    timed("everything again", "() => document.getElementById('all').click()")
    timed(
        "move the clock",
        "() => { const s = document.getElementById('at'); s.value = 34000; s.dispatchEvent(new "
        "Event('input')); }",
    )
    return times


def run() -> str:
    from playwright.sync_api import sync_playwright

    chromium = find()
    lines = [
        "## The overview of a district",
        "",
        f"{STOPS} stops of {TEAMS} teams, 1440x900, median of 3.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = page_of(Path(folder), TEAMS, STOPS)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        rounds = []
        for _ in range(3):
            context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
            rounds.append(measured(context.new_page(), path))
            context.close()
        browser.close()
        lines += ["| what | s |", "|---|---|"]
        lines += [
            f"| {what} | {statistics.median(each[what] for each in rounds):.2f} |" for what in rounds[0]
        ]
        lines.append(f"| size of the page, MB | {path.stat().st_size / 1e6:.1f} |")
    return "\n".join([*lines, ""])
