"""The day that a folder holds: its ids and its log go on in every plan of that day, and no other day takes its place while it is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.disk.files import parsed, sha256_of, write_whole
from doorroute.errors import BadInputError, DoorrouteError
from doorroute.model.finding import Finding, warning
from doorroute.pipeline.plan_folder import PLAN, read_plan
from doorroute.pipeline.request import FILES, IDS, request_from_json
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from doorroute.day import Event
    from doorroute.intake import Record
    from doorroute.model.plan import Plan
    from doorroute.pipeline.wiring import Planned

CLOSED: Final = "closed.json"
"""Says that the report of the day was written, and of which plan and log."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """The day that a folder holds: `open` from its first page until its report; `events` its log, `record` its ids."""

    plan: Plan
    open: bool
    events: tuple[Event, ...]
    record: Record

    @property
    def date(self) -> str:
        """Return the day."""
        return self.plan.date


def held_in(out: Path, date: str, *, close_day: bool = False) -> Held | None:
    """Return what `out` holds for a plan of `date` to be written there: the same day, or another one that may be put aside; None for no day at all.

    Raises
    ------
    BadInputError
        `DAY_OPEN`: another day is open there, and `close_day` was not said. `LOG_WITHOUT_PLAN`: there are
        results without their plan.
        `IDS_LOST`: whom the ids of the day meant cannot be read any more.
    """
    from doorroute.day import LOG, read_log
    from doorroute.intake import Record

    if not out.is_dir() or (plan := _plan_in(out)) is None:
        if out.is_dir() and read_log(out)[0]:
            raise BadInputError(
                "LOG_WITHOUT_PLAN",
                msg(
                    "{folder} holds the results of a day ({file}) without its plan.",
                    folder=str(out),
                    file=LOG,
                ),
                msg("Choose another folder with --out, or move that file away."),
            )
        return None
    events, _ = events_of(out, plan)
    if plan.date != date:
        still = is_open(out, plan)
        if still and not close_day:
            raise _open(out, plan.date)
        return Held(plan=plan, open=still, events=events, record=Record(day=plan.date))
    return Held(plan=plan, open=True, events=events, record=_record_of(out, plan))


def _plan_in(out: Path) -> Plan | None:
    """Read the plan in `out`; one that cannot be read is as good as none."""
    from doorroute.pipeline.plan_folder import plan_in

    try:
        return plan_in(out)
    except BadInputError:
        return None


def is_open(home: Path, plan: Plan) -> bool:
    """Say whether the plan's day goes on: pages were made, or results read, and no report was written since."""
    from doorroute.day import LOG, read_log

    if not plan.routes and not read_log(home)[0]:
        return False
    with suppress(OSError, ValueError, AttributeError):
        said = parsed((home / CLOSED).read_bytes())
        log = sha256_of(home / LOG) if (home / LOG).is_file() else None
        return (said.get("plan"), said.get("log")) != (sha256_of(home / PLAN), log)
    return True


def close(home: Path) -> None:
    """Note that the report of the plan in `home` was written; the plans that it was made from close with it, where all that their logs say is in this one.

    Raises
    ------
    OSError
        The note cannot be written.
    """
    from doorroute.day import LOG, read_log
    from doorroute.pipeline.plan_folder import plan_in

    told = {event.id for event in events_of(home, plan_in(home))[0]}
    for folder in (home, *_before(home)):
        if {event.id for event in read_log(folder)[0]} <= told:
            log = sha256_of(folder / LOG) if (folder / LOG).is_file() else None
            write_whole(folder / CLOSED, json.dumps({"plan": sha256_of(folder / PLAN), "log": log}) + "\n")


def _before(home: Path) -> Iterator[Path]:
    """Give the folders beside this one that its plan was made from, the nearest first."""
    beside = {sha256_of(file): file.parent for file in home.resolve().parent.glob(f"*/{PLAN}")}
    while (folder := beside.pop(_parent_of(home) or "", None)) is not None:
        yield folder
        home = folder


def _parent_of(home: Path) -> str | None:
    with suppress(DoorrouteError):
        return str(read_plan(home).get("parent") or "")
    return None


def plans_after(home: Path) -> Iterator[Path]:
    """Give the folders beside this one whose plans were made from it, or from those."""
    beside = {
        file.parent: _parent_of(file.parent) for file in sorted(home.resolve().parent.glob(f"*/{PLAN}"))
    }
    made_from = [sha256_of(home / PLAN)]
    for sha256 in made_from:
        for folder in [folder for folder, parent in beside.items() if parent == sha256]:
            beside.pop(folder)
            made_from.append(sha256_of(folder / PLAN))
            yield folder


def record_in(home: Path) -> Record:
    """Return the ids that the day of the plan in `home` has given away, there and in the plans that were made from it beside it.

    Raises
    ------
    BadInputError
        `IDS_LOST`: they cannot be read any more.
    """
    from doorroute.pipeline.plan_folder import plan_in

    record = _record_of(home, plan_in(home))
    for folder in plans_after(home):
        if IDS in dict((plan := plan_in(folder)).inputs):
            record = record.with_others(_record_of(folder, plan))
    return record


