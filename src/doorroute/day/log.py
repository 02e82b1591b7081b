"""The day's log: an append-only file with one event a line, flushed to the disk on every write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from doorroute.day.events import Event, Outcome
from doorroute.disk.files import parsed
from doorroute.disk.takeover import refuse_links
from doorroute.errors import OutsideError, why
from doorroute.model.finding import Finding, warning
from doorroute.model.resident import ResidentId, TeamId, VisitId
from doorroute.texts import msg

LOG: Final = "log.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What `append` did: the `new` events it added, and how many were `known` already.

    `late` are new events that are older than the last one known for their residents.
    """

    new: tuple[Event, ...]
    known: int
    late: tuple[Event, ...]


def read_log(folder: Path) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Read the log in `folder`; no file means no events. A damaged line is skipped with a finding.

    Raises
    ------
    OutsideError
        The file exists but cannot be read.
    """
    return from_lines(_bytes(folder / LOG))


def from_lines(lines: bytes) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Parse the lines that `to_lines` wrote, as `read_log` does."""
    events: list[Event] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            events.append(_event(parsed(line)))
        except (ValueError, KeyError, TypeError):
            findings.append(
                warning(
                    code="LOG_LINE_BROKEN",
                    table="results",
                    row=number,
                    message=msg("Line {row} of the day's log is damaged; it is skipped.", row=number),
                    advice=msg("Read those results again. Reading a result twice does no harm."),
                )
            )
    return tuple(events), tuple(findings)


def append(folder: Path, events: Iterable[Event], known: Iterable[Event] | None = None) -> Logged:
    """Add the events that the log does not have yet, in one write that is flushed to the disk.

    `known` holds the events of the log, if the caller has read it already.

    Raises
    ------
    BadInputError
        The file is a link to another place.
    OutsideError
        The file cannot be read or written.
    """
    held = tuple(read_log(folder)[0] if known is None else known)
    ids = {event.id for event in held}
    given = tuple(events)
    fresh = tuple({event.id: event for event in given if event.id not in ids}.values())
    last: dict[str, int] = {}
    for event in held:
        for about in event.residents or (event.visit,):
            last[about] = max(last.get(about, 0), event.time_s)
    if fresh:
        refuse_links(folder, [LOG])
        _write(folder / LOG, to_lines(fresh))
    late = tuple(
        e for e in fresh if e.time_s < max(last.get(about, 0) for about in e.residents or (e.visit,))
    )
    return Logged(new=fresh, known=len(given) - len(fresh), late=late)


def to_lines(events: Iterable[Event]) -> bytes:
    """Return the events as JSON lines."""
    return "".join(json.dumps(_written(event), ensure_ascii=False) + "\n" for event in events).encode()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _failed(path, error) from error


def _write(path: Path, lines: bytes) -> None:
    try:
        held = _bytes(path)
        # a half-written line must not spoil the next one
        line_break = b"\n" if held and not held.endswith(b"\n") else b""
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(line_break + lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> OutsideError:
    return OutsideError(
        "LOG_FAILED",
        msg("The day's log {file} cannot be read or written: {why}.", file=path.name, why=why(error)),
        msg("Free disk space or get write permission, then read the results again."),
    )


def _written(event: Event) -> dict[str, object]:
    return {
        "id": event.id,
        "day": event.day,
        "time_s": event.time_s,
        "visit": event.visit,
        "residents": list(event.residents),
        "outcome": event.outcome.value,
        "team": event.team,
        "source": event.source,
        "note": event.note,
        "revision": event.revision,
    }


def _event(line: object) -> Event:
    if not isinstance(line, dict):
        raise TypeError("no event")
    event = Event(
        day=str(line["day"]),
        time_s=int(line["time_s"]),
        visit=VisitId(str(line["visit"])),
        residents=tuple(ResidentId(str(each)) for each in line["residents"]),
        outcome=Outcome(line["outcome"]),
        team=None if line["team"] is None else TeamId(str(line["team"])),
        source=str(line["source"]),
        note=str(line["note"]),
        revision=int(line.get("revision", 0)),
    )
    if event.id != line["id"]:
        raise ValueError("the line was changed")
    return event
