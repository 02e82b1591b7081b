"""`doorroute results`: what the teams handed in, opened and listed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.maps.results_read import TeamResults


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
    """Read every file, in any order, the same one twice without harm; print the last word on each door."""
    from doorroute.cli import console
    from doorroute.errors import BadInputError
    from doorroute.maps.results_read import read_results

    teams, unread = read_results(files, plan_dir)
    if not teams:
        first = unread[0]
        raise BadInputError(first.code, first.message, first.advice)
    if as_json:
        console.print_json(
            {
                "teams": [_team_to_json(team) for team in teams],
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
