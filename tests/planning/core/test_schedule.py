"""Each rule of a route, on days worked out on paper. A metre takes a second, a visit five minutes."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.model.place import Access
from doorroute.model.resident import InfectionClass, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.model.team import Break, DepotId, Profile
from doorroute.planning.core.schedule import cuts_in, may_take, timed
from doorroute.planning.core.tables import tabulate
from tests.helpers.rule_checks import breaches
from tests.helpers.street_days import EIGHT, NO_SETUP, NOON, TEN, problems, street, team, visit, windows


def times(problem, *names, until_s=NOON, number=0):
    """Return the times of team `number` going to `names`."""
    tables = tabulate(problem)
    order = [[door.id for door in problem.visits].index(name) for name in names]
    return timed(tables, tables.crews[number], order, until_s)


def test_a_route_starts_at_the_depot_and_comes_back():
    route = times(street({"A": 100, "B": 300}), "A", "B")
    assert (route.start_s, route.begins_s) == (EIGHT, (EIGHT + 100, EIGHT + 100 + 300 + 200))
    assert route.finish_s == EIGHT + 600 + 600


def test_start_and_end_may_be_different_depots():
    route = times(street({"A": 100}, teams=[team(end=DepotId("E"))], depots={"E": 500}), "A")
    assert route.finish_s == EIGHT + 100 + 300 + 400


def test_service_begins_in_a_window_and_the_wait_is_at_the_depot():
    route = times(street({"A": 100}, [visit("A", time_windows=(Window(TEN, NOON),))]), "A")
    assert (route.start_s, route.begins_s, route.finish_s) == (TEN - 100, (TEN,), TEN + 400)


def test_the_depot_is_left_no_later_than_the_soonest_return_allows():
    doors = [
        visit("A", time_windows=(Window(EIGHT, EIGHT + 1800),)),
        visit("B", time_windows=(Window(TEN, NOON),)),
    ]
    route = times(street({"A": 100, "B": 200}, doors), "A", "B")
    assert route.begins_s == (EIGHT + 1800, TEN)
    assert route.finish_s == TEN + 300 + 200


def test_the_second_of_two_windows_is_taken_where_the_first_is_over():
    early, late = Window(EIGHT, EIGHT + 60), Window(TEN, TEN + 60)
    route = times(street({"A": 100}, [visit("A", time_windows=(early, late))]), "A")
    assert route.begins_s == (TEN,)


def test_both_ends_of_a_window_belong_to_it():
    assert times(street({"A": 100}, [visit("A", time_windows=(Window(0, EIGHT + 100),))]), "A")
    assert not times(street({"A": 100}, [visit("A", time_windows=(Window(0, EIGHT + 99),))]), "A")


def test_the_team_is_back_before_its_shift_is_over():
    assert times(street({"A": 100}, teams=[team(shift=Window(EIGHT, EIGHT + 500))]), "A")
    assert not times(street({"A": 100}, teams=[team(shift=Window(EIGHT, EIGHT + 499))]), "A")


def test_a_bound_on_the_return_holds_like_a_shift():
    assert times(street({"A": 100}), "A", until_s=EIGHT + 500)
    assert not times(street({"A": 100}), "A", until_s=EIGHT + 499)


def test_the_profile_of_the_team_decides_how_long_a_way_takes():
    problem = street({"A": 100}, teams=[team(profile=Profile.BIKE), team("T2")], slow={Profile.FOOT: 3})
    assert times(problem, "A").finish_s == EIGHT + 500
    assert times(problem, "A", number=1).finish_s == EIGHT + 900


def test_a_closed_street_is_never_taken_though_another_way_round_is():
    problem = street({"A": 100, "B": 200}, closed=[("A", "B")])
    assert not times(problem, "A", "B")
    assert times(problem, "B", "A")


def test_a_team_needs_all_the_skills_of_a_visit():
    doors = [visit("A", skills=frozenset({"infant", "bedridden"}))]
    assert not times(street({"A": 100}, doors, [team(skills=frozenset({"infant"}))]), "A")
    assert times(street({"A": 100}, doors, [team(skills=frozenset({"infant", "bedridden", "dog"}))]), "A")


def test_the_kits_of_a_route_are_no_more_than_the_team_carries():
    problem = street({"A": 100, "B": 200}, [visit("A", kits=2), visit("B", kits=3)], [team(capacity=4)])
    assert times(problem, "A")
    assert times(problem, "B")
    assert not times(problem, "A", "B")


def test_a_team_makes_no_more_visits_than_it_takes():
    problem = street({"A": 100, "B": 200}, teams=[team(max_visits=1)])
    assert times(problem, "A")
    assert not times(problem, "A", "B")


@pytest.mark.parametrize("limit", ["max_travel_s", "max_distance_m"])
def test_a_team_travels_no_further_than_it_may(limit):
    doors = {"A": 100, "B": 200}
    assert times(street(doors, teams=[team(**{limit: 400})]), "A", "B")
    assert not times(street(doors, teams=[team(**{limit: 399})]), "A", "B")
    assert times(street(doors, teams=[team(**{limit: 399})]), "A")


@pytest.mark.parametrize("order", list(itertools.permutations("RYI")))
def test_the_infection_class_never_falls_along_a_route(order):
    classes = dict(zip("RYI", InfectionClass, strict=True))
    problem = street(
        {"R": 10, "Y": 20, "I": 30}, [visit(name, infection_class=kind) for name, kind in classes.items()]
    )
    assert bool(times(problem, *order)) == (order == ("R", "Y", "I"))


def test_setup_is_paid_once_for_an_entrance_and_the_stairs_only_upward():
    problem = street(
        {"A": 100, "B": 100, "C": 100},
        entrances={"A": "gate", "B": "gate", "C": "gate"},
        access={"A": Access(floor=2), "B": Access(floor=5), "C": Access(floor=1)},
        settings=Settings(service=ServiceTimes(entrance_s=60, floor_s=30, lift_s=40)),
    )
    begin = EIGHT + 100
    assert times(problem, "A", "B", "C").begins_s == (
        begin + 90,
        begin + 90 + 300 + 90,
        begin + 90 + 300 + 90 + 300,
    )


def test_a_lift_is_paid_in_full_once_and_half_to_another_floor():
    lift = {name: Access(floor=floor, lift=True) for name, floor in {"A": 7, "B": 7, "C": 3, "G": 1}.items()}
    problem = street(
        {"A": 100, "B": 100, "C": 100, "G": 200},
        entrances={"A": "gate", "B": "gate", "C": "gate"},
        access=lift,
        settings=Settings(service=ServiceTimes(entrance_s=60, floor_s=30, lift_s=40)),
    )
    begins = times(problem, "A", "B", "C", "G").begins_s
    assert [later - sooner - 300 for sooner, later in itertools.pairwise(begins)] == [0, 20, 100 + 60]
    assert begins[0] == EIGHT + 100 + 60 + 40


def test_a_break_lies_wholly_inside_its_window_and_makes_everything_after_it_later():
    lunch = Break(window=Window(EIGHT + 350, EIGHT + 1000), duration_s=600)
    first = visit("A", time_windows=(Window(EIGHT, EIGHT + 100),))
    route = times(street({"A": 100, "B": 200}, [first], [team(breaks=(lunch,))]), "A", "B")
    assert route.breaks_s == ((0, 1, EIGHT + 400),)
    assert route.begins_s == (EIGHT + 100, EIGHT + 400 + 600 + 100)
    assert route.finish_s == EIGHT + 1700 - 100


def test_a_break_goes_where_the_team_is_home_soonest():
    # waiting for B's window is the time to rest: resting any later would cost its full length
    doors = [visit("B", time_windows=(Window(EIGHT + 3600, NOON),))]
    lunch = Break(window=Window(EIGHT, NOON), duration_s=1800)
    route = times(street({"A": 100, "B": 200}, doors, [team(breaks=(lunch,))]), "A", "B")
    assert route.finish_s == EIGHT + 3600 + 300 + 200


def test_a_break_that_cannot_be_taken_forbids_the_route():
    lunch = Break(window=Window(EIGHT + 200, EIGHT + 400), duration_s=200)
    doors = [visit("A", time_windows=(Window(EIGHT, EIGHT + 300),))]
    assert not times(street({"A": 150}, doors, [team(breaks=(lunch,))]), "A")


def test_a_break_can_be_taken_at_the_door_before_the_setup():
    # the span opens on the way and closes before service is over: A is reached at 100, made ready for in 60
    lunch = Break(window=Window(EIGHT + 50, EIGHT + 300), duration_s=200)
    setup = Settings(service=ServiceTimes(entrance_s=60, floor_s=0, lift_s=0))
    day = street({"A": 100, "B": 200}, teams=[team(breaks=(lunch,))], settings=setup)
    route = times(day, "A", "B")
    assert (route.start_s, route.breaks_s, route.at_door) == (EIGHT, ((0, 0, EIGHT + 100),), {0})
    assert route.begins_s == (EIGHT + 360, EIGHT + 360 + 300 + 100 + 60)
    assert [doing.what for doing in route.doings()] == ["go", "rest", "serve", "go", "serve", "go"]
    assert breaches(day, ((0, 1),)) == []


def test_no_break_is_taken_on_arrival_at_a_depot_in_mid_route():
    lunch = Break(window=Window(EIGHT + 450, EIGHT + 1150), duration_s=600)
    day = street({"A": 100, "B": 200}, teams=[team(capacity=1, max_reloads=1, breaks=(lunch,))])
    route = times(
        day, "A", "B"
    )  # at the depot again at 500, the reload takes five minutes: too late for the break
    assert route.breaks_s == ((0, 1, EIGHT + 450),)
    assert route.at_door == frozenset()


def test_a_break_can_be_taken_before_leaving_or_after_coming_home():
    lunch = Break(window=Window(EIGHT + 200, EIGHT + 1400), duration_s=900)
    day = street(
        {"A": 50, "B": 300}, [visit("B", time_windows=(Window(EIGHT + 1450, NOON),))], [team(breaks=(lunch,))]
    )
    home_soon, leaves_late = times(day, "A"), times(day, "B")
    assert (home_soon.finish_s, home_soon.breaks_s) == (EIGHT + 400, ())
    assert (leaves_late.start_s, leaves_late.breaks_s) == (EIGHT + 1150, ())
    assert [number for number, _, _ in times(day, "A", "B").breaks_s] == [0]


def test_a_break_outside_the_shift_is_none():
    breaks = tuple(Break(window=Window(a, a + 600), duration_s=600) for a in (EIGHT - 600, NOON))
    assert times(street({"A": 50}, teams=[team(breaks=breaks)]), "A").finish_s == EIGHT + 400


def test_a_break_is_taken_at_the_depot_where_samples_would_get_too_old_on_the_way():
    wide = Break(window=Window(EIGHT + 700, EIGHT + 2600), duration_s=600)
    day = street({"A": 100, "B": 200, "C": 300}, teams=[team(capacity=2, max_reloads=1, breaks=(wide,))])
    day = replace(day, settings=replace(NO_SETUP, max_sample_age_s=950))  # A, B and home take 900
    route = times(day, "A", "B", "C")
    assert [after for _, after, _ in route.breaks_s] == [3]  # after A, B and the reload


@st.composite
def reloading(draw):
    """Draw a team whose break, reload and age of samples get into each other's way, and its visits."""
    doors = {f"V{i}": draw(st.integers(-900, 900)) for i in range(draw(st.integers(2, 5)))}
    visits = [
        visit(
            name,
            service_s=draw(st.integers(60, 900)),
            time_windows=draw(st.just(()) | windows().map(lambda window: (window,))),
        )
        for name in doors
    ]
    begin = EIGHT + 300 * draw(st.integers(0, 20))
    long_s = 300 * draw(st.integers(1, 4))
    rest = Break(window=Window(begin, begin + long_s + 300 * draw(st.integers(0, 12))), duration_s=long_s)
    one = team(breaks=(rest,), capacity=draw(st.integers(1, 4)), max_reloads=draw(st.integers(1, 2)))
    day = street(doors, visits, [one])
    return replace(day, settings=replace(NO_SETUP, max_sample_age_s=draw(st.integers(900, 4000))))


