"""Read a cell as text, floor, yes or no, infection class and more. Functions raise ValueError on failure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from doorroute.intake import numbers
from doorroute.intake.table_files import Cell
from doorroute.model.place import Datum, named_datum
from doorroute.model.resident import InfectionClass

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_NUMBER: Final = re.compile("[零〇一二两三四五六七八九十百]+")


MAX_CHARACTERS: Final = 2_000
"""Characters read of one cell; the patterns would be slow on longer texts."""


def text_of(cell: Cell) -> str:
    """Return the cell as one line of plain text, without control characters; a whole number without `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e18 else f"{cell:.15g}"
    return " ".join(
        "".join(char for char in cell[:MAX_CHARACTERS] if not _is_control(char) or char.isspace()).split()
    )


_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|CALC!|SPILL!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!"
    r"|GETTING_DATA|PYTHON!"
    r"|NV|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!|NOM\s?\?|VALEUR!|NOMBRE!|N/D|RIF!|VALORE!|NUM\.!|¡REF!|¡VALOR!"
    r"|¡DIV/0!|¿NOMBRE\?|PUUTTUU!|VIITTAUS!|ARVO!)"
    r"|Err:\d{3}|#{3,}",
    re.IGNORECASE,
)
"""Error texts of spreadsheet programs (also German, French, Italian, Spanish, Finnish), and `###`."""


def is_not_known(cell: Cell) -> bool:
    """Return whether the cell is an error or a formula without a result (`#CALC!`)."""
    return isinstance(cell, str) and bool(_ERROR.fullmatch(cell.strip()))


_SPOILED: Final = re.compile(
    "\N{REPLACEMENT CHARACTER}|锟斤|斤拷|烫烫|屯屯|[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
    "|[åäæçèé][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}"
)


def is_spoiled(text: str) -> bool:
    """Return whether the text contains characters garbled by a wrong encoding."""
    return bool(_SPOILED.search(text))


def has_controls(cell: Cell) -> bool:
    """Return whether the cell has characters, other than white space, that `text_of` removes."""
    return isinstance(cell, str) and any(_is_control(char) and not char.isspace() for char in cell)


def _is_control(char: str) -> bool:
    """Return whether this is a control character, zero-width blank, lone surrogate or non-character.

    Right-to-left marks are text and stay.
    """
    return (
        unicodedata.category(char) in {"Cc", "Cs"}
        or char in "\ufeff\u200b\u2060"
        or ord(char) & 0xFFFE == 0xFFFE
    )


def key(text: str) -> str:
    """Reduce a word for comparison: width, case, spaces and hyphens are ignored."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", text).casefold())


_SIMPLIFIED: Final = str.maketrans(
    "編號電話樓單層備註類別時間聯絡繫係戶門數區縣鄉鎮廈棟郵採樣碼顏狀態離險級優緊試劑護組隊員務點經緯標準詳細現實際屬責網補給終發開結線無歲齡籤預約訪寫業"
    "貫稱謂處臺灣裡裏陽陰紅綠黃檢測達積極體溫說內對應當產證與並請選擇讓進運輸車從來過這還動靜長貴幾個張導陳劉趙楊關鍵總計審負責團體",
    "编号电话楼单层备注类别时间联络系系户门数区县乡镇厦栋邮采样码颜状态离险级优紧试剂护组队员务点经纬标准详细现实际属责网补给终发开结线无岁龄签预约访写业"
    "贯称谓处台湾里里阳阴红绿黄检测达积极体温说内对应当产证与并请选择让进运输车从来过这还动静长贵几个张导陈刘赵杨关键总计审负责团体",
)


def simplified(text: str) -> str:
    """Write the traditional characters of headers and marks as simplified ones; never used for names."""
    return text.translate(_SIMPLIFIED)


def western_digits(text: str) -> str:
    """Write the Chinese numerals in `text` as digits: `十二楼` -> `12楼`, `两人` -> `2人`."""
    return _CHINESE_NUMBER.sub(lambda found: str(_chinese_number(found[0])), text)


def _chinese_number(text: str) -> int:
    if not set(text) & {"十", "百"}:
        return int("".join(str(_DIGITS[char]) for char in text))  # 三零一: digit by digit
    total, current = 0, 0
    for char in text:
        if char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = _DIGITS[char]
    return total + current


def infection_classes(text: str) -> frozenset[InfectionClass]:
    """Read all classes in a cell: `regular;yellow`. Raises ValueError."""
    words = [key(word) for word in _BETWEEN.split(text) if word.strip()]
    if not words or any(word not in _CLASS_OF for word in words):
        raise ValueError("not known classes")
    return frozenset(_CLASS_OF[word] for word in words)


def area(text: str) -> str:
    """Normalise the width and spaces of an area's name."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def names(text: str) -> tuple[str, ...]:
    """Read `T1;T2`, without words for nobody."""
    words = (
        " ".join(word.split()) for word in re.split(r"[;,、，；|┋/]", unicodedata.normalize("NFKC", text))
    )
    return tuple(
        word
        for word in words
        if word and key(word) not in {"", "none", "no", "any", "无", "否", "没有", "不限", "任意"}
    )


