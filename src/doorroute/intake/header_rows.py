"""Find the header, of one row or two, and the field of each column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, NamedTuple

from doorroute.errors import BadInputError
from doorroute.intake import header_words
from doorroute.intake.header_meanings import Meanings, is_sensitive, match_of, plain
from doorroute.intake.table_files import Cell, Sheet
from doorroute.texts import msg

HEADER_WITHIN: Final = 30  # rows from the top; titles and instructions come before the header
_MAPPED_WEIGHT: Final = 100  # a header named by the user outweighs all recognised ones


class Column(NamedTuple):
    """A column: its index from 0 and its header as written.

    `part`: it belongs to the column to its left, under one merged header.
    """

    place: int
    header: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A header of one or two rows (`first` to `last`, from 0), with the text above each column.

    `parents` are the texts of the upper row. `parts` are columns under a header merged from the left.
    """

    first: int
    last: int
    texts: tuple[str, ...]
    parents: tuple[str, ...] = ()
    parts: frozenset[int] = frozenset()


def best_header(sheet: Sheet, meanings: Meanings, mapping: Mapping[str, str]) -> tuple[int, HeaderRow | None]:
    """Return the highest number of fields that a header in the first rows names, and that header."""
    wanted = {plain(header) for header in mapping.values()}
    best: tuple[int, HeaderRow | None] = (0, None)
    lines = range(min(len(sheet.rows), HEADER_WITHIN))
    heads = (
        *(one_line(sheet, line) for line in lines),
        *(two_lines(sheet, line, meanings) for line in lines),
    )
    for head in heads:
        if head is not None and (score := _score(head, meanings, wanted)) > best[0]:
            best = (score, head)
    return best


def _score(head: HeaderRow, meanings: Meanings, wanted: Set[str]) -> int:
    fields = {match[0] for match in matches(head, meanings) if match}
    return len(fields) + _MAPPED_WEIGHT * len(wanted & {plain(text) for text in head.texts})


def matches(head: HeaderRow, meanings: Meanings) -> list[tuple[str, int] | None]:
    """Return, for each column, the field that its header means and its rank among the words for it."""
    found: list[tuple[str, int] | None] = []
    for place, text in enumerate(head.texts):
        parent = head.parents[place] if place < len(head.parents) else ""
        match = None if not text or is_sensitive(text) else match_of(text, meanings)
        above = match_of(parent, meanings) if parent else None
        if match and above and match[0] == "id" and above[0] in header_words.ADDRESS:
            match = (
                ("housenumber", match[1])
                if "housenumber" in {name for name, _ in meanings.values()}
                else None
            )
        if match is None and parent and text and not is_sensitive(parent + text):
            match = match_of(parent + text, meanings)
        found.append(match)
    return found


def one_line(sheet: Sheet, line: int) -> HeaderRow:
    """Return the header if it is this row alone; a merged cell is the header of all its columns."""
    texts = [_spelled(cell) for cell in sheet.rows[line]]
    parts = set()
    for top, left, bottom, right in sheet.merged:
        if top <= line <= bottom and right > left and left < len(texts) and texts[left]:
            texts += [""] * (right + 1 - len(texts))
            for place in range(left + 1, right + 1):
                texts[place] = texts[left]
                parts.add(place)
    return HeaderRow(line, line, tuple(texts), parts=frozenset(parts))


def two_lines(sheet: Sheet, line: int, meanings: Meanings) -> HeaderRow | None:
    """Return the header if it is this row and the next, or None if the next row does not continue it."""
    if line + 1 >= len(sheet.rows):
        return None
    above, below = (list(map(_spelled, sheet.rows[k])) for k in (line, line + 1))
    width = max(len(above), len(below))
    merged = one_line(sheet, line).texts
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    parents = list(merged) + [""] * (width - len(merged))
    for place in range(1, width):  # an unmerged parent spans the blank cells to its right
        if not above[place] and not parents[place] and below[place]:
            parents[place] = parents[place - 1]
    if any(
        cell is not None and not isinstance(cell, str) for k in (line, line + 1) for cell in sheet.rows[k]
    ):
        return None
    children = [place for place in range(width) if below[place] and below[place] != above[place]]
    known = [place for place in children if match_of(below[place], meanings)]
    if (
        not children
        or 2 * len(known) < len(children)
        or any(is_sensitive(below[place]) for place in children)
    ):
        return None
    for place in children:
        spans = place + 1 < width and not above[place + 1] and bool(below[place + 1])
        joined = (
            place + 1 < width
            and place + 1 < len(merged)
            and bool(merged[place])
            and merged[place + 1] == merged[place]
        )
        if above[place] and not (spans or joined):
            return None
    texts = tuple(below[place] or above[place] for place in range(width))
    return HeaderRow(
        line, line + 1, texts, tuple(parents[place] if below[place] else "" for place in range(width))
    )


