"""How many people a name cell names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from doorroute.intake.values import western_digits

_BRACKETS: Final = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>")
_HAN: Final = "一-鿿㐀-䶿"
_SAID: Final = re.compile(
    rf"(?:等|共|[{_HAN}]|\s)(\d{{1,2}})\s*(?:人|口|位|名)|\b(\d{{1,2}})\s*(?:people|persons|pers\b|pax)",
    re.IGNORECASE,
)
_COUPLE: Final = re.compile(r"夫妇|夫妻|两口子|老两口|\bcouple\b|\bMr\.?\s*(?:&|and)\s*Mrs\b", re.IGNORECASE)
_ALWAYS: Final = re.compile(r"[、;；/|&+＆\n\r]|\s(?:and|und|och|ja|et)\s", re.IGNORECASE)
_JOINED_NAMES: Final = re.compile(rf"([{_HAN}·]{{2,4}})[和与及跟]([{_HAN}·]{{2,4}})")
_SUFFIX: Final = re.compile(
    r"(?:jr|sr|ii|iii|iv|md|m\.d|phd|ph\.d|esq|dr|prof|mr|mrs|ms|miss|n/a|née .*|nee .*|geb\. .*)\.?",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(
    rf"先生|女士|老师|小姐|太太|奶奶|爷爷|阿姨|大爷|大妈|老人|叔叔|医生|主任|书记|本人|家属|代|男|女|[{_HAN}]"
)


def count_names(cell: str) -> int:
    """Count the people that a cell names, at least 1.

    `甲、乙、丙` and `Ben, Anna and Tom` are 3, `Smith, John` and `张三（李四代）` are 1. If it may be one or
    several (`张三 李四`), several are counted: a kit too many does no harm.
    """
    text = unicodedata.normalize("NFKC", cell[:2_000])
    said = [int(number) for found in _SAID.findall(western_digits(text)) for number in found if number]
    bare = _BRACKETS.sub(" ", text.replace("／", "/"))
    if re.fullmatch(r"\s*(?:n/a\s*|[./~\\].*)", bare, re.IGNORECASE | re.DOTALL):
        return 1
    couple = 2 if _COUPLE.search(bare) else 1
    bare = _JOINED_NAMES.sub(r"\1、\2", bare)
    strong = [part for part in _ALWAYS.split(bare) if _is_name(part)]
    parts = [piece for part in strong for piece in _at_commas(part, alone=len(strong) < 2)]
    return max(1, couple, len(parts), *(said or [1]))


def is_surname_first(cell: str) -> bool:
    """Return whether the cell may be one name, surname first, or two names: `Smith, John`."""
    bare = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", cell[:2_000]))
    return count_names(cell) == 1 and sum(_is_name(piece) for piece in bare.split(",")) == 2


def _is_name(part: str) -> bool:
    """Return whether the part may be a name; a name in Latin letters has at least two."""
    letters = [char for char in part if char.isalpha()]
    enough = len(letters) > 1 or any(not char.isascii() for char in letters)
    return enough and not _SUFFIX.fullmatch(part.strip())


def _at_commas(part: str, *, alone: bool) -> list[str]:
    """Split at commas and, between Chinese names, at spaces.

    `Smith, John` and `Smith, John, Jr.` are one name.
    """
    pieces = [piece.strip() for piece in part.split(",") if _is_name(piece)]
    if len(pieces) == 2 and alone and not any(_is_han(piece) for piece in pieces):
        surname, given = (len(piece.split()) for piece in pieces)
        if surname == 1 or given == 1:
            return [part]
    return [name for piece in pieces for name in _at_spaces(piece)] or [part]


def _at_spaces(piece: str) -> list[str]:
    words = [word for word in piece.split() if not _TITLE.fullmatch(word)]
    several = len(words) > 1 and all(re.fullmatch(rf"[{_HAN}]{{2,4}}", word) for word in words)
    return words if several else [piece]


def _is_han(piece: str) -> bool:
    return bool(re.search(f"[{_HAN}]", piece))
