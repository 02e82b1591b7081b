"""The day that a folder holds. Its ids and log continue in every plan of that day.

No other day may take its place until its report is written.
"""

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
    from doorroute.intake import IdRecord
    from doorroute.model.plan import Plan
    from doorroute.pipeline.wiring import CheckedPlan

CLOSED: Final = "closed.json"
"""Written with the report of the day: the hashes of the plan and log that it reports."""


@dataclass(frozen=True, kw_only=True)
class OpenDay:
    """The day that a folder holds: `events` is its log, `record` its ids; `open` until it is reported."""

    plan: Plan
    open: bool
    events: tuple[Event, ...]
    record: IdRecord

    @property
    def date(self) -> str:
        """Return the day as YYYY-MM-DD."""
        return self.plan.date


def held_in(out: Path, date: str, *, close_day: bool = False) -> OpenDay | None:
    """Return the day that `out` holds, None if there is none, before a plan of `date` is written there.

    Raises
    ------
    BadInputError
        `DAY_OPEN`: another day is open there, and `close_day` is not set. `LOG_WITHOUT_PLAN`: there are
        results without their plan. `IDS_LOST`: the record of the day's ids cannot be read.
    """
    from doorroute.day import LOG, read_log
    from doorroute.intake import IdRecord

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
        return OpenDay(plan=plan, open=still, events=events, record=IdRecord(day=plan.date))
    return OpenDay(plan=plan, open=True, events=events, record=_record_of(out, plan))


def _plan_in(out: Path) -> Plan | None:
    """Return the plan in `out`, None if there is none or it cannot be read."""
    from doorroute.pipeline.plan_folder import plan_in

    try:
        return plan_in(out)
    except BadInputError:
        return None


def is_open(home: Path, plan: Plan) -> bool:
    """Return whether the plan's day is open: it has pages or results, and no report since."""
    from doorroute.day import LOG, read_log

    if not plan.routes and not read_log(home)[0]:
        return False
    with suppress(OSError, ValueError, AttributeError):
        said = parsed((home / CLOSED).read_bytes())
        log = sha256_of(home / LOG) if (home / LOG).is_file() else None
        return (said.get("plan"), said.get("log")) != (sha256_of(home / PLAN), log)
    return True


def close(home: Path) -> None:
    """Mark the day of the plan in `home` as closed, and the earlier plans whose events are all in its log.

    Raises
    ------
    OSError
        `closed.json` cannot be written.
    """
    from doorroute.day import LOG, read_log
    from doorroute.pipeline.plan_folder import plan_in

    known = {event.id for event in events_of(home, plan_in(home))[0]}
    for folder in (home, *_before(home)):
        if {event.id for event in read_log(folder)[0]} <= known:
            log = sha256_of(folder / LOG) if (folder / LOG).is_file() else None
            write_whole(folder / CLOSED, json.dumps({"plan": sha256_of(folder / PLAN), "log": log}) + "\n")


def _before(home: Path) -> Iterator[Path]:
    """Yield the sibling folders of the plans that this one was made from, the latest first."""
    beside = {sha256_of(file): file.parent for file in home.resolve().parent.glob(f"*/{PLAN}")}
    while (folder := beside.pop(_parent_of(home) or "", None)) is not None:
        yield folder
        home = folder


def _parent_of(home: Path) -> str | None:
    with suppress(DoorrouteError):
        return str(read_plan(home).get("parent") or "")
    return None


def plans_after(home: Path) -> Iterator[Path]:
    """Yield the sibling folders whose plans were made from this one, directly or in several steps."""
    beside = {
        file.parent: _parent_of(file.parent) for file in sorted(home.resolve().parent.glob(f"*/{PLAN}"))
    }
    made_from = [sha256_of(home / PLAN)]
    for sha256 in made_from:
        for folder in [folder for folder, parent in beside.items() if parent == sha256]:
            beside.pop(folder)
            made_from.append(sha256_of(folder / PLAN))
            yield folder


def record_in(home: Path) -> IdRecord:
    """Return the ids given out on the day of the plan in `home`, including those of plans made from it.

    Raises
    ------
    BadInputError
        `IDS_LOST`: they cannot be read.
    """
    from doorroute.pipeline.plan_folder import plan_in

    record = _record_of(home, plan_in(home))
    for folder in plans_after(home):
        if IDS in dict((plan := plan_in(folder)).inputs):
            record = record.merged_with(_record_of(folder, plan))
    return record


