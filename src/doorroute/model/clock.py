"""Clock texts and seconds: inside, a time is whole seconds after local midnight of the plan's day."""

from __future__ import annotations

from typing import Final

DAY_S: Final = 24 * 3600


def clock(seconds: int) -> str:
    """Write seconds after midnight as `HH:MM`, the minute that has begun; past midnight the hours count on (`25:10`)."""
    minutes = seconds // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def duration(seconds: int) -> str:
    """Write a length of time as `H:MM`, rounded to the minute."""
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
