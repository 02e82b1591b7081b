"""The rest of a day as a problem: past calls are history, the next stops stay, all else is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from doorroute.day.calls import Call, calls
from doorroute.day.events import Event
from doorroute.day.partial_visits import PartialVisits, ask_the_team
from doorroute.day.replan_request import ReplanRequest
from doorroute.day.routes import Routes
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan, StopLock, Unassigned
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import TeamId, VisitId, door_of
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key
from doorroute.texts import msg


@dataclass(frozen=True, kw_only=True)
class RestOfDay:
    """The rest of a day as a problem.

    `off` holds the visits that are deliberately on no route, `called` the doors where a team has been,
    `findings` what was assumed.
    """

    problem: Problem
    off: Mapping[VisitId, Unassigned]
    called: frozenset[VisitId]
    findings: tuple[Finding, ...]


def rest_of_day(day: Problem, before: Plan, events: Iterable[Event], request: ReplanRequest) -> RestOfDay:
    """Return what is left of `day` after `events`.

    A door is split (`V7~1`) if it had more than one call, or a call that left somebody open. Each part is
    history and has the residents who got their result then. The door's own visit is its last call if nobody
    is left behind it; otherwise it is still to come, with those who are left.

    Parameters
    ----------
    day : the problem of the whole day, as in the morning.
    before : the previous plan.
    events : all events so far (`calls.effective_events`).
    """
    planned = {door_of(visit): team for team, visit in _open_visits(before)}
    doors = {visit.id: visit.resident_ids for visit in day.visits}
    made = calls(events, doors, teams=[team.id for team in day.teams], planned=planned, now_s=request.now_s)
    made = tuple(call if _is_reachable(day, call) else replace(call, team=None) for call in made)
    parts = PartialVisits(day, made, request)
    problem = replace(
        day,
        visits=parts.visits,
        places=parts.places,
        travel={p: parts.widened(m) for p, m in day.travel.items()},
    )
    out = frozenset(team for team, _ in parts.history)
    teams = tuple(_gone(team) if team.id in request.dropped else team for team in day.teams)
    problem = replace(problem, teams=tuple(t for t in teams if t.id not in request.dropped or t.id in out))
    routes = Routes(problem, before, parts, request)
    alive = {team.id for team in problem.teams} - request.dropped.keys()
    last_try = {call.visit: call.team for call in made if call.team in alive}
    problem = replace(
        problem,
        locks=tuple(lock for team in problem.teams for lock in routes.locks(team)),
        before={
            visit: last_try.get(visit, planned[visit])
            for visit in parts.open
            if visit in planned and last_try.get(visit, planned[visit]) in alive
        },
    )
    return RestOfDay(
        problem=problem,
        off=parts.off,
        called=frozenset(call.visit for call in made if call.team is not None),
        findings=(*parts.findings, *routes.findings),
    )


def _is_reachable(day: Problem, call: Call) -> bool:
    """Return whether the team can reach the door and get home; if not, somebody else was there."""
    for team in day.teams:
        if team.id == call.team:
            travel, door = day.travel[team.profile], visit_key(call.visit)
            out, home = travel.seconds(depot_key(team.start), door), travel.seconds(door, depot_key(team.end))
            return max(out, home) < UNREACHABLE
    return False


def _open_visits(plan: Plan) -> Iterable[tuple[TeamId, VisitId]]:
    """Yield every visit that had not happened when the plan was made, with its team."""
    for route in plan.routes:
        for step in route.steps:
            if step.visit is not None and step.lock is not StopLock.DONE:
                yield route.team, step.visit


def _gone(team: Team) -> Team:
    """Return the team with no classes: it keeps its history, takes no more visits and goes home."""
    return replace(team, classes=frozenset())


def fixed_stop_counts(locks: Collection[Locks]) -> dict[tuple[TeamId, int], int]:
    """Return how many stops stay on each route, for `ReplanRequest.held`."""
    return {(lock.team, lock.shift): len(lock.order) for lock in locks if lock.order}


def released_stops(wanted: Collection[Locks], possible: Collection[Locks]) -> tuple[Finding, ...]:
    """Return a finding for each stop that should stay but cannot: its hours, or the shift, end too early."""
    fixed = {(lock.team, lock.shift): set(lock.order) for lock in possible}
    lost = chain.from_iterable(
        ((lock.team, visit) for visit in lock.order if visit not in fixed.get((lock.team, lock.shift), set()))
        for lock in wanted
    )
    return tuple(
        ask_the_team(
            "NOT_KEPT",
            msg(
                "{visit} cannot stay with team {team}: it would be too late.",
                visit=visit,
                team=team,
            ),
        )
        for team, visit in lost
    )
