"""Measures geocoding: noise over the addresses of real extracts, and over a generated Chinese town.

`python -m benchmarks.addresses [FOLDER]` writes `docs/benchmarks/addresses.md`. FOLDER holds the further
extracts (liechtenstein, beijing-haidian, shenzhen-nanshan); without it the shipped one and the generated
town are measured.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.addresses.judge import Tally

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data" / "demo" / "helsinki-centre.osm.pbf"
EXTRACTS = ROOT.parent / "shared" / "data"
PAGE = ROOT / "docs" / "benchmarks" / "addresses.md"
ROWS, SHIPPED_ROWS = 600, 300


def run(extracts: Path = EXTRACTS) -> str:
    """Measure everything, write the page, and return its summary for the page of all benchmarks."""
    from benchmarks.addresses import measure, report, speed
    from doorroute.disk.files import write_whole

    parts: dict[str, str] = {}
    in_letters: list[Tally] = []
    in_characters: list[Tally] = []
    summary = ["| where | rows | right | wrong |", "|---|---|---|---|"]

    def keep(heading: str, tallies: dict[str, Tally], into: list[Tally], *, after: str = "") -> None:
        print(heading, file=sys.stderr)
        parts[heading] = report.table(tallies) + after
        into += tallies.values()
        real = [tally.counts for name, tally in tallies.items() if "no such" not in name]
        rows, right = sum(sum(counts.values()) for counts in real), sum(counts["right"] for counts in real)
        wrong = sum(tally.counts["wrong"] for tally in tallies.values())
        summary.append(f"| {heading} | {rows} | {right} ({100 * right / max(rows, 1):.1f} %) | {wrong} |")

    liechtenstein = extracts / "liechtenstein.osm.pbf"
    if liechtenstein.exists():
        tallies, apart = measure.western(liechtenstein, ROWS)
        after = f"\nAddresses that the map has in several places; the right answer is to ask. (The rows that were found all the same are one house, tagged twice with two towns.)\n\n{report.table(apart)}\nNominatim on its classes:\n\n{report.nominatim()}"
        keep("Liechtenstein", tallies, in_letters, after=after)
    tallies, apart = measure.western(SHIPPED, SHIPPED_ROWS)
    keep(
        "Helsinki centre (shipped)",
        tallies,
        in_letters,
        after=f"\nAddresses that the map has in several places:\n\n{report.table(apart)}",
    )
    for name, state, title in (
        ("beijing-haidian", "北京市海淀区", "Beijing Haidian, pairs of compound and building"),
        ("shenzhen-nanshan", "广东省深圳市南山区", "Shenzhen Nanshan, pairs of compound and building"),
    ):
        extract = extracts / f"{name}.osm.pbf"
        if extract.exists():
            tallies, doubled = measure.chinese(extract, state)
            keep(
                title,
                tallies,
                in_characters,
                after=f"\nNumbers that two buildings have:\n\n{report.table(doubled)}" if doubled else "",
            )
    with tempfile.TemporaryDirectory() as folder:
        tallies, misspelt, buildings = measure.town(Path(folder), ROWS)
    after = f"\nOne character of the compound replaced, which often makes another compound's name or none; never guessed:\n\n{report.table(misspelt)}"
    keep(f"A generated Chinese town, {buildings} buildings", tallies, in_characters, after=after)
    in_characters += misspelt.values()
    if liechtenstein.exists():
        numbers = speed.measured(liechtenstein)
        parts["Time and memory"] = report.speed(numbers)
        summary.append(
            f"\n10,000 addresses of Liechtenstein: {numbers['locate_s']:.1f} s, {numbers['memory_mb']:.0f} MB."
        )
    shown = report.threshold(report.reliability(in_letters), report.reliability(in_characters))
    write_whole(PAGE, report.page(parts, shown))
    return (
        "## Finding doors\n\n"
        + "\n".join(summary)
        + "\n\nAll classes, the noise and the scores: [addresses.md](benchmarks/addresses.md).\n"
    )
