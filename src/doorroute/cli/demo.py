"""`doorroute demo`: plan the shipped sample, offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.cli.plan import run_plan

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "2022-04-06"
"""A fixed day: two demos can be compared."""


@dataclass(frozen=True, kw_only=True)
class DemoOptions(options.EveryCommand):
    """Options of `doorroute demo`."""

    out: Path
    time_limit: float
    iterations: int | None


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("demo", help=_("The whole job on the shipped sample, offline."))
    @click.option(
        "--out",
        type=options.OUT_FOLDER,
        default=Path("maps/demo"),
        show_default=True,
        help=_("The folder for the maps."),
    )
    @options.how_long(_, 5.0)
    @options.every_command(_)
    @options.takes(DemoOptions)
    def demo(lang: str, given: DemoOptions) -> None:
        from doorroute.disk.places import demo_folder
        from doorroute.pipeline import Request

        sample = demo_folder()
        ending = f"_{lang}.xlsx" if (sample / f"residents_{lang}.xlsx").is_file() else ".xlsx"
        request = Request(
            residents=sample / f"residents{ending}",
            teams=sample / f"teams{ending}",
            depots=sample / f"depots{ending}",
            network=sample / "helsinki-centre.osm.pbf",
            date=DAY,
            time_limit_s=given.time_limit,
            iterations=given.iterations,
        )
        run_plan(request, given.out, lang, quiet=given.quiet, as_json=given.as_json)

    return demo
