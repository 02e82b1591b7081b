"""Error messages for an extract that cannot be read, with advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.errors import BadInputError
from doorroute.texts import literal, msg

if TYPE_CHECKING:
    from pathlib import Path


def broken(extract: Path) -> BadInputError:
    """Return the error for a file that cannot be read for an unknown reason."""
    return BadInputError(
        "EXTRACT_BROKEN",
        msg(
            "{file} cannot be read: it is damaged, cut short, or of another kind than its name says.",
            file=extract.name,
        ),
        msg("Download or copy the extract again and compare its size with the source."),
    )


def fault(extract: Path, what: str, value: str, line: int | None) -> BadInputError:
    """Return the error for a fault: twice, unsorted, coordinates, value or broken.

    `value` is name=value as in `line` of the file.
    """
    name = extract.name
    correct = msg("Correct it in the program that made the file, or take another extract.")
    if what == "twice":
        return BadInputError(
            "EXTRACT_TWICE",
            msg(
                "{file} has an object more than once: it joins several extracts, or is a history.", file=name
            ),
            msg(
                "Merge extracts with: osmium merge ONE OTHER -o town.osm.pbf."
                " Take one day of a history with: osmium time-filter {file} -o town.osm.pbf",
                file=name,
            ),
        )
    if what == "unsorted":
        return BadInputError(
            "EXTRACT_UNSORTED",
            msg("The objects in {file} are not in order.", file=name),
            msg("Sort it with: osmium sort {file} -o sorted.osm.pbf", file=name),
        )
    if what == "coordinates":
        return BadInputError(
            "EXTRACT_COORDINATES",
            msg("{file} has a point whose coordinates are not on the earth.", file=name),
            correct,
        )
    if what == "value" and value.startswith(("lat=", "lon=")):
        return BadInputError(
            "EXTRACT_COORDINATES",
            msg(
                "{file} has a point whose coordinates are not on the earth or no numbers:"
                " {value} in line {line}.",
                file=name,
                value=literal(value),
                line=line,
            ),
            correct,
        )
    if what == "value":
        return BadInputError(
            "EXTRACT_VALUE",
            msg(
                "{file} has a value that cannot be read: {value} in line {line}.",
                file=name,
                value=literal(value),
                line=line,
            ),
            correct,
        )
    return broken(extract)
