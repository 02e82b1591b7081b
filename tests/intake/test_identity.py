"""Who is who in a later list of the same day."""

import re
from dataclasses import replace

import pytest

from doorroute.errors import BadInputError
from doorroute.intake import IdRecord, match_people, match_visits, parse_record, updated_record, visits_of
from doorroute.intake.identity import visit_id
from doorroute.model.resident import InfectionClass, Resident, ResidentId

EMPTY = IdRecord(day="2022-04-06")


def person(row, name="王伟", phone="", address="和平路1号3室", own="", **more):
    return Resident(
        id=ResidentId(own or f"R{row}"), own_id=own, row=row, name=name, phone=phone, address=address, **more
    )


def planned(people, before=EMPTY):
    """Return the ids of people and doors, in the order of the rows, and the record after the plan."""
    named, known, told = match_people(people, before)
    visits, numbered = match_visits(visits_of(named).visits, before, known)
    record = updated_record(visits, before, numbered)
    behind = {resident.id: visit.id for visit in visits for resident in visit.residents}
    return (
        [each.id for each in named],
        [behind[each.id] for each in named],
        record,
        [each.code for each in told],
    )


def test_numbers_of_visits_have_at_most_four_characters_and_never_come_twice():
    names = [visit_id(number) for number in range(1, 40_000)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"V[0-9A-HJ-NP-Z]{1,4}", name) for name in names)
    assert (names[9998], names[9999]) == ("V9999", "VA000")
    last = 9999 + sum(24**letters * 10 ** (4 - letters) for letters in range(1, 5))
    assert visit_id(last) == "VZZZZ"
    with pytest.raises(BadInputError, match="TOO_MANY_DOORS"):
        visit_id(last + 1)


def test_rows_that_say_the_same_are_told_from_each_other_by_the_rest_of_the_row_wherever_they_are():
    young, old = person(2, note="卧床"), person(3)
    ids, _, record, _ = planned([young, old])
    assert planned([replace(old, row=2), replace(young, row=3)], record)[0] == ids[::-1]


def test_running_numbers_say_less_of_namesakes_than_the_rest_of_the_row():
    young, old = person(2, note="卧床", own="1"), person(3, own="2")
    ids, _, record, _ = planned([young, old])
    turned = [replace(old, row=2, own_id="1", id="1"), replace(young, row=3, own_id="2", id="2")]
    assert planned(turned, record)[0] == ids[::-1]
    inserted = [
        person(2, "李娜", own="1"),
        replace(young, own_id="2", id="2"),
        replace(old, own_id="3", id="3"),
    ]
    assert planned(inserted, record)[0][1:] == ids
    kept = [replace(young, own_id="A7", id="A7"), replace(old, own_id="A3", id="A3")]  # no running numbers
    ids, _, record, _ = planned(kept)
    assert planned([replace(kept[0], note=""), replace(kept[1], note="卧床")], record)[0] == ids


@pytest.mark.parametrize("rows", [1, 3])
def test_where_nothing_tells_namesakes_from_each_other_nobody_gets_the_id_of_one(rows):
    ids, _, record, _ = planned([person(2), person(3)])
    again = planned([person(row) for row in range(2, 2 + rows)], record)
    assert not set(ids) & set(again[0])
    assert (
        planned([person(row) for row in range(2, 2 + rows)], again[2])[0] == again[0]
    )  # as the checker does


def test_one_of_two_namesakes_whose_row_has_changed_is_known_by_the_other():
    ids, _, record, _ = planned([person(2, note="卧床"), person(3)])
    changed = person(2, infection_class=InfectionClass.ISOLATED)
    assert planned([changed, person(3, note="卧床")], record)[0] == ids[::-1]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"phone": "13900000000"}, ["SAME_PERSON"]),
        ({"address": "和平路1号4室"}, ["SAME_PERSON"]),
        ({"name": " 王 伟 "}, []),
        ({"phone": "138-0013 8000"}, []),
    ],
)
def test_who_is_known_by_two_of_three_keeps_the_id_and_that_is_told(change, codes):
    first = person(2, phone="13800138000")
    ids, _, record, _ = planned([first])
    again = planned([person(2, "李娜", "1", "x"), replace(first, row=3, id="R3", **change)], record)
    assert again[0][1] == ids[0]
    assert again[3] == codes


def test_a_number_of_the_list_is_the_person_unless_all_that_is_said_is_of_somebody_else():
    ids, _, record, _ = planned([person(2, own="A7", phone="138")])
    assert planned([person(9, "王玮", "138", "人民路8号", "A7")], record)[0] == ids
    other = planned([person(9, "李娜", "139", "人民路8号", "A7")], record)
    assert other[0] == ["A7-2"]
    assert other[3] == ["SAME_ID"]


def test_people_who_changed_their_numbers_keep_those_of_the_day():
    a, b = person(2, "王伟", "138", own="A1"), person(3, "李娜", "139", "人民路8号", "A2")
    _, _, record, _ = planned([a, b])
    ids, _, _, codes = planned([replace(a, id="A2", own_id="A2"), replace(b, id="A1", own_id="A1")], record)
    assert ids == ["A1", "A2"]
    assert codes == ["NUMBER_MOVED", "NUMBER_MOVED"]


def test_a_door_keeps_its_number_while_one_of_its_people_is_there_and_gives_it_to_nobody_else():
    a, b = person(2, "甲", "1"), person(3, "乙", "2")
    _, doors, record, _ = planned([a, b])
    assert doors == ["V1", "V1"]
    moved = replace(b, address="人民路8号")
    _, doors, record, _ = planned([a, moved], record)
    assert doors == ["V1", "V2"]
    new = person(4, "丙", "3")
    _, doors, record, _ = planned([new, moved], record)  # 甲 has gone; somebody else lives there now
    assert doors == ["V3", "V2"]
    _, doors, record, _ = planned([a, new, moved], record)
    assert doors == ["V3", "V3", "V2"]  # 甲 is back


def test_who_comes_back_has_the_id_of_before_and_nobody_had_it_meanwhile():
    _, _, record, _ = planned([person(row, f"人{row}", str(row)) for row in range(2, 6)])
    without = [person(row, f"人{row}", str(row)) for row in (3, 4, 5)]
    ids, _, record, _ = planned([person(2, "新人", "99"), *without], record)
    assert ids == ["R6", "R3", "R4", "R5"]
    ids, _, _, _ = planned([person(row, f"人{row}", str(row)) for row in range(2, 6)], record)
    assert ids == ["R2", "R3", "R4", "R5"]


def test_the_record_is_read_as_it_was_written_and_what_is_none_is_refused():
    _, _, record, _ = planned([person(2, phone="138"), person(3, "Ann", own="X")])
    assert parse_record(record.to_json()) == record
    assert "138" not in repr(record)
    assert "Ann" not in repr(record).replace("'X'", "")
    for broken in (b"", b"[]", b"{}", b'{"schema": "doorroute/ids/1"}', record.to_json()[:-20]):
        with pytest.raises(ValueError, match=r"."):
            parse_record(broken)
