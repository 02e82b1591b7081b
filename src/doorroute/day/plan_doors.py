"""Doors and hours of a plan, for reading results. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.day.events import doors_of
from doorroute.intake.times import USUAL_DAY
from doorroute.model.file_names import route_names
from doorroute.model.resident import ResidentId, VisitId, Window, door_of

if TYPE_CHECKING:
    from doorroute.model.plan import Plan


def sheet_numbers(plan: Plan) -> dict[str, tuple[VisitId, ...]]:
    """Return the doors of each team's sheet in the order of their numbers, by the sheet's name."""
    names = route_names([route.team for route in plan.routes])
    return {
        name: tuple(door_of(step.visit) for step in route.steps if step.visit is not None and step.residents)
        for name, route in zip(names, plan.routes, strict=True)
    }


def hours_of(plan: Plan) -> Window:
    """Return when the first team leaves and when the last one is back."""
    if not plan.routes:
        return USUAL_DAY
    return Window(min(route.start_s for route in plan.routes), max(route.finish_s for route in plan.routes))


def open_doors(plan: Plan) -> dict[VisitId, tuple[ResidentId, ...]]:
    """Return the residents still to visit at each partly done door: a result for it applies to them."""
    doors = doors_of(plan)
    visits = [
        (step.visit, step.residents)
        for route in plan.routes
        for step in route.steps
        if step.visit is not None
    ]
    return {
        visit: residents
        for visit, residents in (*visits, *((left.visit, left.residents) for left in plan.unassigned))
        if visit == door_of(visit) and len(residents) < len(doors[visit])
    }
