"""Phone results become events: read twice, in any order, from two phones, with marks taken back."""

from hypothesis import given
from hypothesis import strategies as st

from doorroute.day import Outcome, append, fold, read_log
from doorroute.day.phone_events import phone_events
from doorroute.handback.marks import DoorResult, PhoneResults, Status, newest
from doorroute.handback.reading import TeamResults

DAY = "2022-04-06"
DOORS = {"V1": ("R1", "R2"), "V2": ("R3",), "V3": ("R4", "R5", "R6")}
VISITS = tuple(DOORS)


def door(number, status=Status.OPEN, minute=0, *people, note=""):
    return DoorResult(number=number, status=status, minute=minute, people=people, note=note)


def phone(*doors, device="aa", revision=1):
    given_ = {each.number: each for each in doors}
    return PhoneResults(
        revision=revision,
        device=device,
        sent_min=0,
        doors=tuple(given_.get(number, door(number)) for number in range(1, len(VISITS) + 1)),
    )


def team(*phones, name="T1"):
    return TeamResults(
        team=name,
        route="",
        visits=VISITS,
        residents=tuple(DOORS.values()),
        current=True,
        phones=newest(phones),
    )


def logged(folder, *hands):
    """Hand in one after the other, as `doorroute results` does, and return what is known then."""
    for hand in hands:
        append(folder, list(phone_events([hand], DOORS, read_log(folder)[0], day=DAY)))
    return fold(read_log(folder)[0], DOORS, day=DAY)


