"""What a new plan tells each team against the one before."""

from dataclasses import replace

import pytest

from doorroute.day.route_changes import changes_between


@pytest.fixture(scope="module")
def plan_of(make_day):
    return lambda *shares: make_day(visits=8, teams=len(shares), shares=shares)[0]


def told(plan_of, before, after, **more):
    return changes_between(
        plan_of(*before), plan_of(*after), **{"addresses": {"V1": "Secretstreet 1"}} | more
    )


def test_the_same_plan_again_changes_nothing(plan_of):
    for change in told(plan_of, [(1, 2, 3), (4, 5)], [(1, 2, 3), (4, 5)]).values():
        assert (change.new, change.moved, change.gone) == (frozenset(), frozenset(), ())


def test_a_door_that_went_to_another_team_is_gone_there_and_new_here(plan_of):
    changes = told(plan_of, [(1, 2, 3), (4, 5)], [(2, 3), (4, 1, 5)])
    (gone,) = changes["T1", 0].gone
    assert (gone.visit, gone.number, gone.address, gone.team) == ("V1", 1, "Secretstreet 1", "T2")
    assert changes["T2", 0].new == {"V1"}
    assert changes["T1", 0].moved == changes["T2", 0].moved == frozenset()


def test_one_door_put_last_is_the_one_that_moved(plan_of):
    assert told(plan_of, [(1, 2, 3, 4)], [(2, 3, 4, 1)])["T1", 0].moved == {"V1"}


def test_a_door_on_no_route_any_more_is_nobodys_and_goes_by_its_id_without_an_address(plan_of):
    (gone,) = told(plan_of, [(1, 2)], [(1,)])["T1", 0].gone
    assert (gone.address, gone.team) == ("V2", None)


def test_what_is_finished_is_not_told_as_gone(plan_of):
    assert told(plan_of, [(1, 2, 3)], [(3,)], done={"V1", "V2"})["T1", 0].gone == ()


def test_a_team_without_a_route_before_has_all_doors_new(plan_of):
    before = plan_of((1, 2))
    after = plan_of((1,), (2, 3))
    assert changes_between(before, after, addresses={})["T2", 0].new == {"V2", "V3"}
    assert changes_between(replace(before, routes=()), after, addresses={})["T1", 0].new == {"V1"}


def test_it_keeps_when_each_door_was_expected(plan_of):
    changes = told(plan_of, [(1, 2, 3)], [(3, 1)])
    before = {step.visit: step.arrival_s for step in plan_of((1, 2, 3)).routes[0].steps if step.visit}
    assert changes["T1", 0].was_s == {"V3": before["V3"], "V1": before["V1"]}


def test_addresses_of_gone_doors_stay_out_of_repr(plan_of):
    assert "Secretstreet" not in repr(told(plan_of, [(1, 2)], [(2,)]))


def test_a_team_with_several_shifts_is_compared_shift_by_shift(plan_of):
    def in_shifts(*shares):
        plan = plan_of(*shares)
        return replace(plan, routes=tuple(replace(r, team="T1", shift=n) for n, r in enumerate(plan.routes)))

    changes = changes_between(in_shifts((1, 2, 3), (4, 5)), in_shifts((1, 3), (4, 2, 5)), addresses={})
    assert [(gone.visit, gone.team) for gone in changes["T1", 0].gone] == [("V2", "T1")]
    assert changes["T1", 0].new == frozenset()
    assert (changes["T1", 1].new, changes["T1", 1].gone) == ({"V2"}, ())
