"""`doorroute solve`: routing files of other programs and public benchmarks in, a solution in VROOM's format out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.model.settings import Objective

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("solve", help=_("Solve a file of VROOM (.json), VRPLIB (.vrp) or Solomon (.txt)."))
    @click.argument("problem", type=options.FILE)
    @click.option(
        "--out",
        type=options.OUT_FILE,
        default=None,
        help=_("The solution, as VROOM writes it; printed if not given."),
    )
    @click.option(
        "--objective",
        type=options.ObjectivesType(),
        default=Objective.TRAVEL.value,
        show_default=True,
        help=_(
            "finish: the last team home soonest; travel: least travel; teams: fewest teams; balance: even hours."
            " Several apart by commas, the most important first: teams,finish."
        ),
    )
    @click.option(
        "--time-limit",
        type=options.Seconds(),
        default=10.0,
        show_default=True,
        help=_("Seconds to search."),
    )
    @click.option(
        "--seed",
        type=click.IntRange(min=0, max=2**31 - 1),
        default=1,
        show_default=True,
        help=_("Seed of the search."),
    )
    @click.option(
        "--threads", type=click.IntRange(1, 2), default=2, show_default=True, help=_("Processes that search.")
    )
    @click.option(
        "-c",
        "--keep-steps",
        is_flag=True,
        help=_(
            "Search nothing: tell the times of the routes that the file gives as steps, and the rules that they break."
        ),
    )
    @options.language(_)
    def solve(
        problem: Path, out: Path | None, objective: tuple[Objective, ...], time_limit: float, seed: int, threads: int, *, keep_steps: bool
    ) -> None:  # fmt: skip
        from doorroute.cli import console
        from doorroute.planning.formats.solve_file import solve_file

        with console.stop_on_interrupt() as stop:
            solution = solve_file(
                problem,
                out,
                objective,
                time_limit_s=time_limit,
                threads=threads,
                seed=seed,
                stop=stop,
                keep_steps=keep_steps,
            )
        console.print_json(solution if out is None else solution["summary"])

    return solve
