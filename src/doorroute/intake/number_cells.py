"""Number cells of a row; a range or an approximate number gives its larger end and a finding."""

from __future__ import annotations

from collections.abc import Callable

from doorroute.intake.numbers import Number
from doorroute.intake.row_reader import D, RowReader
from doorroute.texts import Text, msg


def read_number(
    reader: RowReader, field: str, parse: Callable[[str], Number], blank: D, message: Text, advice: Text
) -> int | D:
    """Read the field as `RowReader.read` does, and report a number that is not exact."""
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
    """Return a number in the unit of its column: seconds as minutes."""
    return f"{read.value / 60:g}" if field.endswith("_min") else str(read.value)
