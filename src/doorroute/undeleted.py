"""Extracts without what they say is deleted: objects that JOSM marks (`action="delete"`), and invisible versions.

Readers of extracts see such objects as any others. They are given a copy without them, which lasts as long as this process.
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
_UNREADABLE: Final = (expat.ExpatError, RuntimeError, OSError, EOFError, ValueError, zlib.error)


def undeleted(extract: Path) -> Path:
    """Return the extract, or a copy without what is marked in it as deleted; the file itself where it cannot be read."""
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
            if not item.deleted and (item.type_str(), item.id) not in gone:
                writer.add(item)
    return copy


def _marked(extract: Path) -> set[tuple[str, int]] | None:
    """Return what an editor marked as deleted, as (n|w|r, id); None where nothing in the file is deleted at all."""
    if not extract.name.lower().endswith(_XML):
        return set() if _has_versions(extract) else None
    with _opened(extract) as file:
        last = b""
        while chunk := file.read(_CHUNK):
            if _MARK.search(last + chunk):
                break
            last = chunk[-_LONGEST:]
        else:
            return None
    gone: set[tuple[str, int]] = set()

    def look(element: str, attributes: dict[str, str]) -> None:
        if attributes.get("action") == "delete" and element in _KINDS:
            gone.add((_KINDS[element], int(attributes.get("id", 0))))

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    with _opened(extract) as file:
        parser.ParseFile(file)
    return gone


def _has_versions(extract: Path) -> bool:
    if not extract.name.lower().endswith(".pbf"):
        return False
    import osmium

    with osmium.io.Reader(str(extract)) as reader:
        return bool(reader.header().has_multiple_object_versions)


def _opened(extract: Path) -> BinaryIO:
    name = extract.name.lower()
    if name.endswith(".gz"):
        return cast("BinaryIO", gzip.open(extract, "rb"))
    return cast("BinaryIO", bz2.open(extract, "rb")) if name.endswith(".bz2") else extract.open("rb")
