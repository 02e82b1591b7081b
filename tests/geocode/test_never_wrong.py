"""For every door of a real map: it is found in its building, or a person is asked.

A number that does not exist is never replaced by another one.
"""

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from doorroute.geocode import Located, Query, locate, understand_address
from doorroute.geocode.spelling import key
from doorroute.model.settings import Settings

FLATS = ("", "/3", " Top 4", ", 2. Stock", ", Whg. 5", " as 7")


def plainly_numbered(index):
    """Return the doors with a street, a plain number and a town."""
    return [
        door
        for door in index.tables.doors
        if re.fullmatch(r"\d+[a-z]?", door.number)
        and door.city
        and door.known in {"building", "node", "entrance"}
    ]


def misspelt(name, chance):
    at = chance.randrange(1, len(name) - 1)
    return chance.choice(
        (name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], name[:at] + "x" + name[at + 1 :])
    )


@pytest.mark.parametrize("extract", ["helsinki", "liechtenstein"])
def test_doors_of_the_map_are_found_in_their_building_or_asked_about(extract, request):
    index = request.getfixturevalue(extract)
    chance = random.Random(4)  # noqa: S311 - the same rows every time
    doors = chance.sample(plainly_numbered(index), 400)
    queries, wanted = [], []
    for at, door in enumerate(doors):
        street = index.host(door.host).name
        spelled = misspelt(street, chance) if at % 3 == 0 and len(street) > 7 else street
        queries.append(
            Query(str(at), f"{spelled} {door.number}{chance.choice(FLATS)}, {door.postcode} {door.city}")
        )
        wanted.append(
            {
                other.building
                for other in index.doors(door.host, door.number)
                if key(other.city) == key(door.city)
            }
        )
    outcomes, _ = locate(queries, index, Settings())
    placed = [
        (outcome.place.entrance_id.split("|")[0], right)
        for outcome, right in zip(outcomes, wanted, strict=True)
        if isinstance(outcome, Located)
    ]
    assert [home for home, right in placed if home not in right] == []
    assert len(placed) >= 0.95 * len(doors)


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    number=st.integers(1, 400),
    letter=st.sampled_from(["", "", "q", "z"]),
    flat=st.sampled_from(["", ", 3. krs", " as 12"]),
)
def test_a_number_is_never_moved_to_another_one(helsinki, data, number, letter, flat):
    streets = sorted({door.host for door in plainly_numbered(helsinki)})
    street = helsinki.host(data.draw(st.sampled_from(streets)))
    asked = f"{number}{letter}"
    (outcome,), _ = locate([Query("Q", f"{street.name} {asked}{flat}, Helsinki")], helsinki, Settings())
    if isinstance(outcome, Located):
        hosts = helsinki.named(street.keys[0])
        homes = {door.building for host in hosts for door in helsinki.doors(host, asked)}
        assert outcome.place.entrance_id.split("|")[0] in homes


@settings(max_examples=200, deadline=None)
@given(
    compound=st.sampled_from(["蓝旗营", "紫荆学生公寓", "清华大学", "燕东园"]),
    number=st.integers(1, 60),
    word=st.sampled_from(["号楼", "栋", "公寓"]),
    unit=st.integers(1, 6),
    room=st.integers(101, 2499),
)
def test_a_chinese_building_is_never_moved_to_another_one(haidian, compound, number, word, unit, room):
    address = f"北京市海淀区{compound}{number}{word}{unit}单元{room}室"
    (outcome,), _ = locate([Query("Q", address)], haidian, Settings())
    if isinstance(outcome, Located):
        wanted = f"{number}公寓" if word == "公寓" else str(number)
        homes = {
            door.building for host in haidian.named(key(compound)) for door in haidian.doors(host, wanted)
        }
        assert outcome.place.entrance_id.split("|")[0] in homes
        assert (outcome.place.access.unit, outcome.place.access.room) == (str(unit), str(room))


@given(st.text(max_size=200))
@example("#0")
def test_any_text_is_understood_as_something(text):
    assert isinstance(str(understand_address(text)), str)
