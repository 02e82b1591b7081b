"""Which sheet holds the list, which row is its header, and which column is which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from doorroute.errors import BadInputError
from doorroute.intake import headers, values
from doorroute.intake.tables import Cell, Sheet, is_blank
from doorroute.texts import msg

Words = Mapping[str, tuple[str, ...]]
Meanings = Mapping[str, tuple[str, int]]

_HEADER_WITHIN: Final = 30  # rows from the top; titles and instructions of forms stand above the header
_HEADER_LENGTH: Final = 200  # what is longer is a text above the list
_MAPPED_WEIGHT: Final = 100  # a header that the user named counts for more than all that are recognised
_BEFORE: Final = (
    "被采样人",
    "采样对象",
    "服务对象",
    "采样人员",
    "居民",
    "住户",
    "业主",
    "老人",
    "患者",
    "本人",
    "您的",
    "请填写",
)
_BEHIND: Final = ("必填", "选填", "信息", "情况", "required", "optional")
_DITTO: Final = frozenset({"同上", "〃", "″", '"', "ditto", "as above"})


class Column(NamedTuple):
    """A column: where it stands, counted from 0, and its header as the sheet spells it."""

    place: int
    header: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line below the header, with the cells of recognised columns alone: nothing else is kept.

    `cells` holds, for each field, its columns and cells, the one to be read first in front. `first` is the first word of the line.
    """

    number: int
    cells: Mapping[str, tuple[tuple[Column, Cell], ...]] = field(repr=False)
    blank: bool
    repeats_header: bool
    first: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """A list found in a file, in the sheet that is `place` of those given. `header_row` counts from 1; `dropped` are the headers of sensitive columns, `unused` of those nobody asked for."""

    sheet: str
    header_row: int
    columns: Mapping[str, tuple[Column, ...]]
    rows: tuple[Row, ...] = field(repr=False)
    dropped: tuple[str, ...]
    unused: tuple[str, ...]
    other_lists: tuple[str, ...]
    place: int

    def header(self, *fields: str) -> str:
        """Return the header of the first of `fields` that has a column, '' where none has."""
        return next((self.columns[name][0].header for name in fields if name in self.columns), "")


def find_list(path: Path, sheets: Sequence[Sheet], words: Words, mapping: Mapping[str, str] | None = None) -> Layout:
    """Find the list in `sheets`: the row with the most recognised headers, and what its columns are.

    `mapping` gives the header of a field, whatever it says. Raises BadInputError: UNKNOWN_FIELD, UNKNOWN_HEADER, SENSITIVE_COLUMN,
    NO_HEADER, NO_ROWS.
    """
    mapping = mapping or {}
    _check_mapping(mapping, words)
    meanings = _meanings(words)
    best = [_best_line(sheet, meanings, mapping) for sheet in sheets]
    ranked = sorted(range(len(sheets)), key=lambda k: (-best[k][0], not sheets[k].visible))
    score, line = best[ranked[0]]
    if score == 0:
        raise BadInputError(
            "NO_HEADER",
            msg("No row of headers was found in the first {rows} rows of {file}.", rows=_HEADER_WITHIN, file=path.name),
            msg("Put a row above the list that says what each column holds: name, phone, address ..."),
        )
    sheet = sheets[ranked[0]]
    head = sheet.rows[line]
    columns, dropped, unused = _recognise(head, meanings, mapping)
    rows = _rows(sheet, line, columns, [index for index, cell in enumerate(head) if is_sensitive(cell)])
    if not rows:
        raise BadInputError(
            "NO_ROWS",
            msg("{file} has a header and no rows below it.", file=path.name),
            msg("Name the file or sheet that holds the list."),
        )
    others = tuple(sheets[k].name for k in ranked[1:] if best[k][0] >= max(3, score - 2) and sheets[k].name)
    return Layout(sheet.name, line + 1, MappingProxyType(columns), rows, dropped, unused, others, ranked[0])