def said(events):
    return [
        (each.visit, each.outcome.value, each.residents, each.time_s // 60, each.source) for each in events
    ]


def test_a_mark_for_all_and_marks_for_each_become_events():
    hand = team(
        phone(
            door(1, Status.PARTLY, 500, Status.DONE, Status.REFUSED, note="哥哥在外地"),
            door(2, Status.NOBODY_HOME, 510),
            door(3, Status.PARTLY, 520, Status.DONE, Status.OPEN, Status.DONE),
        )
    )
    events = list(phone_events([hand], DOORS, [], day=DAY))
    assert said(events) == [
        ("V1", "done", ("R1",), 500, "aa"),
        ("V1", "refused", ("R2",), 500, "aa"),
        ("V2", "nobody_home", ("R3",), 510, "aa"),
        ("V3", "done", ("R4", "R6"), 520, "aa"),
    ]
    assert {each.note for each in events if each.visit == "V1"} == {"哥哥在外地"}
    assert {each.team for each in events} == {"T1"}


def test_a_door_partly_done_without_people_says_of_nobody_what_became_of_them():
    assert not list(phone_events([team(phone(door(1, Status.PARTLY, 500)))], DOORS, [], day=DAY))


def test_a_mark_taken_back_opens_the_door_again_and_is_no_try(tmp_path):
    first, second = phone(door(2, Status.NOBODY_HOME, 510)), phone(revision=2)
    state = logged(tmp_path, team(first), team(second))
    assert (state.residents["R3"].outcome, state.residents["R3"].tries) == (Outcome.OPEN, 0)
    again = logged(tmp_path, team(second), team(phone(door(2, Status.DONE, 530), revision=3)))
    assert (again.residents["R3"].outcome, again.residents["R3"].time_s) == (Outcome.DONE, 530 * 60)
    assert again.findings == ()


def test_of_a_door_marked_as_a_whole_one_person_can_be_taken_back(tmp_path):
    whole = team(phone(door(1, Status.DONE, 500)))
    part = team(phone(door(1, Status.PARTLY, 502, Status.DONE, Status.OPEN), revision=2))
    state = logged(tmp_path, whole, part, part)
    assert [state.residents[each].outcome.value for each in ("R1", "R2")] == ["done", "open"]
    state = logged(tmp_path, team(phone(door(1, Status.DONE, 504), revision=3)), part)
    assert [state.residents[each].outcome.value for each in ("R1", "R2")] == ["done", "done"]


def test_what_was_never_marked_is_not_taken_back(tmp_path):
    assert logged(tmp_path, team(phone())).residents["R1"].outcome is Outcome.OPEN
    assert read_log(tmp_path)[0] == ()


def test_a_phone_that_never_marked_a_door_takes_back_nothing_of_it(tmp_path):
    """The page of a later plan shows what has happened and hands in only what was marked on it."""
    before = team(phone(door(1, Status.DONE, 500), door(3, Status.NOBODY_HOME, 510)))
    later = team(phone(door(2, Status.DONE, 630), device="bb", revision=9))
    state = logged(tmp_path, before, later, later)
    fates = [state.residents[each].outcome.value for each in ("R1", "R2", "R3", "R4")]
    assert (fates, state.findings) == (["done", "done", "done", "nobody_home"], ())


def test_two_phones_of_one_team_add_up_and_their_contradiction_is_told(tmp_path):
    one, other = phone(door(1, Status.DONE, 500)), phone(door(2, Status.DONE, 505), device="bb")
    state = logged(tmp_path, team(one, other))
    assert [state.residents[each].outcome.value for each in ("R1", "R3", "R4")] == ["done", "done", "open"]
    state = logged(
        tmp_path,
        team(phone(door(1, Status.REFUSED, 503), door(2, Status.DONE, 505), device="bb", revision=2)),
    )
    assert [each.code for each in state.findings] == ["CONTRADICTION"]
    assert state.residents["R1"].outcome is Outcome.REFUSED


@given(st.data())
def test_the_order_and_the_repeats_of_what_is_handed_in_do_not_matter(tmp_path_factory, data):
    marks = st.builds(
        door,
        st.integers(1, len(VISITS)),
        st.sampled_from([Status.DONE, Status.NOBODY_HOME, Status.REFUSED]),
        st.integers(480, 720),
    )
    handed = data.draw(
        st.lists(
            st.builds(
                lambda doors, device, name: team(phone(*doors, device=device), name=name),
                st.lists(marks, max_size=4),
                st.sampled_from(["aa", "bb"]),
                st.sampled_from(["T1", "T2"]),
            ),
            max_size=4,
            unique_by=lambda hand: hand.phones[0].device,
        )
    )
    again = data.draw(st.permutations([*handed, *handed[:2]]))
    once = logged(tmp_path_factory.mktemp("once"), *handed)
    assert logged(tmp_path_factory.mktemp("again"), *again).residents == once.residents
    assert set(once.residents) == {"R1", "R2", "R3", "R4", "R5", "R6"}


@given(st.integers(0, 2), st.sampled_from([Status.DONE, Status.REFUSED]), st.integers(480, 720))
def test_a_phone_that_is_never_read_leaves_its_doors_open_and_no_others(
    tmp_path_factory, gone, status, minute
):
    hands = [team(phone(door(number, status, minute), device=f"{number}" * 2)) for number in (1, 2, 3)]
    state = logged(tmp_path_factory.mktemp("day"), *(hand for at, hand in enumerate(hands) if at != gone))
    for at, residents in enumerate(DOORS.values()):
        expected = Outcome.OPEN if at == gone else Outcome(status.name.lower())
        assert {state.residents[each].outcome for each in residents} == {expected}


@given(st.lists(st.tuples(st.integers(1, len(VISITS)), st.sampled_from(Status)), max_size=6), st.data())
def test_the_last_revision_of_a_phone_holds_though_older_copies_are_read_again_after_it(
    tmp_path_factory, steps, data
):
    marks, revisions = {}, [phone()]
    for revision, (number, status) in enumerate(steps, 2):
        marks[number] = door(number, status, 0 if status in {Status.OPEN, Status.PARTLY} else 480 + revision)
        revisions.append(phone(*marks.values(), revision=revision))
    hands = []
    for at, each in enumerate(revisions):
        hands += [each, *data.draw(st.lists(st.sampled_from(revisions[: at + 1]), max_size=2))]
    state = logged(tmp_path_factory.mktemp("day"), *map(team, hands))
    for number, residents in enumerate(DOORS.values(), 1):
        status = marks[number].status if number in marks else Status.OPEN
        if status is not Status.PARTLY:
            assert {state.residents[each].outcome.value for each in residents} == {status.name.lower()}
