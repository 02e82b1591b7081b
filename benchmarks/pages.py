"""What a team holds: size, speed in a real Chromium slowed down four times, memory, requests; and how long
all pages of a large day take to write.
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import os
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from doorroute.handback.seal import Keys, keys_of, new_lock
from doorroute.model.place import Point
from doorroute.output.basemap.features import AREAS, UNIT_DEG, FeatureKind, Features
from doorroute.output.basemap.packed import BaseMap, read_base_map
from doorroute.output.pages.assets import leaflet_css, leaflet_js
from doorroute.output.pages.open_team import open_team_page
from doorroute.output.pages.phone import Making, team_page
from doorroute.output.views.routes import TeamRoute, team_routes
from tests.browser.get_chromium import find
from tests.helpers.small_day import day

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
EXTRACT = DEMO / "helsinki-centre.osm.pbf"
SLOWER = 4
ROUNDS = 5
TEAMS, STOPS = 60, 20
DEPOT = "Depot"
# Notes when things were seen: the frame after a mark on <html> was set, in ms since the page was asked for.
WATCH = """(() => {
  window.seen_ = {};
  const note = (what) => requestAnimationFrame(() => requestAnimationFrame(() => { (seen_[what] = seen_[what] || []).push(performance.now()); }));
  addEventListener("load", () => note("load"));
  new MutationObserver((changes) => { for (const { attributeName } of changes) note(attributeName); }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-map", "data-open"] });
  addEventListener("submit", () => { seen_.submit = [performance.now()]; }, true);
})()"""
COUNT_FRAMES = """() => { const seen = window.frames_ = []; let last = performance.now();
  const tick = (now) => { seen.push(now - last); last = now; requestAnimationFrame(tick); }; requestAnimationFrame(tick); }"""
SCRYPT = """() => { const at = (name) => performance.getEntriesByName(name)[0].startTime;
  return at("keys-end") - at("keys-begin"); }"""


def lattice(features: BaseMap, step: int = 200) -> list[Point]:
    """Return points all over the extract: a route that sees everything."""
    west, south, east, north = shapely.total_bounds(features.layers[FeatureKind.MINOR].shapes)
    return [
        Point(float(x * UNIT_DEG), float(y * UNIT_DEG))
        for x in np.arange(west, east, step)
        for y in np.arange(south, north, step)
    ]


def nine_fold(base_map: BaseMap) -> BaseMap:
    """Return the extract copied three times three, side by side."""
    west, south, east, north = shapely.total_bounds(base_map.layers[FeatureKind.MINOR].shapes)
    shifts = [(x * (east - west), y * (north - south)) for x in range(3) for y in range(3)]
    return BaseMap(
        {
            kind: Features(
                np.concatenate(
                    [shapely.transform(one.shapes, lambda at, by=by: np.rint(at + by)) for by in shifts]
                ),
                one.names * 9,
            )
            for kind, one in base_map.layers.items()
        }
    )


def km2(base_map: BaseMap) -> float:
    west, south, east, north = shapely.total_bounds(base_map.layers[FeatureKind.MINOR].shapes) * UNIT_DEG
    return (east - west) * math.cos(math.radians(north)) * (north - south) * 111.195**2


def over(team: TeamRoute, points: list[Point]) -> TeamRoute:
    """Lead the route over `points`, its stops among them."""
    chosen = [points[int(i)] for i in np.linspace(0, len(points) - 1, len(team.stops))]
    stops = tuple(replace(stop, point=at) for stop, at in zip(team.stops, chosen, strict=True))
    return replace(
        team, stops=stops, start=points[0], end=points[0], route=replace(team.route, geometry=tuple(points))
    )


def peer_page(base_map: BaseMap, points: list[Point]) -> str:
    """Return the usual way: Leaflet's canvas with the same features as GeoJSON, no labels."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": int(kind), "name": name},
            "geometry": shapely.geometry.mapping(shapely.transform(shape, lambda at: at * UNIT_DEG)),
        }
        for kind, layer in base_map.around(points, 400).items()
        if kind < FeatureKind.NUMBER
        for shape, name in zip(layer.shapes, layer.names, strict=True)
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    areas = sorted(map(int, AREAS))
    bounds = [
        [min(p.lat for p in points), min(p.lon for p in points)],
        [max(p.lat for p in points), max(p.lon for p in points)],
    ]
    return f"""<!DOCTYPE html><meta charset="utf-8"><style>{leaflet_css()}#map {{ height: 700px }}</style><div id="map"></div><script>{leaflet_js()}</script>
<script>const areas = {areas}; const map = L.map("map", {{ preferCanvas: true, zoomSnap: 0.25 }}).fitBounds({bounds});
L.geoJSON({data}, {{ style: (f) => areas.includes(f.properties.kind) ? {{ weight: 0.7, fillOpacity: 1 }} : {{ weight: 3 }} }}).addTo(map);
requestAnimationFrame(() => {{ document.documentElement.dataset.map = "drawn"; }});</script>"""


