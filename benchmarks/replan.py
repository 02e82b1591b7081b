"""The rest of a day planned again: 300 doors, 14 teams, 40 % done, one team gone."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.job import DOORROUTE, row
from benchmarks.measure import measure
from benchmarks.scenarios import DOORS, EXTRACT, draw_tables
from doorroute.model.clock import clock
from doorroute.model.settings import Objective

TEAMS, DONE = 14, 0.4
GONE = ("T3", "T8", "T12")
SCRATCH_S = 20


def run() -> str:
    lines = [
        f"## The rest of a day: {DOORS} doors, {TEAMS} teams, {DONE:.0%} done, one team gone",
        "",
        "| what | measured | limit | of the limit |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        os.environ["DOORROUTE_CACHE"] = str(scratch / "cache")
        env = {**os.environ, "LANG": "C.UTF-8"}
        residents, depots = draw_tables(scratch)
        plan = [
            "plan",
            residents,
            "--teams",
            TEAMS,
            "--depots",
            depots,
            "--network",
            EXTRACT,
            "--date",
            "2022-04-06",
        ]
        day = scratch / "day"
        measure([*DOORROUTE, *map(str, plan), "--out", str(day), "--time-limit", "20", "--quiet"], env)
        now_s, results = _results(day, scratch / "results.csv")
        walls, shares, ratios, moved = [], [], [], []
        for team in GONE:
            out = scratch / f"without-{team}"
            command = [
                "replan",
                day,
                "--results",
                results,
                "--now",
                clock(now_s),
                "--drop-team",
                team,
                "--out",
                out,
            ]
            made = measure([*DOORROUTE, *map(str, command), "--json", "--quiet"], env)
            summary = json.loads(made.stdout)["summary"]
            walls.append(made.wall_s)
            shares.append((summary["orphans"] + summary["moved"]) / summary["remaining"])
            moved.append(summary["moved"] / summary["remaining"])
            ratios.append(_against_scratch(out, summary["finish_s"]))
            print(
                f"   without {team}: {walls[-1]:.1f} s, {shares[-1]:.3f}, {ratios[-1]:.4f}, {summary}",
                file=sys.stderr,
            )
    lines += [
        row(
            f"`doorroute replan`, all of it, the slowest of {len(GONE)} teams gone in turn, s", max(walls), 15
        ),
        row("visits ahead that change their team, the worst, %", 100 * max(shares), 10),
        row("of these such that their team is not gone, the worst, %", 100 * max(moved), None),
        row(
            f"from 08:00 to the last return, against {SCRATCH_S} s from scratch, the worst, ratio",
            max(ratios),
            1.02,
        ),
    ]
    return "\n".join([*lines, ""])


def _results(day: Path, file: Path) -> tuple[int, Path]:
    """Type everything as done that is over when so many visits are."""
    plan = json.loads((day / "plan.json").read_text())
    stops = sorted(
        (step["departure_s"], step["visit"], route["team"])
        for route in plan["routes"]
        for step in route["steps"]
        if step["visit"]
    )
    now_s = stops[round(DONE * len(stops))][0] // 60 * 60 + 60
    rows = [f"{visit},done,{clock(over)},{team}" for over, visit, team in stops if over < now_s]
    file.write_text("\n".join(["visit,status,time,team", *rows, ""]))
    return now_s, file


def _against_scratch(out: Path, finish_s: int) -> float:
    """Return the length of the day against that of a plan for the same rest of it, with no regard to who had
    which visit.
    """
    from doorroute.pipeline.saved_plan import open_folder
    from doorroute.pipeline.stages import Silence
    from doorroute.pipeline.wiring import prepare
    from doorroute.planning import solve

    _, request = open_folder(out, cache=None)
    problem = prepare(request, Silence()).problem
    settings = replace(problem.settings, wishes=replace(problem.settings.wishes, little_change_s=0))
    begin = min(team.shift.start_s for team in problem.teams)
    fresh = solve(replace(problem, settings=settings), objective=Objective.FINISH, time_limit_s=SCRATCH_S)
    return (finish_s - begin) / (max(route.finish_s for route in fresh.routes) - begin)
