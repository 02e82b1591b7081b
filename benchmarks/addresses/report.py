"""Writes what was measured, and what it means, as `docs/benchmarks/addresses.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from benchmarks.addresses.judge import HEAD, Tally

# Nominatim 5.3.3 on the same extract, its own import, 600 rows a class, measured once by hand: right, wrong
# building.
_NOMINATIM: Final = {
    "clean": (589, 2), "(a) typo": (4, 0), "(c) reordered": (589, 2), "(d) respelt": (587, 2), "(e) flat glued on": (0, 0), "(f) no such number": (0, 0),
}  # fmt: skip
_BANDS: Final = (
    (0.97, 1.01),
    (0.95, 0.97),
    (0.93, 0.95),
    (0.9, 0.93),
    (0.85, 0.9),
    (0.7, 0.85),
    (0.5, 0.7),
    (0.0, 0.5),
)

_NOISE: Final = """## The noise

Seeded (`SEED` in `benchmarks/addresses/measure.py`): the same rows every time. Western classes take a clean address of the map,
"STREET NUMBER, POSTCODE CITY", and change it as `benchmarks/addresses/noise.py` says: (a) one letter of the street wrong, missing,
doubled or swapped with the next; (b) postcode and city left out; (c) the parts in seven other orders, with and without commas;
(d) Str., Straße, ae/oe/ue, dropped umlauts, St. and Sankt, capitals, hyphens; (e) "/3", "Top 4", ", 2. Stock", ", Whg. 5" behind the
number (flats 1 to 12); two noises: (a) or (d) together with (c) or (e); (f) a number up to 400 that the street does not have, in one of five
rows a letter behind a number that it has. Chinese classes do the same with 省市区街道社区 in front, 单元 and 室 behind, full-width signs, numerals in
characters, other words for the building, dashes, notes in brackets; the generated town has near-twins on purpose (东区 and 西区, 一期 and 二期,
新X and X).

*Right*: placed in the very building or at its entrance (the same object or building of the map; for address points within 40 m). *Ambiguous*: held
back, with equally likely candidates of which one is right. *Asked*: held back. *Wrong*: placed anywhere else, the one thing that must not
happen. Truth is read from the extract by code of its own (`truth.py`). A shop that has an address says where the shop is; where the map
also has the address on a building, entrance or point of its own, that is taken for true.
"""


def table(tallies: Mapping[str, Tally]) -> str:
    """Return a table, a line a class."""
    return "\n".join([HEAD, *(tally.row(name) for name, tally in tallies.items())]) + "\n"


def reliability(tallies: Iterable[Tally]) -> str:
    """Return how many answers were right, by their score; for rows that were held back the first candidate
    counts as the answer.
    """
    lines = ["| score | answers | right | share |", "|---|---|---|---|"]
    answers = [answer for tally in tallies for answer in tally.answers]
    for low, high in _BANDS:
        inside = [right for score, right in answers if low <= score < high]
        share = f"{100 * sum(inside) / len(inside):.1f} %" if inside else "-"
        lines.append(f"| {low:.2f} to {min(high, 1):.2f} | {len(inside)} | {sum(inside)} | {share} |")
    return "\n".join(lines) + "\n"


def nominatim() -> str:
    """Return what Nominatim did with the same classes."""
    lines = ["| class | Nominatim right of 600 | wrong building |", "|---|---|---|"]
    return (
        "\n".join(
            [*lines, *(f"| {name} | {right} | {wrong} |" for name, (right, wrong) in _NOMINATIM.items())]
        )
        + "\n"
    )


def speed(numbers: Mapping[str, float]) -> str:
    """Return times and memory with their targets."""
    return (
        "| what | measured | target |\n|---|---|---|\n"
        f"| build the index of Liechtenstein, {numbers['doors']:.0f} doors | {numbers['build_s']:.1f} s | <= 10 s |\n"
        f"| open it from the cache | {numbers['open_s']:.2f} s | <= 0.3 s |\n"
        f"| find 10,000 addresses of all classes, on one core | {numbers['locate_s']:.1f} s | <= 20 s |\n"
        f"| memory at most, building and finding | {numbers['memory_mb']:.0f} MB | <= 500 MB |\n"
    )


def threshold(western: str, chinese: str) -> str:
    """Return the reliability tables and why the threshold is where it is."""
    return f"""## How far a score can be trusted

Western rows (both extracts, all classes; (f) counts as wrong whatever is offered):

{western}
Chinese rows (both extracts, the town, names with a wrong character):

{chinese}
The threshold for "unsure" (`min_score`, 0.9) lies where the right answers end to be nearly all: from 0.9 upwards they are. Between 0.7 and 0.85
lie, in Western addresses, mostly numbers that do not exist (12z, where the map has 12). In Chinese names that band is right as well
on these rows, but there it holds names of three or four characters with one of them wrong, where another compound may be as near
that the map does not know; a person says so once, and it is remembered.
"""


def page(parts: Mapping[str, str], shown: str) -> str:
    """Put the page together; `parts` are headings with their text."""
    body = "\n".join(f"## {heading}\n\n{text}" for heading, text in parts.items())
    return f"# Finding doors: measured\n\nWritten by `python -m benchmarks.addresses`.\n\n{body}\n{shown}\n{_NOISE}"
