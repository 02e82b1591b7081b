"""Workbooks of every shape: everybody is in exactly one place, every filled cell is read or reported.

The cells of the file are counted by other code: openpyxl, cell by cell.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

import openpyxl
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from doorroute.intake import ResidentTable, read_residents
from doorroute.intake.unread_parts import column_letters
from doorroute.model.line import row_of
from doorroute.model.resident import Resident

TEXTS = ("id", "phone", "note", "household")
ODD = ("wechat", "age", "", "备用", "身份证号")
OTHERS = (
    [["team", "shift", "start"], ["T1", "08:00-12:00", "Base"]],
    [["depot", "address"], ["Base", "Street 1"]],
    [["how to fill this in"], ["", "one person a row"]],
    [["code", "meaning"], ["A", "isolated"]],
)


@dataclass
class Drawn:
    """A drawn sheet: cells, merged ranges, hidden rows; an error is a pair of formula and value."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    shown: bool = True


@st.composite
def people_sheets(draw, name: str) -> Drawn:  # noqa: C901, PLR0912  # one drawing, step by step
    """Draw a list: titles, a header, further columns, blank and hidden rows, families, errors."""
    sheet, number = Drawn(name), iter(range(10_000))

    def token(kind: str) -> str:
        return f"{kind}{name}x{next(number)}y"

    top = draw(st.integers(0, 2))
    for row in range(top):
        sheet.cells[row, 0] = token("title")
    two_lines = draw(st.booleans())
    lists = draw(st.integers(1, 2))
    column = 0
    blocks = []
    for _ in range(lists):
        middle = draw(
            st.permutations(["name", *draw(st.lists(st.sampled_from(TEXTS), unique=True, max_size=3))])
        )
        odd = draw(st.lists(st.sampled_from(ODD), max_size=2)) if lists == 1 else []
        heads = [*middle, *(["class", "people"] if lists == 1 else []), *odd]
        # the block must begin with the same column for people to see where it begins
        heads = ["name", *(head for head in heads if head != "name")]
        places = {}
        for head in heads:
            places.setdefault(head, []).append(column)
            sheet.cells[top, column] = head
            column += 1
        places["address"] = [column]
        sheet.cells[top, column] = "address"
        if two_lines and lists == 1:
            sheet.merged.append((top, column, top, column + 1))
            sheet.cells[top + 1, column], sheet.cells[top + 1, column + 1] = "street", "house number"
            places["house number"] = [column + 1]
            column += 1
        column += 2
        blocks.append(places)
    below = top + (2 if two_lines and lists == 1 else 1)
    rows = draw(st.integers(1, 6))
    for row in range(below, below + rows):
        if draw(st.integers(0, 9)) == 0 and row > below:
            continue
        for places in blocks:
            if len(blocks) > 1 and draw(st.integers(0, 4)) == 0:
                continue
            for head, at in places.items():
                for place in at:
                    sheet.cells[row, place] = _value(draw, head, token)
        if draw(st.integers(0, 4)) == 0:
            sheet.hidden.add(row)
    if lists == 1 and draw(st.booleans()) and rows >= 3:
        family = range(below, below + 3)
        place = blocks[0]["address"][0]
        for row in family:
            sheet.cells[row, blocks[0]["name"][0]] = token("N")
        for where, value in ((place, token("A")), (blocks[0]["people"][0], 3)):
            for row in family:
                sheet.cells.pop((row, where), None)
            sheet.cells[family[0], where] = value
            sheet.merged.append((family[0], where, family[-1], where))
    if draw(st.booleans()):
        sheet.cells[below + rows + 1, 0] = "合计"
    for places in blocks:  # the last row is somebody
        sheet.cells[below + rows, places["name"][0]] = token("N")
        sheet.cells[below + rows, places["address"][0]] = token("A")
    sheet.shown = draw(st.integers(0, 4)) > 0
    return sheet


def _value(draw, head: str, token) -> object:
    if head != "house number" and draw(st.integers(0, 11)) == 0:
        return ("=1/0", draw(st.sampled_from(["#N/A", "#REF!", ""])))
    if head == "class":
        return draw(st.sampled_from(["regular", "黄码", "?"]))
    if head == "people":
        return draw(st.sampled_from([1, 2, "两人"]))
    if head == "house number":
        return token("h")
    return token({"name": "N", "address": "A"}.get(head, "t"))


@st.composite
def books(draw) -> list[Drawn]:
    sheets = [draw(people_sheets(name)) for name in "pqr"[: draw(st.integers(1, 3))]]
    for at, rows in enumerate(draw(st.lists(st.sampled_from(OTHERS), max_size=2))):
        cells = {
            (row, place): value for row, each in enumerate(rows) for place, value in enumerate(each) if value
        }
        sheets.append(Drawn(f"other{at}", cells))
    first = sheets[0]
    first.shown = True  # one must be
    return draw(st.permutations(sheets)) if len(sheets) > 1 else sheets


