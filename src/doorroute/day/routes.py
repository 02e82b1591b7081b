"""The routes of a day that has begun: their finished part and the stops that stay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from doorroute.day.calls import Call
from doorroute.day.partial_visits import PartialVisits, ask_the_team
from doorroute.day.replan_request import ReplanRequest
from doorroute.model.clock import clock
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan, Route, Step, StepType, StopLock
from doorroute.model.problem import Done, Locks, Problem
from doorroute.model.resident import VisitId, door_of
from doorroute.model.team import Team
from doorroute.model.travel import UNREACHABLE, depot_key, visit_key
from doorroute.texts import msg


class Routes:
    """For each route its finished part and the stops that stay with the team."""

    def __init__(self, problem: Problem, before: Plan, parts: PartialVisits, request: ReplanRequest) -> None:
        self.problem, self.parts, self.request = problem, parts, request
        self.routes = {(route.team, route.shift): route for route in before.routes}
        self.visits = {visit.id: visit for visit in problem.visits}
        self.taken: set[VisitId] = set()
        self.findings: list[Finding] = []

    def locks(self, team: Team) -> Iterable[Locks]:
        """Yield the locks of each shift of the team."""
        for shift in range(len(team.shifts)):
            yield self._locks(team, shift)

    def _locks(self, team: Team, shift: int) -> Locks:
        request, route = self.request, self.routes.get((team.id, shift))
        history = self.parts.history.get((team.id, shift), [])
        begins_s = route.start_s if route else team.shifts[shift].start_s
        gone = team.id in request.dropped
        if not history and (route is None or gone or begins_s > request.now_s):
            free_s = max(request.now_s, team.shifts[shift].start_s) + request.delays_s.get(team.id, 0)
            return Locks(team=team.id, shift=shift, free_s=free_s)
        rest = self._rest(route, history)
        left_s, done = self._done(team, route, history, begins_s)
        free_s = (done[-1].departure_s if done else left_s) + request.delays_s.get(team.id, 0)
        order, overdue = ((), ()) if gone else self._going_to(team, done, rest, free_s)
        self._report(team, history, overdue, self._passed_over(route, rest, history), gone=gone)
        if request.held is not None:
            order = order[: request.held.get((team.id, shift), 0)]
        if not order:  # a newly planned stop cannot begin before the plan is made
            free_s = max(free_s, request.dropped.get(team.id, request.now_s))
        self.taken.update(order)
        return Locks(team=team.id, shift=shift, left_s=left_s, done=done, order=order, free_s=free_s)

    def _rest(self, route: Route | None, history: Sequence[tuple[Call, VisitId]]) -> Sequence[Step]:
        """Return the steps after the last stop that the team has visited since the plan was made."""
        steps = [step for step in route.steps if step.lock is not StopLock.DONE][1:-1] if route else []
        since = (
            max((step.departure_s for step in route.steps if step.lock is StopLock.DONE), default=-1)
            if route
            else -1
        )
        been = {call.visit for call, _ in history if call.time_s > since}
        last = max((place for place, step in enumerate(steps) if step.visit in been), default=-1)
        return steps[last + 1 :]

    def _passed_over(
        self, route: Route | None, rest: Sequence[Step], history: Sequence[tuple[Call, VisitId]]
    ) -> list[VisitId]:
        """Return the open doors of the route that the team passed without a result."""
        been = {call.visit for call, _ in history}
        ahead = {step.visit for step in rest}
        passed = [step.visit for step in route.steps if step.visit is not None] if route else []
        return [
            visit for visit in passed if visit in self.parts.open and visit not in ahead and visit not in been
        ]

    def _done(
        self, team: Team, route: Route | None, history: Sequence[tuple[Call, VisitId]], begins_s: int
    ) -> tuple[int, tuple[Done, ...]]:
        """Return when the team left, and its finished stops.

        A mark is made on leaving a door. Travel and service before it take as long as planned, or less if
        the time was shorter.
        """
        setup = {step.visit: step.setup_s for step in route.steps if step.visit is not None} if route else {}
        here, free_s = depot_key(team.start), begins_s
        done: list[Done] = []
        left_s = begins_s
        for place, (call, name) in enumerate(history):
            if route is not None and place:
                done += self._reload(team, route, history[place - 1][0], call)
                if done[-1].visit is None:
                    here, free_s = depot_key(team.reload_at), done[-1].departure_s
            leg_s = self.problem.travel[team.profile].seconds(here, visit_key(name))
            leg_s = 0 if leg_s >= UNREACHABLE else leg_s
            if not place:
                left_s = free_s = max(0, min(begins_s, call.time_s - leg_s))
            soonest = min(free_s + leg_s, call.time_s)
            begin = max(soonest, call.time_s - self.visits[name].service_s)
            arrival = max(soonest, begin - setup.get(call.visit, 0))
            done.append(Done(visit=name, arrival_s=arrival, start_service_s=begin, departure_s=call.time_s))
            here, free_s = visit_key(name), call.time_s
        return left_s, tuple(done)

    def _reload(self, team: Team, route: Route, last: Call, call: Call) -> Iterable[Done]:
        """Yield the reload that the route has between two doors: a team that is past it has reloaded."""
        at = {door_of(step.visit): place for place, step in enumerate(route.steps) if step.visit is not None}
        if not (last.visit in at and call.visit in at and at[last.visit] < at[call.visit]):
            return
        between = route.steps[at[last.visit] : at[call.visit]]
        if any(step.type is StepType.RELOAD for step in between):
            leg_s = self.problem.travel[team.profile].seconds(
                visit_key(last.visit), depot_key(team.reload_at)
            )
            arrival = min(last.time_s + (0 if leg_s >= UNREACHABLE else leg_s), call.time_s)
            over = min(arrival + self.problem.settings.service.reload_s, call.time_s)
            yield Done(visit=None, arrival_s=arrival, start_service_s=arrival, departure_s=over)

    def _going_to(
        self, team: Team, done: Sequence[Done], rest: Sequence[Step], free_s: int
    ) -> tuple[tuple[VisitId, ...], tuple[VisitId, ...]]:
        """Return the stops that stay, in order, and those of them that should be done by now.

        The team is assumed to continue as planned from when it was last free. What it should have done since
        stays with it, so that nobody knocks twice at one door. The stop that it is heading for or working at
        follows, then the stops to keep after it.
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
                leg_s = travel.seconds(here, depot_key(team.reload_at))
                free_s += (0 if leg_s >= UNREACHABLE else leg_s) + step.service_s
                here = depot_key(team.reload_at)
            if step.visit is None or step.visit not in self.parts.open or step.visit in self.taken:
                continue
            if len(order) - overdue > self.request.keep:
                break
            visit = self.parts.open[step.visit]
            leg_s = travel.seconds(here, visit_key(visit.id))
            begin = free_s + (0 if leg_s >= UNREACHABLE else leg_s) + step.setup_s
            opens = [window.start_s for window in visit.time_windows if window.end_s >= begin]
            free_s = max(begin, min(opens, default=0)) + visit.service_s
            here = visit_key(visit.id)
            order.append(visit.id)
            overdue += free_s <= self.request.now_s and overdue == len(order) - 1
        return tuple(order), tuple(order[:overdue])

    def _report(
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
            text = msg("Team {team} has handed in no results: it is assumed to be on schedule.", team=team.id)
            self.findings.append(ask_the_team("SILENT_TEAM", text))
        elif overdue:
            text = msg(
                "Team {team}: no results since {time}; {visits} should be done by now and stay with the "
                "team.",
                team=team.id,
                time=clock(history[-1][0].time_s),
                visits=names,
            )
            self.findings.append(ask_the_team("SILENT_SINCE", text))
        if passed and not gone:
            text = msg(
                "Team {team} passed {visits} without a result: planned again.",
                team=team.id,
                visits=", ".join(passed),
            )
            self.findings.append(ask_the_team("PASSED_OVER", text))
