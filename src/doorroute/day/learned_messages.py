"""Sentences about learned times, for the page, the terminal and the comments in `learned.toml`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorroute.day.learning import DOOR, ENOUGH, PERSON, WALK, Learned
from doorroute.model.team import Profile
from doorroute.texts import Text, msg

PROFILES: Final = {Profile.FOOT: msg("on foot"), Profile.BIKE: msg("by bike"), Profile.CAR: msg("by car")}


def sentence(each: Learned, walk_kmh: float) -> Text:
    """Return a sentence with the learned time, its observations and its error.

    `walk_kmh` is the walking speed that the plan was made with.
    """
    seen = msg("{n} observations, ± {error} %", n=each.observations, error=round(100 * each.share))
    if each.name == f"{WALK}{Profile.FOOT}":
        speed = f"{walk_kmh / each.value:.1f}"
        return msg(
            "Walking: {now} km/h; planned with {was} km/h ({seen}).",
            now=speed,
            was=f"{walk_kmh:.1f}",
            seen=seen,
        )
    if each.name.startswith(WALK):
        profile = PROFILES[Profile(each.name.removeprefix(WALK))]
        return msg(
            "Travel {profile} takes {times} times as long as planned ({seen}).",
            profile=profile,
            times=f"{each.value:.2f}",
            seen=seen,
        )
    now, was = time_of(each.value), time_of(each.was)
    return msg("{what}: {now}; planned with {was} ({seen}).", what=name_of(each), now=now, was=was, seen=seen)


def times_not_learned(learned: Sequence[Learned]) -> Text | None:
    """Return a sentence listing the times that could not be learned, or None if all were."""
    unsure = [each for each in learned if not each.sure]
    if not unsure and learned:
        return None
    if not learned:
        return msg("Nothing could be learned: no team reported two doors in a row.")
    kinds = {
        each.name for each in learned if each.name not in {DOOR, PERSON} and not each.name.startswith(WALK)
    }
    others = msg("each person of any other kind")
    named = [(each, others if kinds and each.name == PERSON else name_of(each)) for each in unsure]
    few = [name for each, name in named if each.observations < ENOUGH]
    wide = [name for each, name in named if each.observations >= ENOUGH]
    if few and wide:
        return msg(
            "Settings kept: {few} (too few observations), {wide} (too uncertain).",
            few=listed(few),
            wide=listed(wide),
        )
    if few:
        return msg("Settings kept: {few} (too few observations).", few=listed(few))
    return msg("Settings kept: {wide} (too uncertain).", wide=listed(wide))


def name_of(each: Learned) -> Text:
    """Return what the time is for."""
    if each.name == DOOR:
        return msg("each door")
    if each.name == PERSON:
        return msg("each person")
    if each.name.startswith(WALK):
        return msg("travel {profile}", profile=PROFILES[Profile(each.name.removeprefix(WALK))])
    return msg("each person, {kind}", kind=each.name)


def time_of(seconds: float) -> Text:
    """Return a duration in minutes and seconds."""
    return msg(
        "{minutes} min {seconds} s", minutes=round(seconds) // 60, seconds=f"{round(seconds) % 60:02d}"
    )


def listed(texts: Sequence[Text]) -> Text:
    """Join texts with commas."""
    first, *rest = texts
    return msg("{first}, {rest}", first=first, rest=listed(rest)) if rest else first
