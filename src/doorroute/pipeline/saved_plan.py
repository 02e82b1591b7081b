"""A plan's folder: write it whole, open it, and verify it from the files that the plan was made from."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.day.events import Outcome, doors_of, fold
from doorroute.disk.files import sha256_of, write_whole
from doorroute.errors import BadInputError
from doorroute.model.plan import InputFile, Plan
from doorroute.pipeline.cache_findings import cache_findings
from doorroute.pipeline.opening import CLOSED, held_in, must_go_on, write_log
from doorroute.pipeline.plan_folder import PLAN, REVIEW, read_plan, staged, write_plan
from doorroute.pipeline.reading import must_have_read_the_same
from doorroute.pipeline.request import FILES, IDS, PARENT, Request, request_from_json, request_to_json
from doorroute.pipeline.stages import MAPS, Reporter, Silence
from doorroute.pipeline.unchanged import check_files, check_seal
from doorroute.pipeline.wiring import CheckedPlan, Prepared, check_plan, prepare
from doorroute.texts import literal, msg

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from doorroute.checker import Violation
    from doorroute.day import Event
    from doorroute.day.route_changes import RouteChanges
    from doorroute.geocode import Unsure
    from doorroute.model.finding import Finding
    from doorroute.model.resident import ResidentId, TeamId
    from doorroute.pipeline.request import Rest


def write_folder(  # noqa: PLR0913  # what a plan's folder needs, each by name
    planned: CheckedPlan,
    out: Path,
    *,
    lang: str = "en",
    open_pages: bool = False,
    reporter: Reporter | None = None,
    changes: Mapping[tuple[TeamId, int], RouteChanges] | None = None,
    earlier: Path | None = None,
    texts: Mapping[str, str] | None = None,
    close_day: bool = False,
    log: tuple[Event, ...] | None = None,
) -> Path:
    """Write `plan.json`, the maps and the tables to `out`, all of them or none; return `plan.json`.

    Parameters
    ----------
    open_pages
        Write the teams' pages without a lock: whoever has such a file reads names and addresses.
    changes
        What to show on the teams' pages as changed (`day.route_changes`).
    earlier
        The folder of the previous plan, whose codes stay valid; `out` if not given.
    texts
        More files, by name.
    close_day
        Give up another day that is open in `out`. Its log is kept under its date.
    log
        The events that the day's log must have; None keeps the log of the same day unchanged.

    Raises
    ------
    BadInputError
        Another day is open in `out`, or a plan of the same day whose ids are not in the new one.
    OutsideError
        The folder cannot be written.
    """
    from doorroute.model.plan_json import plan_to_json
    from doorroute.output.write import PlanOutput, write_maps

    request = planned.request
    held = held_in(out, request.date, close_day=close_day)
    must_go_on(planned, out, held)
    with (reporter or Silence()).stage(MAPS), staged(out) as fresh:
        for name, content in _kept(planned).items():
            write_whole(fresh / FILES[name], content)
        for name, text in (texts or {}).items():
            write_whole(fresh / name, text)
        made = replace(planned.plan, inputs=inputs_of(planned, out))
        if planned.unsure:
            write_review_page(
                fresh / REVIEW,
                planned.unsure,
                planned.extract,
                pins=request.pins,
                cache=request.cache,
                lang=lang,
            )
        asked = PlanOutput(
            made,
            planned.problem,
            planned.extract,
            lang=lang,
            findings=planned.findings,
            open_pages=open_pages,
            changes=changes,
            earlier=earlier or out,
            replaced=out,
            barriers=request.barriers,
            refused=_refused(made, request.rest),
            warn=(reporter or Silence()).warn,
            crew=planned.crew,
            lists=planned.as_read,
            now_s=request.rest.ask.now_s if request.rest else 0,
        )
        write_maps(asked, fresh)
        write_plan(
            fresh, {**plan_to_json(made, lang), "engine": planned.engine, "request": request_to_json(request)}
        )
        write_log(fresh, out, held, request.date, log)  # last: a log is no file of this plan alone
    (out / CLOSED).unlink(missing_ok=True)
    return out / PLAN


def _kept(planned: CheckedPlan) -> dict[str, bytes]:
    """Return the inputs that are copied into the plan's folder, by their names in `plan.json`."""
    rest, record = planned.request.rest, planned.record
    return ({} if rest is None else rest.files) | ({} if record is None else {IDS: record.to_json()})


def _refused(plan: Plan, rest: Rest | None) -> frozenset[ResidentId]:
    residents = fold(rest.events if rest else (), doors_of(plan), day=plan.date).residents
    return frozenset(who for who, standing in residents.items() if standing.outcome is Outcome.REFUSED)


