"""The wiring of `doorroute replan`: plan the rest of a day that has begun."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.day.events import doors_of
from doorroute.day.log import to_lines
from doorroute.day.replan_request import KEEP, ReplanRequest
from doorroute.day.rest_of_day import RestOfDay, fixed_stop_counts, released_stops, rest_of_day
from doorroute.day.silence import Assumed, Silent, assume_silent_teams
from doorroute.errors import BadInputError
from doorroute.model.clock import clock
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Plan, Step, StopLock
from doorroute.model.resident import ResidentId, TeamId, VisitId, door_of
from doorroute.pipeline.opening import events_of, record_in
from doorroute.pipeline.plan_folder import PLAN
from doorroute.pipeline.reading import must_have_read_the_same, tables_of
from doorroute.pipeline.request import Request, Rest
from doorroute.pipeline.saved_plan import home_of, must_be_unchanged, open_folder, write_folder
from doorroute.pipeline.stages import PLANNING, VERIFY, Reporter, Silence
from doorroute.pipeline.wiring import CheckedPlan, checked, prepare
from doorroute.texts import LANGUAGES, Text, msg

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorroute.day import Event
    from doorroute.day.change_messages import ChangeMessage
    from doorroute.day.route_changes import RouteChanges
    from doorroute.model.problem import Problem

LITTLE_CHANGE_S: Final = 900
"""The price of a visit that changes its team, in seconds of travel, if the settings have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the dispatcher wants at `now_s`, in seconds after midnight.

    `added` are lists of people, `cancel` ids of residents or visits, `drop` names of teams that have left.
    `add_teams` pairs a new team with the team that it copies (None: the first). `delays_s` has the delay of
    each team. `silent` says what dropped teams without results have done. `keep` is the number of stops
    after the next one that stay with their team.
    """

    now_s: int
    keep: int = KEEP
    added: tuple[Path, ...] = ()
    cancel: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    add_teams: tuple[tuple[str, str | None], ...] = ()
    delays_s: tuple[tuple[str, int], ...] = ()
    silent: tuple[tuple[str, Silent], ...] = ()
    time_limit_s: float = 5.0
    iterations: int | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Replanned:
    """A checked plan for the rest of the day, with the changes for each team.

    `log` is the day's log with the events that were assumed for silent teams. `findings` are about the day,
    `added` about rows of lists that the previous plan did not have. Of the `remaining` visits that had a
    team, `orphans` lost it because the team left, and `moved` changed it for another reason.
    `free_finish_s` is the last return without the wish for little change.
    """

    planned: CheckedPlan
    before: Plan
    changes: Mapping[tuple[TeamId, int], RouteChanges]
    told: tuple[ChangeMessage, ...]
    findings: tuple[Finding, ...]
    remaining: int
    orphans: int
    moved: int
    free_finish_s: int
    log: tuple[Event, ...] = ()
    added: tuple[Finding, ...] = ()


def replan(
    folder: Path,
    wanted: Wanted,
    *,
    cache: Path | None,
    reporter: Reporter | None = None,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Replanned:
    """Plan the rest of the day of the plan in `folder`. The folder is not changed.

    Raises
    ------
    BadInputError
        There is no complete plan, an input has changed, or `wanted` names something unknown.
    NoSoundPlanError
        The checker found a broken rule.
    """
    tell = reporter or Silence()
    before, request = open_folder(folder, cache=cache)
    must_be_unchanged(before, folder)
    logged, broken = events_of(home_of(folder), before)
    request, rest = _asked(request, wanted, (home_of(folder) / PLAN).read_bytes())
    taken = _taken(rest.ask, before, logged, wanted)
    logged = (*logged, *taken.events)
    request = replace(request, record=record_in(home_of(folder)))
    ready = prepare(replace(request, rest=None), tell)
    must_have_read_the_same(before, ready.tables)
    request, rest = _with_history(request, rest, ready.day, logged, wanted)
    first = rest_of_day(ready.day, before, rest.events, rest.ask)
    with tell.stage(PLANNING):
        from doorroute.planning.replan import locks_that_can_be_kept, solve_rest

        if meanwhile is not None:
            threading.Thread(target=meanwhile, daemon=True).start()
        kept = locks_that_can_be_kept(first.problem)
        rest = replace(rest, ask=replace(rest.ask, held=fixed_stop_counts(kept)))
        request = replace(request, rest=rest)
        remaining = rest_of_day(ready.day, before, rest.events, rest.ask)
        problem = remaining.problem
        old = {(route.team, route.shift): route.visits for route in before.routes}
        again = solve_rest(
            problem,
            old,
            goals=request.goals,
            time_limit_s=request.time_limit_s,
            iterations=request.iterations,
            seed=request.seed,
            progress=tell.best,
            stop=stop,
        )
    off = remaining.off
    unassigned = tuple(off.get(left.visit, left) for left in again.solution.unassigned)
    with tell.stage(VERIFY):
        parent = sha256(rest.parent).hexdigest()
        solution = replace(again.solution, unassigned=unassigned)
        planned = checked(request, replace(ready, problem=problem), problem, solution, parent)
    findings = (
        *broken,
        *taken.findings,
        *_hours(ready.day, wanted),
        *first.findings,
        *released_stops(first.problem.locks, kept),
    )
    made = _told(
        replace(planned, findings=(*planned.findings, *findings)),
        before,
        remaining,
        rest.ask,
        findings,
        again.free_finish_s,
    )
    new = {
        line
        for name, lines in ready.tables.lines.items()
        if name not in dict(before.inputs)
        for line in lines
    }
    about_new = (
        each
        for each in ready.findings
        if each.table == "residents" and (each.row in new or each.code == "ADDED_ROWS")
    )
    return replace(made, added=tuple(about_new), log=logged)


def write_replanned(
    made: Replanned,
    folder: Path,
    out: Path,
    *,
    lang: str,
    open_pages: bool = False,
    reporter: Reporter | None = None,
) -> Path:
    """Write the new plan and the day's log to `out`: both or none.

    Raises
    ------
    BadInputError
        `out` is the folder of the previous plan, or holds another day that is open.
    OutsideError
        The folder or the log cannot be written.
    """
    refuse_same_folder(folder, out)
    texts = {f"changes-{each}.txt": changes_text(made, each) for each in LANGUAGES}
    return write_folder(
        made.planned,
        out,
        lang=lang,
        open_pages=open_pages,
        reporter=reporter,
        changes=made.changes,
        earlier=home_of(folder),
        texts=texts,
        log=_newest(made, folder),
    )


def _newest(made: Replanned, folder: Path) -> tuple[Event, ...]:
    """Return the log of the new plan: the old one, assumed events, and events that came in meanwhile."""
    now, _ = events_of(home_of(folder), made.before)
    return tuple({event.id: event for event in (*made.log, *now)}.values())


def _taken(ask: ReplanRequest, before: Plan, logged: Sequence[Event], wanted: Wanted) -> Assumed:
    """Return what to assume of dropped teams that handed in nothing."""
    from doorroute.day.calls import effective_events

    gone = [team for team, since_s in ask.dropped.items() if since_s == wanted.now_s]
    gone = [team for team in gone if _key(team) in {_key(name) for name in wanted.drop}]
    said: dict[TeamId, Silent] = {}
    for name, what in wanted.silent:
        team = next((team for team in gone if _key(team) == _key(name)), None)
        if team is None or said.get(team, what) is not what:
            raise BadInputError(
                "SILENT_WRONG",
                msg("--silent {team}: this team is not dropped, or --silent names it twice.", team=name),
                msg("Give --silent once for each team that --drop-team names."),
            )
        said[team] = what
    doors = doors_of(before)
    events = effective_events(logged, doors, day=before.date)
    return assume_silent_teams(before, events, doors, gone=gone, said=said, now_s=wanted.now_s)


def refuse_same_folder(folder: Path, out: Path) -> None:
    """Raise BadInputError if the new plan would replace the one that it is made from."""
    if out.resolve() == home_of(folder).resolve():
        raise BadInputError(
            "OUT_IS_THE_PLAN",
            msg("--out is the folder of the current plan, which must stay unchanged."),
            msg("Choose another folder, for example with the time in its name."),
        )


def changes_text(made: Replanned, lang: str) -> str:
    """Return the changes as text: a line for each team, and who is on no route."""
    rest = made.planned.request.rest
    title = msg(
        "Changes of {time}, {date}", time=clock(rest.ask.now_s if rest else 0), date=made.planned.plan.date
    )
    lines = [title, *(each.text for each in made.told)]
    lines += [
        msg("{visit} is on no route: {why}", visit=left.visit, why=left.detail)
        for left in made.planned.plan.unassigned
    ]
    return "\n".join(line.into(lang) for line in lines) + "\n"


def _asked(request: Request, wanted: Wanted, parent: bytes) -> tuple[Request, Rest]:
    """Return the previous request with the dispatcher's wishes applied, after checking them against it."""
    earlier = request.rest.ask if request.rest else ReplanRequest(now_s=0)
    if wanted.now_s < earlier.now_s:
        raise BadInputError(
            "NOW_TOO_EARLY",
            msg("The plan was made at {time}; --now is before that.", time=clock(earlier.now_s)),
            msg("Give the current time, or the folder of the previous plan."),
        )
    teams = [team.id for team in tables_of(request).teams.teams]
    gone = dict(earlier.dropped)
    for name in wanted.drop:
        team = _team(name, teams)
        if team in gone:
            raise BadInputError(
                "TEAM_GONE",
                msg("Team {team} was already dropped.", team=team),
                msg("Name each team once."),
            )
        gone[team] = wanted.now_s
    more = list(request.more_teams)
    for name, like in wanted.add_teams:
        if any(_key(name) == _key(team) for team in (*teams, *(team for team, _ in more))):
            raise BadInputError(
                "TEAM_KNOWN",
                msg("There is already a team {team}.", team=name),
                msg("Give the new team another name."),
            )
        model = (
            _team(like, teams) if like is not None else next((t for t in teams if t not in gone), teams[0])
        )
        models = dict(more)
        more.append((TeamId(name), models.get(model, model)))
    everybody = [*teams, *(team for team, _ in more if team not in teams)]
    if gone.keys() >= set(everybody):
        raise BadInputError(
            "NO_TEAMS_LEFT", msg("No team is left."), msg("Add one with --add-team, or drop fewer.")
        )
    delays = {_team(name, everybody): late for name, late in wanted.delays_s}
    for team in gone.keys() & delays.keys():
        raise BadInputError(
            "TEAM_GONE", msg("Team {team} was already dropped.", team=team), msg("Name each team once.")
        )
    wishes = request.settings.wishes
    wishes = replace(wishes, little_change_s=wishes.little_change_s or LITTLE_CHANGE_S)
    ask = ReplanRequest(
        now_s=wanted.now_s,
        keep=wanted.keep,
        cancelled=earlier.cancelled,
        dropped=gone,
        delays_s=delays,
    )
    changed = replace(
        request,
        added=(*request.added, *wanted.added),
        more_teams=tuple(more),
        settings=replace(request.settings, wishes=wishes),
        time_limit_s=wanted.time_limit_s,
        iterations=wanted.iterations,
        seed=request.seed if wanted.seed is None else wanted.seed,
    )
    return changed, Rest(parent=parent, history=b"", ask=ask)


