"""Small days against an exact solver: all orders of a few doors tried out by arithmetic of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from pathlib import Path

from doorroute.checker import check
from doorroute.model.problem import Problem
from doorroute.model.resident import InfectionClass, Visit, Window
from doorroute.model.settings import Objective
from doorroute.model.team import Team
from doorroute.planning.solve import solve
from tests.helpers.street_days import EIGHT, Nobody, street, team, visit

SKILLS = ("infant", "bedridden")


def day(chance: random.Random, folder: Path) -> str | None:
    """Plan a small day; nobody is left out whom an exact solver serves, no rule is broken, and no bound is
    too high.
    """
    del folder
    problem, metres = _drawn(chance)
    objective = chance.choice([Objective.FINISH, Objective.TRAVEL])
    made = solve(problem, objective=objective, time_limit_s=20, seed=1, engine=Nobody, iterations=4000)
    broken = check(problem, made.routes, made.unassigned)
    if broken:
        return f"breaks {broken[0].rule}: {broken[0].message.into('en')}"
    served = sum(len(route.visits) for route in made.routes)
    value = (
        max((route.finish_s for route in made.routes), default=0)
        if objective is Objective.FINISH
        else sum(route.travel_s for route in made.routes)
    )
    most, best = _exact(problem, metres, objective)
    bound = made.lower_bound_finish_s if objective is Objective.FINISH else made.lower_bound_travel_s
    if served != most:
        return f"{objective}: {served} doors on routes, an exact solver serves {most}"
    if served == len(problem.visits) and value != best:  # which doors to leave out is a wish, not a promise
        return f"{objective}: {value} s, exact {best} s"
    return f"{objective}: the bound {bound} is above the plan's {value}" if bound > value else None


def _drawn(chance: random.Random) -> tuple[Problem, dict[str, int]]:
    doors = {f"V{i}": chance.randint(-1500, 1500) for i in range(chance.randint(1, 5))}
    visits = [
        visit(
            name,
            service_s=chance.randint(0, 1800),
            time_windows=tuple(_window(chance, 0) for _ in range(chance.choice([0, 0, 0, 1, 2]))),
            kits=chance.randint(0, 3),
            skills=frozenset(chance.sample(SKILLS, chance.choice([0, 0, 0, 1, 2]))),
        )
        for name in doors
    ]
    teams = [
        team(
            f"T{i}",
            shift=_window(chance, 3600),
            skills=frozenset(chance.sample(SKILLS, chance.choice([0, 1, 2]))),
            capacity=chance.choice([None, None, chance.randint(0, 8)]),
            max_visits=chance.choice([None, None, chance.randint(0, 4)]),
        )
        for i in range(chance.randint(1, 2))
    ]
    return street(doors, visits, teams), doors


def _window(chance: random.Random, least_s: int) -> Window:
    begin = EIGHT + 60 * chance.randint(-60, 200)
    return Window(begin, begin + max(least_s, 60 * chance.randint(5, 240)))


def _exact(problem: Problem, metres: dict[str, int], objective: Objective) -> tuple[int, int]:
    """Return how many doors can be served at most, and the best value with so many."""
    best = (0, 0)
    found: dict[tuple[int, frozenset[str]], int | None] = {}
    names = [door.id for door in problem.visits]
    by_name: dict[str, Visit] = {door.id: door for door in problem.visits}
    for owners in product(range(-1, len(problem.teams)), repeat=len(names)):
        values = []
        for number, crew in enumerate(problem.teams):
            mine = frozenset(name for name, owner in zip(names, owners, strict=True) if owner == number)
            if (number, mine) not in found:
                found[number, mine] = _best_order(crew, [by_name[name] for name in mine], metres, objective)
            values.append(found[number, mine])
        if any(value is None for value in values):
            continue
        served = sum(owner >= 0 for owner in owners)
        known = [value for value in values if value is not None]
        value = max(known, default=0) if objective is Objective.FINISH else sum(known)
        if served > best[0] or (served == best[0] and value < best[1]) or best == (0, 0):
            best = (served, value)
    return best


def _best_order(
    crew: Team, doors: Sequence[Visit], metres: dict[str, int], objective: Objective
) -> int | None:
    if not doors:
        return 0
    if crew.max_visits is not None and len(doors) > crew.max_visits:
        return None
    if crew.capacity is not None and sum(door.kits for door in doors) > crew.capacity:
        return None
    if any(
        not door.skills <= crew.skills or door.infection_class is not InfectionClass.REGULAR for door in doors
    ):
        return None
    values = [value for order in permutations(doors) for value in _driven(crew, order, metres, objective)]
    return min(values, default=None)


def _driven(
    crew: Team, order: Sequence[Visit], metres: dict[str, int], objective: Objective
) -> Iterator[int]:
    shift = crew.shifts[0]
    now, here, travelled = shift.start_s, 0, 0
    for door in order:
        way = abs(metres[door.id] - here)
        now, here, travelled = now + way, metres[door.id], travelled + way
        if door.time_windows:
            opens = [max(now, window.start_s) for window in door.time_windows if now <= window.end_s]
            if not opens:
                return
            now = min(opens)
        now += door.service_s
    now, travelled = now + abs(here), travelled + abs(here)
    if now <= shift.end_s:
        yield now if objective is Objective.FINISH else travelled