_GROUND: Final = frozenset(
    {"g", "gf", "eg", "ground", "groundfloor", "底楼", "底层", "地面", "一层平房", "平房"}
)
_BELOW: Final = re.compile(r"^(?:b|-|负|地下|basement)(\d{1,2})(?:f|楼|层)?$")


def floor(text: str) -> int:
    """Read `3`, `3F`, `3楼`, `十二层`, `3rd floor`, `3/18` as 3, `B1` and `地下一层` as -1, `ground` as 1."""
    word = re.sub(r"\(.*?\)", "", western_digits(unicodedata.normalize("NFKC", text))).casefold()
    word = re.sub(r"[\s_]+", "", word)
    if word in _GROUND:
        return 1
    if below := _BELOW.match(word):
        return -int(below[1])
    found = re.fullmatch(
        r"(?:第|floor|fl\.?|f|l)?(\d{1,3})(?:\.0*)?(?:st|nd|rd|th)?\.?(?:f|l|楼|层|floor|fl\.?"
        r"|krs\.?)?(?:/\d+(?:楼|层)?)?",
        word,
    )
    if not found or int(found[1]) > 200:
        raise ValueError("not a floor")
    return int(found[1])


_YES: Final = frozenset({
    "yes", "y", "true", "1", "x", "√", "✓", "✔", "有", "是", "对", "有电梯", "电梯",
    "lift", "elevator", "kyllä",
})  # fmt: skip
_NO: Final = frozenset({
    "no", "n", "false", "0", "×", "✗", "无", "否", "没", "没有", "不", "无电梯", "没有电梯", "walkup",
    "stairs", "楼梯", "步梯", "ei", "none",
})  # fmt: skip


def yes_or_no(text: str) -> bool:
    """Read yes or no, also in the words for lifts and labs."""
    word = simplified(key(text))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("neither yes nor no")


_CLASSES: Final = {
    InfectionClass.REGULAR: (
        "regular normal green greencode healthy negative low lowrisk no n false none 正常 普通 常规 一般 "
        "绿 绿码 健康 无异常 阴性 低 低风险 否 无 未隔离 非隔离 解除隔离 已解除隔离 解封 已解封 防范区 "
        "常态 绿色 阴 neg clear 无风险 低风险区 不隔离 没有 普通居民 一般居民 普通人群 一般人群 健康人群 "
        "- -- — / \\"
    ),
    InfectionClass.YELLOW: (
        "yellow yellowcode amber medium mediumrisk watch 黄 黄码 弹窗 中风险 中 管控区 健康监测 "
        "居家健康监测 居家监测 次密接 次密接者 次密接人员 次密切接触者 次密 二密 黄色 赋黄码 橙 橙码 "
        "橙色 orange 中风险区 弹窗人员 三天两检 secondarycontact contactofcontact"
    ),
    InfectionClass.ISOLATED: (
        "isolated isolation selfisolated selfisolation quarantine quarantined homequarantine "
        "homeisolation red redcode positive high highrisk contact closecontact yes y true 隔离 居家隔离 "
        "集中隔离 居家 红 红码 高风险 高 封控 封控区 密接 密切接触者 阳性 确诊 无症状 是 隔离中 "
        "居家隔离中 已隔离 红色 赋红码 隔离人员 隔离户 居隔 隔离观察 医学观察 居家医学观察 "
        "居家隔离医学观察 集中隔离医学观察 密接者 密接人员 密切接触 一密 阳 阳性感染者 无症状感染者 "
        "确诊病例 疑似 疑似病例 高风险区 涉阳 涉疫 pos infected covid covidpositive isolating "
        "selfisolating inisolation inquarantine suspected symptomatic"
    ),
}
_CLASS_OF: Final = {word: name for name, words in _CLASSES.items() for word in words.split()}


_BETWEEN: Final = re.compile(r"[/,;+、，；|┋]")
_STRICT_WORD: Final = {
    InfectionClass.ISOLATED: re.compile(
        r"隔离|居隔|(?<!次)密接|(?<!次)密切接触|阳性|确诊|无症状感染|红码|高风险|封控|isolat|quarantin"
        r"|(?:covid|corona|pcr|test)[a-z\s-]*positive|positive (?:case|test)|close contact"
    ),
    InfectionClass.YELLOW: re.compile(
        r"黄码|次密接|次密切接触|健康监测|居家监测|弹窗|中风险|yellow code|secondary contact"
    ),
}
_DENIED: Final = re.compile(
    r"解除|解封|非|无(?!症状)|未|不|没|阴|期满|转阴|曾|原|\b(?:no|not|non|never|neg\w*|ended|over|former|ex"
    r"|was|had)\b|n't"
)


