"""The sheets of a list as they were read, for the workbook that shows what was found where."""

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
    """A list on a sheet: its first row and the last one of its header (from 0), and its columns by their headers."""

    first: int
    last: int
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAsRead:
    """A sheet with people. `rows` begin at line 1; cells of columns with identity numbers are blank.

    `lists` are those on it, each with the number that its lines have beside the row (`model.line`). Rows are numbered `before` higher in
    findings than here.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    lists: tuple[tuple[int, ListArea], ...]
    before: int = 0

    def row_at(self, line: int) -> int | None:
        """Return the row (from 0) of an entry, None where it stands on another sheet."""
        row = row_of(line) - self.before
        on_it = any(number == line - row_of(line) for number, _ in self.lists)
        return row - 1 if on_it and 0 < row <= len(self.rows) else None

    def area_at(self, line: int) -> ListArea:
        """Return the list in which an entry of this sheet stands."""
        row, number = row_of(line) - self.before - 1, line - row_of(line)
        block = [area for each, area in self.lists if each == number]
        return next((area for area in reversed(block) if area.first <= row), block[0])


def as_read(book: Book, before: int = 0) -> tuple[SheetAsRead, ...]:
    """Return the sheets with people, in their order; a row's number is `before` higher in what was found."""
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
    """Blank the columns with identity numbers, from their header down to the next one."""
    rows = list(lists[0].sheet.rows)
    heads = sorted({found.layout.head.first: found.layout.head for found in lists}.items())
    for (first, head), end in zip(heads, [*(top for top, _ in heads[1:]), len(rows)], strict=True):
        hidden = {place for place, text in enumerate(head.texts) if is_sensitive(text)}
        for row in range(first, end) if hidden else ():
            rows[row] = tuple(None if place in hidden else cell for place, cell in enumerate(rows[row]))
    return tuple(rows)