@given(reloading())
@settings(max_examples=200, deadline=None)
def test_wherever_there_are_cuts_into_trips_there_are_times_too_and_none_sooner(day):
    tables = tabulate(day)
    (crew,) = tables.crews
    for order in itertools.permutations(range(tables.n), min(3, tables.n)):
        route = timed(tables, crew, order)
        if not crew.max_reloads or not may_take(tables, crew, order):
            continue
        assert (cuts_in(tables, crew, order, crew.back_by_s) is None) == (route is None)
        if route:
            assert cuts_in(tables, crew, order, route.finish_s) is not None
            assert cuts_in(tables, crew, order, route.finish_s - 1) is None


@given(problems(max_visits=4, max_teams=1))
@settings(max_examples=150, deadline=None)
def test_times_are_those_of_the_soonest_return_found_by_trying_every_place_of_every_break(problem):
    tables = tabulate(problem)
    if not tables.crews:
        return
    crew = tables.crews[0]
    for order in itertools.permutations(range(tables.n), min(3, tables.n)):
        route = timed(tables, crew, order)
        assert (route.finish_s if route else None) == _soonest_by_trying(problem, order)


def _soonest_by_trying(problem, order):
    """Return the soonest return of the first team, its breaks put at all places; None where no way keeps the
    rules.
    """
    crew, doors = problem.teams[0], [problem.visits[node] for node in order]
    ranks = [door.infection_class.rank for door in doors]
    if (
        (crew.max_visits is not None and len(doors) > crew.max_visits)
        or (crew.capacity is not None and sum(door.kits for door in doors) > crew.capacity)
        or any(not door.skills <= crew.skills for door in doors)
        or not _near_enough(problem, order)
        or ranks != sorted(ranks)
    ):
        return None
    pauses = sorted(
        crew.breaks, key=lambda pause: (pause.window.end_s - pause.duration_s, pause.window.start_s)
    )
    pauses = [
        pause
        for pause in pauses
        if pause.window.start_s + pause.duration_s > crew.shift.start_s
        and pause.window.end_s - pause.duration_s < crew.shift.end_s
    ]
    home = 2 * len(doors) + 1
    finishes = [
        _finish(problem, order, list(zip(spots, pauses, strict=True)))
        for spots in itertools.combinations_with_replacement(range(home + 1), len(pauses))
    ]
    return min((finish for finish in finishes if finish <= crew.shift.end_s), default=None)