def infection_class(text: str) -> InfectionClass:
    """Read the class; the strictest of several (`黄码/居家隔离`). Every word must be known."""
    text = simplified(text)
    if (alone := key(text) or text.strip()) in _CLASS_OF:
        return _CLASS_OF[alone]
    words = [key(word) for word in _BETWEEN.split(text) if word.strip()]
    if not words or any(word not in _CLASS_OF for word in words):
        raise ValueError("not a known class")
    return max((_CLASS_OF[word] for word in words), key=lambda found: found.rank)


def class_words(text: str) -> dict[str, InfectionClass]:
    """Return the words of a cell that mean a class, as written, without the names of the classes."""
    words = (word.strip() for word in re.split(r"[/,;+、，；|]", text))
    return {
        word: _CLASS_OF[key(word)] for word in words if key(word) in _CLASS_OF and key(word) not in _OWN_NAMES
    }


_OWN_NAMES: Final = frozenset({"regular", "yellow", "isolated", "正常", "黄码", "隔离"})


def class_named_in(text: str) -> InfectionClass:
    """Return the strictest class in a mixed cell (`老人/居家隔离`, `密接人员`), or regular."""
    named = (_CLASS_OF.get(key(word)) or class_in_remark(word) for word in _BETWEEN.split(text))
    return max(named, key=lambda found: found.rank)


def class_in_remark(text: str) -> InfectionClass:
    """Return the strictest class in a remark (`独居。居家隔离第3天`), or regular.

    Negated words do not count.
    """
    words = re.split(r"[/,;+、|┋。.!\n]", simplified(unicodedata.normalize("NFKC", text)).casefold())
    found = (
        name
        for word in words
        if not _DENIED.search(word)
        for name, strict in _STRICT_WORD.items()
        if strict.search(word)
    )
    return max(found, key=lambda each: each.rank, default=InfectionClass.REGULAR)


def datum(text: str) -> Datum:
    """Read the datum of coordinates. CGCS 2000 counts as WGS 84: they differ by centimetres."""
    return named_datum(key(text))


# A datum in a header: 高德经度, gcj02_lng, bd_lat, 坐标(WGS-84). "GPS" means any coordinates to many people.
_DATUM_IN_HEADER: Final = re.compile(
    r"(?P<bd09>bd-?09(?:ll)?|百度(?:地图)?|baidu|bd(?=[_\s-]?(?:lon|lng|lat)))"
    r"|(?P<gcj02>gcj-?(?:02)?|高德(?:地图)?|腾讯(?:地图)?|火星|amap|gaode|tencent)"
    r"|(?P<wgs84>wgs-?(?:19)?84|cgcs-?2000|天地图)",
    re.IGNORECASE,
)


def datum_in(header: str) -> Datum | None:
    """Return the datum that a header of coordinates names, or None if it names none or several."""
    named = {
        Datum(match.lastgroup) for match in _DATUM_IN_HEADER.finditer(_narrow(header)) if match.lastgroup
    }
    return named.pop() if len(named) == 1 else None


def without_datum(header: str) -> str:
    """Return the header without its datum: 高德经度 -> 经度."""
    return _DATUM_IN_HEADER.sub(" ", _narrow(header))


def _narrow(header: str) -> str:
    return unicodedata.normalize("NFKC", header)


_PRIORITIES: Final = {
    **dict.fromkeys(("high", "urgent", "first", "top", "高", "紧急", "特急", "优先", "急", "最高"), 1),
    **dict.fromkeys(("medium", "normal", "mid", "中", "普通", "一般", "正常"), 2),
    **dict.fromkeys(("low", "later", "低", "不急", "最低"), 3),
}


def priority(text: str) -> int:
    """Read a priority, a number from 1 (first) to 99 or a word."""
    named = _PRIORITIES.get(key(text))
    return named if named is not None else numbers.plain(text.removeprefix("P").removeprefix("p"), 1, 99)


def skills(text: str) -> frozenset[str]:
    """Read `a;b`; case and width are ignored."""
    words = (
        " ".join(unicodedata.normalize("NFKC", word).casefold().split())
        for word in re.split(r"[;,、，；|┋/]", text)
    )
    return frozenset(word for word in words if word and word not in {"-", "none", "no", "无", "否", "没有"})


_FLOATED: Final = re.compile(r"(\d{5,15})\.0+")
_SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")


def phone(cell: Cell) -> tuple[str, bool]:
    """Return the phone, and whether a spreadsheet program had turned it into a number.

    Raises ValueError if digits are lost: 3.58401E+11.
    """
    text = text_of(cell)
    if isinstance(cell, float):
        return text, True
    if floated := _FLOATED.fullmatch(text):
        return floated[1], True
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError("digits are lost")
    return text, False


# The 18 digits of a Chinese identity card: region, birthday, order, check. Source: GB 11643-1999.
_IDENTITY: Final = re.compile(
    r"(?<![0-9.])\d{6}[ -]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ "
    r"-]?\d{3}[\dXx](?![0-9A-Za-z])"
)


HIDDEN: Final = "***"
"""Replaces an identity number."""


def without_identity_numbers(text: str) -> str:
    """Return `text` with `HIDDEN` in place of identity numbers."""
    return _IDENTITY.sub(HIDDEN, text)
