"""`doorroute demo`: the whole job on the shipped sample, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.cli.plan import request_of, run_plan
from doorroute.model.settings import Objective

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "2022-04-06"
"""A fixed day, so that two demos can be compared."""


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
    @click.pass_obj
    def demo(
        lang: str, /, out: Path, time_limit: float, iterations: int | None, *, quiet: bool, as_json: bool
    ) -> None:
        from doorroute.disk.places import demo_folder

        sample = demo_folder()
        ending = "_zh.xlsx" if lang == "zh" else ".xlsx"
        request = request_of(
            residents=sample / f"residents{ending}",
            teams=sample / f"teams{ending}",
            depots=sample / f"depots{ending}",
            network=sample / "helsinki-centre.osm.pbf",
            date=click.DateTime(["%Y-%m-%d"]).convert(DAY, None, None),
            objective=(Objective.FINISH,),
            time_limit=time_limit,
            iterations=iterations,
            seed=1,
            mapping=(),
            settings=None,
        )
        run_plan(request, out, lang, quiet=quiet, as_json=as_json)

    return demo
