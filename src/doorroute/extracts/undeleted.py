"""Remove deleted objects from an extract: those that JOSM marks (`action="delete"`), and invisible versions.

Readers of extracts do not recognise them. They read a copy without them, which is removed when this process
ends.
"""

from __future__ import annotations

import atexit
import bz2
import gzip
import re
import shutil
import tempfile
import zlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, cast
from xml.parsers import expat

_CHUNK: Final = 2**20
_LONGEST: Final = 64  # bytes of a mark
_MARK: Final = re.compile(rb"""\s(action\s*=\s*["']delete|visible\s*=\s*["']false)["']""")
_XML: Final = (".osm", ".osm.gz", ".osm.bz2")
_KINDS: Final = {"node": "n", "way": "w", "relation": "r"}
_UNREADABLE: Final = (expat.ExpatError, RuntimeError, OSError, EOFError, ValueError, KeyError, zlib.error)


def undeleted(extract: Path) -> Path:
    """Return the extract, or a copy without its deleted objects; the file itself if it cannot be read."""
    if not extract.name.lower().endswith((*_XML, ".pbf")):
        return extract
    with suppress(*_UNREADABLE):
        about = extract.stat()
        return _undeleted(extract.absolute(), about.st_mtime_ns, about.st_size)
    return extract


@lru_cache(maxsize=8)
def _undeleted(extract: Path, _modified_ns: int, _size: int) -> Path:
    gone = _marked(extract)
    if gone is None:
        return extract
    import osmium

    folder = tempfile.mkdtemp(prefix="doorroute-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = Path(folder) / extract.name
    with osmium.SimpleWriter(str(copy)) as writer:
        for item in osmium.FileProcessor(str(extract)):
            if item.version > gone.get((item.type_str(), item.id), -1):
                writer.add(item)
    return copy


def _marked(extract: Path) -> dict[tuple[str, int], int] | None:
    """Return the version in which each object was deleted, by (n|w|r, id); None if none was."""
    if not extract.name.lower().endswith(_XML):
        return _deleted_in_history(extract)
    with _opened(extract) as file:
        last = b""
        while chunk := file.read(_CHUNK):
            if _MARK.search(last + chunk):
                break
            last = chunk[-_LONGEST:]
        else:
            return None
    gone: dict[tuple[str, int], int] = {}

    def look(element: str, attributes: dict[str, str]) -> None:
        deleted = attributes.get("action") == "delete" or attributes.get("visible") == "false"
        if deleted and element in _KINDS:
            known = _KINDS[element], int(attributes["id"])
            gone[known] = max(int(attributes.get("version", 0)), gone.get(known, 0))

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    with _opened(extract) as file:
        parser.ParseFile(file)
    return gone


def _deleted_in_history(extract: Path) -> dict[tuple[str, int], int] | None:
    import osmium

    with osmium.io.Reader(str(extract)) as reader:
        if not reader.header().has_multiple_object_versions:
            return None
    every = osmium.FileProcessor(str(extract))
    return {(item.type_str(), item.id): item.version for item in every if item.deleted}


def _opened(extract: Path) -> BinaryIO:
    name = extract.name.lower()
    if name.endswith(".gz"):
        return cast("BinaryIO", gzip.open(extract, "rb"))
    return cast("BinaryIO", bz2.open(extract, "rb")) if name.endswith(".bz2") else extract.open("rb")
