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
# Of the characters outside ASCII in a Chinese text, nearly all are in GB 2312; of a Western text misread as GB 18030, few are.
_ENOUGH_GB2312: Final = 0.7
_FEW: Final = 0.02
_MOSTLY_ASCII: Final = 0.3
_BROKEN: Final = "\N{REPLACEMENT CHARACTER}"


def decode(data: bytes) -> str | None:
    """Return the text, or None where `data` is no text; a few spoiled bytes become U+FFFD.

    By its byte order mark; else UTF-16 where its zero bytes give it away; else UTF-8, GB 18030 or Windows-1252, the first that fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(data.decode(encoding, errors="replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _plain(_misfit(data))
    utf16 = _utf16_without_mark(
        data, least=_MOSTLY_ASCII
    )  # as UTF-8 it is well formed too, with a zero behind each letter
    return _plain(utf16 or text)


def _misfit(data: bytes) -> str:
    """Decode what is not quite UTF-8; '' where nothing fits."""
    if utf16 := _utf16_without_mark(data, least=_FEW):
        return utf16
    utf8 = data.decode("utf-8", errors="replace")
    if _share(utf8, _BROKEN.__eq__) <= _FEW:
        return utf8
    chinese = data.decode("gb18030", errors="replace")
    if _share(chinese, _BROKEN.__eq__) <= _FEW and _share(chinese, _in_gb2312) >= _ENOUGH_GB2312:
        return chinese
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return ""


def _utf16_without_mark(data: bytes, least: float) -> str:
    """Decode UTF-16 that bears no mark: zero bytes at even places or at odd ones, `least` of all bytes, and not at both; else ''."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) < least * len(data) or min(even, odd) > _FEW * max(even, odd) or not even + odd:
        return ""
    return data.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")


def _plain(text: str) -> str | None:
    """Return `text` unless it is empty, or full of control characters as a misread image would be."""
    controls = sum(char < " " and char not in "\t\r\n" for char in text)
    broken = text.count(_BROKEN)
    return text if text and 20 * (controls + broken) <= len(text) else None


def _share(text: str, belongs: Callable[[str], bool]) -> float:
    """Return which share of the characters outside ASCII `belongs`; 0 where there are none."""
    outside = [char for char in text if char > "\x7f"]
    return sum(map(belongs, outside)) / len(outside) if outside else 0.0


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
