"""The words of clock times in Chinese and English: the whole text becomes tokens, or is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import Final

from doorroute.intake.values import western_digits
from doorroute.model.clock import DAY_S
from doorroute.model.resident import Window

HOUR: Final = 3_600


class Half(Enum):
    """The part of the day of a word next to a clock."""

    AM = auto()  # 12am is midnight
    MORNING = auto()  # 上午12点 is noon
    NOON = auto()
    PM = auto()
    EVENING = auto()  # 晚上12点 is midnight, 晚上1点 is after midnight


class Kind(Enum):
    """What a token is."""

    CLOCK = auto()
    PART = auto()
    DASH = auto()
    BEFORE = auto()
    AFTER = auto()
    NOT = auto()
    ABOUT = auto()
    AND = auto()
    OR = auto()
    BETWEEN = auto()
    DAY = auto()  # a date, a day of the week, `today`
    NEXT = auto()  # the day after the one before it
    ANY = auto()
    FILL = auto()  # adds nothing
    REMARK = auto()  # a remark that is not about the time


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as written: `hour`, and the possible `minutes`.

    `marked`: a word or sign shows that it is a time, not a number. `padded`: written as `09:00`, so the
    writer counts to 24; a spreadsheet does this to `9:00` too, and adds seconds. `exact`: from a cell that
    holds a time.
    """

    hour: int
    minutes: tuple[int, ...] = (0,)
    marked: bool = True
    padded: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day.

    `window` is its time span. `point` is the time if the word can be a clock (seconds after midnight).
    `behind`: the word follows its clock.
    """

    half: Half | None
    window: Window
    point: int | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One word. A `behind` word follows the clock (`9点以后`), others precede it (`after 9`)."""

    kind: Kind
    text: str
    clock: Clock | None = None
    part: Part | None = None
    date: tuple[int, int, int] | None = None
    behind: bool = False


def _hours(start: float, end: float) -> Window:
    return Window(round(start * HOUR), round(end * HOUR))


_NOON_S: Final = DAY_S // 2
_PARTS: Final[Mapping[Part, str]] = {
    Part(Half.MORNING, _hours(6, 12)): (
        "早班|morning shift|early shift|上午|早上|早晨|午前|早|上半天|上半日|in the morning|morning"
        "|mornings|mid-morning|mid morning|forenoon|一上午|整个上午|一早上"
    ),
    Part(Half.MORNING, _hours(6, 9)): "清晨|清早|一早|大清早|early morning|early in the morning",
    Part(Half.MORNING, _hours(10, 12)): "late morning",
    Part(Half.AM, _hours(0, 6)): "凌晨|拂晓|small hours",
    Part(Half.NOON, _hours(11, 14), _NOON_S): (
        "中午|正午|晌午|午间|noon|noontime|midday|mid-day|at noon|lunchtime|lunch time|午饭时间"
    ),
    Part(Half.PM, _hours(12, 18)): (
        "下午|午后|下半天|下半日|后晌|in the afternoon|afternoon|afternoons|一下午|整个下午"
    ),
    Part(Half.PM, _hours(12, 15)): "early afternoon",
    Part(Half.PM, _hours(15, 18)): "late afternoon|mid-afternoon",
    Part(Half.PM, _hours(17, 19)): "傍晚|黄昏",
    Part(Half.EVENING, _hours(17, 22)): (
        "晚班|夜班|小夜班|大夜班|night shift|late shift|evening shift|晚上|晚间|晚|in the evening|evening"
        "|evenings|tonight|晚些时候|一晚上|整个晚上"
    ),
    Part(Half.EVENING, _hours(20, 24)): "夜里|夜间|夜晚|半夜|深夜|夜|at night|night|nights|late evening",
    Part(None, _hours(0, 24), DAY_S): "午夜|midnight|零点",
    Part(None, _hours(8, 18)): (
        "白天|日间|daytime|day time|during the day|office hours|business hours|working hours|上班时间"
        "|工作时间"
    ),
    Part(None, _hours(6, 18)): "上下午|上午下午",
    Part(None, _hours(13, 24)): "午饭后|午餐后|午休后|吃完午饭|吃过午饭|中饭后|after lunch",
    Part(None, _hours(6, 11.5)): "午饭前|午餐前|吃午饭前|中饭前|before lunch",
    Part(None, _hours(8, 24)): "早饭后|早餐后|after breakfast",
    Part(None, _hours(18, 24)): "下班后|下班以后|下班之后|晚饭后|晚餐后|after work|after dinner|after supper",
    Part(None, _hours(16, 24)): "放学后|放学以后|after school",
    Part(None, _hours(6, 17)): "晚饭前|晚餐前|before dinner|before supper",
}
_MARKS: Final = re.compile(r"[ap]\.?\s?m\.?(?![a-z])")
_MARKED: Final = {
    "a": Part(Half.AM, _hours(6, 12), behind=True),
    "p": Part(Half.PM, _hours(12, 18), behind=True),
}

