"""Which times between two doors teach something, and what of them is known."""

import numpy as np
import pytest

from doorroute.day import Outcome, ResidentState
from doorroute.day.closing import Mark
from doorroute.day.learning import gaps_of
from doorroute.day.next_settings import with_learned
from doorroute.model.place import Place, Point, Precision
from doorroute.model.plan import Plan, Route, Step, StepType, Summary
from doorroute.model.problem import Problem
from doorroute.model.resident import Resident, Visit, Window
from doorroute.model.settings import Objective, ServiceTimes, Settings
from doorroute.model.team import Depot, Profile, Team
from doorroute.model.travel import UNREACHABLE, TravelMatrix

DAY_S = 8 * 3600
PEOPLE = {
    "V1": (Resident(id="R1", row=1),),
    "V2": (Resident(id="R2", row=2, people=2), Resident(id="R3", row=3, kind=" Bedridden ")),
    "V3": (Resident(id="R4", row=4),),
}


def marks(*told):
    return tuple(
        Mark(visit=visit, time_s=DAY_S + 60 * minute, outcome=Outcome.DONE) for visit, minute in told
    )


def gaps(*told, people=PEOPLE, before_v2=StepType.VISIT, windows=(), open_=(), way_s=100):
    """Return what T1's way from door to door teaches; each way takes 100 s, each setup 30 s."""
    point = Point(0.0, 0.0)
    visits = tuple(
        Visit(id=visit, residents=residents, service_s=1, time_windows=windows if visit == "V2" else ())
        for visit, residents in people.items()
    )
    place = Place(point=point, precision=Precision.GIVEN, score=1.0, source="given", entrance_id="E")
    stops = ("depot:D", *(f"visit:{visit}" for visit in people))
    table = np.where(np.eye(len(stops), dtype=bool), 0, way_s).astype(np.int32)
    problem = Problem(
        visits=visits,
        places=dict.fromkeys(people, place),
        teams=(Team(id="T1", start="D", end="D", shift=Window(0, 80_000)),),
        depots={"D": Depot(id="D")},
        depot_places={"D": place},
        travel={
            Profile.FOOT: TravelMatrix(
                profile=Profile.FOOT, stops=stops, duration_s=table, distance_m=table.copy()
            )
        },
    )
    kinds = [(StepType.START, None), (StepType.VISIT, "V1"), (before_v2, None), (StepType.VISIT, "V2")]
    steps = tuple(
        Step(type=kind, visit=visit, arrival_s=0, start_service_s=0, departure_s=0)
        for kind, visit in kinds
        if kind is not StepType.VISIT or visit
    )
    zero = dict.fromkeys(("start_s", "finish_s", "travel_s", "service_s", "waiting_s", "distance_m"), 0)
    made = Plan(
        date="2022-04-06", objective=Objective.FINISH, seed=1, unassigned=(), summary=Summary(**dict.fromkeys(
            (*("residents", "visits", "assigned", "unassigned", "finish_s", "lower_bound_finish_s"),
             *("longest_s", "mean_s", "travel_s", "service_s", "waiting_s", "distance_m")), 0)),
        routes=(Route(team="T1", profile=Profile.FOOT, steps=steps, **zero),),
    )  # fmt: skip
    standing = {
        each.id: ResidentState(outcome=Outcome.OPEN if each.id in open_ else Outcome.DONE)
        for residents in people.values()
        for each in residents
    }
    return gaps_of({"T1": marks(*told)}, made, problem, standing, lambda *_: 30)


def test_a_gap_says_the_way_the_setup_and_who_was_served():
    first, second = gaps(("V1", 10), ("V2", 24), ("V3", 30))
    assert (first.seconds, first.walk_s, first.setup_s, first.profile) == (14 * 60, 100, 30, Profile.FOOT)
    assert dict(first.people) == {"": 2, "bedridden": 1}
    assert dict(second.people) == {"": 1}


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ((("V1", 10),), {}),
        ((("V1", 10), ("V2", 10)), {}),  # marked in the same minute
        ((("V1", 10), ("V2", 24)), {"open_": ("R3",)}),  # done in part
        ((("V1", 10), ("V2", 150)), {}),  # too long to be a way
        ((("V1", 10), ("V2", 24)), {"before_v2": StepType.BREAK}),
        ((("V1", 10), ("V2", 24)), {"before_v2": StepType.RELOAD}),
        (
            (("V1", 10), ("V2", 24)),
            {"windows": (Window(DAY_S + 1200, DAY_S + 3600),)},
        ),  # waited for the window
        ((("V1", 10), ("V2", 24)), {"way_s": UNREACHABLE}),
        ((("V1", 10), ("V9", 24)), {}),
        ((("V1", 10), ("V2", 24)), {"people": PEOPLE | {"V2": (Resident(id="R2", row=2, service_s=300),)}}),
    ],
)
def test_what_teaches_nothing_is_left_out(told, more):
    assert gaps(*told, **more) == ()


def test_a_door_to_which_a_team_came_twice_teaches_nothing_but_the_way_on():
    assert [gap.seconds for gap in gaps(("V2", 5), ("V1", 10), ("V2", 24), ("V3", 30))] == [300, 360]


def test_learned_kinds_take_the_place_of_what_was_set_for_them_in_other_words():
    settings = Settings(service=ServiceTimes(kinds={"Bed-ridden": 300, "infant": 200}), max_snap_m=90)
    learned, comments = with_learned(
        settings, {"door": 70, "bedridden": 420}, {"door": "slow", "bedridden": "slower"}
    )
    assert learned.service == ServiceTimes(door_s=70, kinds={"infant": 200, "bedridden": 420})
    assert learned.max_snap_m == 90
    assert comments == {"service.door_s": "slow", "service.kinds.bedridden": "slower"}
