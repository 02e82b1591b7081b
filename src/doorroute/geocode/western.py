"""Read addresses in Latin letters: number before or after the street, postcode and town in any order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from doorroute.geocode.house_numbers import span, without_zeros
from doorroute.geocode.readings import House, Reading
from doorroute.geocode.spelling import key, plain, words
from doorroute.model.place import Access

# (pattern, floors below the first one counted): only Finnish counts the ground floor.
_FLOORS: Final = (
    (r"\b(?:basement|lower ground[ -]floor|souterrain|untergescho(?:ss|ß)|kellari|sous-sol)\b()", -1),
    (r"\b(first|second|third|fourth|fifth|top)[ -]floor\b", 0),
    (r"(?<!\w)(\d{1,2})\s*\.?\s*(?:stock(?:werk)?|stk|og|obergescho(?:ss|ß)|etage)\b\.?", 1),
    (r"(?<!\w)(\d{1,2})\s*(?:er|e|eme|ème)\s*(?:etage|étage)\b", 1),
    (r"(?<!\w)(\d{1,2})\s*\.?\s*(?:krs|kerros)\b\.?", 0),
    (r"(?<!\w)(\d{1,2})(?:st|nd|rd|th)\s*(?:floor|fl)\b\.?", 0),
    (r"\b(?:floor|fl|level|krs|kerros)\.?\s*(\d{1,2})\b", 0),
    (r"\b(?:stock|og|etage)\.?\s*(\d{1,2})\b", 1),
    (r"\b(?:eg|erdgescho(?:ss|ß)|parterre|ground[ -]floor|katutaso|rez-de-chaussée)\b\.?()", 1),
)  # fmt: skip
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_BEHIND_FLOOR: Final = re.compile(
    r"\s*,?\s*(?:flat|apartment|apt|wohnung|links|rechts|mitte|left|right|vasen|oikea|gauche"
    r"|droite)\b(?!\s*#?\s*[a-z]?\d)",
    re.IGNORECASE,
)
_BEFORE_NUMBER: Final = re.compile(r"\s*/\s*(?=\d+[a-z]?\s+[^\W\d])", re.IGNORECASE)  # Flat 3/12 High Street
_ROOM: Final = (
    r"\b(?:top|tür|tuer|whg|wohnung|apt|apartment|appartement|flat|app|as|asunto|suite|room|zimmer|unit"
    r"|nr\. whg)\b\.?\s*#?\s*([a-z]?\d{1,4}[a-z]?)\b|#\s*(\d{1,4}[a-z]?)\b"
)
_UNIT: Final = (
    r"\b(?:stiege|stg|rappu|porras|aufgang|eingang|entrance|staircase|stairwell"
    r"|stair)\b\.?\s*([a-z]"
    r"|\d{1,2})\b"
)
_SUFFIX: Final = r"bis|ter|quater|[a-z]"
_TAIL: Final = re.compile(
    rf"(?P<n>\d{{1,5}})(?:(?P<gap>\s*)(?P<letter>{_SUFFIX})(?![a-z]))?"
    r"(?:(?P<sep>[\s/,\-]*)(?P<rest>[a-z]?[\s/\-]*\d.*|[a-z]))?\.?",
    re.IGNORECASE,
)
_MOST_WORDS, _MOST_NUMBERS = 40, 6  # no address has more; the time grows with their square
_FLAT_TOKEN: Final = re.compile(
    r"(?:[a-z]|[a-z]?\d{1,4}[a-z]?|bis|ter)(?:[/\-][a-z]?\d{0,4}[a-z]?)*\.?", re.IGNORECASE
)
_NUMBER_TOKEN: Final = re.compile(
    rf"(?:no?\.?|nr\.?)?\d{{1,5}}(?:{_SUFFIX})?(?:[/\-].{{1,9}})?\.?", re.IGNORECASE
)
_POSTCODE: Final = re.compile(r"(?:[A-Z]{1,3}-)?(\d{4,6})")

# Certainty of readings that are not the plain one; below `Settings.min_score` a person is asked.
_FLAT_BEHIND, _SLASH_FLAT, _DASH_FLAT = 0.97, 0.99, 0.93
_LONE_LETTER, _SLASH_OR_RANGE, _EITHER_NUMBER = 0.8, 0.85, 0.85
_TWO_NUMBERS: Final = re.compile(
    r"(\d{1,5}[a-z]?)[/\-](\d{1,5}[a-z]?(?:-\d{1,5}[a-z]?)?)(?:\W.*)?", re.IGNORECASE
)
_HALF: Final = re.compile(r"[123]/[234]")
_REPEATS: Final = {"bis", "ter", "quater"}


def read_western(address: str, *, stairs: bool, postcodes: Collection[str]) -> list[Reading]:
    """Return the possible readings of `address`, the plainest first.

    `stairs`: a separate capital letter after the number is a stairwell. `postcodes` are those known here.
    """
    access, text = take_access(plain(address))
    text = re.sub(r"(?<=\d)\s*([/\-])\s*(?=\d)", r"\1", text)
    words_left = _MOST_WORDS
    parts: list[list[str]] = []
    for part in re.split(r"[,;\t]|\s-\s", text):
        tokens = part.split()[:words_left]
        words_left -= len(tokens)
        parts += [tokens] if tokens else []
    numbers = [
        (at, position)
        for at, part in enumerate(parts)
        for position, token in enumerate(part)
        if _NUMBER_TOKEN.fullmatch(token) and not _is_postcode(part, position, parts, postcodes)
    ]
    found = [
        reading
        for at, position in numbers[:_MOST_NUMBERS]
        for reading in _around(parts, at, position, access, stairs=stairs, postcodes=postcodes)
    ]
    return found or [_nameless(parts, at, access, postcodes) for at in range(len(parts))]


def take_access(text: str) -> tuple[Access, str]:
    """Return floor, stairwell and flat in `text`, and the text without them."""
    floor: int | None = None
    for pattern, below in _FLOORS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            said = match[1] or "0"
            floor = int(said) + below if said.isdecimal() else _ORDINALS.get(said.casefold())
            text = f"{text[: match.start()]},{_without(_BEHIND_FLOOR, text[match.end() :])}"
            break
    found = []
    for pattern in (_ROOM, _UNIT):
        match = re.search(pattern, text, re.IGNORECASE)
        found.append(next(filter(None, match.groups())) if match else "")
        if match:
            text = f"{text[: match.start()]},{_without(_BEFORE_NUMBER, text[match.end() :])}"
    return Access(floor=floor, room=found[0], unit=found[1].upper()), text


def _without(words: re.Pattern[str], text: str) -> str:
    """Return `text` without the words at its start."""
    match = words.match(text)
    return text[match.end() :] if match else text


def _is_postcode(
    part: Sequence[str], position: int, parts: Sequence[Sequence[str]], postcodes: Collection[str]
) -> bool:
    match = _POSTCODE.fullmatch(part[position])
    if match is None:
        return False
    others = sum(bool(_NUMBER_TOKEN.fullmatch(token)) for tokens in parts for token in tokens)
    if match[1] in postcodes or part[position] != match[1]:
        return others > 1 or part[position] != match[1]
    before_a_town = position + 1 < len(part) and part[position + 1][0].isalpha()
    return others > 1 and (len(match[1]) > 4 or (before_a_town and position == 0))


def _around(
    parts: Sequence[Sequence[str]],
    at: int,
    position: int,
    access: Access,
    *,
    stairs: bool,
    postcodes: Collection[str],
) -> list[Reading]:
    """Return the readings in which the number at `position` of part `at` is the house number.

    The street is before or after it; if the number is alone between commas, it is in the part before or
    after.
    """
    part = parts[at]
    end = position + 1
    while (
        end < len(part) and _FLAT_TOKEN.fullmatch(part[end]) and not _is_postcode(part, end, parts, postcodes)
    ):
        end += 1
    tail, used = list(part[position:end]), {at}
    behind = parts[at + 1] if end == len(part) and at + 1 < len(parts) and (position or at) else ()
    if behind and all(
        _FLAT_TOKEN.fullmatch(token) and not _is_postcode(behind, index, parts, postcodes)
        for index, token in enumerate(behind)
    ):
        tail += [",", *behind]
        used.add(at + 1)
    numbers = houses(tail, stairs=stairs)

    def reading(
        street: Sequence[str],
        left: Sequence[Sequence[str]],
        taken: set[int],
        next_to: tuple[Sequence[str], Sequence[str]] = ((), ()),
        *,
        behind: tuple[House, ...] = (),
    ) -> Reading:
        others = [other for index, other in enumerate(parts) if index not in taken]
        groups = [words(" ".join(group)) for group in [*next_to, *left, *others]]
        code, (front, back, *context) = _postcode(groups, postcodes)
        name = words(" ".join(street))
        before, after = ((), name) if behind else (name, ())
        return Reading(
            before=before,
            after=after,
            houses=behind or numbers,
            context=tuple(filter(None, context)),
            front=front,
            back=back,
            postcode=code,
            access=access,
        )

    front, back = part[:position], part[end:]
    if back or _unmarked(front):
        street, dropped = _after_postcode(front, postcodes)
        found = [reading(_unmarked(street), [dropped], used, ((), back))] if street else []
        street, dropped = _before_postcode(back, postcodes)
        if street:
            meant = _in_front(tail, numbers)
            found += [
                reading(street, [dropped], used, (_unmarked(front), ()), behind=numbers) for numbers in meant
            ]
        return found
    around = [index for index in (at - 1, at + 1) if 0 <= index < len(parts) and index not in used]
    splits = [
        (split(parts[index], postcodes), used | {index})
        for index in around
        for split in (_before_postcode, _after_postcode)
    ]
    return [reading(_unmarked(street), [left], taken) for (street, left), taken in splits if street]


def _in_front(tail: Sequence[str], numbers: tuple[House, ...]) -> list[tuple[House, ...]]:
    """Return the possible meanings of a number before the street.

    `2/8 Pike Drive` is flat 2 of 8 or flat 8 of 2; a person is asked.
    """
    two = _TWO_NUMBERS.fullmatch(" ".join(tail))
    if two is None:
        return [numbers]
    doubted = tuple(
        house
        if re.search(r"[/\-]|\.\.", house.number)
        else replace(house, trust=house.trust * _EITHER_NUMBER)
        for house in numbers
    )
    return [doubted, (House(number=two[2].casefold(), room=two[1], trust=_EITHER_NUMBER),)]


def _unmarked(street: Sequence[str]) -> Sequence[str]:
    """Drop a word that announces a number: `Landstrasse Nr.`."""
    return (
        street[:-1]
        if street and street[-1].casefold().strip(".") in {"nr", "no", "n°", "num", "numero"}
        else street
    )


def _before_postcode(tokens: Sequence[str], postcodes: Collection[str]) -> tuple[list[str], list[str]]:
    """Split words at the first postcode: the words before it, and the rest including it."""
    for at, token in enumerate(tokens):
        match = _POSTCODE.fullmatch(token)
        if match and (match[1] in postcodes or len(match[1]) > 4 or token != match[1]):
            return list(tokens[:at]), list(tokens[at:])
    return list(tokens), []


def _after_postcode(tokens: Sequence[str], postcodes: Collection[str]) -> tuple[list[str], list[str]]:
    """Split words at the last postcode: the words after it, and the rest including it."""
    for at in range(len(tokens) - 1, -1, -1):
        match = _POSTCODE.fullmatch(tokens[at])
        if match and (match[1] in postcodes or len(match[1]) > 4 or tokens[at] != match[1]):
            return list(tokens[at + 1 :]), list(tokens[: at + 1])
    return list(tokens), []


def _postcode(
    groups: Sequence[Sequence[str]], postcodes: Collection[str]
) -> tuple[str, list[tuple[str, ...]]]:
    """Remove the postcode from groups of words."""
    code, left = "", []
    for group in groups:
        rest = []
        for word in group:
            digits = re.fullmatch(r"[a-z]{0,3}(\d{4,6})", word)
            if digits and not code and (digits[1] in postcodes or len(digits[1]) >= 4):
                code = digits[1]
            else:
                rest.append(word)
        left.append(tuple(rest))
    return code, left


def _nameless(parts: Sequence[Sequence[str]], at: int, access: Access, postcodes: Collection[str]) -> Reading:
    """Return the reading in which part `at` names a building or a street without a number."""
    code, context = _postcode(
        [words(" ".join(part)) for index, part in enumerate(parts) if index != at], postcodes
    )
    context = list(filter(None, context))
    return Reading(before=words(" ".join(parts[at])), context=tuple(context), postcode=code, access=access)


def houses(tokens: Sequence[str], *, stairs: bool) -> tuple[House, ...]:
    """Return the possible meanings of a house number and its additions: `12a`, `12 A 5`, `12/3`, `4 bis`."""
    text = re.sub(r"^n[or]?\.?(?=\d)", "", " ".join(tokens), flags=re.IGNORECASE).replace(" , ", ", ")
    match = _TAIL.fullmatch(text.strip())
    if match is None:
        return (House(number=key(text)),)
    number, letter, rest = (
        without_zeros(match["n"]),
        (match["letter"] or "").casefold(),
        (match["rest"] or "").strip(),
    )
    separator = (match["sep"] or "").strip() or " "
    if letter in _REPEATS:  # 12bis is a house, never a stairwell of 12
        return (House(number=number + letter, room=rest, trust=_FLAT_BEHIND if rest else 1.0),)
    whole = House(number=number + letter, room=rest, trust=_FLAT_BEHIND if rest else 1.0)
    if not letter:
        return _with_rest(number, separator, rest) if rest else (whole,)
    is_separate = bool(match["gap"]) and (stairs or match["letter"].isupper())
    stairwell = House(
        number=number,
        unit=letter,
        room=rest,
        trust=_trust_stairwell(rest, is_separate=is_separate, stairs=stairs),
    )
    return (stairwell, whole) if is_separate and (stairs or rest) else (whole, stairwell)


def _trust_stairwell(rest: str, *, is_separate: bool, stairs: bool) -> float:
    if stairs and is_separate:
        return 1.0
    return _FLAT_BEHIND if rest and (stairs or is_separate) else _LONE_LETTER


def _with_rest(number: str, separator: str, rest: str) -> tuple[House, ...]:
    joint = re.sub(r"[\s]+", "", rest).casefold()
    if separator == " " and _HALF.fullmatch(joint):
        return House(number=f"{number} {joint}"), House(number=number, room=joint, trust=_SLASH_OR_RANGE)
    if separator in "/-" and len(joint) == 1 and joint.isalpha():  # 12-A is 12A, if anything
        return House(number=number + joint), House(number=number, room=joint, trust=_LONE_LETTER)
    exact = House(number=f"{number}{separator.strip(' ,')}{joint}") if separator in "/-" else None
    unit, _, room = joint.replace("-", "/").partition("/")
    lettered = re.fullmatch(r"([a-z])/?(\d\w*)", joint)
    if lettered:
        return (
            House(number=number, unit=lettered[1], room=lettered[2], trust=_FLAT_BEHIND),
            House(number=number + lettered[1], room=lettered[2], trust=_LONE_LETTER),
        )
    flat = House(
        number=number,
        unit=unit if room else "",
        room=room or unit,
        trust=_SLASH_FLAT if separator == "/" else _FLAT_BEHIND,
    )
    if separator == "-":
        spanned = span(number, joint)
        if spanned:
            return (House(number=f"{number}-{joint}"), *(House(number=f"{number}..{joint}", trust=0.99),))
        flat = House(number=number, unit=unit if room else "", room=room or unit, trust=_DASH_FLAT)
    if joint.isdecimal() and int(joint) - int(number) == 2:  # 18/20 and 18, 20 may be two houses
        flat = House(number=number, room=joint, trust=_SLASH_OR_RANGE)
    return (exact, flat) if exact else (flat,)
