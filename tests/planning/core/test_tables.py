"""The problem as numbers."""

import numpy as np

from doorroute.model.place import Access
from doorroute.model.resident import InfectionClass, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.model.team import DepotId, Profile
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, NO_WINDOW, tabulate
from tests.helpers.street_days import EIGHT, NOON, TEN, street, team, visit


def test_going_somewhere_is_travel_and_setup():
    settings = Settings(service=ServiceTimes(entrance_s=60, floor_s=30, lift_s=40))
    access = {
        "A": Access(floor=3, lift=False),
        "B": Access(floor=3, lift=True),
        "C": Access(floor=1, lift=True),
    }
    tables = tabulate(street({"A": 100, "B": 200, "C": 300}, access=access, settings=settings))
    assert tables.go_s[0, 3].tolist() == [100 + 60 + 60, 200 + 60 + 40, 300 + 60, 0]
    assert tables.travel_s[0, 3].tolist() == [100, 200, 300, 0]
    assert tables.go_s[0, :, 3].tolist() == [100, 200, 300, 0]  # home costs no setup


def test_a_floor_or_lift_that_nobody_knows_of_counts_as_none():
    settings = Settings(service=ServiceTimes(entrance_s=60, floor_s=30, lift_s=40))
    tables = tabulate(
        street({"A": 100, "B": 200}, access={"A": Access(), "B": Access(floor=2)}, settings=settings)
    )
    assert tables.go_s[0, 2, :2].tolist() == [160, 290]


def test_a_falling_class_and_a_closed_street_are_forbidden():
    doors = [visit("R"), visit("I", infection_class=InfectionClass.ISOLATED)]
    tables = tabulate(street({"R": 100, "I": 200}, doors, closed=[("D", "I")]))
    assert tables.go_s[0, 1, 0] == FORBIDDEN  # isolated, then regular
    assert tables.travel_s[0, 1, 0] == 100
    assert tables.go_s[0, 2, 1] == tables.travel_s[0, 2, 1] == FORBIDDEN  # the closed street
    assert tables.go_s[0, 0, 1] == tables.go_s[0, 1, 2] - 100 == 100  # and home from anywhere


def test_windows_are_padded_and_no_window_is_any_time():
    doors = [visit("B", time_windows=(Window(TEN, NOON), Window(EIGHT, EIGHT + 60)))]
    tables = tabulate(street({"A": 100, "B": 200}, doors))
    assert tables.opens_s[:2].tolist() == [[0, NO_WINDOW], [EIGHT, TEN]]
    assert tables.closes_s[:2].tolist() == [[FORBIDDEN, NO_WINDOW], [EIGHT + 60, NOON]]


def test_tiers_are_counted_from_the_most_urgent_priority_that_occurs():
    doors = [visit("A", priority=7), visit("B", priority=2), visit("C", priority=7)]
    tables = tabulate(street({"A": 1, "B": 2, "C": 3}, doors))
    assert tables.tier[:3].tolist() == [1, 0, 1]
    assert tables.tiers == 2


def test_teams_share_depots_and_profiles_and_keep_their_own_limits():
    teams = [team(capacity=5), team("T2", end=DepotId("E"), profile=Profile.CAR, max_visits=3), team("T3")]
    first, second, third = tabulate(street({"A": 100}, teams=teams, depots={"E": 5})).crews
    assert (first.start, first.end, second.start, second.end) == (1, 1, 1, 2)
    assert (first.profile, second.profile, third.profile) == (0, 1, 0)
    assert (first.capacity[0], first.max_visits, second.capacity[0], second.max_visits) == (
        5,
        NO_LIMIT,
        NO_LIMIT,
        3,
    )


def test_nobody_and_nothing_make_empty_tables():
    tables = tabulate(street({}, teams=()))
    assert (tables.n, tables.crews, tables.tiers) == (0, (), 1)
    assert tables.go_s.shape == (0, 0, 0)
    assert np.array_equal(tabulate(street({})).go_s, [[[0]]])
