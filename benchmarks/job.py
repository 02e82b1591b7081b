"""The whole job: the demo cold and warm, the help, and 500 residents of Liechtenstein by car."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Measured, measure

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"
LIECHTENSTEIN = ROOT.parent / "shared" / "data" / "liechtenstein.osm.pbf"
DOORROUTE = [sys.executable, "-m", "doorroute"]
SEARCH_S = 5


def run() -> str:
    lines = ["## The whole job", "", "| what | measured | limit | of the limit |", "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        env = {**os.environ, "DOORROUTE_CACHE": str(scratch / "cache"), "LANG": "C.UTF-8"}
        bare = statistics.median(measure([sys.executable, "-c", "pass"], env).wall_s for _ in range(7))
        help_s = statistics.median(measure([*DOORROUTE, "--help"], env).wall_s for _ in range(7))
        lines.append(row(f"`doorroute --help`, s ({help_s / bare:.1f} x an empty Python)", help_s, 0.4))

        cold = measure(
            [*DOORROUTE, "demo", "--out", str(scratch / "cold"), "--time-limit", str(SEARCH_S)], env
        )
        lines.append(row(f"`doorroute demo` with {SEARCH_S} s of search, nothing cached, s", cold.wall_s, 25))
        lines.append(row("its memory at the highest, all processes, MB", cold.peak_mb, 700))
        warm = measure(
            [*DOORROUTE, "demo", "--out", str(scratch / "warm"), "--time-limit", str(SEARCH_S)], env
        )
        lines.append(row("the same again, s outside the search", warm.wall_s - SEARCH_S, 3))
        lines.append(
            f"| last return of that plan, s after midnight (bound) | {finish(scratch / 'warm')} | | |"
        )

        if LIECHTENSTEIN.is_file():
            large = liechtenstein(scratch, env)
            lines.append(
                row(
                    "Liechtenstein, 500 residents, 14 teams by car, 30 s of search, nothing cached, s",
                    large.wall_s,
                    90,
                )
            )
            lines.append(row("its memory at the highest, MB", large.peak_mb, None))
            lines.append(
                f"| last return of that plan, s after midnight (bound) | {finish(scratch / 'large')} | | |"
            )
    return "\n".join([*lines, ""])


def row(what: str, value: float, limit: float | None) -> str:
    share = "" if limit is None else f"{value / limit:.0%}"
    return f"| {what} | {value:.2f} | {'' if limit is None else limit} | {share} |"


def finish(folder: Path) -> str:
    summary = json.loads((folder / "plan.json").read_text())["summary"]
    return f"{summary['finish_s']} ({summary['lower_bound_finish_s']}), {summary['assigned']} of {summary['visits']} visits"


def liechtenstein(scratch: Path, env: dict[str, str]) -> Measured:
    import osmium
    import xlsxwriter

    homes = sorted(
        {
            f"{tags['addr:street']} {tags['addr:housenumber']}, {tags.get('addr:postcode', '')} {tags['addr:city']}"
            for entity in osmium.FileProcessor(str(LIECHTENSTEIN))
            if "addr:street" in (tags := entity.tags) and "addr:housenumber" in tags and "addr:city" in tags
        }
    )
    chosen = random.Random(20220406).sample(homes, 503)
    tables = {
        "residents": [["name", "address"], *(["", home] for home in chosen[:500])],
        "depots": [
            ["depot", "address", "lab"],
            *([f"D{i}", home, "yes"] for i, home in enumerate(chosen[500:])),
        ],
        "teams": [
            ["team", "start", "end", "shift", "profile"],
            *([f"T{i + 1}", f"D{i % 3}", f"D{i % 3}", "07:00-19:00", "car"] for i in range(14)),
        ],
    }
    for name, rows in tables.items():
        with xlsxwriter.Workbook(scratch / f"{name}.xlsx") as book:
            sheet = book.add_worksheet()
            for line, cells in enumerate(rows):
                sheet.write_row(
                    line,
                    0,
                    [
                        f"R{line}" if name == "residents" and line and not i else c
                        for i, c in enumerate(cells)
                    ],
                )
    return measure(
        [
            *DOORROUTE, "plan", str(scratch / "residents.xlsx"), "--teams", str(scratch / "teams.xlsx"), "--depots", str(scratch / "depots.xlsx"),
            "--network", str(LIECHTENSTEIN), "--out", str(scratch / "large"), "--time-limit", "30",
        ],
        env,
    )  # fmt: skip