def _with_history(
    request: Request, rest: Rest, day: Problem, logged: Iterable[Event], wanted: Wanted
) -> tuple[Request, Rest]:
    """Return the request with the events that concern the day's doors, and with the cancelled residents."""
    from doorroute.day.calls import effective_events

    doors = {visit.id: visit.resident_ids for visit in day.visits}
    events = effective_events(logged, doors, day=request.date)
    cancelled = frozenset(resident for name in wanted.cancel for resident in _cancelled(name, doors))
    ask = replace(rest.ask, cancelled=rest.ask.cancelled | cancelled)
    rest = replace(rest, history=to_lines(events), ask=ask)
    return replace(request, rest=rest), rest


def _cancelled(name: str, doors: Mapping[VisitId, Sequence[ResidentId]]) -> Sequence[ResidentId]:
    for visit, residents in doors.items():
        if _key(visit) == _key(name):
            return residents
        for resident in residents:
            if _key(resident) == _key(name):
                return (resident,)
    raise BadInputError(
        "UNKNOWN_VISIT",
        msg("The plan has no visit or resident {name} to cancel.", name=name),
        msg("Use a number of the plan, such as V7 or R12."),
    )


def _team(name: str, teams: Sequence[TeamId]) -> TeamId:
    for team in teams:
        if _key(team) == _key(name):
            return team
    raise BadInputError(
        "UNKNOWN_TEAM",
        msg("There is no team {team}.", team=name),
        msg("The teams are: {teams}.", teams=", ".join(teams)),
    )


