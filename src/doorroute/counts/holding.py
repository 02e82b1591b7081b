"""What holds the hour: why further teams bring the last return no earlier."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from doorroute.counts.result import Scenario
from doorroute.model.clock import clock
from doorroute.model.finding import place_text
from doorroute.model.plan import Route, Step
from doorroute.model.problem import Problem
from doorroute.texts import Text, msg

_ALIKE_S = 60  # returns in the same minute are one
_LATER_S = 900  # a team that sets out so much after the first is held by its own start


def held(rows: Sequence[Scenario]) -> Text | None:
    """Say what keeps the last return where it is over the largest counts of `rows` (ascending); None where the largest alone has its hour."""
    if not rows or not rows[-1].routes:
        return None
    most = rows[-1]
    alike = [
        row.teams
        for row in rows
        if abs(row.finish_s - most.finish_s) < _ALIKE_S and not _fewer_doors(row, most)
    ]
    if len(alike) < 2:
        return None
    last = max(most.routes, key=lambda route: route.finish_s)
    return msg(
        "With {teams} teams the last is back at {time} all the same: {why}.",
        teams=", ".join(map(str, alike)),
        time=clock(most.finish_s + 59),
        why=_why(last, min(route.start_s for route in most.routes), most.problem),
    )


def _fewer_doors(row: Scenario, most: Scenario) -> bool:
    return len(row.unassigned) > len(most.unassigned)


def _why(route: Route, first_s: int, problem: Problem) -> Text:
    """Name the last wait of the route; else its late start; else the stop that takes most of it."""
    stops = [step for step in route.steps if step.visit is not None]
    waits = [step for step in stops if _waits(step, problem)]
    if waits:
        return msg(
            "{place} may not be visited before {time} (its window)",
            place=_place(waits[-1], problem),
            time=clock(waits[-1].start_service_s),
        )
    if route.start_s - first_s >= _LATER_S:
        return msg("team {team} cannot set out before {time}", team=route.team, time=clock(route.start_s))
    ways = {
        after: after.arrival_s - before.departure_s
        for before, after in pairwise(route.steps)
        if after in stops
    }
    longest = max(stops, key=lambda step: step.departure_s - step.start_service_s)
    farthest = max(stops, key=lambda step: ways.get(step, 0))
    spent_s, way_s = longest.departure_s - longest.start_service_s, ways.get(farthest, 0)
    if spent_s >= way_s:
        return msg(
            "the visit at {place} takes {minutes} min",
            place=_place(longest, problem),
            minutes=_minutes(spent_s),
        )
    return msg(
        "{place} is far: {minutes} min of way to it", place=_place(farthest, problem), minutes=_minutes(way_s)
    )


def _waits(step: Step, problem: Problem) -> bool:
    """Say whether a window holds the stop: the team waits at the door, or came no sooner so as not to wait."""
    windows = next(visit for visit in problem.visits if visit.id == step.visit).time_windows
    return step.waiting_s > 0 or any(window.start_s == step.start_service_s for window in windows)


def _place(step: Step, problem: Problem) -> Text:
    resident = next(visit for visit in problem.visits if visit.id == step.visit).residents[0]
    return place_text(resident.row, resident.sheet)


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))
