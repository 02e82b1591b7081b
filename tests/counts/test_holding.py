"""Where further teams bring nobody home earlier, it is said what holds the hour, by the row."""

import pytest

from doorroute.counts import planning_parts as engine
from doorroute.counts.holding import why_no_earlier
from doorroute.counts.replay import Luck
from doorroute.counts.result import scenario_of
from doorroute.model.resident import Window
from tests.helpers.street_days import EIGHT, street, team, visit

CALM = Luck(service_cv=0, pace_cv=0, no_show=0, team_ill=0)
NEAR = {"V1": 60, "V2": 120, "V3": 180}


def said(places, visits=(), *, orders=(((2,), (0, 1)), ((2,), (0,), (1,))), teams=None):
    problem = street(places, list(visits), teams or [team(f"T{n}") for n in (1, 2, 3)])
    tables = engine.tabulate(problem)
    rows = [
        scenario_of(
            problem, engine.first_teams(tables, len(each)), each, by_s=EIGHT, chance=0.9, luck=CALM, seed=1
        )
        for each in orders
    ]
    told = why_no_earlier(rows)
    return None if told is None else (told.into("en"), told.into("zh"))


@pytest.mark.parametrize(
    ("places", "visits", "english", "chinese"),
    [
        (
            NEAR,
            [visit("V3", time_windows=(Window(EIGHT + 7200, EIGHT + 9000),))],
            "may not be visited before 10:00 (its window)",
            "约定 10:00 以后才能上门",
        ),
        (NEAR | {"V3": 3600}, [], "is far: 60 min of travel to it", "路远，单程要 60 分钟"),
        (NEAR, [visit("V3", service_s=5400)], "takes 90 min", "要 90 分钟"),
    ],
)
def test_a_window_a_far_door_and_a_long_visit_are_named_by_their_row(places, visits, english, chinese):
    told = said(places, visits)
    assert told is not None
    assert told[0].startswith("With 2, 3 teams, the last team is back at ")
    assert english in told[0]
    assert chinese in told[1]
    assert "row " in told[0]


def test_a_team_that_sets_out_late_is_named():
    late = team("T1", shift=Window(EIGHT + 7200, EIGHT + 14400))
    told = said(NEAR, teams=[late, team("T2"), team("T3")])
    assert "team T1 cannot leave before 10:00" in told[0]


def test_where_more_teams_are_sooner_nothing_holds():
    assert said(NEAR, orders=(((0, 1, 2),), ((2,), (0, 1)))) is None
