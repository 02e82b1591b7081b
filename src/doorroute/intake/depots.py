"""The table of depots. A depot that cannot be used is an error: no plan is made without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from doorroute.errors import BadInputError
from doorroute.intake import header_words, values
from doorroute.intake.coordinate_cells import given_point
from doorroute.intake.findings import Findings
from doorroute.intake.people_lists import SheetKind, sheets_for
from doorroute.intake.row_reader import RejectedRowError, RowReader, refuse_unknown_cells
from doorroute.intake.table_files import read_sheets
from doorroute.intake.table_layout import find_list
from doorroute.intake.unread_parts import report_other_tables, report_table
from doorroute.model.finding import Finding
from doorroute.model.team import Depot, DepotId
from doorroute.texts import msg


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotTable:
    """The depots by name, in the order of the sheet."""

    depots: Mapping[DepotId, Depot]
    findings: tuple[Finding, ...]


def read_depots(path: Path) -> DepotTable:
    """Read the table of depots.

    Raises BadInputError: those of `read_sheets` and `find_list`, and NO_DEPOT_NAME, NO_DEPOT_ADDRESS,
    DUPLICATE_DEPOT, OFF_EARTH.
    """
    sheets = sheets_for(read_sheets(path), SheetKind.DEPOTS)
    layout = find_list(path, sheets, header_words.DEPOTS)
    findings = Findings("depots")
    report_table(layout, sheets[layout.place], findings)
    report_other_tables(sheets, layout.place, SheetKind.DEPOTS, findings)
    depots: dict[DepotId, Depot] = {}
    for row in layout.rows:
        if row.blank or row.repeats_header:
            continue
        reader = RowReader(row, findings)
        refuse_unknown_cells(reader, path)
        depot = _depot(reader, path)
        if any(values.key(depot.id) == values.key(other) for other in depots):
            raise BadInputError(
                "DUPLICATE_DEPOT",
                msg("Row {row} of {file}: another depot has the same name.", row=row.number, file=path.name),
                msg("Give each depot a different name."),
            )
        depots[depot.id] = depot
    return DepotTable(depots=MappingProxyType(depots), findings=findings.all())


def _depot(reader: RowReader, path: Path) -> Depot:
    name, address = reader.name("depot"), reader.name("address")
    if not name:
        raise BadInputError(
            "NO_DEPOT_NAME",
            msg("The depot in row {row} of {file} has no name.", row=reader.row.number, file=path.name),
            msg("Fill in the column depot."),
        )
    try:
        given = given_point(reader)
    except RejectedRowError as reason:
        raise BadInputError(
            reason.code,
            msg(
                "Row {row} of {file}, column {column}: {message}",
                row=reader.row.number,
                file=path.name,
                column=reason.column,
                message=reason.message,
            ),
            reason.advice,
        ) from reason
    if not address and given is None:
        raise BadInputError(
            "NO_DEPOT_ADDRESS",
            msg(
                "The depot in row {row} of {file} has neither an address nor coordinates.",
                row=reader.row.number,
                file=path.name,
            ),
            msg("Fill in address, or lon and lat."),
        )
    lab = reader.read(
        "lab",
        values.yes_or_no,
        False,  # noqa: FBT003  # the value for a blank cell
        msg('The lab column could not be read; "no" is assumed.'),
        msg("Write yes or no."),
    )
    return Depot(id=DepotId(name), address=address, given=given, lab=lab)
