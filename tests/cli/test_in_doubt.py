"""Rows that are gone to though something in them was not understood: every command that reads the list says
so at its end.
"""

import json
import shutil

import pytest

from doorroute.cli import main
from doorroute.errors import ExitCode

HEADER = "id,name,address,lon,lat,datum,time window,kits"
UNCLEAR = 7  # rows of an unreadable time; the first has unreadable kits too
ROWS = [
    "R1,Secretname,,24.9410,60.1685,wgs84,明天,secretkits",
    *(f"R{n},Secretname,,24.94{n}0,60.1685,wgs84,secrettime," for n in range(2, UNCLEAR + 1)),
    "R8,Secretname,,24.9420,60.1690,wgs84,09:00-11:00,1",  # nothing to say
    "R9,Secretname,,24.9430,60.1690,wgs84,03:00-04:00,secretkits",  # read with a warning, and on no route
    "R10,Secretname,,,,,secrettime,",  # not taken
    "R11,Secretname,Secretstreet 1,,,,secrettime,",  # not on the map
]


@pytest.fixture
def sheet(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("\n".join([HEADER, *ROWS, ""]), encoding="utf-8")
    return file


@pytest.fixture
def plan(demo_data, sheet):
    tables = ["--teams", str(demo_data / "teams.xlsx"), "--depots", str(demo_data / "depots.xlsx")]
    network, out = str(demo_data / "helsinki-centre.osm.pbf"), str(sheet.with_name("day"))
    return ["plan", str(sheet), *tables, "--network", network, "--out", out, "--iterations", "50", "--quiet"]


def told(out: str, title: str) -> list[str]:
    """Return the lines below the title."""
    lines = out.partition(title)[2].splitlines()[1:]
    return [line.strip() for line in lines if line.startswith("  ")]


@pytest.mark.parametrize(
    ("lang", "title", "first", "last"),
    [
        (
            "en",
            "7 rows are planned, although",
            "7 times: rows 2-8 · time window WINDOW_UNREADABLE",
            "All of them",
        ),
        ("zh", "7 行照样排入了计划", "7 处：第 2-8 行 · time window WINDOW_UNREADABLE", "全部内容"),
    ],
)
def test_a_plan_ends_with_the_rows_that_it_holds_though_they_were_not_understood(
    plan, sheet, lang, title, first, last, capsys
):
    assert main([*plan, "--lang", lang]) == ExitCode.DONE
    out = capsys.readouterr().out
    lines = told(out, title)
    assert len(lines) == 3
    assert "KITS_UNREADABLE" in lines[0]
    assert lines[1].startswith(first)
    assert lines[-1].startswith(last)
    assert lines[-1].endswith(str(sheet.with_name("day") / "findings.csv"))
    assert "secret" not in out.casefold()


def test_the_plans_json_counts_them(plan, capsys):
    assert main([*plan, "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["in_doubt"] == UNCLEAR


def test_where_all_was_understood_nothing_is_said(plan, sheet, capsys):
    sheet.write_text("\n".join([HEADER, ROWS[UNCLEAR], ""]), encoding="utf-8")
    assert main(plan) == ExitCode.DONE
    assert "clear" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "9 rows are accepted, although"), ("zh", "9 行照样采用了")]
)
def test_check_and_locate_say_which_rows_they_took_though_they_were_not_understood(
    demo_data, sheet, lang, title, capsys
):
    network = [
        "--network",
        str(demo_data / "helsinki-centre.osm.pbf"),
        "--out",
        str(sheet.with_name("places.csv")),
    ]
    for command in (["check", str(sheet)], ["locate", str(sheet), *network]):
        assert main([*command, "--quiet", "--lang", lang]) == ExitCode.DONE
        out = capsys.readouterr().out
        assert len(told(out, title)) == 3
        assert "secret" not in out.casefold()


def test_a_new_plan_says_so_of_the_people_who_were_added_alone(demo_day, tmp_path, capsys):
    morning, added = demo_day.parent / "in-doubt", tmp_path / "later.csv"
    shutil.copytree(demo_day, morning)
    added.write_text("\n".join([HEADER, *ROWS[1:3], ""]), encoding="utf-8")
    command = ["replan", str(morning), "--now", "09:05", "--add", str(added), "--iterations", "50", "--quiet"]
    assert main([*command, "--out", str(demo_day.parent / "in-doubt-again")]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert "later.csv: 1000 is added to its row numbers, so row 3 is row 1003 here." in out
    assert told(out, "2 rows are planned, although")[0].startswith("2 times: rows 1002-1003 · time window ")
    assert "SAME_ID" not in out  # a row of the morning's list: the plan before told of it
    assert main([*command, "--json", "--out", str(demo_day.parent / "in-doubt-json")]) == ExitCode.DONE
    found = {(each["code"], each["row"]) for each in json.loads(capsys.readouterr().out)["findings"]}
    assert {("ADDED_ROWS", 1001), ("WINDOW_UNREADABLE", 1002), ("WINDOW_UNREADABLE", 1003)} <= found
