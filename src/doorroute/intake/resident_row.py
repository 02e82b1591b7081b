"""Read one row of a list of residents."""

from __future__ import annotations

import re
from typing import Final

from doorroute.intake import addresses, header_words, numbers, values
from doorroute.intake.coordinate_cells import given_point
from doorroute.intake.data_rows import Row
from doorroute.intake.names_in_cell import count_names
from doorroute.intake.number_cells import read_number
from doorroute.intake.people_lists import NAMES, PLACES
from doorroute.intake.phone_cells import telephone
from doorroute.intake.row_reader import RejectedRowError, RowReader
from doorroute.intake.table_layout import Layout
from doorroute.intake.time_window_cells import time_windows
from doorroute.model.place import Access
from doorroute.model.resident import InfectionClass, Resident, ResidentId, TeamId, Window
from doorroute.texts import Text, msg

_FOOTER: Final = re.compile(
    r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|总数|总人数|总户数|制表|填表|填报|审核|负责人|(?:备注|说明"
    r"|注)\s*[:：]|(?:prepared by|checked by)\b|(?:grand total|sub-?totals?|totals?|sum|page)\W*(?:\d|$))",
    re.IGNORECASE,
)
_EXAMPLE: Final = re.compile(
    r"\s*(?:填写)?(?:示例|样例|范例|例子)|\s*(?:例如?|e\.g\.|example)\s*[:：]|\s*example\s*$", re.IGNORECASE
)
_COUNT: Final = re.compile(r"\d+\s*(?:人|户|名|people|persons)?")


def read_person(reader: RowReader, layout: Layout, day: Window) -> Resident:
    """Read one row; `day` is the span of the shifts. The id is '' if the sheet gives none.

    Raises RejectedRowError if the row cannot lead to a person.
    """
    row = reader.row
    _refuse_no_person(row)
    refuse_faulty(row, layout)
    name, own_id = _name(reader), reader.name("id")
    address = addresses.joined(
        {part: reader.name(part) for part in (*header_words.ADDRESS, "building", "door")}
    )
    if (not address or _COUNT.fullmatch(address) or address == row.first) and _FOOTER.match(row.first):
        raise RejectedRowError(
            "TOTALS_ROW",
            "",
            msg("The row contains totals or signatures, not a person."),
            msg("Nothing to do."),
        )
    given = given_point(reader)
    if not name and not own_id:
        raise RejectedRowError(
            "NO_NAME",
            layout.header(*NAMES, "id"),
            msg("The row has neither a name nor a number."),
            msg("Fill in the name, or any number that identifies the person."),
        )
    if not address and given is None:
        raise RejectedRowError(
            "NO_ADDRESS",
            layout.header(*PLACES, "lat"),
            msg("The row has neither an address nor coordinates."),
            msg("Fill in the address; ask the household if necessary. Without it, nobody is sent there."),
        )
    people = _people(reader, name)
    note, class_of_type = _type_and_note(reader)
    own_id = "" if values.HIDDEN in own_id else own_id
    return Resident(
        id=ResidentId(own_id),
        own_id=own_id,
        row=row.number,
        name=name,
        phone=telephone(reader, "phone", "phone_secondary"),
        sheet=layout.sheet,
        address=address,
        given=given,
        household=reader.name("household"),
        people=people,
        access=_access(reader),
        service_s=read_number(
            reader,
            "service_min",
            numbers.minutes_s,
            None,
            msg("The minutes at the door could not be read; the usual time is assumed."),
            msg("Write a number of minutes, such as 5."),
        ),
        time_windows=time_windows(reader, day),
        infection_class=_infection_class(reader, class_of_type),
        kits=read_number(
            reader,
            "kits",
            numbers.goods,
            people,
            msg("The number of kits could not be read; one per person is assumed."),
            msg("Write a number, such as 1."),
        ),
        suits=_goods(reader, "suits"),
        tubes=_goods(reader, "tubes"),
        skills=values.skills(reader.text("skills")),
        priority=reader.read(
            "priority",
            values.priority,
            2,
            msg("The priority could not be read; 2 is assumed."),
            msg("Write 1 for people to visit first, then 2, then 3."),
        ),
        kind=reader.text("kind") or reader.text("person_type"),
        area=values.area(reader.text("area")),
        only_teams=frozenset(only) if (only := _teams(reader, "team")) else None,
        not_teams=frozenset(_teams(reader, "not_team")),
        last_team=next(iter(_teams(reader, "last_team")), None),
        note=note,
    )


def _refuse_no_person(row: Row) -> None:
    if row.blank:
        raise RejectedRowError(
            "EMPTY_ROW", "", msg("The row is blank."), msg("Nothing to do, unless a person is missing here.")
        )
    if row.repeats_header:
        raise RejectedRowError("HEADER_AGAIN", "", msg("The row repeats the header."), msg("Nothing to do."))
    if row.fault == "TABLE":
        raise RejectedRowError(
            "OTHER_TABLE",
            "",
            msg("The row belongs to a table of teams or depots below the list."),
            msg("Nothing to do. If it is a person, move the row into the list."),
        )
    if _EXAMPLE.match(row.first):
        raise RejectedRowError(
            "EXAMPLE_ROW", "", msg("The row is an example in a form, not a person."), msg("Nothing to do.")
        )
    if (
        row.cells
        and not row.own - {"note"}
        and any(cell for found in row.cells.values() for _, cell in found)
    ):
        raise RejectedRowError(
            "CONTINUED_ROW",
            "",
            msg("The row continues the one above: everything in it is merged from there."),
            msg("Nothing to do. If it is another person, give them a name in this row."),
        )


def refuse_faulty(row: Row, layout: Layout) -> None:
    """Raise RejectedRowError if the cells of a row of text are uncertain."""
    if row.fault == "QUOTES":
        raise RejectedRowError(
            "QUOTES_UNREADABLE",
            "",
            msg("The quotes in this row do not match, so its cells are uncertain."),
            msg("Correct the quotes in the row, or save the table again in the spreadsheet program."),
        )
    if row.fault == "SHIFTED":
        raise RejectedRowError(
            "CELLS_SHIFTED",
            "",
            msg(
                "The row has more cells than the {n} in the header; they may be in the wrong columns.",
                n=len(layout.head.texts),
            ),
            msg("Put quotes around the cell that contains a comma, or save the table as xlsx."),
        )


def _name(reader: RowReader) -> str:
    name = reader.name("name")
    if name:
        return name
    family = reader.name("name_family")
    rest = [reader.name(part) for part in ("name_given", "name_middle")]
    if re.search("[一-鿿]", family):
        return family + "".join(rest)
    return " ".join(part for part in (*rest, family, reader.name("name_suffix")) if part)


def _people(reader: RowReader, name: str) -> int:
    """Return how many people the row is for: the number given, but at least as many as it names."""
    said = read_number(
        reader,
        "people",
        numbers.people,
        1,
        msg("The number of people could not be read; 1 is assumed."),
        msg("Write a number, such as 2."),
    )
    cell, column = reader.cell("name")
    named = count_names(cell if name and isinstance(cell, str) else name)
    others, others_column = _housemates(reader)
    if others:
        named, column = named + others, others_column
    if named > said:
        reader.findings.warn(
            "SEVERAL_NAMES",
            reader.row.number,
            column,
            msg("{column} seems to name {n} people; the row is planned for {n}.", column=column, n=named)
            if not others
            else msg("{column} names other people; the row is planned for {n}.", column=column, n=named),
            msg("Give each person a row, or write the number of people in a column named people."),
        )
    return max(said, named)


def _housemates(reader: RowReader) -> tuple[int, str]:
    """Return how many other people the row names at the same door, and the header of their column."""
    cell, column = reader.cell("housemates")
    text = reader.text("housemates")
    if not text or values.key(text) in _NOBODY:
        return 0, column
    try:
        return numbers.people(text).value, column
    except ValueError:
        return count_names(cell if isinstance(cell, str) else text), column


_NOBODY: Final = frozenset(
    {"无", "没有", "none", "no", "-", "/", "\\", "—", "", "0", "0人", "独居", "nobody", "n/a"}
)


def _goods(reader: RowReader, field: str) -> int:
    return read_number(
        reader,
        field,
        numbers.goods,
        0,
        msg("The number could not be read; 0 is assumed."),
        msg("Write a number, such as 1."),
    )


def _teams(reader: RowReader, field: str) -> tuple[TeamId, ...]:
    return tuple(TeamId(name) for name in values.names(reader.name(field)))


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
            msg("The floor could not be read; it is ignored."),
            msg("Write a number, 1 for the ground floor."),
        ),
        lift=reader.read(
            "lift",
            values.yes_or_no,
            None,
            msg("The lift column could not be read; stairs are assumed."),
            msg("Write yes or no."),
        ),
    )


