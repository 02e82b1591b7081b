"""Small days drawn by chance, with every rule and wish."""

from dataclasses import replace

from hypothesis import strategies as st

from doorroute.model.problem import Problem
from doorroute.model.resident import InfectionClass, TeamId, Window
from doorroute.model.settings import ClassRule, ServiceTimes, Settings, Wishes
from doorroute.model.team import DepotId
from tests.helpers.street_days import problems

AREAS = ("", "north", "south")
WISHES = ("home_area_s", "same_team_s", "little_change_s", "compact_s")


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """Draw a small day with all rules and wishes, nothing of it begun."""
    plain = draw(problems())
    names = [t.id for t in plain.teams] or [TeamId("T9")]
    visits = tuple(
        replace(
            v,
            suits=draw(st.integers(0, 2)),
            tubes=draw(st.integers(0, 2)),
            area=draw(st.sampled_from(AREAS)),
            only_teams=draw(st.none() | st.just(None) | st.frozensets(st.sampled_from(names), min_size=1)),
            not_teams=draw(st.just(frozenset()) | st.frozensets(st.sampled_from(names), max_size=1)),
            last_team=draw(st.none() | st.sampled_from(names)),
        )
        for v in plain.visits
    )
    teams = tuple(
        replace(
            t,
            suits=draw(st.none() | st.integers(0, 6)),
            tubes=draw(st.none() | st.integers(0, 6)),
            classes=draw(st.none() | st.frozensets(st.sampled_from(InfectionClass), min_size=1)),
            home_area=draw(st.sampled_from(AREAS)),
            more_shifts=draw(st.just(()) | st.just((Window(t.shift.end_s + 600, t.shift.end_s + 9000),))),
            open_end=draw(st.booleans()),
            max_reloads=draw(st.just(0) | st.integers(0, 2)),
            reload=draw(st.none() | st.sampled_from("DE").map(DepotId)),
        )
        for t in plain.teams
    )
    age = draw(st.none() | st.integers(600, 9000))
    if age is not None:
        teams = tuple(replace(t, open_end=False) for t in teams)
    rules = Settings(
        service=ServiceTimes(gear_s=draw(st.integers(0, 300))),
        wishes=Wishes(**{name: draw(st.integers(0, 900)) for name in WISHES}),
        class_rule=draw(st.sampled_from(ClassRule)),
        max_sample_age_s=age,
    )
    before = {v.id: draw(st.sampled_from(names)) for v in visits if draw(st.booleans())}
    return replace(plain, visits=visits, teams=teams, settings=rules, before=before)
