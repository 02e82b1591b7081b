"""Runs every class of noise on every extract."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.addresses import noise
from benchmarks.addresses.judge import FINE, Right, Tally, judge
from benchmarks.addresses.town import Truth, make_town
from benchmarks.addresses.truth import SAME_M, House, Pair, ambiguous, houses, metres, pairs
from doorroute.geocode import AddressIndex, open_index
from doorroute.geocode.spelling import key
from doorroute.model.place import Place

SEED: Final = 20220406


def western(extract: Path, rows: int) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Return the tally of each class on a Western extract, `rows` each, and apart those of addresses that
    the map has in two places.
    """
    index, everything = open_index(extract), houses(extract)
    doubled, without_town = ambiguous(everything, town=True), ambiguous(everything, town=False)
    once = [house for house in everything if id(house) not in doubled]
    tallies: dict[str, Tally] = {}
    for name, make in noise.WESTERN.items():
        chance = random.Random(f"{SEED} {name}")
        pool = [house for house in once if id(house) not in without_town] if make is noise.no_town else once
        tallies[name] = _judged(
            index, [(make(house, chance), house) for house in _sample(chance, pool, rows)]
        )
    chance = random.Random(f"{SEED} absent")
    taken = _taken(index, everything)
    absent = [
        noise.absent(house, taken[key(house.street), house.city], chance)
        for house in _sample(chance, once, rows)
    ]
    tallies["(f) no such number"] = judge(index, [(text, nothing_is_right) for text in absent])
    chance = random.Random(f"{SEED} doubled")
    twins = [house for house in once if id(house) in without_town]
    apart = {
        "(b) where several towns have it": _judged(
            index, [(noise.no_town(house, chance), house) for house in _sample(chance, twins, rows)]
        ),
        "clean, where the map has it twice": _judged(
            index, [(house.clean, house) for house in everything if id(house) in doubled]
        ),
    }
    return tallies, {name: tally for name, tally in apart.items() if tally.counts}


def _sample(chance: random.Random, pool: Sequence[House], rows: int) -> list[House]:
    return chance.sample(pool, min(rows, len(pool)))


def _judged(index: AddressIndex, rows: Sequence[tuple[str, House]]) -> Tally:
    return judge(index, [(text, right_house(house)) for text, house in rows])


def _taken(index: AddressIndex, everything: Sequence[House]) -> dict[tuple[str, str], set[str]]:
    """Return the numbers of each street and town, those inside ranges on the map counted in."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for house in everything:
        numbers[key(house.street), house.city].add(house.number.casefold())
    for street, city in list(numbers):
        numbers[street, city] |= {
            door.number for host in index.named(street) for door in index.all_doors(host)
        }
    return numbers


def right_house(house: House) -> Right:
    """Return the judge of a Western answer: the same object or building, or the same number of the street
    within 40 m of it.
    """
    ids = {name for name, _ in house.objects}
    wanted = key(f"{house.street} {house.number}")

    def right(place: Place) -> bool:
        if place.precision not in FINE:
            return False
        same = place.entrance_id.split("|")[0] in ids or key(place.label.split(",")[0]) == wanted
        return (
            same
            and min(metres(place.point.lon, place.point.lat, shape) for _, shape in house.objects) <= SAME_M
        )

    return right


def nothing_is_right(_: Place) -> bool:
    """Judge a number that does not exist: whatever is found is wrong."""
    return False


def chinese(extract: Path, state: str) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Return the tally of each spelling of the pairs of an extract, the doubled numbers apart; `state` is
    its 省市区.
    """
    index, found = open_index(extract), pairs(extract)
    single = [pair for pair in found if not pair.doubled]
    doubled = [pair for pair in found if pair.doubled]
    return _spelled(index, single, state), _spelled(index, doubled, state)


def _spelled(index: AddressIndex, chosen: Sequence[Pair], state: str) -> dict[str, Tally]:
    forms = noise.pair_forms(chosen[0], state) if chosen else {}
    return {
        form: judge(index, [(noise.pair_forms(pair, state)[form], right_building(pair)) for pair in chosen])
        for form in forms
    }


def right_building(truth: Pair | Truth) -> Right:
    """Return the judge of a Chinese answer: that very building of the map."""

    def right(place: Place) -> bool:
        if place.precision not in FINE:
            return False
        if place.entrance_id:
            return place.entrance_id.split("|")[0] == truth.id
        return key(place.label).endswith(key(f"{truth.number}{truth.word}"))

    return right


def town(folder: Path, rows: int) -> tuple[dict[str, Tally], dict[str, Tally], int]:
    """Return the tally of each class on the generated town, that of misspelt names apart, and how many
    buildings it has.
    """
    made = make_town(folder / "town.osm.pbf", seed=SEED)
    index = open_index(made.path)
    numbers: dict[str, set[str]] = defaultdict(set)
    for truth in made.truths:
        numbers[truth.site].add(truth.number.casefold())
    tallies = {}
    for name, make in noise.CHINESE.items():
        chance = random.Random(f"{SEED} {name}")
        chosen = chance.sample(made.truths, rows)
        tallies[name] = judge(index, [(make(truth, chance), right_building(truth)) for truth in chosen])
    chance = random.Random(f"{SEED} absent")
    absent = [
        noise.absent_building(truth, numbers[truth.site], chance)
        for truth in chance.sample(made.truths, rows)
    ]
    tallies["no such number"] = judge(index, [(text, nothing_is_right) for text in absent])
    chance = random.Random(f"{SEED} misspelt")
    misspelt = [
        (noise.misspelt_site(truth, chance), right_building(truth))
        for truth in chance.sample(made.truths, rows)
    ]
    return tallies, {"one character wrong": judge(index, misspelt)}, len(made.truths)
