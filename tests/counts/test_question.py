"""What can be asked, and how what cannot is refused."""

import pytest

from doorroute.counts import Question, WhatIf, read_question
from doorroute.counts.question import (
    OVERTIME_S,
    change_of,
    changed_problem,
    changed_teams,
    chosen_counts,
    counts_of,
    finish_by,
    shift_of,
)
from doorroute.errors import BadInputError
from doorroute.intake.times import clock_of
from doorroute.model.resident import Window
from doorroute.model.team import Depot, DepotId
from tests.helpers.street_days import EIGHT, NOON, street, team

TEAMS = (team("T1"), team("T2", shift=Window(EIGHT, EIGHT + 7200)), team("T3"))
DEPOTS = {DepotId(name): Depot(id=DepotId(name)) for name in "DE"}


def test_texts_are_read_as_people_write_them():
    assert counts_of("4:14") == (4, 14)
    assert counts_of(" 9 ") == (9, 9)
    assert change_of("+20%") == pytest.approx(1.2)
    assert change_of("-10 %") == pytest.approx(0.9)
    assert clock_of("12:00") == NOON
    assert shift_of("07:30-12:00") == Window(27000, NOON)


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (counts_of, "14:4", "RANGE_UPSIDE_DOWN"),
        (counts_of, "0:3", "NO_TEAMS"),
        (counts_of, "many", "RANGE_WRONG"),
        (counts_of, "1:900", "RANGE_TOO_LONG"),
        (change_of, "20", "CHANGE_WRONG"),
        (change_of, "-100%", "CHANGE_WRONG"),
        (clock_of, "25:00", "CLOCK_WRONG"),
        (clock_of, "24:01", "CLOCK_WRONG"),
        (clock_of, "soon", "CLOCK_WRONG"),
        (shift_of, "12:00-08:00", "IMPOSSIBLE_SHIFT"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(read, text, code):
    with pytest.raises(BadInputError) as caught:
        read(text)
    assert caught.value.code == code


def test_a_team_stays_at_home_and_unknown_ones_are_told_with_those_that_are_known():
    assert [each.id for each in changed_teams(WhatIf(without=("t2",)), TEAMS, DEPOTS)] == ["T1", "T3"]
    with pytest.raises(BadInputError) as caught:
        changed_teams(WhatIf(without=("T9",)), TEAMS, DEPOTS)
    assert caught.value.code == "UNKNOWN_TEAM"
    assert "T1, T2, T3" in str(caught.value.advice)
    with pytest.raises(BadInputError):
        changed_teams(WhatIf(without=("T1", "T2", "T3")), TEAMS, DEPOTS)


def test_depots_are_given_out_in_turn_and_unknown_ones_refused():
    assert [each.start for each in changed_teams(WhatIf(depots=("E", "D")), TEAMS, DEPOTS)] == ["E", "D", "E"]
    with pytest.raises(BadInputError) as caught:
        changed_teams(WhatIf(depots=("F",)), TEAMS, DEPOTS)
    assert caught.value.code == "UNKNOWN_DEPOT"


def test_one_shift_for_all_teams():
    changed = changed_teams(WhatIf(shift=Window(27000, NOON)), TEAMS, DEPOTS)
    assert {each.shift for each in changed} == {Window(27000, NOON)}


def test_the_last_shifts_run_on_and_shorter_ones_are_kept():
    problem = changed_problem(street({"V1": 5}, teams=TEAMS), WhatIf(service=1.2), TEAMS)
    assert [each.shift.end_s for each in problem.teams] == [
        NOON + OVERTIME_S,
        EIGHT + 7200,
        NOON + OVERTIME_S,
    ]
    assert problem.visits[0].service_s == 360


def test_done_means_the_end_of_the_last_shift_unless_asked_otherwise():
    asked = Question(whatifs=(WhatIf(),), finish_by_s=EIGHT)
    assert finish_by(Question(whatifs=(WhatIf(),)), TEAMS) == NOON
    with pytest.raises(BadInputError) as caught:
        finish_by(asked, TEAMS)
    assert caught.value.code == "FINISH_BEFORE_SHIFT"


def test_counts_are_those_asked_for_or_a_tables_half_to_all():
    assert list(chosen_counts(WhatIf(counts=(2, 3)), 3)) == [2, 3]
    assert list(chosen_counts(WhatIf(), 5)) == [3, 4, 5]
    with pytest.raises(BadInputError) as caught:
        chosen_counts(WhatIf(counts=(2, 4)), 3)
    assert caught.value.code == "TOO_FEW_TEAMS"


def read(tmp_path, text):
    file = tmp_path / "scenarios.toml"
    file.write_text(text, encoding="utf-8")
    return read_question(file, Question(whatifs=(WhatIf(counts=(4, 6)),)))


def test_a_file_holds_several_scenarios_and_the_options_are_what_it_does_not_say(tmp_path):
    made = read(
        tmp_path,
        'finish_by = "11:30"\nchance = 0.8\n[luck]\nno_show = 0.1\n[[scenario]]\nname = "plain"\n'
        '[[scenario]]\nname = "slow"\nservice = "+20%"\nwithout = "T3"\nteams = "2:3"\n',
    )
    assert [(each.name, each.counts, each.without) for each in made.whatifs] == [
        ("plain", (4, 6), ()),
        ("slow", (2, 3), ("T3",)),
    ]
    assert (made.finish_by_s, made.chance, made.luck.no_show) == (41400, 0.8, 0.1)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("finish = 3", "SETTING_UNKNOWN", "finish_by, chance, time_limit_s, luck, scenario"),
        ('[[scenario]]\nserivce = "+20%"', "SETTING_UNKNOWN", "scenario.service"),
        ("[luck]\nrain = 1", "SETTING_UNKNOWN", "luck.no_show"),
        ("[luck]\nno_show = 2", "SETTING_WRONG", ""),
        ("chance = 90", "CHANCE_WRONG", ""),
        ("chance = true", "SETTING_WRONG", ""),
        ("scenario = 1", "SETTING_WRONG", ""),
        ("[[scenario", "SCENARIOS_NOT_TOML", ""),
        ('[[scenario]]\nname = "a"\n[[scenario]]\nname = "a"', "SCENARIO_TWICE", ""),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_what_can(tmp_path, text, code, told):
    with pytest.raises(BadInputError) as caught:
        read(tmp_path, text)
    assert caught.value.code == code
    assert told in str(caught.value.advice)
