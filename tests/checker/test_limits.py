"""What a team can do."""

import pytest

from doorroute.checker import check
from doorroute.model.resident import InfectionClass

REGULAR, YELLOW, ISOLATED = InfectionClass


@pytest.mark.parametrize(("most", "kept"), [(None, True), (3, True), (2, False), (0, False)])
def test_within_max_visits_counts_doors_and_neither_breaks_nor_depots(drawn, most, kept):
    for team in ("T1", "T2"):
        broken = drawn.broken(problem=drawn.with_team(team, max_visits=most))
        assert broken == (set() if kept else {"within_max_visits"})


@pytest.mark.parametrize("limit", ["max_travel_s", "max_distance_m"])
def test_within_max_travel_counts_all_ways_of_the_route_and_nothing_else(drawn, limit):
    route = drawn.route("T1")
    most = route.travel_s if limit == "max_travel_s" else route.distance_m
    assert drawn.broken(problem=drawn.with_team("T1", **{limit: most})) == set()
    assert drawn.broken(problem=drawn.with_team("T1", **{limit: most - 1})) == {"within_max_travel"}


@pytest.mark.parametrize(("skills", "kept"), [({"infant"}, True), ({"night"}, False), (set(), False)])
def test_has_skills_means_all_that_the_visit_needs(drawn, skills, kept):
    violations = check(
        drawn.with_team("T2", skills=frozenset(skills)), drawn.plan.routes, drawn.plan.unassigned
    )
    assert [(v.rule, v.visit) for v in violations] == ([] if kept else [("has_skills", "V4")])


@pytest.mark.parametrize(
    ("classes", "late"),
    [
        ((REGULAR, REGULAR, REGULAR), []),
        ((REGULAR, YELLOW, ISOLATED), []),
        ((YELLOW, YELLOW, YELLOW), []),
        ((REGULAR, ISOLATED, ISOLATED), []),
        ((YELLOW, REGULAR, YELLOW), ["V6"]),
        ((ISOLATED, YELLOW, REGULAR), ["V6", "V4"]),
        ((REGULAR, ISOLATED, YELLOW), ["V4"]),
        ((YELLOW, REGULAR, REGULAR), ["V6", "V4"]),
    ],
)
def test_classes_in_order_never_fall_on_a_route(drawn, classes, late):
    problem = drawn.problem
    for visit, infection_class in zip(("V5", "V6", "V4"), classes, strict=True):
        problem = drawn._replace(problem=problem).with_visit(visit, infection_class=infection_class)
    violations = check(problem, drawn.plan.routes, drawn.plan.unassigned)
    assert [v.visit for v in violations] == late
    assert {v.rule for v in violations} <= {"classes_in_order"}


def test_no_message_tells_a_health_class_or_a_skill(drawn):
    problem = drawn.with_visit("V5", infection_class=ISOLATED, skills=frozenset({"wheelchair"}))
    texts = [v.message.into(lang) for v in check(problem, drawn.plan.routes, ()) for lang in ("en", "zh")]
    assert len(texts) >= 6
    assert not any(
        word in text for text in texts for word in ("isolated", "yellow", "wheelchair", "infant", "R9")
    )
