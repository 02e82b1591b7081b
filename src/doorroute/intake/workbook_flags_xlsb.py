"""What calamine does not report of an xlsb: cells with errors, hidden or filtered rows.

Runs only in the child; standard library only. Source: MS-XLSB 2.1.4 (records), 2.4 (their kinds).
"""

import re
import struct
import zipfile
from collections.abc import Iterator

from workbook_flags import SheetFlags  # type: ignore[import-not-found]  # in this folder
from workbook_flags_xls import ERRORS  # type: ignore[import-not-found]

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMN, _SHEET, _FILTER_COLUMN = 0, 3, 11, 60, 156, 163


def read(path: str) -> dict[str, SheetFlags] | None:
    """Return the flags of each sheet by name, None if the file does not have them."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower().lstrip("/"): name for name in archive.namelist()}
            if "xl/workbook.bin" not in names:
                return None
            links = archive.read(names["xl/_rels/workbook.bin.rels"]).decode()
            targets = dict(map(_link, re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", links)))
            found: dict[str, SheetFlags] = {}
            for kind, record in _records(archive.read(names["xl/workbook.bin"])):
                if kind == _SHEET:
                    key, at = _text(record, 8)
                    target = targets[key].lstrip("/").removeprefix("xl/")
                    found[_text(record, at)[0]] = _flags(archive.read(names[f"xl/{target}".lower()]))
            return found
    except (zipfile.BadZipFile, struct.error, KeyError, IndexError, OSError, ValueError, NotImplementedError):
        return None


def _link(element: str) -> tuple[str, str]:
    about = dict(re.findall(r'(\w+)\s*=\s*"([^"]*)"', element))
    return about["Id"], about["Target"]


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(stream):
        kind, at = _number(stream, at, 2)
        length, at = _number(stream, at, 4)
        yield kind, stream[at : at + length]
        at += length


def _number(stream: bytes, at: int, most: int) -> tuple[int, int]:
    """Read a number of seven bits per byte; the highest bit is set in all bytes but the last."""
    value = 0
    for place in range(most):
        value |= (stream[at] & 0x7F) << (7 * place)
        at += 1
        if not stream[at - 1] & 0x80:
            break
    return value, at


def _text(record: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", record, at)
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le"), end


def _flags(stream: bytes) -> SheetFlags:
    flags, row = SheetFlags(), -1
    for kind, record in _records(stream):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", record)
            if record[11] & 0x10:
                flags.hidden_rows.add(row)
        elif kind == _COLUMN and record[16] & 1:
            first, last = struct.unpack_from("<2I", record)
            flags.hidden_columns.update(range(first, min(last, 16_383) + 1))
        elif kind in {_CELL_ERROR, _FORMULA_ERROR}:
            flags.not_known[row, struct.unpack_from("<I", record)[0]] = ERRORS.get(record[8], "#N/A")
        elif kind == _FILTER_COLUMN:
            flags.filtered = True
    return flags
