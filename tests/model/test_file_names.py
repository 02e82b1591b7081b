"""Names of files and sheets, and what may be dialled."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.model.file_names import file_names, sheet_names

NAMES = st.lists(st.text(max_size=60), min_size=1, max_size=12, unique=True)


def test_a_plain_name_stays_as_it_is():
    assert file_names(["T1", "第3医疗队", "Équipe 2"]) == {
        "T1": "T1",
        "第3医疗队": "第3医疗队",
        "Équipe 2": "Équipe 2",
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "_"),
        ("C:\\x", "C__x"),
        ("a/b", "a_b"),
        ("nul", "nul_"),
        ("CON.txt", "CON.txt_"),
        ("com¹", "com¹_"),
        ("T\u202e1\u200b", "T1"),
        ("a\x00\n\tb", "ab"),
        ("50%#1", "50__1"),
        ("", "_"),
        (" . ", "_"),
    ],
)
def test_a_name_that_no_disk_takes_becomes_one_that_all_take(name, file):
    assert file_names([name]) == {name: file}


def test_names_that_differ_by_case_or_form_alone_get_numbers():
    assert list(file_names(["Team", "TEAM", "ｔｅａｍ", "team-2"]).values()) == [
        "Team",
        "TEAM-2",
        "ｔｅａｍ-3",
        "team-2-2",
    ]


@given(NAMES)
def test_file_names_are_legal_and_unique_whatever_the_teams_are_called(names):
    files = file_names(names)
    assert list(files) == names
    assert len({unicodedata.normalize("NFKC", file).casefold() for file in files.values()}) == len(names)
    for file in files.values():
        assert 0 < len(file.encode()) <= 110
        assert not set(file) & set('<>:"/\\|?*%#')
        assert file == file.strip(" .")
        assert all(unicodedata.category(letter)[0] != "C" for letter in file)


@given(NAMES)
def test_sheet_names_are_what_excel_takes(names):
    sheets = sheet_names(names, ["Summary"])
    used = [sheet.casefold() for sheet in sheets.values()]
    assert len(set(used) | {"summary"}) == len(names) + 1
    for sheet in sheets.values():
        assert 1 <= len(sheet) <= 31
        assert not set(sheet) & set("[]:*?/\\")
        assert not sheet.startswith("'")
        assert not sheet.endswith("'")
        assert sheet.casefold() != "history"


def test_an_emoji_counts_twice_in_a_sheets_name():
    (name,) = sheet_names(["T1 🏠" + "长" * 40], []).values()
    assert len(name.encode("utf-16-le")) // 2 == 31
    (name,) = sheet_names(["长" * 30 + "🏠"], []).values()
    assert name == "长" * 30
