"""`doorroute scenarios`: how many teams are needed, and what if."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.cli.paths import usable
from doorroute.errors import BadInputError
from doorroute.texts import Text, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from doorroute.counts import Question, WhatIf
    from doorroute.counts.series import Series
    from doorroute.pipeline.count_teams import Answered


@dataclass(frozen=True, kw_only=True)
class ScenariosOptions(options.Knowing, options.Reading, options.EveryCommand):
    """Options of `doorroute scenarios`."""

    teams: str
    count: str | None
    depots: Path
    network: Path
    out: Path
    finish_by: str | None
    service: str | None
    without: tuple[str, ...]
    shift: str | None
    depot: tuple[str, ...]
    file: Path | None
    chance: float
    time_limit: float
    seed: int
    barriers: Path | None


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command(
        "scenarios",
        help=_(
            "How many teams are needed: plan with each number of teams, simulate each plan, draw the curve."
        ),
    )
    @click.argument("residents", type=options.FILE)
    @click.option(
        "--teams",
        required=True,
        metavar="N:M|FILE",
        help=_(
            "A range for the number of identical teams, such as 4:14; or a table, of which the first rows "
            "are used."
        ),
    )
    @click.option(
        "--count",
        metavar="N:M",
        help=_("How many of the table's teams. Default: from half of them to all."),
    )
    @options.depots(_)
    @options.streets(_)
    @click.option(
        "--out",
        type=options.OUT_FOLDER,
        required=True,
        help=_("The folder for the page, the table and the picture."),
    )
    @click.option(
        "--finish-by", metavar="HH:MM", help=_("When all teams must be back. Default: the end of the shift.")
    )
    @click.option("--service", metavar="+20%", help=_("Change the service time of every door."))
    @click.option(
        "--without", multiple=True, metavar="TEAM", help=_("A team that stays at home; may be repeated.")
    )
    @click.option("--shift", metavar="07:30-12:00", help=_("One shift for all teams."))
    @click.option(
        "--depot",
        multiple=True,
        metavar="DEPOT",
        help=_("The depot to start from; several are assigned in turn."),
    )
    @click.option(
        "--file", "file", type=options.FILE, help=_("A TOML file of several scenarios, for one page.")
    )
    @click.option(
        "--chance",
        type=float,
        default=0.9,
        show_default=True,
        help=_("The share of simulated days that must end in time."),
    )
    @click.option(
        "--time-limit",
        type=options.Seconds(),
        default=15.0,
        show_default=True,
        help=_("Seconds to search, for each count."),
    )
    @options.seed(_)
    @options.closed_today(_)
    @options.knowing(_)
    @options.reading(_)
    @options.every_command(_)
    @options.takes(ScenariosOptions)
    def scenarios(lang: str, given: ScenariosOptions) -> None:
        _run(lang, given)

    return scenarios


def _run(lang: str, given: ScenariosOptions) -> None:
    from datetime import datetime

    from doorroute.cli import console
    from doorroute.pipeline import Request
    from doorroute.pipeline.count_teams import run_scenarios, write_scenarios

    question, teams = _question(given)
    request = Request(
        residents=given.residents,
        teams=teams,
        depots=given.depots,
        network=given.network,
        date=datetime.now().astimezone().date().isoformat(),
        time_limit_s=question.time_limit_s,
        seed=given.seed,
        mapping=given.header_of_field(),
        sheets=given.sheets,
        settings=given.read_settings(),
        pins=given.pins_file(),
        gazetteer=given.gazetteer,
        barriers=given.barriers,
    )
    watch = console.Watching(console.reporter(lang, quiet=given.quiet))

    def tell(whatif: WhatIf, count: int, finish_s: int, before: bool) -> None:  # noqa: FBT001
        if not given.quiet:
            click.echo(_progress(whatif, count, finish_s, before=before).into(lang), err=True)

    with console.stop_on_interrupt(watch) as stop:
        made = run_scenarios(request, question, given.out, reporter=watch, tell=tell, stop=stop)
    if not made.series:
        click.echo(
            msg("Stopped before any number of teams was planned; run the command again to go on.").into(lang),
            err=True,
        )
        raise click.exceptions.Abort
    write_scenarios(made, given.out, lang=lang, reporter=watch)
    if given.as_json:
        console.print_json(_as_json(made, given.out, lang))
    else:
        _print(made, given.out, lang)


def _progress(whatif: WhatIf, count: int, finish_s: int, *, before: bool) -> Text:
    from doorroute.model.clock import clock

    line = msg_n("{n} team: back at {time}", "{n} teams: back at {time}", count, time=clock(finish_s + 59))
    if before:
        line = msg("{what} (from an earlier run)", what=line)
    return msg("  {name} {what}", name=whatif.name, what=line) if whatif.name else msg("  {what}", what=line)


def _question(given: ScenariosOptions) -> tuple[Question, Path | int]:
    """Return the question that options and `--file` ask, and the table or number of teams to read."""
    from doorroute.counts import Question, WhatIf, read_question
    from doorroute.counts.question import chance_of, change_of, counts_of, shift_of
    from doorroute.intake.times import clock_of

    text = given.teams.strip()
    ranged = re.fullmatch(r"[\d:： ]+", text) is not None
    if ranged and given.count:
        raise BadInputError(
            "COUNT_TWICE",
            msg("--teams and --count both give a range."),
            msg("Give --count only with a table of teams."),
        )
    usual = WhatIf(
        counts=counts_of(text) if ranged else counts_of(given.count) if given.count else None,
        service=change_of(given.service) if given.service else 1.0,
        without=given.without,
        shift=shift_of(given.shift) if given.shift else None,
        depots=given.depot,
    )
    question = Question(
        whatifs=(usual,),
        finish_by_s=clock_of(given.finish_by) if given.finish_by else None,
        chance=chance_of(given.chance),
        time_limit_s=given.time_limit,
    )
    if given.file:
        question = read_question(given.file, question)
    if not ranged:
        return question, usable(text)
    most = max(each.counts[1] + len(each.without) for each in question.whatifs if each.counts)
    whatifs = tuple(replace(each, counts=each.counts or usual.counts) for each in question.whatifs)
    return replace(question, whatifs=whatifs), most


_COLUMNS = (
    msg("Teams"),
    msg("Last return"),
    msg("Never before"),
    msg("In time"),
    msg("90 % back by"),
    msg("Mean hours"),
    msg("Longest"),
    msg("Travel"),
    msg("On no route"),
)


def _print(made: Answered, out: Path, lang: str) -> None:
    from rich.table import Table
    from rich.text import Text as Styled

    from doorroute.cli import console
    from doorroute.counts.answer import percent
    from doorroute.model.clock import clock, duration
    from doorroute.pipeline.count_teams import PAGE

    screen = console.results()
    for series in made.series:
        if series.name:
            screen.print(Styled(series.name), style="bold underline")
        screen.print(series.answer.sentence.into(lang), style="bold", soft_wrap=True)
        screen.print(series.answer.advice.into(lang), soft_wrap=True)
        if series.answer.no_earlier is not None:
            screen.print(series.answer.no_earlier.into(lang), soft_wrap=True)
        table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
        for title in _COLUMNS:
            table.add_column(title.into(lang), justify="right")
        for row in series.scenarios:
            style = "bold green" if row.teams == series.answer.recommended else ""
            cells = (
                str(row.teams),
                clock(row.finish_s + 59),
                clock(row.bound_s),
                f"{percent(row.chance)} %",
                clock(row.late_s + 59),
                duration(row.mean_s),
                duration(row.longest_s),
                duration(row.travel_s),
                str(len(row.unassigned)),
            )
            table.add_row(*cells, style=style)
        screen.print(table)
        _print_never(series, screen, lang)
    if made.held_back:
        text = msg_n(
            "{n} row of the list is left out: it was rejected, or not found on the map. `doorroute check` "
            "and `locate` list such rows.",
            "{n} rows of the list are left out: they were rejected, or not found on the map. `doorroute "
            "check` and `locate` list them.",
            made.held_back,
        )
        screen.print(text.into(lang), soft_wrap=True)
    others = msg("All of them, and what to do: {where}", where="`doorroute check`, `doorroute locate`")
    console.print_datums(made.findings, lang)
    console.print_in_doubt(made.in_doubt, others, lang, planned=True)
    console.print_ledger(made.sheets, lang)
    if made.stopped:
        screen.print(
            msg("Stopped. The missing numbers of teams are planned when you run the command again.").into(
                lang
            ),
            soft_wrap=True,
        )
    screen.print(msg("Open {file}", file=str(out / PAGE)).into(lang), style="bold green", soft_wrap=True)


def _print_never(series: Series, screen: Console, lang: str) -> None:
    """Print who is on no route with any number of teams, and why."""
    from rich.text import Text as Styled

    always = set.intersection(*({left.visit for left in row.unassigned} for row in series.scenarios))
    by_reason: dict[tuple[str, str], list[str]] = {}
    for left in series.scenarios[-1].unassigned:
        if left.visit in always:
            by_reason.setdefault((left.code.value, left.detail.into(lang)), []).append(left.visit)
    if always:
        screen.print(msg("On no route, however many of these teams go out:").into(lang), style="bold")
    for (code, detail), visits in by_reason.items():
        screen.print(
            Styled.assemble(f"  {', '.join(visits)} ", (f"{code} ", "yellow"), detail), soft_wrap=True
        )


def _as_json(made: Answered, out: Path, lang: str) -> dict[str, object]:
    from doorroute.output.pages.counts import row_of

    return {
        "out": str(out),
        "stopped": made.stopped,
        "held_back": made.held_back,
        "series": [
            {
                "name": series.name,
                "finish_by_s": series.by_s,
                "chance": series.chance,
                "enough": series.answer.enough,
                "recommended": series.answer.recommended,
                "sentence": series.answer.sentence.into(lang),
                "advice": series.answer.advice.into(lang),
                "held": None if series.answer.no_earlier is None else series.answer.no_earlier.into(lang),
                "scenarios": [row_of(series, row) for row in series.scenarios],
            }
            for series in made.series
        ],
    }
