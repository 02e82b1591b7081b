"""The encoding of separated text. `csv_rows` splits it into cells."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from doorroute.texts import Text, msg

DELIMITERS: Final = (",", ";", "\t", "，", "|")

_MARKS: Final = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In a Chinese text nearly all non-ASCII characters are in GB 2312; in Western text misread as GB 18030, few.
_ENOUGH_GB2312: Final = 0.7
_FEW: Final = 0.02
_MOSTLY_ASCII: Final = 0.3
_BROKEN: Final = "\N{REPLACEMENT CHARACTER}"


class Decoded(NamedTuple):
    """A text, and remarks on how it was decoded: code, row (None: the file), message, advice."""

    text: str
    remarks: tuple[tuple[str, int | None, Text, Text], ...] = ()


def decode(data: bytes) -> Decoded | None:
    """Return the text, or None if `data` is not text; a few undecodable bytes become U+FFFD.

    Tried in order: the byte order mark, UTF-16 by its zero bytes, UTF-8, GB 18030, a mix of the two by line,
    Big5, Windows-1251, -1250 and -1252. The last four are guesses and give a remark.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(Decoded(data.decode(encoding, errors="replace")))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _plain(_misfit(data))
    utf16 = _utf16_without_mark(
        data, least=_MOSTLY_ASCII
    )  # UTF-16 is valid UTF-8 too, with a zero after each letter
    return _plain(Decoded(utf16 or text))


def _misfit(data: bytes) -> Decoded:
    """Decode bytes that are not valid UTF-8; '' if nothing fits."""
    if utf16 := _utf16_without_mark(data, least=_FEW):
        return Decoded(utf16)
    return _line_by_line(data) or _certain(data) or _likely(data)


def _certain(data: bytes) -> Decoded | None:
    """Decode UTF-8 or GB 18030 with a few undecodable bytes."""
    utf8 = data.decode("utf-8", errors="replace")
    if _share(utf8, _BROKEN.__eq__) <= _FEW:
        return Decoded(utf8)
    chinese = data.decode("gb18030", errors="replace")
    if _share(chinese, _BROKEN.__eq__) <= _FEW and _share(chinese, _in_gb2312) >= _ENOUGH_GB2312:
        return Decoded(chinese)
    return None


def _likely(data: bytes) -> Decoded:
    """Guess the encoding, with a remark."""
    big5 = data.decode("cp950", errors="replace")
    if _share(big5, _BROKEN.__eq__) <= _FEW and _share(big5, _in_common_big5) >= _ENOUGH_GB2312:
        return _guessed(big5, "Big5")
    for encoding, fits in (("cp1251", _is_russian), ("cp1250", _is_central)):
        text = data.decode(encoding, errors="replace")
        if _BROKEN not in text and fits(text):
            return _guessed(text, f"Windows-{encoding.removeprefix('cp')}")
    try:
        return _guessed(data.decode("cp1252"), "Windows-1252")
    except UnicodeDecodeError:
        return Decoded("")


def _guessed(text: str, encoding: str) -> Decoded:
    return Decoded(
        text,
        (
            (
                "ENCODING_GUESSED",
                None,
                msg(
                    "The file does not state its text encoding; it was read as {encoding}.",
                    encoding=encoding,
                ),
                msg(
                    "Check that names and addresses are right; if not, save the table again as xlsx or UTF-8."
                ),
            ),
        ),
    )


def _line_by_line(data: bytes) -> Decoded | None:
    """Decode lines of UTF-8 and GB 18030 in one file, as after pasting two lists; None if it is not that."""
    texts: list[str] = []
    kinds: dict[str, list[int]] = {"utf-8": [], "gb18030": []}
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        for encoding, numbers in kinds.items():
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            if encoding == "gb18030" and _share(text, _in_gb2312) < _ENOUGH_GB2312:
                continue
            texts.append(text)
            if not line.isascii():
                numbers.append(number)
            break
        else:
            return None
    fewer = min(kinds.values(), key=len)
    if not fewer:
        return None
    return Decoded(
        "".join(texts),
        tuple(
            (
                "ENCODINGS_MIXED",
                number,
                msg("This line has a different text encoding from the rest; each was read in its own."),
                msg("Check the line, and save the table again as xlsx or UTF-8."),
            )
            for number in fewer
        ),
    )


def _utf16_without_mark(data: bytes, least: float) -> str:
    """Decode UTF-16 without a byte order mark; '' if it is not that.

    At least the share `least` of all bytes is zero, either at even or at odd positions, not both.
    """
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) < least * len(data) or min(even, odd) > _FEW * max(even, odd) or not even + odd:
        return ""
    return data.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")


def _plain(decoded: Decoded) -> Decoded | None:
    """Return the text unless it is empty, or full of control characters as a misread image would be."""
    text = decoded.text
    controls = sum(char < " " and char not in "\t\r\n" for char in text)
    broken = text.count(_BROKEN)
    return decoded if text and 20 * (controls + broken) <= len(text) else None


def _share(text: str, belongs: Callable[[str], bool]) -> float:
    """Return the share of non-ASCII characters for which `belongs` is true; 0 if there are none."""
    outside = [char for char in text if char > "\x7f"]
    return sum(map(belongs, outside)) / len(outside) if outside else 0.0


def _in_gb2312(char: str) -> bool:
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _in_common_big5(char: str) -> bool:
    """Return whether the character is among the 5,401 common ones of Big5."""
    try:
        code = char.encode("big5")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (0xA1 <= code[0] <= 0xC6)


def _is_russian(text: str) -> bool:
    """Return whether words are Cyrillic with lower case after the first letter.

    Misread Western text is not.
    """
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    cyrillic = [
        word for word in words if re.fullmatch("[А-Яа-яЁёІіЇїЄє][а-яёіїє]*|[А-ЯЁ]+", word) and len(word) > 1
    ]
    return bool(words) and len(cyrillic) >= _ENOUGH_GB2312 * len(words)


def _is_central(text: str) -> bool:
    """Return whether the text has Czech, Polish or Hungarian letters: ř, ě, ů, ő, ł."""
    outside = [char for char in text if char > "\x7f"]
    return any(char in "řěůőűłąęćńśźżťďňľŘĚŮŐŰŁĄĘĆŃŚŹŻŤĎŇĽ" for char in outside) and any(
        char in "šžŠŽřŘěĚůŮőŐłŁżŻ" for char in outside
    )