def write(path: Path, sheets: list[Drawn]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for drawn in sheets:
            page = book.add_worksheet(drawn.name)
            tops = {(top, left): (top, left, bottom, right) for top, left, bottom, right in drawn.merged}
            for (row, place), value in drawn.cells.items():
                if (row, place) in tops:
                    page.merge_range(*tops[row, place], value)
                elif isinstance(value, tuple):
                    page.write_formula(row, place, value[0], None, value[1])
                else:
                    page.write(row, place, value)
            for row in drawn.hidden:
                page.set_row(row, None, None, {"hidden": True})
            if not drawn.shown:
                page.hide()
        shown = [page for drawn, page in zip(sheets, book.worksheets(), strict=True) if drawn.shown]
        shown[0].activate()
        shown[0].set_first_sheet()


@given(books())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_everybody_ends_in_one_place_and_every_filled_cell_is_read_or_told(tmp_path_factory, sheets) -> None:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    write(path, sheets)
    table = read_residents(path)
    book = openpyxl.load_workbook(path)
    in_residents = Counter(one.name for one in table.residents if one.name)
    refused = {(one.sheet, row_of(one.row)) for one in table.rejected}
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                if cell.value in (None, ""):
                    continue
                if re.match(r"N\w", str(cell.value)):
                    taken = in_residents[str(cell.value)]
                    assert taken == 1 or (taken == 0 and (page.title, cell.row) in refused), cell
                assert _is_accounted_for(cell, page.title, table), (cell, cell.value)
    _add_up(table, book)


def _is_accounted_for(cell, sheet: str, table: ResidentTable) -> bool:
    told = [each for each in table.findings if each.sheet == sheet]
    codes = {each.code for each in told}
    here = [one for one in table.residents if one.sheet == sheet and row_of(one.row) == cell.row]
    text = "" if str(cell.value).startswith("=") else str(cell.value)
    header = next(
        (cell.parent.cell(row, cell.column).value for row in (4, 3, 2, 1) if _heads(cell, row)), None
    )
    return (
        "OTHER_SHEET" in codes
        or any(one.sheet == sheet and row_of(one.row) == cell.row for one in table.rejected)
        or cell.row <= _header_row(cell.parent)
        or any(text and text in _said(one) for one in here)
        or any(each.row_shown == cell.row and each.column == header for each in told)
        or any(header and header in each.column.split(", ") for each in told if each.row is None)
        or any(
            get_column_letter(cell.column) in each.column.split(", ")
            for each in told
            if each.code == "CELLS_WITHOUT_HEADER"
        )
        or any(header == "people" and str(one.people) in _number(cell.value) for one in here)
        or any(
            header == "class"
            and cell.value in {"regular": "regular", "yellow": "黄码"}.get(one.infection_class, "")
            for one in here
        )
        or (header == "people" and "MERGED_TOTAL" in codes)
    )


def _heads(cell, row: int) -> bool:
    return (
        row <= _header_row(cell.parent)
        and cell.parent.cell(row, cell.column).value is not None
        and row < cell.row
    )


def _header_row(page) -> int:
    rows = [row for row in range(1, 6) if page.cell(row, 1).value in {"name", "team", "depot", "code"}]
    first = rows[0] if rows else 1
    return first + any(cell.value == "house number" for cell in page[first + 1])


def _said(one: Resident) -> str:
    values = (getattr(one, each.name) for each in fields(one))
    return " ".join(str(value) for value in values if isinstance(value, str))


def _number(value: object) -> set[str]:
    return {"2"} if value == "两人" else {str(value)}


def _add_up(table: ResidentTable, book) -> None:
    read = {each.sheet: each for each in table.sheets if each.read}
    assert {each.sheet for each in table.sheets} == {page.title for page in book}
    for name, each in read.items():
        page = book[name]
        filled = [
            row
            for row in range(1, page.max_row + 1)
            if any(cell.value not in (None, "") for cell in page[row])
        ]
        assert each.rows == max(filled) - _header_row(page)
        assert each.rows == each.with_people + each.to_correct + each.skipped
        assert each.residents == sum(one.sheet == name for one in table.residents)
    lines = [one.row for one in (*table.residents, *table.rejected)]
    assert sorted(lines) == list(table.lines)


def test_columns_are_lettered_as_spreadsheet_programs_do() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == [
        get_column_letter(place) for place in (1, 26, 27, 702, 703)
    ]
