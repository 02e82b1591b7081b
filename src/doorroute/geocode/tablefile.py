"""Small tables with a header, from csv, xlsx, xls, ods or GeoPackage, as rows of texts by column."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError
from doorroute.geocode.spelling import key
from doorroute.texts import msg

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_SHEETS: Final = (".xlsx", ".xls", ".xlsm", ".ods")


def read_rows(path: Path, columns: Mapping[str, tuple[str, ...]]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the header, each with its line from 1, their cells under the names of `columns`.

    `columns` gives for each name the headers that mean it, in any case and language. Raises BadInputError where the file cannot be
    read.
    """
    try:
        table = (
            _geopackage(path)
            if path.suffix.lower() == ".gpkg"
            else _sheet(path)
            if path.suffix.lower() in _SHEETS
            else _text(path)
        )
    except (OSError, ValueError, csv.Error) as error:
        raise BadInputError(
            "TABLE_UNREADABLE",
            msg("The table {file} cannot be read.", file=path.name),
            msg("Give it as .csv, .xlsx or .gpkg with a header line, and close it in other programs."),
        ) from error
    if not table:
        return []
    known = {key(header): name for name, headers in columns.items() for header in (name, *headers)}
    names = [known.get(key(header), "") for header in table[0]]
    rows = [(at, dict(zip(names, row, strict=False))) for at, row in enumerate(table[1:], start=2)]
    return [
        (at, {name: cell.strip() for name, cell in row.items() if name})
        for at, row in rows
        if any(map(str.strip, row.values()))
    ]


def _text(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    if b"\0" in raw[:4096]:
        raise ValueError("binary")
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        return list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count)))
    raise ValueError("no encoding fits")


def _sheet(path: Path) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            return [[_cell(value) for value in row] for row in book.get_sheet_by_index(0).to_python()]
    except CalamineError as error:
        raise ValueError("no workbook") from error


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _geopackage(path: Path) -> list[list[str]]:
    """Read the first layer; points come as the columns lon and lat, in WGS 84."""
    import geopandas
    from pyogrio.errors import DataSourceError

    try:
        layer = geopandas.read_file(path).to_crs(4326)
    except DataSourceError as error:
        raise ValueError("no GeoPackage") from error
    spots = layer.geometry.representative_point()
    layer = layer.drop(columns=layer.geometry.name).assign(lon=spots.x, lat=spots.y).fillna("")
    return [list(map(str, layer.columns)), *([_cell(value) for value in row] for row in layer.itertuples(index=False))]
