"""The list of residents: each row becomes a resident, or is rejected with its reason; none is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from doorroute.errors import BadInputError
from doorroute.intake import addresses, headers, times, values
from doorroute.intake.columns import Layout, Row, find_list
from doorroute.intake.duplicates import without_duplicates
from doorroute.intake.findings import Findings
from doorroute.intake.points import given_point
from doorroute.intake.rows import RejectedRowError, RowReader
from doorroute.intake.tables import read_sheets
from doorroute.model.finding import Finding
from doorroute.model.place import Access
from doorroute.model.plan import Rejected
from doorroute.model.resident import InfectionClass, Resident, ResidentId, Window
from doorroute.texts import msg

_NAMES: Final = ("name", "name_family", "name_given")
_PLACES: Final = (*addresses.DOOR_PARTS, "lonlat", "latlon")
_FOOTER: Final = re.compile(
    r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|总数|总人数|总户数|制表|填表|填报|审核|负责人|备注\s*:|说明\s*:|注\s*:"
    r"|(?:grand total|sub-?totals?|totals?|sum|prepared by|checked by|page \d+|notes?\s*:)(?!\w))",
    re.IGNORECASE,
)


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


def read_residents(path: Path, *, mapping: Mapping[str, str] | None = None) -> ResidentTable:
    """Read a list of residents from xlsx, xls, ods or csv; `mapping` gives the header of a field where it is not recognised.

    Raises BadInputError, besides those of `read_sheets` and `find_list`: NO_NAME_COLUMN, NO_ADDRESS_COLUMN.
    """
    layout = find_list(path, read_sheets(path), headers.RESIDENTS, mapping)
    _check_columns(path, layout)
    findings = Findings("residents")
    _tell_columns(layout, findings)
    read: list[Resident] = []
    rejected: list[Rejected] = []
    for row in layout.rows:
        try:
            read.append(_resident(RowReader(row, findings), layout))
        except RejectedRowError as reason:
            findings.error(reason.code, row.number, reason.column, reason.message, reason.advice)
            rejected.append(Rejected(row=row.number, code=reason.code, column=reason.column, message=reason.message))
    residents, doubled = without_duplicates(read, layout.header("id", *_NAMES), findings)
    return ResidentTable(
        residents=residents,
        rejected=tuple(sorted((*rejected, *doubled), key=lambda found: found.row)),
        findings=findings.all(),
        rows=len(layout.rows),
        columns=MappingProxyType({name: columns[0].header for name, columns in layout.columns.items()}),
        header_row=layout.header_row,
        sheet=layout.sheet,
        dropped=layout.dropped,
    )


def _check_columns(path: Path, layout: Layout) -> None:
    if not any(name in layout.columns for name in ("id", *_NAMES)):
        raise BadInputError(
            "NO_NAME_COLUMN",
            msg("No column of {file} holds names or numbers of people.", file=path.name),
            msg("Head one column with name or id, or say which one it is with a mapping."),
        )
    if not any(name in layout.columns for name in _PLACES) and not {"lon", "lat"} <= layout.columns.keys():
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


def _resident(reader: RowReader, layout: Layout) -> Resident:
    """Read one row. Raises RejectedRowError where nobody could be found by it."""
    row = reader.row
    _refuse_no_person(row)
    name = _name(reader)
    own_id = reader.name("id")
    address = addresses.joined({part: reader.name(part) for part in (*headers.ADDRESS, "building", "door")})
    given = None if _FOOTER.match(row.first) and not address else given_point(reader)
    if not address and given is None:
        if _FOOTER.match(row.first):
            raise RejectedRowError(
                "TOTALS_ROW", "", msg("The row holds totals or signatures, not a person."), msg("Nothing to do.")
            )
        if name or own_id:
            raise RejectedRowError(
                "NO_ADDRESS",
                layout.header(*_PLACES, "lat"),
                msg("The row has neither an address nor coordinates."),
                msg("Fill in the address, and ask the household if need be: nobody is sent there otherwise."),
            )
    if not name and not own_id:
        raise RejectedRowError(
            "NO_NAME",
            layout.header(*_NAMES, "id"),
            msg("The row has neither a name nor a number."),
            msg("Fill in the name, or any number that tells the person apart."),
        )
    people = _people(reader)
    note, class_of_type = _type_and_note(reader)
    return Resident(
        id=ResidentId(own_id),
        row=row.number,
        name=name,
        phone=reader.phone("phone", "phone_secondary"),
        address=address,
        given=given,
        household=reader.name("household"),
        people=people,
        access=_access(reader),
        service_s=reader.read(
            "service_min",
            values.service_s,
            None,
            msg("The minutes at the door could not be read; the usual time is taken."),
            msg("Write a number of minutes, such as 5."),
        ),
        time_windows=_windows(reader),
        infection_class=_infection_class(reader, class_of_type),
        kits=reader.read(
            "kits",
            values.kits,
            people,
            msg("The number of kits could not be read; one a person is taken."),
            msg("Write a number, such as 1."),
        ),
        skills=values.skills(reader.text("skills")),
        priority=reader.read(
            "priority",
            values.priority,
            2,
            msg("The priority could not be read; 2 is taken."),
            msg("Write 1 for those to be visited first, then 2, 3."),
        ),
        note=note,
    )


def _refuse_no_person(row: Row) -> None:
    if row.blank:
        raise RejectedRowError(
            "EMPTY_ROW", "", msg("The row is blank."), msg("Nothing to do, unless somebody is missing here.")
        )
    if row.repeats_header:
        raise RejectedRowError("HEADER_AGAIN", "", msg("The row repeats the header."), msg("Nothing to do."))


def _name(reader: RowReader) -> str:
    name = reader.name("name")
    if name:
        return name
    family = reader.name("name_family")
    rest = [reader.name(part) for part in ("name_given", "name_middle")]
    if re.search("[一-鿿]", family):
        return family + "".join(rest)
    return " ".join(part for part in (*rest, family, reader.name("name_suffix")) if part)


def _people(reader: RowReader) -> int:
    return reader.read(
        "people",
        values.people,
        1,
        msg("The number of people could not be read; 1 is taken."),
        msg("Write a number, such as 2."),
    )


def _access(reader: RowReader) -> Access:
    building, unit, room = reader.name("building"), reader.name("unit"), reader.name("room")
    if door := reader.name("door"):
        split = addresses.split_door(door)
        building, unit, room = building or split[0], unit or split[1], room or split[2]
    return Access(
        building=building,
        unit=unit,
        room=room,
        floor=reader.read(
            "floor",
            values.floor,
            None,
            msg("The floor could not be read; it is taken as not said."),
            msg("Write a number, 1 for the ground floor."),
        ),
        lift=reader.read(
            "lift",
            values.yes_or_no,
            None,
            msg("Whether there is a lift could not be read; stairs are reckoned with."),
            msg("Write yes or no."),
        ),
    )


def _windows(reader: RowReader) -> tuple[Window, ...]:
    start, end = reader.text("window_start"), reader.text("window_end")
    field, text = "window", reader.text("window")
    if not text and (start or end):
        field = "window_start" if start else "window_end"
        text = f"{start or '00:00'}-{end or '24:00'}"
    if not text:
        return ()
    column = reader.cell(field)[1]
    try:
        read = times.windows(text)
    except ValueError:
        reader.findings.warn(
            "WINDOW_UNREADABLE",
            reader.row.number,
            column,
            msg("The time could not be read; any time is taken."),
            msg("Write it as 09:00-11:00, several apart by semicolons, in a column that is formatted as text."),
        )
        return ()
    if read.assumed:
        reader.findings.note(
            "WINDOW_ASSUMED",
            reader.row.number,
            column,
            msg(
                "The time does not say from when to when; it is taken as {windows}.",
                windows=", ".join(map(str, read.windows)),
            ),
            msg("Write it as 09:00-11:00 if that is wrong."),
        )
    return read.windows


def _type_and_note(reader: RowReader) -> tuple[str, InfectionClass]:
    """Return the remarks, with the kind of person in front, and the class that the kind of person names."""
    kind = reader.text("person_type")
    note = reader.text("note")
    return "; ".join(part for part in (kind, note) if part), values.class_named_in(kind)


def _infection_class(reader: RowReader, of_type: InfectionClass) -> InfectionClass:
    if reader.cell("class")[0] is None:
        if of_type is not InfectionClass.REGULAR:
            reader.findings.note(
                "CLASS_FROM_TYPE",
                reader.row.number,
                reader.cell("person_type")[1],
                msg("The infection class is taken from this column."),
                msg("Add a column class with regular, yellow or isolated if that is wrong."),
            )
        return of_type
    return reader.read(
        "class",
        values.infection_class,
        InfectionClass.ISOLATED,
        msg("The class could not be read; isolated, the strictest, is taken."),
        msg("Write regular, yellow or isolated."),
    )
