"""`doorroute network cut`: cut a town out of a larger extract."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.cli.paths import usable
from doorroute.errors import BadInputError
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorroute.model.place import Point

_KM = click.FloatRange(min=0.1, max=500)


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command(
        "cut",
        help=_("Cut the surroundings of places out of EXTRACT: streets, buildings and addresses. Offline."),
    )
    @click.argument("extract", type=options.FILE)
    @click.option(
        "--around",
        multiple=True,
        required=True,
        metavar="DEPOTS|LON,LAT",
        help=_("A table of depots with lon and lat, or one place; may be repeated."),
    )
    @click.option(
        "--km",
        type=_KM,
        default=15.0,
        show_default=True,
        help=_("How far around those places, in kilometres."),
    )
    @click.option("--out", type=options.OUT_FILE, required=True, help=_("The .osm.pbf file to write."))
    @options.every_command(_)
    @click.pass_obj
    def cut(
        lang: str,
        /,
        extract: Path,
        around: Sequence[str],
        km: float,
        out: Path,
        *,
        quiet: bool,
        as_json: bool,
    ) -> None:
        run_cut(lang, extract, around, km, out, quiet=quiet, as_json=as_json)

    return cut


def run_cut(
    lang: str, extract: Path, around: Sequence[str], km: float, out: Path, *, quiet: bool, as_json: bool
) -> None:
    """Cut, and print what the new file has."""
    from doorroute.cli import console
    from doorroute.network.cut import Box, cut_extract

    if not out.name.lower().endswith(".osm.pbf") or (
        out.exists() and extract.exists() and out.samefile(extract)
    ):
        raise BadInputError(
            "CUT_NAME",
            msg("A cut is written to a new .osm.pbf file."),
            msg("Give --out a file name that ends in .osm.pbf and is not the extract's."),
        )
    box = Box.around([point for each in around for point in _places(each)], km * 1000)
    with click.progressbar(
        length=100,
        label=msg("Cutting {file}", file=extract.name).into(lang),
        file=sys.stderr,
        show_eta=False,
        hidden=quiet or not sys.stderr.isatty(),
    ) as bar:
        kept = cut_extract(extract, box, out, progress=lambda share: bar.update(round(share * 100) - bar.pos))
    size = out.stat().st_size
    if as_json:
        console.print_json(
            {
                "out": str(out),
                "bytes": size,
                "nodes": kept.nodes,
                "ways": kept.ways,
                "relations": kept.relations,
            }
        )
        return
    told = msg(
        "Written: {file}, {size} MB instead of {before} MB, with {ways} streets and buildings",
        file=str(out),
        size=f"{size / 1e6:.1f}",
        before=f"{extract.stat().st_size / 1e6:.1f}",
        ways=kept.ways,
    )
    console.results().print(told.into(lang), style="bold green", soft_wrap=True)


def _places(around: str) -> list[Point]:
    """Return the places in LON,LAT or in a table of depots."""
    from doorroute.intake import read_depots
    from doorroute.model.place import Point

    numbers = around.replace("，", ",").split(",")
    try:
        lon, lat = (float(number) for number in numbers)
    except ValueError:
        depots = read_depots(usable(around)).depots.values()
        given = [depot.given for depot in depots if depot.given is not None]
        if len(given) < len(depots) or not given:
            raise BadInputError(
                "CUT_NO_PLACE",
                msg("Not every depot in {file} has coordinates.", file=Path(around).name),
                msg("Fill in lon and lat, or give a place: --around LON,LAT"),
            ) from None
        return [Point(point.lon, point.lat) for point in given]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # false for nan, too
        raise BadInputError(
            "CUT_OFF_EARTH",
            msg("{place} is not on the earth.", place=around),
            msg("Give longitude first, then latitude, in degrees: --around 24.94,60.17"),
        )
    return [Point(lon, lat)]
