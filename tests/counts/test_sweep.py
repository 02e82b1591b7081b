"""Counts solved in parallel: more teams are never worse, finished counts are kept, stopped ones continue."""

import threading
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.counts import planning_parts as engine
from doorroute.counts import sweep
from doorroute.counts.stored import Store
from doorroute.planning.core.score import left_out
from tests.helpers.street_days import street, team

ABOUT = {"inputs": {"residents": "abc"}, "seed": 1}


@pytest.fixture(scope="module")
def day():
    problem = street(
        {f"V{n}": 137 * (n % 7) + 11 * n for n in range(24)}, teams=[team(f"T{n}") for n in range(1, 7)]
    )
    return problem, engine.tabulate(problem)


def solved(tables, counts, **more):
    arguments = {
        "seconds": 1.0,
        "seed": 1,
        "known": {},
        "finished": lambda *_: None,
        "stop": threading.Event(),
        "jobs": 2,
    }
    return sweep.sweep(tables, counts, **(arguments | more))


def test_every_count_visits_everybody_and_more_teams_are_never_later(day):
    _, tables = day
    counts = range(1, 7)
    plans = sweep.monotone(tables, solved(tables, counts))
    bounds = sweep.bounds(tables, plans)
    returns = [engine.last_return(engine.first_teams(tables, n), plans[n]) for n in counts]
    assert all(left_out(tables, plans[n]) == [] for n in counts)
    assert returns == sorted(returns, reverse=True)
    assert all(bounds[n] <= at for n, at in zip(counts, returns, strict=True))
    assert [bounds[n] for n in counts] == sorted(bounds.values(), reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.permutations(range(6)), min_size=2, max_size=5), st.data())
def test_whatever_was_found_a_larger_count_is_shown_no_worse(shuffled, data):
    teams = [team(f"T{n}") for n in range(1, len(shuffled) + 1)]
    tables = engine.tabulate(street({f"V{n}": 90 * n for n in range(6)}, teams=teams))
    plans = {}
    for count, order in enumerate(shuffled, 1):
        cuts = sorted(data.draw(st.lists(st.integers(0, 6), min_size=count - 1, max_size=count - 1)))
        edges = [0, *cuts, 6]
        plans[count] = tuple(tuple(order[a:b]) for a, b in pairwise(edges))
    made = sweep.monotone(tables, plans)
    missed = [len(left_out(tables, made[n])) for n in made]
    returns = [engine.last_return(engine.first_teams(tables, n), made[n]) for n in made]
    scores = list(zip(missed, returns, strict=True))
    assert scores == sorted(scores, reverse=True)


def test_a_plan_is_begun_from_its_neighbours_on_either_side(day):
    _, tables = day
    plans = solved(tables, [3, 5])
    first = engine.warm(engine.first_teams(tables, 4), [plans[3], plans[5]])
    at = engine.last_return(engine.first_teams(tables, 4), first)
    assert left_out(tables, first) == []
    assert at <= engine.last_return(engine.first_teams(tables, 3), plans[3])


def test_known_counts_are_not_solved_again(day):
    _, tables = day
    told = []
    first = solved(tables, [2, 3])
    again = solved(tables, [2, 3, 4], known=first, finished=lambda count, _: told.append(count))
    assert told == [4]
    assert {count: again[count] for count in (2, 3)} == first


def test_stopping_keeps_what_is_done_and_nothing_half_done(day):
    _, tables = day
    stop, told = threading.Event(), []

    def finished(count, _):
        told.append(count)
        stop.set()

    found = solved(tables, range(1, 7), finished=finished, stop=stop, jobs=1)
    assert list(found) == told
    assert len(told) == 1


def test_a_finished_scenario_is_found_again_by_all_that_it_depends_on(day, tmp_path):
    problem, tables = day
    orders = solved(tables, [2])[2]
    Store(tmp_path, ABOUT).keep(2, problem, orders)
    assert Store(tmp_path, ABOUT).find(2, problem, tables) == orders
    assert Store(tmp_path, ABOUT).find(3, problem, tables) is None
    assert Store(tmp_path, ABOUT | {"seed": 2}).find(2, problem, tables) is None
    assert Store(tmp_path, ABOUT | {"inputs": {"residents": "abd"}}).find(2, problem, tables) is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"routes": {"T1": ["V1"], "T2": ["V1"]}}', '{"routes": {"T1": ["X"], "T2": []}}'],
)
def test_a_file_that_is_not_whole_or_no_sound_plan_is_solved_again(day, tmp_path, content):
    problem, tables = day
    store = Store(tmp_path, ABOUT)
    store.folder.mkdir()
    store.path(2).write_text(content)
    assert store.find(2, problem, tables) is None


def test_a_round_taken_over_is_shared_and_not_given_to_one_neighbour(day):
    tables = engine.first_teams(day[1], 4)
    orders = tuple(tuple(range(team, 24, 4)) for team in range(4))
    rest = ((), *orders[1:])
    made, all_in = engine.refilled(tables, rest, orders[0])
    assert all_in
    assert sorted(node for order in made for node in order) == list(range(24))
    assert max(map(len, made)) <= 6 + 4


def test_the_first_plan_of_all_is_shared_among_the_teams(day):
    tables = engine.first_teams(day[1], 4)
    first = engine.warm(tables, [])
    assert left_out(tables, first) == []
    assert min(map(len, first)) >= 3
