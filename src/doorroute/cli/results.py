"""`doorroute results`: what the teams handed in, opened and listed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorroute.day import Logged
    from doorroute.maps.results_read import TeamResults
    from doorroute.model.finding import Finding


STATUSES = {
    "done": msg("done"),
    "nobody_home": msg("nobody home"),
    "refused": msg("refused"),
    "partly": msg("partly done"),
}


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("results", help=_("Open what the teams handed in: files, texts, or photos of their QR codes."))
    @click.argument("plan_dir", type=options.FILE)
    @click.argument("files", type=options.FILE, nargs=-1, required=True)
    @options.every_command(_)
    @click.pass_obj
    def results(lang: str, /, plan_dir: Path, files: tuple[Path, ...], *, quiet: bool, as_json: bool) -> None:
        del quiet  # there is no progress to tell
        run_results(lang, plan_dir, files, as_json=as_json)

    return results


def run_results(lang: str, plan_dir: Path, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read every file, in any order, the same one twice without harm; add what is new to the day's log; print the last word on each door."""
    from doorroute.cli import console
    from doorroute.day.typed import TABLES
    from doorroute.errors import BadInputError
    from doorroute.maps.results_read import read_results

    folder = plan_dir.parent if plan_dir.is_file() else plan_dir
    typed = [file for file in files if file.suffix.lower() in TABLES]
    pages = [file for file in files if file not in typed]
    teams, unread = read_results(pages, folder) if pages else ((), ())
    if not teams and not typed:
        first = unread[0]
        raise BadInputError(first.code, first.message, first.advice)
    logged, findings = _log(folder, teams, typed)
    if as_json:
        console.print_json(
            {
                "teams": [_team_to_json(team) for team in teams],
                "log": {"new": len(logged.new), "known": logged.known, "late": logged.late},
                "findings": [
                    {"code": each.code, "row": each.row, "message": each.message.into(lang)} for each in findings
                ],
                "unread": [
                    {"file": each.file, "code": each.code, "message": each.message.into(lang)} for each in unread
                ],
            }
        )
        return
    for team in teams:
        for phone in team.phones:
            marked = [door for door in phone.doors if door.status]
            counts = {"team": team.team, "done": len(marked), "doors": len(phone.doors)}
            line = (
                msg("{team}: {done} of {doors} doors marked", **counts)
                if team.current
                else msg("{team}, on an earlier page: {done} of {doors} doors marked", **counts)
            )
            console.results().print(line.into(lang), style="bold", soft_wrap=True)
            for door in marked:
                status = STATUSES[door.status.name.lower()].into(lang)
                clock = f"{door.minute // 60:02d}:{door.minute % 60:02d}"
                visit = team.visits[door.number - 1]
                console.results().print(
                    f"  {door.number:>3}  {visit}  {clock}  {status}  {door.note}".rstrip(), soft_wrap=True
                )
    for each in unread:
        console.results().print(f"{each.file}: {each.code} {each.message.into(lang)}", style="yellow", soft_wrap=True)
        console.results().print(f"  → {each.advice.into(lang)}", soft_wrap=True)
    counts = {"new": len(logged.new), "known": logged.known, "late": logged.late}
    text = msg("Added to the day's log: {new} results; known before: {known}; late: {late}.", **counts)
    console.results().print(text.into(lang), soft_wrap=True)
    for told in findings:
        console.results().print(f"{told.code}: {told.message.into(lang)}", style="yellow", soft_wrap=True)
        console.results().print(f"  → {told.advice.into(lang)}", soft_wrap=True)


def _log(folder: Path, handed_in: Sequence[TeamResults], typed: Sequence[Path]) -> tuple[Logged, tuple[Finding, ...]]:
    """Add all results to the log beside the plan; return what was new, and all that is odd about the day so far."""
    from doorroute.day import append, fold, read_log
    from doorroute.day.phones import phone_events
    from doorroute.day.typed import read_typed
    from doorroute.errors import BadInputError
    from doorroute.model.plan_json import plan_from_json
    from doorroute.workspace import read_plan

    try:
        plan = plan_from_json(read_plan(folder))
    except ValueError as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is not whole: {what}.", folder=str(folder), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error
    steps = [(route.team, step) for route in plan.routes for step in route.steps if step.visit is not None]
    doors = {step.visit: step.residents for _, step in steps if step.visit is not None}
    doors |= {left.visit: left.residents for left in plan.unassigned}
    teams = {step.visit: team for team, step in steps if step.visit is not None}
    tables = [read_typed(file, doors, day=plan.date, teams=teams) for file in typed]
    known, _ = read_log(folder)
    events = [event for table, _ in tables for event in table]
    events += phone_events(handed_in, doors, known, day=plan.date)
    logged = append(folder, events)
    held, broken = read_log(folder)
    odd = fold(held, doors, day=plan.date).findings
    return logged, (*(each for _, found in tables for each in found), *broken, *odd)


def _team_to_json(team: TeamResults) -> dict[str, object]:
    return {
        "team": team.team,
        "current": team.current,
        "phones": [
            {
                "device": phone.device,
                "revision": phone.revision,
                "doors": [
                    {
                        "number": door.number,
                        "visit": team.visits[door.number - 1],
                        "status": door.status.name.lower(),
                        "minute": door.minute,
                        "people": [each.name.lower() for each in door.people],
                        "note": door.note,
                    }
                    for door in phone.doors
                ],
            }
            for phone in team.phones
        ],
    }
