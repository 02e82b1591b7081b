"""The list of residents: each row becomes a resident, or is rejected with its reason; none is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from doorroute.errors import BadInputError
from doorroute.intake import headers
from doorroute.intake.columns import Layout, find_list
from doorroute.intake.duplicates import without_duplicates
from doorroute.intake.findings import Findings
from doorroute.intake.person import NAMES, PLACES, read_person
from doorroute.intake.rows import RejectedRowError, RowReader
from doorroute.intake.tables import read_sheets
from doorroute.intake.times import USUAL_DAY
from doorroute.model.finding import Finding
from doorroute.model.plan import Rejected
from doorroute.model.resident import Resident, Window
from doorroute.texts import msg


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentTable:
    """What a list of residents holds.

    `rows` counts the lines below the header down to the last that holds anything, blank ones between them too: every one of them is in
    `residents` or in `rejected`. `columns` gives the header of each recognised field, `dropped` the headers of columns with identity numbers.
    """

    residents: tuple[Resident, ...]
    rejected: tuple[Rejected, ...]
    findings: tuple[Finding, ...]
    rows: int
    columns: Mapping[str, str]
    header_row: int
    sheet: str
    dropped: tuple[str, ...]


def read_residents(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    known: Sequence[Resident] = (),
    rows_before: int = 0,
    day: Window = USUAL_DAY,
) -> ResidentTable:
    """Read a list of residents from xlsx, xls, ods or csv; `mapping` gives the header of a field where it is not recognised.

    A list that is added to others: `known` are the people on those, who are refused if they come again, and whose ids nobody else gets; all numbers of its rows are
    `rows_before` higher than in the sheet, so that a number names one row of all lists. `day` is the span of the shifts: what `2点-4点` means depends on it.

    Raises BadInputError, besides those of `read_sheets` and `find_list`: NO_NAME_COLUMN, NO_ADDRESS_COLUMN.
    """
    layout = find_list(path, read_sheets(path), headers.RESIDENTS, mapping)
    _check_columns(path, layout)
    findings = Findings("residents")
    _tell_columns(layout, findings)
    read: list[Resident] = []
    rejected: list[Rejected] = []
    rows = [replace(row, number=row.number + rows_before) for row in layout.rows]
    for row in rows:
        try:
            read.append(read_person(RowReader(row, findings), layout, day))
        except RejectedRowError as reason:
            findings.error(reason.code, row.number, reason.column, reason.message, reason.advice)
            rejected.append(Rejected(row=row.number, code=reason.code, column=reason.column, message=reason.message))
    residents, doubled = without_duplicates([*known, *read], layout.header("id", *NAMES), findings)
    return ResidentTable(
        residents=residents[len(known) :],
        rejected=tuple(sorted((*rejected, *doubled), key=lambda found: found.row)),
        findings=tuple(each for each in findings.all() if each.row is None or each.row > rows_before),
        rows=len(layout.rows),
        columns=MappingProxyType({name: columns[0].header for name, columns in layout.columns.items()}),
        header_row=layout.header_row + rows_before,
        sheet=layout.sheet,
        dropped=layout.dropped,
    )


def _check_columns(path: Path, layout: Layout) -> None:
    if not any(name in layout.columns for name in ("id", *NAMES)):
        raise BadInputError(
            "NO_NAME_COLUMN",
            msg("No column of {file} holds names or numbers of people.", file=path.name),
            msg("Head one column with name or id, or say which one it is with a mapping."),
        )
    if not any(name in layout.columns for name in PLACES) and not {"lon", "lat"} <= layout.columns.keys():
        raise BadInputError(
            "NO_ADDRESS_COLUMN",
            msg("No column of {file} holds addresses or coordinates.", file=path.name),
            msg("Head one column with address, or two with lon and lat, or say which one it is with a mapping."),
        )


def _tell_columns(layout: Layout, findings: Findings) -> None:
    for header in layout.dropped:
        findings.note(
            "IDENTITY_COLUMN",
            None,
            header,
            msg("The column {column} holds identity numbers; it is not read.", column=header),
            msg("Nothing to do; better leave such columns out of lists that are passed on."),
        )
    for header in layout.unused:
        findings.note(
            "UNUSED_COLUMN",
            None,
            header,
            msg("The column {column} is not used.", column=header),
            msg("Nothing to do, unless it holds a field under another name: then say so with a mapping."),
        )
    for columns in layout.columns.values():
        for column in columns[1:]:
            findings.note(
                "SAME_FIELD",
                None,
                column.header,
                msg(
                    "{column} says the same as {first}; it is read where that is blank.",
                    column=column.header,
                    first=columns[0].header,
                ),
                msg("Nothing to do, unless the other column is the right one: then say so with a mapping."),
            )
    for sheet in layout.other_lists:
        findings.warn(
            "OTHER_SHEET",
            None,
            "",
            msg("The sheet {sheet} looks like a list too and is not read.", sheet=sheet),
            msg("If there are people on it, put all of them into one sheet."),
        )
