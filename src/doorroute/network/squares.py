"""Tags of relations that apply to their ways: squares drawn as multipolygons, and ferry lines.

People walk along the outlines of a square, whether it is one closed way or a relation of several. A way with
a class of its own keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from doorroute.network.profiles import FERRY, LINE, way_class

_OUTLINES: Final = frozenset({"outer", "inner", ""})
_ON_BOARD: Final = frozenset({"", "forward", "backward", "main"})


def lent(
    number: int, tags: Mapping[str, str], members: Collection[tuple[str, str, int]]
) -> dict[int, dict[str, str]]:
    """Return the tags that relation `number` gives to its ways, by way id; members are (type, role, id)."""
    kind = way_class(tags)
    about = {key: value for key, value in tags.items() if key != "type"}
    if tags.get("type") == "multipolygon" and kind and kind != FERRY:
        about = about if kind != tags.get("highway") else {**about, "area": "yes"}
        return {ref: about for type_, role, ref in members if type_ == "w" and role in _OUTLINES}
    if tags.get("type") == "route" and kind == FERRY:
        about[LINE] = str(number)
        return {
            ref: _as_drawn(about, role) for type_, role, ref in members if type_ == "w" and role in _ON_BOARD
        }
    return {}


def _as_drawn(tags: dict[str, str], role: str) -> dict[str, str]:
    oneway = {"forward": "yes", "backward": "-1"}.get(role)
    return {**tags, "oneway": oneway} if oneway else tags


def with_own(lent_tags: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of a way together with those of its relation; none if their classes differ."""
    kind = way_class(own)
    if kind and kind != way_class(lent_tags):
        return {}
    return {**{key: value for key, value in lent_tags.items() if key != LINE or "duration" not in own}, **own}
