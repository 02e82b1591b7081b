"""Every rule of the day, each kept and each broken alone, on routes walked along one street."""

from dataclasses import replace

import pytest

from doorroute.checker.wishes import wishes_s
from doorroute.model.place import Access, Point
from doorroute.model.plan import StepType, StopLock
from doorroute.model.problem import Done, Locks
from doorroute.model.resident import InfectionClass, TeamId, VisitId, Window
from doorroute.model.settings import ClassRule, ServiceTimes, Settings, Wishes
from doorroute.model.team import Break, DepotId
from tests.helpers.street_days import EIGHT, NOON, team, visit
from tests.helpers.street_routes import a_day, broken, walk

REGULAR, YELLOW, ISOLATED = InfectionClass
DOORS = {"A": 100, "B": 200, "C": 300}
FREE = ServiceTimes(entrance_s=0, lift_s=0, floor_s=0)


ONE = (team(),)


def day(*visits, teams=ONE, service=FREE, **settings):
    return a_day(DOORS, visits, teams, settings=Settings(service=service, **settings))


def test_a_team_goes_once_in_each_of_its_shifts():
    problem = day(teams=[team(more_shifts=(Window(14 * 3600, 18 * 3600),))])
    morning, afternoon = walk(problem, "A B"), walk(problem, "C", shift=1, start_s=14 * 3600)
    assert broken(problem, morning, afternoon) == set()
    assert broken(problem, morning, replace(afternoon, shift=0)) == {"one_route_a_shift", "inside_shift"}
    assert broken(problem, morning, replace(afternoon, shift=2)) == {"one_route_a_shift"}
    assert broken(problem, walk(problem, "A", start_s=13 * 3600, shift=1)) == {"inside_shift"}


GOODS = {"kits": "capacity", "suits": "suits", "tubes": "tubes"}


@pytest.mark.parametrize("goods", GOODS)
def test_a_reload_fills_up_all_goods(goods):
    visits = [visit(name, **({"kits": 0} | {goods: 2})) for name in DOORS]
    crew = team(**{GOODS[goods]: 4}, max_reloads=1, reload=DepotId("L"))
    problem = day(*visits, teams=[crew])
    assert broken(problem, walk(problem, "A B C")) == {"within_capacity"}
    assert broken(problem, walk(problem, "A B reload C")) == set()
    assert broken(problem, walk(problem, "A reload B reload C")) == {"within_max_reloads"}


def test_a_reload_takes_its_time_at_its_depot_and_leaves_nothing_used():
    problem = day(teams=[team(max_reloads=1, reload=DepotId("L"))])
    route = walk(problem, "A reload B")
    assert broken(problem, route) == set()
    assert "service_as_asked" in broken(
        replace(problem, settings=Settings(service=replace(FREE, reload_s=301))), route
    )
    for name, value, rule in (
        ("load", (1, 0, 0), "load_counted"),
        ("location", None, "steps_at_their_places"),
        ("setup_s", 1, "setup_once_a_building"),
        ("visit", VisitId("C"), "each_visit_once"),
        ("lock", StopLock.DONE, "locks_told"),
    ):
        steps = list(route.steps)
        steps[2] = replace(steps[2], **{name: value})
        assert rule in broken(problem, replace(route, steps=tuple(steps))), name


def test_setup_is_paid_again_after_a_reload_and_gear_changed_for_a_higher_class_alone():
    service = ServiceTimes(entrance_s=60, gear_s=90)
    visits = [visit("A"), visit("B", infection_class=YELLOW), visit("C", infection_class=YELLOW)]
    problem = day(*visits, teams=[team(max_reloads=1)], service=service)
    route = walk(problem, "A B C")
    assert [step.setup_s for step in route.steps] == [0, 60, 150, 60, 0]
    assert broken(problem, route) == set()
    assert broken(replace(problem, settings=Settings(service=replace(service, gear_s=91))), route) == {
        "setup_once_a_building"
    }
    over_the_depot = walk(problem, "A reload B C")
    assert [step.setup_s for step in over_the_depot.steps] == [0, 60, 0, 60, 60, 0]
    assert broken(problem, over_the_depot) == set()


