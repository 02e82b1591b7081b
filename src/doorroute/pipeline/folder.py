"""A plan's folder: written whole, and checked again from the files that the plan was made from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from doorroute.errors import BadInputError
from doorroute.files import sha256_of
from doorroute.model.plan import InputFile, Plan
from doorroute.pipeline.locating import locate_visits, sources_of
from doorroute.pipeline.request import Request, request_from_json, request_to_json
from doorroute.pipeline.stages import MAPS, Reporter, Silence
from doorroute.pipeline.wiring import Planned, check_plan, measure, read_tables
from doorroute.texts import literal, msg
from doorroute.workspace import PLAN, REVIEW, read_plan, staged, write_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.geocode import Unsure
    from doorroute.maps import RouteChanges
    from doorroute.model.resident import TeamId
    from doorroute.verify import Violation


def write_folder(
    planned: Planned,
    out: Path,
    *,
    lang: str = "en",
    open_pages: bool = False,
    reporter: Reporter | None = None,
    changes: Mapping[TeamId, RouteChanges] | None = None,
    earlier: Path | None = None,
) -> Path:
    """Write `plan.json`, the maps and the tables to the folder `out`, all of them or none; return `plan.json`'s path.

    With `open_pages` the teams' pages have no lock: whoever holds such a file reads names and addresses. `changes` (`maps.changes_between`)
    are shown on the teams' pages; `earlier` is the folder of the plan before, whose codes hold on: `out` itself where none is given.

    Raises
    ------
    OutsideError
        Where the folder cannot be written.
    """
    from doorroute.maps import write_maps
    from doorroute.model.plan_json import plan_to_json

    request = planned.request
    with (reporter or Silence()).stage(MAPS), staged(out) as fresh:
        made = replace(planned.plan, inputs=_inputs(request, out, planned.plan))
        if planned.unsure:
            write_review_page(
                fresh / REVIEW, planned.unsure, request.network, pins=request.pins, cache=request.cache, lang=lang
            )
        write_maps(
            made,
            planned.problem,
            request.network,
            fresh,
            lang=lang,
            findings=planned.findings,
            open_pages=open_pages,
            changes=changes,
            earlier=earlier or out,
        )
        write_plan(fresh, {**plan_to_json(made, lang), "engine": planned.engine, "request": request_to_json(request)})
    return out / PLAN


def write_review_page(
    out: Path, unsure: tuple[Unsure, ...], extract: Path, *, pins: Path | None, cache: Path | None, lang: str
) -> None:
    """Write the page on which the unsure addresses are decided; it holds those addresses, and the pins so far."""
    from doorroute.geocode import open_index, read_pins
    from doorroute.maps.review import write_review

    known = read_pins(pins)[0].places if pins else ()
    write_review(out, unsure, extract, open_index(extract, cache=cache).bounds, lang=lang, pins=known)


def verify_folder(folder: Path, *, cache: Path | None) -> tuple[Plan, tuple[Violation, ...]]:
    """Re-check the plan in `folder` from the files that it was made from.

    Raises
    ------
    BadInputError
        Where there is no plan, or its inputs are gone or have changed.
    """
    from doorroute.model.plan_json import plan_from_json

    document = read_plan(folder)
    home = folder.parent if folder.is_file() else folder
    try:
        made = plan_from_json(document)
        request = request_from_json(document, made, home, cache)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInputError(
            "PLAN_UNREADABLE",
            msg("The plan in {folder} is not whole: {what}.", folder=str(home), what=str(error)),
            msg("Make it again with `doorroute plan`."),
        ) from error
    for name, entry in made.inputs:
        _must_be_unchanged(name, home / entry.file, entry.sha256)
    tables = read_tables(
        request.residents,
        teams=request.teams,
        depots=request.depots,
        mapping=request.mapping,
        settings=request.settings,
    )
    sources, _ = sources_of(request.pins, request.gazetteer)
    located = locate_visits(tables, request.network, settings=request.settings, cache=cache, sources=sources)
    network, problem, _ = measure(tables, located, request)
    return made, check_plan(made, problem, tables, network)


def _inputs(request: Request, folder: Path, made: Plan) -> tuple[tuple[str, InputFile], ...]:
    rows = len(made.rejected) + len(made.not_located) + sum(len(u.residents) for u in made.unassigned)
    rows += sum(len(step.residents) for route in made.routes for step in route.steps)
    return tuple(
        (
            name,
            InputFile(
                file=_seen_from(folder, path), sha256=sha256_of(path), rows=rows if name == "residents" else None
            ),
        )
        for name, path in request.files.items()
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
