"""Separated text: which encoding, and how it falls into cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from typing import Final

DELIMITERS: Final = (",", ";", "\t")

_MARKS: Final = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Of the characters outside ASCII in a text in Chinese, nearly all are in GB 2312; of a Western text misread as GB 18030, few are.
_ENOUGH_GB2312: Final = 0.7
_FEW_BROKEN: Final = 0.02


def decode(data: bytes) -> str | None:
    """Return the text, or None where `data` is no text.

    By its byte order mark; else UTF-16 where every other byte is zero; else UTF-8, then GB 18030, then Windows-1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(data.decode(encoding, errors="replace"))
    if b"\0" in data:
        return _plain(data.decode(_utf16_without_mark(data), errors="replace"))
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode("utf-8", errors="replace")
            if encoding == "utf-8" and _share(text, "�".__ne__) > 1 - _FEW_BROKEN:
                return _plain(text)  # UTF-8 with a few spoiled bytes
            continue
        if encoding != "gb18030" or _share(text, _in_gb2312) >= _ENOUGH_GB2312:
            return _plain(text)
    return None


def _utf16_without_mark(data: bytes) -> str:
    return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"


def _plain(text: str) -> str | None:
    """Return `text` unless it is full of control characters, as a misread image would be."""
    controls = sum(char < " " and char not in "\t\r\n" for char in text)
    broken = text.count("�")
    return text if 20 * (controls + broken) <= len(text) else None


def _share(text: str, belongs: Callable[[str], bool]) -> float:
    outside = [char for char in text if char > "\x7f"]
    return sum(map(belongs, outside)) / len(outside) if outside else 1.0


def _in_gb2312(char: str) -> bool:
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def split(text: str, delimiter: str) -> list[list[str]]:
    """Split `text` into rows of cells; a blank line is a row without cells.

    Where the quotes do not add up (one that never closes would swallow all rows that follow), every line is a row and quotes are
    plain characters. Raises `csv.Error` where a cell is longer than the 131,072 characters that csv takes.
    """
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return [[cell.strip('"') for cell in row] for row in rows]
