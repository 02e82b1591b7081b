"""`doorroute plan`: make a plan of the tables and write its folder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.pipeline import CheckedPlan, Request


@dataclass(frozen=True, kw_only=True)
class PlanOptions(options.Knowing, options.Searching, options.Reading, options.EveryCommand):
    """Options of `doorroute plan`."""

    teams: Path | int
    depots: Path
    network: Path
    out: Path
    date: datetime | None
    close_day: bool
    profiles: Path | None
    barriers: Path | None
    open_pages: bool

    def request(self) -> Request:
        """Return the options as a request."""
        from doorroute.pipeline import Request

        return Request(
            residents=self.residents,
            teams=self.teams,
            depots=self.depots,
            network=self.network,
            date=(self.date or datetime.now().astimezone()).date().isoformat(),
            objective=self.objective[0],
            objectives=self.objective,
            time_limit_s=self.time_limit,
            seed=self.seed,
            iterations=self.iterations,
            plain_ortools=self.engine == "ortools",
            mapping=self.header_of_field(),
            sheets=self.sheets,
            settings=self.read_settings(),
            pins=self.pins_file(),
            gazetteer=self.gazetteer,
            profiles=self.profiles,
            barriers=self.barriers,
        )


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("plan", help=_("Plan the day: a checked route for each team, with maps."))
    @click.argument("residents", type=options.FILE)
    @click.option(
        "--teams",
        type=options.TeamsType(),
        required=True,
        help=_("A table of teams, or how many identical teams."),
    )
    @options.depots(_)
    @options.streets(_)
    @click.option(
        "--out", type=options.OUT_FOLDER, required=True, help=_("The folder for the plan and its maps.")
    )
    @click.option(
        "--date",
        type=click.DateTime(["%Y-%m-%d"]),
        default=None,
        help=_("The day of the plan; today if not given."),
    )
    @click.option(
        "--close-day",
        is_flag=True,
        help=_(
            "Replace the plan of another day in the folder, although that day has no report yet. Its log is "
            "kept."
        ),
    )
    @click.option(
        "--profiles",
        type=options.FILE,
        default=None,
        help=_("A TOML file of speeds that replace the built-in ones."),
    )
    @options.closed_today(_)
    @options.unlocked(_)
    @options.knowing(_)
    @options.searching(_)
    @options.reading(_)
    @options.every_command(_)
    @options.takes(PlanOptions)
    def plan(lang: str, given: PlanOptions) -> None:
        run_plan(
            given.request(),
            given.out,
            lang,
            open_pages=given.open_pages,
            quiet=given.quiet,
            as_json=given.as_json,
            close_day=given.close_day,
        )

    return plan


def run_plan(
    request: Request,
    out: Path,
    lang: str,
    *,
    quiet: bool,
    as_json: bool,
    open_pages: bool = False,
    close_day: bool = False,
) -> CheckedPlan:
    """Plan, write, and print a summary.

    Ctrl-C ends the search. Its best plan is written if `out` has no plan, or a worse one of the same day and
    tables.
    """
    from doorroute.cli import console
    from doorroute.output.write import load
    from doorroute.pipeline import plan, write_folder
    from doorroute.pipeline.plan_folder import CODES, FINDINGS, OVERVIEW, REVIEW, claimed_folder
    from doorroute.pipeline.stopped_search import kept_instead
    from doorroute.texts import msg

    if open_pages:
        warning = msg(
            "The team pages will have no lock: whoever finds a lost phone can read names, phone numbers and "
            "addresses."
        )
        click.echo(warning.into(lang), err=True)
    tell = console.Watching(console.reporter(lang, quiet=quiet))
    with claimed_folder(out), console.nothing_written_on_interrupt(out, lang):
        request = _with_recorded_ids(request, out, lang, close_day=close_day)
        with console.stop_on_interrupt(tell) as stop:
            planned = plan(request, reporter=tell, stop=stop, meanwhile=load)
        if stop.is_set():
            console.tell_stopped(kept_instead(planned, out), out, lang)
        _print_missing(planned, lang)
        write_folder(planned, out, lang=lang, open_pages=open_pages, reporter=tell, close_day=close_day)
    if as_json:
        from doorroute.model.plan_json import plan_to_json

        document = plan_to_json(planned.plan, lang)
        rows = {
            "not_located": len(planned.plan.not_located),
            "rejected": len(planned.plan.rejected),
            "in_doubt": len({each.row for each in planned.in_doubt}),
        }
        console.print_json(
            {
                "out": str(out),
                "summary": document["summary"],
                **rows,
                "unassigned": document["unassigned"],
                "datums": document["datums"],
            }
        )
    else:
        console.print_plan(planned.plan, lang)
        console.print_datums(planned.findings, lang)
        others = msg("All of them, and what to do: {where}", where=str(out / FINDINGS))
        console.print_in_doubt(planned.in_doubt, others, lang, planned=True)
        console.print_findings([each for each in planned.findings if each.table == "pins"], lang)
        if planned.unsure:
            hint = msg(
                "Resolve the unsure addresses in {file}, save pins.csv in the folder of the residents' "
                "list, and plan again.",
                file=str(out / REVIEW),
            )
            console.results().print(hint.into(lang), soft_wrap=True)
        if planned.plan.routes:
            hint = (
                msg("Your code is in {file}; it shows the names in the overview.", file=str(out / CODES))
                if open_pages
                else msg(
                    "The codes of the team pages are in {file}: read them out, never send them with the "
                    "pages. The first one is yours; it shows the names in the overview.",
                    file=str(out / CODES),
                )
            )
            console.results().print(hint.into(lang), soft_wrap=True)
            from doorroute.output.files.sheet_pdf import can_print

            if not open_pages and not can_print():
                hint = msg("No locked PDF sheets were made. To get them, install doorroute[paper].")
                console.results().print(hint.into(lang), soft_wrap=True, markup=False)
        console.print_sum(planned.plan, lang)
        console.results().print(
            msg("Open {file}", file=str(out / OVERVIEW)).into(lang), style="bold green", soft_wrap=True
        )
    return planned


def _with_recorded_ids(request: Request, out: Path, lang: str, *, close_day: bool) -> Request:
    """Return the request with the ids that `out` has recorded for the day.

    Raises
    ------
    BadInputError
        Another day is open in `out`, unless `close_day`.
    """
    from doorroute.pipeline.opening import held_in
    from doorroute.texts import msg_n

    held = held_in(out, request.date, close_day=close_day)
    if held is None or held.date != request.date:
        return request
    if held.events:
        hint = msg_n(
            "{n} result of this day was read already. This plan visits everybody again; for the rest of the "
            "day use `doorroute replan`.",
            "{n} results of this day were read already. This plan visits everybody again; for the rest of "
            "the day use `doorroute replan`.",
            len(held.events),
        )
        click.echo(hint.into(lang), err=True)
    return replace(request, record=held.record)


def _print_missing(planned: CheckedPlan, lang: str) -> None:
    """Print who of the previous plan is not in this one: a row that changed much counts as a new person."""
    from doorroute.texts import msg_n

    before, now = planned.request.record, planned.record
    if before is None or now is None:
        return
    here = {each.id for each in now.people if each.here}
    gone = [each.id for each in before.people if each.here and each.id not in here]
    if gone:
        told = msg_n(
            "{n} person of the previous plan is no longer on the list: {ids}. A person whose name, phone or "
            "address has changed may count as new; their results stay with the old number.",
            "{n} people of the previous plan are no longer on the list: {ids}. A person whose name, phone "
            "or address has changed may count as new; their results stay with the old number.",
            len(gone),
            ids=", ".join(gone[:_MOST_GONE]) + (", …" if len(gone) > _MOST_GONE else ""),
        )
        click.echo(told.into(lang), err=True)


_MOST_GONE = 20