_BEFORE: Final = (
    "before|until|till|til|'til|by|no later than|not later than|at the latest by|latest by|latest|up to"
    "|prior to|ahead of|vor|bis|<=|<|≤|不晚于|不迟于|最晚|最迟|赶在|截至|早于|不超过|不要超过|别超过"
    "|不能超过|earlier than"
)
_BEFORE_BEHIND: Final = "之前|以前|前|or earlier|at the latest|截止|为止|结束"
_AFTER: Final = (
    "after|from|since|as of|starting from|starting at|starting|no earlier than|not earlier than"
    "|no sooner than|not sooner than|at the earliest|earliest|later than|past|ab|nach|>=|>|≥|不早于|最早"
    "|晚于|自|自从"
)
_AFTER_BEHIND: Final = "之后|以后|后|过后|往后|起|开始|开外|以后开始|onwards|onward|on|or later|and later|+"
_NOT: Final = (
    "not|no|never|except for|except|excluding|excl|but not|other than|avoid|don't come|do not come|除了"
    "|除去|除开|除|不要在|不要|不能|别在|别|避开|勿|非"
)
_NOT_BEHIND: Final = (
    "除外|以外|之外|外|不行|不方便|不在家|不在|没空|没人|没有人|无人|不可以|不可|不得|休息|要休息|睡觉|吃饭"
    "|午休|午睡|别来|不要来|勿来|请勿来|不能来|别上门|不要上门|勿上门|请勿上门|请勿打扰|勿打扰|excluded"
    "|not available|unavailable|not ok|no good|not possible|not home|not at home|busy|out|away|有事|勿扰"
)
_ABOUT: Final = "约|大约|大概|约莫|差不多|around|about|approximately|approx|roughly|circa|ca|near"
_ABOUT_BEHIND: Final = "左右|前后|上下|附近|ish|-ish|许|approx"
_AND: Final = ";|,|、|┋|/|&|and also|and|plus|和|及|以及|与|并|还有|兼|又|同时|.|but|但是|但|不过|und"
_OR: Final = "or else|or|either|或者|或是|或|要么|要不|oder"
_DASH: Final = "-|--|~|至|到|to|through|thru|直到|一直到|—|à"
_NEXT: Final = (
    "次日|翌日|第二天|隔天|转天|第二日|明天|明日|明|the next day|next day|the following day|following day"
    "|the day after"
    "|tomorrow|+1|+1天|+1日|+1 day|(+1)"
)
_DAY: Final = (
    "今天|今日|当天|当日|今|后天|大后天|today|the day after tomorrow|下周|本周|这周|next week|this week"
)
_ANY: Final = (
    "any time of day|any time of the day|any time|anytime|any|all day long|all the day|all day|whole day"
    "|the whole day|full day|always|whenever|at any time|24h|24/7|24小时|24 hours|24个小时"
    "|all times|flexible|no preference|doesn't matter|does not matter|no matter|全天候|全天|整天|一整天|一天"
    "|成天|随时|任何时间|任何时候|任意时间|任意时段|任意|不限时间|时间不限|不限时|不限|无限制"
    "|无要求|没要求|没有要求|都可以|均可以|均可|都可|都行|皆可|都在家|都在|都方便|都有空|无所谓|什么时候都行"
    "|什么时候都可以|几点都行|几点都可以|没关系"
)  # fmt: skip
_FILL: Final = (
    "please|pls|in the|between the hours of|hours|hour|hrs|hr|time|times|clock|o'clock|oclock|at home|home"
    "|is fine|fine|is ok|ok|okay|available|possible|preferably|prefer|preferred"
    "|best|ideally|only|sharp|exactly|at|is|are|it's|the|this|in|every|um|gegen|klo|kl|kl.|uhr|h|you can "
    "come|come|can|we are|i am|i'm|works|work best|good|visit|window|slot"
    "|请您|请|您|可以|可|能|方便|在家|有空|有人|上门|采样|来|过来|时间段|时间|时段|之间|期间|区间|这段|期内"
    "|内|的|在|从|由|于|是|为|就|才|最好|尽量|优先|希望|想|要|我|我们|家里|只|仅|仅限|只能|钟|整|都|再|了|吧"
    "|即可|就行|行|好|准时|每"
    "|白班|日班|中班|正常班|day shift|shift"
    "|every day|everyday|daily|each day|per day|每天|每日|天天|日常|:|!|\"|'"
)  # fmt: skip
_REMARK: Final = (
    "call first|call ahead|call before coming|call beforehand|please call|call|phone first|phone ahead|phone"
    "|ring first|ring the bell|ring|text first|text|sms|by appointment"
    "|先打电话|提前打电话|来前打电话|到前打电话|先电话联系|提前电话联系|电话联系|先联系|提前联系|先电话"
    "|来之前打电话|来之前请打电话|打电话|电话预约|预约|提前通知|提前告知|先通知|先预约|电话"
)  # fmt: skip
_MARKING: Final = frozenset({"klo", "kl", "kl.", "um", "at", "gegen", "clock"})
"""Words before the bare number of a clock."""
_FIRST_YEAR: Final = 1910
"""Earlier dates are the day 0 of a spreadsheet's time of day."""
_WEEK: Final = "一二三四五六日天末"
_DAYS: Final = (
    r"mon(?:day)?s?|tue(?:s(?:day)?)?s?|wed(?:nesday)?s?|thu(?:r(?:s(?:day)?)?)?s?|fri(?:day)?s?"
    r"|sat(?:urday)?s?|sun(?:day)?s?"
)
_WEEKDAY: Final = (
    rf"每?(?:星期|礼拜|周)[{_WEEK}](?:\s*(?:至|到|-|、|,|和|及|或)?\s*(?:星期|礼拜|周)?[{_WEEK}](?![点时\d]))*"
    rf"|(?:on )?(?<![a-z])(?:{_DAYS})(?![a-z])\.?"
    rf"(?:\s*(?:-|to|till|through|and|or|,|/|&)\s*(?:{_DAYS})(?![a-z])\.?)*"
    r"|工作日|平日|平时|双休日|周末|节假日|假日|weekdays?|weekends?|workdays?|working days?"
)
_DATE: Final = (
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<mo>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?(?:t(?=\d))?"
    r"|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号](?=\D)|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}\.\d{1,2}\.(?=\s)"
    r"|\d{1,2}[-/]\d{1,2}(?=\s+\d{1,2}\s*[:点时])"
    r"|\d{1,2}(?:/\d{1,2}|\.\d)(?=\s*(?:[上下中]午|早上|晚上|傍晚))"  # 4/6上午, 4.6上午
)
_N: Final = r"\d{1,2}"
_FRACTION: Final = r"(?P<part>0\.\d+)(?![\d.:])"
_COLON: Final = (
    rf"(?P<h1>{_N})\s*:\s*(?P<m1>{_N})(?P<sec>:\d\d(?:\.\d+)?)?(?![\d:])\s*(?:[点时分h](?![a-z])|hrs?|uhr)?"
)
_POINT: Final = (
    rf"(?P<h2>{_N})\s*[点时](?:\s*过?\s*(?P<m2>{_N})(?!\s*[点时:])\s*(?P<fen>分)?"
    r"|\s*(?P<q2>半|[1一]刻|[3三]刻))?\s*[钟整]?"
)
_DOT: Final = rf"(?P<h3>{_N})\.(?P<m3>{_N})(?![\d.:])"
_HOURS: Final = rf"(?P<h4>{_N})\s*h\s*(?P<m4>\d\d)?(?![a-z\d])"
_DIGITS: Final = r"(?P<h5>[0-2]\d|[1-9](?=[0-5]\d(?!\d)))(?P<m5>[0-5]\d)(?!\d)"
_BARE: Final = rf"(?P<h6>{_N})(?![\d.:])(?P<said>\s*(?:uhr|o'?clock|hrs?|hours|h)(?![a-z]))?"
_PAST: Final = rf"(?P<past>half|quarter|a quarter) (?P<way>past|to|after) (?P<h7>{_N})(?!\d)"
_CLOCK: Final = re.compile(f"{_PAST}|{_FRACTION}|{_COLON}|{_POINT}|{_DOT}|{_HOURS}|{_DIGITS}|{_BARE}")
_DATES: Final = re.compile(_DATE)
_WEEKDAYS: Final = re.compile(_WEEKDAY)

