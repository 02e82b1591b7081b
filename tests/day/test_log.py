"""The log keeps each event once, in any order and after a crash; the last result of everybody counts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.day import LOG, Event, Outcome, append, fold, read_log
from doorroute.day.typed_results import read_typed
from doorroute.errors import BadInputError

DAY = "2022-04-06"
DOORS = {"V1": ("R1", "R2"), "V2": ("R3",), "V3": ("R4",)}
TEAMS = {"V1": "T1", "V2": "T1", "V3": "T2"}
EVENTS = st.lists(
    st.builds(
        Event,
        day=st.sampled_from([DAY, "2022-04-05"]),
        time_s=st.integers(8, 11).map(lambda hour: hour * 3600),
        visit=st.sampled_from(["V1", "V2", "V3", "V9"]),
        outcome=st.sampled_from(Outcome),
        residents=st.sampled_from([(), ("R1",), ("R3",)]),
        team=st.sampled_from([None, "T1", "T2"]),
        note=st.text(max_size=5),
    ),
    max_size=12,
)


def event(visit="V1", outcome=Outcome.DONE, hour=9, **more):
    return Event(day=DAY, time_s=hour * 3600, visit=visit, outcome=outcome, **more)


@given(EVENTS, st.randoms())
def test_the_state_is_the_same_in_whatever_order_and_however_often_events_come(events, chance):
    again = events + chance.choices(events, k=5) if events else []
    chance.shuffle(again)
    assert fold(again, DOORS, day=DAY, now_s=36_000) == fold(events, DOORS, day=DAY, now_s=36_000)


@given(EVENTS, st.integers(0, 11))
def test_a_dropped_event_changes_only_its_own_door_and_nobody_is_ever_lost(events, at):
    kept = [each for place, each in enumerate(events) if place != at]
    all_of_them, without = (fold(some, DOORS, day=DAY).residents for some in (events, kept))
    assert set(all_of_them) == set(without) == {"R1", "R2", "R3", "R4"}
    touched = set(events[at].residents or DOORS.get(events[at].visit, ())) if at < len(events) else set()
    assert all(all_of_them[each] == without[each] for each in set(all_of_them) - touched)


@given(EVENTS)
def test_what_is_appended_is_read_back_and_a_second_time_adds_nothing(tmp_path_factory, events):
    folder = tmp_path_factory.mktemp("day")
    assert append(folder, events).known == len(events) - len({each.id for each in events})
    assert append(folder, events).new == ()
    held, broken = read_log(folder)
    assert ({each.id for each in held}, broken) == ({each.id for each in events}, ())


def test_a_half_written_line_is_told_stays_apart_and_costs_no_other(tmp_path):
    append(tmp_path, [event("V1"), event("V2")])
    whole = (tmp_path / LOG).read_bytes()
    (tmp_path / LOG).write_bytes(whole[:-20])
    append(tmp_path, [event("V3")])
    held, broken = read_log(tmp_path)
    assert [each.visit for each in held] == ["V1", "V3"]
    assert [(each.code, each.row) for each in broken] == [("LOG_LINE_BROKEN", 2)]
    assert (tmp_path / LOG).read_bytes().startswith(whole[:-20] + b"\n")
    append(tmp_path, [event("V2")])
    assert {each.visit for each in read_log(tmp_path)[0]} == {"V1", "V2", "V3"}


def test_a_line_that_was_changed_is_not_believed(tmp_path):
    append(tmp_path, [event()])
    line = json.loads((tmp_path / LOG).read_text())
    (tmp_path / LOG).write_text(json.dumps({**line, "outcome": "refused"}) + "\n")
    held, broken = read_log(tmp_path)
    assert held == ()
    assert [each.code for each in broken] == ["LOG_LINE_BROKEN"]


def test_late_events_are_told_and_placed_by_their_time(tmp_path):
    append(tmp_path, [event(hour=10)])
    missed = event(outcome=Outcome.NOBODY_HOME, hour=9)
    assert append(tmp_path, [missed, event("V2", hour=8)]).late == (missed,)
    state = fold(read_log(tmp_path)[0], DOORS, day=DAY)
    assert (state.residents["R1"].outcome, state.residents["R1"].tries) == (Outcome.DONE, 1)
    assert state.findings == ()


@pytest.mark.parametrize(
    ("events", "codes"),
    [
        ([event(), event(outcome=Outcome.REFUSED, hour=10)], ["CONTRADICTION"]),
        ([event(team="T1"), event(team="T2", hour=10)], ["CONTRADICTION"]),
        ([event("V9")], ["UNKNOWN_VISIT"]),
        ([event(residents=("R99",))], ["UNKNOWN_VISIT"]),
        ([event(residents=("R1", "R99"))], ["UNKNOWN_VISIT"]),
        ([event(residents=("R3",))], []),  # seen at another door: the residents decide whom it is about
        ([event(hour=13)], ["IN_THE_FUTURE"]),
        ([Event(day="2022-04-05", time_s=0, visit="V1", outcome=Outcome.DONE)], ["OTHER_DAY"]),
    ],
)
def test_what_is_odd_is_told(events, codes):
    state = fold(events, DOORS, day=DAY, now_s=12 * 3600)
    assert [each.code for each in state.findings] == codes
    assert "R1" not in " ".join(each.message.into("zh") for each in state.findings)


def test_a_typed_table_is_read_in_chinese_and_every_odd_row_is_told(tmp_path):
    rows = (
        "户号,编号,状态,时间,队伍,备注\nV1,,已采样,9:05,,\n,R3,家中无人,2022-04-06 09:20,T2,敲门\n"
        "V9,,完成,9:30,,\nV3,,消失,9:30,,\nV3,,完成,昨天,,\nV3,,完成,2022-04-05 09:00,,\nV3,R3,完成,9:00,,\n"
    )
    (tmp_path / "r.csv").write_text(rows, encoding="gb18030")
    events, findings = read_typed(tmp_path / "r.csv", DOORS, day=DAY, teams=TEAMS)
    assert [(e.visit, e.residents, e.outcome, e.time_s, e.team) for e in events] == [
        ("V1", (), "done", 32_700, "T1"),
        ("V2", ("R3",), "nobody_home", 33_600, "T2"),
    ]
    assert [(each.row, each.code) for each in findings] == [
        (4, "UNKNOWN_VISIT"),
        (5, "UNKNOWN_STATUS"),
        (6, "UNKNOWN_TIME"),
        (7, "OTHER_DAY"),
        (8, "UNKNOWN_VISIT"),
    ]


def test_a_typed_table_without_a_status_is_refused_with_advice(tmp_path):
    (tmp_path / "r.csv").write_text("visit,time\nV1,9:00\n")
    with pytest.raises(BadInputError) as refused:
        read_typed(tmp_path / "r.csv", DOORS, day=DAY, teams=TEAMS)
    assert refused.value.code == "NO_RESULT_COLUMN"


def test_nothing_is_written_through_a_link_in_place_of_the_log(tmp_path):
    (tmp_path / "elsewhere").write_text("theirs\n")
    (tmp_path / "day").mkdir()
    (tmp_path / "day" / LOG).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInputError, match="OUT_HAS_LINK"):
        append(tmp_path / "day", [event()])
    assert (tmp_path / "elsewhere").read_text() == "theirs\n"
