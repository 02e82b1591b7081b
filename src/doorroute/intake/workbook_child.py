"""Child process that reads a workbook: `python workbook_child.py FILE MAX_ROWS MAX_COLUMNS`, JSON on stdout.

The reader runs in its own process because it can abort the process on a damaged or hostile file. One value in
the last cell of a sheet makes it ask for 550 GB; see also tafia/calamine#174, #612, #721.

Output: `{"fault": "LOCKED" | "BROKEN"}`, or a list of sheets with `{"name", "visible", "height", "width",
"rows": [[index, [cell, ...]], ...], "merged": [[top, left, bottom, right]]}` and the items of
`workbook_flags.to_json`. Indices count from 0; blank rows are left out. A cell is null, a string, a number,
true or false, or `{"date": "ISO 8601"}`. A cell with an error is its error text (`#N/A`), a formula without a
result is `#CALC!`: calamine gives both as empty.
"""

import datetime as dt
import json
import sys
from pathlib import Path

import python_calamine

sys.path.insert(0, str(Path(__file__).parent))
import workbook_flags  # type: ignore[import-not-found]
import workbook_flags_xls  # type: ignore[import-not-found]
import workbook_flags_xlsb  # type: ignore[import-not-found]  # in this folder

MEMORY_BYTES = 3 * 2**30


def _cell(value: object) -> object:
    if isinstance(value, str | bool | int | float):
        return value if value != "" else None
    if isinstance(value, dt.timedelta):
        return {"date": str(value)}
    if isinstance(value, dt.date | dt.time):
        return {"date": value.isoformat()}
    return None


def _sheet(
    workbook: python_calamine.CalamineWorkbook,
    index: int,
    flags: workbook_flags.SheetFlags | None,
    max_rows: int,
    max_columns: int,
) -> dict[str, object]:
    sheet = workbook.get_sheet_by_index(index)
    result: dict[str, object] = {"name": sheet.name, "height": 0, "width": 0, "rows": [], "merged": []}
    result |= workbook_flags.to_json(flags)
    cells: dict[int, list[object]] = {}
    if sheet.start is not None and sheet.end is not None:
        result["height"], result["width"] = sheet.end[0] + 1, sheet.end[1] + 1
        if sheet.end[0] >= max_rows or sheet.end[1] >= max_columns:
            return result
        before = [None] * sheet.start[1]  # rows lack the empty columns at the left
        cells = {
            number: before + [_cell(value) for value in row]
            for number, row in enumerate(sheet.iter_rows())
            if any(value != "" for value in row)
        }
        result["merged"] = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    for (row, column), text in (flags.not_known if flags else {}).items():
        if row >= max_rows or column >= max_columns:
            return {**result, "height": row + 1, "width": column + 1, "rows": []}
        line = cells.setdefault(row, [])
        line += [None] * (column + 1 - len(line))
        if line[column] is None:
            line[column] = text
    result["rows"] = sorted(cells.items())
    return result


def _read(path: str, max_rows: int, max_columns: int) -> object:
    try:
        with open(path, "rb") as file, python_calamine.load_workbook(file) as workbook:  # noqa: PTH123
            kinds = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum.Visible
            flags = (
                workbook_flags.read(path) or workbook_flags_xls.read(path) or workbook_flags_xlsb.read(path)
            )
            return [
                {
                    **_sheet(
                        workbook, index, flags.get(about.name) if flags else None, max_rows, max_columns
                    ),
                    "visible": about.visible == kinds[1],
                }
                for index, about in enumerate(workbook.sheets_metadata)
                if about.typ == kinds[0]
            ]
    except python_calamine.PasswordError:
        return {"fault": "LOCKED"}
    except (python_calamine.CalamineError, workbook_flags.DoubledError, OSError):
        return {"fault": "BROKEN"}


def _limit_memory() -> None:
    try:
        import resource  # not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    _limit_memory()
    sys.stdout.buffer.write(json.dumps(_read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))).encode())
