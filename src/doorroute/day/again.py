"""The rest of a day that has begun, as a problem: what happened is history, where the teams are going now stays, everything else is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

import numpy as np

from doorroute.day.calls import Call, calls
from doorroute.day.events import WORDS, Event, Outcome
from doorroute.intake import visit_of
from doorroute.model.clock import DAY_S, clock
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Lock, Plan, Reason, Route, Step, StepType, Unassigned
from doorroute.model.problem import Done, Locks, Problem
from doorroute.model.resident import PART, InfectionClass, Resident, ResidentId, TeamId, Visit, VisitId, Window, door_of
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE, StopKey, TravelMatrix, depot_key, visit_key
from doorroute.texts import Text, msg

AGAIN_S: Final = 30 * 60
"""Where nobody was at home the next try is no sooner than this, if the door's hours leave that much."""

KEEP: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a new plan for the rest of a day is asked for, at `now_s`.

    `keep`: how many stops behind the one that a team is going to stay; `cancelled` are residents not to be visited any more, `dropped` teams that are gone and since when, `delays_s` how much
    later than reckoned a team is free. `held` is how many of the stops that should stay could be kept, by team and shift; None: all.
    """

    now_s: int
    keep: int = KEEP
    cancelled: frozenset[ResidentId] = frozenset()
    dropped: Mapping[TeamId, int] = field(default_factory=dict)
    delays_s: Mapping[TeamId, int] = field(default_factory=dict)
    held: Mapping[tuple[TeamId, int], int] | None = None


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
    parts = _Parts(day, made, ask)
    problem = replace(
        day, visits=parts.visits, places=parts.places, travel={p: parts.widened(m) for p, m in day.travel.items()}
    )
    out = frozenset(team for team, _ in parts.history)
    teams = tuple(_gone(team) if team.id in ask.dropped else team for team in day.teams)
    problem = replace(problem, teams=tuple(t for t in teams if t.id not in ask.dropped or t.id in out))
    routes = _Routes(problem, before, parts, ask)
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
            if step.visit is not None and step.lock is not Lock.DONE:
                yield route.team, step.visit


def _gone(team: Team) -> Team:
    """Return the team as one that takes nobody any more: its history stays, and it comes home."""
    return replace(team, classes=frozenset())


class _Parts:
    """The visits, with every door in as many parts as there were calls.

    open : visits that are to be planned. history : the calls of each team and shift by time, with the visit that each is now. off : who is on no route by decision.
    """

    def __init__(self, day: Problem, made: Sequence[Call], ask: Ask) -> None:
        self.day, self.ask = day, ask
        self.open: dict[VisitId, Visit] = {}
        self.history: dict[tuple[TeamId, int], list[tuple[Call, VisitId]]] = {}
        self.off: dict[VisitId, Unassigned] = {}
        self.findings: list[Finding] = []
        self._own: list[Visit] = []
        self._more: list[Visit] = []
        by_door: dict[VisitId, list[Call]] = {}
        for call in made:
            by_door.setdefault(call.visit, []).append(call)
        for visit in day.visits:
            self._split(visit, by_door.get(visit.id, []))
        for all_calls in self.history.values():
            all_calls.sort(key=lambda entry: (entry[0].time_s, entry[1]))
        self.visits = (*self._own, *self._more)
        self.places = {visit.id: day.places[door_of(visit.id)] for visit in self.visits}

    def _split(self, visit: Visit, at_door: Sequence[Call]) -> None:
        ours = [call for call in at_door if call.team is not None]
        fates = {resident: call for call in at_door for resident in call.fates}
        strangers = [r for r in visit.residents if r.id in fates and fates[r.id].team is None]
        cancelled = [r for r in visit.residents if r.id in self.ask.cancelled and r.id not in fates]
        left = [r for r in visit.residents if r.id not in fates and r.id not in self.ask.cancelled]
        self._tell_cancelled(visit, fates)
        final = [call for call in ours if call.fates]
        own = None if left or not final else final[-1]
        off = [*strangers, *cancelled]
        number = 0
        for call in ours:
            name = visit.id
            if call is not own:
                number += 1
                name = VisitId(f"{visit.id}{PART}{number}")
            seen = [r for r in visit.residents if fates.get(r.id) is call]
            part = self._seen(visit, name, seen, call)
            (self._own if call is own else self._more).append(part)
            shift = self._shift_of(call)
            self.history.setdefault((call.team, shift), []).append((call, name))  # type: ignore[arg-type]  # ours have a team
        if left:
            again = self._left(visit, left, [call for call in ours if call.time_s <= self.ask.now_s])
            self._own.append(again)
            self.open[again.id] = again
        if off:
            name = visit.id if not left and own is None else VisitId(f"{visit.id}{PART}{number + 1}")
            nobody = replace(self._part(visit, name, off), only_teams=frozenset())
            if strangers:
                text = msg(
                    "{visit} was seen to at {time} by no team of the plan: it is on no route.",
                    visit=visit.id,
                    time=clock(fates[strangers[0].id].time_s),
                )
                self.findings.append(_told("NO_SUCH_TEAM", text))
            (self._own if name == visit.id else self._more).append(nobody)
            self.off[name] = _off(nobody, fates[strangers[0].id] if strangers else None)

    def _seen(self, visit: Visit, name: VisitId, seen: Sequence[Resident], call: Call) -> Visit:
        """Return what a call was: goods are used up by those who were sampled, suits by all who were met."""
        if not seen:
            return replace(
                visit,
                id=name,
                residents=(),
                service_s=self.day.settings.service.door_s,
                kits=0,
                suits=0,
                tubes=0,
                infection_class=InfectionClass.REGULAR,  # nobody was met
            )
        sampled = [r for r in seen if call.fates[r.id] is Outcome.DONE]
        part = self._part(visit, name, seen)
        return replace(part, kits=sum(r.kits for r in sampled), tubes=sum(r.tubes for r in sampled))

    def _part(self, visit: Visit, name: VisitId, residents: Sequence[Resident]) -> Visit:
        whole = len(residents) == len(visit.residents)
        return replace(visit, id=name) if whole else visit_of(name, residents, self.day.settings)

    def _left(self, visit: Visit, left: Sequence[Resident], tries: Sequence[Call]) -> Visit:
        again = self._part(visit, visit.id, left)
        if not tries:
            return again
        least = tries[-1].time_s + AGAIN_S
        windows = again.time_windows or (Window(0, DAY_S),)
        later = tuple(Window(max(w.start_s, least), w.end_s) for w in windows if w.end_s >= least)
        return replace(again, time_windows=later or again.time_windows)

    def _shift_of(self, call: Call) -> int:
        team = next(team for team in self.day.teams if team.id == call.team)
        begun_by_then = [number for number, shift in enumerate(team.shifts) if shift.start_s <= call.time_s]
        return max(begun_by_then, default=0)

    def _tell_cancelled(self, visit: Visit, fates: Mapping[ResidentId, Call]) -> None:
        for resident in visit.residents:
            if resident.id in self.ask.cancelled and resident.id in fates:
                text = msg(
                    "{resident} is not cancelled: {what} at {time} already.",
                    resident=resident.id,
                    what=WORDS[fates[resident.id].fates[resident.id]],
                    time=clock(fates[resident.id].time_s),
                )
                self.findings.append(_told("CANCELLED_LATE", text))

    def widened(self, matrix: TravelMatrix) -> TravelMatrix:
        """Return the matrix with a row and a column for each part: those of its door."""
        stops = (*matrix.stops, *(visit_key(v.id) for v in self._more if visit_key(v.id) not in matrix.index))
        at = np.array([matrix.index[_door_key(stop)] for stop in stops], dtype=np.intp)
        return TravelMatrix(
            profile=matrix.profile,
            stops=stops,
            duration_s=np.ascontiguousarray(matrix.duration_s[np.ix_(at, at)]),
            distance_m=np.ascontiguousarray(matrix.distance_m[np.ix_(at, at)]),
        )


def _door_key(stop: StopKey) -> StopKey:
    kind, _, name = stop.partition(":")
    return visit_key(door_of(VisitId(name))) if kind == "visit" else stop


def _off(visit: Visit, seen_to: Call | None) -> Unassigned:
    detail = (
        msg("Seen to at {time}, on no team's route.", time=clock(seen_to.time_s))
        if seen_to
        else msg("Cancelled by the dispatcher.")
    )
    remedy = msg("Type a later line with the team's name.") if seen_to else msg("Nothing to do.")
    return Unassigned(
        visit=visit.id, residents=visit.resident_ids, code=Reason.LOCKED, ever=False, detail=detail, remedy=remedy
    )


class _Routes:
    """What has happened of each route and what of it stays."""

    def __init__(self, problem: Problem, before: Plan, parts: _Parts, ask: Ask) -> None:
        self.problem, self.parts, self.ask = problem, parts, ask
        self.routes = {(route.team, route.shift): route for route in before.routes}
        self.visits = {visit.id: visit for visit in problem.visits}
        self.taken: set[VisitId] = set()
        self.findings: list[Finding] = []

    def locks(self, team: Team) -> Iterable[Locks]:
        """Give what is known of each shift of the team."""
        for shift in range(len(team.shifts)):
            yield self._locks(team, shift)

    def _locks(self, team: Team, shift: int) -> Locks:
        ask, route = self.ask, self.routes.get((team.id, shift))
        history = self.parts.history.get((team.id, shift), [])
        begins_s = route.start_s if route else team.shifts[shift].start_s
        gone = team.id in ask.dropped
        if not history and (route is None or gone or begins_s > ask.now_s):
            free_s = max(ask.now_s, team.shifts[shift].start_s) + ask.delays_s.get(team.id, 0)
            return Locks(team=team.id, shift=shift, free_s=free_s)
        rest = self._rest(route, history)
        left_s, done = self._done(team, route, history, begins_s)
        free_s = (done[-1].departure_s if done else left_s) + ask.delays_s.get(team.id, 0)
        order, overdue = ((), ()) if gone else self._going_to(team, done, rest, free_s)
        self._tell(team, history, overdue, self._passed_over(route, rest, history), gone=gone)
        if ask.held is not None:
            order = order[: ask.held.get((team.id, shift), 0)]
        if not order:  # what comes next begins no sooner than it is thought of
            free_s = max(free_s, ask.dropped.get(team.id, ask.now_s))
        self.taken.update(order)
        return Locks(team=team.id, shift=shift, left_s=left_s, done=done, order=order, free_s=free_s)

    def _rest(self, route: Route | None, history: Sequence[tuple[Call, VisitId]]) -> Sequence[Step]:
        """Return the steps of the route behind the last one that the team has been at since the plan was made."""
        steps = [step for step in route.steps if step.lock is not Lock.DONE][1:-1] if route else []
        since = max((step.departure_s for step in route.steps if step.lock is Lock.DONE), default=-1) if route else -1
        been = {call.visit for call, _ in history if call.time_s > since}
        last = max((place for place, step in enumerate(steps) if step.visit in been), default=-1)
        return steps[last + 1 :]

    def _passed_over(
        self, route: Route | None, rest: Sequence[Step], history: Sequence[tuple[Call, VisitId]]
    ) -> list[VisitId]:
        """Return the open doors of the route that the team went past without a word."""
        been = {call.visit for call, _ in history}
        ahead = {step.visit for step in rest}
        passed = [step.visit for step in route.steps if step.visit is not None] if route else []
        return [visit for visit in passed if visit in self.parts.open and visit not in ahead and visit not in been]

    def _done(
        self, team: Team, route: Route | None, history: Sequence[tuple[Call, VisitId]], begins_s: int
    ) -> tuple[int, tuple[Done, ...]]:
        """Return when the team left, and its stops: a mark is made when one is ready to leave; the way and the service before it are as planned, where there was time."""
        setup = {step.visit: step.setup_s for step in route.steps if step.visit is not None} if route else {}
        here, free_s = depot_key(team.start), begins_s
        done: list[Done] = []
        left_s = begins_s
        for place, (call, name) in enumerate(history):
            if route is not None and place:
                done += self._reload(team, route, history[place - 1][0], call)
                if done[-1].visit is None:
                    here, free_s = depot_key(team.reload_at), done[-1].departure_s
            way_s = self.problem.travel[team.profile].seconds(here, visit_key(name))
            way_s = 0 if way_s >= UNREACHABLE else way_s
            if not place:
                left_s = free_s = max(0, min(begins_s, call.time_s - way_s))
            soonest = min(free_s + way_s, call.time_s)
            begin = max(soonest, call.time_s - self.visits[name].service_s)
            arrival = max(soonest, begin - setup.get(call.visit, 0))
            done.append(Done(visit=name, arrival_s=arrival, start_service_s=begin, departure_s=call.time_s))
            here, free_s = visit_key(name), call.time_s
        return left_s, tuple(done)

    def _reload(self, team: Team, route: Route, last: Call, call: Call) -> Iterable[Done]:
        """Give the reload that the route has between two doors: who is past it has been there."""
        at = {door_of(step.visit): place for place, step in enumerate(route.steps) if step.visit is not None}
        if not (last.visit in at and call.visit in at and at[last.visit] < at[call.visit]):
            return
        between = route.steps[at[last.visit] : at[call.visit]]
        if any(step.type is StepType.RELOAD for step in between):
            way_s = self.problem.travel[team.profile].seconds(visit_key(last.visit), depot_key(team.reload_at))
            arrival = min(last.time_s + (0 if way_s >= UNREACHABLE else way_s), call.time_s)
            over = min(arrival + self.problem.settings.service.reload_s, call.time_s)
            yield Done(visit=None, arrival_s=arrival, start_service_s=arrival, departure_s=over)

    def _going_to(
        self, team: Team, done: Sequence[Done], rest: Sequence[Step], free_s: int
    ) -> tuple[tuple[VisitId, ...], tuple[VisitId, ...]]:
        """Return the stops that stay, in order, and those among them that should be over by now.

        From when the team was free last, it is taken to go on as planned: what it should have done since is still its own, for nobody shall knock twice at one door. Then comes
        the stop that it is going to or standing at, and those kept behind it.
        """
        travel = self.problem.travel[team.profile]
        here = depot_key(team.start)
        if done:
            here = depot_key(team.reload_at) if done[-1].visit is None else visit_key(done[-1].visit)
        order: list[VisitId] = []
        overdue = 0
        for step in rest:
            if step.type is StepType.BREAK:
                free_s = max(free_s, step.start_service_s) + step.service_s
            if step.type is StepType.RELOAD:
                way_s = travel.seconds(here, depot_key(team.reload_at))
                free_s += (0 if way_s >= UNREACHABLE else way_s) + step.service_s
                here = depot_key(team.reload_at)
            if step.visit is None or step.visit not in self.parts.open or step.visit in self.taken:
                continue
            if len(order) - overdue > self.ask.keep:
                break
            visit = self.parts.open[step.visit]
            way_s = travel.seconds(here, visit_key(visit.id))
            begin = free_s + (0 if way_s >= UNREACHABLE else way_s) + step.setup_s
            opens = [window.start_s for window in visit.time_windows if window.end_s >= begin]
            free_s = max(begin, min(opens, default=0)) + visit.service_s
            here = visit_key(visit.id)
            order.append(visit.id)
            overdue += free_s <= self.ask.now_s and overdue == len(order) - 1
        return tuple(order), tuple(order[:overdue])

    def _tell(
        self,
        team: Team,
        history: Sequence[tuple[Call, VisitId]],
        overdue: Sequence[VisitId],
        passed: Sequence[VisitId],
        *,
        gone: bool,
    ) -> None:
        names = ", ".join(overdue)
        if not history:
            text = msg("Team {team} has handed in no results: it is taken to be on plan.", team=team.id)
            self.findings.append(_told("SILENT_TEAM", text))
        elif overdue:
            text = msg(
                "Team {team}: nothing heard since {time}; {visits} should be over by now and stay with the team.",
                team=team.id,
                time=clock(history[-1][0].time_s),
                visits=names,
            )
            self.findings.append(_told("SILENT_SINCE", text))
        if passed and not gone:
            text = msg(
                "Team {team} went past {visits} without a word: planned again.", team=team.id, visits=", ".join(passed)
            )
            self.findings.append(_told("PASSED_OVER", text))


def held(locks: Collection[Locks]) -> dict[tuple[TeamId, int], int]:
    """Return how many stops stay on each route, as `Ask.held` takes it."""
    return {(lock.team, lock.shift): len(lock.order) for lock in locks if lock.order}


def not_held(asked: Collection[Locks], kept: Collection[Locks]) -> tuple[Finding, ...]:
    """Tell which stops could not stay though they should: their hours, or the shift, are over by then."""
    kept_by = {(lock.team, lock.shift): set(lock.order) for lock in kept}
    lost = chain.from_iterable(
        ((lock.team, visit) for visit in lock.order if visit not in kept_by.get((lock.team, lock.shift), set()))
        for lock in asked
    )
    return tuple(
        _told(
            "NOT_KEPT",
            msg("{visit} cannot stay where it was with team {team}: it would be too late.", visit=visit, team=team),
        )
        for team, visit in lost
    )


def _told(code: str, message: Text) -> Finding:
    return warning(code, message, msg("Ask the team; results that come later count in the next plan."))
