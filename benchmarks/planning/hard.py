"""A day with every rule at once, and what each rule costs: the day planned without it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.planning.instances import SHIPPED
from doorroute.checker import check
from doorroute.model.place import Access, Place, Point, Precision
from doorroute.model.problem import Locks, Problem
from doorroute.model.resident import InfectionClass, Resident, ResidentId, TeamId, Visit, VisitId, Window
from doorroute.model.settings import ClassRule, ServiceTimes, Settings, Wishes
from doorroute.model.team import Break, Depot, DepotId, Profile, Team
from doorroute.model.travel import depot_key, visit_key
from doorroute.network import open_network
from doorroute.planning.solve import Solution, solve

DOORS, TEAMS, SECONDS, SEED = 300, 22, 10.0, 4
NEAR_M = 40.0
EIGHT, NOON = 8 * 3600, 12 * 3600
DEPOTS = (DepotId("D0"), DepotId("D1"), DepotId("D2"))
AREAS = ("west", "east")


def day() -> Problem:
    """Draw a day on the shipped streets under every rule that there is."""
    random, network = np.random.default_rng(SEED), open_network(SHIPPED)
    west, south, east, north = network.bounds
    drawn = [Point(*xy) for xy in random.uniform((west, south), (east, north), (20 * DOORS, 2)).tolist()]
    near = np.flatnonzero(network.snap(drawn, Profile.FOOT).offset_m < NEAR_M)[: DOORS + len(DEPOTS)]
    points = [drawn[at] for at in near.tolist()]
    teams = tuple(_team(number, random) for number in range(TEAMS))
    visits = tuple(_visit(number, points[number], (west + east) / 2, random) for number in range(DOORS))
    keys = [visit_key(visit.id) for visit in visits] + [depot_key(depot) for depot in DEPOTS]
    stops = list(zip(keys, points, strict=True))
    houses = _houses(points)
    order = [
        visit.id
        for visit in visits
        if visit.infection_class is InfectionClass.REGULAR and not visit.time_windows
    ]
    free = [
        visit
        for visit in visits
        if visit.id in set(order) and not visit.skills and visit.only_teams is None and not visit.not_teams
    ]
    return Problem(
        visits=visits,
        places={
            visit.id: Place(
                point=points[number],
                precision=Precision.GIVEN,
                score=1.0,
                source="given",
                entrance_id=houses[number],
                access=Access(floor=int(random.integers(1, 7)), lift=bool(random.random() < 0.5)),
            )
            for number, visit in enumerate(visits)
        },
        teams=teams,
        depots={depot: Depot(id=depot, lab=True) for depot in DEPOTS},
        depot_places={
            depot: Place(
                point=points[DOORS + at],
                precision=Precision.GIVEN,
                score=1.0,
                source="given",
                entrance_id=depot,
            )
            for at, depot in enumerate(DEPOTS)
        },
        travel={profile: network.travel(stops, profile) for profile in (Profile.FOOT, Profile.BIKE)},
        settings=Settings(
            service=ServiceTimes(gear_s=180),
            wishes=Wishes(home_area_s=120, same_team_s=120, little_change_s=60, compact_s=60),
            class_rule=ClassRule.ORDER,
            max_sample_age_s=2 * 3600,
        ),
        locks=(
            Locks(team=teams[0].id, order=(free[0].id, free[1].id)),
            Locks(team=teams[1].id, order=(free[2].id,)),
        ),
        before={visit.id: teams[int(random.integers(TEAMS))].id for visit in visits[::3]},
    )


def _team(number: int, random: np.random.Generator) -> Team:
    start = DEPOTS[number % len(DEPOTS)]
    two_shifts = number % 11 == 5
    return Team(
        id=TeamId(f"T{number}"),
        start=start,
        end=DEPOTS[(number + (number % 7 == 3)) % len(DEPOTS)],
        shift=Window(EIGHT, EIGHT + 7200) if two_shifts else Window(EIGHT, NOON + 1800),
        more_shifts=(Window(EIGHT + 9000, NOON + 1800),) if two_shifts else (),
        breaks=(Break(window=Window(10 * 3600, 11 * 3600), duration_s=900),) if number % 3 == 0 else (),
        profile=Profile.BIKE if number % 5 == 4 else Profile.FOOT,
        skills=frozenset({"infant"} if number % 2 else {"infant", "catheter"}),
        capacity=12,
        suits=8,
        tubes=24,
        max_visits=20,
        max_travel_s=2 * 3600,
        max_distance_m=15_000,
        max_reloads=1,
        reload=start,
        home_area=AREAS[int(random.integers(2))],
    )


def _visit(number: int, point: Point, middle: float, random: np.random.Generator) -> Visit:
    windows: tuple[Window, ...] = ()
    if random.random() < 0.2:
        opens = EIGHT + 3600 * int(random.integers(0, 3))
        windows = (Window(opens, opens + 7200),)
    elif random.random() < 0.05:
        windows = (Window(EIGHT, EIGHT + 3600), Window(EIGHT + 9000, NOON))
    rank = random.choice(3, p=[0.85, 0.1, 0.05])
    allowed = random.random()
    names = [TeamId(f"T{at}") for at in random.choice(TEAMS, 4, replace=False).tolist()]
    return Visit(
        id=VisitId(f"V{number}"),
        residents=(Resident(id=ResidentId(f"R{number}"), row=number + 2),),
        service_s=int(random.integers(300, 721)),
        time_windows=windows,
        infection_class=tuple(InfectionClass)[int(rank)],
        kits=1,
        suits=int(rank > 0),
        tubes=int(random.integers(1, 3)),
        skills=frozenset(
            {"catheter"} if random.random() < 0.05 else {"infant"} if random.random() < 0.05 else ()
        ),
        priority=1 if random.random() < 0.1 else 2,
        area=AREAS[int(point.lon > middle)],
        only_teams=frozenset(names) if allowed < 0.03 else None,
        not_teams=frozenset(names[:1]) if allowed > 0.97 else frozenset(),
        last_team=names[0] if random.random() < 0.3 else None,
    )


def _houses(points: list[Point]) -> list[str]:
    """Return an entrance for each door; every fifth has that of the door nearest to it, if that has none
    from another.
    """
    houses = [f"E{number}" for number in range(DOORS)]
    at = np.array([(point.lon, point.lat) for point in points[:DOORS]])
    for number in range(0, DOORS, 5):
        away = np.abs(at - at[number]).sum(axis=1)
        away[number] = np.inf
        other = int(away.argmin())
        if other % 5:
            houses[number] = houses[other]
    return houses


def _visits(problem: Problem, **changes: object) -> Problem:
    return replace(problem, visits=tuple(replace(visit, **changes) for visit in problem.visits))


def _teams(problem: Problem, **changes: object) -> Problem:
    return replace(problem, teams=tuple(replace(team, **changes) for team in problem.teams))


def _set(problem: Problem, **changes: object) -> Problem:
    return replace(problem, settings=replace(problem.settings, **changes))


WITHOUT: dict[str, Callable[[Problem], Problem]] = {
    "windows": lambda day: _visits(day, time_windows=()),
    "infection classes in order": lambda day: _visits(day, infection_class=InfectionClass.REGULAR),
    "change of gear": lambda day: _set(day, service=replace(day.settings.service, gear_s=0)),
    "entrances, lifts and floors": lambda day: _set(
        day, service=replace(day.settings.service, entrance_s=0, lift_s=0, floor_s=0)
    ),
    "skills": lambda day: _visits(day, skills=frozenset()),
    "teams asked for or refused": lambda day: _visits(day, only_teams=None, not_teams=frozenset()),
    "priorities": lambda day: _visits(day, priority=2),
    "breaks": lambda day: _teams(day, breaks=()),
    "kits, suits and tubes": lambda day: _teams(day, capacity=None, suits=None, tubes=None),
    "reloads (no team may)": lambda day: _teams(day, max_reloads=0),
    "age of samples": lambda day: _set(day, max_sample_age_s=None),
    "most visits, travel and distance": lambda day: _teams(
        day, max_visits=None, max_travel_s=None, max_distance_m=None
    ),
    "bicycles (all on foot)": lambda day: _teams(day, profile=Profile.FOOT),
    "wishes": lambda day: _set(day, wishes=Wishes()),
    "locks": lambda day: replace(day, locks=()),
}


def lines() -> list[str]:
    """Plan the day, and again without each rule; return the table."""
    problem = day()
    whole = _planned("all", problem)
    found = [
        f"A hard day: {DOORS} doors, {TEAMS} teams, all rules at once, {SECONDS:.0f} s a plan, one seed; each plan was checked by `verify`, which found nothing broken in any of them unless it says so.",
        (
            "What a rule costs is what the plan without it gains. Ten seconds find the last return of such a "
            "day to about two minutes: what comes out worse without a rule is worse by that."
        ),
        "",
        "| without | out | last return | travel, min | gained: out, last return (min), travel (min) |",
        "|---|---|---|---|---|",
        f"| (all rules) | {_row(problem, whole)} | |",
    ]
    for name, without in WITHOUT.items():
        other = without(problem)
        plan = _planned(name, other)
        gained = (
            len(whole.unassigned) - len(plan.unassigned),
            (_finish(whole) - _finish(plan)) / 60,
            (_travel(whole) - _travel(plan)) / 60,
        )
        found.append(f"| {name} | {_row(other, plan)} | {gained[0]:+}, {gained[1]:+.0f}, {gained[2]:+.0f} |")
    return found


def _planned(name: str, problem: Problem) -> Solution:
    print(f"hard day without: {name}", file=sys.stderr)
    return solve(problem, time_limit_s=SECONDS, seed=1)


def _finish(plan: Solution) -> int:
    return max(route.finish_s for route in plan.routes if route.steps)


def _travel(plan: Solution) -> int:
    return sum(route.travel_s for route in plan.routes)


def _row(problem: Problem, plan: Solution) -> str:
    broken = check(problem, plan.routes, plan.unassigned)
    last = _finish(plan)
    told = f", {len(broken)} BROKEN" if broken else ""
    return f"{len(plan.unassigned)}{told} | {last // 3600}:{last % 3600 // 60:02} | {_travel(plan) / 60:,.0f}"
