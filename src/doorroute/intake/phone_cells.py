"""The phone of a row. A number that cannot be dialled is reported while there is time to ask."""

from __future__ import annotations

import re
from typing import Final

from doorroute.intake.row_reader import RowReader
from doorroute.model.telephones import dialled
from doorroute.texts import msg

_A_NUMBER: Final = 5
"""A text with at least this many digits is meant as a phone number."""
_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
"""A number that a spreadsheet program has rounded; `RowReader.phone` reports it."""


def telephone(reader: RowReader, *fields: str) -> str:
    """Return the first phone of the fields; a number in it that is masked, cut or unclear is reported."""
    phone = reader.phone(*fields)
    links = dialled(phone)
    unclear = [part for part, link in links.items() if not link] if links else [phone]
    if not _ROUNDED.fullmatch(phone) and any(len(re.findall(r"\d", part)) >= _A_NUMBER for part in unclear):
        column = next((reader.cell(field)[1] for field in fields if reader.cell(field)[0] is not None), "")
        reader.findings.warn(
            "PHONE_NOT_WHOLE",
            reader.row.number,
            column,
            msg(
                "A phone number is masked, incomplete or unclear; it is shown as written and cannot be "
                "dialled."
            ),
            msg("Write the whole number; separate several numbers with semicolons."),
        )
    return phone
