"""Match the readings of an address with the index: possible doors, each with a score.

The house number must match exactly; only street and town may be misspelled. A number that the street does not
have is never replaced by another one: street and nearest numbers become candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from doorroute.geocode.index import AddressIndex, metres
from doorroute.geocode.index_tables import Door, DoorSource
from doorroute.geocode.readings import House, Reading
from doorroute.geocode.spelling import folded, key, words

# Factors of a score, set so that readings right in fewer than 99 of 100 benchmark cases are below 0.9.
ONE_EDIT, TWO_EDITS, THREE_EDITS = 0.97, 0.93, 0.7
_SHORT_IN_TOWN, _SHORT_NAME_EDIT = 0.92, 0.85  # one wrong letter in a name of up to four
TIED: Final = 0.95  # another street matches as well, but has no such number
_BETTER_WITHOUT: Final = 0.75  # a street that matches better has no such number
_OTHER_POSTCODE, _OTHER_TOWN, _FAR_FROM_AREA, UNKNOWN_WORDS = 0.97, 0.5, 0.6, 0.85
_POSTCODE_ONLY_DIFFERS: Final = 0.6
_TOWN_EDIT: Final = 0.98
_NO_TOWNS_HERE: Final = 0.95  # the map names no towns, so the town cannot be checked
_OTHER_UNIT: Final = 0.85  # the map has this number only with another stairwell
_LONGEST_NAME: Final = 8  # words
_HALF_POSTCODE: Final = re.compile(r"[a-z]{1,2}\d[a-z\d]?|\d[a-z]{2}")
# Normalised words saying that the door is not at the number; they could be mistaken for an unknown town.
_ELSEWHERE_WORDS: Final = (
    "opposite behind near nearby next beside between across facing corner adjacent rear back annex annexe "
    "lot temporarily temporary "
    "temp currently formerly former previously moved not instead staying gegenuber hinter neben nahe "
    "nebenan ecke zwischen "
    "vorubergehend zurzeit derzeit fruher ehemals umgezogen nicht hinterhaus ruckgebaude nebenhaus anbau "
    "gartenhaus seitenflugel hinten "
    "face derriere cote pres angle provisoirement temporairement ancien ancienne frente detras junto lado "
    "cerca esquina vastapaata takana "
    "vieressa lahella kulma valiaikaisesti tilapaisesti entinen mittemot bakom bredvid nara horn "
    "tillfalligt fronte dietro accanto "
    "vicino angolo tegenover achter naast tijdelijk opp hh hths"
)
_SIDES: Final = frozenset({"links", "rechts", "mitte", "left", "right", "vasen", "oikea", "gauche", "droite"})
_ELSEWHERE: Final = frozenset(_ELSEWHERE_WORDS.split())
KNOWN: Final = {DoorSource.SPANNED: 0.96, DoorSource.GUESSED: 0.8}


@dataclass(frozen=True, slots=True)
class Hit:
    """A door that a reading can mean."""

    door: Door
    house: House
    reading: Reading
    score: float


@dataclass(slots=True)
class Context:
    """The town, postcode and district in an address, as far as known here."""

    towns: frozenset[str] = frozenset()
    areas: tuple[str, ...] = ()
    postcode: str = ""
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Named:
    """A host that a reading can name: its edit distance, its certainty, and the number wanted there."""

    host: int
    edits: int
    trust: float
    number: str = ""
    context: Context = field(default_factory=Context)


def western_hits(index: AddressIndex, readings: Sequence[Reading]) -> tuple[list[Hit], list[Named]]:
    """Return the doors that the readings can mean, and the streets they name, the likeliest first."""
    hits: list[Hit] = []
    streets: list[Named] = []
    for reading in readings:
        exact = list(_exactly_named(index, reading))
        present = [name for name in exact if _present(index, name)]
        named = present or [*exact, *_nearly_named(index, reading)]
        found = list(_doors(index, reading, named))
        if present and not found:
            # the street has no such number: similar streets become candidates, below the threshold
            found = list(_doors(index, reading, [*present, *_nearly_named(index, reading)]))
        hits += found
        streets += named
    return sorted(hits, key=lambda hit: -hit.score), sorted(
        streets, key=lambda name: (name.edits, -name.trust)
    )


def _number_of(reading: Reading) -> str:
    return reading.houses[0].number if reading.houses else ""


def _splits(reading: Reading) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Yield the possible names next to the number, the longest first.

    Each comes with the words left before and after it.
    """
    for at in range(max(0, len(reading.before) - _LONGEST_NAME), len(reading.before)):
        yield reading.before[at:], reading.before[:at], ()
    for at in range(min(len(reading.after), _LONGEST_NAME), 0, -1):
        yield reading.after[:at], (), reading.after[at:]
    for at in range(1, min(len(reading.after), _LONGEST_NAME)):
        yield reading.after[at:], reading.after[:at], ()


def _exactly_named(index: AddressIndex, reading: Reading) -> Iterator[Named]:
    for wanted, front, back in _splits(reading):
        context = understand(index, reading, front, back)
        hosts = index.named(folded("".join(wanted)))
        for host in hosts:
            yield Named(host, 0, context.trust, _number_of(reading), context)
        if hosts and context.trust > UNKNOWN_WORDS:
            return


def _present(index: AddressIndex, name: Named) -> bool:
    """Return whether the street is in the town of the address; if not, it may be a misspelling."""
    if name.trust <= UNKNOWN_WORDS:
        return False
    towns = name.context.towns
    return not towns or bool(towns & index.towns_of(name.host))