def _record_of(home: Path, plan: Plan) -> IdRecord:
    """Return the record of ids. For a plan of an earlier version, make it from its unchanged lists."""
    from doorroute.intake import IdRecord, parse_record, updated_record
    from doorroute.pipeline.reading import read_tables
    from doorroute.pipeline.saved_plan import must_be_unchanged

    try:
        if (entry := dict(plan.inputs).get(IDS)) is not None:
            must_be_unchanged(plan, home, {IDS})
            return parse_record((home / entry.file).read_bytes())
        must_be_unchanged(plan, home, lists_of(plan))
        request = request_from_json(read_plan(home), plan, home, None)
        tables = read_tables(
            request.residents,
            mapping=request.mapping,
            sheets=request.sheets,
            settings=request.settings,
            added=request.added,
        )
        return updated_record(tables.visits, IdRecord(day=plan.date), len(tables.visits))
    except (BadInputError, OSError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInputError(
            "IDS_LOST",
            msg(
                "The plan in {folder} has given out numbers, but the record of who has which "
                "cannot be read.", folder=str(home)),
            msg("Put {file} back as it was, or choose another folder.", file=FILES[IDS])
            if IDS in dict(plan.inputs)
            else msg("An earlier version made it: put its lists back unchanged, or choose another folder."),
        ) from error  # fmt: skip


def lists_of(plan: Plan) -> set[str]:
    """Return the names of the inputs that are lists of residents."""
    return {name for name, _ in plan.inputs if name == "residents" or name.startswith("added-")}


def events_of(home: Path, plan: Plan) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Return the events in the logs of the plan and of the plans that it was made from, and findings."""
    events, findings = own_events(home, plan)
    return tuple({event.id: event for event in (*events, *_events_before(home, plan))}.values()), findings


def own_events(home: Path, plan: Plan) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Return the events of the plan's own log, and findings.

    Events in logs of earlier versions may name no residents. With a plan of such a version they mean
    everybody at the door; with a later plan they do not count.
    """
    from doorroute.day import doors_of, read_log
    from doorroute.day.events import with_residents

    events, findings = read_log(home)
    if IDS not in dict(plan.inputs):
        return with_residents(events, doors_of(plan)), findings
    nobody = [event for event in events if not event.residents]
    if nobody:
        text = msg("{n} results of an earlier version name no residents; they do not count.", n=len(nobody))
        advice = msg("Read those results again. Reading a result twice does no harm.")
        findings = (*findings, warning("NO_RESIDENTS", text, advice))
    return tuple(event for event in events if event.residents), findings


def _events_before(home: Path, plan: Plan) -> tuple[Event, ...]:
    """Return the events of the plan that this one was made from, as far as its folder is a sibling."""
    from doorroute.pipeline.plan_folder import plan_in

    for folder in _before(home) if plan.parent else ():
        with suppress(DoorrouteError):
            return events_of(folder, plan_in(folder))[0]
    return ()


def planned_anew(home: Path, advice: Text, *, but: Path | None = None) -> tuple[Finding, ...]:
    """Return a warning for each sibling folder, except `but`, that holds a re-plan of this plan."""
    mine = sha256_of(home / PLAN)
    siblings = [file.parent for file in sorted(home.resolve().parent.glob(f"*/{PLAN}"))]
    later = [each for each in siblings if _parent_of(each) == mine and (but is None or each != but.resolve())]
    return tuple(
        warning(
            "PLANNED_ANEW", msg("This plan was re-planned later, in {folder}.", folder=folder.name), advice
        )
        for folder in later
    )


def must_go_on(planned: CheckedPlan, out: Path, held: OpenDay | None) -> None:
    """Raise BadInputError if `out` holds a plan of the same day whose ids are not in the new one."""
    same_day = held is not None and held.date == planned.request.date
    if held is None or not same_day or (planned.record is not None and planned.record.knows(held.record)):
        return
    raise BadInputError(
        "DAY_UNKNOWN",
        msg(
            "{folder} got a plan of {day} while this one was being made; their numbers differ.",
            folder=str(out),
            day=held.date,
        ),
        msg("Plan again into that folder to keep its numbers, or choose another folder."),
    )


def _open(out: Path, day: str) -> BadInputError:
    return BadInputError(
        "DAY_OPEN",
        msg("{folder} holds the plan of {day}, and that day has no report yet.", folder=str(out), day=day),
        msg(
            "Close it with `doorroute report`, or choose another folder with --out. "
            "To plan that day again, use --date {day}; to give it up without a report, use --close-day.",
            day=day,
        ),
    )


def write_log(
    fresh: Path, out: Path, held: OpenDay | None, date: str, more: tuple[Event, ...] | None = None
) -> None:
    """Write the day's log into `fresh`, the folder that will replace `out`.

    The log of the same day is kept and `more` is added. The log of another day is kept as
    `log-<day>.jsonl`, and a new one begins.
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
