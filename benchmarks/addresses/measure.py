"""Runs every class on every extract and writes what came out."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.addresses import noise
from benchmarks.addresses.judge import FINE, HEAD, Right, Tally, judge
from benchmarks.addresses.town import DISTRICT, Truth, make_town
from benchmarks.addresses.truth import SAME_M, House, Pair, ambiguous, houses, metres, pairs, place_of
from doorroute.geocode import AddressIndex, Query, locate, open_index
from doorroute.geocode.spelling import key
from doorroute.model.place import Place
from doorroute.model.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data" / "demo" / "helsinki-centre.osm.pbf"
EXTRACTS = ROOT.parent / "shared" / "data"
SEED, A_CLASS = 20220406, 600


def right_house(house: House) -> Right:
    """Return the judge of a Western answer: the same object of the map, or the same number of the street within 40 m of it."""
    ids = {name for name, _ in house.objects}
    wanted = key(f"{house.street} {house.number}")

    def right(place: Place) -> bool:
        if place.precision not in FINE:
            return False
        same = place.entrance_id.split("|")[0] in ids or key(place.label.split(",")[0]) == wanted
        return same and min(metres(place.point.lon, place.point.lat, shape) for _, shape in house.objects) <= SAME_M

    return right


def nothing_is_right(_: Place) -> bool:
    """Judge a number that does not exist: whatever is found is wrong."""
    return False


def western(extract: Path, a_class: int) -> tuple[dict[str, Tally], Tally]:
    """Return the tally of each noise class on a Western extract, and apart that of the ambiguous rows of (b)."""
    index, everything = open_index(extract), houses(extract)
    twins = ambiguous(everything)
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for house in everything:
        numbers[key(house.street), house.city].add(house.number.casefold())
    streets = {street for street, _ in numbers}
    tallies: dict[str, Tally] = {}
    doubled = Tally()
    for name, make in noise.WESTERN.items():
        chance = random.Random(f"{SEED} {name}")
        rows = [(make(house, chance), house) for house in chance.sample(everything, a_class)]
        if name == "(b) no town":
            doubled = judge(index, [(text, right_house(house)) for text, house in rows if place_of(house) in twins])
            rows = [(text, house) for text, house in rows if place_of(house) not in twins]
        tallies[name] = judge(index, [(text, right_house(house)) for text, house in rows])
    chance = random.Random(f"{SEED} absent")
    absent = [
        noise.absent(house, _taken(index, house, numbers), chance) for house in chance.sample(everything, a_class)
    ]
    tallies["(f) no such number"] = judge(index, [(text, nothing_is_right) for text in absent])
    assert streets
    return tallies, doubled


def _taken(index: AddressIndex, house: House, numbers: dict[tuple[str, str], set[str]]) -> set[str]:
    spanned = {door.number for host in index.named(key(house.street)) for door in index.all_doors(host)}
    return numbers[key(house.street), house.city] | spanned


def chinese(extract: Path, state: str) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Return the tally of each spelling of the pairs of an extract, the doubled numbers apart."""
    index, found = open_index(extract), pairs(extract)
    tallies: dict[str, Tally] = {}
    doubled: dict[str, Tally] = {}
    for single, into in ((True, tallies), (False, doubled)):
        chosen = [pair for pair in found if pair.doubled is not single]
        for form in noise.pair_forms(chosen[0], state) if chosen else ():
            into[form] = judge(index, [(noise.pair_forms(pair, state)[form], right_building(pair)) for pair in chosen])
    return tallies, doubled


def right_building(pair: Pair | Truth) -> Right:
    """Return the judge of a Chinese answer: that very building of the map."""

    def right(place: Place) -> bool:
        if place.precision not in FINE:
            return False
        if place.entrance_id:
            return place.entrance_id.split("|")[0] == pair.id
        return key(place.label).endswith(key(f"{pair.number}{pair.word}"))

    return right


def town(folder: Path, a_class: int) -> tuple[dict[str, Tally], int]:
    """Return the tally of each class on the generated town, and how many buildings it has."""
    made = make_town(folder / "town.osm.pbf", seed=SEED)
    index = open_index(made.path)
    numbers: dict[str, set[str]] = defaultdict(set)
    for truth in made.truths:
        numbers[truth.site].add(truth.number.casefold())
    tallies = {}
    for name, make in noise.CHINESE.items():
        chance = random.Random(f"{SEED} {name}")
        tallies[name] = judge(
            index, [(make(truth, chance), right_building(truth)) for truth in chance.sample(made.truths, a_class)]
        )
    chance = random.Random(f"{SEED} absent")
    absent = [
        noise.absent_building(truth, numbers[truth.site], chance) for truth in chance.sample(made.truths, a_class)
    ]
    tallies["no such number"] = judge(index, [(text, nothing_is_right) for text in absent])
    chance = random.Random(f"{SEED} misspelt")
    rows = [
        (noise.misspelt_site(truth, chance), right_building(truth)) for truth in chance.sample(made.truths, a_class)
    ]
    tallies["one character wrong"] = judge(index, rows)
    return tallies, len(made.truths)


def speed(extract: Path) -> str:
    """Return how long the index takes to build and to open, and 10,000 addresses to find."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        start = time.perf_counter()
        open_index(extract, cache=cache)
        built = time.perf_counter()
        index = open_index(extract, cache=cache)
        opened = time.perf_counter()
    everything = houses(extract)
    chance = random.Random(SEED)
    makers = list(noise.WESTERN.values())
    queries = [Query(str(at), chance.choice(makers)(chance.choice(everything), chance)) for at in range(10_000)]
    begin = time.perf_counter()
    locate(queries, index, Settings())
    took = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        "| what | measured | target |\n|---|---|---|\n"
        f"| build the index of {extract.name}, {len(index.tables.doors)} doors | {built - start:.1f} s | <= 10 s |\n"
        f"| open it from the cache | {opened - built:.2f} s | <= 0.3 s |\n"
        f"| 10,000 addresses of all classes, one core | {took:.1f} s | <= 20 s |\n"
        f"| peak memory of this whole measurement | {memory:.0f} MB | <= 500 MB |\n"
    )


def reliability(tallies: list[Tally]) -> str:
    """Return how many answers were right, by their score."""
    bands = [(0.97, 1.01), (0.95, 0.97), (0.93, 0.95), (0.9, 0.93), (0.85, 0.9), (0.7, 0.85), (0.5, 0.7), (0.0, 0.5)]
    lines = ["| score | answers | right | share |", "|---|---|---|---|"]
    answers = [answer for tally in tallies for answer in tally.answers]
    for low, high in bands:
        inside = [right for score, right in answers if low <= score < high]
        share = f"{100 * sum(inside) / len(inside):.1f} %" if inside else "-"
        lines.append(f"| {low:.2f} to {min(high, 1):.2f} | {len(inside)} | {sum(inside)} | {share} |")
    return "\n".join(lines) + "\n"


__all__ = ["A_CLASS", "DISTRICT", "EXTRACTS", "HEAD", "SHIPPED", "chinese", "reliability", "speed", "town", "western"]
