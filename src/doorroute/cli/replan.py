"""`doorroute replan`: plan the rest of a day again, and print what changes for each team."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doorroute.cli import options
from doorroute.errors import BadInputError
from doorroute.texts import msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.day.silence import Silent
    from doorroute.model.finding import Finding
    from doorroute.pipeline.replan import Replanned, Wanted


@dataclass(frozen=True, kw_only=True)
class ReplanOptions(options.EveryCommand):
    """Options of `doorroute replan`."""

    plan_dir: Path
    now: str
    results: tuple[Path, ...]
    add: tuple[Path, ...]
    cancel: tuple[str, ...]
    drop_team: tuple[str, ...]
    silent: tuple[str, ...]
    add_team: tuple[str, ...]
    delay: tuple[str, ...]
    keep: int
    free: bool
    out: Path
    open_pages: bool
    time_limit: float
    iterations: int | None

    def wanted(self, now_s: int) -> Wanted:
        """Return what the dispatcher wants at `now_s`, in seconds after midnight."""
        from doorroute.pipeline.replan import Wanted

        return Wanted(
            now_s=now_s,
            keep=0 if self.free else self.keep,
            added=self.add,
            cancel=self.cancel,
            drop=self.drop_team,
            add_teams=tuple(map(_pair, self.add_team)),
            delays_s=tuple(map(_delay, self.delay)),
            silent=tuple(map(_silent, self.silent)),
            time_limit_s=self.time_limit,
            iterations=self.iterations,
        )


def command(_: Callable[[str], str]) -> click.Command:
    """Build the command with its help in the language of `_`."""

    @click.command(
        "replan", help=_("Plan the rest of the day again. What happened stays; few doors change their team.")
    )
    @click.argument("plan_dir", type=options.FILE)
    @click.option("--now", metavar="HH:MM", required=True, help=_("The time now."))
    @click.option(
        "--results", type=options.FILE, multiple=True, help=_("Results to read first; may be repeated.")
    )
    @click.option(
        "--add", type=options.FILE, multiple=True, help=_("A table of more residents; may be repeated.")
    )
    @click.option(
        "--cancel",
        multiple=True,
        metavar="R12|V7",
        help=_("A resident or visit to leave out; may be repeated."),
    )
    @click.option(
        "--drop-team", multiple=True, metavar="T3", help=_("A team that has left; may be repeated.")
    )
    @click.option(
        "--silent",
        multiple=True,
        metavar="T3=done-as-planned|nothing-done",
        help=_("What a dropped team has done, if it handed in nothing and cannot be asked; may be repeated."),
    )
    @click.option(
        "--add-team",
        multiple=True,
        metavar="T9[=T1]",
        help=_("A new team, copied from T1 (from the first team if none is given); may be repeated."),
    )
    @click.option(
        "--delay",
        multiple=True,
        metavar="T2=15",
        help=_("A team and how many minutes late it is; may be repeated."),
    )
    @click.option(
        "--keep",
        type=click.IntRange(min=0),
        default=2,
        show_default=True,
        help=_("How many stops after the next one stay with their team."),
    )
    @click.option("--free", is_flag=True, help=_("Free every stop except the one a team is heading for."))
    @click.option(
        "--out", type=options.OUT_FOLDER, required=True, help=_("The folder for the new plan and its maps.")
    )
    @options.unlocked(_)
    @options.how_long(_, 5.0)
    @options.every_command(_)
    @options.takes(ReplanOptions)
    def replan(lang: str, given: ReplanOptions) -> None:
        run_replan(lang, given)

    return replan


def run_replan(lang: str, given: ReplanOptions) -> None:
    """Read results, plan, write, and print what changes for each team."""
    from doorroute.cli import console
    from doorroute.day.plan_doors import hours_of
    from doorroute.disk.places import cache_folder
    from doorroute.intake.times import read_clock
    from doorroute.output.write import load
    from doorroute.pipeline.opening import held_in, planned_anew
    from doorroute.pipeline.plan_folder import FINDINGS, claimed_folder, plan_in
    from doorroute.pipeline.replan import refuse_same_folder, replan, write_replanned
    from doorroute.pipeline.results import take_results
    from doorroute.pipeline.saved_plan import home_of
    from doorroute.pipeline.stopped_search import kept_instead

    folder, out = given.plan_dir, given.out
    now = read_clock(given.now, hours_of(plan_in(home_of(folder))))
    wanted = given.wanted(now.time_s)
    refuse_same_folder(folder, out)
    held_in(out, plan_in(folder).date)
    taken = take_results(home_of(folder), given.results, now_s=wanted.now_s)
    tell = console.Watching(console.reporter(lang, quiet=given.quiet))
    with claimed_folder(out), console.nothing_written_on_interrupt(out, lang):
        with console.stop_on_interrupt(tell) as stop:
            made = replan(folder, wanted, cache=cache_folder(), reporter=tell, stop=stop, meanwhile=load)
        if stop.is_set():
            console.tell_stopped(kept_instead(made.planned, out), out, lang)
        write_replanned(made, folder, out, lang=lang, open_pages=given.open_pages, reporter=tell)
    anew = planned_anew(home_of(folder), _TWO_PLANS, but=out)
    heard = [each for each in taken.findings if each.code != "PLANNED_ANEW"]
    odd = (*([_doubted(now.time_s)] if now.doubted else []), *anew, *heard, *made.findings)
    if given.as_json:
        console.print_json(
            {
                "out": str(out),
                "summary": _summary(made),
                "changes": [
                    {"team": each.team, "changed": each.changed, "text": each.text.into(lang)}
                    for each in made.told
                ],
                "findings": [console.finding_to_json(each, lang) for each in (*odd, *made.added)],
                "unread": [
                    {"file": each.file, "code": each.code, "message": each.message.into(lang)}
                    for each in taken.unread
                ],
            }
        )
        return
    told = [(each.code, each.message, each.advice) for each in taken.unread]
    numbered = [each for each in made.added if each.code == "ADDED_ROWS"]
    for code, message, advice in (
        *told,
        *((each.code, each.message, each.advice) for each in (*odd, *numbered)),
    ):
        console.results().print(f"{code}: {message.into(lang)}", style="yellow", soft_wrap=True)
        console.results().print(f"  → {advice.into(lang)}", soft_wrap=True)
    console.print_plan(made.planned.plan, lang)
    console.print_datums(made.planned.findings, lang)
    others = msg("All of them, and what to do: {where}", where=str(out / FINDINGS))
    doubts = [
        each for each in made.planned.in_doubt if each in made.added
    ]  # the previous plan reported the others
    console.print_in_doubt(doubts, others, lang, planned=True)
    _print_price(made, lang)
    for line in made.told:
        console.results().print(line.text.into(lang), style="bold" if line.changed else "", soft_wrap=True)
    console.print_sum(made.planned.plan, lang)
    hint = msg("To read out to the teams: {file}", file=str(out / f"changes-{lang}.txt"))
    console.results().print(hint.into(lang), style="bold green", soft_wrap=True)


_TWO_PLANS = msg(
    "That plan's additions, cancellations and results are not in this one. If teams have the pages of that "
    "folder, replan from there."
)


def _doubted(now_s: int) -> Finding:
    from doorroute.model.clock import clock
    from doorroute.model.finding import warning

    return warning(
        "NOW_DOUBTED",
        msg("--now is taken as {time}, because teams are out then.", time=clock(now_s)),
        msg("If that is wrong, write the time with hours from 0 to 24."),
    )


def _pair(text: str) -> tuple[str, str | None]:
    name, equals, like = (part.strip() for part in text.partition("="))
    if not name or (equals and not like):
        raise BadInputError(
            "TEAM_WRONG",
            msg("--add-team {text} does not name a team.", text=text),
            msg("Write it like this: --add-team T9=T1"),
        )
    return name, like or None


def _delay(text: str) -> tuple[str, int]:
    name, _, minutes = (part.strip() for part in text.partition("="))
    from doorroute.intake import numbers

    try:
        late_s = numbers.exact(numbers.minutes_s(minutes)) if name else -1
    except ValueError:
        late_s = -1
    if late_s < 0:
        raise BadInputError(
            "DELAY_WRONG",
            msg("--delay {text} does not give a team and minutes.", text=text),
            msg("Write it like this: --delay T2=15"),
        )
    return name, late_s


def _silent(text: str) -> tuple[str, Silent]:
    from doorroute.day.silence import Silent

    name, _, what = (part.strip() for part in text.partition("="))
    if not name or what not in set(Silent):
        raise BadInputError(
            "SILENT_WRONG",
            msg("--silent {text} does not say what a team has done.", text=text),
            msg("Write it like this: --silent T3=done-as-planned, or --silent T3=nothing-done"),
        )
    return name, Silent(what)


def _summary(made: Replanned) -> dict[str, object]:
    summary, request = made.planned.plan.summary, made.planned.request
    return {
        "visits": summary.visits,
        "assigned": summary.assigned,
        "unassigned": summary.unassigned,
        "finish_s": summary.finish_s,
        "free_finish_s": made.free_finish_s,
        "remaining": made.remaining,
        "orphans": made.orphans,
        "moved": made.moved,
        "wishes_s": summary.wishes_s,
        "little_change_s": request.settings.wishes.little_change_s,
        "parent": made.planned.plan.parent,
    }


def _print_price(made: Replanned, lang: str) -> None:
    """Print how many visits change their team, and what it costs to keep them few."""
    from doorroute.cli import console
    from doorroute.model.clock import clock

    summary, weight = made.planned.plan.summary, made.planned.request.settings.wishes.little_change_s
    lines = [
        msg(
            "Of {remaining} visits left, {orphans} change their team because it is gone, and {moved} for "
            "another reason.",
            remaining=made.remaining,
            orphans=made.orphans,
            moved=made.moved,
        ),
        msg(
            "Last return {finish}; {free} if every visit could change its team (each change counts as "
            "{minutes} min of travel).",
            finish=clock(summary.finish_s),
            free=clock(min(made.free_finish_s, summary.finish_s)),
            minutes=weight // 60,
        ),
    ]
    for line in lines:
        console.results().print(line.into(lang), soft_wrap=True)
