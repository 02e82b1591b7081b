"""Measures the streets: how fast, and whether right to the metre, against OSRM and other searches
(`sides.py`), each in a process of its own.

Other programs may run at the same time, so the seconds are those of the processor; what a clock on the wall
showed stands beside them.
"""

from __future__ import annotations

import itertools
import math
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
EXTRACTS = {
    "Helsinki centre (shipped)": ROOT / "data" / "demo" / "helsinki-centre.osm.pbf",
    "Liechtenstein": SHARED / "liechtenstein.osm.pbf",
    "Shanghai centre, roads": SHARED / "shanghai-centre-roads.osm.pbf",
    "Beijing Haidian": SHARED / "beijing-haidian.osm.pbf",
    "Shenzhen Nanshan": SHARED / "shenzhen-nanshan.osm.pbf",
}
SEARCHES = ("scipy", "igraph", "networkit", "pandana")
SIDE = 318  # crossings: 101,000 nodes
SEED = 20220406
ROWS = 100
PATIENCE_S = 150  # with another search, for its preparation and 100 rows
RIGHT = """1,000 pairs of random doors for each extract (corners of buildings; where few are mapped, points of the streets), moved to where they touch our
streets, and OSRM is given these points: streets are compared, not how doors are put on them. The ratio is our metres by OSRM's, each along the way that it takes
to be the quickest. Speeds differ for walkers (signals and steps cost them more time here), so a second line gives ours at OSRM's speeds: what is left are the streets."""


def run() -> str:
    """Measure, and return the section for the page of all benchmarks."""
    from benchmarks.streets.sides import python_of

    there = {name: path for name, path in EXTRACTS.items() if path.is_file()}
    osrm, searches = python_of("osrm"), python_of("searches")
    lines = ["## Streets", ""]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        lines += speed(scratch, there, osrm)
        print(*lines, sep="\n", file=sys.stderr)
        lines += compared(scratch, there, searches)
        print(*lines[-14:], sep="\n", file=sys.stderr)
        lines += (
            to_the_metre(scratch, there, osrm)
            if osrm
            else ["OSRM could not be installed: no comparison with it."]
        )
    return "\n".join([*lines, ""])


def measured(job: dict[str, Any]) -> Any:  # noqa: ANN401  # JSON
    from benchmarks.streets.sides import given

    return given([sys.executable, "-m", "benchmarks.streets.ours"], job)


def speed(scratch: Path, there: dict[str, Path], osrm: Path | None) -> list[str]:
    from benchmarks.streets.sides import ask

    name = "Liechtenstein" if "Liechtenstein" in there else next(iter(there))
    extract = there[name]
    points = _points(extract, 1000)
    job = {
        "do": "table_of_extract",
        "extract": str(extract),
        "cache": str(scratch / "cache"),
        "points": points,
    }
    measured({**job, "cache": str(scratch / "first")})  # the first on a computer waits for the compiler, once
    cold, warm = measured(job), measured(job)
    lines = [
        f"{name} on foot, 1,000 doors; seconds of the processor (of the clock). OSRM gives seconds and metres too.",
        "",
    ]
    lines += ["| what | ours | OSRM | ratio | bar |", "|---|---|---|---|---|"]
    load = cold["import"], cold["open"], cold["snap"], cold["first table"]
    total = [sum(column) for column in zip(*load, strict=True)]
    if osrm:
        made = ask(osrm, "osrm_peer.py", {"do": "prepare", "extract": str(extract), "profile": "foot", "folder": str(scratch / "foot")})  # fmt: skip
        peer = ask(
            osrm,
            "osrm_peer.py",
            {"do": "table", "base": str(scratch / "foot" / "x.osrm"), "coordinates": points},
        )
        theirs = [made["wall_s"] + peer["load_s"] + peer["first_s"], made["cpu_s"] + peer["first_cpu_s"]]
        table = [peer["table_s"], peer["cpu_s"]]
    else:
        theirs = table = None
    lines.append(_row("cold: extract to table (extract + contract + table)", total, theirs, "1"))
    lines.append(_row("warm: streets and hierarchy from the cache", warm["open"], None, "0.3 s"))
    lines.append(_row("the table alone, one thread", warm["table, 1"], table, "1, goal 0.5"))
    lines.append(_row("the table alone, two threads", warm["table, 2"], table, ""))
    large = measured({"do": "generated", "side": SIDE, "doors": 1000})
    what = f"generated town of {large['nodes']:,} nodes, 1,000 doors: the table on two cores"
    lines.append(_row(what, large["table"], None, "4 s"))
    lines.append(_row("its hierarchy, once and then cached", large["hierarchy"], None, ""))
    lists = measured({"do": "generated", "side": SIDE, "doors": 20_000, "nearest": 60})
    what = "20,000 doors there, 60 nearest each, both ways, on two cores"
    lines.append(_row(what, lists["nearest"], None, "60 s"))
    return [*lines, "", f"Memory at the highest for those lists: {lists['peak_mb']:.0f} MB (bar 1,500).", ""]


