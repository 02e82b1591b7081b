"""Find the lists of people in a file: on which sheets, below which header, in which columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from doorroute.errors import BadInputError
from doorroute.intake import addresses, header_words
from doorroute.intake.data_rows import Row, rows_below
from doorroute.intake.header_meanings import check_mapping, is_sensitive, meanings_of, plain
from doorroute.intake.header_rows import (
    HeaderRow,
    Recognised,
    best_header,
    matches,
    one_line,
    recognise,
    two_lines,
)
from doorroute.intake.table_files import Sheet, is_blank
from doorroute.intake.table_layout import Layout, no_header, no_rows
from doorroute.model.line import line_of
from doorroute.texts import msg

NAMES: Final = ("name", "name_family", "name_given")
"""Fields that name a person; `id` does too."""

PLACES: Final = (*addresses.DOOR_PARTS, "lonlat", "latlon")
"""Fields that give a place; `lon` and `lat` together do too."""

_SHARED_BY_THE_ROW: Final = frozenset(
    {
        *header_words.ADDRESS,
        *header_words.COORDINATES,
        "building",
        "unit",
        "floor",
        "lift",
        "room",
        "door",
        "household",
        "window",
        "window_start",
    }
    | {
        "window_end",
        "class",
        "person_type",
        "area",
        "team",
        "not_team",
        "last_team",
        "priority",
        "skills",
        "phone",
    }
)
"""Fields that are given once for several people in one row."""

_CONTACT_NAMES: Final = frozenset(map(plain, ("联系人", "联系人姓名", "contact name", "户主", "户主姓名")))
"""Headers of a contact's name, if the person's own name has another header."""

MOST_BLOCKS: Final = 20


class SheetKind(StrEnum):
    """What a sheet contains, by its header."""

    PEOPLE = "people"
    TEAMS = "teams"
    DEPOTS = "depots"
    OTHER = "other"
    EMPTY = "empty"


class OtherSheet(NamedTuple):
    """A sheet that is not read as a list of people: its kind and its number of filled rows."""

    sheet: str
    kind: SheetKind
    rows: int
    like_people: bool


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One list of people.

    `number` is the index of the sheet. `block` counts lists side by side; `places` are the columns of this
    one, and `last` says that it is the rightmost.
    """

    layout: Layout
    sheet: Sheet = field(repr=False)
    number: int
    block: int
    places: frozenset[int]
    last: bool = True

    def line(self, row: int) -> int:
        """Return the line number (`model.line`) of a row of the sheet."""
        return line_of(row, sheet=self.number, block=self.block)


@dataclass(frozen=True, slots=True)
class Book:
    """All lists of people in a file, and its other sheets."""

    lists: tuple[PeopleList, ...]
    other_sheets: tuple[OtherSheet, ...]


def kind_of(sheet: Sheet) -> SheetKind:
    """Return what a sheet contains, by its header.

    A list of people has names or numbers, and addresses or coordinates. A sheet that fits teams or depots
    better is one of those.
    """
    scores: dict[SheetKind, int] = {}
    for kind, meanings in _MEANINGS.items():
        score, head = best_header(sheet, meanings, {})
        if head is not None and _is(kind, {match[0] for match in matches(head, meanings) if match}):
            scores[kind] = score
    return (
        max(scores, key=lambda kind: scores[kind]) if scores else SheetKind.OTHER
    )  # the first of equals: people


_OF_TEAMS: Final = frozenset(
    {
        "members",
        "start",
        "end",
        "shift",
        "shift_start",
        "shift_end",
        "break",
        "profile",
        "capacity",
        "max_visits",
    }
)
_MEANINGS: Final = {
    SheetKind.PEOPLE: meanings_of(header_words.RESIDENTS),
    SheetKind.TEAMS: meanings_of(header_words.TEAMS),
    SheetKind.DEPOTS: meanings_of(header_words.DEPOTS),
}


def is_people(fields: Collection[str]) -> bool:
    """Return whether columns of these fields name people and say where they are."""
    return any(name in fields for name in ("id", *NAMES)) and (
        any(name in fields for name in PLACES) or {"lon", "lat"} <= set(fields)
    )


