"""`doorroute verify`: check a plan from its inputs, without code of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from doorroute.cli import options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command("verify", help=_("Check a plan again, from the files that it was made from."))
    @click.argument("plan_dir", type=options.FILE)
    @options.every_command(_)
    @click.pass_obj
    def verify(lang: str, /, plan_dir: Path, *, quiet: bool, as_json: bool) -> int:
        return run_verify(lang, plan_dir, quiet=quiet, as_json=as_json)

    return verify


def run_verify(lang: str, plan_dir: Path, *, quiet: bool, as_json: bool) -> int:
    """Check, print every violation, and return the exit code."""
    from doorroute.cli import console
    from doorroute.disk.places import cache_folder
    from doorroute.errors import ExitCode
    from doorroute.pipeline import VERIFY, verify_folder
    from doorroute.pipeline.saved_plan import changed_tables
    from doorroute.texts import msg

    tell = console.reporter(lang, quiet=quiet)
    with tell.stage(VERIFY):
        plan, violations = verify_folder(plan_dir, cache=cache_folder(), reporter=tell)
        warnings = changed_tables(plan_dir)
    if as_json:
        listed = [
            {"rule": each.rule, "team": each.team, "visit": each.visit, "message": each.message.into(lang)}
            for each in violations
        ]
        warned = [{"code": each.code, "message": each.message.into(lang)} for each in warnings]
        console.print_json(
            {"sound": not violations, "visits": plan.summary.visits, "violations": listed, "warnings": warned}
        )
    else:
        for table in warnings:
            console.results().print(
                f"{table.code}: {table.message.into(lang)}", style="yellow", soft_wrap=True
            )
            console.results().print(f"  → {table.advice.into(lang)}", soft_wrap=True)
        for each in violations:
            console.results().print(f"✗ {each.rule}: {each.message.into(lang)}", style="red")
        verdict = (
            msg("The plan breaks rules: {n} violations.", n=len(violations))
            if violations
            else msg("The plan keeps every rule: {visits} visits checked.", visits=plan.summary.visits)
        )
        console.results().print(verdict.into(lang), style="bold red" if violations else "bold green")
    return ExitCode.NO_SOUND_PLAN if violations else ExitCode.DONE
