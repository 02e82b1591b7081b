"""Small tables with a header, from csv, xlsx, xls, ods or GeoPackage, as rows of texts by column.

Workbooks and GeoPackages are read in the sandbox, with limits on memory and time: their readers may crash.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from doorroute.disk.files import is_swollen
from doorroute.errors import BadInputError
from doorroute.geocode.spelling import key
from doorroute.sandbox import Failure, Limits, SandboxError, run_in_sandbox
from doorroute.texts import msg

_ZIP, _OLE, _SQLITE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\0"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_MAX_BYTES: Final = 50 * 2**20
_MAX_ROWS, _MAX_COLUMNS = 100_000, 1_000
_LIMITS: Final = Limits(memory=1_500 * 2**20, seconds=60)
_SHEETS: Final = "sheets.json"

TextRows = Sequence[Sequence[str]]


def read_rows(path: Path, columns: Mapping[str, tuple[str, ...]]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the header: row number from 1, and cells by the names of `columns`.

    `columns` gives the headers of each name; case and width are ignored. In a workbook, every sheet whose
    header has at least two of them is read; if there is none, the first filled sheet.

    Raises
    ------
    BadInputError
        `TABLE_UNREADABLE`, `TABLE_TOO_LARGE`.
    """
    known = {key(header): name for name, headers in columns.items() for header in (name, *headers)}
    filled = [sheet for sheet in _sheets(path) if any(map(_is_filled, sheet))]
    meant = [sheet for sheet in filled if sum(key(cell) in known for cell in sheet[0]) > 1]
    rows = [row for sheet in meant or filled[:1] for row in _rows(sheet, known)]
    if filled and not (meant or rows):
        raise _unreadable(path)
    return rows


def _rows(sheet: TextRows, known: Mapping[str, str]) -> Iterable[tuple[int, dict[str, str]]]:
    names = [known.get(key(header), "") for header in sheet[0]]
    for line, row in enumerate(sheet[1:], start=2):
        if _is_filled(row):
            yield line, {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}


def _is_filled(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))


def _sheets(path: Path) -> Sequence[TextRows]:
    try:
        with path.open("rb") as file:
            head = file.read(16)
        if path.stat().st_size > _MAX_BYTES:
            raise _too_large(path)
        if head.startswith((_ZIP, _OLE, _SQLITE)):
            return _foreign(path)
        return [_text(path.read_bytes())]
    except (OSError, ValueError, csv.Error) as error:
        raise _unreadable(path) from error


def _foreign(path: Path) -> Sequence[TextRows]:
    """Read a workbook or GeoPackage in the sandbox."""
    if is_swollen(path):
        raise _too_large(path)
    try:
        with run_in_sandbox(sheets_to, str(path.absolute()), limits=_LIMITS) as folder:
            sheets: Sequence[TextRows] = json.loads((folder / _SHEETS).read_bytes())
            return sheets
    except SandboxError as error:
        raise (_unreadable if error.reason is Failure.FOREIGN else _too_large)(path) from error


def sheets_to(folder: Path, table: str) -> None:
    """Write the sheets of a workbook, or the first layer of a GeoPackage, to the folder.

    Runs in the sandbox.
    """
    path = Path(table)
    with path.open("rb") as file:
        is_layer = file.read(len(_SQLITE)) == _SQLITE
    sheets = [_layer(path)] if is_layer else list(_workbook(path))
    (folder / _SHEETS).write_text(json.dumps(sheets), encoding="utf-8")


def _workbook(path: Path) -> Iterable[TextRows]:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as book:
        for number in range(len(book.sheet_names)):
            sheet = book.get_sheet_by_index(number)
            if sheet.end is not None and (sheet.end[0] >= _MAX_ROWS or sheet.end[1] >= _MAX_COLUMNS):
                raise _too_large(path)
            yield [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _layer(path: Path) -> TextRows:
    """Read the first layer; points become the columns lon and lat, in WGS 84."""
    import geopandas

    layer = geopandas.read_file(path).to_crs(4326)
    spots = layer.geometry.representative_point()
    layer = layer.drop(columns=layer.geometry.name).assign(lon=spots.x, lat=spots.y).fillna("")
    return [
        list(map(str, layer.columns)),
        *([_cell(value) for value in row] for row in layer.itertuples(index=False)),
    ]


def _text(raw: bytes) -> TextRows:
    encodings = ("utf-16",) if raw.startswith(_UTF_16) else _ENCODINGS
    if encodings is _ENCODINGS and b"\0" in raw[:4096]:
        raise ValueError("binary")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        return list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count)))
    raise ValueError("no encoding fits")


def _unreadable(path: Path) -> BadInputError:
    return BadInputError(
        "TABLE_UNREADABLE",
        msg("The table {file} cannot be read.", file=path.name),
        msg("Use a .csv, .xlsx or .gpkg file with a header row, and close it in other programs."),
    )


def _too_large(path: Path) -> BadInputError:
    return BadInputError(
        "TABLE_TOO_LARGE",
        msg("The table {file} is too large, or has cells far outside the list.", file=path.name),
        msg("Open it in a spreadsheet program, delete everything outside the list, and save it again."),
    )