def _spelled(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


class Recognised(NamedTuple):
    """The columns of each field, the headers of sensitive columns, and the headers of unread columns."""

    fields: dict[str, tuple[Column, ...]]
    dropped: tuple[str, ...]
    unread: dict[int, str]


def recognise(
    head: HeaderRow, meanings: Meanings, mapping: Mapping[str, str], places: Collection[int] | None = None
) -> Recognised:
    """Return the field of each column, for all columns or those at `places`.

    Raises BadInputError, UNKNOWN_HEADER, if no column has a header of `mapping`.
    """
    ranked: dict[str, list[tuple[int, Column]]] = {}
    dropped: list[str] = []
    unread: dict[int, str] = {}
    fields_of: dict[str, list[str]] = {}
    for name, header in mapping.items():
        fields_of.setdefault(plain(header), []).append(name)
    for index, match in enumerate(matches(head, meanings)):
        header = head.texts[index]
        if not header or (places is not None and index not in places):
            continue
        column = Column(index, header, index in head.parts)
        if plain(header) in fields_of:
            for name in fields_of[plain(header)]:
                ranked.setdefault(name, []).append((0, column))
        elif is_sensitive(header):
            dropped.append(header)
        elif match is None or match[0] in mapping:
            unread[index] = header
        else:
            ranked.setdefault(match[0], []).append((match[1], column))
    missing = [header for name, header in mapping.items() if name not in ranked]
    if missing:
        raise BadInputError(
            "UNKNOWN_HEADER",
            msg("No column has the header {header}.", header=missing[0]),
            msg("The headers are: {headers}.", headers=", ".join(filter(None, head.texts))),
        )
    columns = {name: tuple(column for _, column in sorted(found)) for name, found in ranked.items()}
    return Recognised(_by_context(columns), tuple(dropped), unread)


def _by_context(columns: dict[str, tuple[Column, ...]]) -> dict[str, tuple[Column, ...]]:
    """Decide headers whose meaning depends on the other headers.

    户主 (head of the household) is the person if there is no other name, else it names the household. 街道 is
    the subdistrict, or the street if there is nothing finer. 门牌号 is the house number if there is a street,
    else the room. 门牌 is the room if there are columns for compound, building or unit.
    """
    if len(columns.get("name", ())) > 1:
        columns = _moved(columns, ("户主", "户主姓名"), "name", "household")
    if not columns.keys() & {"address", "street", "community", "compound", "building", "door"}:
        columns = _moved(columns, ("街道",), "subdistrict", "street")
    if "street" not in columns and columns.keys() & {"compound", "building", "unit"}:
        columns = _moved(columns, ("门牌", "门牌号码"), "housenumber", "room")
    if "street" in columns:
        columns = _moved(columns, ("门牌号",), "room", "housenumber")
    return columns


def _moved(
    columns: dict[str, tuple[Column, ...]], spellings: Sequence[str], source: str, target: str
) -> dict[str, tuple[Column, ...]]:
    """Move a column of `source` with one of these headers to `target`, unless `target` has a column."""
    moved = next((column for column in columns.get(source, ()) if plain(column.header) in spellings), None)
    if moved is None or target in columns:
        return columns
    rest = tuple(column for column in columns[source] if column != moved)
    others = {name: found for name, found in columns.items() if name != source}
    return {**others, **({source: rest} if rest else {}), target: (moved,)}