class Phone:
    """A phone's screen on a slowed-down Chromium with the network off."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(
            offline=True, viewport={"width": 390, "height": 844}, device_scale_factor=3, has_touch=True
        )
        self.asked: list[str] = []
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = self.context.new_page()
        self.cdp: CDPSession = self.context.new_cdp_session(self.page)
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.page.add_init_script(WATCH)

    def open(self, path: Path, until: str) -> float:
        """Return ms from asking for the page until what `until` names was seen."""
        self.page.goto(path.as_uri())
        return self.seen(until)

    def seen(self, what: str, after: float = 0.0) -> float:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            times = [at for at in self.page.evaluate("what => seen_[what] || []", what) if at > after]
            if times:
                return float(times[0])
            self.page.wait_for_timeout(20)
        raise RuntimeError(f"{what} was never seen")

    def heap_mb(self) -> float:
        self.cdp.send("HeapProfiler.collectGarbage")
        return float(self.cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def drag(self) -> tuple[float, float]:
        """Move the map about; return the 95th of 100 and the longest of the frames, in ms."""
        box = self.page.locator(".map").bounding_box()
        x, y = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) if box else (195, 400)
        self.page.evaluate(COUNT_FRAMES)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, 41):
            self.page.mouse.move(x + 60 * math.sin(step / 6), y + 4 * step)
            self.page.wait_for_timeout(16)
        self.page.mouse.up()
        self.page.wait_for_timeout(300)
        frames = sorted(self.page.evaluate("window.frames_"))
        return frames[int(len(frames) * 0.95)], frames[-1]

    def zoom(self) -> float:
        began = self.page.evaluate("performance.now()")
        self.page.evaluate("document.querySelector('.leaflet-control-zoom-in').click()")
        return self.seen("data-map", began) - began


def drawn(browser: Browser, path: Path, until: str, rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        phone = Phone(browser)
        times.append(phone.open(path, until))
        phone.context.close()
    return times


def locked(browser: Browser, path: Path, code: str, rounds: int) -> dict[str, list[float]]:
    """Return what a team does with its page, each as often as there are rounds."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        phone = Phone(browser)
        phone.open(path, "load")
        phone.page.fill("#code", code)
        phone.page.evaluate("document.getElementById('unlock').requestSubmit()")
        began, opened = phone.seen("submit"), phone.seen("data-open")
        found.setdefault("unlock", []).append(opened - began)
        found.setdefault("scrypt", []).append(phone.page.evaluate(SCRYPT))
        found.setdefault("tiles", []).append(phone.seen("data-map") - opened)
        phone.page.evaluate("document.querySelector('.tab').click()")
        phone.page.wait_for_timeout(1500)
        p95, worst = phone.drag()
        found.setdefault("pan p95", []).append(p95)
        found.setdefault("pan max", []).append(worst)
        found.setdefault("zoom", []).append(phone.zoom())
        phone.page.wait_for_timeout(500)
        found.setdefault("heap", []).append(phone.heap_mb())
        found.setdefault("requests", []).append(
            float(len([url for url in phone.asked if url != path.as_uri()]))
        )
        phone.context.close()
    return found


