"""Explain why more teams do not bring the last return forward."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from doorroute.counts.result import Scenario
from doorroute.model.clock import clock
from doorroute.model.finding import place_text
from doorroute.model.plan import Route, Step
from doorroute.model.problem import Problem
from doorroute.texts import Text, msg

_SAME_S = 60  # returns within a minute count as equal
_LATE_START_S = 900  # a team that leaves this long after the first is late because of its start


def why_no_earlier(rows: Sequence[Scenario]) -> Text | None:
    """Return what determines the last return if several of the largest counts in `rows` share it.

    `rows` ascend by count. Return None if only the largest count has this return.
    """
    if not rows or not rows[-1].routes:
        return None
    most = rows[-1]
    same = [
        row.teams
        for row in rows
        if abs(row.finish_s - most.finish_s) < _SAME_S and not _fewer_doors(row, most)
    ]
    if len(same) < 2:
        return None
    last = max(most.routes, key=lambda route: route.finish_s)
    return msg(
        "With {teams} teams, the last team is back at {time}: {why}.",
        teams=", ".join(map(str, same)),
        time=clock(most.finish_s + 59),
        why=_why(last, min(route.start_s for route in most.routes), most.problem),
    )


def _fewer_doors(row: Scenario, most: Scenario) -> bool:
    return len(row.unassigned) > len(most.unassigned)


def _why(route: Route, first_s: int, problem: Problem) -> Text:
    """Name the route's last wait, or its late start, or the stop that takes the longest."""
    stops = [step for step in route.steps if step.visit is not None]
    waits = [step for step in stops if _waits(step, problem)]
    if waits:
        return msg(
            "{place} may not be visited before {time} (its window)",
            place=_place(waits[-1], problem),
            time=clock(waits[-1].start_service_s),
        )
    if route.start_s - first_s >= _LATE_START_S:
        return msg("team {team} cannot leave before {time}", team=route.team, time=clock(route.start_s))
    legs_s = {
        after: after.arrival_s - before.departure_s
        for before, after in pairwise(route.steps)
        if after in stops
    }
    longest = max(stops, key=lambda step: step.departure_s - step.start_service_s)
    farthest = max(stops, key=lambda step: legs_s.get(step, 0))
    spent_s, leg_s = longest.departure_s - longest.start_service_s, legs_s.get(farthest, 0)
    if spent_s >= leg_s:
        return msg(
            "the visit at {place} takes {minutes} min",
            place=_place(longest, problem),
            minutes=_minutes(spent_s),
        )
    return msg(
        "{place} is far: {minutes} min of travel to it",
        place=_place(farthest, problem),
        minutes=_minutes(leg_s),
    )


def _waits(step: Step, problem: Problem) -> bool:
    """Return whether a window delays the stop: the team waits at the door, or left later to avoid waiting."""
    windows = next(visit for visit in problem.visits if visit.id == step.visit).time_windows
    return step.waiting_s > 0 or any(window.start_s == step.start_service_s for window in windows)


def _place(step: Step, problem: Problem) -> Text:
    resident = next(visit for visit in problem.visits if visit.id == step.visit).residents[0]
    return place_text(resident.row, resident.sheet)


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))
