"""Clock texts and seconds: inside, a time is whole seconds after local midnight of the plan's day."""

from __future__ import annotations

from typing import Final

DAY_S: Final = 24 * 3600


def clock(seconds: int) -> str:
    """Write seconds after midnight as `HH:MM`, the minute that has begun; of the next day as timetables do (`01:10+1`)."""
    days, minutes = divmod(seconds // 60, DAY_S // 60)
    if days == 1 and minutes == 0:
        return "24:00"
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f"+{days}" if days else "")


def duration(seconds: int) -> str:
    """Write a length of time as `H:MM`, rounded to the minute."""
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
