"""What was noticed while reading: every oddity of the input, with its place and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from doorroute.texts import Text

FindingCode = NewType("FindingCode", str)


class Severity(StrEnum):
    """What a finding does to its row."""

    ERROR = "error"  # the row is rejected
    WARNING = "warning"  # the row goes on, changed or in doubt: please look
    NOTE = "note"  # the row goes on; something was tidied


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed.

    `table` is `residents`, `teams`, `depots`, `barriers` or `network`; `row` the line in the sheet from 1, or the number of the barrier (None: all); `column` the header
    as the sheet spells it ('' where none). `message` and `advice` quote no name, phone, address or health class.
    """

    severity: Severity
    code: FindingCode
    table: str
    row: int | None
    column: str
    message: Text
    advice: Text


def warning(code: str, message: Text, advice: Text, table: str = "results") -> Finding:
    """Return a warning about a table as a whole."""
    return Finding(
        severity=Severity.WARNING,
        code=FindingCode(code),
        table=table,
        row=None,
        column="",
        message=message,
        advice=advice,
    )
