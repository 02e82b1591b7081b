"""Read the results of a team's phone: a few bytes a door, sealed and cut into pieces that fit a QR code.

Pure: bytes and texts in, values out. `frontend/phone/results.js` writes what is read here.

Packed results: version 1; revision (varint, one more at each mark); device (4 bytes, different for each
opened page); minutes since 1970 by the phone's clock (varint); number of doors (varint); for each door 2
bytes, high byte first: bit 15 people follow, bit 14 a note follows, bits 13-11 status, bits 10-0 minute of
the day; then for each door with people their number (varint) and a byte each; then for each door with a note
its length in bytes (varint) and its UTF-8.
A piece: route (its first 4 bytes), message (4 bytes, from the seal), number of this piece from 0, number of
pieces, its share of the message.
In a QR code a piece is written in base 45 after `DR1:`, in files and chats in base 64 (URL-safe, unpadded)
after `doorroute1:`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

_VERSION: Final = 1
_QR: Final = "DR1:"
_TEXT: Final = re.compile(r"doorroute1\s*[:：][\s>]*([A-Za-z0-9_-]+(?:[\s>=|]+[A-Za-z0-9_-]+)*)")
_BREAKS: Final = re.compile(r"[\s>=|]+")  # what mail and chat insert when they wrap or quote a line
_MOST_PARTS: Final = 400
_BASE45: Final = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285; the letters of QR's alphanumeric mode
)
_HEAD: Final = 10
LARGEST: Final = 2**53
"""Largest whole number that a page can write: JavaScript has no larger exact ones."""


class Status(IntEnum):
    """The result for a door, or for a person behind it."""

    OPEN = 0
    DONE = 1
    NOBODY_HOME = 2
    REFUSED = 3
    PARTLY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorResult:
    """The result of one door: `number` on the route, from 1; `minute` of the day by the phone's clock.

    `people` has a status for each resident of the visit, in order; empty if the door's status is for all.
    """

    number: int
    status: Status
    minute: int
    people: tuple[Status, ...] = ()
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneResults:
    """All doors of a route as one phone has them; for each `device`, the highest `revision` counts."""

    revision: int
    device: str
    sent_min: int
    doors: tuple[DoorResult, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One QR code's share of a sealed message; `route` has the first 8 digits of the page's route."""

    route: str
    message: str
    number: int
    of: int
    share: bytes = field(repr=False)


def unpack(packed: bytes) -> PhoneResults:
    """Unpack the results that a phone packed.

    Raises
    ------
    ValueError
        The bytes are not in this version's format.
    """
    try:
        reader = _Reader(packed)
        if reader.byte() != _VERSION:
            raise ValueError("another version wrote these results")
        revision, device, sent_min = reader.varint(), reader.take(4).hex(), reader.varint()
        words = [int.from_bytes(reader.take(2), "big") for _ in range(reader.varint())]
        people = [
            tuple(Status(reader.byte()) for _ in range(reader.varint())) if word & 0x8000 else ()
            for word in words
        ]
        notes = [reader.take(reader.varint()).decode() if word & 0x4000 else "" for word in words]
    except IndexError as error:
        raise ValueError("the results end too soon") from error
    if reader.at != len(packed) or max(revision, sent_min) > LARGEST:
        raise ValueError("no phone packs this")
    doors = tuple(
        DoorResult(
            number=number, status=Status(word >> 11 & 7), minute=word & 0x7FF, people=persons, note=note
        )
        for number, (word, persons, note) in enumerate(zip(words, people, notes, strict=True), 1)
    )
    return PhoneResults(revision=revision, device=device, sent_min=sent_min, doors=doors)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def take(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            raise IndexError
        self.at += length
        return self.data[self.at - length : self.at]

    def varint(self) -> int:
        value = shift = 0
        while True:
            octet = self.byte()
            value |= (octet & 0x7F) << shift
            if octet < 0x80:
                return value
            shift += 7


def readings_in(text: str) -> Iterator[tuple[Piece, ...]]:
    """Yield the possible readings of each piece in a text: a scanned QR code, a file, or a chat with several.

    Mail and chat wrap, quote and continue long texts, so only opening a piece shows where it ends. The
    shortest reading comes first.
    """
    for line in text.splitlines():
        if (at := line.find(_QR)) >= 0:
            yield from _readings(
                [_base45_or_empty(line[at + len(_QR) :]), _base45_or_empty(line[at + len(_QR) :].strip())]
            )
    for found in _TEXT.findall(text):
        parts = _BREAKS.split(found)[:_MOST_PARTS]
        yield from _readings(_from_base64("".join(parts[: end + 1])) for end in range(len(parts)))


def _readings(written: Iterable[bytes]) -> Iterator[tuple[Piece, ...]]:
    pieces = tuple(
        dict.fromkeys(
            Piece(piece[:4].hex(), piece[4:8].hex(), piece[8], piece[9], piece[_HEAD:])
            for piece in written
            if len(piece) > _HEAD and piece[8] < piece[9]
        )
    )
    if pieces:
        yield pieces


def pieces_in(text: str) -> Iterator[Piece]:
    """Yield the pieces in a text, each up to its first blank."""
    return (readings[0] for readings in readings_in(text))


def joined(
    pieces: Iterable[Piece],
) -> tuple[dict[tuple[str, str], bytes], dict[tuple[str, str], tuple[int, ...]]]:
    """Join pieces, in any order and with repeats.

    Returns, by (route, message), the complete sealed messages, and the missing numbers (from 1) of others.
    """
    found: dict[tuple[str, str], dict[int, Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.route, piece.message), {})[piece.number] = piece
    whole: dict[tuple[str, str], bytes] = {}
    missing: dict[tuple[str, str], tuple[int, ...]] = {}
    for name, parts in found.items():
        of = max(piece.of for piece in parts.values())
        if gone := tuple(number + 1 for number in range(of) if number not in parts):
            missing[name] = gone
        else:
            whole[name] = b"".join(parts[number].share for number in range(of))
    return whole, missing


def newest(results: Sequence[PhoneResults]) -> tuple[PhoneResults, ...]:
    """Return the last results of each device; order and repeats do not matter."""
    last: dict[str, PhoneResults] = {}
    for result in sorted(results, key=lambda result: (result.revision, result.sent_min)):
        last[result.device] = result
    return tuple(last[device] for device in sorted(last))


def from_base45(text: str) -> bytes:
    """Decode base 45 (RFC 9285).

    Raises
    ------
    ValueError
        A letter is not in the alphabet, or a group is too large.
    """
    out = bytearray()
    for at in range(0, len(text), 3):
        digits = [_BASE45.index(letter) for letter in text[at : at + 3]]
        value = sum(digit * 45**place for place, digit in enumerate(digits))
        if len(digits) == 1 or value >= 256 ** (len(digits) - 1):
            raise ValueError("no base 45")
        out += value.to_bytes(len(digits) - 1, "big")
    return bytes(out)


def _base45_or_empty(text: str) -> bytes:
    try:
        return from_base45(text)
    except ValueError:  # another program's code
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""
