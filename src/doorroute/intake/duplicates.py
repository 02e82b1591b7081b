"""Duplicate rows are rejected; two people with one number get different ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Final

from doorroute.intake.door_keys import door_key
from doorroute.intake.findings import Findings
from doorroute.intake.values import key
from doorroute.model.finding import place_text
from doorroute.model.line import row_of
from doorroute.model.plan import Rejected
from doorroute.model.resident import Resident, ResidentId
from doorroute.model.telephones import dialled
from doorroute.texts import msg

_MAY_DIFFER: Final = frozenset({"id", "own_id", "row", "sheet", "note", "household", "address", "phone"})
"""Fields in which two rows of one person may differ."""
_CHINA: Final = re.compile(r"^(?:\+|00)86(?=1\d{10}$)")


def without_duplicates(
    read: Sequence[Resident], column: str, findings: Findings
) -> tuple[tuple[Resident, ...], tuple[Rejected, ...]]:
    """Reject duplicate rows and give everybody else a unique id (`R` and the row if the sheet gave none).

    Two rows are the same person if id, name and door are equal, or name, phone and door. The first row is
    kept.
    """
    kept: list[Resident] = []
    rejected: list[Rejected] = []
    seen: dict[tuple[str, ...], Resident] = {}
    at_door: dict[tuple[str, ...], Resident] = {}
    for resident in read:
        name, place = key(resident.name), door_key(resident)
        marks: list[tuple[str, ...]] = [("id", resident.id, name, place)] if resident.id else []
        if name:
            marks += [("phone", number, name, place) for number in _numbers(resident.phone)]
        first = next((seen[mark] for mark in marks if mark in seen), None)
        if first is not None:
            rejected.append(_refuse(resident, first, column, findings))
            continue
        if name and (name, place) in at_door:
            _report_possible(resident, at_door[name, place], column, findings)
        seen |= dict.fromkeys(marks, resident)
        at_door.setdefault((name, place), resident)
        kept.append(resident)
    return _with_own_ids(kept, column, findings), tuple(rejected)


def _numbers(phone: str) -> frozenset[str]:
    """Return the phone numbers of a cell for comparison, or the cell itself if none is complete."""
    links = (link.removeprefix("tel:") for link in dialled(phone).values() if link)
    return frozenset(_CHINA.sub("", link) for link in links) or frozenset({key(phone)} if phone else ())


def _refuse(resident: Resident, first: Resident, column: str, findings: Findings) -> Rejected:
    place = place_text(first.row, first.sheet if first.sheet != resident.sheet else "")
    message = msg("This person is already in {place}.", place=place)
    if _differs(resident, first):
        advice = msg("The two rows differ: find out which one is right, and delete the other.")
        differs = msg("The same person is in {place} with different details; {place} is used.", place=place)
        findings.warn("DUPLICATE_DIFFERS", resident.row, column, differs, advice)
    else:
        advice = msg("Delete one of the two rows.")
    findings.error("DUPLICATE", resident.row, column, message, advice)
    return Rejected(row=resident.row, code="DUPLICATE", column=column, message=message, sheet=resident.sheet)


def _differs(a: Resident, b: Resident) -> bool:
    compared = (field.name for field in fields(Resident) if field.name not in _MAY_DIFFER)
    return any(getattr(a, name) != getattr(b, name) for name in compared)


def _report_possible(resident: Resident, other: Resident, column: str, findings: Findings) -> None:
    findings.warn(
        "POSSIBLE_DUPLICATE",
        resident.row,
        column,
        msg(
            "Row {first} has the same name at the same door; both are kept.",
            first=other.seen_from(resident),
        ),
        msg("Delete one of the rows if they are the same person."),
    )


def _with_own_ids(residents: Sequence[Resident], column: str, findings: Findings) -> tuple[Resident, ...]:
    in_sheet = {resident.id for resident in residents}
    given: set[str] = set()
    renamed: list[Resident] = []
    for resident in residents:
        wanted = own = resident.id or f"R{row_of(resident.row)}"
        number = 2
        while own in given or (own in in_sheet and own != resident.id):
            own = f"{wanted}-{number}"
            number += 1
        if resident.id and own != resident.id:
            findings.warn(
                "SAME_ID",
                resident.row,
                column,
                msg("Another person has the same number; this person was given a new one."),
                msg("Give everybody a different number in the sheet."),
            )
        given.add(own)
        renamed.append(replace(resident, id=ResidentId(own)))
    return tuple(renamed)
