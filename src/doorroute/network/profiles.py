"""How each profile uses a way, by its tags: speed, direction, access. The numbers are in `profiles.toml`."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from doorroute.errors import BadInputError
from doorroute.model.team import Profile
from doorroute.texts import Text, msg

_YES: Final = frozenset({"yes", "true", "1"})
_NO: Final = frozenset({"no", "false", "0"})
GATES: Final = frozenset(
    {"gate", "lift_gate", "swing_gate", "kissing_gate", "bump_gate", "hampshire_gate", "sliding_gate"}
)
_MPH: Final = 1.609344
_LIMITS: Final = ("maxspeed", "source:maxspeed", "maxspeed:type")  # the first with a speed counts
ACCESS: Final = ("access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar")
FERRY: Final = "ferry"
LINE: Final = "doorroute:line"
"""Our own tag: the relation whose `duration` is for all its ways together."""
_BOARDS: Final = frozenset({"yes", "permissive", "designated"})
_WALKED_AREAS: Final = frozenset({"pedestrian", "footway", "living_street"})
_IMPASSABLE: Final = ("impassable", "ice_road", "winter_road")  # ice roads are water in summer
_CAPPED: Final = ("surface", "tracktype", "smoothness")
_UNITS: Final = frozenset({"", "mph", "km/h", "kmh", "kph"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRules:
    """The rules of one profile in `profiles.toml`, where comments explain each field."""

    walk_kmh: float
    access: tuple[str, ...]
    last_metres: tuple[str, ...]
    closed: tuple[str, ...]
    welcome: tuple[str, ...]
    never: tuple[str, ...]
    areas: bool
    oneway: tuple[str, ...]
    barriers_open: tuple[str, ...]
    barriers_closed: tuple[str, ...]
    other_barriers: str
    maxspeed_share: float
    signal_s: float
    gate_s: float
    turn_s: float
    u_turn_s: float
    u_turn_junction_s: float
    across_s: float
    drive_on: str
    turn_restrictions: bool
    sidepath_share: float
    ferry_kmh: float
    ferry_wait_min: float
    no_snap: tuple[str, ...]
    kmh: Mapping[str, float]
    surface: Mapping[str, float]
    service: Mapping[str, float]
    caps: Mapping[str, float]
    zones: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Traversal:
    """How a way may be used: km/h along and against it (0: not at all).

    last_metres : only at the start or end of a leg. snap : doors may be reached from it. sidepath : this
    profile has a separate way next to it, by its tags.
    """

    forward_kmh: float
    backward_kmh: float
    last_metres: bool
    snap: bool
    sidepath: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """The seconds to pass a node; `closed`, or only passed at the start or end of a leg (`last_metres`)."""

    delay_s: float = 0.0
    closed: bool = False
    last_metres: bool = False


_SHUT: Final = Traversal(0.0, 0.0, last_metres=False, snap=False)


@cache
def default_rules() -> Mapping[Profile, ProfileRules]:
    """Return the default rules."""
    return _rules(
        tomllib.loads((files("doorroute.network") / "profiles.toml").read_text(encoding="utf-8")),
        "profiles.toml",
    )


def read_rules(path: Path | None) -> Mapping[Profile, ProfileRules]:
    """Return the default rules with the changes of the TOML file `path`.

    Raises
    ------
    BadInputError
        `PROFILES_MISSING`, `PROFILES_BROKEN` or `PROFILES_WRONG`: no such file, not TOML, a wrong name or
        value.
    """
    if path is None:
        return default_rules()
    try:
        with path.open("rb") as file:
            changes = tomllib.load(file)
    except OSError as error:
        raise BadInputError(
            "PROFILES_MISSING",
            msg("The file of profiles {file} cannot be opened.", file=path.name),
            msg("Check its path."),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInputError(
            "PROFILES_BROKEN",
            msg("The file of profiles {file} is not TOML.", file=path.name),
            msg("Begin with lines such as `[foot.kmh]` and `steps = 2.0`."),
        ) from error
    return _rules(changes, path.name, default_rules())


def faster(rules: ProfileRules, times: float) -> ProfileRules:
    """Return the rules with all speeds multiplied, rounded to a hundredth of a km/h."""
    kmh = {kind: round(times * speed, 2) for kind, speed in rules.kmh.items()}
    return replace(rules, walk_kmh=round(times * rules.walk_kmh, 2), kmh=kmh)


def written(rules: Mapping[Profile, ProfileRules], comment: str) -> str:
    """Return as TOML what differs from the default rules, under a comment."""
    lines = [f"# {comment}"]
    for profile, mine in rules.items():
        shipped = default_rules()[profile]
        tables, values = [], []
        for field in fields(ProfileRules):
            value, usual = getattr(mine, field.name), getattr(shipped, field.name)
            if isinstance(value, Mapping):
                pairs = [
                    f"{json.dumps(key)} = {pair}" for key, pair in value.items() if usual.get(key) != pair
                ]
                tables += ["", f"[{profile}.{field.name}]", *pairs] if pairs else []
            elif value != usual:
                values.append(f"{field.name} = {json.dumps(value)}")
        if values or tables:
            lines += ["", f"[{profile}]", *values, *tables]
    return "\n".join(lines) + "\n"


def traversal(rules: ProfileRules, tags: Mapping[str, str]) -> Traversal:
    """Return how a way with `tags` may be used."""
    kind = way_class(tags)
    permission = _permission(rules, tags)
    welcome = permission in rules.welcome and kind not in rules.never
    usual = _boat_kmh(rules, tags) if kind == FERRY else rules.walk_kmh if welcome else 0.0
    kmh = rules.kmh.get(kind, usual)
    if kmh <= 0 or permission in rules.closed or "yes" in (tags.get(key) for key in _IMPASSABLE):
        return _SHUT
    if tags.get("motorroad") == "yes" and "motorcar" not in rules.access:
        return _SHUT
    if "foot" not in rules.access and tags.get("construction", "no") not in ("no", "minor", "widening"):
        return _SHUT
    if is_area(tags) and not rules.areas:
        return _SHUT
    kmh *= rules.service.get(tags.get("service", ""), 1.0)
    forward = backward = kmh
    if rules.maxspeed_share:
        forward = _limited(rules, kmh, tags, "maxspeed:forward")
        backward = _limited(rules, kmh, tags, "maxspeed:backward")
    cap = min((rules.caps.get(f"{key}={tags.get(key)}", math.inf) for key in _CAPPED), default=math.inf)
    share = rules.surface.get(tags.get("surface", "").split(";")[0], 1.0)
    along, against = _directions(rules, kind, tags)
    return Traversal(
        forward_kmh=min(forward * share, cap) if along else 0.0,
        backward_kmh=min(backward * share, cap) if against else 0.0,
        last_metres=permission in rules.last_metres,
        snap=kind not in (*rules.no_snap, FERRY) and tags.get("tunnel", "no") in ("no", "building_passage"),
        sidepath=permission == "use_sidepath"
        or ("foot" in rules.access and permission is None and _has_own_sidewalk(tags)),
    )


def passage(rules: ProfileRules, tags: Mapping[str, str]) -> Passage:
    """Return the cost of passing a node with `tags`."""
    barrier = tags.get("barrier")
    permission = _permission(rules, tags)
    on_foot = "foot" in rules.access
    if tags.get("highway") == "traffic_signals" or (on_foot and tags.get("crossing") == "traffic_signals"):
        return Passage(delay_s=rules.signal_s)
    if barrier is None:  # access tags of crossings and bus stops say nothing about passing
        return Passage()
    if permission in rules.closed or (permission is None and _stops(rules, barrier)):
        return Passage(closed=True)
    if permission in rules.last_metres or tags.get("locked") == "yes":  # residents open it
        return Passage(delay_s=rules.gate_s, last_metres=True)
    # a gate without access tags is opened; any other barrier left here is open
    return Passage(delay_s=rules.gate_s if barrier in GATES and permission is None else 0.0)


def _has_own_sidewalk(tags: Mapping[str, str]) -> bool:
    """Return whether all sidewalks of the street are mapped separately, by its tags."""
    sides = {tags.get(key) for key in ("sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both")}
    return "separate" in sides and not sides & {"yes", "left", "right", "both"}


def way_class(tags: Mapping[str, str]) -> str:
    """Return the class of a way, as in the table of speeds: its `highway`, or `platform`, `pier`, `ferry`."""
    if FERRY in tags.get("route", "").split(";"):
        return FERRY
    if "highway" in tags:
        return tags["highway"]
    if "platform" in (tags.get("railway"), tags.get("public_transport")):
        return "platform"
    if tags.get("man_made") == "pier":
        return "pier"
    if tags.get("area:highway") in _WALKED_AREAS:
        return tags["area:highway"]
    return "pedestrian" if tags.get("place") == "square" else ""


def is_area(tags: Mapping[str, str]) -> bool:
    """Return whether a way with `tags` outlines an area instead of being a line to travel along."""
    return tags.get("area") == "yes" or (
        "highway" not in tags and ("area:highway" in tags or "place" in tags)
    )


def _boat_kmh(rules: ProfileRules, tags: Mapping[str, str]) -> float:
    """Return the speed of a ferry for this profile; it takes cars only if its tags mention vehicles."""
    keys = [key for key in rules.access if key in tags]
    takes = bool(keys) and tags[keys[0]].split(";")[0].strip() in _BOARDS
    return rules.ferry_kmh if takes and ("motorcar" not in rules.access or keys[0] != "access") else 0.0


def _permission(rules: ProfileRules, tags: Mapping[str, str]) -> str | None:
    return next((tags[key].split(";")[0].strip() for key in rules.access if key in tags), None)


def _stops(rules: ProfileRules, barrier: str) -> bool:
    if barrier in rules.barriers_open:
        return False
    return barrier in rules.barriers_closed or rules.other_barriers == "closed"


def _directions(rules: ProfileRules, kind: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return whether the way may be used along and against the direction in which it was drawn."""
    if kind in ("steps", "footway") and tags.get("conveying") in ("forward", "backward"):
        return tags["conveying"] == "forward", tags["conveying"] == "backward"
    along, against = _oneway(rules, kind, tags)
    for key in rules.access:  # as tagged on turnstiles
        along &= tags.get(f"{key}:forward") not in rules.closed
        against &= tags.get(f"{key}:backward") not in rules.closed
    return along, against


