"""Files of every kind into sheets, and files that are none."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from doorroute.errors import BadInputError, OutsideError
from doorroute.intake.table_files import MAX_BYTES, MAX_ROWS, read_sheets, unopened

ROWS = [["姓名", "地址"], ["王秀兰", "海滨小区3栋"], ["Märta", "Annankatu 25"]]


def test_an_xlsx_keeps_its_lines_numbers_and_dates(as_xlsx) -> None:
    path = as_xlsx([[], [None, "a", 5], [None, True, dt.time(9, 30)], [None, dt.date(2022, 9, 11), 0.5]])
    (sheet,) = read_sheets(path)
    assert sheet.rows == ((), (None, "a", 5.0), (None, "yes", "09:30:00"), (None, "2022-09-11", 0.5))


def test_an_xls_and_an_ods_read_like_an_xlsx(tmp_path: Path, as_xlsx) -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("list")
    new = OpenDocumentSpreadsheet()
    table = Table(name="list")
    for line, row in enumerate(ROWS):
        table_row = TableRow()
        for column, value in enumerate(row):
            sheet.write(line, column, value)
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            table_row.addElement(cell)
        table.addElement(table_row)
    new.spreadsheet.addElement(table)
    old.save(str(tmp_path / "old.xls"))
    new.save(str(tmp_path / "open.ods"))
    wanted = tuple(tuple(row) for row in ROWS)
    for path in (as_xlsx(ROWS), tmp_path / "old.xls", tmp_path / "open.ods"):
        assert read_sheets(path)[0].rows == wanted, path.suffix


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separated_text_reads_in_every_encoding_and_with_every_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "list.csv"
    rows = ROWS if encoding != "gb18030" else ROWS[:2]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    assert tuple(tuple(row) for row in rows) in [sheet.rows for sheet in read_sheets(path)]


def test_a_western_csv_of_windows_is_not_taken_for_chinese(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Name;Straße\nMärta Ögren;Länsitörmä 5\n".encode("cp1252"))
    assert any(sheet.rows[1] == ("Märta Ögren", "Länsitörmä 5") for sheet in read_sheets(path))


def test_a_chinese_csv_with_a_spoiled_byte_still_reads(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    text = "姓名,地址\n" + "王秀兰,海滨小区三栋二单元\n" * 20
    path.write_bytes(text.encode("gb18030") + b"\xff,x\n")
    assert read_sheets(path)[0].rows[1] == ("王秀兰", "海滨小区三栋二单元")


def test_a_quote_that_never_closes_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('name,address\n"Ann,Street 1\nBob,Street 2\nCy,Street 3\n', encoding="utf-8")
    assert [row[0] for row in read_sheets(path)[0].rows] == ["name", "Ann", "Bob", "Cy"]


def test_what_is_merged_downwards_holds_for_every_filled_row_it_covers(as_xlsx) -> None:
    rows = [
        ["name", "address"],
        ["Ann", "Street 1"],
        ["Bob", None],
        ["Cy", None],
        [None, None],
        ["Di", "Street 2"],
    ]
    (sheet,) = read_sheets(as_xlsx(rows, merged=[(1, 1, 4, 1)]))
    assert [row[:2] for row in sheet.rows] == [
        ("name", "address"),
        ("Ann", "Street 1"),
        ("Bob", "Street 1"),
        ("Cy", "Street 1"),
        (),
        ("Di", "Street 2"),
    ]


def test_a_workbook_is_told_by_its_content_not_by_its_name(tmp_path: Path, as_xlsx) -> None:
    path = as_xlsx(ROWS).rename(tmp_path / "list.csv")
    assert read_sheets(path)[0].rows[0] == ("姓名", "地址")


def code_of(path: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        read_sheets(path)
    assert caught.value.advice.into("en")
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\xef\xbb\xbf\r\n\r\n", "FILE_EMPTY"),
        (b",,,\n,,\n", "FILE_EMPTY"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "NOT_A_TABLE"),
        (b"%PDF-1.7\n" + bytes(range(1, 256)) * 8, "NOT_A_TABLE"),
        (b"<html><table><tr><td>name</td></tr></table></html>", "NOT_A_TABLE"),
        (b"PK\x03\x04 cut off", "FILE_BROKEN"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "FILE_BROKEN"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "FILE_LOCKED",
        ),
    ],
)
def test_a_file_that_is_no_table_is_named_for_what_it_is(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nowhere.xlsx") == "FILE_NOT_FOUND"
    assert code_of(tmp_path) == "NOT_A_FILE"
    assert code_of(Path("zero\0byte.csv")) == "FILE_NOT_FOUND"


def test_a_file_held_open_elsewhere_and_a_failing_disk_are_told_apart() -> None:
    assert unopened(Path("list.xlsx"), PermissionError()).code == "NO_PERMISSION"
    failed = unopened(Path("list.xlsx"), OSError(5, "Input/output error"))
    assert isinstance(failed, OutsideError)
    assert failed.code == "DISK_FAILED"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert code_of(path) == "FILE_BROKEN"


def test_an_archive_that_would_unpack_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part in range(9):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", bytes(50 * 2**20))
    assert path.stat().st_size < 3 * 2**20
    assert code_of(path) == "TOO_LARGE"


def test_a_cell_at_the_far_end_of_the_sheet_ends_in_an_error_not_in_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "name")
        sheet.write(1_048_575, 16_383, "x")
    assert code_of(path) == "FILE_BROKEN"


def test_a_list_with_too_many_rows_or_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("name,address\n" + "a,b\n" * MAX_ROWS, encoding="utf-8")
    assert code_of(path) == "TOO_LARGE"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert code_of(path) == "TOO_LARGE"


def test_a_stray_cell_far_below_is_told_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "address"])
        sheet.write(MAX_ROWS + 5, 0, "x")
    assert code_of(path) == "TOO_LARGE"


def test_a_broken_workbook_prints_nothing(tmp_path: Path, as_xlsx, capfd: pytest.CaptureFixture[str]) -> None:
    whole = as_xlsx(ROWS).read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive, zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as cut:
        for name in archive.namelist():
            content = archive.read(name)
            cut.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    assert code_of(tmp_path / "cut.xlsx") == "FILE_BROKEN"
    assert capfd.readouterr() == ("", "")
