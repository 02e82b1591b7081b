"""Files from outside: tables, workbooks, extracts and routing files, each a sound one with something wrong
in it.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from functools import cache
from pathlib import Path

from doorroute.errors import DoorrouteError, ExitCode
from doorroute.intake import read_residents

from .trial import CELLS, DEMO, damaged, fault_of, one_of_the_leaves_changed, run

TOWN = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
<node id="1" lat="60.1700" lon="24.9400" version="1"/>
<node id="2" lat="60.1700" lon="24.9427" version="1"/>
<node id="3" lat="60.1700" lon="24.9481" version="1"><tag k="barrier" v="gate"/></node>
<node id="4" lat="60.1680" lon="24.9400" version="1"/>
<node id="5" lat="60.1680" lon="24.9427" version="1"><tag k="addr:housenumber" v="7"/><tag k="addr:street" v="Hill Street"/></node>
<node id="6" lat="60.1681" lon="24.9428" version="1"/>
<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="High Street"/></way>
<way id="11" version="1"><nd ref="1"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<way id="12" version="1"><nd ref="4"/><nd ref="5"/><nd ref="2"/><tag k="highway" v="service"/><tag k="oneway" v="yes"/></way>
<way id="13" version="1"><nd ref="5"/><nd ref="6"/><nd ref="2"/><nd ref="5"/><tag k="building" v="yes"/><tag k="addr:housenumber" v="9"/></way>
<relation id="20" version="1"><member type="way" ref="10" role="from"/><member type="node" ref="2" role="via"/>
<member type="way" ref="12" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation>
</osm>
"""


@cache
def _rows() -> tuple[tuple[str, ...], ...]:
    with (DEMO / "residents_zh.csv").open(encoding="gb18030", newline="") as file:
        return tuple(map(tuple, csv.reader(file)))


def _accounted(path: Path) -> str | None:
    """Return what is wrong with how the list is accounted for: each row in one place, ids unique, or a
    refusal with advice.
    """
    try:
        table = read_residents(path)
    except DoorrouteError as refusal:
        told = (refusal.message.into("zh"), refusal.advice.into("en"))
        return None if all(told) else "a refusal without advice"
    people = [resident.id for resident in table.residents]
    if len(set(people)) != len(people):
        return "two people with one id"
    places = [resident.row for resident in table.residents] + [refused.row for refused in table.rejected]
    if sorted(places) != sorted(table.lines):
        return f"{len(table.lines)} entries, {len(places)} of them accounted for"
    counted = sum(each.rows for each in table.sheets if each.read)
    return None if counted == table.rows else f"{table.rows} rows, the sheets have {counted}"


def table(chance: random.Random, folder: Path) -> str | None:
    """Read a list as text, with odd cells, lost quotes, other separators and encodings, and damaged bytes."""
    rows = [list(row) for row in _rows()]
    rows = rows[: chance.randint(1, 40)]
    for _ in range(chance.randint(0, 12)):
        line = chance.choice(rows)
        if line:
            line[chance.randrange(len(line))] = chance.choice(CELLS)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=chance.choice(",,,;\t|")).writerows(rows)
    data = text.getvalue().encode(
        chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"]), errors="replace"
    )
    path = folder / "residents.csv"
    path.write_bytes(damaged(chance, data) if chance.random() < 0.6 else data)
    return fault_of(run("check", path, "--lang", chance.choice(["en", "zh"]))) or _accounted(path)


def workbook(chance: random.Random, folder: Path) -> str | None:
    """Read a workbook of which one part of the archive, or the archive itself, is damaged."""
    source = DEMO / chance.choice(["residents.xlsx", "residents_zh.xlsx", "teams.xlsx", "depots.xlsx"])
    data = source.read_bytes()
    path = folder / source.name
    if chance.random() < 0.3:
        path.write_bytes(damaged(chance, data))
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = damaged(chance, parts[name])
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            for each, content in parts.items():
                book.writestr(each, content)
    if source.name.startswith("residents"):
        return fault_of(run("check", path)) or _accounted(path)
    side = "--teams" if source.name.startswith("teams") else "--depots"
    other = ["--depots", DEMO / "depots.xlsx"] if side == "--teams" else ["--teams", DEMO / "teams.xlsx"]
    return fault_of(run("check", DEMO / "residents.xlsx", side, path, *other))


def extract(chance: random.Random, folder: Path) -> str | None:
    """Open a map with damaged text or bytes: a small town drawn by hand, or the sample's extract."""
    if chance.random() < 0.9:
        path = folder / "town.osm"
        path.write_bytes(damaged(chance, TOWN.encode()))
    else:
        path = folder / "town.osm.pbf"
        path.write_bytes(damaged(chance, (DEMO / "helsinki-centre.osm.pbf").read_bytes()))
    return fault_of(run("network", "info", path))


VROOM = {
    "vehicles": [
        {"id": 7, "start_index": 0, "end_index": 0, "capacity": [2], "skills": [1], "time_window": [0, 20000], "max_tasks": 2,
         "breaks": [{"id": 3, "time_windows": [[2200, 2600]], "service": 500}]},
        {"id": 8, "start_index": 0, "end_index": 3, "capacity": [4], "speed_factor": 0.9},
    ],
    "jobs": [
        {"id": 1, "location_index": 1, "delivery": [1], "skills": [1], "setup": 60, "service": 300, "priority": 5},
        {"id": 2, "location_index": 1, "delivery": [1], "service": 300, "time_windows": [[2000, 9000]]},
        {"id": 3, "location_index": 2, "service": 10},
    ],
    "matrices": {
        "car": {"durations": [[0, 2104, 197, 1299], [2103, 0, 2255, 3152], [197, 2256, 0, 1102], [1299, 3153, 1102, 0]]}
    },
}  # fmt: skip
ODD = (None, -1, 0, 1.5, 10**12, "7", "", True, [], {}, [[]], [1, 2], [[5, 1]], [[0, 10**15]], float("nan"))


def routing_file(chance: random.Random, folder: Path) -> str | None:
    """Solve a routing file in which some values are odd; each job ends on one route or is unassigned."""
    problem: object = VROOM
    for _ in range(chance.randint(1, 3)):
        problem = one_of_the_leaves_changed(chance, problem, ODD)
    path, out = folder / "problem.json", folder / "solution.json"
    text = json.dumps(problem).encode()
    path.write_bytes(damaged(chance, text) if chance.random() < 0.2 else text)
    ran = run("solve", path, "--out", out, "--time-limit", "0.5", "--threads", 1)
    if (fault := fault_of(ran)) or ran.code != ExitCode.DONE:
        return fault
    solution = json.loads(out.read_text(encoding="utf-8"))
    asked = json.loads(path.read_bytes())
    given = sorted(job["id"] for job in asked.get("jobs") or [])
    on = [step["id"] for route in solution["routes"] for step in route["steps"] if step["type"] == "job"]
    got = sorted(on + [each["id"] for each in solution["unassigned"] if each.get("type", "job") == "job"])
    return None if got == given or asked.get("shipments") else f"jobs {given} went in, {got} came out"