_SPELLED: Final = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_TRADITIONAL: Final = str.maketrans(
    "點時後開們隨電話聯繫請週禮無間個來種當過約", "点时后开们随电话联系请周礼无间个来种当过约"
)
_NO_NUMBER: Final = re.compile(
    r"[周期拜](?:[一二三四五六日天末、,至到和及或星期礼拜周-](?![点时]))+|一[天整早刻直上下晚]|[一三]刻"
    r"|第二[天日]|[早晚迟快]一点(?![到至半钟-])"
)
_EITHER: Final = re.compile(
    "(二?十)?(?<![零〇百一二两三四五六七八九十周期拜])"
    "([一二两三四五六七八九])([一二两三四五六七八九])(?=[点时分个])"
    "|(二?十)([一二三四五六七八九])([一二三四五六七八九])(?=[点时分])"
)
_ITEM: Final = re.compile(
    r"[(（][一二三四五][)）]|[①-⑳❶-❿](?=\s*[\d０-９])"  # NFKC turns ①8:00 into 18:00
    r"|(?:^|(?<=[\s;,；，]))[(（]?(?:[A-Da-d]|[1-9](?=.\s*(?:\d{1,2}[:：]\d\d"
    r"|[上中下早晚])))[.．、)）]\s*(?=[\d上中下早晚])"
)
"""The letter or number of an item in a list: `A、上午`, `1.9:00-11:00`, `①9:00-11:00`."""
_ONE_FOR_DASH: Final = re.compile(
    r"(?<=[点时分半\d])\s*一\s*(?=\d{1,2}\s*[:点时]|[一二三四五六七八九十]{1,3}[点时])|(?<=\d)\s*一\s*(?=\d)"
)
"""一 typed for a dash: 9点一11点, 9一11; not in 9点一刻."""
_ARROW: Final = re.compile(
    r"(?<=[\d点时分半m])\s*(?:-*[>→➝➔⇒]|=>|\.{2,}|[~-]{2,}|-\s*to\s*-)\s*(?=\d|[上下中]午|[早晚])"
)
_NINE_TO_FIVE: Final = re.compile(
    r"[早朝]((?:\d{1,2}|[一二三四五六七八九十]{1,2})点?)晚(?=(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?!\d))"
)
_ALL_BUT: Final = re.compile(
    r"\b(any ?time|any|all day|always)(?: is fine| is ok)?,? but (?!not\b|before|after|from|until|till|by\b"
    r"|only|no\b|call)"
)
_BRACKET: Final = re.compile(r"[(\[【{<《]([^()\[\]【】{}<>《》]*)[)\]】}>》]")
_CONDITION: Final = re.compile(
    r"if|unless|depend|not|no\b|n't|except|never|without|除|不|别|勿|非|没|若|如|要是|否则|看情况"
)


