"""The rest of a day that has begun, as a problem: what happened is history, where the teams are going now stays, everything else is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from doorroute.day.calls import Call, calls
from doorroute.day.events import Event
from doorroute.day.partial_visits import Parts, ask_the_team
from doorroute.day.replan_request import Ask
from doorroute.day.routes import Routes
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan, StopLock, Unassigned
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import TeamId, VisitId, door_of
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key
from doorroute.texts import msg


@dataclass(frozen=True, kw_only=True)
class Begun:
    """The day that has begun as a problem. `off` are those who are on no route by decision, `called` the doors at which a team has been, `findings` what was taken for granted."""

    problem: Problem
    off: Mapping[VisitId, Unassigned]
    called: frozenset[VisitId]
    findings: tuple[Finding, ...]


def begun(day: Problem, before: Plan, events: Iterable[Event], ask: Ask) -> Begun:
    """Put together what is left of `day`, of which nothing had happened, planned as `before`, after `events` (`calls.effective`).

    A door is in parts (`V7~1`) where more than one call, or none that saw to everybody, was made there: each part has the residents who were seen to then, and is history.
    The door's own visit is its last call where nobody is left behind it; else it is still to come, with those who are left.
    """
    planned = {door_of(visit): team for team, visit in _open_visits(before)}
    doors = {visit.id: visit.resident_ids for visit in day.visits}
    made = calls(events, doors, teams=[team.id for team in day.teams], planned=planned, now_s=ask.now_s)
    made = tuple(call if _can_be(day, call) else replace(call, team=None) for call in made)
    parts = Parts(day, made, ask)
    problem = replace(
        day,
        visits=parts.visits,
        places=parts.places,
        travel={p: parts.widened(m) for p, m in day.travel.items()},
    )
    out = frozenset(team for team, _ in parts.history)
    teams = tuple(_gone(team) if team.id in ask.dropped else team for team in day.teams)
    problem = replace(problem, teams=tuple(t for t in teams if t.id not in ask.dropped or t.id in out))
    routes = Routes(problem, before, parts, ask)
    alive = {team.id for team in problem.teams} - ask.dropped.keys()
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
    return Begun(
        problem=problem,
        off=parts.off,
        called=frozenset(call.visit for call in made if call.team is not None),
        findings=(*parts.findings, *routes.findings),
    )


def _can_be(day: Problem, call: Call) -> bool:
    """Say whether streets lead the team to the door and home: else whoever was there, it was not this team by its own means."""
    for team in day.teams:
        if team.id == call.team:
            travel, door = day.travel[team.profile], visit_key(call.visit)
            ways = (travel.seconds(depot_key(team.start), door), travel.seconds(door, depot_key(team.end)))
            return max(ways) < UNREACHABLE
    return False


def _open_visits(plan: Plan) -> Iterable[tuple[TeamId, VisitId]]:
    """Give every visit that had not happened when the plan was made, with its team."""
    for route in plan.routes:
        for step in route.steps:
            if step.visit is not None and step.lock is not StopLock.DONE:
                yield route.team, step.visit


def _gone(team: Team) -> Team:
    """Return the team as one that takes nobody any more: its history stays, and it comes home."""
    return replace(team, classes=frozenset())


def held(locks: Collection[Locks]) -> dict[tuple[TeamId, int], int]:
    """Return how many stops stay on each route, as `Ask.held` takes it."""
    return {(lock.team, lock.shift): len(lock.order) for lock in locks if lock.order}


def not_held(asked: Collection[Locks], kept: Collection[Locks]) -> tuple[Finding, ...]:
    """Tell which stops could not stay though they should: their hours, or the shift, are over by then."""
    kept_by = {(lock.team, lock.shift): set(lock.order) for lock in kept}
    lost = chain.from_iterable(
        (
            (lock.team, visit)
            for visit in lock.order
            if visit not in kept_by.get((lock.team, lock.shift), set())
        )
        for lock in asked
    )
    return tuple(
        ask_the_team(
            "NOT_KEPT",
            msg(
                "{visit} cannot stay where it was with team {team}: it would be too late.",
                visit=visit,
                team=team,
            ),
        )
        for team, visit in lost
    )
