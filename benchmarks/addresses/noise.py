"""Seeded noise: addresses as people write them. Each class takes a clean address and a source of chance and
returns what is on the sheet.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from benchmarks.addresses.town import CITY, DISTRICT, PROVINCE, Truth
from benchmarks.addresses.truth import House, Pair

Western = Callable[[House, random.Random], str]


def clean(house: House, _: random.Random) -> str:
    """`STREET NUMBER, POSTCODE CITY`."""
    return house.clean


def typo(house: House, chance: random.Random) -> str:
    """(a) One letter of the street wrong, missing, doubled or swapped with the next."""
    return _with_street(house.clean, house.street, misspelt(house.street, chance))


def no_town(house: House, _: random.Random) -> str:
    """(b) No postcode and no city."""
    return f"{house.street} {house.number}"


def reordered(house: House, chance: random.Random) -> str:
    """(c) The parts in another order, with and without commas."""
    forms = (
        "{postcode} {city}, {street} {number}",
        "{number} {street}, {postcode} {city}",
        "{city}, {street} {number}",
        "{street}, {number}, {city}",
        "{street} {number} {postcode} {city}",
        "{city} {postcode}, {number}, {street}",
        "{postcode} {city} {street} {number}",
    )
    text = chance.choice(forms).format(
        postcode=house.postcode, city=house.city, street=house.street, number=house.number
    )
    return re.sub(r"\s+", " ", text).strip(" ,")


def respelt(house: House, chance: random.Random) -> str:
    """(d) Str., ss, ae/oe/ue, St., capitals, hyphens for blanks."""
    return _with_street(house.clean, house.street, another_spelling(house.street, chance))


def flat(house: House, chance: random.Random) -> str:
    """(e) A flat, floor or both glued to the number."""
    at = chance.randint(1, 12)
    glued = chance.choice(
        (
            f"{house.number}/{at}",
            f"{house.number} Top {at}",
            f"{house.number}, {chance.randint(1, 5)}. Stock",
            f"{house.number}, Whg. {at}",
        )
    )
    return house.clean.replace(f"{house.street} {house.number}", f"{house.street} {glued}", 1)


def two_noises(house: House, chance: random.Random) -> str:
    """Two of (a), (c), (d), (e) at once."""
    street = misspelt(house.street, chance)
    kind = chance.randrange(4)
    if kind == 0:
        return _with_street(flat(house, chance), house.street, street)
    if kind == 1:
        return _with_street(reordered(house, chance), house.street, street)
    if kind == 2:
        return _with_street(flat(house, chance), house.street, another_spelling(house.street, chance))
    return _with_street(reordered(house, chance), house.street, another_spelling(house.street, chance))


WESTERN: dict[str, Western] = {
    "clean": clean, "(a) typo": typo, "(b) no town": no_town, "(c) reordered": reordered, "(d) respelt": respelt, "(e) flat glued on": flat, "two noises": two_noises,
}  # fmt: skip


def absent(house: House, taken: set[str], chance: random.Random) -> str:
    """(f) A number that the street does not have in that town."""
    number = next(number for number in iter(lambda: str(chance.randint(1, 400)), "") if number not in taken)
    if chance.random() < 0.2 and f"{house.number}z" not in taken:
        number = f"{house.number}z"
    return house.clean.replace(f"{house.street} {house.number}", f"{house.street} {number}", 1)


def misspelt(name: str, chance: random.Random) -> str:
    """Return `name` with one letter wrong, missing, doubled or swapped."""
    places = [at for at, sign in enumerate(name) if sign.isalpha()]
    while True:
        at, kind = chance.choice(places), chance.randrange(4)
        if kind == 0:
            changed = name[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + name[at + 1 :]
        elif kind == 1:
            changed = name[:at] + name[at + 1 :]
        elif kind == 2:
            changed = name[:at] + name[at] + name[at:]
        else:
            changed = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
        if changed.casefold() != name.casefold() and changed.strip():
            return changed


def another_spelling(name: str, chance: random.Random) -> str:
    """Return `name` as it is also spelt."""
    changes: list[Callable[[str], str]] = [
        lambda text: re.sub("(?i)strasse", "str.", text),
        lambda text: text.replace("strasse", "straße").replace("Strasse", "Straße"),
        lambda text: (
            text.replace("ä", "ae")
            .replace("ö", "oe")
            .replace("ü", "ue")
            .replace("Ä", "Ae")
            .replace("Ö", "Oe")
            .replace("Ü", "Ue")
        ),
        lambda text: text.replace("ä", "a").replace("ö", "o").replace("ü", "u"),
        lambda text: text.replace("Sankt ", "St. ") if "Sankt" in text else text.replace("St. ", "Sankt "),
        str.upper,
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: text.replace(" ", "-"),
    ]
    chance.shuffle(changes)
    return next((changed for change in changes if (changed := change(name)) != name), name.upper())


def _with_street(text: str, street: str, changed: str) -> str:
    return text.replace(street, changed, 1)


_NUMERALS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """Return a Chinese numeral up to 99."""
    tens, ones = divmod(number, 10)
    return (
        ("" if tens == 1 else _NUMERALS[tens] if tens else "")
        + ("十" if tens else "")
        + (_NUMERALS[ones] if ones or not tens else "")
    )


def wide(text: str) -> str:
    """Return `text` with full-width digits and letters."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def pair_forms(pair: Pair, state: str) -> dict[str, str]:
    """Return the spellings of a pair of compound and building that issue and measurements ask for."""
    joined = f"{pair.compound}{pair.number}{pair.word}"
    counted = numeral(int(pair.number)) if pair.number.isdecimal() else pair.number
    return {
        "joined": joined,
        "spaced": f"{pair.compound} {pair.number}{pair.word}",
        "省市区 in front": state + joined,
        "单元 and 室 behind": f"{joined}2单元501室",
        "full-width": wide(joined),
        "Chinese numerals": f"{pair.compound}{counted}{pair.word}",
        "all at once": wide(f"{state} {pair.compound} {counted}{pair.word} 二单元 五〇一"),
    }


