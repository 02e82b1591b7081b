"""Read the fields of a row. A cell that cannot be read gives a finding and a safe value, not an exception."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from doorroute.errors import BadInputError
from doorroute.intake import values
from doorroute.intake.data_rows import Row
from doorroute.intake.findings import Findings
from doorroute.intake.header_rows import Column
from doorroute.intake.table_files import Cell
from doorroute.texts import Text, msg

T = TypeVar("T")
D = TypeVar("D")

ADDED: Final = {
    "note": "; ",
    "housemates": "、",
    "phone": " / ",
    "skills": ";",
    "not_team": ";",
    "class": "/",
}
"""Fields whose columns are joined, with the separator between them."""

_EXCEL_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")


class RejectedRowError(Exception):
    """A row that cannot be used: why, and what to do."""

    def __init__(self, code: str, column: str, message: Text, advice: Text) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class RowReader:
    """Read the cells of one row and add what is wrong to `findings`."""

    row: Row
    findings: Findings

    def cell(self, field: str) -> tuple[Cell, str]:
        """Return the first filled cell of the field's columns and its header, or None and the first header.

        Columns under one merged header are joined, and so are the columns of a field of `ADDED`. A cell with
        an error is used only if no other cell is filled, except for the class, where it always counts.
        """
        options: tuple[tuple[Column, Cell], ...] = self.row.cells.get(field, ())
        filled = [(column, cell) for column, cell in options if values.text_of(cell)]
        if not filled:
            return None, options[0][0].header if options else ""
        known = [each for each in filled if not values.is_not_known(each[1])]
        if known and field != "class" and len(known) < len(filled):
            self._not_known(next(column.header for column, cell in filled if values.is_not_known(cell)))
        filled = filled if field == "class" else known or filled
        first, cell = filled[0]
        others = filled[1:] if field in ADDED else [each for each in filled[1:] if each[0].part]
        texts = list(dict.fromkeys(values.text_of(cell) for _, cell in [filled[0], *others]))
        return (ADDED.get(field, ", ").join(texts) if len(texts) > 1 else cell), first.header

    def not_known(self, field: str) -> bool:
        """Return whether the field's cell has an error or a formula without a result."""
        return values.is_not_known(self.cell(field)[0])

    def _not_known(self, column: str) -> None:
        self.findings.warn(
            "CELL_NOT_KNOWN",
            self.row.number,
            column,
            msg(
                "{column} contains an error or a formula without a result; its value is unknown.",
                column=column,
            ),
            msg("Open the table in a spreadsheet program, correct the cell or type its value, and save it."),
        )

    def text(self, field: str) -> str:
        """Return the field as plain text.

        Control characters and identity numbers are removed and reported.
        """
        cell, column = self.cell(field)
        if values.is_not_known(cell):
            self._not_known(column)
            return ""
        text = values.text_of(cell)
        if values.has_controls(cell):
            self.findings.note(
                "CONTROL_CHARACTERS",
                self.row.number,
                column,
                msg("{column} contains invisible control characters; they are removed.", column=column),
                msg("Nothing to do; retype the cell if it looks wrong."),
            )
        if isinstance(cell, str) and len(cell) > values.MAX_CHARACTERS:
            self.findings.warn(
                "TEXT_CUT",
                self.row.number,
                column,
                msg(
                    "{column} is longer than {most} characters; the rest is ignored.",
                    column=column,
                    most=values.MAX_CHARACTERS,
                ),
                msg("Check the table for missing quotes, or shorten the cell."),
            )
        if values.is_spoiled(text):
            self.findings.warn(
                "SPOILED_CHARACTERS",
                self.row.number,
                column,
                msg(
                    "{column} contains garbled characters; they were already garbled in the file.",
                    column=column,
                ),
                msg("Type the cell again, and save the table as xlsx."),
            )
        if (without := values.without_identity_numbers(text)) != text:
            self.findings.warn(
                "IDENTITY_NUMBER",
                self.row.number,
                column,
                msg("{column} contains what looks like an identity number; it is removed.", column=column),
                msg("Keep identity numbers in a separate column; that column is never read."),
            )
        return without

    def name(self, field: str) -> str:
        """Return a text that cannot be a date; a spreadsheet program turns `3-2` into one."""
        text = self.text(field)
        if _EXCEL_DATE.fullmatch(text):
            column = self.cell(field)[1]
            self.findings.warn(
                "DATE_FOR_TEXT",
                self.row.number,
                column,
                msg(
                    "{column} contains a date; a spreadsheet program may have converted a text such as 3-2.",
                    column=column,
                ),
                msg("Format the column as text and type the cell again."),
            )
        return text

    def read(self, field: str, parse: Callable[[str], T], blank: D, message: Text, advice: Text) -> T | D:
        """Parse the field.

        Returns `blank` if the cell is blank, or, with the warning `message`, if it cannot be read.
        """
        cell, column = self.cell(field)
        text = values.text_of(cell)
        if not text:
            return blank
        try:
            return parse(text)
        except ValueError:
            code = f"{field.removesuffix('_min').upper()}_UNREADABLE"
            self.findings.warn(code, self.row.number, column, message, advice)
            return blank

    def phone(self, *fields: str) -> str:
        """Return the first phone of the fields, as text if a spreadsheet program had made it a number."""
        for field in fields:
            cell, column = self.cell(field)
            if cell is None or (values.is_not_known(cell) and not self.text(field)):
                continue
            try:
                phone, floated = values.phone(cell)
            except ValueError:
                self.findings.warn(
                    "PHONE_DIGITS_LOST",
                    self.row.number,
                    column,
                    msg("A spreadsheet program has rounded the phone; its last digits are lost."),
                    msg("Format the column as text and type the phone again."),
                )
                return self.text(field)
            if not floated:
                return self.text(field)
            self.findings.note(
                "PHONE_AS_NUMBER",
                self.row.number,
                column,
                msg("The phone number was stored as a number and has been turned back into text."),
                msg("Check whether a leading 0 or + is missing; format the column as text."),
            )
            return values.without_identity_numbers(phone)
        return ""


def refuse_unknown_cells(reader: RowReader, path: Path) -> None:
    """Raise BadInputError if the row has an error or uncertain cells: teams and depots are never guessed."""
    row = reader.row
    if row.fault:
        raise BadInputError(
            "ROW_UNREADABLE",
            msg("The cells of row {row} of {file} are uncertain.", row=row.number, file=path.name),
            msg("Correct its quotes and commas, or save the table again in the spreadsheet program."),
        )
    for field in row.cells:
        if reader.not_known(field):
            raise BadInputError(
                "CELL_NOT_KNOWN",
                msg(
                    "Row {row} of {file}, column {column}, contains an error or a formula without a result.",
                    row=row.number,
                    file=path.name,
                    column=reader.cell(field)[1],
                ),
                msg(
                    "Open the table in a spreadsheet program, correct the cell or type its value, and save "
                    "it."
                ),
            )
