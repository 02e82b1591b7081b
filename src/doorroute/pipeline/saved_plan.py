"""A plan's folder: written whole, and checked again from the files that the plan was made from."""

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
from doorroute.pipeline.caches import cache_told
from doorroute.pipeline.opening import CLOSED, held_in, must_go_on, write_log
from doorroute.pipeline.plan_folder import PLAN, REVIEW, read_plan, staged, write_plan
from doorroute.pipeline.reading import must_have_read_the_same
from doorroute.pipeline.request import FILES, IDS, PARENT, Request, request_from_json, request_to_json
from doorroute.pipeline.stages import MAPS, Reporter, Silence
from doorroute.pipeline.unchanged import check_files, check_seal
from doorroute.pipeline.wiring import Planned, Prepared, check_plan, prepare
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
    planned: Planned,
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
    """Write `plan.json`, the maps and the tables to the folder `out`, all of them or none; return `plan.json`'s path.

    With `open_pages` the teams' pages have no lock: whoever holds such a file reads names and addresses. `changes` (`maps.changes_between`)
    are shown on the teams' pages; `earlier` is the folder of the plan before, whose codes hold on: `out` itself where none is given.
    `texts` are further files by name. `log` are the events that the day's log is to have there; without it the log of the same day stays as it is.
    `close_day` gives up another day that is open in `out`; its log is kept under its date.

    Raises
    ------
    BadInputError
        Another day is open in `out`, or a plan of the same day which the new one does not know.
    OutsideError
        Where the folder cannot be written.
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


def _kept(planned: Planned) -> dict[str, bytes]:
    """Return what is kept in the folder of that which the plan was made from, by its name in `plan.json`."""
    rest, record = planned.request.rest, planned.record
    return ({} if rest is None else rest.files) | ({} if record is None else {IDS: record.to_json()})


def _refused(plan: Plan, rest: Rest | None) -> frozenset[ResidentId]:
    said = fold(rest.events if rest else (), doors_of(plan), day=plan.date).residents
    return frozenset(resident for resident, standing in said.items() if standing.outcome is Outcome.REFUSED)


def write_review_page(
    out: Path, unsure: tuple[Unsure, ...], extract: Path, *, pins: Path | None, cache: Path | None, lang: str
) -> None:
    """Write the page on which the unsure addresses are decided; it holds those addresses, and the pins so far."""
    from doorroute.geocode import named_places, open_index, read_pins
    from doorroute.output.pages.review import write_review

    known = read_pins(pins)[0].places if pins else ()
    index = open_index(extract, cache=cache)
    write_review(out, unsure, extract, index.bounds, lang=lang, pins=known, places=named_places(index))


def verify_folder(
    folder: Path, *, cache: Path | None, reporter: Reporter | None = None
) -> tuple[Plan, tuple[Violation, ...]]:
    """Re-check the plan in `folder` from the files that it was made from, and whether its own files are as they were written.

    `reporter` is told of a cache that is of no help.

    Raises
    ------
    BadInputError
        Where there is no plan, or its inputs are gone or have changed.
    """
    made, request = open_folder(folder, cache=cache)
    must_be_unchanged(made, folder)
    document = read_plan(folder)
    ready = prepare(request, Silence())
    must_have_read_the_same(made, ready.tables)
    for told in cache_told(ready.located.troubles | ready.network.cache.troubles):
        (reporter or Silence()).warn(told)
    return made, (
        *check_seal(document),
        *check_files(home_of(folder), document)[0],
        *check_again(made, ready),
    )


def check_again(made: Plan, ready: Prepared) -> tuple[Violation, ...]:
    """Hold a plan that was read from a file against its inputs: all that `check_plan` does, and whatever else the file says of them."""
    from doorroute.checker import Violation, check_lists, check_reasons

    before = dict(made.inputs).get(PARENT)
    orphan = made.parent != (before.sha256 if before is not None else None)
    text = msg("The plan names another plan as the one before it than the one that it keeps.")
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
    """Return a warning for each table beside the plan that is not as it was written."""
    return check_files(home_of(folder), read_plan(folder))[1]


def open_folder(folder: Path, *, cache: Path | None) -> tuple[Plan, Request]:
    """Read the plan in `folder` and what it was asked for; none of its inputs.

    Raises
    ------
    BadInputError
        Where there is no plan, or it is not whole.
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
            msg("The plan in {folder} is not whole: {what}.", folder=str(home), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error


def home_of(folder: Path) -> Path:
    """Return the plan's folder where it, or `plan.json` itself, is given."""
    return folder.parent if folder.is_file() else folder


def must_be_unchanged(made: Plan, folder: Path, names: Collection[str] | None = None) -> None:
    """Raise BadInputError where an input of the plan (of those `names`, if given) is gone or has changed."""
    for name, entry in made.inputs:
        if names is None or name in names:
            _must_be_unchanged(name, home_of(folder) / entry.file, entry.sha256)


def inputs_of(planned: Planned, folder: Path) -> tuple[tuple[str, InputFile], ...]:
    """Return every file that the plan is made from, as seen from its folder, with the hash that it had when it was read."""
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
    """Write `path` relative to `folder`, so that a workspace can be moved as a whole; another drive stays absolute."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _must_be_unchanged(name: str, file: Path, sha256: str) -> None:
    if not file.is_file():
        raise BadInputError(
            "INPUT_GONE",
            msg("The plan was made from {file}, which is not there any more.", file=file.name),
            msg("Put it back where it was, or plan again."),
        )
    if sha256_of(file) != sha256:
        raise BadInputError(
            "INPUT_CHANGED",
            msg("{file} has changed since the plan was made ({name}).", file=file.name, name=literal(name)),
            msg("Plan again, or put the file back as it was."),
        )
