"""The reason of an unassigned visit is checked by the input: the engine's holds, any other is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.checker.reasons import NEARER, check_reasons
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.resident import VisitId, Window
from doorroute.model.settings import ClassRule, Settings
from doorroute.planning.core.insertion import Filler
from doorroute.planning.core.score import no_orders
from doorroute.planning.core.tables import tabulate
from doorroute.planning.reasons.explain import explain
from doorroute.texts import msg
from tests.helpers.street_days import EIGHT, problems, street, team, visit


def explained(problem):
    tables = tabulate(problem)
    return explain(problem, tables, Filler(tables, tables.go_s).fill(no_orders(tables), range(tables.n)))


@settings(max_examples=60, deadline=None)
@given(problem=problems(), rule=st.sampled_from(ClassRule), age_s=st.none() | st.integers(60, 7200))
def test_every_reason_that_the_engine_gives_holds(problem, rule, age_s):
    try:
        problem = replace(problem, settings=Settings(class_rule=rule, max_sample_age_s=age_s))
    except ValueError:  # where samples may not grow old, every trip ends at a lab
        return
    assert check_reasons(problem, explained(problem)) == ()


NOBODY = visit("A", skills=frozenset({"infant"}))
LATE = visit("A", time_windows=(Window(EIGHT, EIGHT + 60),))
NEAR = visit("A")


@pytest.mark.parametrize("code", [*NEARER, Reason.NO_ROOM_LEFT, Reason.DUPLICATE, Reason.NO_LOCATION])
@pytest.mark.parametrize("ever", [True, False])
@pytest.mark.parametrize(
    ("door", "right"), [(NOBODY, Reason.SKILL), (LATE, Reason.TIME_WINDOW), (NEAR, None)]
)
def test_of_all_reasons_only_the_right_one_holds(code, ever, door, right):
    problem = street({"A": 1000}, [door])
    wrong = check_reasons(problem, [told(code, ever=ever)])
    holds = (code, ever) == ((right, False) if right else (Reason.NO_ROOM_LEFT, True))
    assert (wrong == ()) is holds
    assert all(each.message.into("zh") for each in wrong)


def told(code, *, ever):
    return Unassigned(
        visit=VisitId("A"), residents=(), code=code, ever=ever, detail=msg("x"), remedy=msg("y")
    )


def test_the_team_that_comes_nearest_gives_the_reason():
    problem = street({"A": 1000}, [NOBODY], [team(), team("T2", skills=frozenset({"infant"}), max_visits=0)])
    assert check_reasons(problem, [told(Reason.MAX_VISITS, ever=False)]) == ()
    assert check_reasons(problem, [told(Reason.SKILL, ever=False)])
