"""`doorroute results`: read and list what the teams handed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.model.clock import DAY_S
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.handback.reading import TeamResults


STATUSES = {
    "done": msg("done"),
    "nobody_home": msg("nobody home"),
    "refused": msg("refused"),
    "partly": msg("partly done"),
}


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command(
        "results", help=_("Read what the teams handed in: files, texts, or photos of their QR codes.")
    )
    @click.argument("plan_dir", type=options.FILE)
    @click.argument("files", type=options.FILE, nargs=-1, required=True)
    @options.every_command(_)
    @click.pass_obj
    def results(lang: str, /, plan_dir: Path, files: tuple[Path, ...], *, quiet: bool, as_json: bool) -> None:
        del quiet  # there is no progress to show
        run_results(lang, plan_dir, files, as_json=as_json)

    return results


def run_results(lang: str, plan_dir: Path, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Read the files, add new results to the day's log, and print the latest result of each door.

    The order of the files does not matter, and a file may be given twice.
    """
    from doorroute.cli import console
    from doorroute.day.events import WORDS
    from doorroute.model.clock import clock
    from doorroute.pipeline.plan_folder import plan_in
    from doorroute.pipeline.results import take_results
    from doorroute.pipeline.saved_plan import home_of

    folder = home_of(plan_dir)
    taken = take_results(folder, files, now_s=now_on(plan_in(folder).date))
    teams, logged = taken.teams, taken.logged
    if as_json:
        console.print_json(
            {
                "teams": [_team_to_json(team) for team in teams],
                "log": {
                    "new": len(logged.new),
                    "known": logged.known,
                    "late": len(logged.late),
                    "late_results": [
                        {
                            "visit": late.visit,
                            "time_s": late.time_s,
                            "outcome": late.outcome.value,
                            "team": late.team,
                        }
                        for late in logged.late
                    ],
                },
                "findings": [
                    {"code": each.code, "row": each.row_shown, "message": each.message.into(lang)}
                    for each in taken.findings
                ],
                "unread": [
                    {"file": each.file, "code": each.code, "message": each.message.into(lang)}
                    for each in taken.unread
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
                visit, at = team.visits[door.number - 1], clock(60 * door.minute)
                console.results().print(
                    f"  {door.number:>3}  {visit}  {at}  {status}  {door.note}".rstrip(), soft_wrap=True
                )
    for each in taken.unread:
        console.results().print(
            f"{each.file}: {each.code} {each.message.into(lang)}", style="yellow", soft_wrap=True
        )
        console.results().print(f"  → {each.advice.into(lang)}", soft_wrap=True)
    counts = {"new": len(logged.new), "known": logged.known, "late": len(logged.late)}
    text = msg("Added to the day's log: {new} results. Known already: {known}. Late: {late}.", **counts)
    console.results().print(text.into(lang), soft_wrap=True)
    for event in logged.late:
        text = msg(
            "late: {visit} at {time}, {what} (before other results that were known; logged at its own time).",
            visit=event.visit,
            time=clock(event.time_s),
            what=WORDS[event.outcome],
        )
        console.results().print(f"  {text.into(lang)}", soft_wrap=True)
    for told in taken.findings:
        console.results().print(f"{told.code}: {told.message.into(lang)}", style="yellow", soft_wrap=True)
        console.results().print(f"  → {told.advice.into(lang)}", soft_wrap=True)


def now() -> datetime:
    """Return the local time, with its zone."""
    return datetime.now().astimezone()


def now_on(day: str) -> int | None:
    """Return the local time in seconds after midnight of `day`, None before it and after its night."""
    moment = now()
    for days in (0, 1):
        if (moment.date() - timedelta(days=days)).isoformat() == day:
            return days * DAY_S + moment.hour * 3600 + moment.minute * 60 + moment.second
    return None


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
