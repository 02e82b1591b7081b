"""Report what is not read in a file: columns, cells without header, hidden rows, other sheets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from doorroute.intake import values
from doorroute.intake.data_rows import covered_cells, merged_counts
from doorroute.intake.findings import Findings
from doorroute.intake.header_rows import Column
from doorroute.intake.names_in_cell import is_surname_first
from doorroute.intake.people_lists import Book, PeopleList, SheetKind, kind_of
from doorroute.intake.row_reader import ADDED, RowReader
from doorroute.intake.table_files import Sheet, is_blank
from doorroute.intake.table_layout import Layout
from doorroute.model.line import line_of, rows_text
from doorroute.model.resident import CLASSES, InfectionClass
from doorroute.texts import Text, listed, msg, msg_n

_KINDS: Final = {
    SheetKind.TEAMS: msg("it is a table of teams"),
    SheetKind.DEPOTS: msg("it is a table of depots"),
    SheetKind.OTHER: msg("its header has no columns for names and addresses"),
    SheetKind.PEOPLE: msg("it was not chosen"),
    SheetKind.EMPTY: msg("there are no people below its header"),
}


def report_columns(found: PeopleList, readers: Sequence[RowReader], findings: Findings) -> None:
    """Report the columns of a list that are not read, and second columns of a field that differ."""
    layout, sheet = found.layout, found.sheet
    for header in layout.dropped:
        findings.note(
            "IDENTITY_COLUMN",
            None,
            header,
            msg("The column {column} holds identity numbers; it is not read.", column=header),
            msg("Nothing to do. Remove such columns before you share a list."),
        )
    _report_classes(readers, findings)
    _report_unused(layout, sheet, findings)
    _report_headless(found, findings)
    _report_second_values(layout.columns, readers, findings)
    _report_merged(found, findings)
    _report_commas(readers, findings)


def _report_classes(readers: Sequence[RowReader], findings: Findings) -> None:
    """Report, once per column, how its words are read as infection classes."""
    for field, code in (("class", "CLASS_TAKEN_AS"), ("person_type", "CLASS_FROM_TYPE")):
        taken: dict[str, dict[str, InfectionClass]] = {}
        for reader in readers:
            for column, cell in reader.row.cells.get(field, ()):
                named = values.class_words(values.text_of(cell))
                if field == "person_type":
                    full = reader.cell("class")[0] is not None
                    named = (
                        {} if full else {w: c for w, c in named.items() if c is not InfectionClass.REGULAR}
                    )
                taken.setdefault(column.header, {}).update(named)
        for header, words in taken.items():
            said = [
                msg("“{word}” is read as “{name}”", word=word, name=CLASSES[found])
                for word, found in words.items()
            ]
            if said:
                advice = msg(
                    "Nothing to do if that is right. If not, write regular, yellow or isolated in these "
                    "cells."
                )
                findings.note(code, None, header, msg("{sentences}.", sentences=_joined(said)), advice)


def _joined(sentences: Sequence[Text]) -> Text:
    made = sentences[0]
    for one in sentences[1:]:
        made = msg("{these}, and {one}", these=made, one=one)
    return made


def report_table(layout: Layout, sheet: Sheet, findings: Findings) -> None:
    """Report the unread columns and hidden rows of a table of teams or depots, and remarks on its file."""
    findings.on(sheet.name)
    _report_unused(layout, sheet, findings)
    _report_hidden_rows(sheet, [row.number for row in layout.rows], findings)
    for code, row, message, advice in sheet.remarks:
        findings.warn(code, row, "", message, advice)


def report_other_tables(sheets: Sequence[Sheet], place: int, kind: SheetKind, findings: Findings) -> None:
    """Report other sheets with a table of this `kind`; only the sheet at `place` is read."""
    for number, sheet in enumerate(sheets):
        if number != place and not sheet.is_text and kind_of(sheet) is kind:
            rows = sum(not is_blank(cells) for cells in sheet.rows)
            findings.on(sheet.name)
            findings.warn(
                "OTHER_SHEET",
                None,
                "",
                msg_n(
                    "The sheet {sheet} is not read ({n} row): {why}.",
                    "The sheet {sheet} is not read ({n} rows): {why}.",
                    rows,
                    sheet=sheet.name,
                    why=msg("only one sheet of teams or depots is read"),
                ),
                msg("Put all teams, or all depots, on one sheet."),
            )
            findings.on(sheets[place].name)


def _report_unused(layout: Layout, sheet: Sheet, findings: Findings) -> None:
    below = [sheet.rows[row.number - 1] for row in layout.rows]
    counts = {
        place: sum(not is_blank(cells[place : place + 1]) for cells in below) for place in layout.unread
    }
    if counts:
        columns = [
            msg("{column} ({n} filled)", column=layout.unread[place], n=n) for place, n in counts.items()
        ]
        findings.note(
            "UNUSED_COLUMN",
            None,
            ", ".join(layout.unread.values()),
            msg("Not used: {columns}.", columns=listed(*columns)),
            msg(
                "Usually nothing to do. If a column is, say, the number of people, change its header to "
                "“people”."
            ),
        )


def _report_headless(found: PeopleList, findings: Findings) -> None:
    head, sheet, block = found.layout.head, found.sheet, found.places
    covered = covered_cells(sheet)
    filled: dict[int, list[int]] = {}
    for row in found.layout.rows:
        if row.fault:
            continue
        for place, cell in enumerate(sheet.rows[row.number - 1]):
            headless = place >= len(head.texts) or not head.texts[place]
            mine = place in block or (place >= len(head.texts) and found.last)
            if headless and mine and not is_blank([cell]) and (row.number - 1, place) not in covered:
                filled.setdefault(place, []).append(row.number)
    if filled:
        columns = [
            msg("{column} (rows {rows})", column=column_letters(place), rows=rows_text(rows))
            for place, rows in sorted(filled.items())
        ]
        findings.warn(
            "CELLS_WITHOUT_HEADER",
            None,
            ", ".join(map(column_letters, sorted(filled))),
            msg(
                "Columns without a header contain cells that are not read: {columns}.",
                columns=listed(*columns),
            ),
            msg("If the team needs it at the door, give the column a header, such as note."),
        )


def _report_commas(readers: Sequence[RowReader], findings: Findings) -> None:
    """Report names with a comma in a list where most have none: they may be two people."""
    cells = [(reader.row.number, *reader.cell("name")) for reader in readers]
    named = [(number, column, cell) for number, cell, column in cells if isinstance(cell, str)]
    commas = [number for number, _, cell in named if is_surname_first(cell)]
    if commas and 2 * len(commas) <= len(named):
        findings.warn(
            "NAME_WITH_COMMA",
            None,
            named[0][1],
            msg(
                "A name with a comma is read as one person, surname first (rows {rows}).",
                rows=rows_text(commas),
            ),
            msg("If they are two people, give each a row."),
        )


def _report_second_values(
    columns: Mapping[str, tuple[Column, ...]], readers: Sequence[RowReader], findings: Findings
) -> None:
    for name, (first, *others) in columns.items():
        for column in others:
            if name in ADDED or column.part:
                continue
            differ = [reader.row.number for reader in readers if _differs(reader, name, column)]
            if differ:
                findings.warn(
                    "SECOND_VALUE",
                    None,
                    column.header,
                    msg_n(
                        "{column} means the same as {first} but says something else in {n} row ({rows}); "
                        "{first} is taken.",
                        "{column} means the same as {first} but says something else in {n} rows ({rows}); "
                        "{first} is taken.",
                        len(differ),
                        column=column.header,
                        first=first.header,
                        rows=rows_text(differ),
                    ),
                    msg("If the other column is the right one, choose it with --map or change its header."),
                )
            else:
                findings.note(
                    "SAME_FIELD",
                    None,
                    column.header,
                    msg(
                        "{column} means the same as {first}; it is used where {first} is blank.",
                        column=column.header,
                        first=first.header,
                    ),
                    msg(
                        "Nothing to do. If the other column is the right one, choose it with --map or "
                        "change its header."
                    ),
                )


def _differs(reader: RowReader, name: str, column: Column) -> bool:
    cells = {each: values.key(values.text_of(cell)) for each, cell in reader.row.cells.get(name, ())}
    taken = values.key(values.text_of(reader.cell(name)[0]))
    return bool(cells.get(column)) and cells[column] not in taken


def _report_merged(found: PeopleList, findings: Findings) -> None:
    known = {column.place: name for name, columns in found.layout.columns.items() for column in columns}
    merged = [
        (each, rows)
        for each, rows in merged_counts(found.sheet, found.layout.head, known)
        if each.left in found.places
    ]
    for place in dict.fromkeys(each.left for each, _ in merged):
        rows = [row + 1 for each, covered in merged if each.left == place for row in covered]
        header = found.layout.head.texts[place]
        findings.note(
            "MERGED_TOTAL",
            None,
            header,
            msg(
                "{column} is merged over several rows; it is read as their total (rows {rows}).",
                column=header,
                rows=rows_text(rows),
            ),
            msg("Nothing to do. If the value applies to each row, write it in each row."),
        )
    for each, rows in merged:
        people = known[each.left] == "people"
        said = values.text_of(found.sheet.rows[each.top][each.left])
        if people and said.isdigit() and int(said) < len(rows):
            findings.warn(
                "MERGED_TOO_FEW",
                found.line(each.top + 1),
                found.layout.head.texts[each.left],
                msg(
                    "The total is {said} people for {n} rows; each row is planned for one.",
                    said=said,
                    n=len(rows),
                ),
                msg("Correct the number, or the merged rows."),
            )


def report_sheets(book: Book, findings: Findings, rows_before: int) -> None:
    """Report rows above headers, hidden parts, remarks on the file, and sheets that are not read."""
    for number, sheet in {found.number: found.sheet for found in book.lists}.items():
        findings.on(sheet.name)
        lists = [found for found in book.lists if found.number == number]
        above = [row + 1 for row in range(lists[0].layout.head.first) if not is_blank(sheet.rows[row])]
        if above:
            findings.note(
                "ABOVE_HEADER",
                None,
                "",
                msg("Rows above the header are not read (rows {rows}).", rows=rows_text(above)),
                msg("Nothing to do. If there are people in these rows, move them below the header."),
            )
        _report_hidden(sheet, lists, findings)
        for code, row, message, advice in sheet.remarks:
            line = None if row is None else line_of(row, sheet=number) + rows_before
            findings.warn(code, line, "", message, advice)
    for other in book.other_sheets:
        findings.on(other.sheet)
        report = findings.warn if other.like_people else findings.note
        report(
            "OTHER_SHEET",
            None,
            "",
            msg_n(
                "The sheet {sheet} is not read ({n} row): {why}.",
                "The sheet {sheet} is not read ({n} rows): {why}.",
                other.rows,
                sheet=other.sheet,
                why=_KINDS[other.kind],
            ),
            msg(
                "If it lists people, give its columns the headers name and address; --sheet chooses sheets "
                "by name."
            ),
        )


def _report_hidden_rows(sheet: Sheet, rows: Collection[int], findings: Findings) -> None:
    hidden = sorted(row + 1 for row in sheet.hidden_rows if row + 1 in rows)
    if hidden:
        how = msg("A filter hides rows") if sheet.filtered else msg("Rows are hidden")
        findings.warn(
            "HIDDEN_ROWS",
            None,
            "",
            msg_n(
                "{how}: {n} row ({rows}). It is planned like the others.",
                "{how}: {n} rows ({rows}). They are planned like the others.",
                len(hidden),
                how=how,
                rows=rows_text(hidden),
            ),
            msg("If these rows are not wanted, delete them, or copy the visible rows to a new list."),
        )


def _report_hidden(sheet: Sheet, lists: Sequence[PeopleList], findings: Findings) -> None:
    _report_hidden_rows(sheet, {row.number for found in lists for row in found.layout.rows}, findings)
    columns = [
        place for place in sorted(sheet.hidden_columns) if any(place in found.places for found in lists)
    ]
    headers = [text for place in columns for text in lists[0].layout.head.texts[place : place + 1] if text]
    if headers:
        findings.warn(
            "HIDDEN_COLUMNS",
            None,
            ", ".join(headers),
            msg("Hidden columns are read like the others: {columns}.", columns=listed(*headers)),
            msg("Unhide and check them in the spreadsheet program, or delete them."),
        )
    if not sheet.visible:
        findings.warn(
            "HIDDEN_SHEET",
            None,
            "",
            msg("The sheet {sheet} is hidden; its people are planned like the others.", sheet=sheet.name),
            msg("If they are not to be visited, delete the sheet, or choose the other sheets with --sheet."),
        )


def column_letters(place: int) -> str:
    """Return the name of a column in spreadsheet programs: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