def test_a_sample_is_no_older_than_allowed_when_its_trip_ends():
    problem = day(teams=[team(max_reloads=1)])
    alone, split = walk(problem, "A B C"), walk(problem, "A B reload C")
    age = alone.finish_s - alone.steps[1].start_service_s
    for most, kept in ((age, True), (age - 1, False)):
        assert broken(replace(problem, settings=Settings(service=FREE, max_sample_age_s=most)), alone) == (
            set() if kept else {"sample_age_kept"}
        )
    ages = [
        split.steps[3].arrival_s - split.steps[1].start_service_s,
        split.finish_s - split.steps[4].start_service_s,
    ]
    for most, kept in ((max(ages), True), (max(ages) - 1, False), (min(ages), False)):
        assert broken(replace(problem, settings=Settings(service=FREE, max_sample_age_s=most)), split) == (
            set() if kept else {"sample_age_kept"}
        )


@pytest.mark.parametrize(
    ("rule", "classes", "names", "breaks"),
    [
        (ClassRule.ORDER, None, (REGULAR, YELLOW, ISOLATED), set()),
        (ClassRule.ORDER, None, (YELLOW, REGULAR, REGULAR), {"classes_in_order"}),
        (ClassRule.ORDER, {REGULAR}, (REGULAR, REGULAR, YELLOW), {"takes_the_class"}),
        (ClassRule.APART, None, (YELLOW, YELLOW, YELLOW), set()),
        (ClassRule.APART, None, (REGULAR, REGULAR, YELLOW), {"classes_apart"}),
        (ClassRule.TEAMS, None, (REGULAR, REGULAR, REGULAR), set()),
        (ClassRule.TEAMS, None, (REGULAR, REGULAR, YELLOW), {"takes_the_class"}),
        (ClassRule.TEAMS, {YELLOW, ISOLATED}, (YELLOW, YELLOW, ISOLATED), set()),
        (ClassRule.TEAMS, {YELLOW, ISOLATED}, (REGULAR, YELLOW, ISOLATED), {"takes_the_class"}),
    ],
)
def test_classes_are_kept_apart_as_the_setting_says(rule, classes, names, breaks):
    visits = [visit(door, infection_class=name) for door, name in zip(DOORS, names, strict=True)]
    crew = team(classes=None if classes is None else frozenset(classes))
    problem = day(*visits, teams=[crew], class_rule=rule)
    assert broken(problem, walk(problem, "A B C")) == breaks


def test_the_order_of_classes_holds_over_a_reload():
    problem = day(visit("A", infection_class=YELLOW), teams=[team(max_reloads=1)])
    assert broken(problem, walk(problem, "A reload B")) == {"classes_in_order"}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"only_teams": frozenset({"T1", "T2"})}, True),
        ({"only_teams": frozenset({"T2"})}, False),
        ({"only_teams": frozenset()}, False),
        ({"not_teams": frozenset({"T2"})}, True),
        ({"not_teams": frozenset({"T1"})}, False),
    ],
)
def test_a_visit_is_made_by_a_team_that_it_allows(changes, kept):
    problem = day(visit("B", **changes), teams=[team(), team("T2")])
    assert broken(problem, walk(problem, "A B C")) == (set() if kept else {"by_a_team_that_may"})


def test_an_open_end_is_at_the_last_door():
    problem = day(teams=[team(open_end=True)])
    route = walk(problem, "A B")
    assert (route.travel_s, route.finish_s) == (200, EIGHT + 200 + 600)
    assert broken(problem, route) == set()
    closed = replace(problem, teams=(team(),))
    assert broken(closed, route) == {"times_add_up", "totals_add_up"}
    assert broken(problem, walk(closed, "A B")) == {"times_add_up", "totals_add_up"}
    there = replace(problem.places[VisitId("B")], point=Point(25.1, 60.1))
    assert broken(replace(problem, places=problem.places | {VisitId("B"): there}), route) == {
        "steps_at_their_places"
    }


