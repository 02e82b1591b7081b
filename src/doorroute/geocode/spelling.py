"""Normalised forms in which names and numbers are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_MARKS = {"Mn", "Me", "Cf", "Cc", "So", "Sk", "Co", "Cs", "Cn"}
# Old and traditional forms of number words, and characters that NFKC does not change.
_SAME = str.maketrans({
    "號": "号", "樓": "楼", "棟": "栋", "層": "层", "單": "单", "園": "园", "區": "区", "縣": "县",
    "鎮": "镇", "鄉": "乡", "衖": "弄", "〇": "零", "－": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "−": "-", "﹣": "-", "~": "-", "～": "-", "至": "至", "，": ",", "、": ",", "；": ";", "。": ".",
    "’": "'", "＃": "#", "|": ",",
})  # fmt: skip


# NFKC alone turns 16½ into 161/2.
_FRACTIONS: Final = {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4"}


def plain(text: str) -> str:
    """Return `text` with one width, kind of dash and space, without control characters or emoji."""
    text = re.sub(r"(?<=\d)\s*([½⅓⅔¼¾])", lambda half: _FRACTIONS[half[1]], text)
    text = unicodedata.normalize("NFKC", text).translate(_SAME)
    text = "".join(
        " " if unicodedata.category(sign) in _MARKS - {"Mn", "Me", "Cf"} else sign for sign in text
    )
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s+", " ", text).strip()


def has_han(text: str) -> bool:
    """Return whether `text` contains Chinese characters."""
    return _HAN.search(text) is not None


# Abbreviations and endings of compound words; the long form is compared, where a typo counts less.
_SHORT: Final = {
    "str": "strasse", "pl": "platz", "prof": "professor", "ing": "ingenieur", "hl": "heilig",
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "sq": "square",
    "blvd": "boulevard", "bd": "boulevard", "bld": "boulevard",
    "rte": "route", "saint": "sankt", "sainte": "sankte", "ste": "sankte",
}  # fmt: skip
_ENDINGS: Final = (
    (re.compile(r"str\.?$"), "strasse"),
    (re.compile(r"(?<=\w{3})k\.$"), "katu"),
    (re.compile(r"(?<=\w{3})t\.$"), "tie"),
    (re.compile(r"(?<=\w{2})pl\.$"), "platz"),
    (re.compile(r"(?<=\w{3})g\.$"), "gasse"),
    (re.compile(r"(?<=\w{3})w\.$"), "weg"),
)
# These mean one thing at the start (St. Luzi, Dr. Hoop) and another at the end (High St, Mill Dr).
_IN_FRONT, _AT_END = {"st": "sankt", "dr": "doktor"}, {"st": "street", "dr": "drive"}


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return the form in which a name is compared: letters and digits only, lower case, without accents.

    `Churer Strasse`, `Churerstraße` and `Churer Str.` are equal; so are `Äule`, `Aeule` and `Aule`, `St.
    Luzi` and `Sankt Luzi`.
    """
    return folded("".join(words(name)))


def folded(name: str) -> str:
    """Return joined words as a `key`: ä, ae and a become equal, and the same for o and u."""
    return re.sub(r"(?<=[aou])e+", "", name)


def words(name: str) -> tuple[str, ...]:
    """Return the words of `name` without accents and abbreviations.

    Joined and `folded` they are its `key`.
    """
    text = re.sub(r"(?<=\w)\.(?=[^\W\d])", ". ", plain(name).casefold())
    if has_han(text):
        text = arabic(text)
    found = [word for word in map(_word_key, re.split(r"[\s\-/,;()（）·'\"]+", text)) if word]
    last = len(found) - 1
    return tuple(
        (_AT_END if at == last and at else _IN_FRONT).get(word, word) for at, word in enumerate(found)
    )


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    for ending, full in _ENDINGS:
        word, changed = ending.subn(full, word)
        if changed:
            break
    bare = word.strip(".")
    word = _SHORT.get(bare, bare)
    word = (
        word.replace("ß", "ss")
        .replace("ø", "o")
        .replace("æ", "a")
        .replace("œ", "o")
        .replace("ł", "l")
        .replace("đ", "d")
    )
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if sign.isalnum())


# Words that people leave out of a compound's name: 海滨 for 海滨小区.
SITE_WORDS: Final = ("小区", "教师住宅区", "住宅区")

_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
}
_NUMERAL: Final = "零一二三四五六七八九十百两壹贰叁肆伍"
_ONES: Final = "一二三四五六七八九两壹贰叁肆伍"
_COUNTS: Final = rf"号|栋|幢|座|单元|层|楼|室|弄|公寓|梯|组|期|门(?:[\d{_NUMERAL}]|$)"
_COUNTED: Final = re.compile(
    rf"(?<![{_NUMERAL}第\d])第?([{_NUMERAL}]{{1,5}})(?={_COUNTS})"
    rf"|(?<=[附之])([{_NUMERAL}]{{1,3}})"
)
_ORDINAL: Final = re.compile(rf"(?<=第)([{_NUMERAL}]{{1,5}})(?=小区|社区|生活区|住宅|家属|宿舍|新村)")
_NTH: Final = re.compile(rf"第(?=\d{{1,4}}(?:{_COUNTS}))")
_ROMAN: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN_PART: Final = re.compile(r"(?<![a-z])(?:ix|iv|vi{0,3}|i{1,3})(?=期)", re.IGNORECASE)
_WELL_FORMED: Final = re.compile(
    rf"[零{_ONES}]+|(?:[{_ONES}]百(?=$|零[{_ONES}]$|[{_ONES}]?十)零?)?(?:[{_ONES}]?十)?[{_ONES}]?"
)


# A room at the end without its word, digit by digit: 二单元五〇一.
_ROOM_AT_END: Final = re.compile(r"(?<=[元门层楼梯栋幢座号\s\-])[零一二三四五六七八九]{3,4}$")


def arabic(text: str) -> str:
    """Write Chinese numerals of a building, unit, floor, room or part as digits.

    十四号楼 -> 14号楼, 五〇一室 -> 501室, II期 -> 2期. Numerals in names (五道口, 三里屯, 中关村北二条) and
    malformed ones (十七一零八) are unchanged.
    """
    text = _ROMAN_PART.sub(lambda match: str(_ROMAN.index(match[0].casefold())), text)
    text = _NTH.sub("", _ORDINAL.sub(_in_digits, text))
    text = _COUNTED.sub(_in_digits, text)
    return _ROOM_AT_END.sub(lambda match: str(_value(match[0])), text)


def _in_digits(match: re.Match[str]) -> str:
    """Return a numeral in digits.

    A malformed one (十七一零八) is unchanged, so that it matches no building.
    """
    numeral = match[1] or match[2]
    return str(_value(numeral)) if _WELL_FORMED.fullmatch(numeral) else match[0]


def _value(numeral: str) -> int:
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))  # 五〇一: digit by digit
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
