"""What was learned, in words: a sentence each, for the page, the terminal and the comments of `learned.toml`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorroute.day.learning import DOOR, ENOUGH, PERSON, WALK, Learned
from doorroute.model.team import Profile
from doorroute.texts import Text, msg

PROFILES: Final = {Profile.FOOT: msg("on foot"), Profile.BIKE: msg("by bike"), Profile.CAR: msg("by car")}


def sentence(each: Learned, walk_kmh: float) -> Text:
    """Return what was learned, from how many observations and how sure; `walk_kmh` is how fast ways on foot were reckoned."""
    seen = msg("{n} observations, ± {error} %", n=each.observations, error=round(100 * each.share))
    if each.name == f"{WALK}{Profile.FOOT}":
        speed = f"{walk_kmh / each.value:.1f}"
        return msg(
            "Walking: {now} km/h; reckoned with {was} ({seen}).", now=speed, was=f"{walk_kmh:.1f}", seen=seen
        )
    if each.name.startswith(WALK):
        profile = PROFILES[Profile(each.name.removeprefix(WALK))]
        return msg("Ways {profile} take {times} times as long as reckoned ({seen}).", profile=profile, times=f"{each.value:.2f}", seen=seen)  # fmt: skip
    now, was = time_of(each.value), time_of(each.was)
    return msg(
        "{what}: {now}; reckoned with {was} ({seen}).", what=name_of(each), now=now, was=was, seen=seen
    )


def kept(learned: Sequence[Learned]) -> Text | None:
    """Return which times the day did not tell, None where it told all."""
    unsure = [each for each in learned if not each.sure]
    if not unsure and learned:
        return None
    if not learned:
        return msg("Nothing could be learned: no team told of two doors one after the other.")
    kinds = {
        each.name for each in learned if each.name not in {DOOR, PERSON} and not each.name.startswith(WALK)
    }
    others = msg("each person of another kind")
    named = [(each, others if kinds and each.name == PERSON else name_of(each)) for each in unsure]
    few = [name for each, name in named if each.observations < ENOUGH]
    wide = [name for each, name in named if each.observations >= ENOUGH]
    if few and wide:
        return msg("Kept as set: {few} (too few observations), {wide} (spread too wide, or not told apart).", few=listed(few), wide=listed(wide))  # fmt: skip
    if few:
        return msg("Kept as set: {few} (too few observations).", few=listed(few))
    return msg("Kept as set: {wide} (spread too wide, or not told apart).", wide=listed(wide))


def name_of(each: Learned) -> Text:
    """Return what the time is of."""
    if each.name == DOOR:
        return msg("once a door")
    if each.name == PERSON:
        return msg("each person")
    if each.name.startswith(WALK):
        return msg("ways {profile}", profile=PROFILES[Profile(each.name.removeprefix(WALK))])
    return msg("each person, {kind}", kind=each.name)


def time_of(seconds: float) -> Text:
    """Return a length of time in minutes and seconds."""
    return msg(
        "{minutes} min {seconds} s", minutes=round(seconds) // 60, seconds=f"{round(seconds) % 60:02d}"
    )


def listed(texts: Sequence[Text]) -> Text:
    """Return all texts in a row, apart by commas."""
    first, *rest = texts
    return msg("{first}, {rest}", first=first, rest=listed(rest)) if rest else first
