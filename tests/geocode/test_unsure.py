"""Asking a person: each unsure door once, in the terminal too; a street is never confirmed as a door."""

from doorroute.geocode import Located, Query, Sources, locate, review_in_terminal, unsure_rows
from doorroute.geocode.known_places import KnownPlaces
from doorroute.model.place import Access, Point
from doorroute.model.settings import Settings

SHEET = [
    "Annankatu 12",
    "Alvar Aallon katu 3",
    "Mannerheimintie, Helsinki",
    "Alvar Aallon katu 3",
    "",
    "Keksitynkuja 5",
]


def rows(helsinki):
    queries = [Query(str(at), address, row=9 - at) for at, address in enumerate(SHEET)]
    outcomes, _ = locate(queries, helsinki, Settings())
    return queries, unsure_rows(queries, outcomes)


def answering(*answers):
    left = list(answers)

    def ask(_):
        if not left:
            raise EOFError
        return left.pop(0)

    return ask


def test_each_unsure_door_is_asked_about_once_in_the_order_of_the_sheet(helsinki):
    _, unsure = rows(helsinki)
    assert [row.address for row in unsure] == [
        "Keksitynkuja 5",
        "Mannerheimintie, Helsinki",
        "Alvar Aallon katu 3",
    ]
    assert all("katu" not in repr(row) for row in unsure)


def test_the_building_column_tells_doors_apart():
    from doorroute.geocode import NotFound
    from doorroute.model.plan import Reason

    queries = [Query(str(at), "窑上小区", access=Access(building=str(at))) for at in (1, 2, 1)]
    outcomes = [NotFound(query.key, Reason.NO_LOCATION) for query in queries]
    assert [row.access.building for row in unsure_rows(queries, outcomes)] == ["1", "2"]


def test_answers_in_the_terminal_become_pins_that_the_next_run_takes(helsinki):
    queries, unsure = rows(helsinki)
    told = []
    confirmed = review_in_terminal(
        unsure,
        ask=answering("60.17, 24.94", "1", "60.1699 24.9384", "99", "x", "2"),
        tell=lambda text: told.append(str(text)),
        who="Li",
    )
    assert [place.who for place in confirmed] == ["Li"] * 3
    assert confirmed[0].point == Point(24.94, 60.17)
    assert confirmed[1].point == Point(24.9384, 60.1699)
    assert confirmed[2].point == unsure[2].candidates[1].point
    assert any("not the door" in line for line in told)
    assert any("neither a number of the list" in line for line in told)

    outcomes, _ = locate(
        queries, helsinki, Settings(), sources=Sources(known=(KnownPlaces("pin", confirmed),))
    )
    assert [isinstance(outcome, Located) for outcome in outcomes] == [True, True, True, True, False, True]


def test_what_was_confirmed_before_breaking_off_is_kept(helsinki):
    _, unsure = rows(helsinki)
    for last in ("q", None):
        answers = ["60.17, 24.94", *([last] if last else [])]
        assert len(review_in_terminal(unsure, ask=answering(*answers), tell=lambda _: None)) == 1
    assert review_in_terminal(unsure, ask=answering("", "", ""), tell=lambda _: None) == ()