A_DONE = Done(visit=VisitId("A"), arrival_s=EIGHT + 500, start_service_s=EIGHT + 700, departure_s=EIGHT + 900)
LOCKS = Locks(
    team=TeamId("T1"), left_s=EIGHT - 60, done=(A_DONE,), order=(VisitId("C"),), free_s=EIGHT + 1200
)


def begun(locks=LOCKS, stops="A C B", start_s=EIGHT - 60, **more):
    problem = replace(day(**more), locks=(locks,))
    return problem, walk(problem, stops, start_s=start_s, locks=locks)


def test_a_day_that_has_begun_goes_on_from_what_has_happened():
    problem, route = begun()
    assert route.steps[2].arrival_s == EIGHT + 1200 + 200
    assert broken(problem, route) == set()


@pytest.mark.parametrize("name", ["arrival_s", "start_service_s", "departure_s"])
def test_history_is_kept_to_the_second(name):
    problem, route = begun()
    steps = list(route.steps)
    steps[1] = replace(steps[1], **{name: getattr(steps[1], name) + 1})
    assert "history_kept" in broken(problem, replace(route, steps=tuple(steps)))


def test_history_is_kept_in_its_place_and_needs_its_route():
    problem, route = begun()
    assert broken(problem) == {"history_kept"}
    assert "history_kept" in broken(problem, walk(problem, "C A B", start_s=EIGHT - 60, locks=LOCKS))
    assert "history_kept" in broken(problem, walk(problem, "A C B", start_s=EIGHT - 59, locks=LOCKS))
    shorter = replace(route, steps=route.steps[:1])
    assert "history_kept" in broken(problem, shorter)


def test_locked_stops_come_next_and_in_order():
    problem, route = begun()
    assert "order_kept" in broken(problem, walk(problem, "A B C", start_s=EIGHT - 60, locks=LOCKS))
    assert "order_kept" in broken(problem, walk(problem, "A", start_s=EIGHT - 60, locks=LOCKS))
    for place, wrong in (
        (1, StopLock.NONE),
        (2, StopLock.NONE),
        (2, StopLock.TEAM),
        (3, StopLock.ORDER),
        (3, StopLock.TEAM),
        (0, StopLock.DONE),
    ):
        steps = list(route.steps)
        steps[place] = replace(steps[place], lock=wrong)
        assert broken(problem, replace(route, steps=tuple(steps))) == {"locks_told"}


def test_a_visit_for_one_team_alone_may_say_that_its_team_holds_it():
    problem = day(visit("A", only_teams=frozenset({TeamId("T1")})))
    route = walk(problem, "A B C")
    steps = list(route.steps)
    steps[1] = replace(steps[1], lock=StopLock.TEAM)
    assert broken(problem, replace(route, steps=tuple(steps))) == set()


def test_nothing_is_planned_before_the_team_is_free():
    problem, route = begun()
    early = walk(problem, "A C B", start_s=EIGHT - 60, locks=replace(LOCKS, free_s=0))
    assert {"goes_on_when_free", "times_add_up"} <= broken(problem, early)
    waiting = Locks(team=TeamId("T1"), free_s=EIGHT + 600)
    problem, route = begun(waiting, "A", start_s=EIGHT + 600)
    assert broken(problem, route) == set()
    assert broken(problem, walk(problem, "A", start_s=EIGHT + 599)) == {"goes_on_when_free"}