def _nearly_named(index: AddressIndex, reading: Reading) -> Iterator[Named]:
    seen: set[int] = set()
    for wanted, front, back in _splits(reading):
        name = "".join(wanted)
        if len(name) < 3:
            continue
        context = understand(index, reading, front, back)
        for host, edits, length in index.like(name, 1 if len(name) < 7 else 2 if len(name) < 18 else 3):
            if edits and host not in seen:
                seen.add(host)
                trust = _edited(edits, length, context) * _misspelt(index, wanted, host) * context.trust
                yield Named(host, edits, trust, _number_of(reading), context)
        if seen and context.trust > UNKNOWN_WORDS:
            return


def _edited(edits: int, length: int, context: Context) -> float:
    """Return the certainty of a name of `length` letters that is `edits` off; short names need a town."""
    if edits == 1:
        return ONE_EDIT if length >= 5 else _SHORT_IN_TOWN if context.towns else _SHORT_NAME_EDIT
    return TWO_EDITS if edits == 2 and length >= 10 else THREE_EDITS


def _misspelt(index: AddressIndex, wanted: Sequence[str], host: int) -> float:
    """Return 1.0, or less if the differing words occur in other names here.

    Hill Street is not a misspelled Mill Street if there is a Hill Lane.
    """
    differing = set(wanted) - set(words(index.host(host).name))
    return _BETTER_WITHOUT if differing and differing <= index.words else 1.0


def _doors(index: AddressIndex, reading: Reading, named: Sequence[Named]) -> Iterator[Hit]:
    """Yield the doors with the number of the reading, on the streets that it can name."""
    for house in reading.houses or (House(number=""),):
        found = [(name, door) for name in named for door in _numbered(index, name.host, house)]
        if not found:
            continue
        local = [name for name in named if _present(index, name)] or named
        nearest = min(name.edits for name in local)
        tied = len({name.host for name in local if name.edits == nearest}) > 1
        for name, door in found:
            factor = 1.0 if name.edits <= nearest else _BETTER_WITHOUT
            factor *= TIED if tied and nearest and name.edits == nearest else 1.0
            factor *= _OTHER_UNIT if house.unit and door.unit not in {"", house.unit} else 1.0
            score = (
                name.trust
                * house.trust
                * factor
                * fits(index, door, name.context)
                * KNOWN.get(DoorSource(door.known), 1.0)
            )
            yield Hit(door=door, house=house, reading=reading, score=score)
        return


def _numbered(index: AddressIndex, host: int, house: House) -> list[Door]:
    """Return the doors of a host with this number, preferably those of the wanted stairwell."""
    first, dots, last = house.number.partition("..")
    doors = index.doors(host, first)
    if dots:
        other = index.doors(host, last)
        return [*doors, *other] if doors and other else []
    lettered = [] if index.stairs or not house.unit else index.doors(host, first + house.unit)
    if lettered:
        return lettered  # 12 A 3 is flat 3 of 12A, if there is a 12A
    own = [door for door in doors if door.unit == house.unit]
    return own or [door for door in doors if not door.unit] or doors


def understand(index: AddressIndex, reading: Reading, front: Sequence[str], back: Sequence[str]) -> Context:
    """Find towns and districts among the words that are not the street; `front` and `back` are next to it."""
    context = Context(postcode=reading.postcode)
    unknown_town = UNKNOWN_WORDS if index.towns else _NO_TOWNS_HERE
    towns: set[str] = set()
    areas: list[str] = []
    groups = [(group, unknown_town, False) for group in reading.context]
    groups += [(tuple(group), UNKNOWN_WORDS, True) for group in (reading.front, front)]
    groups += [(tuple(group), UNKNOWN_WORDS, False) for group in (reading.back, back)]
    for group, unknown, in_front in groups:
        rest = list(group)
        while rest:
            for end in range(len(rest), 0, -1):
                name = folded("".join(rest[:end]))
                if name in index.towns or index.areas(name) or name in index.districts:
                    (towns.add if name in index.towns else areas.append)(name)
                    break
                near = _misspelt_town(index, name)
                if near:
                    towns.add(near)
                    context.trust *= _TOWN_EDIT
                    break
            else:
                if in_front or rest[0] in _ELSEWHERE or not _says_nothing(rest[0]):
                    another = rest[0] in _ELSEWHERE or any(map(str.isdigit, rest[0]))
                    context.trust = min(context.trust, UNKNOWN_WORDS if another else unknown)
                end = 1
            del rest[:end]
    context.towns, context.areas = frozenset(towns), tuple(areas)
    return context


def _misspelt_town(index: AddressIndex, name: str) -> str:
    return index.town_like(name) if len(name) >= 4 else ""


def _says_nothing(word: str) -> bool:
    """Return whether a word does not identify a town: country code, half a postcode, side of a flat."""
    return (len(word) <= 2 and word.isalpha()) or word in _SIDES or _HALF_POSTCODE.fullmatch(word) is not None


def fits(index: AddressIndex, door: Door, context: Context) -> float:
    """Return how well a door fits the town, district and postcode of the address."""
    same_code = not context.postcode or not door.postcode or context.postcode == door.postcode
    if not context.towns:
        fit = 1.0 if same_code else _POSTCODE_ONLY_DIFFERS
    elif key(door.city) in context.towns:
        fit = 1.0 if same_code else _OTHER_POSTCODE
    else:
        fit = _OTHER_TOWN
    for name in context.areas:
        places = index.areas(name)
        if places and not any(
            metres((door.lon, door.lat), (area.lon, area.lat)) <= area.reach_m for area in places
        ):
            fit = min(fit, _FAR_FROM_AREA)
    return fit