def _near_enough(problem, order):
    crew, matrix = problem.teams[0], problem.travel[problem.teams[0].profile]
    stops = [
        f"depot:{crew.start}",
        *(f"visit:{problem.visits[node].id}" for node in order),
        f"depot:{crew.end}",
    ]
    legs = list(itertools.pairwise(stops)) if order else []
    return all(
        most is None or sum(measure(a, b) for a, b in legs) <= most
        for measure, most in ((matrix.seconds, crew.max_travel_s), (matrix.metres, crew.max_distance_m))
    )


def _finish(problem, order, pauses):
    """Return when the first team is home that takes each of `pauses` (spot, break) at its spot.

    Spots: 0 before leaving, 2 p - 1 at the door of the visit p, 2 p behind its service, the last at home.
    """
    tables, never = tabulate(problem), 10**9

    def rest(time, spot):
        for pause in (pause for at, pause in pauses if at == spot):
            if spot:
                time = max(time, pause.window.start_s) + pause.duration_s
                time = time if time <= pause.window.end_s else never
            else:
                time = max(time, pause.window.start_s + pause.duration_s)
        return time

    time, stop = problem.teams[0].shift.start_s, tables.crews[0].start
    for place, node in enumerate((*order, tables.crews[0].end)):
        time = rest(time, 2 * place) + int(tables.travel_s[0, stop, node])
        if place < len(order):
            time = rest(time, 2 * place + 1)
        time, stop = time + int(tables.go_s[0, stop, node] - tables.travel_s[0, stop, node]), node
        if place < len(order):
            windows = problem.visits[node].time_windows
            if windows:
                time = min((max(time, w.start_s) for w in windows if w.end_s >= time), default=never)
            time += problem.visits[node].service_s
    if any(spot > 2 * len(order) and time > pause.window.end_s - pause.duration_s for spot, pause in pauses):
        return never
    return time