def test_what_history_alone_breaks_is_held_against_nobody_and_takes_nothing_more():
    tired = {
        "max_visits": 0,
        "max_travel_s": 10,
        "capacity": 0,
        "shift": Window(EIGHT, EIGHT + 600),
        "classes": frozenset({YELLOW}),
    }
    alone = replace(LOCKS, order=())
    problem, route = begun(alone, "A", teams=[team(**tired)])
    assert broken(problem, route) == set()
    problem, route = begun(alone, "A B", teams=[team(**tired)])
    assert broken(problem, route) == {
        *("within_max_visits", "within_max_travel", "within_capacity", "inside_shift", "takes_the_class"),
    }


def test_windows_and_service_are_not_asked_of_what_has_happened():
    problem, route = begun()
    asked = replace(
        problem, visits=(visit("A", time_windows=(Window(NOON, NOON),), service_s=1), *problem.visits[1:])
    )
    assert broken(asked, route) == set()


def test_a_trip_that_history_began_is_asked_for_its_age_only_if_more_is_put_on_it():
    alone = replace(LOCKS, order=(), free_s=EIGHT + 4000)
    for stops, breaks in (("A", set()), ("A B", {"sample_age_kept"}), ("A reload B", set())):
        problem, route = begun(alone, stops, teams=[team(max_reloads=1)], max_sample_age_s=3000)
        assert broken(problem, route) == breaks


@pytest.mark.parametrize(
    ("free_s", "opens_s", "due"),
    [
        (1199, 300, True),
        (1200, 300, False),
        (2400, 1600, True),
        (2801, 1600, False),
    ],  # before it, after it, in it, too late
)
def test_a_break_is_due_if_the_team_is_free_while_it_can_be_taken(free_s, opens_s, due):
    pause, free_s = (
        Break(window=Window(EIGHT + opens_s, EIGHT + opens_s + 2100), duration_s=900),
        EIGHT + free_s,
    )
    problem, route = begun(replace(LOCKS, free_s=free_s), teams=[team(breaks=(pause,))])
    assert broken(problem, route) == ({"breaks_kept"} if due else set())


def test_floors_of_history_may_have_taken_no_longer_than_the_input_says():
    problem = day(service=ServiceTimes(entrance_s=60))
    problem = replace(
        problem,
        locks=(LOCKS,),
        places=problem.places | {VisitId("A"): replace(problem.places[VisitId("A")], access=Access(floor=1))},
    )
    route = walk(problem, "A C B", start_s=EIGHT - 60, locks=LOCKS)
    for setup, kept in ((0, True), (60, True), (61, False)):
        steps = list(route.steps)
        steps[1] = replace(steps[1], setup_s=setup, waiting_s=200 - setup)
        service_s, waiting_s = route.service_s + setup, route.waiting_s - setup
        found = broken(problem, replace(route, steps=tuple(steps), service_s=service_s, waiting_s=waiting_s))
        assert found == (set() if kept else {"setup_once_a_building"})


@pytest.mark.parametrize(
    ("wish", "count"), [("home_area_s", 1), ("same_team_s", 1), ("little_change_s", 2), ("compact_s", 1)]
)
def test_broken_wishes_are_counted_one_by_one(wish, count):
    visits = [
        visit("A", area="East", last_team=TeamId("T1")),
        visit("B", area="West", last_team=TeamId("T2")),
        visit("C"),
    ]
    before = {VisitId("A"): TeamId("T2"), VisitId("B"): TeamId("T2"), VisitId("C"): TeamId("T1")}
    problem = replace(
        day(*visits, teams=[team(home_area="East", max_reloads=1)], wishes=Wishes(**{wish: 7})), before=before
    )
    assert wishes_s(problem, [walk(problem, "A B C")]) == 7 * count
    over_the_depot = walk(problem, "A reload B C")
    assert wishes_s(problem, [over_the_depot]) == 7 * (0 if wish == "compact_s" else count)
    assert wishes_s(problem, []) == 0
    assert StepType.RELOAD in {step.type for step in over_the_depot.steps}