def _oneway(rules: ProfileRules, kind: str, tags: Mapping[str, str]) -> tuple[bool, bool]:
    # the direction of a ferry is the same for every profile
    for key in (*rules.oneway, "oneway") if kind == FERRY else rules.oneway:
        value = tags.get(key)
        if value in _YES:
            # a contraflow lane for bicycles, as mapped before oneway:bicycle existed
            contraflow = key == "oneway" and "oneway:bicycle" in rules.oneway and _contraflow(tags)
            return True, contraflow
        if value in ("-1", "reverse"):
            return False, True
        if value in _NO:
            return True, True
        if value in ("reversible", "alternating"):
            return False, False  # nobody knows its direction when the team arrives
    implied = "oneway" in rules.oneway and (
        tags.get("junction") in ("roundabout", "circular") or kind in ("motorway", "motorway_link")
    )
    return True, not implied


def _contraflow(tags: Mapping[str, str]) -> bool:
    return any(
        tags.get(key, "").startswith("opposite") for key in ("cycleway", "cycleway:left", "cycleway:right")
    )


def _limited(rules: ProfileRules, kmh: float, tags: Mapping[str, str], key: str) -> float:
    """Return the speed under a speed limit: cars drive a share of the limit; others only slow down to it."""
    limit = next((limit for name in (key, *_LIMITS) if (limit := _speed(rules, tags.get(name)))), None)
    if limit is None:
        return kmh
    return limit * rules.maxspeed_share if rules.maxspeed_share < 1 else min(kmh, limit)