class UnreadableError(ValueError):
    """The text has a word that does not belong to a time."""


def _words() -> Iterator[Token]:
    for part, text in _PARTS.items():
        yield from (Token(Kind.PART, word, part=part) for word in text.split("|"))
    for kind, text, behind in (
        (Kind.BEFORE, _BEFORE, False), (Kind.BEFORE, _BEFORE_BEHIND, True),
        (Kind.AFTER, _AFTER, False), (Kind.AFTER, _AFTER_BEHIND, True),
        (Kind.NOT, _NOT, False), (Kind.NOT, _NOT_BEHIND, True),
        (Kind.ABOUT, _ABOUT, False), (Kind.ABOUT, _ABOUT_BEHIND, True),
        (Kind.AND, _AND, False), (Kind.OR, _OR, False), (Kind.DASH, _DASH, False),
        (Kind.NEXT, _NEXT, False), (Kind.DAY, _DAY, False), (Kind.BETWEEN, "between|zwischen|介于", False),
        (Kind.ANY, _ANY, False), (Kind.FILL, _FILL, False), (Kind.REMARK, _REMARK, False),
    ):  # fmt: skip
        yield from (Token(kind, word, behind=behind) for word in text.split("|"))
    yield Token(Kind.AND, "|")


@cache
def _vocabulary() -> tuple[re.Pattern[str], Mapping[str, Token]]:
    """Return a pattern of all words, the longest first, and the token of each word."""
    words = {token.text: token for token in reversed(tuple(_words()))}
    spelled = (
        ("(?<![a-z])" if re.match("[a-z]", word) else "")
        + re.escape(word)
        + ("(?![a-z])" if re.search("[a-z]$", word) else "")
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile("|".join(spelled)), words


@dataclass(frozen=True, slots=True)
class Words:
    """All tokens of a text. `remarks`: remarks in brackets were left out."""

    tokens: tuple[Token, ...]
    remarks: bool


def words_of(text: str) -> Words:
    """Split a whole text into tokens. Raises UnreadableError if any of it is not a word of a time."""
    line, remarks = _without_remarks(normal(text))
    return Words(tuple(_tokens(line)), remarks)


def normal(text: str) -> str:
    """Normalise a text: width, case, dashes, quotes, numerals, simplified characters."""
    line = _ITEM.sub(" ", text.replace("…", "-"))
    line = unicodedata.normalize("NFKC", line).casefold().translate(_TRADITIONAL)
    line = re.sub(r"[‐‑‒–—―−〜～﹣━─ー⁃˗]", "-", line)
    line = _ARROW.sub("-", line)
    line = line.replace("’", "'").replace("“", '"').replace("”", '"')
    line = line.replace("。", ";").replace("︰", ":").replace("∶", ":")
    line = _ONE_FOR_DASH.sub("-", line)
    line = re.sub(r"(?<=[点时])[零〇](?=[一二三四五六七八九\d](?!\d))", "0", line)
    line = _NINE_TO_FIVE.sub(r"早\1-晚", line)
    line = _ALL_BUT.sub(r"\1 except ", line)
    line = re.sub(r"\b(?:or|and) (after|before)(?=\s*(?:$|[;,)]))", _or_later, line)
    line = re.sub(r"\b(?:" + "|".join(_SPELLED) + r")\b", lambda found: _SPELLED[found[0]], line)
    parts: list[str] = []
    position = 0
    line = _EITHER.sub(_either, line)
    for kept in _NO_NUMBER.finditer(line):
        parts += [western_digits(line[position : kept.start()]), kept[0]]
        position = kept.end()
    parts.append(western_digits(line[position:]))
    return " ".join("".join(parts).split()).strip(" ;,.")


def _either(found: re.Match[str]) -> str:
    """Write 两三点 as `约2-3点` and 十一二点 as `约11-12点`; 五三点 means nothing and becomes `?`."""
    tens, first, second = found[4] or found[1] or "", found[5] or found[2], found[6] or found[3]
    low, high = (int(western_digits(tens + digit)) for digit in (first, second))
    return f"约{low}-{high}" if high == low + 1 else "?"


def _or_later(found: re.Match[str]) -> str:
    return "or later" if found[1] == "after" else "or earlier"


def _without_remarks(line: str) -> tuple[str, bool]:
    """Remove brackets, and drop remarks in them or after a comma that do not change the time."""
    remarks = False

    def opened(found: re.Match[str]) -> str:
        nonlocal remarks
        if _readable(found[1]) or _CONDITION.search(found[1]) or re.search(r"\d", found[1]):
            return f" {found[1]} "
        remarks = True
        return " "

    line = _BRACKET.sub(opened, line)
    parts = re.split(r"([;,])", line)
    for place in range(2, len(parts), 2):
        part = parts[place].strip()
        if part and not _readable(part) and not re.search(r"\d", part) and not _CONDITION.search(part):
            parts[place - 1] = parts[place] = " "
            remarks = True
    return "".join(parts).strip(), remarks


def _readable(text: str) -> bool:
    try:
        list(_tokens(text))
    except UnreadableError:
        return False
    return True


def _tokens(line: str) -> Iterator[Token]:
    position, marks = 0, False
    while position < len(line):
        if line[position] == " ":
            position += 1
            continue
        token, position = _token(line, position)
        if token.text == "+" and line[position : position + 1].isdigit():
            raise UnreadableError("a time zone")
        if marks and token.clock is not None:
            token = replace(token, clock=replace(token.clock, marked=True))
        marks = token.text in _MARKING
        if not (token.date and token.date[0] < _FIRST_YEAR):
            yield token


def _token(line: str, position: int) -> tuple[Token, int]:
    if found := _DATES.match(line, position):
        date = (int(found["y"]), int(found["mo"]), int(found["d"])) if found["y"] else None
        return Token(Kind.DAY, found[0], date=date), found.end()
    if found := _WEEKDAYS.match(line, position):
        return Token(Kind.DAY, found[0]), found.end()
    if found := _MARKS.match(line, position):
        return Token(Kind.PART, found[0], part=_MARKED[found[0][0]]), found.end()
    pattern, words = _vocabulary()
    if found := pattern.match(line, position):
        return words[found[0]], found.end()
    if found := _CLOCK.match(line, position):
        return Token(Kind.CLOCK, found[0], clock=_clock(found)), found.end()
    raise UnreadableError("not a word of a time")


def _clock(found: re.Match[str]) -> Clock:
    if found["part"]:
        of_day = round(float(found["part"]) * DAY_S / 60)
        return Clock(of_day // 60, (of_day % 60,), exact=True)
    if found["past"]:
        minute = 30 if found["past"] == "half" else 15
        back = found["way"] == "to"
        return Clock((int(found["h7"]) - back) % 24 or 12, (60 - minute if back else minute,))
    number = next(each for each in "123456" if found[f"h{each}"])
    hour = int(found[f"h{number}"])
    minutes = _minutes(found, number)
    if hour > 24 or any(minute > 59 for minute in minutes) or (hour == 24 and minutes != (0,)):
        raise UnreadableError("no time of the day")
    return Clock(
        hour,
        minutes,
        marked=(number != "6" and not (number == "5" and len(found["h5"]) == 1)) or found["said"] is not None,
        padded=found[f"h{number}"].startswith("0") and number != "6" and not found["sec"],
    )


def _minutes(found: re.Match[str], number: str) -> tuple[int, ...]:
    if number == "2" and found["q2"]:
        return ({"半": 30, "1": 15, "一": 15, "3": 45, "三": 45}[found["q2"][0]],)
    minute = None if number == "6" else found[f"m{number}"]
    if not minute:
        return (0,)
    return (
        (int(minute),)
        if len(minute) == 2 or found["fen"]
        else _short_minutes(int(minute), dotted=number == "3")
    )


def _short_minutes(digit: int, *, dotted: bool) -> tuple[int, ...]:
    """Return what `9.3` can mean: 9:30 without its zero, or 9.3 hours; `9:5` is 9:05 or 9:50."""
    many = (10 * digit, 6 * digit) if dotted else (digit, 10 * digit)
    return tuple(dict.fromkeys(minute for minute in many if minute < 60))
