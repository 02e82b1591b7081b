"""Cache arrays on disk: one file for each entry, memory-mapped, with checksums.

A cache only saves time: a damaged entry is made again, and a folder that cannot be written is no error.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorroute.disk.files import whole

_MAGIC: Final = b"doorroute arrays\n"
_LENGTHS: Final = struct.Struct("<QI")  # bytes of the header, and its checksum
_ALIGN: Final = 64


class CacheProblem(StrEnum):
    """What went wrong with the cache."""

    DAMAGED = "damaged"  # a file differed from what had been written; it was made again
    NOT_KEPT = "not kept"  # the folder is full or cannot be written


class Cache:
    """A folder of cached entries (None: nothing is cached), and the problems so far."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.troubles: set[CacheProblem] = set()

    def load(self, name: str) -> tuple[dict[str, NDArray[Any]], Any] | None:
        """Return the arrays and the JSON value saved under `name`; None if missing or damaged."""
        if self.folder is None:
            return None
        found = load(self.folder / name)
        if found is None and os.path.exists(self.folder / name):  # noqa: PTH110  # pathlib's may raise
            self.troubles.add(CacheProblem.DAMAGED)
        return found

    def save(self, name: str, arrays: Mapping[str, NDArray[Any]], about: object = None) -> None:
        """Save the arrays and the JSON value `about` under `name`, if possible."""
        if self.folder is None:
            return
        try:
            save(self.folder / name, arrays, about)
        except OSError:
            self.troubles.add(CacheProblem.NOT_KEPT)


class _Block(NamedTuple):
    dtype: str
    shape: Sequence[int]
    offset: int


def save(path: Path, arrays: Mapping[str, NDArray[Any]], about: object = None) -> None:
    """Write `arrays` and the JSON value `about` to `path`; of two runs at once, one file remains."""
    blocks = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    places: dict[str, _Block] = {}
    offset = 0
    for name, block in blocks.items():
        places[name] = _Block(block.dtype.str, block.shape, offset)
        offset += -(-block.nbytes // _ALIGN) * _ALIGN
    body = bytearray(max(offset, 1))
    for name, block in blocks.items():
        begin = places[name].offset
        body[begin : begin + block.nbytes] = block.tobytes()
    head = json.dumps(
        {"arrays": places, "about": about, "size": len(body), "crc": zlib.crc32(body)}, ensure_ascii=False
    ).encode()
    lead = _MAGIC + _LENGTHS.pack(len(head), zlib.crc32(head)) + head
    with whole(path, shared=True) as written, written.open("wb") as file:
        file.write(lead + b"\0" * (-len(lead) % _ALIGN))
        file.write(body)


def load(path: Path) -> tuple[dict[str, NDArray[Any]], Any] | None:
    """Return what `save` wrote; None if missing or damaged. Changes to the arrays stay in memory."""
    try:
        with path.open("rb") as file:
            lead = file.read(len(_MAGIC) + _LENGTHS.size)
            if not lead.startswith(_MAGIC) or len(lead) < len(_MAGIC) + _LENGTHS.size:
                return None
            length, crc = _LENGTHS.unpack_from(lead, len(_MAGIC))
            written = file.read(min(length, path.stat().st_size))
            if zlib.crc32(written) != crc:
                return None
            head = json.loads(written)
            start = -(-(len(lead) + length) // _ALIGN) * _ALIGN
            if path.stat().st_size != start + head["size"]:
                return None
            # copy on write: the file does not change, and compiled code sees only one kind of array
            body = np.memmap(file, dtype=np.uint8, mode="c", offset=start, shape=(head["size"],))
            if zlib.crc32(body.data) != head["crc"]:
                return None
            return {name: _cut(body, _Block(*place)) for name, place in head["arrays"].items()}, head["about"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cut(body: NDArray[np.uint8], place: _Block) -> NDArray[Any]:
    size = np.dtype(place.dtype).itemsize * int(np.prod(place.shape, dtype=np.int64))
    block: NDArray[Any] = np.asarray(body[place.offset : place.offset + size]).view(place.dtype)
    return block.reshape(place.shape)
