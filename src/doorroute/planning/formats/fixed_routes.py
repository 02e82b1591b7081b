"""VROOM's plan mode: time the routes exactly as given, and list every rule that they break."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from doorroute.planning.core.score import Orders
from doorroute.planning.core.tables import Crew
from doorroute.planning.formats.instance import FixedStep, Instance, RouteWriter, whole


def orders_of(fixed: Sequence[Sequence[FixedStep]]) -> Orders:
    """Return the visits of the given steps."""
    return tuple(tuple(step.visit for step in steps if step.visit is not None) for steps in fixed)


def solution_of_fixed_routes(instance: Instance) -> dict[str, Any]:
    """Return the given routes as a solution (plan mode in docs/API.md of VROOM 1.15).

    Each step is as early as possible; only the order of the steps is fixed strictly.
    """
    fixed = instance.fixed or [()] * len(instance.tables.crews)
    routes = [_route(instance, number, steps) for number, steps in enumerate(fixed) if steps]
    return whole(instance, orders_of(fixed), routes)


def _route(instance: Instance, number: int, steps: Sequence[FixedStep]) -> dict[str, Any]:
    crew, order = instance.tables.crews[number], orders_of([steps])[0]
    writer = RouteWriter(instance, number, order, _leaves(instance, crew, steps[0]))
    if (writer.load > crew.capacity).any():
        writer.breaks("load")
    stop = crew.start
    for step in steps:
        if step.visit is None:
            pause = crew.pauses[step.pause or 0]
            begin = _begin(step, writer.now, [(pause.earliest_s, pause.latest_s)])
            writer.rest(step.pause or 0, begin)
            _when(writer, step, begin, [(pause.earliest_s, pause.latest_s)])
            continue
        node, spans = step.visit, instance.windows[step.visit]
        writer.drive(stop, node)
        there = instance.shown[stop].get("location_index") == instance.shown[node]["location_index"]
        setup = 0 if there or instance.setup_s is None else int(instance.setup_s[crew.profile, node])
        begin = _begin(step, writer.now, spans)
        writer.visit(node, setup, begin)
        _when(writer, step, begin, spans)
        if not crew.may[node]:
            writer.breaks("skills")
        if (writer.load > crew.capacity).any():
            writer.breaks("load")
        stop = node
    writer.drive(stop, crew.end)
    writer.end()
    if writer.now > crew.closes_s:
        writer.breaks("delay", writer.now - crew.closes_s)
    missing = len(crew.pauses) - sum(step.pause is not None for step in steps)
    limits = (
        ("missing_break", missing, 0),
        ("max_tasks", len(order), crew.max_visits),
        ("max_travel_time", writer.spent, crew.max_travel_s),
        ("max_distance", writer.gone, crew.max_distance_m),
    )
    for cause, found, most in limits:
        if found > most:
            writer.breaks(cause, route=True)
    return writer.route()


def _leaves(instance: Instance, crew: Crew, first: FixedStep) -> int:
    """Return when the team leaves: so that it does not wait at the first door."""
    if first.visit is None:
        return crew.opens_s
    begin = _begin(first, 0, instance.windows[first.visit])
    return max(crew.opens_s, begin - int(instance.tables.travel_s[crew.profile, crew.start, first.visit]))


def _begin(step: FixedStep, now: int, spans: Sequence[tuple[int, int]]) -> int:
    """Return when the step begins: as early as possible in an open window, or at its own time."""
    if step.at_s is not None:
        return max(now, step.at_s)
    now = max(now, step.after_s or 0)
    return min((max(now, a) for a, b in spans if now <= b), default=now)


def _when(writer: RouteWriter, step: FixedStep, begin: int, spans: Sequence[tuple[int, int]]) -> None:
    """Record a step that begins outside its windows, or later than its own time."""
    if spans and not any(a <= begin <= b for a, b in spans):
        late = [begin - b for _, b in spans if b < begin]
        writer.breaks(*("delay", min(late)) if late else ("lead_time", min(a - begin for a, _ in spans)))
    due = [end for end in (step.at_s, step.before_s) if end is not None]
    if due and begin > min(due):
        writer.breaks("delay", begin - min(due))