def written(folder: Path) -> tuple[float, float, float, int]:
    """Plan a day of many teams on real doors; return seconds to write all its pages, processor seconds,
    those of the keys among them, and its files.
    """
    import csv

    from doorroute.output.write import PlanOutput, load, write_maps
    from doorroute.pipeline import Request, plan

    numbers = read_base_map(EXTRACT).layers[FeatureKind.NUMBER]
    entrances = sorted({(int(shape.x), int(shape.y)) for shape in numbers.shapes})
    doors = [entrances[i * len(entrances) // (TEAMS * STOPS)] for i in range(TEAMS * STOPS)]
    with (folder / "residents.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "phone", "address", "lon", "lat", "floor", "note"])
        rows.writerows(
            [
                f"R{i}",
                f"张伟{i}",
                f"+358 40 {i:07d}",
                f"Street {i}",
                x * UNIT_DEG,
                y * UNIT_DEG,
                i % 6,
                "两人在家",
            ]
            for i, (x, y) in enumerate(doors)
        )
    with (folder / "teams.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["team", "start", "end", "shift", "max_visits"])
        rows.writerows([f"T{i + 1}", DEPOT, DEPOT, "06:00-22:00", STOPS] for i in range(TEAMS))
    with (folder / "depots.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["depot", "lon", "lat", "lab"], [DEPOT, 24.9441, 60.1699, "yes"]])
    planned = plan(
        Request(
            residents=folder / "residents.csv",
            teams=folder / "teams.csv",
            depots=folder / "depots.csv",
            network=EXTRACT,
            date="2022-04-06",
            time_limit_s=10,
        )
    )
    load()
    before = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    files = write_maps(
        PlanOutput(planned.plan, planned.problem, EXTRACT, lang="zh", findings=planned.findings),
        folder / "out",
    )
    wall_s = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after, strict=True))
    began = time.process_time()
    for number in range(3):
        keys_of(new_lock(f"T{number}"))
    keys_s = (time.process_time() - began) / 3 * len(planned.plan.routes)
    return wall_s, cpu_s, keys_s, len(files)


def row(what: str, values: float | list[float], bar: float, digits: int = 0, less: float = 0) -> str:
    """Write median, best, bar and what the best is of the bar; `less` is taken away from each."""
    every = [value - less for value in (values if isinstance(values, list) else [values])]
    best = min(every)
    return (
        f"| {what} | {statistics.median(every):.{digits}f} | {best:.{digits}f} | {bar:g} | {best / bar:.0%} |"
    )


def run() -> str:
    from playwright.sync_api import sync_playwright

    chromium = find()
    plan, problem, _ = day(teams=1, visits=15)
    small = read_base_map(EXTRACT)
    large = nine_fold(small)
    (team,) = team_routes(plan, problem)
    lock = new_lock("T1")
    keys: Keys = keys_of(lock)
    making = Making(lock=lock, keys=keys, made="2022-04-06T06:00:00+00:00")
    lines = [
        "## What a team holds",
        "",
        (
            f"A route of 14 stops in a real Chromium {SLOWER} times slowed down, 390x844 at 3 dots a pixel, the network off; {ROUNDS} times in one run, the machine's load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores: above 1 a core, times say little. "
            "Small: the shipped extract; large: nine of it side by side. Times to draw are beyond a blank "
            "page's."
        ),
        "",
        "| what | median | best | bar | best of the bar |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        blank = folder / "blank.html"
        blank.write_text("<!DOCTYPE html><title>blank</title>")
        routes = {"small": over(team, lattice(small)), "large": over(team, lattice(large))}
        paths = {}
        for size, base_map in (("small", small), ("large", large)):
            for kind, text in (
                ("locked", team_page(plan, routes[size], base_map, making, lang="zh")),
                ("open", open_team_page(plan, routes[size], base_map, lang="zh")),
                ("peer", peer_page(base_map, lattice(base_map))),
            ):
                paths[size, kind] = folder / f"{size}-{kind}.html"
                paths[size, kind].write_text(text, encoding="utf-8")
        bare = len(team_page(plan, routes["small"], BaseMap({}), making, lang="zh").encode())
        packed = gzip.compress(small.pack(lattice(small))[1], 9)
        of_map = len(base64.b64encode(packed)) / 1024 / km2(small)
        whole = paths["large", "locked"].stat().st_size
        lines += [
            row("page without base map, kB", bare / 1e3, 260),
            row(f"base map of {km2(small):.1f} km2 of a dense centre, KiB/km2", of_map, 30, 1),
            row(f"page with {km2(large):.0f} km2, kB", whole / 1e3, 750),
        ]
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        drawn(browser, paths["small", "open"], "data-map", 2)  # warms it
        empty = min(drawn(browser, blank, "load", ROUNDS))
        draws = {size: drawn(browser, paths[size, "open"], "data-map", ROUNDS) for size in routes}
        peers = {size: drawn(browser, paths[size, "peer"], "data-map", ROUNDS) for size in routes}
        lines += [
            row("small: all of the map drawn, ms", draws["small"], 600, less=empty),
            row("large: all of the map drawn, ms", draws["large"], 1300, less=empty),
        ]
        for size in routes:
            got = locked(browser, paths[size, "locked"], lock.code, ROUNDS)
            lines += [
                row(
                    f"{size}: unlock, ms ({min(got['unlock']) / min(got['scrypt']):.2f} x scrypt alone)",
                    got["unlock"],
                    3000,
                ),
                row(f"{size}: unlock to all tiles, ms", got["tiles"], 1200),
                row(f"{size}: pan, 95 of 100 frames within, ms", got["pan p95"], 35),
                row(f"{size}: pan, longest frame, ms", got["pan max"], 200),
                row(f"{size}: zoom, ms", got["zoom"], 800),
                row(f"{size}: heap, MB", got["heap"], 25, 1),
                f"| {size}: requests tried | {max(got['requests']):.0f} | | 0 | |",
            ]
        browser.close()
        wall_s, cpu_s, keys_s, files = written(folder)
        wrote = (
            f"Writing took {cpu_s:.0f} s of processors, {keys_s / cpu_s:.0%} of it for the keys "
            f"(scrypt, one a team, slow on purpose), on {os.cpu_count()} cores: {cpu_s / (os.cpu_count() or 1):.0f} s where nothing else runs."
        )
        size_of = {key: path.stat().st_size for key, path in paths.items()}
        beside = (
            "Compared with the usual method, Leaflet's canvas with the same features as GeoJSON and no "
            "labels: "
            + ", ".join(
                f"{size} {(min(draws[size]) - empty) / (min(peers[size]) - empty):.2f}" for size in routes
            )
            + " of its time to draw (the bar of 600 ms was set on a computer where the usual method "
            "took 344 ms for the small one: 1.74 of its time), "
            f"{size_of['large', 'open'] / size_of['large', 'peer']:.2f} of its bytes (large). The prototype's page had 299,276 bytes; "
            f"this one has {size_of['small', 'locked'] / 299_276:.2f} of them."
        )
    written_row = row(f"all {files} files of {TEAMS} teams x {STOPS} stops written, s", wall_s, 20, 1)
    return "\n".join([*lines, written_row, "", beside, "", wrote, ""])
