"""What was learned in sentences: the learned time, the planned one and how sure it is, in both languages."""

import pytest

from doorroute.day.learned_messages import listed, sentence, time_of, times_not_learned
from doorroute.day.learning import DOOR, ENOUGH, PERSON, WALK, Learned
from doorroute.model.team import Profile
from doorroute.texts import literal

LANGS = ("en", "zh")
EVIL = "{was}</li><script>%s"


def learned(name, was=60.0, value=90.0, *, error=9.0, observations=40, sure=True):
    return Learned(name=name, was=was, value=value, error=error, observations=observations, sure=sure)


def is_chinese(text):
    return any("一" <= letter <= "鿿" for letter in text)


@pytest.mark.parametrize("lang", LANGS)
def test_walking_is_told_as_a_speed(lang):
    text = sentence(learned(f"{WALK}{Profile.FOOT}", was=1.0, value=1.25, error=0.1), 4.8).into(lang)
    for part in ("3.8", "4.8", "40", "8"):  # 4.8 km/h / 1.25 = 3.84 km/h; 0.1 of 1.25 are 8 %
        assert part in text
    assert is_chinese(text) == (lang == "zh")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("profile", [Profile.BIKE, Profile.CAR])
def test_other_travel_is_told_as_a_ratio(lang, profile):
    text = sentence(learned(f"{WALK}{profile}", was=1.0, value=1.5, error=0.3), 4.8).into(lang)
    assert "1.50" in text
    assert "20" in text
    assert "km/h" not in text
    assert is_chinese(text) == (lang == "zh")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [DOOR, PERSON, "bedridden", EVIL])
def test_a_time_is_told_in_minutes_and_seconds_beside_the_planned_one(lang, name):
    text = sentence(learned(name, was=60, value=125.4), 4.8).into(lang)
    assert time_of(125.4).into(lang) in text
    assert time_of(60).into(lang) in text
    if name not in {DOOR, PERSON}:
        assert name in text
    assert is_chinese(text) == (lang == "zh")


def test_seconds_have_two_digits_and_never_reach_sixty():
    assert [str(time_of(seconds)) for seconds in (0, 59.4, 59.6, 605)] == [
        "0 min 00 s",
        "0 min 59 s",
        "1 min 00 s",
        "10 min 05 s",
    ]


def test_nothing_is_said_where_all_is_sure_and_something_where_nothing_was_seen():
    assert times_not_learned([learned(DOOR), learned(PERSON)]) is None
    nothing = times_not_learned([])
    assert nothing is not None
    assert is_chinese(nothing.into("zh"))
    assert not is_chinese(nothing.into("en"))


@pytest.mark.parametrize("lang", LANGS)
def test_too_few_and_too_uncertain_are_told_apart(lang):
    few = learned(DOOR, observations=ENOUGH - 1, sure=False)
    wide = learned(f"{WALK}{Profile.CAR}", observations=ENOUGH, sure=False)
    only_few, only_wide, both = (
        times_not_learned(each).into(lang) for each in ([few], [wide], [few, wide, learned(PERSON)])
    )
    names = {each.name: times_not_learned([each]).into(lang) for each in (few, wide)}
    assert only_few == names[DOOR]
    assert only_few != only_wide
    assert both not in (only_few, only_wide)
    assert is_chinese(both) == (lang == "zh")


def test_the_usual_person_is_called_another_kind_where_kinds_are_learned():
    plain = times_not_learned([learned(PERSON, sure=False)])
    beside_kinds = times_not_learned([learned(PERSON, sure=False), learned("bedridden")])
    assert plain.into("en") != beside_kinds.into("en")
    assert plain.into("zh") != beside_kinds.into("zh")


def test_texts_are_joined_in_order():
    assert listed([literal(letter) for letter in "abc"]).into("en") == "a, b, c"
    assert listed([literal(EVIL)]).into("zh") == EVIL
