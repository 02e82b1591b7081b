"""Keep the ids of people and doors the same in every plan of one day. Pure.

The record of the day says which id was given to whom. A later list is compared with it by what the rows say,
never by where the rows are.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from itertools import count, pairwise
from typing import Any, Final

from doorroute.disk.files import parsed
from doorroute.errors import BadInputError
from doorroute.intake.door_keys import door_key
from doorroute.intake.findings import Findings
from doorroute.intake.values import key
from doorroute.model.finding import Finding
from doorroute.model.resident import Resident, ResidentId, Visit, VisitId
from doorroute.texts import msg

SCHEMA: Final = "doorroute/ids/1"
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which are read as 1 and 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """One person of the day.

    `own` is the number given in the list. `name`, `phone` and `door` are normalised for comparison. `rest` is
    a hash of the other cells; it distinguishes namesakes at one door. `here`: the newest plan has the person.
    """

    id: ResidentId
    own: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    door: str = field(default="", repr=False)
    rest: str = field(default="", repr=False)
    visit: VisitId | None = None
    here: bool = True

    @property
    def triple(self) -> tuple[str, str, str]:
        """Return name, phone and door."""
        return self.name, self.phone, self.door


@dataclass(frozen=True, slots=True, kw_only=True)
class IdRecord:
    """All ids of one day: everybody who was ever given one, in order, and how many visits were numbered."""

    day: str
    people: tuple[KnownPerson, ...] = ()
    visits: int = 0

    def to_json(self) -> bytes:
        """Return the record as JSON; it contains names, phones and addresses."""
        people = [asdict(each) for each in self.people]
        document = {"schema": SCHEMA, "day": self.day, "visits": self.visits, "people": people}
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    def merged_with(self, other: IdRecord) -> IdRecord:
        """Return this record with the people that only `other`, of the same day, has.

        Their ids stay taken.
        """
        mine = {each.id for each in self.people}
        more = [replace(each, here=False) for each in other.people if each.id not in mine]
        return replace(self, people=(*self.people, *more), visits=max(self.visits, other.visits))

    def knows(self, earlier: IdRecord) -> bool:
        """Return whether people and doors of an `earlier` record of the day have the same ids here."""
        mine, doors, had = {each.id: each for each in self.people}, _doors(self), _doors(earlier)
        people = all(each.id in mine and _same(mine[each.id], each) for each in earlier.people)
        return self.day == earlier.day and people and all(had[v] & doors[v] for v in had if v in doors)


def parse_record(written: bytes) -> IdRecord:
    """Read what `IdRecord.to_json` wrote.

    Raises
    ------
    ValueError
        It is not such a record.
    """
    try:
        document: dict[str, Any] = parsed(written)
        if document["schema"] != SCHEMA:
            raise ValueError("another version wrote the record of ids")
        people = tuple(
            KnownPerson(**{**each, "id": ResidentId(str(each["id"])), "visit": _visit(each["visit"])})
            for each in document["people"]
        )
        return IdRecord(day=str(document["day"]), people=people, visits=int(document["visits"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no record of ids") from error


def _visit(written: object) -> VisitId | None:
    return None if written is None else VisitId(str(written))


def _doors(record: IdRecord) -> dict[VisitId, set[ResidentId]]:
    doors: dict[VisitId, set[ResidentId]] = {}
    for each in record.people:
        if each.visit is not None:
            doors.setdefault(each.visit, set()).add(each.id)
    return doors


def _same(a: KnownPerson, b: KnownPerson) -> bool:
    """Return whether two entries with one id are one person.

    They are if their list number is equal, or two of name, phone and door.
    """
    agreeing = sum(x == y and bool(x) for x, y in zip(a.triple, b.triple, strict=True))
    return (bool(a.own) and a.own == b.own) or agreeing >= 2 or a.triple == b.triple


def visit_id(number: int) -> VisitId:
    """Return the id of visit `number` (from 1): V1 ... V9999, VA000 ... VZ999, VAA00 ...

    Raises
    ------
    BadInputError
        `TOO_MANY_DOORS`: there are no more ids of five characters.
    """
    if number <= 9999:
        return VisitId(f"V{number}")
    rest = number - 10_000
    for letters in range(1, 5):
        digits = 10 ** (4 - letters)
        if rest < len(_LETTERS) ** letters * digits:
            head, tail = divmod(rest, digits)
            name = ""
            for _ in range(letters):
                head, letter = divmod(head, len(_LETTERS))
                name = _LETTERS[letter] + name
            return VisitId(f"V{name}{tail:0{4 - letters}d}" if letters < 4 else f"V{name}")
        rest -= len(_LETTERS) ** letters * digits
    raise BadInputError(
        "TOO_MANY_DOORS",
        msg("There are more doors than visit numbers for one day."),
        msg("Split the list and plan each part in a separate folder."),
    )


def match_people(
    residents: Sequence[Resident], record: IdRecord, column: str = ""
) -> tuple[tuple[Resident, ...], dict[ResidentId, KnownPerson], tuple[Finding, ...]]:
    """Give people of the record their id, and everybody else a new one.

    A row is matched by its number in the list (`own_id`), if it has one, and by name, phone and door. If the
    numbers now belong to other people (a running number after a row was inserted), name, phone and door
    decide. Rows with the same name, phone and door are distinguished by their other cells. If that does not
    help, or their count has changed, all of them get new ids: nobody gets the results of a namesake.

    Returns the residents in order, the record's entry for each matched id, and the findings.
    """
    rows = [_known_person(resident) for resident in residents]
    matched = _Matching(rows, record.people).matched
    findings = Findings("residents")
    taken = {each.id for each in record.people}
    largest = max((int(n[1]) for each in taken if (n := re.fullmatch(r"R(\d{1,9})", each))), default=0)
    fresh = (ResidentId(f"R{number}") for number in count(largest + 1))
    busy = taken | {resident.id for place, resident in enumerate(residents) if place not in matched}
    named: list[Resident] = []
    for place, resident in enumerate(residents):
        if place in matched:
            was = matched[place]
            named.append(replace(resident, id=was.id))
            _report_changed(resident, rows[place], was, column, findings)
            continue
        own = resident.id
        if own in taken and resident.own_id:
            own = next(name for n in count(2) if (name := ResidentId(f"{own}-{n}")) not in busy)
            _report_taken_number(resident, own, column, findings)
        elif own in taken:
            own = next(name for name in fresh if name not in busy)
        busy.add(own)
        named.append(replace(resident, id=own))
    return tuple(named), {matched[place].id: matched[place] for place in matched}, findings.all()


def match_visits(
    visits: Sequence[Visit], record: IdRecord, known: Mapping[ResidentId, KnownPerson]
) -> tuple[tuple[Visit, ...], int]:
    """Give each visit the id that the record has for its door, and new doors a new id.

    A visit keeps its id while one of its people is at the same door as in the previous plan. If several
    visits qualify, the one with most of these people gets it.

    Returns the visits in order, and how many visits the day has numbered.
    """
    order = {each.id: place for place, each in enumerate(record.people)}
    claims: list[tuple[int, int, int, int, VisitId]] = []
    for place, visit in enumerate(visits):
        stayed: dict[VisitId, list[KnownPerson]] = {}
        for each in visit.residents:
            was = known.get(each.id)
            if was is not None and was.visit is not None and was.door == door_key(each):
                stayed.setdefault(was.visit, []).append(was)
        for old, people in stayed.items():
            here = sum(was.here for was in people)
            claims.append((-here, -len(people), min(order[was.id] for was in people), place, old))
    kept: dict[int, VisitId] = {}
    given: set[VisitId] = set()
    for *_, place, old in sorted(claims):
        if place not in kept and old not in given:
            kept[place] = old
            given.add(old)
    number = record.visits
    named: list[Visit] = []
    for place, visit in enumerate(visits):
        if place not in kept:
            number += 1
        named.append(replace(visit, id=kept[place] if place in kept else visit_id(number)))
    return tuple(named), number


def updated_record(visits: Iterable[Visit], before: IdRecord, numbered: int) -> IdRecord:
    """Return the record after a plan with these visits; people who have left are kept, so no id is reused."""
    now = {
        resident.id: replace(_known_person(resident), visit=visit.id)
        for visit in visits
        for resident in visit.residents
    }
    stayed = [now.get(each.id, replace(each, here=False)) for each in before.people]
    known = {each.id for each in stayed}
    return replace(
        before, people=(*stayed, *(now[each] for each in now if each not in known)), visits=numbered
    )


def _known_person(resident: Resident) -> KnownPerson:
    """Return the entry for a row; the number in the list is compared without case and width."""
    access, given = resident.access, resident.given
    rest = (
        resident.household, resident.people, resident.kits, resident.suits, resident.tubes,
        resident.infection_class, resident.kind, resident.area, resident.note,
        resident.priority, resident.service_s, access.floor, access.lift,
        [str(window) for window in resident.time_windows], sorted(resident.skills),
        None if given is None else [given.lon, given.lat],
    )  # fmt: skip
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", resident.phone))
    return KnownPerson(
        id=resident.id,
        own=unicodedata.normalize("NFKC", resident.own_id).casefold().strip(),
        name=key(resident.name),
        phone=digits or key(resident.phone),
        door=door_key(resident),
        rest=sha256(json.dumps(rest).encode()).hexdigest()[:16],
    )


class _Matching:
    """Match rows to entries of the record. `matched`: the entry by index of the row."""

    def __init__(self, rows: Sequence[KnownPerson], people: Sequence[KnownPerson]) -> None:
        self.rows, self.people = rows, people
        self.matched: dict[int, KnownPerson] = {}
        self._left = set(range(len(people)))
        numbers = [each.own for each in rows if each.own]
        digits = all(own.isdecimal() for own in numbers)
        self._running_numbers = digits and all(
            int(a) < int(b) for a, b in pairwise(numbers)
        )  # 1, 2, 3: maybe row numbers
        moved = self._numbers_moved()
        both = (True, False)  # people of the previous plan first, then people who left earlier
        for here in both:
            self._match_equal(
                lambda each: (each.own, *each.triple, each.rest) if each.own else None, here=here
            )
        if self._running_numbers or moved:  # a row number says less than the rest of the row
            for here in both:
                self._match_equal(
                    lambda each: (*each.triple, each.rest) if each.name else None,
                    here=here,
                    numbers_moved=True,
                )
        for here in both:
            self._match_equal(lambda each: (each.own, *each.triple) if each.own else None, here=here)
        if not moved:
            self._match_by_number()
        for here in both:
            self._match_equal(lambda each: each.triple if each.name else None, here=here, numbers_moved=moved)
        self._match_unique(_name_and_door, numbers_moved=moved)
        self._match_unique(_name_and_phone, numbers_moved=moved)

    def _numbers_moved(self) -> bool:
        """Return whether a list number now belongs to another person, so that it does not identify people."""
        now = {each.own: each for each in self.rows if each.own}
        for part in (_name_and_door, _name_and_phone):
            found, rows = _places_by(self.people, part), _places_by(self.rows, part)
            for name, places in rows.items():
                if len(places) == 1 == len(found.get(name, ())):
                    row, was = self.rows[places[0]], self.people[found[name][0]]
                    differ = bool(row.own) and was.own not in {"", row.own}
                    if differ and (self._running_numbers or _are_different(now.get(was.own, was), was)):
                        return True
        return False

    def _with_number(self) -> dict[Hashable, list[int]]:
        """Return the entries by list number: those of the previous plan, or all if none of them has it."""
        had = _places_by(self.people, lambda each: each.own or None)
        return {own: [at for at in places if self.people[at].here] or places for own, places in had.items()}

    def _match_by_number(self) -> None:
        """Match rows and entries with the same list number, unless all other details differ.

        If the number may be a row number, name and door or phone must agree.
        """
        had = self._with_number()
        for own, places in _places_by(self.rows, lambda each: each.own or None).items():
            old = had.get(own, [])
            if len(places) == 1 == len(old):
                row, was = self.rows[places[0]], self.people[old[0]]
                same_door = row.door == was.door and (not row.phone or not was.phone)
                agree = [
                    row.name == was.name and bool(row.name),
                    same_door or (row.phone and row.phone == was.phone),
                ]
                if all(agree) if self._running_numbers else any(agree):
                    self._match(places[0], old[0])

    def _match_equal(
        self, part: Callable[[KnownPerson], Hashable], *, here: bool, numbers_moved: bool = False
    ) -> None:
        """Match rows and entries with equal keys.

        There must be one of each, or as many of each that differ in the rest of the row.
        """
        entries, rows = _places_by(self.people, part), _places_by(self.rows, part)
        for name, places in rows.items():
            old = [at for at in entries.get(name, ()) if self.people[at].here is here]
            if not here and len(old) < len(entries.get(name, ())):
                continue  # the previous plan has a namesake, so the two cannot be distinguished
            by_rest = _places_by([self.people[at] for at in old], lambda each: each.rest)
            pairs: list[tuple[int, int]] = []
            for rest, same_rest in _places_by(
                [self.rows[at] for at in places], lambda each: each.rest
            ).items():
                if len(same_rest) == len(by_rest.get(rest, ())):
                    pairs += [
                        (places[row], old[at]) for row, at in zip(same_rest, by_rest[rest], strict=True)
                    ]
            rows_left = [place for place in places if place not in dict(pairs)]
            old_left = [at for at in old if at not in {at for _, at in pairs}]
            if len(rows_left) == len(old_left) == 1:
                pairs.append((rows_left[0], old_left[0]))
            for place, at in pairs:
                self._match(place, at, numbers_moved=numbers_moved)

    def _match_unique(self, part: Callable[[KnownPerson], Hashable], *, numbers_moved: bool) -> None:
        """Match rows and entries with equal keys if no other row and no other entry has that key."""
        entries, rows = _places_by(self.people, part), _places_by(self.rows, part)
        for name, places in rows.items():
            if len(places) == 1 == len(entries.get(name, ())):
                self._match(places[0], entries[name][0], numbers_moved=numbers_moved)

    def _match(self, row: int, at: int, *, numbers_moved: bool = False) -> None:
        mine, was = self.rows[row], self.people[at]
        differ = bool(mine.own and was.own and mine.own != was.own)
        if differ and not numbers_moved and not (mine.phone and mine.triple == was.triple):
            return
        if row not in self.matched and at in self._left:
            self.matched[row] = was
            self._left.discard(at)


def _are_different(a: KnownPerson, b: KnownPerson) -> bool:
    """Return whether two entries are different people.

    They are if the name differs, or both door and phone.
    """
    return a.name != b.name or (a.door != b.door and (a.phone != b.phone or not a.phone))


def _name_and_door(each: KnownPerson) -> Hashable:
    return (each.name, each.door) if each.name else None


def _name_and_phone(each: KnownPerson) -> Hashable:
    return (each.name, each.phone) if each.name and each.phone else None


def _places_by(
    entries: Collection[KnownPerson], part: Callable[[KnownPerson], Hashable]
) -> dict[Hashable, list[int]]:
    """Return the indices of the entries by their key; entries whose key is None are left out."""
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, each in enumerate(entries):
        if (name := part(each)) is not None:
            found[name].append(place)
    return dict(found)


def _report_changed(
    resident: Resident, row: KnownPerson, was: KnownPerson, column: str, findings: Findings
) -> None:
    if row.own and row.own != was.own:
        findings.warn(
            "NUMBER_MOVED",
            resident.row,
            column,
            msg("This person was {id} in the previous plan and stays {id} today.", id=was.id),
            msg("Use the numbers in today's plan, not those in the list."),
        )
    elif not row.own and row.triple != was.triple:
        findings.warn(
            "SAME_PERSON",
            resident.row,
            column,
            msg(
                "The phone or address has changed since the previous plan; this person is still treated as "
                "{id}.",
                id=was.id,
            ),
            msg("If this is somebody else, give each person a number in a column named id."),
        )


def _report_taken_number(resident: Resident, own: ResidentId, column: str, findings: Findings) -> None:
    findings.warn(
        "SAME_ID",
        resident.row,
        column,
        msg("Another person has had this number today; this person is {id} today.", id=own),
        msg("Give everybody a different number in the list."),
    )
