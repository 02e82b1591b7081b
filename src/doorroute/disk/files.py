"""Write files whole or not at all: under a temporary name, then renamed; private unless `shared`."""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

Json: TypeAlias = Any
"""A JSON value from a file or a server. Whoever reads it checks what it is."""

PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700

_BEGINNING: Final = 100  # bytes of a name
_ALWAYS_UNPACKED = 64 * 2**20
_SWELLS = 250  # times: sheets of many similar rows reach a hundred


@contextmanager
def whole(path: Path, *, shared: bool = False) -> Iterator[Path]:
    """Give a temporary path in the same folder; on leaving without an error, rename it to `path`.

    Two writers at once are safe: the last to finish wins, and readers never see part of a file. The file and
    new folders are for their owner only (0600, 0700). Use `shared` for files without personal data, such as
    streets: then the umask decides.

    Raises
    ------
    OSError
        The system refuses; `path` is a link (`ELOOP`); or a folder, pipe or device has that name.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    make_folder(path.parent, shared=shared)
    if is_special(path):
        raise OSError(errno.EISDIR if path.is_dir() else errno.EEXIST, "no file", str(path))
    short = path.stem.encode()[:_BEGINNING].decode(errors="ignore")  # leaves room for what mkstemp adds
    try:
        handle, name = tempfile.mkstemp(prefix=f".{short}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        written = Path(name)
        try:
            yield written
            written.chmod(0o666 & ~_umask() if shared else PRIVATE)  # a library may have replaced the file
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:  # name the final file in it, not the temporary one
        if error.filename is None or Path(str(error.filename)).parent == path.parent:
            error.filename, error.filename2 = str(path), None
        raise


def is_special(path: Path) -> bool:
    """Return whether `path` exists and is not a regular file: a folder, a pipe, a device.

    Raises
    ------
    OSError
        The system cannot tell, for example if the name is too long.
    """
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def write_whole(path: Path, content: str | bytes, *, shared: bool = False) -> None:
    """Write `content` (text as UTF-8 with plain newlines) to `path`; no reader sees part of it."""
    with whole(path, shared=shared) as written:
        written.write_bytes(content.encode() if isinstance(content, str) else content)


def make_folder(folder: Path, *, shared: bool = False) -> None:
    """Make `folder` and its parents, for their owner only; existing folders keep their mode."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o777 if shared else _PRIVATE_FOLDER, exist_ok=True)
    folder.mkdir(exist_ok=True)  # raises if it is a file


def parsed(data: bytes | str) -> Json:
    """Read JSON from a file that anyone may have changed.

    Raises
    ------
    ValueError
        It is not JSON, is nested too deeply, has a name twice, or a number that is not finite.
    """
    try:
        return json.loads(data, object_pairs_hook=_named_once, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("something is named twice")
    return made


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def is_swollen(path: Path) -> bool:
    """Return whether a zip archive, such as a workbook, unpacks to more than any real one does."""
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return unpacked > max(_ALWAYS_UNPACKED, _SWELLS * size)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
