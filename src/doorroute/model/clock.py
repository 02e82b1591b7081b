"""Write times and durations as text. A time is whole seconds after local midnight of the plan's day."""

from __future__ import annotations

from typing import Final

DAY_S: Final = 24 * 3600


def clock(seconds: int) -> str:
    """Return a time, rounded down to the minute, as `HH:MM`; `01:10+1` on the next day, as in timetables."""
    days, minutes = divmod(seconds // 60, DAY_S // 60)
    if days == 1 and minutes == 0:
        return "24:00"
    return f"{minutes // 60:02d}:{minutes % 60:02d}" + (f"+{days}" if days else "")


def duration(seconds: int) -> str:
    """Return a duration as `H:MM`, rounded to the minute."""
    minutes = (seconds + 30) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"