def sheets_for(sheets: Sequence[Sheet], kind: SheetKind) -> Sequence[Sheet]:
    """Return the sheets in which to look for a table of teams or depots.

    In a workbook of several sheets these are the sheets of that kind, else those without people.
    """
    if len(sheets) < 2 or sheets[0].is_text:
        return sheets
    fitting = [sheet for sheet in sheets if kind_of(sheet) is kind]
    return fitting or [sheet for sheet in sheets if kind_of(sheet) is not SheetKind.PEOPLE] or sheets


def find_people(
    path: Path, sheets: Sequence[Sheet], mapping: Mapping[str, str] | None = None, chosen: Sequence[str] = ()
) -> Book:
    """Find every list of people in `sheets`, or in the sheets named in `chosen`.

    Raises BadInputError: UNKNOWN_FIELD, UNKNOWN_HEADER, SENSITIVE_COLUMN, UNKNOWN_SHEET, NO_HEADER, NO_ROWS.
    """
    mapping = mapping or {}
    check_mapping(mapping, header_words.RESIDENTS)
    _check_chosen(path, sheets, chosen)
    meanings = _MEANINGS[SheetKind.PEOPLE]
    best = [best_header(sheet, meanings, mapping) for sheet in sheets]
    if sheets[0].is_text:
        first = max(range(len(sheets)), key=lambda k: (best[k][0], -k))
        numbers = [first]
    elif chosen:
        numbers = [
            k for k, sheet in enumerate(sheets) if sheet.name.strip() in {name.strip() for name in chosen}
        ]
    else:
        numbers = [k for k, sheet in enumerate(sheets) if _of_people(sheet, best[k][1], mapping)]
    if not numbers:  # the likeliest sheet, so that the error names what it lacks
        numbers = [max(range(len(sheets)), key=lambda k: (best[k][0], sheets[k].visible, -k))]
    lists: list[PeopleList] = []
    for k in numbers:
        head = best[k][1]
        if head is None:
            if len(numbers) == 1 or chosen:
                raise no_header(path)
            continue
        wanted = {
            name: header for name, header in mapping.items() if plain(header) in set(map(plain, head.texts))
        }
        if mapping and not wanted and k == numbers[0]:
            wanted = dict(mapping)  # the error names the missing header
        lists += _lists_in(sheets[k], k, head, wanted)
    if not any(found.layout.rows for found in lists):
        raise no_rows(path)
    read = {found.number for found in lists if found.layout.rows}
    other_sheets = (
        ()
        if sheets[0].is_text
        else tuple(_other_sheet(sheet, empty=k in numbers) for k, sheet in enumerate(sheets) if k not in read)
    )
    return Book(tuple(found for found in lists if found.number in read), other_sheets)


def _check_chosen(path: Path, sheets: Sequence[Sheet], chosen: Sequence[str]) -> None:
    names = [sheet.name.strip() for sheet in sheets]
    for name in chosen:
        if name.strip() not in names:
            raise BadInputError(
                "UNKNOWN_SHEET",
                msg("{file} has no sheet named {sheet}, or it is empty.", file=path.name, sheet=name),
                msg("Its sheets are: {sheets}.", sheets=", ".join(names))
                if names[0]
                else msg("It is a text file without sheets: remove --sheet."),
            )


def _of_people(sheet: Sheet, head: HeaderRow | None, mapping: Mapping[str, str]) -> bool:
    if head is None:
        return False
    if mapping and {plain(header) for header in mapping.values()} <= set(map(plain, head.texts)):
        return True
    return kind_of(sheet) is SheetKind.PEOPLE


def _other_sheet(sheet: Sheet, *, empty: bool) -> OtherSheet:
    _, head = best_header(sheet, _MEANINGS[SheetKind.PEOPLE], {})
    fields = {match[0] for match in matches(head, _MEANINGS[SheetKind.PEOPLE]) if match} if head else set()
    headless = head is None and any(sum(not is_blank([cell]) for cell in cells) > 1 for cells in sheet.rows)
    kind = SheetKind.EMPTY if empty else kind_of(sheet)
    named = kind in {SheetKind.PEOPLE, SheetKind.OTHER} and (headless or bool(fields & {*NAMES, "address"}))
    return OtherSheet(sheet.name, kind, sum(not is_blank(cells) for cells in sheet.rows), named)


