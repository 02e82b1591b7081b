"""`doorroute solve`: solve a routing file of another program; the solution has VROOM's format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.model.settings import Objective

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True)
class SolveOptions:
    """Options of `doorroute solve`."""

    problem: Path
    out: Path | None
    objective: tuple[Objective, ...]
    time_limit: float
    seed: int
    threads: int
    keep_steps: bool


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("solve", help=_("Solve a file of VROOM (.json), VRPLIB (.vrp) or Solomon (.txt)."))
    @click.argument("problem", type=options.FILE)
    @click.option(
        "--out",
        type=options.OUT_FILE,
        default=None,
        help=_("The solution, in VROOM's format; printed if not given."),
    )
    @click.option(
        "--objective",
        type=options.ObjectivesType(),
        default=Objective.TRAVEL.value,
        show_default=True,
        help=_(
            "finish: earliest last return; travel: least travel; teams: fewest teams; balance: even hours. "
            "Separate several with commas, the most important first: teams,finish."
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
        "--threads",
        type=click.IntRange(1, 2),
        default=2,
        show_default=True,
        help=_("How many processes search."),
    )
    @click.option(
        "-c",
        "--keep-steps",
        is_flag=True,
        help=_(
            "Do not search: compute the times of the routes that the file gives as steps, and the rules "
            "that they break."
        ),
    )
    @options.language(_)
    @options.takes(SolveOptions)
    def solve(lang: str, given: SolveOptions) -> None:
        del lang  # the solution has no texts
        from doorroute.cli import console
        from doorroute.planning.formats.solve_file import solve_file

        with console.stop_on_interrupt() as stop:
            solution = solve_file(
                given.problem,
                given.out,
                given.objective,
                time_limit_s=given.time_limit,
                threads=given.threads,
                seed=given.seed,
                stop=stop,
                keep_steps=given.keep_steps,
            )
        console.print_json(solution if given.out is None else solution["summary"])

    return solve
