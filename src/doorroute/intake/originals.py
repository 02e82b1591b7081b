"""The cells of a list of residents as they stand in it, for a list that is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from doorroute.intake import headers
from doorroute.intake.columns import find_list, is_sensitive, kept_lines, plain
from doorroute.intake.tables import Cell, read_sheets
from doorroute.intake.values import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """The headed columns of a list, those with identity numbers left out; `rows` by their line in the sheet, each as long as `headers`.

    `notes` are the places of the columns that hold remarks, the one to be read first in front.
    """

    headers: tuple[str, ...]
    rows: Mapping[int, tuple[Cell, ...]] = field(repr=False)
    notes: tuple[int, ...]

    def note_place(self, row: int) -> int | None:
        """Return where the remark on a row stands: the first column of remarks that is filled, else the first; None where there is none."""
        filled = (place for place in self.notes if text_of(self.rows[row][place]))
        return next(filled, self.notes[0] if self.notes else None)


def read_originals(path: Path, *, mapping: Mapping[str, str] | None = None) -> Originals:
    """Read them as `read_residents` does, with its errors; what stands for the cell above is that cell."""
    sheets = read_sheets(path)
    layout = find_list(path, sheets, headers.RESIDENTS, mapping)
    sheet, line = sheets[layout.place], layout.header_row - 1
    head = sheet.rows[line]
    kept = [index for index, cell in enumerate(head) if text_of(cell) and not is_sensitive(cell)]
    rows = {
        number: tuple(cells[index] if index < len(cells) else None for index in kept)
        for number, cells in kept_lines(sheet, line, ())
    }
    return Originals(
        headers=tuple(text_of(head[index]) for index in kept),
        rows=rows,
        notes=tuple(kept.index(column.place) for column in layout.columns.get("note", ())),
    )


def together(lists: Sequence[tuple[int, Originals]]) -> Originals:
    """Put lists together, the rows of each renumbered by what stands before it; columns that are headed alike are one."""
    columns: dict[tuple[str, int], int] = {}
    notes: dict[int, None] = {}
    rows: dict[int, tuple[Cell, ...]] = {}
    places = [[columns.setdefault(name, len(columns)) for name in _numbered(each.headers)] for _, each in lists]
    for (before, each), at in zip(lists, places, strict=True):
        notes |= dict.fromkeys(at[place] for place in each.notes)
        for row, cells in each.rows.items():
            by_column = dict(zip(at, cells, strict=True))
            rows[row + before] = tuple(by_column.get(place) for place in range(len(columns)))
    heads: dict[int, str] = {}
    for (_, each), at in zip(lists, places, strict=True):
        for place, header in zip(at, each.headers, strict=True):
            heads.setdefault(place, header)
    return Originals(headers=tuple(heads.values()), rows=rows, notes=tuple(notes))


def _numbered(headers_: Sequence[str]) -> list[tuple[str, int]]:
    """Reduce headers to what is compared, and tell those apart that come more than once in a list."""
    bare = [plain(header) for header in headers_]
    return [(header, bare[:at].count(header)) for at, header in enumerate(bare)]
