"""Every command that reads a list says at its end what became of all rows of all sheets; the headline counts
people against the whole list.
"""

import csv
import json

import pytest
import xlsxwriter

from doorroute.cli import main
from doorroute.errors import ExitCode
from doorroute.intake import read_residents

SHEETS = {
    "north": [
        ["id", "name", "address"],
        [1, "Ann", "Kasarmikatu 25"],
        [2, "Bob", "Nowhere 77"],
        [],
        [3, "Cy", ""],
    ],
    "south": [["id", "name", "address"], [1, "Di and Ed", "Kasarmikatu 27"]],
    "teams": [["team", "start", "shift"], ["T1", "Base", "08:00-12:00"]],
    "depots": [["depot", "lon", "lat"], ["Base", 24.9452, 60.1652]],
}
LEDGER = (
    "north: 4 rows, 3 on the list, 1 skipped; south: 1 row, 1 on the list, 0 skipped; teams: 2 rows, not "
    "read;"
    " depots: 2 rows, not read. Together: 5 rows, 4 on the list, 1 skipped"
)
HEADLINE = "4 on the list: 2 planned, 1 address to decide, 1 row to correct"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "book.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name, rows in SHEETS.items():
            sheet = made.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return path


@pytest.fixture(scope="module")
def network(demo_data):
    return str(demo_data / "helsinki-centre.osm.pbf")


@pytest.fixture(scope="module")
def plan(book, network):
    out = book.with_name("day")
    tables = ["--teams", str(book), "--depots", str(book), "--network", network, "--out", str(out)]
    return ["plan", str(book), *tables, "--iterations", "20", "--quiet"], out


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_a_plan_of_a_workbook_with_all_its_tables_adds_up_to_the_file_in_every_command(
    plan, book, network, capsys
):
    command, out = plan
    assert main(["check", str(book), "--teams", str(book), "--depots", str(book), "--quiet"]) == ExitCode.DONE
    assert lines(capsys.readouterr().out)[-2:] == ["4 on the list, 4 to sample, behind 3 doors", LEDGER]
    assert main(command) == ExitCode.DONE
    assert lines(capsys.readouterr().out)[-3:-1] == [HEADLINE, LEDGER]
    made = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    (unsure,), rejected = made["not_located"], made["rejected"]
    assert (unsure["row"], unsure["sheet"]) == (3, "north")
    assert [(each["row"], each["sheet"], each["code"]) for each in rejected] == [
        (4, "north", "EMPTY_ROW"), (5, "north", "NO_ADDRESS"),
    ]  # fmt: skip
    page = (out / "overview.html").read_text(encoding="utf-8")
    assert f"<h1>{HEADLINE}</h1>" in page
    assert LEDGER in page
    with (out / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert list(told[0])[-1] == "sheet"
    assert ("SEVERAL_NAMES", "2", "south") in {(each["code"], each["row"], each["sheet"]) for each in told}
    assert main(["verify", str(out), "--quiet"]) == ExitCode.DONE
    capsys.readouterr()
    assert main(["report", str(out), "--quiet"]) == ExitCode.DONE
    assert LEDGER in lines(capsys.readouterr().out)
    assert LEDGER in (out / "report" / "report.html").read_text(encoding="utf-8")
    assert [one.name for one in read_residents(out / "report" / "carry-over.xlsx").residents] == [
        "Ann",
        "Bob",
        "Di and Ed",
    ]
    again = [
        "replan",
        str(out),
        "--now",
        "09:00",
        "--out",
        str(out.with_name("later")),
        "--iterations",
        "20",
        "--quiet",
    ]
    assert main(again) == ExitCode.DONE
    assert lines(capsys.readouterr().out)[-3:-1] == [HEADLINE, LEDGER]
    many = ["scenarios", str(book), "--teams", "1:1", "--depots", str(book), "--network", network]
    assert (
        main([*many, "--out", str(out.with_name("many")), "--time-limit", "0.5", "--quiet"]) == ExitCode.DONE
    )
    assert lines(capsys.readouterr().out)[-2] == LEDGER


def test_the_checker_finds_a_sheet_that_does_not_add_up(plan, capsys):
    command, out = plan
    assert main(command) == ExitCode.DONE
    path = out / "plan.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    made["sheets"][0]["skipped"] += 1
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(out), "--quiet"]) == ExitCode.NO_SOUND_PLAN


def test_a_plan_of_a_version_that_read_one_sheet_is_refused_by_name(plan, capsys):
    command, out = plan
    assert main(command) == ExitCode.DONE
    path = out / "plan.json"
    made = json.loads(path.read_text(encoding="utf-8"))
    del made["sheets"], made["request"]["sheets"]
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    for face in (["verify", str(out)], ["report", str(out)]):
        assert main([*face, "--quiet"]) == ExitCode.BAD_INPUT
        assert "PLAN_OF_ONE_SHEET" in capsys.readouterr().err


def test_a_chosen_sheet_is_kept_with_the_plan(plan, capsys):
    command, out = plan
    assert main([*command, "--sheet", "south"]) == ExitCode.DONE
    text = capsys.readouterr().out
    assert "1 on the list: 1 planned" in text
    assert "north: 4 rows, not read" in text
    assert main(["verify", str(out), "--quiet"]) == ExitCode.DONE


def test_a_located_table_is_read_back_as_it_was_written(tmp_path, network, capsys):
    rows = [
        [
            "id",
            "name",
            "phone",
            "address",
            "note",
            "suits",
            "tubes",
            "kind",
            "team",
            "not team",
            "last team",
            "area",
        ],
        [
            "-1",
            "@Ben",
            "+358401234567",
            "Kasarmikatu 25",
            "-stairs",
            "1",
            "2",
            "infant",
            "T1",
            "T2",
            "T3",
            "=north",
        ],
        ["'=2", "=1+1", "+86 138 0013 8000", "Kasarmikatu 27", "'+1 dog", "", "", "", "", "", "", ""],
    ]
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell)

    def told(file):
        people = sorted(read_residents(file).residents, key=lambda one: one.id)
        names = (
            "id",
            "name",
            "phone",
            "address",
            "note",
            "kits",
            "suits",
            "tubes",
            "kind",
            "only_teams",
            "not_teams",
            "last_team",
            "area",
        )
        return [[getattr(one, name) for name in names] for one in people]

    for suffix in ("csv", "xlsx"):
        out = tmp_path / f"places.{suffix}"
        assert (
            main(["locate", str(path), "--network", network, "--out", str(out), "--quiet"]) == ExitCode.DONE
        )
        assert "2 rows, 2 on the list" in capsys.readouterr().out
        assert told(out) == told(path)