def _lists_in(sheet: Sheet, number: int, head: HeaderRow, mapping: Mapping[str, str]) -> Iterator[PeopleList]:
    """Yield the lists below one another, each split into lists side by side."""
    heads = [(head, SheetKind.PEOPLE), *_later_headers(sheet, head)]
    ends = [each.first for each, _ in heads[1:]] + [len(sheet.rows)]
    last: PeopleList | None = None
    for (each, kind), end in zip(heads, ends, strict=True):
        if kind is not SheetKind.PEOPLE and last is not None:
            rows = tuple(_unread_row(line, "TABLE") for line in range(each.first, end))
            last = replace(last, layout=replace(last.layout, rows=(*last.layout.rows, *rows)))
            continue
        if last is not None:
            yield last
            last = None
        fitting = {n: h for n, h in mapping.items() if plain(h) in set(map(plain, each.texts))}
        layouts = _side_by_side(sheet, number, each, range(each.last + 1, end), fitting or mapping)
        for block, (layout, places) in enumerate(layouts):
            if each is not head and block == 0:  # a later header takes rows of the sheet too
                again = [_unread_row(line, "HEADER") for line in range(each.first, each.last + 1)]
                layout = replace(layout, rows=(*again, *layout.rows))  # noqa: PLW2901
            if last is not None:
                yield last
            last = PeopleList(layout, sheet, number, block, places, block == len(layouts) - 1)
    if last is not None:
        yield last


def _unread_row(line: int, fault: str) -> Row:
    return Row(line + 1, {}, blank=False, repeats_header=fault == "HEADER", first="", fault=fault)


def _later_headers(sheet: Sheet, head: HeaderRow) -> Iterator[tuple[HeaderRow, SheetKind]]:
    """Yield headers further down that differ from the one before: another table begins there."""
    known = [plain(text) for text in head.texts if text]
    line = head.last + 1
    while line < len(sheet.rows):
        cells = sheet.rows[line]
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if len(texts) >= 2 and len(texts) == sum(not is_blank([cell]) for cell in cells):
            found = _header_at(sheet, line, len(texts))
            if found and [plain(text) for text in found[0].texts if text] != known:
                known = [plain(text) for text in found[0].texts if text]
                yield found
                line = found[0].last
        line += 1


def _header_at(sheet: Sheet, line: int, words: int) -> tuple[HeaderRow, SheetKind] | None:
    """Return the header in a row, if most of its words are headers of one kind of table."""
    for kind in (SheetKind.PEOPLE, SheetKind.TEAMS, SheetKind.DEPOTS):
        for head in (two_lines(sheet, line, _MEANINGS[kind]), one_line(sheet, line)):
            fields = {match[0] for match in matches(head, _MEANINGS[kind]) if match} if head else set()
            enough = len(fields) > (
                1 if kind is SheetKind.PEOPLE else 2
            )  # two words may be a name and something else
            if head and enough and 10 * len(fields) >= 6 * words and _is(kind, fields):
                return head, kind
    return None


def _is(kind: SheetKind, fields: Collection[str]) -> bool:
    if kind is SheetKind.PEOPLE:
        return is_people(fields)
    if kind is SheetKind.TEAMS:
        return "team" in fields and bool(_OF_TEAMS & set(fields))
    where = bool({"address", "lonlat", "latlon"} & set(fields)) or {"lon", "lat"} <= set(fields)
    return "depot" in fields and where


