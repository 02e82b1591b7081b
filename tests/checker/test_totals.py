"""Sums."""

import pytest

from doorroute.checker import check

NAMES = ("start_s", "finish_s", "travel_s", "service_s", "waiting_s", "distance_m")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("team", ["T1", "T2"])
@pytest.mark.parametrize("wrong_by", [1, -1])
def test_totals_add_up_for_each_number_of_a_route(drawn, team, name, wrong_by):
    found = getattr(drawn.route(team), name)
    violations = check(
        drawn.problem, drawn.with_route(team, **{name: found + wrong_by}), drawn.plan.unassigned
    )
    assert [(v.rule, v.team) for v in violations] == [("totals_add_up", team)]
    assert str(violations[0].message) == f"{name} is {found + wrong_by}; by the steps it should be {found}."


def test_totals_add_up_without_the_breaks(drawn):
    """A longer break is no service of a door: T1's 900 s are in no sum."""
    assert drawn.route("T1").service_s == sum(s.setup_s + s.service_s for s in drawn.route("T1").steps) - 900
