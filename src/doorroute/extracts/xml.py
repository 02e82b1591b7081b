"""Check extracts in XML: refuse what libosmium should not read, and find the value that it refused."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast
from xml.parsers import expat

from doorroute.errors import BadInputError
from doorroute.extracts.faults import broken
from doorroute.texts import literal, msg

_OSM: Final = (".osm", ".osm.gz", ".osm.bz2")
SUFFIXES: Final = (*_OSM, ".graphml")
# errors of unpacking and parsing; zlib.error is not an OSError
UNREADABLE: Final = (expat.ExpatError, OSError, EOFError, ValueError, zlib.error)
_CHUNK: Final = 2**20
_REMARK: Final = re.compile(rb"<remark>\s*([^<]{0,300})", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?\d+")
_COUNT: Final = re.compile(r"\d+")
_DEGREES: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|")
_SHAPES: Final = {
    "id": _NUMBER,
    "ref": _NUMBER,
    "lat": _DEGREES,
    "lon": _DEGREES,
    "version": _COUNT,
    "changeset": _NUMBER,
    "uid": _NUMBER,
    "timestamp": _TIME,
    "type": re.compile("node|way|relation"),
}
_OBJECTS: Final = frozenset({"node", "way", "relation", "nd", "member", "tag"})
_LONGEST: Final = 1024  # libosmium's limit for a tag or role, in bytes


def must_be_sound_xml(extract: Path) -> None:
    """Refuse XML that is cut short, defines entities, or reports an error of its server.

    No extract needs entities, and a few lines of them can expand without end.

    Raises
    ------
    BadInputError
        `EXTRACT_BROKEN`, or `EXTRACT_INCOMPLETE` with what the server said.
    """

    def refuse(*_declaration: object) -> None:
        raise broken(extract)

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    last = b""
    try:
        with opened(extract) as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk)
                if remark := _REMARK.search(last + chunk):
                    _must_not_be_an_error(extract, remark[1])
                last = chunk[-400:]
            parser.Parse(b"", True)  # noqa: FBT003  # expat takes the end flag by position
    except UNREADABLE as error:
        raise broken(extract) from error


def _must_not_be_an_error(extract: Path, remark: bytes) -> None:
    said = " ".join(remark.decode(errors="replace").split())
    if "error" in said.lower() or "timed out" in said.lower():
        raise BadInputError(
            "EXTRACT_INCOMPLETE",
            msg(
                "{file} is incomplete: the server stopped before the end ({said}).",
                file=extract.name,
                said=literal(said),
            ),
            msg(
                "Ask the server for a smaller area or with a longer timeout,"
                " or take a download of OpenStreetMap."
            ),
        )


def opened(extract: Path) -> BinaryIO:
    """Open the file and unpack it if necessary."""
    name = extract.name.lower()
    if name.endswith(".gz"):
        return cast("BinaryIO", gzip.open(extract, "rb"))
    if name.endswith(".bz2"):
        return cast("BinaryIO", bz2.open(extract, "rb"))
    return extract.open("rb")


def odd_value(extract: Path) -> tuple[str, int] | None:
    """Return the first invalid attribute of an .osm file as name=value, and its line."""
    if not extract.name.lower().endswith(_OSM):
        return None
    found: list[tuple[str, int]] = []

    def look(element: str, attributes: dict[str, str]) -> None:
        if found or element not in _OBJECTS:
            return
        for name, value in attributes.items():
            if _is_odd(element, name, value):
                found.append((f"{name}={value[:40]}", parser.CurrentLineNumber))
                return

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    with suppress(*UNREADABLE), opened(extract) as file:
        while not found and (chunk := file.read(_CHUNK)):
            parser.Parse(chunk)
    return found[0] if found else None


def _is_odd(element: str, name: str, value: str) -> bool:
    if element == "tag" or name == "role":
        return len(value.encode()) > _LONGEST
    shape = _SHAPES.get(name)
    if shape is None:
        return False
    if not shape.fullmatch(value):
        return True
    if name in {"lat", "lon"}:
        return not abs(float(value)) <= 214  # degrees that fit libosmium's integers
    return name in {"id", "ref"} and abs(int(value)) >= 2**63
