"""Residents behind one door become one visit, and nobody is in two or in none."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from doorroute.intake import visits_of
from doorroute.intake.door_keys import plain_address
from doorroute.model.place import Access, GivenPoint
from doorroute.model.resident import InfectionClass, Resident, ResidentId, Window
from doorroute.model.settings import ServiceTimes, Settings

HOUR = 3600


def person(row: int, address: str = "Street 1", room: str = "", **more: object) -> Resident:
    return replace(
        Resident(id=ResidentId(f"R{row}"), row=row, address=address, access=Access(room=room)), **more
    )


def rows_of(*residents: Resident) -> list[list[int]]:
    return [[resident.row for resident in visit.residents] for visit in visits_of(residents).visits]


def test_the_same_flat_is_one_door_however_it_is_spelled() -> None:
    assert rows_of(person(2, "Annankatu 25, Helsinki", "５"), person(3, "ANNANKATU 25 Helsinki", "5")) == [
        [2, 3]
    ]
    in_building = [person(2, "海滨小区"), person(3, "海滨小区")]
    spelled = [
        Access(building="3号楼", unit="2单元", room="501室"),
        Access(building="3", unit="2", room="501"),
    ]
    assert rows_of(*(replace(r, access=access) for r, access in zip(in_building, spelled, strict=True))) == [
        [2, 3]
    ]


def test_two_flats_of_one_building_are_two_doors() -> None:
    assert rows_of(person(2, room="5"), person(3, room="6")) == [[2], [3]]
    assert rows_of(person(2, "Street 12", "3"), person(3, "Street 1", "23")) == [[2], [3]]


def test_a_flat_in_the_address_is_a_flat() -> None:
    for address in ("Fabianinkatu 34 B 4", "Fabianinkatu 34/4", "海滨小区3栋501室", "Street 1 apt 4"):
        assert rows_of(person(2, address), person(3, address)) == [[2, 3]], address


def test_one_address_without_flats_is_many_homes_unless_phone_or_household_say_one() -> None:
    assert rows_of(person(2), person(3)) == [[2], [3]]
    assert rows_of(person(2, phone="1 23"), person(3, phone="123")) == [[2, 3]]
    assert rows_of(person(2, household="H1"), person(3, household="h1")) == [[2, 3]]


def test_a_household_reaches_members_whose_flat_nobody_wrote() -> None:
    first, second, third = person(2, room="5"), person(3, household="H1"), person(4, room="5", household="H1")
    assert rows_of(first, second, third) == [[2, 3, 4]]


def test_a_household_at_two_addresses_or_flats_is_split_and_told_once() -> None:
    for other in (person(3, "Street 2", household="H1"), person(3, room="6", household="H1")):
        table = visits_of([person(2, room="5", household="H1"), other, replace(other, row=4)])
        assert [len(visit.residents) for visit in table.visits] == [1, 2]
        assert [(finding.code, finding.row) for finding in table.findings] == [("HOUSEHOLD_APART", 3)]


def test_points_far_apart_are_two_doors_whatever_the_address() -> None:
    near, far = GivenPoint(24.940, 60.170), GivenPoint(24.960, 60.170)
    assert rows_of(person(2, room="5", given=near), person(3, room="5", given=far)) == [[2], [3]]
    assert rows_of(person(2, room="5", given=near), person(3, room="5")) == [[2, 3]]
    assert rows_of(person(2, "", given=near), person(3, "", given=near), person(4, "", given=far)) == [
        [2, 3],
        [4],
    ]


def test_a_door_takes_the_strictest_of_its_residents() -> None:
    together = [
        person(2, room="5", kits=2, skills=frozenset({"a"}), priority=3),
        person(3, room="5", infection_class=InfectionClass.ISOLATED, skills=frozenset({"b"}), priority=1),
        person(4, room="5", infection_class=InfectionClass.YELLOW),
    ]
    (visit,) = visits_of(together).visits
    assert (visit.id, visit.resident_ids) == ("V1", ("R2", "R3", "R4"))
    assert (visit.infection_class, visit.kits, visit.skills, visit.priority) == ("isolated", 4, {"a", "b"}, 1)


def test_the_time_at_the_door_is_once_the_door_and_each_person() -> None:
    settings = Settings(service=ServiceTimes(door_s=60, resident_s=180))
    together = [
        person(2, room="5"),
        person(3, room="5", people=2),
        person(4, room="5", people=4, service_s=100),
    ]
    assert visits_of(together, settings).visits[0].service_s == 60 + 180 + 2 * 180 + 100


def test_the_windows_of_a_door_are_those_that_all_share() -> None:
    morning, late, noon = (
        Window(8 * HOUR, 10 * HOUR),
        Window(9 * HOUR, 12 * HOUR),
        Window(11 * HOUR, 12 * HOUR),
    )
    together = [
        person(2, room="5", time_windows=(morning, noon)),
        person(3, room="5", time_windows=(late,)),
        person(4, room="5"),
    ]
    (visit,) = visits_of(together).visits
    assert visit.time_windows == (Window(9 * HOUR, 10 * HOUR), noon)


def test_residents_who_can_be_met_at_no_common_time_are_visited_apart_and_told() -> None:
    early, late = (Window(8 * HOUR, 9 * HOUR),), (Window(11 * HOUR, 12 * HOUR),)
    table = visits_of(
        [person(2, room="5", time_windows=early), person(3, room="5", time_windows=late), person(4, room="5")]
    )
    assert [visit.resident_ids for visit in table.visits] == [("R2", "R4"), ("R3",)]
    assert [(finding.code, finding.row) for finding in table.findings] == [("WINDOWS_APART", 3)]


def test_floors_and_lifts_that_differ_are_told_and_the_slower_way_counts() -> None:
    ways = [Access(room="5", floor=2, lift=True), Access(room="5", floor=3, lift=False)]
    table = visits_of([person(2, access=ways[0]), person(3, access=ways[1])])
    assert (table.visits[0].access.floor, table.visits[0].access.lift) == (3, False)
    assert [finding.code for finding in table.findings] == ["ACCESS_DIFFERS"]


def test_nothing_between_two_numbers_is_lost_when_addresses_are_compared() -> None:
    assert plain_address("12-3") != plain_address("123")
    assert plain_address("1 2 3") == "1-2-3"
    assert plain_address("Annankatu 25 A, Helsinki") == plain_address("annankatu 25a helsinki")
    assert plain_address("３号楼 2单元") == plain_address("3号楼2单元")


some_text = st.sampled_from(["", "A 1", "a1", "B 2/3", "B 2-3"])
some_window = st.tuples(st.integers(0, 20), st.integers(1, 4)).map(
    lambda w: (Window(w[0] * HOUR, (w[0] + w[1]) * HOUR),)
)
some_person = st.builds(
    Resident,
    id=st.just(ResidentId("R")),
    row=st.just(0),
    address=some_text.filter(bool),
    household=st.sampled_from(["", "H1", "H2"]),
    phone=st.sampled_from(["", "1", "2"]),
    access=st.builds(Access, room=st.sampled_from(["", "5", "6"]), floor=st.sampled_from([None, 1, 2])),
    given=st.sampled_from([None, GivenPoint(24.94, 60.17), GivenPoint(24.96, 60.17)]),
    time_windows=st.one_of(st.just(()), some_window),
)


@given(st.lists(some_person, max_size=12))
def test_everybody_is_in_exactly_one_visit_and_can_be_met_there(people: list[Resident]) -> None:
    residents = [replace(one, id=ResidentId(f"R{row}"), row=row) for row, one in enumerate(people, 2)]
    visits = visits_of(residents).visits
    assert sorted(one.row for visit in visits for one in visit.residents) == [one.row for one in residents]
    assert [visit.id for visit in visits] == [f"V{number}" for number in range(1, len(visits) + 1)]
    for visit in visits:
        assert len({plain_address(one.address) for one in visit.residents}) == 1
        assert len({one.access.room for one in visit.residents} - {""}) <= 1
        for window in visit.time_windows:
            for one in visit.residents:
                assert not one.time_windows or any(
                    own.start_s <= window.start_s and window.end_s <= own.end_s for own in one.time_windows
                )
