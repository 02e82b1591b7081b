"""Small tables on disk."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

Rows = Sequence[Sequence[object]]


@pytest.fixture
def as_csv(tmp_path: Path) -> Callable[[Rows], Path]:
    """Return a function that writes rows as csv and returns the path."""

    def write(rows: Rows) -> Path:
        path = tmp_path / "table.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture
def as_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes sheets of rows as a workbook, text as text and never as a formula."""

    def write(*sheets: Rows, merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
        path = tmp_path / "table.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            day, time = (
                book.add_format({"num_format": "yyyy-mm-dd"}),
                book.add_format({"num_format": "hh:mm"}),
            )
            for rows in sheets:
                sheet = book.add_worksheet()
                for line, row in enumerate(rows):
                    for column, value in enumerate(row):
                        kind = type(value).__name__
                        style = {"date": day, "datetime": day, "time": time}.get(kind)
                        sheet.write(line, column, value, style)
                for top, left, bottom, right in merged:
                    sheet.merge_range(top, left, bottom, right, rows[top][left])
        return path

    return write
