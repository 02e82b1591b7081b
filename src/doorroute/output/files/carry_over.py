"""`carry-over.xlsx`: the rows left for tomorrow in the columns of today's list, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from doorroute.day.closing import RowFate
from doorroute.disk.spreadsheet import fitting, workbook
from doorroute.intake.original_rows import Originals
from doorroute.intake.table_files import Cell
from doorroute.texts import msg


def carried(fates: Iterable[RowFate], originals: Originals, *, day: str, lang: str) -> list[list[Cell]]:
    """Return the table: the header, then each row left for tomorrow with the reason as a remark."""
    own = [] if originals.notes else [msg("note").into(lang)]
    table: list[list[Cell]] = [[*originals.headers, *own]]
    for fate in fates:
        if not fate.carried:
            continue
        cells: list[Cell] = [*originals.rows[fate.row], *([None] * len(own))]
        place = originals.note_place(fate.row)
        place = len(cells) - 1 if place is None else place
        why = f"{day}: {fate.reason.into(lang)}"
        before = cells[place]
        cells[place] = why if before is None else f"{before}; {why}"
        table.append(cells)
    return table


def write_carry_over(path: Path, table: Sequence[Sequence[Cell]], *, lang: str) -> None:
    """Write the workbook of the rows for tomorrow, as `carried` returns them."""
    with workbook(path) as book:
        page = book.add_worksheet(msg("residents").into(lang)[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    page.write_string(row, column, fitting(cell), *([] if row else [bold]))
                elif cell is not None:
                    page.write_number(row, column, cell)
        page.freeze_panes(1, 0)
        page.autofit(400)
