"""No cell of a table that doorroute writes can run as a formula in a spreadsheet program."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest

import doorroute
from doorroute.disk.spreadsheet import Digits, csv_text, fitting, workbook
from doorroute.geocode.known_places import KnownPlace
from doorroute.geocode.pins import read_pins, write_pins
from doorroute.model.place import Access, Point
from doorroute.output.files.carry_over import write_carry_over
from doorroute.output.files.exports import write_findings
from doorroute.output.files.located_table import write_places
from doorroute.output.files.manifest import write_manifest
from doorroute.output.views.routes import team_routes

STARTS = (
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "'=1+1",
)
RUNS = re.compile("(?!-[0-9.]+$)[=+\\-@\t\r\n＝＋－＠]")  # a negative number is no formula


def cells_of(path):
    """Return every text of a written table, and check that a workbook has no formula and no link."""
    if path.suffix == ".xlsx":
        cells = [cell for page in openpyxl.load_workbook(path) for row in page.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        return [cell.value for cell in cells if isinstance(cell.value, str)]
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if RUNS.match(cell)]
    return cells


@pytest.mark.parametrize("start", STARTS)
def test_a_text_of_a_csv_table_never_runs_and_a_number_stays_one(start):
    made = csv_text([start, "n"], [[start, -1], [start, Digits("-0.5")]])
    rows = list(csv.reader(io.StringIO(made, newline="")))
    assert [row[0] for row in rows] == [f"'{start}"] * 3
    assert [row[1] for row in rows] == ["n", "-1", "-0.5"]


@pytest.mark.parametrize("start", [*STARTS, "https://example.org", "0012"])
def test_a_text_of_a_workbook_stays_a_text(tmp_path, start):
    path = tmp_path / "book.xlsx"
    with workbook(path) as book:
        page = book.add_worksheet("page")
        page.write(0, 0, start)
        page.write_string(1, 0, start)
    assert [text.replace("_x000D_", "").strip() for text in cells_of(path)] == [start.strip()] * 2
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("start", STARTS)
def test_every_written_table_keeps_it(tmp_path, make_day, start):
    plan, problem, findings = make_day(cell=start)
    teams = team_routes(plan, problem)
    write_manifest(plan, problem, teams, tmp_path / "manifest.xlsx", lang="en")
    write_findings(findings, tmp_path / "findings.csv", lang="en")
    for name in ("located.csv", "located.xlsx"):
        write_places(tmp_path / name, problem.visits, problem.places, plan.not_located)
    write_carry_over(tmp_path / "carry-over.xlsx", [["name", "note"], [start, start]], lang="en")
    pin = KnownPlace(
        address=start, point=Point(-0.1, 51.5), access=Access(building=start, unit="1"), who=start
    )
    write_pins(tmp_path / "pins.csv", [pin])
    for path in tmp_path.iterdir():
        assert any(start.strip("'\t\r\n") in cell for cell in cells_of(path)), path.name
    assert read_pins(tmp_path / "pins.csv")[0].current[0].who.strip() == start.strip()


def test_the_tables_of_the_report_and_of_the_counts_keep_it(tmp_path, monkeypatch):
    from doorroute.output.pages import counts, report

    monkeypatch.setattr(counts, "row_of", lambda *_: dict.fromkeys(counts.COLUMNS, "=1+1"))
    series = type("Series", (), {"scenarios": (None,)})()
    (tmp_path / "counts.csv").write_text(counts.table([series]), encoding="utf-8")
    monkeypatch.setattr(report, "_rows", lambda *_: [["@A1"] * len(report.COLUMNS)])
    (tmp_path / "report.csv").write_text(report.report_table(None, "en"), encoding="utf-8")
    for path in tmp_path.iterdir():
        assert {"'=1+1", "'@A1"} & set(cells_of(path))


def test_the_list_with_its_findings_keeps_it(tmp_path):
    from doorroute.cli import main

    path = tmp_path / "residents.csv"
    rows = "".join(f'R{n},"\'{start}",Street {n},+3584{n:08d}\n' for n, start in enumerate(STARTS[:4]))
    path.write_text(f"id,name,address,phone\n{rows}", encoding="utf-8")
    assert main(["check", str(path), "--out", str(tmp_path / "findings.xlsx"), "--quiet"]) == 0
    assert set(STARTS[:4]) <= set(cells_of(tmp_path / "findings.xlsx"))


def test_there_is_one_place_that_writes_tables():
    root = Path(doorroute.__file__).parent
    makes = re.compile(r"csv\.(?:Dict)?[Ww]riter|xlsxwriter\.Workbook\(|openpyxl|\.to_(?:csv|excel)\(")
    writers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if makes.search(path.read_text("utf-8"))
    }
    assert writers == {"disk/spreadsheet.py"}


def test_a_text_longer_than_a_cell_is_cut():
    assert len(fitting("字" * 40_000)) == 32_767
    assert fitting("short") == "short"