def compared(scratch: Path, there: dict[str, Path], python: Path | None) -> list[str]:
    """Compare our hierarchy with other searches, between the same 1,000 nodes."""
    from benchmarks.streets.sides import ask

    lines = ["### Searches", "",
        ("1,000 x 1,000 between the same nodes of the same graph, seconds of the processor (of the "
        "clock), one thread. The others search from 100 nodes, times ten; where their answers "
        "differ, the end is a node with a signal or gate, whose seconds they count on arriving "
        "too, or out of reach."), ""]  # fmt: skip
    lines += ["| graph | search | prepared | table | of ours | same answers |", "|---|---|---|---|---|---|"]
    name = "Liechtenstein" if "Liechtenstein" in there else next(iter(there))
    for graph, job in ((name, {"extract": str(there[name])}), ("generated town", {"side": SIDE})):
        file = scratch / f"{len(job)}.npz"
        mine = measured({"do": "arcs", "doors": 1000, "file": str(file), **job})
        wall, cpu = mine["table, 1"]
        title = f"{graph}, {mine['nodes']:,} nodes"
        lines.append(f"| {title} | ours (numba) | {mine['prepared'][1]:.2f} | {cpu:.2f} ({wall:.2f}) | 1 | |")
        for search in SEARCHES if python else ():
            try:
                peer = ask(
                    python,
                    "searches_peer.py",
                    {"file": str(file), "search": search, "rows": ROWS},
                    PATIENCE_S,
                )
            except subprocess.TimeoutExpired:
                lines.append(f"| {title} | {search} | | not done after {PATIENCE_S} s | | |")
                continue
            except subprocess.CalledProcessError:
                lines.append(f"| {title} | {search} | | not installed here | | |")
                continue
            cpu_s, wall_s = (peer[key] * 1000 / ROWS for key in ("cpu_s", "wall_s"))
            lines.append(
                f"| {title} | {search} {peer['version']} | {peer['prepared']:.2f} | {cpu_s:.2f} ({wall_s:.2f}) "
                f"| {cpu_s / cpu:.0f} x | {peer['same']:.1%} |"
            )
    return [*lines, ""]


def to_the_metre(scratch: Path, there: dict[str, Path], osrm: Path) -> list[str]:
    from benchmarks.streets import right as metres
    from benchmarks.streets.sides import ask
    from doorroute.model.team import Profile

    rows: list[str] = []
    causes: list[str] = []
    outside: list[str] = []
    for profile, (name, extract) in itertools.product((Profile.FOOT, Profile.CAR), there.items()):
        print(f"{profile}, {name}", file=sys.stderr)
        folder = (
            scratch / f"{profile}-{extract.name.partition('.')[0]}"
        )  # OSRM takes .osm in a folder for the end of the name
        ask(osrm, "osrm_peer.py", {"do": "prepare", "extract": str(extract), "profile": str(profile), "folder": str(folder)})  # fmt: skip
        town = metres.Town(extract, profile, osrm, folder / "x.osrm")
        found = metres.compare(town, SEED)
        rows.append(f"| {profile}, {name} | {metres.figures(found.pairs)} | {found.left_out.total()} |")
        if profile is Profile.FOOT:
            like = metres.compare(
                metres.Town(extract, profile, osrm, folder / "x.osrm", metres.OSRM_SPEEDS), SEED
            )
            rows.append(f"| - at OSRM's speeds | {metres.figures(like.pairs)} | |")
        far = [pair for pair in found.pairs if not 0.97 <= pair.ratio <= 1.03]
        why = metres.explain(town, far)
        foreign = {pair.ends for pair, (cause, _) in zip(far, why, strict=True) if metres.foreign(cause)}
        if foreign:
            rest = [pair for pair in found.pairs if pair.ends not in foreign]
            rows.append(f"| - without the {len(foreign)} where OSRM trespasses | {metres.figures(rest)} | |")
        counts = Counter(cause for cause, _ in why)
        for cause, count in counts.most_common():
            group = [(pair, example) for pair, (each, example) in zip(far, why, strict=True) if each == cause]
            most = max(group, key=lambda item: abs(math.log(item[0].ratio)))
            off = sum(pair.off for pair, _ in group)
            causes.append(
                f"| {profile}, {name} | {off} | {count} | {cause} | {most[1]} (ratio {most[0].ratio:.2f}) |"
            )
        outside += [
            f"| {profile}, {name} | {reason} | {count} |" for reason, count in found.left_out.most_common()
        ]
    head = [
        "### Right to the metre",
        "",
        RIGHT,
        "",
        "| | median ratio | within 3 % | off by more than 10 % | left out |",
    ]
    why_head = [
        "Why they differ, every pair off by more than 3 %:",
        "",
        "| | off 10 % | off 3 % | cause | the furthest |",
    ]
    left_head = ["Drawn and left out:", "", "| | why | pairs |"]
    return [*head, "|---|---|---|---|---|", *rows, "", *why_head, "|---|---|---|---|---|", *causes, "", *left_head, "|---|---|---|", *outside]  # fmt: skip


def _points(extract: Path, count: int) -> list[list[float]]:
    """Draw nodes of the streets."""
    from doorroute.network.reading import read_extract

    raw = read_extract(extract)
    used = sorted({*raw.node[raw.node >= 0].tolist()})
    return [[int(raw.x[n]) / 1e7, int(raw.y[n]) / 1e7] for n in random.Random(SEED).sample(used, count)]


def _row(what: str, taken: Sequence[float], theirs: Sequence[float] | None, bar: str) -> str:
    """Return a line; the seconds are (of the clock, of the processor)."""
    peer = (
        f"{theirs[1]:.2f} ({theirs[0]:.2f}) | {taken[1] / theirs[1]:.2f} ({taken[0] / theirs[0]:.2f})"
        if theirs
        else " | "
    )
    return f"| {what} | {taken[1]:.2f} ({taken[0]:.2f}) | {peer} | {bar} |"
