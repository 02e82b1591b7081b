"""What calamine does not report of an xls: cells with errors, hidden or filtered rows.

Runs only in the child; standard library only. Sources: MS-CFB (streams of the file), MS-XLS (records).
"""

import struct
from collections.abc import Iterator

from workbook_flags import SheetFlags  # type: ignore[import-not-found]  # in this folder

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOUNDSHEET, _EOF, _ROW, _COLINFO, _BOOLERR, _FORMULA, _FILTERMODE = (
    0x85,
    0x0A,
    0x208,
    0x7D,
    0x205,
    0x06,
    0x9B,
)


def read(path: str) -> dict[str, SheetFlags] | None:
    """Return the flags of each sheet by name, None if the file does not have them."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
        stream = _stream(data, "Workbook") if data.startswith(_OLE) else None
        return None if stream is None else {name: _flags(stream, at) for name, at in _sheets(stream)}
    except (struct.error, IndexError, OSError, UnicodeDecodeError, ValueError):
        return None


def _stream(data: bytes, wanted: str) -> bytes | None:
    """Return a stream of a compound file."""
    size, mini = 1 << struct.unpack_from("<H", data, 0x1E)[0], 1 << struct.unpack_from("<H", data, 0x20)[0]
    first_folder, _, cutoff, first_mini = struct.unpack_from("<4I", data, 0x30)
    more, count = struct.unpack_from("<2I", data, 0x44)

    def sector(at: int) -> bytes:
        return data[(at + 1) * size : (at + 2) * size]

    fats = list(struct.unpack_from("<109I", data, 0x4C))
    for _ in range(min(count, 4096)):
        *here, more = struct.unpack(f"<{size // 4}I", sector(more))
        fats += here
    fat = [each for at in fats if at < _END for each in struct.unpack(f"<{size // 4}I", sector(at))]

    def chain(at: int, links: list[int]) -> Iterator[int]:
        for _ in range(len(links)):
            if at >= _END:
                return
            yield at
            at = links[at]

    folder = b"".join(map(sector, chain(first_folder, fat)))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    places = {
        entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le"): struct.unpack_from(
            "<IQ", entry, 116
        )
        for entry in entries
    }
    if wanted not in places:
        return None
    start, length = places[wanted]
    if length >= cutoff:
        return b"".join(map(sector, chain(start, fat)))[:length]
    small = b"".join(map(sector, chain(places["Root Entry"][0], fat)))
    links = [each for at in chain(first_mini, fat) for each in struct.unpack(f"<{size // 4}I", sector(at))]
    return b"".join(small[at * mini : (at + 1) * mini] for at in chain(start, links))[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == _EOF:
            return
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, record in _records(stream, 0):
        if kind == _BOUNDSHEET and record[5] == 0:
            length, wide = record[6], record[7] & 1
            text = record[8 : 8 + length * (2 if wide else 1)]
            yield text.decode("utf-16-le" if wide else "latin-1"), struct.unpack_from("<I", record)[0]


def _flags(stream: bytes, at: int) -> SheetFlags:
    flags = SheetFlags()
    for kind, record in _records(stream, at):
        if kind == _ROW and record[12] & 0x20:
            flags.hidden_rows.add(struct.unpack_from("<H", record)[0])
        elif kind == _COLINFO and record[8] & 1:
            first, last = struct.unpack_from("<2H", record)
            flags.hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == _BOOLERR and record[7]:
            flags.not_known[struct.unpack_from("<2H", record)] = ERRORS.get(record[6], "#N/A")
        elif kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
            flags.not_known[struct.unpack_from("<2H", record)] = ERRORS.get(record[8], "#N/A")
        elif kind == _FILTERMODE:
            flags.filtered = True
    return flags
