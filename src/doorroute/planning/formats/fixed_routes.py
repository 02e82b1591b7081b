"""VROOM's plan mode: routes exactly as they were given, with their times and every rule that they break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import Crew
from doorroute.planning.formats.instance import Instance, Kept, Told, whole


def orders_of(kept: Sequence[Sequence[Kept]]) -> Orders:
    """Return the visits of the given steps."""
    return tuple(tuple(step.visit for step in steps if step.visit is not None) for steps in kept)


def solution_as_kept(instance: Instance) -> dict[str, Any]:
    """Return the given routes as a solution (docs/API.md of VROOM 1.15, plan mode): each step as early as it can be, all rules but the order soft."""
    kept = instance.kept or [()] * len(instance.tables.crews)
    routes = [_route(instance, number, steps) for number, steps in enumerate(kept) if steps]
    return whole(instance, orders_of(kept), routes)


def _route(instance: Instance, number: int, steps: Sequence[Kept]) -> dict[str, Any]:
    crew, order = instance.tables.crews[number], orders_of([steps])[0]
    told = Told(instance, number, order, _leaves(instance, crew, steps[0]))
    if (told.load > crew.capacity).any():
        told.breaks("load")
    stop = crew.start
    for step in steps:
        if step.visit is None:
            pause = crew.pauses[step.pause or 0]
            begin = _begin(step, told.now, [(pause.earliest_s, pause.latest_s)])
            told.rest(step.pause or 0, begin)
            _when(told, step, begin, [(pause.earliest_s, pause.latest_s)])
            continue
        node, spans = step.visit, instance.windows[step.visit]
        told.drive(stop, node)
        there = instance.shown[stop].get("location_index") == instance.shown[node]["location_index"]
        setup = 0 if there or instance.setup_s is None else int(instance.setup_s[crew.profile, node])
        begin = _begin(step, told.now, spans)
        told.visit(node, setup, begin)
        _when(told, step, begin, spans)
        if not crew.may[node]:
            told.breaks("skills")
        if (told.load > crew.capacity).any():
            told.breaks("load")
        stop = node
    told.drive(stop, crew.end)
    told.end()
    if told.now > crew.closes_s:
        told.breaks("delay", told.now - crew.closes_s)
    missing = len(crew.pauses) - sum(step.pause is not None for step in steps)
    limits = (
        ("missing_break", missing, 0),
        ("max_tasks", len(order), crew.max_visits),
        ("max_travel_time", told.spent, crew.max_travel_s),
        ("max_distance", told.gone, crew.max_distance_m),
    )
    for cause, found, most in limits:
        if found > most:
            told.breaks(cause, route=True)
    return told.route()


def _leaves(instance: Instance, crew: Crew, first: Kept) -> int:
    """Return when the team leaves: so that it need not wait at the first door."""
    if first.visit is None:
        return crew.opens_s
    begin = _begin(first, 0, instance.windows[first.visit])
    return max(crew.opens_s, begin - int(instance.tables.travel_s[crew.profile, crew.start, first.visit]))


def _begin(step: Kept, now: int, spans: Sequence[tuple[int, int]]) -> int:
    """Return when the step begins, as early as can be: in a window if one is still to come, or when it was told to."""
    if step.at_s is not None:
        return max(now, step.at_s)
    now = max(now, step.after_s or 0)
    return min((max(now, a) for a, b in spans if now <= b), default=now)


def _when(told: Told, step: Kept, begin: int, spans: Sequence[tuple[int, int]]) -> None:
    """Tell of a step that begins outside its windows, or later than it was told to."""
    if spans and not any(a <= begin <= b for a, b in spans):
        late = [begin - b for _, b in spans if b < begin]
        told.breaks(*("delay", min(late)) if late else ("lead_time", min(a - begin for a, _ in spans)))
    due = [end for end in (step.at_s, step.before_s) if end is not None]
    if due and begin > min(due):
        told.breaks("delay", begin - min(due))
