"""Read the lists of residents in a file: each row becomes residents, or is rejected with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from doorroute.errors import BadInputError
from doorroute.intake import unread_parts
from doorroute.intake.duplicates import without_duplicates
from doorroute.intake.findings import Findings
from doorroute.intake.people_lists import NAMES, PLACES, Book, find_people
from doorroute.intake.resident_row import read_person
from doorroute.intake.row_reader import RejectedRowError, RowReader
from doorroute.intake.sheets_as_read import SheetAsRead, as_read
from doorroute.intake.table_files import read_sheets
from doorroute.intake.table_layout import Layout
from doorroute.intake.times import USUAL_DAY
from doorroute.model.finding import Finding
from doorroute.model.ledger import NO_PERSON, SheetCount
from doorroute.model.line import row_of
from doorroute.model.plan import Rejected
from doorroute.model.resident import Resident, Window
from doorroute.texts import msg


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentTable:
    """The lists of people on all sheets of a file.

    `lines` maps the number (`model.line`) of each line below a header to its sheet, blank rows included; each
    is in `residents` or in `rejected`. `rows` counts the rows of the sheets; a row can be several lines.
    `sheets` counts what happened to the rows of each sheet, `as_read` has their cells. `columns` gives the
    header of each recognised field, `dropped` the headers of columns with identity numbers. `header_row` and
    `sheet` are those of the first list.
    """

    residents: tuple[Resident, ...]
    rejected: tuple[Rejected, ...]
    findings: tuple[Finding, ...]
    rows: int
    columns: Mapping[str, str]
    header_row: int
    sheet: str
    dropped: tuple[str, ...]
    lines: Mapping[int, str]
    sheets: tuple[SheetCount, ...]
    as_read: tuple[SheetAsRead, ...] = field(repr=False)


def read_residents(
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    known: Sequence[Resident] = (),
    rows_before: int = 0,
    day: Window = USUAL_DAY,
    sheets: Sequence[str] = (),
) -> ResidentTable:
    """Read all lists of residents in an xlsx, xls, ods or csv file, or those on `sheets`.

    `mapping` gives the header of a field that is not recognised. `known` are the people on earlier lists:
    they are rejected if they are on this list too, and their ids are not used again. The numbers of this
    list's rows are `rows_before` higher than in the sheet, so that a number is unique over all lists. `day`
    is the span of the shifts; the meaning of `2点-4点` depends on it.

    Raises BadInputError: those of `read_sheets` and `find_people`, and NO_NAME_COLUMN, NO_ADDRESS_COLUMN.
    """
    book = find_people(path, read_sheets(path), mapping, sheets)
    findings = Findings("residents")
    read: list[Resident] = []
    rejected: list[Rejected] = []
    lines: dict[int, str] = {}
    for found in book.lists:
        layout = found.layout
        if len(book.lists) == 1 or not found.block:
            _check_columns(path, layout)
        findings.on(layout.sheet)
        readers = [
            RowReader(replace(row, number=found.line(row.number) + rows_before), findings)
            for row in layout.rows
        ]
        lines |= {reader.row.number: layout.sheet for reader in readers}
        for reader in readers:
            try:
                read.append(read_person(reader, layout, day))
            except RejectedRowError as reason:
                row = reader.row.number
                findings.error(reason.code, row, reason.column, reason.message, reason.advice)
                refusal = Rejected(
                    row=row,
                    code=reason.code,
                    column=reason.column,
                    message=reason.message,
                    sheet=layout.sheet,
                )
                rejected.append(refusal)
        unread_parts.report_columns(found, readers, findings)
    unread_parts.report_sheets(book, findings, rows_before)
    first = book.lists[0].layout
    residents, doubled = without_duplicates([*known, *read], first.header("id", *NAMES), findings)
    residents = residents[len(known) :]
    refused = tuple(sorted((*rejected, *doubled), key=lambda each: each.row))
    return ResidentTable(
        residents=residents,
        rejected=refused,
        findings=tuple(
            replace(each, sheet=lines.get(each.row, each.sheet) if each.row is not None else each.sheet)
            for each in findings.all()
            if each.row is None or row_of(each.row) > rows_before
        ),
        rows=len({(sheet, row_of(line)) for line, sheet in lines.items()}),
        columns=MappingProxyType(_columns(found.layout for found in book.lists)),
        header_row=first.header_row + rows_before,
        sheet=first.sheet,
        dropped=tuple(dict.fromkeys(header for found in book.lists for header in found.layout.dropped)),
        lines=MappingProxyType(dict(sorted(lines.items()))),
        as_read=as_read(book, rows_before),
        sheets=_counted(path, book, lines, residents, refused),
    )


def _columns(layouts: Iterable[Layout]) -> dict[str, str]:
    headers_: dict[str, str] = {}
    for layout in layouts:
        for name, columns in layout.columns.items():
            headers_.setdefault(name, columns[0].header)
    return headers_


def _counted(
    path: Path,
    book: Book,
    lines: Mapping[int, str],
    residents: Sequence[Resident],
    rejected: Sequence[Rejected],
) -> tuple[SheetCount, ...]:
    """Count the rows of each sheet: with people, to be corrected, and without people."""
    rows: dict[str, set[int]] = {}
    for line, sheet in lines.items():
        rows.setdefault(sheet, set()).add(row_of(line))
    counts = []
    for sheet, numbers in rows.items():
        taken = [row_of(each.row) for each in residents if each.sheet == sheet]
        wrong = [row_of(each.row) for each in rejected if each.sheet == sheet and each.code not in NO_PERSON]
        counts.append(
            SheetCount(
                source=path.name,
                sheet=sheet,
                rows=len(numbers),
                with_people=len(set(taken)),
                to_correct=len(set(wrong) - set(taken)),
                skipped=len(numbers - set(taken) - set(wrong)),
                residents=len(taken),
                refused=len(wrong),
            )
        )
    counts += [
        SheetCount(source=path.name, sheet=each.sheet, rows=each.rows, read=False)
        for each in book.other_sheets
    ]
    return tuple(counts)


def _check_columns(path: Path, layout: Layout) -> None:
    if not any(name in layout.columns for name in ("id", *NAMES)):
        raise BadInputError(
            "NO_NAME_COLUMN",
            msg("No column of {file} contains names or numbers of people.", file=path.name),
            msg("Give one column the header name or id, or choose it with --map."),
        )
    if not any(name in layout.columns for name in PLACES) and not {"lon", "lat"} <= layout.columns.keys():
        raise BadInputError(
            "NO_ADDRESS_COLUMN",
            msg("No column of {file} contains addresses or coordinates.", file=path.name),
            msg("Give one column the header address, or two columns lon and lat, or choose them with --map."),
        )
