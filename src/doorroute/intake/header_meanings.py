"""Map a header to the field it means, in any case and width and with polite words around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from doorroute.errors import BadInputError
from doorroute.intake import header_words, values
from doorroute.intake.table_files import Cell
from doorroute.texts import msg

HeaderWords = Mapping[str, tuple[str, ...]]
Meanings = Mapping[str, tuple[str, int]]
_HEADER_LENGTH: Final = 200  # a longer cell is a text above the list
_BEFORE: Final = (
    "被采样人",
    "采样对象",
    "服务对象",
    "采样人员",
    "居民",
    "住户",
    "业主",
    "老人",
    "患者",
    "本人",
    "您的",
    "请填写",
)
_POLITE: Final = re.compile(
    r"^(?:请(?:问|填写|输入|选择|留下|提供)?|您|你|的|家里?|现在?|目前|居住|所住|所在|住的|实际"
    r"|whatis|whatare|whats|please(?:enter|provide|give|state|select|write|leave)?|enter|your|the(?=name"
    r"|phone|address))+"
)
"""How a form asks: `1、您居住的小区`, `What is your name?`."""
_OF_A_CLASS: Final = re.compile(
    r"(?:是否|有无|目前|现|当前|正在|处于|为|居家|集中|医学)*(?:隔离|密接|次密接|密切接触|阳性|红码"
    r"|黄码)(?:人员|者|户)?(?:状态|情况|类型|类别|措施)?"
)
"""Headers of a column with infection classes, in many forms: 居家隔离, 是否密接."""
_LAST: Final = 99
_BEHIND: Final = ("必填", "选填", "信息", "情况", "required", "optional")
_NUMBERED: Final = frozenset({"name", "name_family", "name_given", "phone", "class", "note", "housemates"})


def plain(text: str) -> str:
    """Reduce a header to its letters and digits: `Apt #` -> `apt`, `联系 电话（必填）` -> `联系电话必填`.

    A header without any, such as `#`, is kept.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum()) or folded.strip()


def match_of(header: str, meanings: Meanings) -> tuple[str, int] | None:
    """Return the field that the header means and its rank among the words for it, or None."""
    if len(header) > _HEADER_LENGTH:
        return None
    spellings = _spellings(header)
    for spelling in spellings:
        if spelling in _traps():
            return None
        if spelling in meanings:
            return meanings[spelling]
    if "class" in meanings and any(_OF_A_CLASS.fullmatch(spelling) for spelling in spellings):
        return "class", _LAST
    if (both := _in_both_languages(header, meanings)) is not None:
        return both
    numbered = re.fullmatch(r"(\D+)\d{1,2}", spellings[0])  # 姓名2: the second person in the row
    match = meanings.get(numbered[1]) if numbered else None
    return match if match and match[0] in _NUMBERED else None


def _in_both_languages(header: str, meanings: Meanings) -> tuple[str, int] | None:
    """Return the field that both halves of a bilingual header mean: `姓名 Name`, `电话/Tel`."""
    folded = values.simplified(unicodedata.normalize("NFKC", header))
    if folded.isascii() or not re.search("[a-z]", folded, re.IGNORECASE):
        return None
    halves = [plain(re.sub(other, " ", folded)) for other in ("[^一-鿿]", "[一-鿿]")]
    found = [meanings.get(half) for half in halves]
    return found[0] if found[0] and found[1] and found[0][0] == found[1][0] else None


@lru_cache(maxsize=10_000)
def _spellings(header: str) -> tuple[str, ...]:
    """Return the plain forms of the header to try: whole, without brackets, numbers or polite words."""
    folded = values.simplified(unicodedata.normalize("NFKC", header))
    bare = re.sub(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>", "", folded)
    forms = [plain(folded), plain(bare), plain(re.sub(r"^\s*\d+\s*[.、:)]", "", bare))]
    for form in (plain(bare), plain(bare).removeprefix("现")):
        short = form
        for word in _BEFORE:
            short = short.removeprefix(word) or short
        for word in _BEHIND:
            short = short.removesuffix(word) or short
        forms.append(short)
    forms.append(plain(values.without_datum(bare)))
    forms += [_POLITE.sub("", form) for form in forms[1:3]]
    return tuple(dict.fromkeys(forms))


def is_sensitive(header: Cell) -> bool:
    """Return whether the header names a column of identity numbers, which is never read."""
    if not isinstance(header, str) or len(header) > _HEADER_LENGTH:
        return False
    forms = _spellings(header)
    return any(form in _sensitive() for form in forms) or any(
        part in forms[0] for part in header_words.SENSITIVE_PARTS
    )


def meanings_of(words: HeaderWords) -> Meanings:
    """Return, by plain spelling, the field and the rank of the spelling among its words."""
    meanings: dict[str, tuple[str, int]] = {}
    for name, spellings in words.items():
        for rank, spelling in enumerate((name, *spellings)):
            meanings.setdefault(plain(spelling), (name, rank))
    return meanings


@cache
def _traps() -> frozenset[str]:
    return frozenset(plain(header) for header in header_words.TRAPS)


@cache
def _sensitive() -> frozenset[str]:
    return frozenset(plain(header) for header in header_words.SENSITIVE)


def check_mapping(mapping: Mapping[str, str], words: HeaderWords) -> None:
    """Check a mapping from field to header.

    Raises BadInputError: UNKNOWN_FIELD, or SENSITIVE_COLUMN for a column that is never read.
    """
    for name, header in mapping.items():
        if name not in words:
            raise BadInputError(
                "UNKNOWN_FIELD",
                msg("{field} is not a known field.", field=name),
                msg("The fields are: {fields}.", fields=", ".join(sorted(words))),
            )
        if is_sensitive(header):
            raise BadInputError(
                "SENSITIVE_COLUMN",
                msg("The column {header} holds identity numbers and is never read.", header=header),
                msg("Choose another column for {field}, or none.", field=name),
            )
