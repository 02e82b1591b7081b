"""Telephone numbers in lists: which can be dialled, and which are only shown."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BETWEEN: Final = re.compile(
    r"\s*(?:[;,/、|\n]|或者?|和|及|(?<![a-z])(?:or|and)(?![a-z])|&)\s*", re.IGNORECASE
)
_MOBILE: Final = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
"""A mobile number of mainland China: exactly eleven digits."""
_WHOLE: Final = re.compile(r"\+?(?:\d-?){6,}\d")
_ONE_MOBILE: Final = re.compile(rf"(?<!\d){_MOBILE}(?!\d)")
_LEFT_OVER: Final = re.compile(r"[\d*+#•×?_]")
_CHINA: Final = re.compile(r"86(?:1[3-9]\d{9}|10\d{8}|2\d{9}|[3-9]\d{9,10})")
_CIRCLED: Final = re.compile(r"[①-⑳❶-❿]")
_ITEM: Final = re.compile(
    r"(?:^|(?<=[\s;,；，、/]))[(（]?[1-9][)）.．、:：]\s*"
    r"(?=(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|0\d{2,3}[ -]?\d{7})"
)
"""The number of a list item: `1.13800138000`, `①13800138000`. NFKC would join it to the telephone number."""
_MARK: Final = re.compile("[☎☏✆📞📱🤙]\ufe0f?")
_LABELLED: Final = re.compile(
    r"(?<=[\d)])[ ]+"
    r"(?=(?:电话|手机|座机|固话|家里|单位|tel|mob|mobile|cell|home|office|phone)[^\d;,/]{0,6}\d)",
    re.IGNORECASE,
)
_NO_PHONE: Final = re.compile(
    r"(?<![a-z])(?:qq|wx|wechat|weixin|fax|id)(?![a-z])|微信|传真|邮编|编号|证|卡号|工号|学号|房|室|门牌",
    re.IGNORECASE,
)
"""After such a word only a mobile number counts as a telephone number: `QQ 12345678` is none."""
_AREA_CODE: Final = re.compile(r"(?<![\d/])((?:\+\d{1,3}|0)[\d() -]{0,6}[\d)])\s*/\s*(?=\d{4})")
"""Some separate their area code with a slash: 030/123456."""
_CODE_IN_BRACKETS: Final = re.compile(r"\(\s*\+\s*(\d{1,3})\s*\)\s*")
_DIGITS: Final = r"(?:\d|\(\d+\))(?:[ .\-]{0,2}(?:\d|\(\d+\)))*"
_EXTENSION: Final = r"\s*\(?(?:转|分机号?|ext\.?|extension|x|#)\s*:?\s*\d{1,6}\)?"
_LABEL: Final = r"[^\d*+#•×?_]*"
_PART: Final = re.compile(
    rf"(?P<label>{_LABEL}?(?:[:\s)\]】]|(?<=[\u4e00-\u9fff])))?(?P<number>\+?\s?{_DIGITS})"
    rf"(?P<extension>{_EXTENSION})?"
    rf"(?P<note>(?:(?=[\s(\[【\u4e00-\u9fff]){_LABEL}|\s*\((?:[^\d()*]|(?<!\d)\d{{1,2}}(?!\d))*\))?)",
    re.IGNORECASE,
)
_HYPHEN_EXTENSION: Final = re.compile(rf"((?:{_MOBILE}|\(?0\d{{2,3}}\)?[ -]?\d{{7,8}}))\s*-\s*\d{{1,6}}")
_TRUNK: Final = re.compile(r"(\+\s?\d{1,3}|00\d{1,3})[ .\-]*\(0\)|(?<=\+86)[ .\-]*0(?=\d)")
_KEEP_ZERO: Final = ("+39", "0039")
"""Italian numbers keep their 0 when called from abroad."""
_FLOATED: Final = re.compile(r"(\d{7,15})\.0+")
_LEAST: Final = 7
"""Least digits of a full number; a shorter one (120, 12345) is dialled only if it is alone in its part."""


def dialled(cell: str) -> dict[str, str]:
    """Return the parts of a cell, each with its link (`tel:13800138000`), '' for a part that is only shown.

    Empty if no part can be dialled. A masked number, one that is too short or too long, and digits among
    other content are never dialled. The link leaves out the `(0)` after a country code and the extension.
    """
    parts = _parts(cell)
    links = {part: _link(part, alone=len(parts) == 1) for part in parts}
    return links if any(links.values()) else {}


def _parts(cell: str) -> list[str]:
    # WeChat adds invisible characters around numbers
    shown = "".join(char for char in _MARK.sub(" ", cell) if unicodedata.category(char) != "Cf")
    line = _ITEM.sub(" ", _CIRCLED.sub(";", shown).strip(" \"'“”‘’"))
    line = _LABELLED.sub(";", _AREA_CODE.sub(r"\1 ", unicodedata.normalize("NFKC", line)))
    parts: list[str] = []
    for part in _BETWEEN.split(line):
        text = part.strip()
        if text:
            parts += _side_by_side(text)
    return parts


def _side_by_side(text: str) -> list[str]:
    """Split numbers with only words between them: `13800138000(父) 13987654321(母)`."""
    mobiles = list(_ONE_MOBILE.finditer(text))
    if len(mobiles) > 1 and not _LEFT_OVER.search(_ONE_MOBILE.sub("", text)):
        cuts = (
            [found.start() for found in mobiles[1:]]
            if mobiles[0].start() == 0
            else [each.end() for each in mobiles[:-1]]
        )
        return [text[begin:end].strip() for begin, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]
    words = text.split()
    return words if len(words) > 1 and all(_WHOLE.fullmatch(word) for word in words) else [text]


def _link(part: str, *, alone: bool) -> str:
    found = _PART.fullmatch(_FLOATED.sub(r"\1", _CODE_IN_BRACKETS.sub(r"+\1 ", part)))
    if not found:
        return ""
    number = found["number"].strip()
    if _NO_PHONE.search(f"{found['label'] or ''} {found['note']}") and not re.fullmatch(_MOBILE, number):
        return ""
    if shorter := _HYPHEN_EXTENSION.fullmatch(number):
        number = shorter[1]
    if not number.replace(" ", "").startswith(_KEEP_ZERO):
        number = _TRUNK.sub(lambda code: code[1] or "", number)
    digits = "".join(str(unicodedata.digit(char)) for char in number if char.isdecimal())
    plus = "+" if number.startswith("+") or _CHINA.fullmatch(digits) else ""
    if not 3 <= len(digits) <= 15 or (
        len(digits) < _LEAST and (plus or found["note"].strip() or not alone)
    ):  # 15: ITU-T E.164
        return ""
    if not plus and re.match("1[3-9]", digits) and len(digits) >= _LEAST and len(digits) != 11:
        return ""
    return f"tel:{plus}{digits}"