def plain(text: str) -> str:
    """Reduce a header to its letters and digits: `Apt #` -> `apt`, `联系 电话（必填）` -> `联系电话必填`; `#` alone stays."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded.strip()


def _best_line(sheet: Sheet, meanings: Meanings, mapping: Mapping[str, str]) -> tuple[int, int]:
    """Return how many fields the best of the first rows names (the first of equals), and its index."""
    wanted = {plain(header) for header in mapping.values()}
    best = (0, 0)
    for line, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        texts = [cell for cell in cells if isinstance(cell, str)]
        fields = {match[0] for text in texts if not is_sensitive(text) and (match := _match(text, meanings))}
        score = len(fields) + _MAPPED_WEIGHT * len(wanted & {plain(text) for text in texts})
        if score > best[0]:
            best = (score, line)
    return best


def _recognise(
    head: Sequence[Cell], meanings: Meanings, mapping: Mapping[str, str]
) -> tuple[dict[str, tuple[Column, ...]], tuple[str, ...], tuple[str, ...]]:
    """Return the columns of each field, the dropped and the unused headers."""
    ranked: dict[str, list[tuple[int, Column]]] = {}
    dropped: list[str] = []
    unused: list[str] = []
    fields_of: dict[str, list[str]] = {}
    for name, header in mapping.items():
        fields_of.setdefault(plain(header), []).append(name)
    for index, cell in enumerate(head):
        header = " ".join(str(cell).split()) if isinstance(cell, str) else ""
        if not header:
            continue
        column = Column(index, header)
        match = _match(header, meanings)
        if plain(header) in fields_of:
            for name in fields_of[plain(header)]:
                ranked.setdefault(name, []).append((0, column))
        elif is_sensitive(header):
            dropped.append(header)
        elif match is None or match[0] in mapping:
            unused.append(header)
        else:
            ranked.setdefault(match[0], []).append((match[1], column))
    missing = [header for name, header in mapping.items() if name not in ranked]
    if missing:
        raise BadInputError(
            "UNKNOWN_HEADER",
            msg("No column is headed {header}.", header=missing[0]),
            msg("The headers are: {headers}.", headers=", ".join(str(cell) for cell in head if isinstance(cell, str))),
        )
    columns = {name: tuple(column for _, column in sorted(found)) for name, found in ranked.items()}
    return _settled(columns), tuple(dropped), tuple(unused)


def _settled(columns: dict[str, tuple[Column, ...]]) -> dict[str, tuple[Column, ...]]:
    """Settle headers whose meaning hangs on the others.

    户主 (head of the household) is the person where there is no other name, else it names the household. 街道 is the office that a
    neighbourhood belongs to, but a street where nothing finer stands. 门牌号 is the house number beside a street, else the number of the flat.
    """
    if len(columns.get("name", ())) > 1:
        columns = _moved(columns, ("户主", "户主姓名"), "name", "household")
    if not columns.keys() & {"address", "street", "community", "compound", "building", "door"}:
        columns = _moved(columns, ("街道",), "subdistrict", "street")
    if "street" in columns:
        columns = _moved(columns, ("门牌号",), "room", "housenumber")
    return columns


def _moved(
    columns: dict[str, tuple[Column, ...]], spellings: Sequence[str], source: str, target: str
) -> dict[str, tuple[Column, ...]]:
    """Give the first column of `source` that is headed with one of `spellings` to `target`, where that has none."""
    moved = next((column for column in columns.get(source, ()) if plain(column.header) in spellings), None)
    if moved is None or target in columns:
        return columns
    rest = tuple(column for column in columns[source] if column != moved)
    others = {name: found for name, found in columns.items() if name != source}
    return {**others, **({source: rest} if rest else {}), target: (moved,)}


def _rows(
    sheet: Sheet, line: int, columns: Mapping[str, tuple[Column, ...]], sensitive: Sequence[int]
) -> tuple[Row, ...]:
    head = sheet.rows[line]
    rows = []
    for number, kept in kept_lines(sheet, line, sensitive):
        cells = sheet.rows[number - 1]
        by_field = {
            name: tuple((column, kept[column.place] if column.place < len(kept) else None) for column in found)
            for name, found in columns.items()
        }
        first = next((cell.strip() for cell in kept if isinstance(cell, str) and cell.strip()), "")
        repeats = not is_blank(cells) and _texts(cells) == _texts(head)
        rows.append(Row(number, by_field, is_blank(cells), repeats, first))
    return tuple(rows)


def kept_lines(sheet: Sheet, line: int, sensitive: Sequence[int]) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the lines below the header with their numbers: sensitive cells are blank, and what stands for the cell above is that cell."""
    above: list[Cell] = []
    for number, cells in enumerate(sheet.rows[line + 1 :], line + 2):
        kept = [None if index in sensitive else cell for index, cell in enumerate(cells)]
        kept = [above[k] if k < len(above) and _is_ditto(cell) else cell for k, cell in enumerate(kept)]
        above = kept or above
        yield number, kept


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() in _DITTO


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [plain(cell) for cell in cells if isinstance(cell, str) and cell.strip()]


def _match(header: str, meanings: Meanings) -> tuple[str, int] | None:
    """Return the field that the header means, and its rank among the words for it."""
    if len(header) > _HEADER_LENGTH:
        return None
    for spelling in _spellings(header):
        if spelling in _traps():
            return None
        if spelling in meanings:
            return meanings[spelling]
    return None


def _spellings(header: str) -> list[str]:
    """Return the header's plain forms to try: as it is, without brackets, without a number in front, without a polite word around it."""
    folded = unicodedata.normalize("NFKC", header)
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>", "", folded)
    forms = [plain(folded), plain(bare), plain(re.sub(r"^\s*\d+\s*[.、:)]", "", bare))]
    for form in (plain(bare), plain(bare).removeprefix("现")):
        short = form
        for word in _BEFORE:
            short = short.removeprefix(word) or short
        for word in _BEHIND:
            short = short.removesuffix(word) or short
        forms.append(short)
    forms.append(plain(values.without_datum(bare)))
    return forms


def is_sensitive(header: Cell) -> bool:
    """Tell whether the header names a column of identity numbers, which is never read."""
    if not isinstance(header, str) or len(header) > _HEADER_LENGTH:
        return False
    forms = _spellings(header)
    return any(form in _sensitive() for form in forms) or any(part in forms[0] for part in headers.SENSITIVE_PARTS)


def _meanings(words: Words) -> Meanings:
    meanings: dict[str, tuple[str, int]] = {}
    for name, spellings in words.items():
        for rank, spelling in enumerate((name, *spellings)):
            meanings.setdefault(plain(spelling), (name, rank))
    return meanings


@cache
def _traps() -> frozenset[str]:
    return frozenset(plain(header) for header in headers.TRAPS)


@cache
def _sensitive() -> frozenset[str]:
    return frozenset(plain(header) for header in headers.SENSITIVE)


def _check_mapping(mapping: Mapping[str, str], words: Words) -> None:
    for name, header in mapping.items():
        if name not in words:
            raise BadInputError(
                "UNKNOWN_FIELD",
                msg("There is no field {field}.", field=name),
                msg("The fields are: {fields}.", fields=", ".join(sorted(words))),
            )
        if is_sensitive(header):
            raise BadInputError(
                "SENSITIVE_COLUMN",
                msg("The column {header} holds identity numbers and is never read.", header=header),
                msg("Use another column for {field}, or none.", field=name),
            )