def _type_and_note(reader: RowReader) -> tuple[str, InfectionClass]:
    """Return the remarks, starting with the person type, and the infection class that the type names.

    The class is the strictest one if the type is unknown.
    """
    not_known = reader.not_known("person_type")
    kind = reader.text("person_type")
    second, column = reader.cell("phone_secondary")
    other = (
        ""
        if second is None or reader.cell("phone")[0] is None
        else f"{column}: {reader.text('phone_secondary')}"
    )
    _, with_them = reader.cell("housemates")
    mates = f"{with_them}: {reader.text('housemates')}" if _housemates(reader)[0] else ""
    text = "; ".join(part for part in (kind, mates, reader.text("note"), other) if part)
    return text, InfectionClass.ISOLATED if not_known else values.class_named_in(kind)


def _infection_class(reader: RowReader, of_type: InfectionClass) -> InfectionClass:
    of_note = values.class_in_remark(reader.text("note"))
    if reader.cell("class")[0] is not None:
        said = reader.read(
            "class",
            values.infection_class,
            InfectionClass.ISOLATED,
            msg("The infection class could not be read; isolated, the strictest, is assumed."),
            msg("Write regular, yellow or isolated."),
        )
        if of_note.rank > said.rank:
            _report_class(
                reader,
                "note",
                msg(
                    "The remark names a stricter infection class than the class column; the class column is "
                    "used."
                ),
            )
        return said
    if of_note is not InfectionClass.REGULAR and of_note.rank > of_type.rank:
        _report_class(
            reader, "note", msg("No column gives the infection class; it is taken from the remark.")
        )
    return max(of_type, of_note, key=lambda each: each.rank)


def _report_class(reader: RowReader, field: str, message: Text) -> None:
    reader.findings.warn(
        "CLASS_IN_REMARK",
        reader.row.number,
        reader.cell(field)[1],
        message,
        msg("Write regular, yellow or isolated in a column named class."),
    )
