"""`doorroute report`: close the day; every row of the list has an end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.pipeline.close_day import ClosedDay


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command(
        "report",
        help=_("Close the day: how every row ended, who is left for tomorrow, which times were learned."),
    )
    @click.argument("plan_dir", type=options.FILE)
    @click.option(
        "--out",
        type=options.OUT_FOLDER,
        help=_("The folder for the report. Default: report, in the plan's folder."),
    )
    @click.option(
        "--results",
        type=options.FILE,
        multiple=True,
        help=_("Results to read first, as `doorroute results` does; may be repeated."),
    )
    @options.every_command(_)
    @click.pass_obj
    def report(
        lang: str,
        /,
        plan_dir: Path,
        out: Path | None,
        results: tuple[Path, ...],
        *,
        quiet: bool,
        as_json: bool,
    ) -> None:
        run_report(lang, plan_dir, out, results, quiet=quiet, as_json=as_json)

    return report


def run_report(
    lang: str, plan_dir: Path, out: Path | None, results: tuple[Path, ...], *, quiet: bool, as_json: bool
) -> None:
    """Read results, close the day, write the report, and print a summary."""
    from doorroute.cli import console
    from doorroute.cli.results import now_on
    from doorroute.disk.places import cache_folder
    from doorroute.pipeline.close_day import close_folder, write_report
    from doorroute.pipeline.plan_folder import plan_in
    from doorroute.pipeline.results import take_results
    from doorroute.pipeline.saved_plan import home_of

    folder = home_of(plan_dir)
    taken = take_results(folder, results, now_s=now_on(plan_in(folder).date)) if results else None
    tell = console.reporter(lang, quiet=quiet)
    told = taken.findings if taken is not None else ()
    closed = close_folder(folder, cache=cache_folder(), told=told, reporter=tell)
    page = write_report(closed, _place(folder, out or _report_folder(closed)), lang=lang)
    if taken is not None:
        for each in taken.unread:
            click.echo(
                f"{each.file}: {each.code} {each.message.into(lang)}\n  → {each.advice.into(lang)}", err=True
            )
    if as_json:
        console.print_json(_as_json(closed, page, lang))
        return
    report, screen = closed.report, console.results()
    screen.print(report.sum.into(lang), style="bold", soft_wrap=True)
    if report.reasons is not None:
        screen.print(f"  {report.reasons.into(lang)}", soft_wrap=True)
    if report.people is not None:
        screen.print(report.people.into(lang), soft_wrap=True)
    for odd in report.findings:
        screen.print(f"{odd.code}: {odd.message.into(lang)}", style="yellow", soft_wrap=True)
        screen.print(f"  → {odd.advice.into(lang)}", soft_wrap=True)
    for text in (*report.sentences, report.kept):
        if text is not None:
            screen.print(text.into(lang), soft_wrap=True)
    screen.print(report.for_tomorrow.into(lang), soft_wrap=True)
    if report.carried and closed.request.pins is not None:
        hint = msg("To keep the places confirmed by hand, use --pins {file}.", file=str(closed.request.pins))
        screen.print(hint.into(lang), soft_wrap=True)
    console.print_ledger(closed.sheets, lang)
    screen.print(msg("Open {file}", file=str(page)).into(lang), style="bold green", soft_wrap=True)


def _place(folder: Path, out: Path) -> Path:
    """Return the folder of the report, which is not reached through a link in the plan's folder."""
    from doorroute.disk.takeover import refuse_links

    home, place = folder.absolute(), out.absolute()
    if place != home and place.is_relative_to(home):
        refuse_links(home, [place.relative_to(home).as_posix()])
    return out


def _report_folder(closed: ClosedDay) -> Path:
    """Return `report` in the plan's folder.

    If the plan's inputs are in that folder (yesterday's list for today), the day is added to the name.
    """
    folder = closed.home / "report"
    inside = any(file.resolve().is_relative_to(folder.resolve()) for file in closed.request.files.values())
    return folder.with_name(f"report-{closed.report.day}") if inside else folder


def _as_json(closed: ClosedDay, page: Path, lang: str) -> dict[str, object]:
    report = closed.report
    return {
        "out": str(page.parent),
        "rows": len(report.fates),
        "ended": {end.value: n for end, n in report.counts.items()},
        "carried": report.carried,
        "learned": [
            {
                "name": each.name,
                "was": round(each.was, 3),
                "value": round(each.value, 3),
                "error": round(each.error, 3) if each.sure else None,
                "observations": each.observations,
                "offered": each.sure,
            }
            for each in closed.learned
        ],
        "findings": [
            {
                "code": each.code,
                "row": each.row_shown,
                "sheet": each.sheet,
                "message": each.message.into(lang),
            }
            for each in report.findings
        ],
    }
