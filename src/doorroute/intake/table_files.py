"""Read a file as sheets of cells: xlsx, xls, ods, xlsb or separated text, recognised by content, not by name.

This is the only entrance for tables. Workbooks are read in a child process with limits. Anything odd about
the file is in `Sheet.remarks`.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from doorroute.disk.files import Json, is_swollen
from doorroute.disk.spreadsheet import unescaped
from doorroute.errors import BadInputError, DoorrouteError, OutsideError, why
from doorroute.intake import csv_rows, csv_text
from doorroute.texts import Text, msg

Cell = str | float | None
"""Text, a number, or None. Dates and times are ISO 8601 text; a cell with an error is its error text."""

MAX_BYTES: Final = 50 * 2**20
MAX_UNPACKED_BYTES: Final = 400 * 2**20
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 1_000
_SECONDS: Final = 60
# Ctrl-C is for the parent only: a child that it ends must not look like a broken workbook
_OWN_GROUP: Final[dict[str, Any]] = (
    {"creationflags": 0x00000200} if sys.platform == "win32" else {"start_new_session": True}
)  # CREATE_NEW_PROCESS_GROUP

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE: Final = re.compile(
    r"\s*<(?:!doctype|\?xml|html|head|meta|style|table)\b", re.IGNORECASE
)  # some systems name a web page .xls
_ENCRYPTED: Final = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream of a locked xlsx; MS-OFFCRYPTO 2.3.4.4


class Remark(NamedTuple):
    """Something odd about a sheet or a row of it (from 1), and what to do."""

    code: str
    row: int | None
    message: Text
    advice: Text


class Merged(NamedTuple):
    """A merged range, ends included, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    `rows` start at row 1; blank rows are empty, and there are none after the last filled row.

    The value of a cell that is merged downwards is repeated in every filled row; `merged` has the ranges.
    Rows and columns count from 0. `hidden_rows` and `hidden_columns` are not shown in the spreadsheet
    program. The cells of `unreadable` rows are uncertain. `formulas` are cells of a text that contain a
    formula. Several sheets of one text, split at different delimiters, have no name.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...] = field(repr=False)
    visible: bool = True
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    unreadable: frozenset[int] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()
    remarks: tuple[Remark, ...] = ()

    @property
    def is_text(self) -> bool:
        """Return whether this is one reading of separated text."""
        return not self.name


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Read all filled sheets of the file; for text, one sheet for each delimiter, the likeliest first.

    Raises BadInputError: FILE_NOT_FOUND, NOT_A_FILE, NO_PERMISSION, FILE_EMPTY, FILE_LOCKED, FILE_BROKEN,
    NOT_A_TABLE, TOO_LARGE.
    """
    data = _read_bytes(path)
    if data.startswith(_ZIP):
        _check_unpacked_size(path, data)
        sheets = _workbook(path)
    elif data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _locked(path)
        sheets = _workbook(path)
    else:
        sheets = _text(path, data)
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        raise _empty(path)
    for sheet in filled:
        if len(sheet.rows) > MAX_ROWS:
            raise _too_large(path)
    return filled


def is_blank(cells: Sequence[Cell]) -> bool:
    """Return whether all cells are empty or spaces."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise BadInputError(
                "NOT_A_FILE",
                msg("{file} is not a file.", file=path.name),
                msg("Give the table file, not its folder."),
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise unopened(path, error) from error
    if len(data) > MAX_BYTES:
        raise _too_large(path)
    if not data.strip(b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise _empty(path)
    return data


def unopened(path: Path, error: OSError | ValueError) -> DoorrouteError:
    """Return the error for a file that the system did not open."""
    if isinstance(error, PermissionError):
        return BadInputError(
            "NO_PERMISSION",
            msg("You do not have permission to read {file}.", file=path.name),
            msg("Close it in the spreadsheet program, or ask for permission to read it."),
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return BadInputError(
            "FILE_NOT_FOUND",
            msg("{file} was not found.", file=path.name),
            msg("Check the name and the folder."),
        )
    return OutsideError(
        "DISK_FAILED",
        msg("{file} could not be read: {reason}", file=path.name, reason=why(error)),
        msg("Copy the file to this computer's own disk and try again."),
    )


def _check_unpacked_size(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken(path) from error
    if unpacked > MAX_UNPACKED_BYTES or is_swollen(path):
        raise _too_large(path)


def _workbook(path: Path) -> list[Sheet]:
    child = str(Path(__file__).with_name("workbook_child.py"))
    try:
        done = subprocess.run(  # noqa: S603  # our own script; the path is an argument
            [sys.executable, "-P", child, str(path.absolute()), str(MAX_ROWS), str(MAX_COLUMNS)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            **_OWN_GROUP,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large(path) from error
    if done.returncode != 0:
        raise _broken(path)
    answer: Any = json.loads(done.stdout)
    if isinstance(answer, dict):
        raise _locked(path) if answer["fault"] == "LOCKED" else _broken(path)
    if any(sheet["height"] > MAX_ROWS or sheet["width"] > MAX_COLUMNS for sheet in answer):
        raise _too_large(path)
    return [_sheet(sheet) for sheet in answer]


def _sheet(answer: dict[str, Any]) -> Sheet:
    """Put the filled rows at their indices, and repeat downward merged values in every filled row."""
    rows: dict[int, list[Cell]] = {
        index: [_cell(value) for value in cells] for index, cells in answer["rows"]
    }
    rows = {index: cells for index, cells in rows.items() if not is_blank(cells)}
    merged = tuple(Merged(*found) for found in answer["merged"])
    for top, left, bottom, _ in merged:
        if bottom > top and top in rows and left < len(rows[top]):
            for index in range(top + 1, bottom + 1):
                if index in rows and left < len(rows[index]):
                    rows[index][left] = rows[top][left]
    height = max(rows, default=-1) + 1
    return Sheet(
        answer["name"],
        tuple(tuple(rows.get(index, ())) for index in range(height)),
        answer["visible"],
        merged,
        frozenset(row for row in answer["hidden_rows"] if row in rows),
        frozenset(answer["hidden_columns"]),
        answer["filtered"],
        remarks=() if answer["looked"] or not rows else (_FLAGS_UNKNOWN,),
    )


_FLAGS_UNKNOWN: Final = Remark(
    "KIND_SAYS_LITTLE",
    None,
    msg("In this kind of file, cells with errors look empty and hidden rows look visible."),
    msg("Save it as xlsx to be sure that nothing is missed."),
)


def _cell(value: Json) -> Cell:
    if isinstance(value, dict):
        return str(value["date"])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str | None) else float(value)


def _text(path: Path, data: bytes) -> list[Sheet]:
    decoded = csv_text.decode(data)
    if decoded is None or _WEB_PAGE.match(decoded.text):
        raise BadInputError(
            "NOT_A_TABLE",
            msg("{file} is not a table that can be read.", file=path.name),
            msg("Open it in a spreadsheet program and save it as xlsx or csv."),
        )
    readings: list[csv_rows.Rows] = []
    for delimiter in csv_text.DELIMITERS:
        with contextlib.suppress(csv.Error):  # with a wrong delimiter a cell may exceed the limit
            readings.append(csv_rows.split(decoded.text, delimiter))
    if not readings:
        raise _broken(path)
    readings.sort(key=lambda reading: -sum(len(row) for row in reading.rows[:50]))
    about_file = tuple(Remark(*remark) for remark in decoded.remarks)
    return [
        Sheet(
            "",
            _trimmed(reading.rows),
            unreadable=frozenset(reading.unreadable),
            formulas=frozenset(
                (row, place)
                for row, cells in enumerate(reading.rows)
                for place, cell in enumerate(cells)
                if cell.startswith("=") and _FORMULA.match(cell)
            ),
            remarks=(*about_file, *(Remark(*csv_rows.repaired(row + 1)) for row in reading.repaired)),
        )
        for reading in readings
    ]


_FORMULA: Final = re.compile(r"=\s*(?:[A-Za-z_][\w.]*\s*\(|[-+(]|\d|\$?[A-Za-z]{1,3}\$?\d|'?[\w ]+'?!)")


def _from_text(cell: str) -> str | None:
    """Remove the guard against formulas."""
    return unescaped(cell) or None


def _trimmed(rows: Sequence[Sequence[str]]) -> tuple[tuple[Cell, ...], ...]:
    cells = [tuple(map(_from_text, row)) for row in rows]
    while cells and is_blank(cells[-1]):
        cells.pop()
    return tuple(cells)


def _empty(path: Path) -> BadInputError:
    return BadInputError(
        "FILE_EMPTY",
        msg("{file} is empty.", file=path.name),
        msg("Save the table again, or choose another file."),
    )


def _locked(path: Path) -> BadInputError:
    return BadInputError(
        "FILE_LOCKED",
        msg("{file} is locked with a password.", file=path.name),
        msg("Open it in the spreadsheet program and save a copy without a password."),
    )


def _broken(path: Path) -> BadInputError:
    return BadInputError(
        "FILE_BROKEN",
        msg(
            "{file} looks like a table but cannot be read: it is damaged, incomplete, or has cells far "
            "outside the list.",
            file=path.name,
        ),
        msg("Open it in a spreadsheet program, delete everything outside the list, and save it as xlsx."),
    )


def _too_large(path: Path) -> BadInputError:
    return BadInputError(
        "TOO_LARGE",
        msg(
            "{file} is too large: at most {rows} rows, {columns} columns and {megabytes} MB are read.",
            file=path.name,
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
            megabytes=MAX_BYTES // 2**20,
        ),
        msg("Delete cells far below or to the right of the list, or split the list."),
    )
