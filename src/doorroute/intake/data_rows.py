"""The rows below a header, with merged and repeated cells filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from doorroute.intake.header_meanings import is_sensitive, plain
from doorroute.intake.header_rows import Column, HeaderRow
from doorroute.intake.table_files import Cell, Merged, Sheet, is_blank

_DITTO: Final = frozenset({"同上", "〃", "″", '"', "ditto", "as above"})
_NOTHING: Final = frozenset(
    {"(空)", "(跳过)", "(未填)", "(未填写)", "(null)", "null", "nan", "<null>", "\\n"}
)
"""What forms and databases write for a blank cell."""
_KINDS_OF_CELL: Final = frozenset(
    {
        "必填",
        "选填",
        "非必填",
        "required",
        "optional",
        "string",
        "int",
        "integer",
        "float",
        "text",
        "number",
        "varchar",
        "文本",
        "数字",
        "数值",
        "字符串",
    }
)
"""Words of a second header row that says what type of value to enter."""
_SHARED: Final = frozenset({"people", "kits", "suits", "tubes", "service_min"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header, with the cells of recognised columns only.

    `cells` holds the columns and cells of each field, the preferred one first. `first` is the first text in
    the row. `own` names the fields whose cell is filled in this row, not by a merged cell above. `fault` says
    why the row cannot be read: QUOTES, SHIFTED, TABLE, HEADER or ''.
    """

    number: int
    cells: Mapping[str, tuple[tuple[Column, Cell], ...]] = field(repr=False)
    blank: bool
    repeats_header: bool
    first: str = field(repr=False)
    own: frozenset[str] = frozenset()
    fault: str = ""


def rows_below(
    sheet: Sheet, head: HeaderRow, columns: Mapping[str, tuple[Column, ...]], lines: range | None = None
) -> tuple[Row, ...]:
    """Return the rows below the header, or those of `lines` (from 0)."""
    rows = []
    known = {column.place: name for name, found in columns.items() for column in found}
    covered, faults = covered_cells(sheet), _faults(sheet, head)
    for number, kept in resolved_lines(sheet, head, known, lines):
        cells = sheet.rows[number - 1]
        by_field = {
            name: tuple((column, _value(sheet, number - 1, column.place, kept)) for column in found)
            for name, found in columns.items()
        }
        first = next((cell.strip() for cell in kept if isinstance(cell, str) and cell.strip()), "")
        own = frozenset(
            known[place]
            for place, cell in enumerate(cells)
            if place in known and not is_blank([cell]) and (number - 1, place) not in covered
        )
        rows.append(
            Row(
                number,
                by_field,
                is_blank(cells),
                _repeats(cells, head),
                first,
                own,
                faults.get(number - 1, ""),
            )
        )
    return tuple(rows)


def _repeats(cells: Sequence[Cell], head: HeaderRow) -> bool:
    if is_blank(cells):
        return False
    texts = _texts(cells)
    if (
        len(texts) > 1
        and len(texts) == sum(not is_blank([cell]) for cell in cells)
        and set(texts) <= _KINDS_OF_CELL
    ):
        return True
    return texts == _texts([text for place, text in enumerate(head.texts) if place not in head.parts])


def _faults(sheet: Sheet, head: HeaderRow) -> dict[int, str]:
    """Return the rows of a text (from 0) whose cells may be in the wrong columns, with the reason."""
    below = range(head.last + 1, len(sheet.rows))
    wide = [row for row in below if sheet.is_text and not is_blank(sheet.rows[row][len(head.texts) :])]
    shifted = (
        wide if len(wide) == 1 or 2 * len(wide) <= len(below) else []
    )  # if most rows are wide, a column has no header
    return dict.fromkeys(shifted, "SHIFTED") | dict.fromkeys(sheet.unreadable, "QUOTES")


def resolved_lines(
    sheet: Sheet, head: HeaderRow, known: Mapping[int, str], lines: range | None = None
) -> Iterator[tuple[int, list[Cell]]]:
    """Yield row number and cells of each row below the header, with merged and ditto cells filled in.

    Sensitive cells are blank. `known` gives the field of a column. A number merged over several rows is a
    total and is shared out among them. A cell merged over columns goes to the first of them that is read.
    """
    sensitive = [index for index, text in enumerate(head.texts) if is_sensitive(text)]
    moved = _moved_cells(sheet, head, known)
    above: list[Cell] = []
    for number in range(head.last + 1, len(sheet.rows)) if lines is None else lines:
        cells = list(sheet.rows[number])
        for place, cell in moved.get(number, {}).items():
            cells += [None] * (place + 1 - len(cells))
            cells[place] = cell
        kept = [None if index in sensitive else cell for index, cell in enumerate(cells)]
        kept = [above[k] if k < len(above) and _is_ditto(cell) else cell for k, cell in enumerate(kept)]
        above = kept or above
        yield number + 1, kept


def covered_cells(sheet: Sheet) -> frozenset[tuple[int, int]]:
    """Return the (row, column) of cells that a merged range covers, without its top left cell."""
    cells = set()
    for top, left, bottom, right in sheet.merged:
        for row in range(top, min(bottom, len(sheet.rows)) + 1):
            cells |= {
                (row, place) for place in range(left, min(right, 1_000) + 1) if (row, place) != (top, left)
            }
    return frozenset(cells)


def merged_counts(
    sheet: Sheet, head: HeaderRow, known: Mapping[int, str]
) -> Iterator[tuple[Merged, list[int]]]:
    """Yield each merged range that gives one number for several rows, with its filled rows (from 0)."""
    for found in sheet.merged:
        if found.top > head.last and found.bottom > found.top and known.get(found.left) in _SHARED:
            rows = [
                row for row in range(found.top, found.bottom + 1) if row < len(sheet.rows) and sheet.rows[row]
            ]
            if len(rows) > 1:
                yield found, rows


def _moved_cells(sheet: Sheet, head: HeaderRow, known: Mapping[int, str]) -> dict[int, dict[int, Cell]]:
    moved: dict[int, dict[int, Cell]] = {}
    for found, rows in merged_counts(sheet, head, known):
        total = _number(sheet.rows[found.top][found.left])
        if total is None:
            continue
        each = total // len(rows) if total == int(total) else total / len(rows)
        for place, row in enumerate(rows):
            share = each + (total - each * len(rows) if place == 0 else 0)
            moved.setdefault(row, {})[found.left] = (
                max(share, 1.0) if known[found.left] == "people" else share
            )
    for found in sheet.merged:
        if found.top > head.last and found.right > found.left and found.left not in known:
            first = next((place for place in range(found.left, found.right + 1) if place in known), None)
            for index in range(found.top, min(found.bottom, len(sheet.rows) - 1) + 1):
                cells = sheet.rows[index]
                if first is not None and not is_blank(cells[found.left : found.left + 1]):
                    moved.setdefault(index, {})[first] = cells[found.left]
    return moved


def _number(cell: Cell) -> float | None:
    if isinstance(cell, float):
        return cell
    found = re.match(r"\s*(\d+(?:\.\d+)?)", unicodedata.normalize("NFKC", cell or ""))
    return float(found[1]) if found else None


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in _DITTO


def _is_nothing(cell: Cell) -> bool:
    return isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip().casefold() in _NOTHING


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [plain(cell) for cell in cells if isinstance(cell, str) and cell.strip()]


def _value(sheet: Sheet, row: int, place: int, kept: Sequence[Cell]) -> Cell:
    """Return a cell; a formula in a text file has no known value."""
    cell = "#CALC!" if (row, place) in sheet.formulas else kept[place] if place < len(kept) else None
    return None if _is_nothing(cell) else cell
