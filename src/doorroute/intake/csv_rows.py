"""Split text into rows of cells, and repair rows whose quotes do not match."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from doorroute.texts import Text, msg

_MOST_LINES: Final = 50
"""If a cell has more lines than this, its quote was never closed."""
_FEW: Final = 2
"""Tables with more multi-line cells than this, in a quarter of the rows, are written that way on purpose."""
_MOST_TRIES: Final = 2_000
"""Maximum number of rows with unmatched quotes for which multi-line cells are tried."""
_MOST_DOUBTS: Final = 8
"""Maximum number of doubtful quotes in a line for which every meaning is tried."""


@dataclass(slots=True)
class Rows:
    """The rows of a text.

    `repaired` and `unreadable` are row indices; an unreadable row has its line in one cell.
    """

    rows: list[list[str]] = field(default_factory=list)
    repaired: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def split(text: str, delimiter: str) -> Rows:
    """Split `text` into rows of cells; a blank line is a row without cells.

    If quotes do not match, or two stray quotes would swallow the rows between them, lines are read one by
    one. A stray quote is a plain character if only one reading gives the line as many cells as the others.
    Raises `csv.Error` if no row can be read.
    """
    whole = _strict(text, delimiter)
    if whole is not None and not any("\n" in cell or "\r" in cell for row in whole for cell in row):
        return Rows(whole)
    return _by_line(text, delimiter, whole)


def repaired(row: int) -> tuple[str, int, Text, Text]:
    """Return the remark (code, row, message, advice) on a repaired row."""
    return (
        "QUOTES_REPAIRED",
        row,
        msg(
            "The quotes in this row do not match; it was read so that it has as many cells as the other rows."
        ),
        msg("Check the row, and save the table again in the spreadsheet program."),
    )


def _strict(text: str, delimiter: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _by_line(text: str, delimiter: str, whole: list[list[str]] | None) -> Rows:
    lines = list(io.StringIO(text, newline=""))
    alone = [_one(line, delimiter) for line in lines]
    if whole is not None and _all_quoted(text, lines, delimiter):
        return Rows(whole)  # written by a program that quotes correctly
    widths = Counter(len(row) for row in (alone if any(alone) else whole or []) if row)
    if not widths:
        raise csv.Error("no row")
    width = max(widths, key=lambda each: (widths[each], each))
    usual = [row for row in alone if row and len(row) == width][1:]
    anchors = [place for place in range(width) if _is_anchor([row[place] for row in usual])]
    tall = sum(any("\n" in cell or "\r" in cell for cell in row) for row in whole or [])
    many = tall > _FEW and 4 * tall > len(whole or [])
    made = Rows()
    at, tries = 0, 0
    while at < len(lines):
        row = alone[at]
        if row is not None:
            made.rows.append(row)
            at += 1
            continue
        tries += 1
        taken, cells = _over_lines(lines, at, delimiter) if tries <= _MOST_TRIES else (0, [])
        repairs = [_repairs(line, delimiter, width) for line in lines[at : at + max(taken, 1)]]
        unambiguous = all(len(meanings) == 1 for meanings in repairs)
        if taken and not (unambiguous and _are_rows(repairs, anchors, many=many)):
            made.rows.append(cells)  # a cell of several lines, as a spreadsheet program writes them
            at += taken
            continue
        for line, meanings in zip(lines[at:], repairs, strict=False):
            sure = len(meanings) == 1 and (anchors or not taken)
            (made.repaired if sure else made.unreadable).append(len(made.rows))
            made.rows.append(meanings[0] if sure else [line.strip("\r\n")])
        at += len(repairs)
    return made


def _all_quoted(text: str, lines: list[str], delimiter: str) -> bool:
    """Return whether every row begins with a quote."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 0
    for row in reader:
        if any(row) and not lines[start].startswith('"'):
            return False
        start = reader.line_num
    return True


def _is_anchor(cells: list[str]) -> bool:
    """Return whether a column contains only numbers; it then shows where a row begins."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(_NUMBER.fullmatch(cell) for cell in filled)


def _are_rows(repairs: list[list[list[str]]], anchors: list[int], *, many: bool) -> bool:
    """Return whether the lines of one quoted cell are rows that two stray quotes would swallow.

    Each line has as many cells as the other rows. If the table has number columns (`anchors`), the lines need
    numbers there too. Otherwise they count as rows (and are refused as uncertain), unless `many` cells of the
    table have several lines.
    """
    if not anchors:
        return not many
    return all(
        any(row[place].strip() for place in anchors)
        and all(not row[place].strip() or _NUMBER.fullmatch(row[place]) for place in anchors)
        for (row,) in repairs
    )


_NUMBER: Final = re.compile(r"[\d\s+()./-]*\d[\d\s+()./-]*")


def _one(line: str, delimiter: str) -> list[str] | None:
    rows = _strict(line, delimiter)
    return None if rows is None else (rows[0] if rows else [])


def _over_lines(lines: list[str], at: int, delimiter: str) -> tuple[int, list[str]]:
    """Return how many lines from `at` on form one row, and its cells; 0 if none do."""
    for count in range(2, min(_MOST_LINES, len(lines) - at) + 1):
        rows = _strict("".join(lines[at : at + count]), delimiter)
        if rows is not None:
            return (count, rows[0]) if len(rows) == 1 else (0, [])
    return 0, []


def _repairs(line: str, delimiter: str, width: int) -> list[list[str]]:
    """Return the different splits of the line into `width` cells.

    Each quote at a cell's edge is used or ignored.
    """
    bare = line.rstrip("\r\n")
    starts = [
        place
        for place in range(len(bare))
        if bare[place] == '"' and (place == 0 or bare[place - 1] == delimiter)
    ]
    if len(starts) > _MOST_DOUBTS:
        return []
    found: list[list[str]] = []
    for meant in product((True, False), repeat=len(starts)):
        quotes = {place for place, means in zip(starts, meant, strict=True) if means}
        cells = _cells(bare, delimiter, quotes)
        if cells is not None and len(cells) == width and cells not in found:
            found.append(cells)
    return found


def _cells(line: str, delimiter: str, quotes: set[int]) -> list[str] | None:
    """Split the line; each quote in `quotes` opens a cell that ends at the next quote before a delimiter.

    Returns None if a cell never ends or a quote of `quotes` is inside another cell.
    """
    cells: list[str] = []
    place, used = 0, 0
    while True:
        if place in quotes:
            used += 1
            end = place + 1
            while end < len(line) and not (
                line[end] == '"' and (end + 1 == len(line) or line[end + 1] == delimiter)
            ):
                end += 1
            if end >= len(line):
                return None
            cells.append(line[place + 1 : end].replace('""', '"'))
            place = end + 1
        else:
            end = line.find(delimiter, place)
            end = len(line) if end < 0 else end
            cells.append(line[place:end].strip('"'))
            place = end
        if place >= len(line):
            return cells if used == len(quotes) else None
        place += 1
