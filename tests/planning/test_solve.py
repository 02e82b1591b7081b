"""The whole way from a problem to a plan, with the search in its child process."""

from doorroute.model.settings import Objective
from doorroute.planning import solve
from doorroute.verify import check

from .drawn import street, team


def test_two_teams_share_a_street_so_that_the_last_is_home_soonest():
    problem = street({"A": 100, "B": 110, "C": -100, "Z": -110}, teams=(team("T1"), team("T2")))
    solution = solve(problem, objective=Objective.FINISH, time_limit_s=4, seed=1)
    assert check(problem, solution.routes, solution.unassigned) == ()
    assert not solution.unassigned
    assert {frozenset(route.visits) for route in solution.routes} == {frozenset("AB"), frozenset("CZ")}


def test_least_travel_sends_one_team_where_two_would_walk_more():
    problem = street({"A": 100, "B": 110}, teams=(team("T1"), team("T2")))
    solution = solve(problem, objective=Objective.TRAVEL, time_limit_s=4, seed=1)
    assert [set(route.visits) for route in solution.routes] == [{"A", "B"}]
    assert solution.routes[0].travel_s == 220
