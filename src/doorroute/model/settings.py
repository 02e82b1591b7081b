"""The settings of a day and their defaults. Other modules read them from TOML and refuse unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from doorroute.model.place import Datum
from doorroute.texts import Text, msg


class Objective(StrEnum):
    """What a plan minimises."""

    FINISH = "finish"  # the last return, then travel
    TRAVEL = "travel"  # travel
    TEAMS = "teams"  # the number of teams
    BALANCE = "balance"  # the difference between the longest and the shortest route


class ClassRule(StrEnum):
    """How homes of different infection classes are separated."""

    ORDER = "order"  # on a route the class never falls
    APART = "apart"  # a route has visits of one class only
    TEAMS = "teams"  # as ORDER, and a team takes only the classes in its row (regular if none)


class Region(StrEnum):
    """Which navigation apps the teams' pages offer."""

    AUTO = "auto"  # by where each door is
    CHINA = "china"  # Amap, Baidu, Tencent
    WORLD = "world"  # Google, OsmAnd, Organic Maps


def _seconds(default: int, help_text: Text) -> int:
    value: int = field(default=default, metadata={"help": help_text})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTimes:
    """Seconds that a visit takes.

    At the door: `door_s` once, and `resident_s` for each person whose row gives no time. A swab by the book
    takes about a minute; with greeting, checking the name and disinfecting, teams report 3 to 5 minutes a
    person.
    """

    door_s: int = _seconds(60, msg("ring, wait, greet: once a door"))
    resident_s: int = _seconds(180, msg("check the name, swab, seal: each person"))
    entrance_s: int = _seconds(60, msg("from the street through gate and hall: once a building"))
    lift_s: int = _seconds(60, msg("wait for a lift and ride, up and down: once a building, where floor > 1"))
    floor_s: int = _seconds(
        30, msg("one floor of stairs, up (18 s) and down again (12 s), where there is no lift")
    )
    gear_s: int = _seconds(
        0, msg("change protective gear before a visit of a higher class than the visit before it")
    )
    reload_s: int = _seconds(300, msg("hand in samples and fetch kits at a depot in mid-route"))
    kinds: Mapping[str, int] = field(
        default_factory=dict,
        metadata={"help": msg("each person of a kind, such as bedridden = 420, whose row says nothing else")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The price of each unmet wish in seconds of travel: it is granted if it costs no more. 0 turns it off.

    Visits without an area, a last team or a team in the previous plan have no such wish, nor do unassigned
    visits. A change of area counts between consecutive doors, breaks ignored, but not across a depot.
    """

    home_area_s: int = _seconds(0, msg("a visit outside the home area of a team that has one"))
    same_team_s: int = _seconds(0, msg("a visit by another team than last time"))
    little_change_s: int = _seconds(0, msg("a visit by another team than in the plan before"))
    compact_s: int = _seconds(0, msg("each way from one area into another on a route"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a day; each field except the tables has its help text in `metadata`."""

    service: ServiceTimes = ServiceTimes()
    wishes: Wishes = Wishes()
    class_rule: ClassRule = field(
        default=ClassRule.ORDER,
        metadata={
            "help": msg(
                "order: the class never falls on a route; apart: one class a route; teams: by the teams' rows"
            )
        },
    )
    max_sample_age_s: int | None = field(
        default=None,
        metadata={"help": msg("from the first swab of a trip to its hand-in at a lab; none: no limit")},
    )
    max_snap_m: int = field(
        default=150, metadata={"help": msg("warn of doors that are further than this from any street")}
    )
    min_score: float = field(
        default=0.9,
        metadata={"help": msg("addresses found with a lower score are asked about, never guessed")},
    )
    extract_around_m: int = field(
        default=15_000,
        metadata={
            "help": msg(
                "of a large extract, read what lies within this of depots and given positions; 0: all of it"
            )
        },
    )
    datum: Datum | None = field(
        default=None,
        metadata={
            "help": msg(
                "for coordinates that name none: wgs84, gcj02 or bd09;"
                " none: decided by what their addresses name on the map"
            ),
            "kind": Datum,
            "example": "gcj02",
        },
    )
    region: Region = field(
        default=Region.AUTO,
        metadata={
            "help": msg(
                "navigation apps that the teams' pages offer: auto by where the door is;"
                " china: Amap, Baidu, Tencent; world: Google, OsmAnd, Organic Maps"
            )
        },
    )

    dispatcher_phone: str = field(
        default="",
        metadata={
            "help": msg(
                "the office's telephone: a team's page that cannot open shows it, for everyone to read"
            )
        },
    )
    lock_after_min: int = field(
        default=60,
        metadata={"help": msg("a page asks for its code again after so many minutes without a touch")},
    )

    def __post_init__(self) -> None:
        if not 0 <= self.min_score <= 1:
            raise ValueError("min_score is 0 to 1")
        if self.lock_after_min < 1:
            raise ValueError("lock_after_min is 1 or more")