def _speed(rules: ProfileRules, value: str | None) -> float | None:
    """Return the km/h of a `maxspeed` in km/h, `mph`, or a zone (`CN:urban`); None for words like `walk`."""
    if zone := rules.zones.get((value or "").partition(":")[2]):
        return zone
    number, _, unit = (value or "").split(";")[0].strip().partition(" ")
    if number.endswith("mph"):
        number, unit = number.removesuffix("mph"), "mph"
    if not number.replace(".", "", 1).isdecimal() or not number.isascii() or unit.strip() not in _UNITS:
        return None
    kmh = float(number) * (_MPH if unit.strip() == "mph" else 1.0)
    return kmh if 1 <= kmh <= 200 else None


def _rules(
    document: Mapping[str, Any], file: str, base: Mapping[Profile, ProfileRules] | None = None
) -> Mapping[Profile, ProfileRules]:
    unknown = sorted(set(document) - set(Profile))
    if unknown:
        raise _wrong(file, unknown[0], msg("the profiles are {known}", known=", ".join(Profile)))
    return {
        profile: _one_profile(
            document.get(profile, {}), f"{file}: [{profile}]", base[profile] if base else None
        )
        for profile in Profile
    }


def _one_profile(table: object, file: str, base: ProfileRules | None) -> ProfileRules:
    types = {field.name: str(field.type) for field in fields(ProfileRules)}
    if not isinstance(table, dict):
        raise _wrong(file, "", msg("a table is expected"))
    unknown = sorted(set(table) - set(types))
    if unknown:
        raise _wrong(file, unknown[0], msg("the names are {known}", known=", ".join(types)))
    changes = {name: _value(types[name], value, f"{file} {name}") for name, value in table.items()}
    if changes.get("walk_kmh") == 0:
        raise _wrong(file, "walk_kmh", msg("the walk to a door takes time"))
    if base is None:
        return ProfileRules(**changes)
    for name in ("kmh", "surface", "service", "caps", "zones"):
        if name in changes:
            changes[name] = {**getattr(base, name), **changes[name]}
    return replace(base, **changes)


def _value(kind: str, value: object, where: str) -> Any:  # noqa: ANN401  # a field of the rules
    if kind == "float" and isinstance(value, int | float) and _is_number(value):
        return float(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "str" and value in (("left", "right") if where.endswith("drive_on") else ("open", "closed")):
        return value
    if kind.startswith("tuple") and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if (
        kind.startswith("Mapping")
        and isinstance(value, dict)
        and all(_is_number(item) for item in value.values())
    ):
        return {key: float(item) for key, item in value.items()}
    raise _wrong(
        where, "", msg("the value does not fit: speeds are 0 to 200 km/h, lists hold words in quotes")
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 200


def _wrong(file: str, name: str, known: Text) -> BadInputError:
    return BadInputError(
        "PROFILES_WRONG",
        msg("{place} {name} cannot be used.", place=file, name=name),
        msg("Compare with the default profiles: {known}.", known=known),
    )
