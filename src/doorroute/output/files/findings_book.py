"""`findings.xlsx`: the list as it was read, doubtful cells coloured, with the findings as comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.disk.spreadsheet import fitting, workbook
from doorroute.model.file_names import sheet_names, xml_text
from doorroute.model.finding import Finding, Severity
from doorroute.model.grouped import is_skipped
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from doorroute.intake import SheetAsRead

_FILLS: Final = {"error": "#F8CBC6", "warning": "#FFE9A8", "skipped": "#E3E3E3"}
_WORST: Final = tuple(_FILLS)
_WIDEST: Final = 40
_LOOKED_AT: Final = 200  # rows that decide the width of a column
_MOST_COMMENTS: Final = 5_000  # a sheet; with more, Excel opens slowly. Colours have no limit

Marks = dict[tuple[int, int], tuple[str, list[Text]]]


def write_findings_book(
    sheets: Sequence[SheetAsRead], findings: Iterable[Finding], path: Path, *, lang: str
) -> None:
    """Write the workbook: values only, for its owner alone."""
    marks = _marks(sheets, findings)
    names = _names(sheets, lang)
    with workbook(path) as book:
        formats = {
            kind: book.add_format({"bg_color": colour, "border": 1, "border_color": "#B0B0B0"})
            for kind, colour in _FILLS.items()
        }
        for number, sheet in enumerate(sheets):
            _write(book.add_worksheet(names[number]), sheet, marks.get(number, {}), formats, lang)


def _names(sheets: Sequence[SheetAsRead], lang: str) -> list[str]:
    """Return a name for each sheet that Excel accepts; all are different."""
    wanted = [sheet.name or msg("List").into(lang) for sheet in sheets]
    numbered = [
        f"{name} {wanted[:at].count(name) + 1}" if name in wanted[:at] else name
        for at, name in enumerate(wanted)
    ]
    given = sheet_names(numbered, ())
    return [given[name] for name in numbered]


def _marks(sheets: Sequence[SheetAsRead], findings: Iterable[Finding]) -> Mapping[int, Marks]:
    """Return the marks of each sheet by its number: for each cell the severity, and the sentences."""
    marks: dict[int, Marks] = {}
    for each in findings:
        if each.table != "residents" or each.severity is Severity.NOTE or each.code == "EMPTY_ROW":
            continue
        kind = "skipped" if is_skipped(each) else each.severity.value
        for number, cells in _cells(sheets, each):
            for cell in cells:
                worst, said = marks.setdefault(number, {}).setdefault(cell, (kind, []))
                marks[number][cell] = (min(worst, kind, key=_WORST.index), said)
            if cells:
                marks[number][cells[0]][1].append(
                    msg("{message} {advice}", message=each.message, advice=each.advice)
                )
    return marks


def _cells(sheets: Sequence[SheetAsRead], finding: Finding) -> Iterable[tuple[int, list[tuple[int, int]]]]:
    """Yield the cells that a finding is about, with the number of their sheet: a cell, a row, or a header."""
    for number, sheet in enumerate(sheets):
        if finding.row is None:
            area = next((each for _, each in sheet.lists if finding.column in each.places), None)
            if area is not None and finding.sheet in {"", sheet.name}:
                yield number, [(area.last, area.places[finding.column])]
            continue
        row = sheet.row_at(finding.row)
        if row is None:
            continue
        place = sheet.area_at(finding.row).places.get(finding.column)
        filled = [at for at, cell in enumerate(sheet.rows[row]) if cell is not None] or [0]
        yield number, [(row, at) for at in (filled if place is None else [place])]
        return


def _write(
    page: Worksheet, sheet: SheetAsRead, marks: Marks, formats: Mapping[str, Format], lang: str
) -> None:
    widths: dict[int, int] = {}
    for row, cells in enumerate(sheet.rows):
        for place, cell in enumerate(cells):
            style = formats[marks[row, place][0]] if (row, place) in marks else None
            if isinstance(cell, float):
                page.write_number(row, place, cell, style)
            elif cell is not None:
                page.write_string(row, place, fitting(xml_text(cell)), style)
            if row < _LOOKED_AT and cell is not None:
                widths[place] = max(
                    widths.get(place, 8), min(_WIDEST, 2 + sum(1 + (c > "ÿ") for c in str(cell)))
                )
    for place, width in widths.items():
        page.set_column(place, place, width)
    ordered = sorted(marks.items(), key=lambda mark: (_WORST.index(mark[1][0]), mark[0]))
    for (row, place), (kind, _) in ordered:
        if place >= len(sheet.rows[row]) or sheet.rows[row][place] is None:
            page.write_blank(row, place, None, formats[kind])
    for (row, place), (_, said) in [mark for mark in ordered if mark[1][1]][:_MOST_COMMENTS]:
        text = "\n".join(dict.fromkeys(each.into(lang) for each in said))
        page.write_comment(
            row, place, fitting(xml_text(text)), {"author": "doorroute", "x_scale": 2.2, "y_scale": 1.2}
        )
    page.freeze_panes(sheet.lists[0][1].last + 1, 0)
