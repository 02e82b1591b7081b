"""Numbers of a row: what is a range, or near enough, is taken as its larger end, and inexact."""

from __future__ import annotations

from collections.abc import Callable

from doorroute.intake.numbers import Number
from doorroute.intake.row_reader import D, RowReader
from doorroute.texts import Text, msg


def read_number(
    reader: RowReader, field: str, parse: Callable[[str], Number], blank: D, message: Text, advice: Text
) -> int | D:
    """Read the field as `RowReader.read` does, and tell of a number that is not simply written."""
    read = reader.read(field, parse, None, message, advice)
    if read is None:
        return blank
    if read.inexact:
        reader.findings.warn(
            "NUMBER_ASSUMED",
            reader.row.number,
            reader.cell(field)[1],
            msg(
                "The cell contains more than a plain number; {number} is used.",
                number=_in_its_unit(read, field),
            ),
            msg("Write one number if that is wrong."),
        )
    return read.value


def _in_its_unit(read: Number, field: str) -> str:
    """Write a number in the unit of its column: seconds are minutes there."""
    return f"{read.value / 60:g}" if field.endswith("_min") else str(read.value)
