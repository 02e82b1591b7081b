"""However a list is edited between two plans of one day, no two people ever share an id, and whoever can be
known keeps theirs.
"""

import csv
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.intake import IdRecord, parse_record
from doorroute.pipeline.reading import read_tables

NAMES = ("王伟", "李娜", "Ann Smith", "ann  smith")


@dataclass
class Person:
    """Somebody in the street, with what the list says now; `number` is known to the test alone."""

    number: int
    name: str
    phone: str
    room: int


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "shuffle", "phone", "plan"]), st.integers(0, 99), st.randoms()
    ),
    min_size=3,
    max_size=12,
)


def edited(street, what, at, chance, used):
    """Make one edit; nobody moves in under the name of somebody who lived behind the same door that day."""
    here = at % (len(street) + 1)
    if what == "insert":
        number = 1000 + len(used)
        name = NAMES[at % 4] if at % 3 else f"新人{number}"
        room = 1 + at % 3
        if (plain(name), room) not in {(name, room) for name, _, room in used}:
            phone = "" if at % 5 == 0 else f"139{number:08}"
            street.insert(here, Person(number, name, phone, room))
    elif what == "delete" and len(street) > 1:
        del street[at % len(street)]
    elif what == "shuffle":
        chance.shuffle(street)
    elif what == "phone":
        street[at % len(street)].phone = f"138{len(used):04}{at:04}"
    used.extend((plain(one.name), one.phone, one.room) for one in street)


def plain(name):
    return "".join(name.casefold().split())


def written(file, street, ids):
    """Write the list as a street office does: with numbers of its own, with a running number, or without
    any.
    """
    number = {"own": lambda _, one: f"P{one.number}", "running": lambda at, _: at, "none": None}[ids]
    head = [] if number is None else ["序号"]
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow([*head, "姓名", "电话", "地址", "房号"])
        for at, one in enumerate(street, 1):
            rows.writerow(
                [*([] if number is None else [number(at, one)]), one.name, one.phone, "和平路1号", one.room]
            )


def planned(file, street, ids, record):
    """Return the day's record after a plan, and the id of each person, by the test's own number."""
    written(file, street, ids)
    tables = read_tables(file, record=record)
    again = read_tables(file, record=parse_record(tables.record.to_json()))
    assert again.record == tables.record  # the checker comes to the same from what was kept
    assert again.visits == tables.visits
    of_row = {resident.row: resident.id for resident in tables.residents.residents}
    assert len(of_row) + len(tables.residents.rejected) == len(street)
    behind = {resident.id: visit.id for visit in tables.visits for resident in visit.residents}
    people = {one.number: of_row[row] for row, one in enumerate(street, 2) if row in of_row}
    return tables.record, people, {number: behind[resident] for number, resident in people.items()}


@settings(max_examples=60, deadline=None)
@given(EDITS, st.sampled_from(["own", "running", "none"]), st.integers(1, 12))
def test_nobody_gets_the_id_of_another_and_who_can_be_known_keeps_it(tmp_path_factory, edits, ids, size):
    file = tmp_path_factory.mktemp("list") / "list.csv"
    street = [Person(n, NAMES[n % 4], f"138{n:08}" if n % 3 else "", 1 + n % 5 % 3) for n in range(size)]
    record, given_to, doors = IdRecord(day="2022-04-06"), {}, {}
    used = [(plain(one.name), one.phone, one.room) for one in street]
    last = {}
    for what, at, chance in [("plan", 0, None), *edits, ("plan", 0, None)]:
        if what != "plan":
            edited(street, what, at, chance, used)
            continue
        record, people, visits = planned(file, street, ids, record)
        for number, resident in people.items():
            assert given_to.setdefault(resident, number) == number, "an id went to somebody else"
        for visit in set(visits.values()):
            who = {number for number, at_door in visits.items() if at_door == visit}
            assert doors.setdefault(visit, set()) == set() or doors[visit] & who, (
                "a door's number went elsewhere"
            )
            doors[visit] |= who
        names = [(plain(one.name), one.room) for one in street]
        for one in street:
            told_apart = names.count((plain(one.name), one.room)) == 1
            if ids == "own" or (
                told_apart and {room for name, _, room in used if name == plain(one.name)} == {one.room}
            ):
                alone = len({p for name, p, room in used if (name, room) == (plain(one.name), one.room)}) == 1
                if (ids == "own" or alone) and one.number in last and one.number in people:
                    assert people[one.number] == last[one.number], "somebody who can be known has another id"
        last |= people
