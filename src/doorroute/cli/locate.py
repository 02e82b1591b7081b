"""`doorroute locate`: geocode only."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from doorroute.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("locate", help=_("Find the doors only, and write where they are."))
    @click.argument("residents", type=options.FILE)
    @click.option(
        "--network", type=options.FILE, required=True, help=_("A street extract: .osm.pbf, .osm, .osm.gz or .graphml.")
    )
    @click.option(
        "--out",
        type=options.FILE,
        required=True,
        help=_("The table to write: .xlsx, .csv or .geojson; it can be planned from."),
    )
    @options.reading(_)
    @options.every_command(_)
    @click.pass_obj
    def locate(lang: str, /, **given: Any) -> None:  # noqa: ANN401  # click's values, typed by the options above
        run_locate(lang, **given)

    return locate


def run_locate(lang: str, *, out: Path, **given: Any) -> None:  # noqa: ANN401  # click's values
    """Locate, write the table, and print how many doors were found how well."""
    from doorroute.cli import console
    from doorroute.maps.places import write_places
    from doorroute.pipeline import STAGES, locate_visits, read_tables
    from doorroute.texts import msg
    from doorroute.workspace import cache_folder

    tell = console.reporter(lang, quiet=given["quiet"])
    settings = options.settings_at(given["settings"])
    with tell.stage(STAGES[0]):
        tables = read_tables(given["residents"], mapping=options.mapping_of(given["mapping"]), settings=settings)
    with tell.stage(STAGES[1]):
        located = locate_visits(tables, given["network"], settings=settings, cache=cache_folder())
    write_places(out, tables.visits, located.places, located.not_located, lang=lang)
    found = Counter((place.precision.value, place.source) for place in located.places.values())
    if given["as_json"]:
        console.print_json(
            {
                "out": str(out),
                "visits": len(tables.visits),
                "located": [{"precision": p, "source": s, "visits": n} for (p, s), n in found.most_common()],
                "not_located": [
                    {"row": n.row, "code": n.code.value, "candidates": len(n.candidates)} for n in located.not_located
                ],
                "findings": [
                    console.finding_to_json(finding, lang) for finding in (*tables.findings, *located.findings)
                ],
            }
        )
        return
    for entry in located.not_located:
        line = msg("row {row}: {code}, {n} candidates", row=entry.row, code=entry.code.value, n=len(entry.candidates))
        console.results().print(line.into(lang), style="yellow")
    for (precision, source), visits in found.most_common():
        console.results().print(
            msg("{n} doors to the {precision}, by {source}", n=visits, precision=precision, source=source).into(lang)
        )
    console.results().print(msg("Written: {file}", file=str(out)).into(lang), style="bold green")
