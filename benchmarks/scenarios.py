"""Scenarios: the time of eleven counts of 300 doors, each against a full run of its own, the replays, and
the page in Chromium.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.job import row
from benchmarks.measure import measure
from doorroute.model.settings import Objective
from tests.browser.get_chromium import find

ROOT = Path(__file__).resolve().parents[1]
EXTRACT = ROOT / "data" / "demo" / "helsinki-centre.osm.pbf"
DOORS, FEWEST, MOST, SECONDS = 300, 6, 16, 15
SLIDER = """async () => {
  const slider = document.getElementById("teams"), taken = [];
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let i = 0; i <= Number(slider.max); i++) {
    slider.value = i;
    const begun = performance.now();
    slider.dispatchEvent(new Event("input"));
    await painted();
    taken.push(performance.now() - begun);
  }
  return taken;
}"""


def run() -> str:
    from doorroute.planning import warm_up

    warm_up()
    lines = ["## Scenarios", "", "| what | measured | limit | of the limit |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        residents, depots = draw_tables(scratch)
        inputs = [
            str(residents),
            "--teams",
            f"{FEWEST}:{MOST}",
            "--depots",
            str(depots),
            "--network",
            str(EXTRACT),
        ]
        command = [sys.executable, "-m", "doorroute", "scenarios", *inputs, "--out", str(scratch / "out")]
        env = {**os.environ, "DOORROUTE_CACHE": str(scratch / "cache"), "LANG": "C.UTF-8"}
        made = measure([*command, "--time-limit", str(SECONDS), "--json"], env)
        (series,) = json.loads(made.stdout)["series"]
        lines.append(
            row(
                f"{MOST - FEWEST + 1} counts of {DOORS} doors, {SECONDS} s of search each, s",
                made.wall_s,
                120,
            )
        )
        again = measure([*command, "--time-limit", str(SECONDS), "--json"], env)
        lines.append(row("the same again, nothing to solve, s", again.wall_s, None))
        finishes = {entry["teams"]: entry["finish_s"] for entry in series["scenarios"]}
        worst = max(_against_full_runs(residents, depots, finishes).items(), key=lambda item: item[1])
        lines.append(
            row(
                f"work and waiting from 08:00 to the last return, against a full run of {SECONDS} s, the worst ({worst[0]} teams), ratio",
                worst[1],
                1.01,
            )
        )
        page = scratch / "out" / "scenarios.html"
        lines.append(row("the page, MB", page.stat().st_size / 1e6, 3))
        lines.append(row("the slider, drawn, the slowest of all counts, ms", max(_slider(page)), 100))
    lines.append(row("1,000 replays of 14 routes with 300 doors, s", _replays(), 2))
    return "\n".join([*lines, ""])


def draw_tables(scratch: Path) -> tuple[Path, Path]:
    """Draw doors near streets of the shipped extract."""
    from doorroute.model.place import Point
    from doorroute.model.team import Profile
    from doorroute.network import open_network

    random, network = np.random.default_rng(20220406), open_network(EXTRACT)
    west, south, east, north = network.bounds
    drawn = [Point(*xy) for xy in random.uniform((west, south), (east, north), (20 * DOORS, 2)).tolist()]
    near = np.flatnonzero(network.snap(drawn, Profile.FOOT).offset_m < 40)[: DOORS + 1]
    points = [drawn[at] for at in near.tolist()]
    minutes = random.integers(4, 10, DOORS)
    residents, depots = scratch / "residents.csv", scratch / "depots.csv"
    rows = [
        f"R{n},{p.lon:.6f},{p.lat:.6f},wgs84,{m}"
        for n, (p, m) in enumerate(zip(points, minutes, strict=False))
    ]
    residents.write_text("\n".join(["id,lon,lat,datum,service_min", *rows, ""]))
    depots.write_text(f"depot,lon,lat,datum,lab\nD,{points[-1].lon:.6f},{points[-1].lat:.6f},wgs84,yes\n")
    return residents, depots


def _problem(residents: Path, depots: Path, teams: int):  # noqa: ANN202
    from doorroute.counts import WhatIf
    from doorroute.counts.question import changed_problem
    from doorroute.model.settings import Settings
    from doorroute.pipeline import Request, locate_visits, read_tables
    from doorroute.pipeline.measuring import measure as measured

    request = Request(
        residents=residents, teams=teams, depots=depots, network=EXTRACT, date="2022-04-06", cache=None
    )
    tables = read_tables(residents, teams=teams, depots=depots, settings=Settings())
    located = locate_visits(tables, EXTRACT, settings=Settings(), cache=None)
    _, problem, _ = measured(tables, located, request)
    return changed_problem(problem, WhatIf(), problem.teams)


def _against_full_runs(residents: Path, depots: Path, finishes: dict[int, int]) -> dict[int, float]:
    """Return the length of each count's plan against that of `planning.solve`, which searches with two
    processes.
    """
    from doorroute.planning import solve

    problem = _problem(residents, depots, max(finishes))
    begin, ratios = min(team.shift.start_s for team in problem.teams), {}
    for count, finish in finishes.items():
        alone = solve(
            replace(problem, teams=problem.teams[:count]), objective=Objective.FINISH, time_limit_s=SECONDS
        )
        own = max(route.finish_s for route in alone.routes)
        ratios[count] = (finish - begin) / (own - begin)
        print(f"   {count} teams: {finish} against {own}, {ratios[count]:.4f}", file=sys.stderr)
    return ratios


def _replays() -> float:
    from benchmarks.planning.instances import day
    from doorroute.counts.replay import Luck, replay
    from doorroute.planning.solve import search

    tables = day(DOORS, 14, seed=5)
    tables = replace(
        tables, crews=tuple(replace(crew, closes_s=crew.closes_s + 8 * 3600) for crew in tables.crews)
    )
    orders = search(tables, Objective.FINISH, time_limit_s=5, seed=1, engine=None).orders
    begun = time.perf_counter()
    replay(tables, orders, Luck(), seed=1)
    return time.perf_counter() - begun


def _slider(page: Path) -> list[float]:
    from playwright.sync_api import sync_playwright

    chromium = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.goto(page.as_uri())
        opened.wait_for_selector("html[data-ready=yes]")
        taken: list[float] = opened.evaluate(SLIDER)
        browser.close()
    return taken
