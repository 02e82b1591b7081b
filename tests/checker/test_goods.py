"""What is carried."""

import pytest


def test_load_counted_is_the_sum_of_the_goods_so_far(drawn):
    for changes in ({"kits": 1}, {"suits": 1}, {"tubes": 2}):
        assert drawn.broken(problem=drawn.with_visit("V1", **changes)) == {"load_counted"}


@pytest.mark.parametrize("load", [(), (3,), (2, 0, 0), (4, 0, 0), (3, 0), (3, 0, 1), (3, 0, 0, 0)])
def test_load_counted_is_three_numbers_a_step(drawn, load):
    assert drawn.broken(routes=drawn.with_step("T1", 2, load=load)) == {"load_counted"}


@pytest.mark.parametrize(("capacity", "kept"), [(None, True), (4, True), (3, False), (0, False)])
def test_within_capacity_means_the_kits_of_the_whole_route(drawn, capacity, kept):
    broken = drawn.broken(problem=drawn.with_team("T2", capacity=capacity))
    assert broken == (set() if kept else {"within_capacity"})
