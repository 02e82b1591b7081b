"""Addresses from split columns: joined from large to small in Chinese, from door to town elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from doorroute.intake.values import key

DOOR_PARTS: Final = ("address", "street", "compound", "community", "building", "door")
"""An address needs at least one of these; a town or district alone is not an address."""

_CHINESE: Final = re.compile("[一-鿿]")
_FINE: Final = re.compile(
    r"^(?:(?P<building>.*?\d*[A-Za-z]?(?:号楼|号|栋|幢|座"
    r"|楼)))?\s*(?:(?P<unit>[^\s楼栋幢座]{1,3}?)单元)?\s*(?:(?P<room>\w{1,6}?)(?:室|房|号|户)?)?$"
)


def joined(parts: Mapping[str, str]) -> str:
    """Join the address columns of a row: fields of `header_words.ADDRESS`, `building` and `door`.

    Repeated parts are left out. `building` and `door` are added only if no other part gives the place.
    Returns '' if there is only a town or district.
    """
    if not any(parts.get(name) for name in DOOR_PARTS):
        return ""
    said = "".join(parts.get(name, "") for name in DOOR_PARTS)
    address = _large_to_small(parts) if _CHINESE.search(said) else _door_to_town(parts)
    if any(parts.get(name) for name in ("address", "street", "compound", "community")):
        return address
    return f"{address}{parts.get('building') or parts.get('door', '')}"


def _large_to_small(parts: Mapping[str, str]) -> str:
    house = parts.get("housenumber", "")
    street = parts.get("street", "") + (f"{house}号" if house.isdigit() else house)
    address = parts.get("address", "")
    larger = ("province", "city", "district", "subdistrict", "community")
    for part in (parts.get("compound", ""), street, *(parts.get(name, "") for name in reversed(larger))):
        if part and key(part) not in key(address):
            address = part + address
    more = parts.get("address_more", "")
    return address + more if key(more) not in key(address) else address


def _door_to_town(parts: Mapping[str, str]) -> str:
    address = parts.get("address") or parts.get("street", "")
    house = parts.get("housenumber", "")
    if house and not re.search(rf"(?<!\w){re.escape(house)}(?!\w)", address, re.IGNORECASE):
        address = f"{address} {house}".strip()
    line = ""
    for piece in (
        parts.get("compound", ""),
        address,
        *(parts.get(n, "") for n in ("address_more", "community", "district")),
    ):
        line = _and(line, piece)
    city, postcode = parts.get("city", ""), parts.get("postcode", "")
    new = (postcode if postcode not in line else "", city if key(city) not in key(line) else "")
    return _and(_and(line, " ".join(filter(None, new))), parts.get("province", ""))


def _and(line: str, piece: str) -> str:
    """Append `piece`, unless `line` already contains it."""
    if key(piece) in key(line):
        return line
    return f"{line}, {piece}" if line else piece


def split_door(text: str) -> tuple[str, str, str]:
    """Split `3号楼2单元501室`, `3-2-501` or `3-501` into building, unit, room.

    A text that cannot be split is a room.
    """
    dashed = re.fullmatch(r"(\w+)[-/#](?:(\w+)[-/#])?(\w+)", text.strip())
    if dashed:
        return dashed[1], dashed[2] or "", dashed[3]
    fine = _FINE.match(text.strip())
    if fine and fine["room"] and (fine["building"] or fine["unit"]):
        return fine["building"] or "", fine["unit"] or "", fine["room"]
    return "", "", text.strip()
