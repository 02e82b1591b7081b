"""What can be set for a day, with its defaults. Read from TOML at the edge; unknown keys are refused there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from doorroute.model.place import Datum


class Objective(StrEnum):
    """What a plan is to do best."""

    FINISH = "finish"  # the last team home soonest, then least travel
    TRAVEL = "travel"  # least travel


def _seconds(default: int, help_text: str) -> int:
    value: int = field(default=default, metadata={"help": help_text})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTimes:
    """Seconds that a visit takes.

    At the door: `door_s` once, and `resident_s` for each person whose row says nothing else. A swab by the book takes about a
    minute; with greeting, checking the name and disinfecting, teams report 3 to 5 minutes a person.
    """

    door_s: int = _seconds(60, "ring, wait, greet: once a door")
    resident_s: int = _seconds(180, "check the name, swab, seal: each person")
    entrance_s: int = _seconds(60, "from the street through gate and hall: once a building")
    lift_s: int = _seconds(60, "wait for a lift and ride, up and down: once a building, where floor > 1")
    floor_s: int = _seconds(30, "one floor of stairs, up (18 s) and down again (12 s), where there is no lift")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a day can be set to."""

    service: ServiceTimes = ServiceTimes()
    max_snap_m: int = field(
        default=150, metadata={"help": "tell about doors that lie further than this from any street"}
    )
    min_score: float = field(
        default=0.9, metadata={"help": "addresses found with less than this are asked about, never guessed"}
    )
    datum: Datum = field(
        default=Datum.WGS84, metadata={"help": "of coordinates whose row names none: wgs84, gcj02 or bd09"}
    )

    def __post_init__(self) -> None:
        if not 0 <= self.min_score <= 1:
            raise ValueError("min_score is 0 to 1")
