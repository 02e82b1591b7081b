"""Detect the kind of a handed-in file by its content, because messengers and phones rename files."""

from __future__ import annotations

import unicodedata
from enum import Enum
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError
from doorroute.texts import Text, msg

LARGEST_BYTES: Final = 40_000_000
_HEAD: Final = 4096


class FileKind(Enum):
    """What a file holds."""

    PICTURE = "picture"
    TEXT = "text"
    WORKBOOK = "workbook"


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HEIF: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_SIGNS: Final[tuple[tuple[int, bytes, FileKind | str], ...]] = (
    *((0, sign, FileKind.PICTURE) for sign in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
    (8, b"WEBP", FileKind.PICTURE),
    *((4, b"ftyp" + brand, "heic") for brand in _HEIF),
    (4, b"ftypM4A", "sound"),
    (4, b"ftyp", "video"),
    *((0, sign, "archive") for sign in (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")),
    *((0, sign, "sound") for sign in (b"#!AMR", b"ID3", b"OggS", b"fLaC", b"#!SILK", b"\x02#!SILK")),
    (8, b"WAVE", "sound"),
    *((0, sign, "raw") for sign in (b"\0\0\0\x0cJXL ", b"\xff\x0a", b"\0\0\0\x0cjP  ", b"8BPS", b"\0\0\1\0")),
    (0, b"{\\rtf", "document"),
)
"""Position and bytes of each signature, and the kind of file that it identifies."""

_PLAIN_PICTURE: Final = msg(
    "Send it as a JPEG or PNG: take a screenshot of it, or choose “most compatible” as the format."
)
_REFUSED: Final[dict[str, tuple[Text, Text]]] = {
    "heic": (msg("a picture in the HEIC or AVIF format, which cannot be read here"), _PLAIN_PICTURE),
    "svg": (msg("a drawing (SVG), which cannot be read here"), _PLAIN_PICTURE),
    "raw": (msg("a picture in a format that cannot be read here"), _PLAIN_PICTURE),
    "pdf": (
        msg("a PDF"),
        msg(
            "Send the photo itself, as a JPEG or PNG, or a screenshot of the page; or the file that the "
            "team saved."
        ),
    ),
    "video": (msg("a video"), msg("Send a photo or screenshot of each code instead.")),
    "archive": (msg("a packed archive"), msg("Unpack it and give the files in it.")),
    "document": (
        msg("a document of a word processor"),
        msg("Copy its text into a plain text file; send pictures in it one by one, as JPEG or PNG."),
    ),
    "sound": (msg("a sound recording"), msg("Type what it says into a table: visit, status, time.")),
    "other": (
        msg("neither a picture nor a text nor a table"),
        msg(
            "Give a photo of the code (JPEG or PNG), the text file that the page saved, or a table of "
            "results."
        ),
    ),
}


def read_whole(file: Path) -> bytes:
    """Read a file that was handed in.

    Raises
    ------
    BadInputError
        It is missing, unreadable, empty or too large, each with its own advice.
    """
    try:
        if file.is_dir():
            raise BadInputError(
                "NOT_A_FILE",
                msg("{file} is a folder.", file=file.name),
                msg("Name the files in it, not the folder."),
            )
        size = file.stat().st_size
        data = file.read_bytes() if size <= LARGEST_BYTES else b""
    except FileNotFoundError as error:
        raise BadInputError(
            "FILE_NOT_FOUND",
            msg("{file} was not found.", file=file.name),
            msg("Check the name and the folder."),
        ) from error
    except PermissionError as error:
        raise BadInputError(
            "NO_PERMISSION",
            msg("You do not have permission to read {file}.", file=file.name),
            msg("Get read permission, or copy it to a folder of your own."),
        ) from error
    except (OSError, ValueError) as error:
        raise BadInputError(
            "RESULTS_UNREADABLE",
            msg("{file} cannot be read.", file=file.name),
            msg("Copy it to this computer again, then try again."),
        ) from error
    if size > LARGEST_BYTES:
        raise BadInputError(
            "RESULTS_TOO_LARGE",
            msg("{file} is too large for results of a team.", file=file.name),
            msg("Send a screenshot of the code, or the text file that the page saved."),
        )
    if not data.strip(b"\0 \t\r\n"):
        raise BadInputError(
            "RESULTS_UNREADABLE",
            msg("{file} is empty.", file=file.name),
            msg("Ask for it to be sent again: the content was lost on the way."),
        )
    return data


def kind_of(file: Path, data: bytes) -> FileKind:
    """Return the kind of the file by its first bytes; its name does not matter.

    Raises
    ------
    BadInputError
        `RESULTS_KIND`: this kind cannot be read; the advice says what to send instead.
    """
    kind = _kind(data)
    if isinstance(kind, FileKind):
        return kind
    what, advice = _REFUSED[kind]
    raise BadInputError("RESULTS_KIND", msg("{file} is {what}.", file=file.name, what=what), advice)


def _kind(data: bytes) -> FileKind | str:
    head = data[:_HEAD]
    for at, sign, kind in _SIGNS:
        if head.startswith(sign, at):
            return kind
    if head[:2] == b"BM" and head[6:10] == bytes(4):  # the two letters alone also begin texts
        return FileKind.PICTURE
    if head.startswith(_ZIP):
        return _packed(data)
    if head.startswith(_OLE):
        return "document" if "WordDocument".encode("utf-16-le") in data else FileKind.WORKBOOK
    return "pdf" if b"%PDF-" in head[:1024] else _written(text_of(head))


def _written(text: str | None) -> FileKind | str:
    if text is None:
        return "other"
    return "svg" if "<svg" in text[:1000].lower() and "<html" not in text.lower() else FileKind.TEXT


def _packed(data: bytes) -> FileKind | str:
    """Distinguish a workbook from other ZIP files by the file names that it contains."""
    if b"xl/" in data or b"opendocument.spreadsheet" in data[:200]:
        return FileKind.WORKBOOK
    if b"word/" in data or b"ppt/" in data or b"opendocument" in data[:200]:
        return "document"
    return "archive"


def text_of(data: bytes) -> str | None:
    """Return the text in `data` without invisible characters, or None if it is not text.

    Letters of old encodings are replaced.
    """
    for mark, encoding in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _visible(data.decode(encoding, errors="replace"))
    if b"\0" in data:  # Notepad's Unicode without its mark, or no text
        even, odd = data[::2].count(0), data[1::2].count(0)
        if max(even, odd) * 4 < len(data) or min(even, odd) * 20 > len(data):
            return None
        return _visible(data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace"))
    odd_signs = sum(octet < 32 and octet not in b"\t\n\r\f\x1b" for octet in data[:_HEAD])
    return (
        None if odd_signs * 20 > len(data[:_HEAD]) else _visible(data.decode("utf-8-sig", errors="replace"))
    )


def _visible(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
