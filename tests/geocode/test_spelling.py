"""Spellings that are one name, and names that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.geocode.house_numbers import building_names, tagged_numbers
from doorroute.geocode.spelling import arabic, key, plain, words


@pytest.mark.parametrize(
    "spellings",
    [
        ("Churer Strasse", "Churerstraße", "Churer Str.", "CHURERSTR."),
        ("Äule", "Aeule", "Aule"),
        ("St. Luziweg", "Sankt Luziweg", "St.Luzi-Weg"),
        ("Dr. Albert Schädler-Strasse", "Doktor Albert Schaedler Str."),
        ("Annankatu", "Annank."),
        ("High Street", "High St", "High St."),
        ("蓝旗营", "蓝 旗 营", "蓝旗营"),
        ("翠湖二期", "翠湖2期", "翠湖２期"),
    ],
)
def test_spellings_of_one_name_are_compared_alike(spellings):
    assert len({key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    "others", [("Landstrasse", "Alte Landstrasse"), ("Torkelgass", "Torkelgasse"), ("海滨小区", "新海滨小区")]
)
def test_other_names_stay_apart(others):
    assert len({key(name) for name in others}) == 2


def test_words_put_together_are_the_key():
    assert words("Dr. Josef Hoop-Strasse") == ("doktor", "josef", "hoop", "strasse")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("十四号楼", "14号楼"), ("二十号楼", "20号楼"), ("一百零二号", "102号"), ("五〇一室", "501室"),
        ("两单元", "2单元"), ("第三单元", "3单元"), ("五道口", "五道口"), ("三里屯", "三里屯"),
        ("三门峡市", "三门峡市"), ("中关村北二条", "中关村北二条"), ("第六教学楼", "第六教学楼"),
    ],
)  # fmt: skip
def test_numerals_that_count_become_digits_and_names_stay(written, read):
    assert arabic(plain(written)) == read


@given(st.text(max_size=60))
def test_any_text_has_a_key_of_letters_and_digits(text):
    assert all(sign.isalnum() for sign in key(text))
    assert key(key(text)) is not None


@pytest.mark.parametrize(
    ("tag", "stairs", "numbers"),
    [
        ("20 B", True, [("20", "b")]),
        ("20 B", False, [("20b", "")]),
        ("2b", True, [("2b", "")]),
        ("76, 76a, 76b", False, [("76", ""), ("76a", ""), ("76b", "")]),
        ("2, 2. krs./Floor 2", True, [("2", "")]),
        ("14-20", False, [("14-20", "")]),
        ("5號", False, [("5", "")]),
        ("12号附3号", False, [("12-3", "")]),
        ("T2-A", False, [("t2a", "")]),
        ("4bis", False, [("4bis", "")]),
    ],
)
def test_house_numbers_as_the_map_tags_them(tag, stairs, numbers):
    assert tagged_numbers(tag, stairs=stairs) == numbers


@pytest.mark.parametrize(
    ("name", "numbered"),
    [
        ("北京大学燕东园小楼31号楼", [("北京大学燕东园小楼", "31")]), ("燕东园-34号楼", [("燕东园", "34")]),
        ("14号楼东", [("", "14东")]), ("2H|2G座", [("", "2h"), ("", "2g")]), ("A1栋", [("", "a1")]),
        ("8公寓", [("", "8公寓")]), ("十四号楼", [("", "14")]), ("第六教学楼", []), ("卫星大厦", []),
        ("海滨小区", []), ("9003大楼", []),
    ],
)  # fmt: skip
def test_numbers_in_the_names_of_buildings(name, numbered):
    assert building_names(name) == numbered
