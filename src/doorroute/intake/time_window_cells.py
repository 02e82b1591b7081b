"""The time windows of a row, with findings about how they were read."""

from __future__ import annotations

from typing import Final

from doorroute.intake import times
from doorroute.intake.row_reader import RowReader
from doorroute.model.resident import Window
from doorroute.texts import Text, msg

_WRITE: Text = msg(
    "Write it as 09:00-11:00 and separate several times with semicolons; format the column as text."
)


def time_windows(reader: RowReader, day: Window) -> tuple[Window, ...]:
    """Read the windows of the row, () for any time, and report doubts. `day` is the span of the shifts."""
    texts, column = _cell(reader)
    if not texts:
        return ()
    read = next((found for text in texts if (found := _windows(text, day)) is not None), None)
    if read is None:
        _warn(
            reader,
            column,
            "WINDOW_UNREADABLE",
            msg("The time could not be read; any time is assumed."),
            _WRITE,
        )
        return ()
    _report(reader, column, read, day)
    return read.windows


def _windows(text: str, day: Window) -> times.Windows | None:
    try:
        return times.windows(text, day)
    except ValueError:
        return None


def _cell(reader: RowReader) -> tuple[tuple[str, ...], str]:
    """Return the possible texts of the time, and the header of its column.

    `earliest` and `latest` are joined into one text.
    """
    if text := reader.text("window"):
        return (text,), reader.cell("window")[1]
    start, end = (
        "" if text.strip().casefold() in _NO_LIMIT else text
        for text in (reader.text("window_start"), reader.text("window_end"))
    )
    column = reader.cell("window_start" if start else "window_end")[1]
    if start and end:
        return (f"{start} - {end}", f"{start} {end}"), column
    if start:
        return (f"from {start}", start), column
    return ((f"until {end}", end) if end else ()), column


_NO_LIMIT: Final = frozenset(
    {"any", "any time", "anytime", "n/a", "none", "-", "/", "无", "不限", "均可", "都可以", "随时"}
)


def _report(reader: RowReader, column: str, read: times.Windows, day: Window) -> None:
    taken = _named(read.windows)
    if read.readings:
        readings = msg(
            "{either} or {or_else}", either=_named(read.readings[0]), or_else=_all(read.readings[1:])
        )
        message = (
            msg(
                "The time may mean {readings}; {windows} is used, which fits both.",
                readings=readings,
                windows=taken,
            )
            if read.windows
            else msg("The time may mean {readings}; any time is assumed.", readings=readings)
        )
        _warn(
            reader,
            column,
            "WINDOW_AMBIGUOUS",
            message,
            msg("Ask which is meant, and write it as 14:00-16:00."),
        )
    elif read.doubted:
        _warn(
            reader,
            column,
            "WINDOW_DOUBTED",
            msg("The time is read as {windows}, because teams are out {day}.", windows=taken, day=day),
            msg("Write it as 02:00-04:00 am or 14:00-16:00 if that is wrong."),
        )
    elif read.assumed:
        reader.findings.note(
            "WINDOW_ASSUMED",
            reader.row.number,
            column,
            msg("The time has no start or end; it is read as {windows}.", windows=taken),
            msg("Write it as 09:00-11:00 if that is wrong."),
        )
    if read.day_named:
        _warn(
            reader,
            column,
            "WINDOW_DAY",
            msg("A date or a day of the week is written with the time; only the time is used."),
            msg("Check that it applies to the day of the plan."),
        )
    if read.remarks:
        _warn(
            reader,
            column,
            "WINDOW_REMARK",
            msg("The cell contains a remark as well as a time; only the time is used."),
            msg("Put the remark in a column named note, so that the team reads it."),
        )


def _named(windows: tuple[Window, ...]) -> str | Text:
    return ", ".join(map(str, windows)) or msg("any time")


def _all(readings: tuple[tuple[Window, ...], ...]) -> str:
    return "; ".join(", ".join(map(str, reading)) for reading in readings)


def _warn(reader: RowReader, column: str, code: str, message: Text, advice: Text) -> None:
    reader.findings.warn(code, reader.row.number, column, message, advice)
