"""Files that are whole or not there: written under another name, then renamed. Only their owner may read them, unless they are `shared`."""

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
from typing import Any, Final, NoReturn

PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700

_BEGINNING: Final = 100  # bytes of a name
_ALWAYS_UNPACKED = 64 * 2**20
_SWELLS = 250  # times: sheets of many like rows come to a hundred


@contextmanager
def whole(path: Path, *, shared: bool = False) -> Iterator[Path]:
    """Give a name in the same folder to write to; on leaving without an error it becomes `path`.

    Two writers at once are safe: the last one to finish stands, and neither is ever seen in part. The file is for its owner alone
    (0600), and so are folders that are made for it (0700); `shared` is for what says nothing about anybody, such as streets: there
    the umask decides.

    Raises
    ------
    OSError
        The system refuses it; `path` is a link (`ELOOP`); or there is a folder, pipe or device of that name, which no file may take the place of.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    make_folder(path.parent, shared=shared)
    if is_special(path):
        raise OSError(errno.EISDIR if path.is_dir() else errno.EEXIST, "no file", str(path))
    short = path.stem.encode()[:_BEGINNING].decode(
        errors="ignore"
    )  # with what is added it must not become too long
    try:
        handle, name = tempfile.mkstemp(prefix=f".{short}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        written = Path(name)
        try:
            yield written
            written.chmod(0o666 & ~_umask() if shared else PRIVATE)  # a library may have made the file anew
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:  # is to name the file, not the name that it has meanwhile
        if error.filename is None or Path(str(error.filename)).parent == path.parent:
            error.filename, error.filename2 = str(path), None
        raise


def is_special(path: Path) -> bool:
    """Tell whether there is something of that name that is no file: a folder, a pipe, a device.

    Raises
    ------
    OSError
        The system cannot say, as with a name that is too long.
    """
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def write_whole(path: Path, content: str | bytes, *, shared: bool = False) -> None:
    """Write `content` (text as UTF-8 with plain newlines) to `path` so that no half of it is ever seen."""
    with whole(path, shared=shared) as written:
        written.write_bytes(content.encode() if isinstance(content, str) else content)


def make_folder(folder: Path, *, shared: bool = False) -> None:
    """Make `folder` and those above it, for their owner alone; one that is there keeps its mode."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o777 if shared else _PRIVATE_FOLDER, exist_ok=True)
    folder.mkdir(exist_ok=True)  # raises where it is a file


def parsed(data: bytes | str) -> Any:  # noqa: ANN401  # any JSON value
    """Read JSON of a file that anybody may have changed.

    Raises
    ------
    ValueError
        It is none, is nested too deeply, names something twice, or has a number that is none or too large.
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
    """Tell whether a zip archive (a workbook is one) unpacks to far more than any real one does; False where it is none."""
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