def _side_by_side(
    sheet: Sheet, number: int, head: HeaderRow, lines: range, mapping: Mapping[str, str]
) -> list[tuple[Layout, frozenset[int]]]:
    """Read the lists side by side.

    A row belongs to the lists in whose columns it has cells; to the first list if it has none.
    """
    meanings = _MEANINGS[SheetKind.PEOPLE]
    everything = recognise(head, meanings, mapping).fields
    parts = blocks(head, mapping)
    made: list[tuple[Layout, frozenset[int]]] = []
    own = [sorted({c.place for columns in everything.values() for c in columns} & places) for places in parts]
    mine = [_recognised_at(head, mapping, places if len(parts) > 1 else None) for places in parts]
    one_row = any(
        not is_people({*each.fields, "name"}) for each in mine
    )  # several people in one row, not several lists
    for block, (places, each) in enumerate(zip(parts, mine, strict=True)):
        fields = dict(each.fields)
        if len(parts) > 1 and one_row:  # shared cells apply to all people of the row
            phone = {"phone"} if "phone_secondary" in fields else set()
            fields = {
                name: everything[name] for name in everything if name in _SHARED_BY_THE_ROW - phone
            } | fields
        rows = rows_below(sheet, head, fields, lines)
        if len(parts) > 1:
            others = [place for k, each in enumerate(own) if k != block for place in each]
            rows = tuple(
                row
                for row in rows
                if _filled(sheet, row, own[block]) or (block == 0 and not _filled(sheet, row, others))
            )
        layout = Layout(
            sheet.name,
            head.last + 1,
            MappingProxyType(fields),
            rows,
            each.dropped,
            tuple(each.unread.values()),
            number,
            head,
            each.unread,
        )
        made.append((layout, places))
    return made


def _recognised_at(head: HeaderRow, mapping: Mapping[str, str], places: frozenset[int] | None) -> Recognised:
    """Recognise the columns at `places`, with the mapped headers among them."""
    here = {plain(head.texts[place]) for place in places or () if place < len(head.texts)}
    wanted = mapping if places is None else {n: h for n, h in mapping.items() if plain(h) in here}
    return recognise(head, _MEANINGS[SheetKind.PEOPLE], wanted, places)


def _filled(sheet: Sheet, row: Row, places: Sequence[int]) -> bool:
    cells = sheet.rows[row.number - 1]
    return any(place < len(cells) and not is_blank([cells[place]]) for place in places)


def blocks(head: HeaderRow, mapping: Mapping[str, str]) -> list[frozenset[int]]:
    """Split the columns into lists side by side, or people in one row.

    A second name begins a new list, together with the columns before it that repeat.
    """
    found = matches(head, _MEANINGS[SheetKind.PEOPLE])
    mapped = {plain(header): name for name, header in mapping.items()}
    fields: list[tuple[int, str]] = []
    for place, (text, match) in enumerate(zip(head.texts, found, strict=True)):
        name = mapped.get(plain(text)) or (match[0] if match and match[0] not in mapping else "")
        if name and place not in head.parts and not is_sensitive(text):
            fields.append((place, name))
    cuts: list[int] = []
    start = 0
    while len(cuts) < MOST_BLOCKS and (cut := _cut(head, fields[start:])) is not None:
        cuts.append(cut)
        start = next(k for k, (place, _) in enumerate(fields) if place >= cut)
    edges = [0, *cuts, max(len(head.texts), 1)]
    return [frozenset(range(a, b)) for a, b in pairwise(edges)]


def _cut(head: HeaderRow, fields: Sequence[tuple[int, str]]) -> int | None:
    """Return the column at which the second list begins, None if there is one list."""
    names = [k for k, (_, name) in enumerate(fields) if name in {"name", "name_family"}]
    if not names:
        return None
    first = names[0]
    for k in names[1:]:
        if fields[k][1] != fields[first][1]:
            continue
        again = next((j for j in range(first + 1, k + 1) if fields[j][1] == fields[0][1]), k)
        left, right = {name for _, name in fields[:again]}, {name for _, name in fields[again:]}
        header, before = (_base(head.texts[fields[j][0]]) for j in (k, first))
        both = is_people(left) and is_people(right) and header not in _CONTACT_NAMES
        if header == before or both:
            return fields[again][0]
    return None


def _base(header: str) -> str:
    return re.sub(r"\d{1,2}$", "", plain(re.sub(r"[(（\[【].*?[)）\]】]", "", header)))
