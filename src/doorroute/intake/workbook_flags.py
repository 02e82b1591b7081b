"""What calamine does not report of a workbook: errors, formulas without a result, hidden or filtered rows.

Runs only in the child (`workbook_child`); standard library only. This module reads xlsx and ods,
`workbook_flags_xls` xls, `workbook_flags_xlsb` xlsb. Of other kinds nothing is known.
"""

import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

UNCALCULATED = "#CALC!"
"""Replaces a formula whose result is not in the file."""

_MOST = 2_000_000
"""A sheet with more hidden rows or cells with errors than this is not a list."""
_WORTH_READING = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s>/]|hidden\s*=|<(?:\w+:)?autoFilter""")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLACE = re.compile(rb"""<(?:\w+:)?(?:row|c)\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Z]*[0-9]+)["']""")


class DoubledError(Exception):
    """Two rows or cells have the same position: a reader would keep one and lose the other."""


@dataclass
class SheetFlags:
    """Flags of one sheet: error texts by row and column, hidden rows and columns; indices from 0."""

    not_known: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False


def to_json(flags: SheetFlags | None) -> dict[str, object]:
    """Return the flags for the parent process; `looked` is false if this kind of file has none."""
    if flags is None:
        return {"looked": False, "hidden_rows": [], "hidden_columns": [], "filtered": False}
    return {
        "looked": True,
        "hidden_rows": sorted(flags.hidden_rows),
        "hidden_columns": sorted(flags.hidden_columns),
        "filtered": flags.filtered,
    }


def read(path: str) -> dict[str, SheetFlags] | None:
    """Return the flags of each sheet by name, None if the file does not have them."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower().lstrip("/"): name for name in archive.namelist()}
            if "content.xml" in names:
                return _Ods().read(archive.read(names["content.xml"]))
            if "xl/workbook.xml" in names:
                return _xlsx(lambda part: archive.read(names[part.lower()]))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, expat.ExpatError):
        return None
    return None


def _xlsx(part: Callable[[str], bytes]) -> dict[str, SheetFlags]:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            about = {_local(key): value for key, value in attributes.items()}
            sheets.append((about["name"], about["id"]))

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _parse(part("xl/workbook.xml"), sheet)
    _parse(part("xl/_rels/workbook.xml.rels"), relation)
    found: dict[str, SheetFlags] = {}
    for name, key in sheets:
        target = targets[key].replace("\\", "/")
        content = part(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        places = _PLACE.findall(content)
        if len(set(places)) < len(places):
            raise DoubledError
        found[name] = _Sheet().read(content) if _WORTH_READING.search(content) else SheetFlags()
    return found


class _Sheet:
    """Parser of one sheet of an xlsx."""

    def __init__(self) -> None:
        self.flags = SheetFlags()
        self.row = self.column = -1
        self.error = self.formula = self.filled = self.in_value = False
        self.text, self.kind = "", "n"

    def read(self, content: bytes) -> SheetFlags:
        _parse(content, self.start, self.end, self.characters)
        return self.flags

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            found = _CELL.fullmatch(attributes.get("r", ""))
            self.column = _column(found[1]) if found else self.column + 1
            self.kind = attributes.get("t", "n")
            self.error, self.formula, self.filled, self.text = self.kind == "e", False, False, ""
        elif name in {"v", "is"}:
            self.in_value = True
            self.filled = self.kind == "str"  # a formula whose result is an empty text
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if _true(attributes.get("hidden")) or attributes.get("ht") == "0":
                self._add(self.flags.hidden_rows, self.row)
        elif name == "col" and (_true(attributes.get("hidden")) or attributes.get("width") == "0"):
            last = min(int(attributes["max"]), int(attributes["min"]) + 16_384)
            self.flags.hidden_columns.update(range(int(attributes["min"]) - 1, last))
        elif name == "filterColumn":
            self.flags.filtered = True

    def characters(self, text: str) -> None:
        if self.in_value and text:
            self.filled = True
            if self.error:
                self.text += text

    def end(self, name: str) -> None:
        if name in {"v", "is"}:
            self.in_value = False
        elif name == "c" and (self.error or (self.formula and not self.filled)):
            if len(self.flags.not_known) >= _MOST:
                raise ValueError("no list")
            self.flags.not_known[self.row, self.column] = (
                (self.text.strip() or "#N/A") if self.error else UNCALCULATED
            )

    @staticmethod
    def _add(rows: set[int], row: int) -> None:
        if len(rows) < _MOST:
            rows.add(row)


class _Ods:
    """Parser of the content of an ods; a row or cell may be repeated by a count."""

    def __init__(self) -> None:
        self.found: dict[str, SheetFlags] = {}
        self.flags = SheetFlags()
        self.row = self.column = self.rows = self.times = 0
        self.error = self.formula = self.filled = False
        self.depth = 0

    def read(self, content: bytes) -> dict[str, SheetFlags]:
        _parse(content, self.start, self.end, self.characters)
        return self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.flags = self.found.setdefault(_of(attributes, "name"), SheetFlags())
                self.row = self.column = 0
        elif self.depth != 1:
            return
        elif name == "table-column":
            times = int(_of(attributes, "number-columns-repeated") or 1)
            if _of(attributes, "visibility") in {"collapse", "filter"}:
                self.flags.hidden_columns.update(range(self.column, min(self.column + times, 16_384)))
            self.column += times
        elif name == "table-row":
            self.rows, self.column = int(_of(attributes, "number-rows-repeated") or 1), 0
            shown = _of(attributes, "visibility")
            if shown in {"collapse", "filter"}:
                self.flags.hidden_rows.update(range(self.row, self.row + min(self.rows, 1000)))
                self.flags.filtered |= shown == "filter"
        elif name in {"table-cell", "covered-table-cell"}:
            self.times = int(_of(attributes, "number-columns-repeated") or 1)
            formula = _of(attributes, "formula")
            kinds = {value for key, value in attributes.items() if _local(key) == "value-type"}
            self.error, self.formula = "error" in kinds, bool(formula)
            self.filled = bool(kinds)

    def characters(self, text: str) -> None:
        if text.strip():
            self.filled = True
            if _SHOWN_ERROR.fullmatch(text.strip()):
                self.error |= self.formula

    def end(self, name: str) -> None:
        if name == "table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name == "table-row":
            self.row += self.rows
        elif name in {"table-cell", "covered-table-cell"}:
            if self.error or (self.formula and not self.filled):
                for row in range(self.row, self.row + min(self.rows, 1000)):
                    for column in range(self.column, self.column + min(self.times, 1000)):
                        self.flags.not_known[row, column] = "#N/A" if self.error else UNCALCULATED
            self.column += self.times


_SHOWN_ERROR = re.compile(r"#[A-Z/0?!]+[!?A]?|Err:\d{3}")


def _parse(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Parse the XML; names lose their prefix.

    Raises ValueError for a document type, which no workbook has.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if characters is not None:
        parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(content, True)  # noqa: FBT003  # the whole document


def _refuse(*_: object) -> None:
    raise ValueError("a document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _of(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if _local(key) == name), "")


def _true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


def _column(letters: Iterable[str]) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
