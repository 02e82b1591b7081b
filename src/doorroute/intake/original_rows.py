"""The cells of a list of residents as written, for a new list that is made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from doorroute.intake.data_rows import resolved_lines
from doorroute.intake.header_meanings import is_sensitive, plain
from doorroute.intake.people_lists import PeopleList, find_people
from doorroute.intake.table_files import Cell, read_sheets
from doorroute.intake.values import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """The columns of a list, without those of identity numbers.

    `rows` are the cells by line number (`model.line`), one for each of `headers`. `notes` are the indices of
    the columns with remarks, the preferred one first.
    """

    headers: tuple[str, ...]
    rows: Mapping[int, tuple[Cell, ...]] = field(repr=False)
    notes: tuple[int, ...]

    def note_place(self, row: int) -> int | None:
        """Return the index of the remark of a row, or None if no column has remarks.

        It is the first column of remarks that is filled, else the first one.
        """
        filled = (place for place in self.notes if text_of(self.rows[row][place]))
        return next(filled, self.notes[0] if self.notes else None)


def read_originals(
    path: Path, *, mapping: Mapping[str, str] | None = None, sheets: Sequence[str] = ()
) -> Originals:
    """Read the cells as `read_residents` does, with the same errors; merged and ditto cells are filled in."""
    book = find_people(path, read_sheets(path), mapping, sheets)
    return combine_originals([(0, _of_list(found)) for found in book.lists])


def _of_list(found: PeopleList) -> Originals:
    """Return the columns of one list, including columns that several lists of the row share."""
    head, columns = found.layout.head, found.layout.columns
    known = {column.place: name for name, each in columns.items() for column in each}
    kept = [
        place
        for place, text in enumerate(head.texts)
        if text and not is_sensitive(text) and (place in found.places or place in known)
    ]
    numbers = {row.number for row in found.layout.rows}
    lines = range(min(numbers, default=1) - 1, max(numbers, default=0))
    rows = {
        found.line(number): tuple(cells[place] if place < len(cells) else None for place in kept)
        for number, cells in resolved_lines(found.sheet, head, known, lines)
        if number in numbers
    }
    return Originals(
        headers=tuple(head.texts[place] for place in kept),
        rows=rows,
        notes=tuple(kept.index(column.place) for column in columns.get("note", ()) if column.place in kept),
    )


def combine_originals(lists: Sequence[tuple[int, Originals]]) -> Originals:
    """Combine lists.

    The row numbers of each grow by the number before it, and equal headers share a column.
    """
    columns: dict[tuple[str, int], int] = {}
    notes: dict[int, None] = {}
    rows: dict[int, tuple[Cell, ...]] = {}
    places = [
        [columns.setdefault(name, len(columns)) for name in _numbered(each.headers)] for _, each in lists
    ]
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
    """Return plain headers, each with its count so far, so that repeated headers stay distinct."""
    bare = [plain(header) for header in headers_]
    return [(header, bare[:at].count(header)) for at, header in enumerate(bare)]
