"""The answer in a sentence: proved where the bound proves it, and no more than found where it does not."""

from dataclasses import dataclass

import pytest

from doorroute.counts.answer import answer

NOON = 12 * 3600


@dataclass
class Row:
    """What the answer looks at of a scenario."""

    teams: int
    finish_s: int
    bound_s: int
    chance: float
    unassigned: tuple = ()
    promise_s: int | None = None
    routes: tuple = ()

    def in_time(self, by_s, least):
        return len(self.unassigned) <= least and self.finish_s <= by_s


def said(*rows):
    return answer([Row(*row) for row in rows], NOON, 0.9)


def test_fewer_cannot_where_the_bound_proves_it():
    made = said((8, NOON + 1200, NOON + 240, 0.0), (9, NOON - 480, NOON - 900, 0.95))
    assert (
        str(made.sentence) == "9 teams can be back by 11:52; 8 teams cannot (no plan is back before 12:04)."
    )
    assert (made.enough, made.recommended) == (9, 9)


def test_fewer_were_not_found_to_where_nothing_is_proved():
    made = said(
        (8, NOON + 1200, NOON - 240, 0.0),
        (9, NOON - 480, NOON - 900, 0.5),
        (10, NOON - 900, NOON - 1800, 0.93),
    )
    assert (
        str(made.sentence)
        == "9 teams can be back by 11:52; 8 teams: no plan found in time (best: back at 12:20)."
    )
    assert str(made.advice) == "Recommended: 10 teams, back by 12:00 in 93 of 100 simulated mornings."
    assert (made.enough, made.recommended) == (9, 10)


def test_a_bound_in_the_minute_that_is_missed_shows_its_seconds():
    made = said((1, NOON + 60, NOON + 53, 0.0), (2, NOON - 60, 0, 0.1))
    assert "before 12:00:53" in str(made.sentence)
    assert str(made.advice) == (
        "In simulated mornings, no number of teams is reliably back by 12:00; the best (2 teams) makes it "
        "10 times in 100."
        " No return time can be promised with these teams."
    )


def test_a_return_seconds_past_noon_is_not_shown_as_noon():
    assert "back at 12:01" in str(said((3, NOON + 1, NOON, 0.1)).sentence)


def test_the_smallest_and_the_largest_count_say_what_was_not_tried():
    assert (
        str(said((4, NOON, NOON - 60, 1.0)).sentence)
        == "4 teams can be back by 12:00; fewer teams were not tried."
    )
    assert "more teams were not tried" in str(said((4, NOON + 60, NOON - 60, 0.0)).sentence)


def test_a_plan_that_leaves_doors_out_is_not_done():
    made = said((4, NOON - 600, NOON - 900, 1.0, (1, 2)), (5, NOON - 600, NOON - 900, 1.0))
    assert made.enough == 5
    assert "leaves out 2 more doors" in str(made.sentence)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_said_in_both_languages(lang):
    made = said((8, NOON + 1200, NOON + 240, 0.0), (9, NOON - 480, NOON - 900, 0.95))
    assert "12:04" in made.sentence.into(lang)
    assert ("队" in made.sentence.into(lang)) == (lang == "zh")


def test_where_no_count_is_sure_an_hour_is_promised_that_its_replay_keeps():
    made = said(
        (6, NOON - 240, NOON - 900, 0.02, (), NOON + 3300),
        (8, NOON - 240, NOON - 900, 0.09, (), NOON + 2640),
        (9, NOON - 240, NOON - 900, 0.09, (), NOON + 2641),
        (10, NOON - 240, NOON - 900, 0.08, (1,), NOON + 60),
    )
    assert str(made.sentence).startswith("6 teams can be back by 11:56;")
    assert str(made.advice) == (
        "In simulated mornings, no number of teams is reliably back by 12:00; the best (8 teams) makes it "
        "9 times in 100."
        " Promise 12:45 with 8 teams."
    )
    assert "可以按 12:45 收工来说，出动 8" in made.advice.into("zh")
    assert made.recommended is None
