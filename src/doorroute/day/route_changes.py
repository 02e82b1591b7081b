"""What is other on a team's route than on the page that it already has: for the team to see at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from doorroute.model.plan import Plan, Route
from doorroute.model.resident import TeamId, VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A door that left a route: its number and address there; `team` goes there now, None where nobody does."""

    visit: VisitId
    number: int
    address: str = field(repr=False)
    team: TeamId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChanges:
    """One team's changes against the plan before; empty fields where all is as it was.

    new
        Visits that were not on this route.
    moved
        Visits that were, and now come earlier or later among those that stayed: the fewest that explain the new order.
    gone
        Doors that are not on this route any more.
    was_s
        When each visit that stayed was expected: arrival in seconds after midnight.
    """

    new: frozenset[VisitId] = frozenset()
    moved: frozenset[VisitId] = frozenset()
    gone: tuple[Gone, ...] = ()
    was_s: Mapping[VisitId, int] = field(default_factory=dict)


def changes_between(
    before: Plan, after: Plan, *, addresses: Mapping[VisitId, str], done: Collection[VisitId] = ()
) -> dict[tuple[TeamId, int], RouteChanges]:
    """Compare two plans of one day: for each route of `after`, by team and shift, what changed for its team, as `write_maps(changes=...)` takes it.

    `addresses` name the doors that left (ids where one is missing); `done` are visits that are finished, which may leave a route without being told.
    A team that had no route gets all its doors as new.
    """
    now_with = {visit: route.team for route in after.routes for visit in route.visits}
    old = {(route.team, route.shift): route for route in before.routes}
    changes: dict[tuple[TeamId, int], RouteChanges] = {}
    for route in after.routes:
        key = route.team, route.shift
        was = _arrivals(old[key]) if key in old else {}
        stayed = [visit for visit in route.visits if visit in was]
        places = {visit: place for place, visit in enumerate(was)}
        in_order = _longest_rising([places[visit] for visit in stayed])
        changes[key] = RouteChanges(
            new=frozenset(route.visits) - frozenset(was),
            moved=frozenset(visit for at, visit in enumerate(stayed) if at not in in_order),
            gone=tuple(
                Gone(
                    visit=visit, number=number, address=addresses.get(visit, visit), team=now_with.get(visit)
                )
                for number, visit in enumerate(was, 1)
                if visit not in route.visits and visit not in done
            ),
            was_s={visit: was[visit] for visit in stayed},
        )
    return changes


def _arrivals(route: Route) -> dict[VisitId, int]:
    return {step.visit: step.arrival_s for step in route.steps if step.visit is not None}


def _longest_rising(places: Sequence[int]) -> frozenset[int]:
    """Return where the longest rising run of `places` (all different) stands. Source: patience sorting."""
    tops: list[int] = []
    top_at: list[int] = []
    before: list[int] = []
    for at, place in enumerate(places):
        pile = bisect_left(tops, place)
        before.append(top_at[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [place]
        top_at[pile : pile + 1] = [at]
    run: set[int] = set()
    at = top_at[-1] if top_at else -1
    while at >= 0:
        run.add(at)
        at = before[at]
    return frozenset(run)