def _key(name: str) -> str:
    return "".join(name.casefold().split())


def _hours(day: Problem, wanted: Wanted) -> tuple[Finding, ...]:
    """Return a warning if the time is before or after all shifts."""
    begin = min(shift.start_s for team in day.teams for shift in team.shifts)
    end = max(shift.end_s for team in day.teams for shift in team.shifts)
    if begin <= wanted.now_s <= end:
        return ()
    text: Text = (
        msg("It is {now}, before the first shift at {time}.", now=clock(wanted.now_s), time=clock(begin))
        if wanted.now_s < begin
        else msg(
            "It is {now}, after the last shift, which ends at {time}.",
            now=clock(wanted.now_s),
            time=clock(end),
        )
    )
    return (
        warning(
            code="OUTSIDE_SHIFTS",
            table="results",
            message=text,
            advice=msg("If this is a mistake, give the current time with --now."),
        ),
    )


def _told(
    planned: CheckedPlan,
    before: Plan,
    rest: RestOfDay,
    ask: ReplanRequest,
    findings: tuple[Finding, ...],
    free_finish_s: int,
) -> Replanned:
    """Compare the plans: changes for the pages, messages for the teams, and counts."""
    from doorroute.day.change_messages import change_messages
    from doorroute.day.route_changes import changes_between

    ahead = _with_steps(planned.plan, lambda step: step.lock is not StopLock.DONE)
    page = _with_steps(before, lambda step: step.visit is None or bool(step.residents))
    open_now = {visit for route in ahead.routes for visit in route.visits}
    seen = {
        step.visit
        for route in page.routes
        for step in route.steps
        if step.visit and step.lock is StopLock.DONE
    }
    over = (
        frozenset(v for route in page.routes for v in route.visits if v in seen or door_of(v) in rest.called)
        - open_now
    )
    addresses = {visit.id: visit.address for visit in planned.problem.visits}
    changes = changes_between(page, ahead, addresses=addresses, done=over)
    was = {visit: route.team for route in page.routes for visit in route.visits if visit not in seen}
    now = {visit: route.team for route in ahead.routes for visit in route.visits if visit in was}
    others = [visit for visit, team in now.items() if team != was[visit]]
    orphans = sum(was[visit] in ask.dropped for visit in others)
    tries = Counter(_tries(planned.plan)) - Counter(_tries(before))
    return Replanned(
        planned=planned,
        before=before,
        changes=changes,
        told=change_messages(
            before,
            planned.plan,
            changes,
            revisited=open_now & tries.keys(),
            dropped={team: since == ask.now_s for team, since in ask.dropped.items()},
            now_s=ask.now_s,
        ),
        findings=findings,
        remaining=len(now),
        orphans=orphans,
        moved=len(others) - orphans,
        free_finish_s=free_finish_s,
    )


def _tries(plan: Plan) -> Iterable[VisitId]:
    """Yield the door of each call that has happened."""
    for route in plan.routes:
        for step in route.steps:
            if step.visit is not None and step.lock is StopLock.DONE:
                yield door_of(step.visit)


def _with_steps(plan: Plan, wanted: Callable[[Step], bool]) -> Plan:
    """Return the plan with only the `wanted` steps in its routes."""
    return replace(
        plan, routes=tuple(replace(route, steps=tuple(filter(wanted, route.steps))) for route in plan.routes)
    )
