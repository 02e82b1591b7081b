"""What was noticed while reading: every oddity of the input, with its place and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from doorroute.model.line import row_of
from doorroute.texts import Text, literal, msg

FindingCode = NewType("FindingCode", str)


class Severity(StrEnum):
    """What a finding does to its row."""

    ERROR = "error"  # the row is rejected
    WARNING = "warning"  # the row goes on, changed or in doubt: please look
    NOTE = "note"  # the row goes on; something was tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed.

    `table` is one of `TABLES`; `row` the line in the sheet from 1 (a number of `model.line`), or the number of the barrier (None: all); `column` the header
    as the sheet spells it ('' where none), `sheet` the name of the sheet ('' in a file without sheets). `message` and `advice` quote no name, phone or address, and the health class of no row (what the words of a whole column were taken as is said).
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
    """Say where something is: the row as the spreadsheet program numbers it, its sheet and column where there are any."""
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
    """Say which table a finding is about."""
    return TABLES.get(table, literal(table))


def in_doubt(findings: Iterable[Finding], apart: Collection[int] = ()) -> tuple[Finding, ...]:
    """Return the warnings about residents who are gone to all the same, by row: of no row that has an error or is among `apart`, which is told of elsewhere."""
    about = [each for each in findings if each.table == "residents" and each.row is not None]
    told = {each.row for each in about if each.severity is Severity.ERROR} | set(apart)
    doubts = [each for each in about if each.severity is Severity.WARNING and each.row not in told]
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
    """Return a warning about a table as a whole, or about a row of it."""
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode(code),
        table=table,
        row=row,
        column=column,
        message=message,
        advice=advice,
    )