Chinese = Callable[[Truth, random.Random], str]


def _written(truth: Truth) -> str:
    return f"{truth.site}{truth.number}{truth.word}"


def _flat(chance: random.Random) -> str:
    unit, floor = chance.randint(1, 4), chance.randint(1, 18)
    room = f"{floor}{chance.randint(1, 4):02d}"
    return chance.choice(
        (
            f"{unit}单元{room}室",
            f"{unit}单元{room}",
            f"{unit}单元{floor}层{room}室",
            f"{room}室",
            f"{unit}-{room}",
        )
    )


def _state(truth: Truth, chance: random.Random) -> str:
    return chance.choice((
        PROVINCE + CITY + DISTRICT, CITY + DISTRICT, DISTRICT, PROVINCE + CITY + DISTRICT + truth.office, DISTRICT + truth.office, truth.office,
        CITY + DISTRICT + DISTRICT, PROVINCE + CITY + DISTRICT + truth.office + chance.choice(("第一社区", "幸福社区", "迎春社区居委会")),
    ))  # fmt: skip


def _counted(truth: Truth) -> str:
    number = (
        numeral(int(truth.number)) if truth.number.isdecimal() and int(truth.number) < 100 else truth.number
    )
    return f"{truth.site}{number}{truth.word}"


def _other_word(truth: Truth, chance: random.Random) -> str:
    if truth.word == "号":
        return _written(truth)
    return f"{truth.site}{truth.number}{chance.choice(('号楼', '栋', '幢', '座', '#楼', '#'))}"


CHINESE: dict[str, Chinese] = {
    "as on the map": lambda truth, _: _written(truth),
    "spaced": lambda truth, chance: chance.choice((f"{truth.site} {truth.number}{truth.word}", f"{truth.site},{truth.number} {truth.word}", f"{truth.site}-{truth.number}{truth.word}")),
    "省市区街道 in front": lambda truth, chance: _state(truth, chance) + _written(truth),
    "单元 and 室 behind": lambda truth, chance: _written(truth) + _flat(chance),
    "full-width": lambda truth, chance: wide(_written(truth) + _flat(chance)),
    "Chinese numerals": lambda truth, _: _counted(truth),
    "栋 for 号楼": _other_word,
    "dashes": lambda truth, chance: f"{truth.site}{truth.number}-{chance.randint(1, 4)}-{chance.randint(1, 18)}01" if truth.word != "号" else _written(truth),
    "two noises": lambda truth, chance: _state(truth, chance) + chance.choice((_counted, _written))(truth) + chance.choice((_flat(chance), f" {_flat(chance)}")),
    "note behind": lambda truth, _: _written(truth) + "(进门左转)",
}  # fmt: skip


def absent_building(truth: Truth, taken: set[str], chance: random.Random) -> str:
    """Return a building number that the compound does not have, with a unit and room half of the time."""
    number = next(number for number in iter(lambda: str(chance.randint(1, 99)), "") if number not in taken)
    return f"{truth.site}{number}{truth.word}" + (_flat(chance) if chance.random() < 0.5 else "")


def misspelt_site(truth: Truth, chance: random.Random) -> str:
    """Return the address with one character of the compound replaced by another."""
    at = chance.randrange(len(truth.site))
    return (
        truth.site[:at]
        + chance.choice("翠碧锦瑞祥福康安宁和湖园苑庭府")
        + truth.site[at + 1 :]
        + truth.number
        + truth.word
    )
