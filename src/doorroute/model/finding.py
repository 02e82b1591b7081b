"""Findings: what was odd in the input, where it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from doorroute.model.line import row_of
from doorroute.texts import Text, literal, msg

FindingCode = NewType("FindingCode", str)


class Severity(StrEnum):
    """What a finding means for its row."""

    ERROR = "error"  # the row is rejected
    WARNING = "warning"  # the row is used, changed or in doubt: please check it
    NOTE = "note"  # the row is used; something was tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One oddity of the input.

    `table` is a key of `TABLES`. `row` is the number of the row (of `model.line`) or of the barrier; None:
    the whole table. `column` is the header as spelled in the sheet, '' if none; `sheet` is '' in a file
    without sheets. `message` and `advice` quote no name, phone, address, nor the health class of any one row.
    """

    severity: Severity
    code: FindingCode
    table: str
    row: int | None
    column: str
    message: Text
    advice: Text
    sheet: str = ""

    @property
    def row_shown(self) -> int | None:
        """Return the row as the spreadsheet program numbers it."""
        return None if self.row is None else row_of(self.row)


def place_text(row: int, sheet: str = "", column: str = "") -> Text:
    """Return the place of something in a table: its row as the user sees it, with sheet and column if any."""
    number = row_of(row)
    place = msg("row {row}, {column}", row=number, column=column) if column else msg("row {row}", row=number)
    return msg("{sheet}, {place}", sheet=sheet, place=place) if sheet else place


TABLES: Final = {
    "residents": msg("list of residents"),
    "teams": msg("list of teams"),
    "depots": msg("list of depots"),
    "barriers": msg("file of barriers"),
    "network": msg("map extract"),
    "pins": msg("list of pins"),
    "gazetteer": msg("list of places"),
    "results": msg("results of the teams"),
}


def table_name(table: str) -> Text:
    """Return what people call the table of a finding."""
    return TABLES.get(table, literal(table))


def in_doubt(findings: Iterable[Finding], excluded: Collection[int] = ()) -> tuple[Finding, ...]:
    """Return the warnings about residents who are visited nevertheless, by row.

    Rows that have an error, or are among `excluded`, are reported elsewhere and left out.
    """
    about = [each for each in findings if each.table == "residents" and each.row is not None]
    skipped = {each.row for each in about if each.severity is Severity.ERROR} | set(excluded)
    doubts = [each for each in about if each.severity is Severity.WARNING and each.row not in skipped]
    return tuple(sorted(doubts, key=lambda each: each.row or 0))


def warning(
    code: str,
    message: Text,
    advice: Text,
    table: str = "results",
    *,
    row: int | None = None,
    column: str = "",
) -> Finding:
    """Return a warning about a row of a table; about the whole table if `row` is None."""
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode(code),
        table=table,
        row=row,
        column=column,
        message=message,
        advice=advice,
    )
