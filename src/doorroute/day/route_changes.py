"""What changed on a team's route since the page that it already has, so that the team sees it at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from doorroute.model.plan import Plan, Route
from doorroute.model.resident import TeamId, VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A door that left a route: its number and address there; `team` goes there now, or nobody (None)."""

    visit: VisitId
    number: int
    address: str = field(repr=False)
    team: TeamId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChanges:
    """One team's changes since the previous plan; all fields are empty if nothing changed.

    new
        Visits that were not on this route.
    moved
        Visits that are in another order now: the smallest set that explains the new order.
    gone
        Doors that are not on this route any more.
    was_s
        Previous arrival at each visit that stayed, in seconds after midnight.
    """

    new: frozenset[VisitId] = frozenset()
    moved: frozenset[VisitId] = frozenset()
    gone: tuple[Gone, ...] = ()
    was_s: Mapping[VisitId, int] = field(default_factory=dict)


def changes_between(
    before: Plan, after: Plan, *, addresses: Mapping[VisitId, str], done: Collection[VisitId] = ()
) -> dict[tuple[TeamId, int], RouteChanges]:
    """Return what changed between two plans of one day for each route of `after`, by team and shift.

    Parameters
    ----------
    addresses : names of the doors that left; the id is used if one is missing.
    done : finished visits, which may leave a route without being reported.

    If a team had no route before, all its doors are new.
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
    """Return the indices of a longest increasing subsequence of `places` (no repeats). Patience sorting."""
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