def write_review_page(
    out: Path, unsure: tuple[Unsure, ...], extract: Path, *, pins: Path | None, cache: Path | None, lang: str
) -> None:
    """Write the page for deciding unsure addresses; it holds those addresses and the pins so far."""
    from doorroute.geocode import named_places, open_index, read_pins
    from doorroute.output.pages.review import write_review

    known = read_pins(pins)[0].places if pins else ()
    index = open_index(extract, cache=cache)
    write_review(out, unsure, extract, index.bounds, lang=lang, pins=known, places=named_places(index))


def verify_folder(
    folder: Path, *, cache: Path | None, reporter: Reporter | None = None
) -> tuple[Plan, tuple[Violation, ...]]:
    """Check the plan in `folder` against its inputs, and its files against their hashes.

    `reporter` is warned if the cache could not be used.

    Raises
    ------
    BadInputError
        There is no plan, or an input is missing or has changed.
    """
    made, request = open_folder(folder, cache=cache)
    must_be_unchanged(made, folder)
    document = read_plan(folder)
    ready = prepare(request, Silence())
    must_have_read_the_same(made, ready.tables)
    for finding in cache_findings(ready.located.troubles | ready.network.cache.troubles):
        (reporter or Silence()).warn(finding)
    return made, (
        *check_seal(document),
        *check_files(home_of(folder), document)[0],
        *check_again(made, ready),
    )


def check_again(made: Plan, ready: Prepared) -> tuple[Violation, ...]:
    """Check a plan that was read from a file, including its reasons and lists."""
    from doorroute.checker import Violation, check_lists, check_reasons

    before = dict(made.inputs).get(PARENT)
    orphan = made.parent != (before.sha256 if before is not None else None)
    text = msg("The previous plan in this folder is not the one that the plan names.")
    return (
        *((Violation(rule="plan_as_written", team=None, visit=None, message=text),) if orphan else ()),
        *check_plan(made, ready.problem, ready),
        *check_reasons(ready.problem, made.unassigned),
        *check_lists(
            made,
            ready.tables.residents.rejected,
            ready.located.not_located,
            ready.tables.rows,
            ready.tables.sheets,
        ),
    )


def changed_tables(folder: Path) -> tuple[Finding, ...]:
    """Return a warning for each table in the plan's folder that was changed after it was written."""
    return check_files(home_of(folder), read_plan(folder))[1]


def open_folder(folder: Path, *, cache: Path | None) -> tuple[Plan, Request]:
    """Read the plan in `folder` and its request, but none of its inputs.

    Raises
    ------
    BadInputError
        There is no plan, or it is incomplete.
    """
    from doorroute.model.plan_json import plan_from_json

    document = read_plan(folder)
    home = home_of(folder)
    try:
        made = plan_from_json(document)
        return made, request_from_json(document, made, home, cache)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is incomplete: {what}.", folder=str(home), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error


def home_of(folder: Path) -> Path:
    """Return the plan's folder, given the folder or its `plan.json`."""
    return folder.parent if folder.is_file() else folder


def must_be_unchanged(made: Plan, folder: Path, names: Collection[str] | None = None) -> None:
    """Raise BadInputError if an input of the plan (only `names`, if given) is missing or has changed."""
    for name, entry in made.inputs:
        if names is None or name in names:
            _must_be_unchanged(name, home_of(folder) / entry.file, entry.sha256)


def inputs_of(planned: CheckedPlan, folder: Path) -> tuple[tuple[str, InputFile], ...]:
    """Return every file that the plan is made from: its path relative to `folder`, and its hash when read."""
    request = planned.request
    return (
        *(
            (
                name,
                InputFile(
                    file=_seen_from(folder, path), sha256=planned.hashes[name], rows=planned.rows.get(name)
                ),
            )
            for name, path in request.files.items()
            if name in planned.hashes
        ),
        *(
            (name, InputFile(file=FILES[name], sha256=sha256(held).hexdigest()))
            for name, held in _kept(planned).items()
        ),
    )


def _seen_from(folder: Path, path: Path) -> str:
    """Return `path` relative to `folder`, so that both can be moved together; absolute on another drive."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _must_be_unchanged(name: str, file: Path, sha256: str) -> None:
    if not file.is_file():
        raise BadInputError(
            "INPUT_GONE",
            msg("The plan was made from {file}, which is missing.", file=file.name),
            msg("Put it back where it was, or plan again."),
        )
    if sha256_of(file) != sha256:
        raise BadInputError(
            "INPUT_CHANGED",
            msg("{file} has changed since the plan was made ({name}).", file=file.name, name=literal(name)),
            msg("Plan again, or put the file back as it was."),
        )