def _record_of(home: Path, plan: Plan) -> Record:
    """Read the record; for a plan of an earlier version it is made of the lists, if they are as they were."""
    from doorroute.intake import Record, record_from, record_of
    from doorroute.pipeline.reading import read_tables
    from doorroute.pipeline.saved_plan import must_be_unchanged

    try:
        if (entry := dict(plan.inputs).get(IDS)) is not None:
            must_be_unchanged(plan, home, {IDS})
            return record_from((home / entry.file).read_bytes())
        must_be_unchanged(plan, home, lists_of(plan))
        request = request_from_json(read_plan(home), plan, home, None)
        tables = read_tables(
            request.residents,
            mapping=request.mapping,
            sheets=request.sheets,
            settings=request.settings,
            added=request.added,
        )
        return record_of(tables.visits, Record(day=plan.date), len(tables.visits))
    except (BadInputError, OSError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInputError(
            "IDS_LOST",
            msg("The plan in {folder} has given out numbers, and whom they mean cannot be read any more.", folder=str(home)),
            msg("Put {file} back as it was, or choose another folder.", file=FILES[IDS])
            if IDS in dict(plan.inputs)
            else msg("An earlier version made it: put its lists back as they were, or choose another folder."),
        ) from error  # fmt: skip


def lists_of(plan: Plan) -> set[str]:
    """Return the names of the inputs that are lists of residents."""
    return {name for name, _ in plan.inputs if name == "residents" or name.startswith("added-")}


def events_of(home: Path, plan: Plan) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Read the log beside a plan, and those of the plans that it was made from: what was read there since counts too."""
    events, findings = own_events(home, plan)
    return tuple({event.id: event for event in (*events, *_events_before(home, plan))}.values()), findings


def own_events(home: Path, plan: Plan) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Read the log beside a plan. In logs of earlier versions an event may name nobody: it means all behind the door by the plan of that version, and is refused beside a later one."""
    from doorroute.day import doors_of, read_log
    from doorroute.day.events import with_residents

    events, findings = read_log(home)
    if IDS not in dict(plan.inputs):
        return with_residents(events, doors_of(plan)), findings
    nobody = [event for event in events if not event.residents]
    if nobody:
        text = msg("{n} results of an earlier version name no residents; they do not count.", n=len(nobody))
        told = warning("NO_RESIDENTS", text, msg("Read the results of that time again: what is known already does no harm."))  # fmt: skip
        findings = (*findings, told)
    return tuple(event for event in events if event.residents), findings


def _events_before(home: Path, plan: Plan) -> tuple[Event, ...]:
    """Return what was read into the folders beside this one that its plan was made from."""
    from doorroute.pipeline.plan_folder import plan_in

    for folder in _before(home) if plan.parent else ():
        with suppress(DoorrouteError):
            return events_of(folder, plan_in(folder))[0]
    return ()


def planned_anew(home: Path, advice: Text, *, but: Path | None = None) -> tuple[Finding, ...]:
    """Tell in which folders beside this one its plan was made anew since, `but` one: the day goes on there."""
    mine = sha256_of(home / PLAN)
    beside = [file.parent for file in sorted(home.resolve().parent.glob(f"*/{PLAN}"))]
    later = [
        folder for folder in beside if _parent_of(folder) == mine and (but is None or folder != but.resolve())
    ]
    return tuple(
        warning(
            "PLANNED_ANEW", msg("This plan was made anew since, in {folder}.", folder=folder.name), advice
        )
        for folder in later
    )


def must_go_on(planned: Planned, out: Path, held: Held | None) -> None:
    """Raise BadInputError where `out` holds a plan of the same day whose ids do not go on in the new one."""
    same_day = held is not None and held.date == planned.request.date
    if held is None or not same_day or (planned.record is not None and planned.record.knows(held.record)):
        return
    raise BadInputError(
        "DAY_UNKNOWN",
        msg("{folder} holds a plan of {day} that the new one does not know.", folder=str(out), day=held.date),
        msg("Plan again for that folder, so that its numbers go on, or choose another folder."),
    )


def _open(out: Path, day: str) -> BadInputError:
    return BadInputError(
        "DAY_OPEN",
        msg("{folder} holds the plan of {day}, and that day has no report yet.", folder=str(out), day=day),
        msg(
            "Close it with `doorroute report`, or choose another folder with --out. `doorroute plan` with --date {day} plans that day again; with --close-day it is given up unreported.",
            day=day,
        ),
    )


def write_log(
    fresh: Path, out: Path, held: Held | None, date: str, more: tuple[Event, ...] | None = None
) -> None:
    """Put into the folder `fresh`, which takes the place of `out`, what becomes of the log there.

    The log of the same day stays, `more` is added to it. That of another day is kept as `log-<day>.jsonl`,
    and a new one begins.
    """
    from doorroute.day import LOG
    from doorroute.day.log import to_lines

    lines = (out / LOG).read_bytes() if held is not None and (out / LOG).is_file() else b""
    if held is not None and held.date != date:
        if lines:
            aside = f"log-{held.date}.jsonl"
            before = (out / aside).read_bytes() if (out / aside).is_file() else b""
            lines += b"" if lines.endswith(b"\n") else b"\n"
            write_whole(fresh / aside, before if before.endswith(lines) else before + lines)
            write_whole(fresh / LOG, b"")
        held = None
    if more is not None:
        known = held.events if held is not None else ()
        ids = {event.id for event in known}
        write_whole(fresh / LOG, to_lines((*known, *(event for event in more if event.id not in ids))))
    elif held is not None and IDS not in dict(held.plan.inputs) and lines:
        write_whole(fresh / LOG, to_lines(held.events))
