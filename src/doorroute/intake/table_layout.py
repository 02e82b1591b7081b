"""Find a table in a file: its sheet, its header row and its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from doorroute.errors import BadInputError
from doorroute.intake.data_rows import Row, rows_below
from doorroute.intake.header_meanings import HeaderWords, check_mapping, meanings_of
from doorroute.intake.header_rows import HEADER_WITHIN, Column, HeaderRow, best_header, recognise
from doorroute.intake.table_files import Sheet
from doorroute.texts import msg


@dataclass(frozen=True, slots=True)
class Layout:
    """A table found in a file, on the sheet with index `place` of those given.

    `header_row` counts from 1. `dropped` are the headers of sensitive columns, `unused` the headers that mean
    no field; `unread` gives the latter by column.
    """

    sheet: str
    header_row: int
    columns: Mapping[str, tuple[Column, ...]]
    rows: tuple[Row, ...] = field(repr=False)
    dropped: tuple[str, ...]
    unused: tuple[str, ...]
    place: int
    head: HeaderRow
    unread: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    def header(self, *fields: str) -> str:
        """Return the header of the first of `fields` that has a column, or ''."""
        return next((self.columns[name][0].header for name in fields if name in self.columns), "")


def find_list(
    path: Path, sheets: Sequence[Sheet], words: HeaderWords, mapping: Mapping[str, str] | None = None
) -> Layout:
    """Find the table in `sheets`: the row with the most recognised headers, and the field of each column.

    `mapping` gives the header of a field, whatever that header means. Raises BadInputError: UNKNOWN_FIELD,
    UNKNOWN_HEADER, SENSITIVE_COLUMN, NO_HEADER, NO_ROWS.
    """
    mapping = mapping or {}
    check_mapping(mapping, words)
    meanings = meanings_of(words)
    best = [best_header(sheet, meanings, mapping) for sheet in sheets]
    place = max(range(len(sheets)), key=lambda k: (best[k][0], sheets[k].visible, -k))
    head = best[place][1]
    if head is None:
        raise no_header(path)
    columns = recognise(head, meanings, mapping)
    rows = rows_below(sheets[place], head, columns.fields)
    if not rows:
        raise no_rows(path)
    return Layout(
        sheets[place].name,
        head.last + 1,
        MappingProxyType(columns.fields),
        rows,
        columns.dropped,
        tuple(columns.unread.values()),
        place,
        head,
        columns.unread,
    )


def no_header(path: Path) -> BadInputError:
    """Return the error for a file without a header."""
    return BadInputError(
        "NO_HEADER",
        msg(
            "No header row was found in the first {rows} rows of {file}.",
            rows=HEADER_WITHIN,
            file=path.name,
        ),
        msg("Add a row above the list that names each column: name, phone, address ..."),
    )


def no_rows(path: Path) -> BadInputError:
    """Return the error for a header without rows below it."""
    return BadInputError(
        "NO_ROWS",
        msg("{file} has a header but no rows below it.", file=path.name),
        msg("Choose the file or sheet that contains the list."),
    )
