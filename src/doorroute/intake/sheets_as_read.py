"""Copies of the sheets with people, for the workbook that shows each finding in its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorroute.intake.header_meanings import is_sensitive
from doorroute.model.line import line_of, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.intake.people_lists import Book, PeopleList
    from doorroute.intake.table_files import Cell


@dataclass(frozen=True, slots=True)
class ListArea:
    """The area of a list on a sheet: first and last header row (from 0), and the column of each header."""

    first: int
    last: int
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAsRead:
    """A sheet with people; cells of columns with identity numbers are blank.

    `rows` start at row 1 of the sheet. `lists` are the lists on it, each with the part of its line numbers
    that names sheet and block (`model.line`). Row numbers in findings are `before` higher than here.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    lists: tuple[tuple[int, ListArea], ...]
    before: int = 0

    def row_at(self, line: int) -> int | None:
        """Return the row (from 0) of a line number, or None if it is on another sheet."""
        row = row_of(line) - self.before
        on_it = any(number == line - row_of(line) for number, _ in self.lists)
        return row - 1 if on_it and 0 < row <= len(self.rows) else None

    def area_at(self, line: int) -> ListArea:
        """Return the list that contains a line of this sheet."""
        row, number = row_of(line) - self.before - 1, line - row_of(line)
        block = [area for each, area in self.lists if each == number]
        return next((area for area in reversed(block) if area.first <= row), block[0])


def as_read(book: Book, before: int = 0) -> tuple[SheetAsRead, ...]:
    """Return the sheets with people, in order. Row numbers in findings are `before` higher."""
    by_sheet: dict[int, list[PeopleList]] = {}
    for found in book.lists:
        by_sheet.setdefault(found.number, []).append(found)
    return tuple(
        SheetAsRead(
            name=lists[0].sheet.name,
            rows=_without_sensitive(lists),
            lists=tuple((line_of(0, sheet=found.number, block=found.block), _area(found)) for found in lists),
            before=before,
        )
        for lists in by_sheet.values()
    )


def _area(found: PeopleList) -> ListArea:
    places: dict[str, int] = {}
    for place, text in enumerate(found.layout.head.texts):
        if text and place in found.places:
            places.setdefault(text, place)
    for columns in found.layout.columns.values():
        for column in columns:
            places.setdefault(column.header, column.place)
    return ListArea(found.layout.head.first, found.layout.head.last, places)


def _without_sensitive(lists: list[PeopleList]) -> tuple[tuple[Cell, ...], ...]:
    """Blank the columns with identity numbers, from their header to the next header."""
    rows = list(lists[0].sheet.rows)
    heads = sorted({found.layout.head.first: found.layout.head for found in lists}.items())
    for (first, head), end in zip(heads, [*(top for top, _ in heads[1:]), len(rows)], strict=True):
        hidden = {place for place, text in enumerate(head.texts) if is_sensitive(text)}
        for row in range(first, end) if hidden else ():
            rows[row] = tuple(None if place in hidden else cell for place, cell in enumerate(rows[row]))
    return tuple(rows)
