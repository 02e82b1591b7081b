"""Closing the day: a plan's folder with its log in, the report out."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from doorroute.errors import BadInputError, DoorrouteError, OutsideError
from doorroute.files import sha256_of, write_whole
from doorroute.model.clock import DAY_S
from doorroute.model.finding import Finding, warning
from doorroute.model.team import Profile
from doorroute.pipeline.again import LITTLE_CHANGE_S
from doorroute.pipeline.folder import home_of, must_be_unchanged, open_folder
from doorroute.pipeline.reading import must_have_read_the_same, read_tables
from doorroute.pipeline.request import FILES, PARENT
from doorroute.pipeline.stages import Reporter, Silence
from doorroute.pipeline.wiring import prepare
from doorroute.texts import Text, msg
from doorroute.workspace import PLAN, read_plan

if TYPE_CHECKING:
    from pathlib import Path

    from doorroute.day.closing import Mark
    from doorroute.day.events import Standing
    from doorroute.day.learning import Learned
    from doorroute.day.report_page import Report
    from doorroute.intake import Originals
    from doorroute.model.ledger import SheetCount
    from doorroute.model.plan import Plan
    from doorroute.model.problem import Problem
    from doorroute.model.resident import ResidentId, TeamId, VisitId
    from doorroute.model.settings import Settings
    from doorroute.network.profiles import Rules
    from doorroute.pipeline.request import Request

LEARNED: Final = "learned.toml"
SPEEDS: Final = "learned-profiles.toml"


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A day that is closed: its report, what its times teach, and the plan's own request; `lines` are the rows of each list of residents."""

    report: Report
    learned: tuple[Learned, ...]
    request: Request
    rules: Mapping[Profile, Rules]
    lines: Mapping[str, Mapping[int, str]]
    sheets: tuple[SheetCount, ...]


def close_folder(
    folder: Path, *, cache: Path | None, told: Sequence[Finding] = (), reporter: Reporter | None = None
) -> Closed:
    """Put the plan in `folder`, its log and the lists that it was made from together; `told` is what was odd about the results.

    The lists of residents must be as they were. Where another input is gone or has changed, nothing is learned, and that is told.

    Raises
    ------
    BadInputError
        Where there is no plan, or a list of residents is gone or has changed.
    InternalError
        Where a row of the sheet is not accounted for, once.
    """
    from doorroute.day import doors_of, fold, read_log
    from doorroute.day.calls import calls, effective
    from doorroute.day.closing import close, marks_of, team_days
    from doorroute.day.report_page import Report
    from doorroute.day.teaching import kept, sentence
    from doorroute.network.profiles import default_rules, read_rules

    made, request = open_folder(folder, cache=cache)
    must_be_unchanged(made, folder, _lists(made))
    plans = (made, *plans_before(made, home_of(folder)))
    events, broken = read_log(home_of(folder))
    doors = doors_of(made)
    state = fold(events, doors, day=made.date)
    findings = [*told, *_later(folder), *([] if events else [_no_log()])]
    findings += [each for each in (*broken, *state.findings) if each not in told]
    routes = [route for plan in plans for route in plan.routes]
    marks = marks_of(
        calls(
            effective(events, doors, day=made.date),
            doors,
            teams=dict.fromkeys((*(route.team for route in routes), *(event.team for event in events if event.team))),
            planned={visit: route.team for route in reversed(routes) for visit in route.visits},
            now_s=2 * DAY_S,
        )
    )
    problem: Problem | None = None
    try:
        must_be_unchanged(made, folder)
        ready = prepare(request, reporter or Silence())
        tables, problem = ready.tables, ready.day
        rules = read_rules(request.profiles)
    except DoorrouteError as error:
        findings.append(_nothing_learned(error))
        tables = read_tables(
            request.residents,
            mapping=request.mapping,
            settings=request.settings,
            added=request.added,
            sheets=request.sheets,
        )
        rules = default_rules()
    must_have_read_the_same(made, tables)
    sheet = sorted(row for rows in tables.lines.values() for row in rows)
    cancelled = request.rest.ask.cancelled if request.rest is not None else ()
    fates = close(plans, tables.residents.residents, state.residents, sheet, cancelled)
    learned = _learned(made, marks, state.residents, problem) if problem is not None else ()
    report = Report(
        day=made.date,
        fates=fates,
        teams=team_days(plans, fates, marks, lambda team, visit: _home_s(problem, team, visit)),
        sentences=tuple(sentence(each, rules[Profile.FOOT].walk_kmh) for each in learned if each.sure),
        kept=kept(learned),
        findings=tuple(findings),
        sheets=tables.sheets,
    )
    return Closed(
        report=report, learned=learned, request=request, rules=rules, lines=tables.lines, sheets=tables.sheets
    )


def write_report(closed: Closed, out: Path, *, lang: str) -> Path:
    """Write the page, the tables and tomorrow's settings into the folder `out`; return the page's path.

    Each file is written whole, the page last.

    Raises
    ------
    OutsideError
        Where the folder cannot be written.
    """
    from doorroute.day.carry_over import carried, write_carry_over
    from doorroute.day.report_page import CARRY_OVER, PAGE, TABLE, report_page, report_table
    from doorroute.intake import together

    report, request = closed.report, closed.request
    lists = [_originals(request.residents, request.mapping, request.sheets)]
    lists += [_originals(path, request.mapping) for path in request.added]
    before = [min(lines) - min(each.rows) for lines, each in zip(closed.lines.values(), lists, strict=True)]
    originals = together(list(zip(before, lists, strict=True)))
    for_tomorrow = carried(report.fates, originals, day=report.day, lang=lang)
    texts = {TABLE: report_table(report, lang)} | _settings_files(closed, lang)
    files = [(CARRY_OVER, msg("tomorrow's list: it can be checked and planned from as it is")), (TABLE, msg("every row of the sheet, as a table"))]  # fmt: skip
    files += [(name, _FOR[name]) for name in (LEARNED, SPEEDS) if name in texts]
    texts[PAGE] = report_page(report, lang=lang, files=files)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_carry_over(out / CARRY_OVER, for_tomorrow, lang=lang)
        for name in {LEARNED, SPEEDS} - texts.keys():  # of an earlier report, which learned more
            (out / name).unlink(missing_ok=True)
        for name, text in texts.items():
            write_whole(out / name, text)
    except OSError as error:
        raise OutsideError(
            "OUT_NOT_WRITABLE",
            msg("The folder {folder} cannot be written: {why}.", folder=str(out), why=error.strerror or ""),
            msg("Choose another folder with --out, and close its files in other programs."),
        ) from error
    return out / PAGE


_FOR: Final[Mapping[str, Text]] = {
    LEARNED: msg("today's settings with what was learned: --settings takes it"),
    SPEEDS: msg("today's speeds with what was learned: --profiles takes it"),
}


def _originals(path: Path, mapping: Mapping[str, str], sheets: Sequence[str] = ()) -> Originals:
    from doorroute.intake import read_originals

    try:
        return read_originals(path, mapping=mapping, sheets=sheets)
    except BadInputError:
        if not mapping:
            raise
        return read_originals(path)  # a list that was added, with headers of its own


def _lists(made: Plan) -> set[str]:
    return {name for name, _ in made.inputs if name == "residents" or name.startswith("added-")}


def plans_before(made: Plan, home: Path) -> list[Plan]:
    """Return the plans that this one was re-planned from, the last first: the one that it keeps, and as far as they lie in folders beside it."""
    from doorroute.pipeline.results import plan_in

    files = [file for name in (PLAN, FILES[PARENT]) for file in home.resolve().parent.glob(f"*/{name}")]
    beside = {sha256_of(file): file for file in files} if made.parent else {}
    found: list[Plan] = []
    parent = made.parent
    while parent in beside:
        found.append(plan_in(beside.pop(parent)))
        parent = found[-1].parent
    return found


def _later(folder: Path) -> list[Finding]:
    """Tell where this plan was re-planned since: the day goes on in that folder."""
    home = home_of(folder).resolve()
    mine = sha256_of(home / PLAN)
    later = []
    for beside in sorted(home.parent.glob(f"*/{PLAN}")):
        with contextlib.suppress(DoorrouteError):
            if read_plan(beside).get("parent") == mine:
                later.append(beside.parent.name)
    return [
        warning(
            "PLANNED_ANEW",
            msg("This plan was made anew since, in {folder}.", folder=name),
            msg("Make the report of that folder: the later results are there."),
        )
        for name in later
    ]


def _home_s(problem: Problem | None, team: TeamId, visit: VisitId) -> int | None:
    from doorroute.model.travel import UNREACHABLE, depot_key, visit_key

    mine = next((each for each in problem.teams if each.id == team), None) if problem is not None else None
    if problem is None or mine is None or visit not in problem.places:
        return None
    if mine.open_end:
        return 0
    seconds = problem.travel[mine.profile].seconds(visit_key(visit), depot_key(mine.end))
    return seconds if seconds < UNREACHABLE else None


def _learned(
    made: Plan, marks: Mapping[TeamId, tuple[Mark, ...]], standing: Mapping[ResidentId, Standing], problem: Problem
) -> tuple[Learned, ...]:
    from doorroute.day.learning import gaps_of, learn
    from doorroute.intake import seconds_each
    from doorroute.verify.times import setup_s

    service, ranks = problem.settings.service, {visit.id: visit.infection_class.rank for visit in problem.visits}

    def setup(before: VisitId, visit: VisitId) -> int:
        return setup_s(problem, before, visit) + (service.gear_s if ranks[before] < ranks[visit] else 0)

    gaps = gaps_of(marks, made, problem, standing, setup)
    return learn(gaps, service, lambda kind: seconds_each(kind, service))


def _settings_files(closed: Closed, lang: str) -> dict[str, str]:
    """Return tomorrow's settings and speeds, each where something of it was learned."""
    from doorroute.day.learning import WALK
    from doorroute.day.teaching import sentence
    from doorroute.network.profiles import faster, written
    from doorroute.settings_file import written as written_settings

    settings, foot = closed.request.settings, closed.rules[Profile.FOOT]
    if closed.request.rest is not None and settings.wishes.little_change_s == LITTLE_CHANGE_S:
        settings = replace(settings, wishes=replace(settings.wishes, little_change_s=0))  # replan's own wish
    said = {each.name: sentence(each, foot.walk_kmh).into(lang) for each in closed.learned if each.sure}
    sure = {each.name: each.value for each in closed.learned if each.sure}
    times = sure.pop(f"{WALK}{Profile.FOOT}", None)
    times_at_doors = {name: round(value) for name, value in sure.items() if not name.startswith(WALK)}
    files = {}
    if times_at_doors:
        settings, comments = with_learned(settings, times_at_doors, said)
        files[LEARNED] = written_settings(settings, comments)
    if times is not None and times > 0:
        rules = {**closed.rules, Profile.FOOT: faster(foot, 1 / times)}
        files[SPEEDS] = written(rules, said[f"{WALK}{Profile.FOOT}"])
    return files


def with_learned(
    settings: Settings, times: Mapping[str, int], said: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """Return the settings with the times that were learned, and a comment for each by its name in the file."""
    from doorroute.day.learning import DOOR, PERSON
    from doorroute.intake.values import key

    service, fields = settings.service, {DOOR: "door_s", PERSON: "resident_s"}
    kinds = {name: seconds for name, seconds in times.items() if name not in fields}
    learned = {key(kind) for kind in kinds}
    service = replace(
        service,
        **{fields[name]: seconds for name, seconds in times.items() if name in fields},
        kinds={**{kind: s for kind, s in service.kinds.items() if key(kind) not in learned}, **kinds},
    )
    comments = {f"service.{fields.get(name, f'kinds.{name}')}": said[name] for name in times}
    return replace(settings, service=service), comments


def _no_log() -> Finding:
    return warning(
        "NO_RESULTS_YET",
        msg("No results are in the log of this plan: by it, nobody was visited."),
        msg("Read what the teams handed in with `doorroute results`, or give it with --results; then make the report again."),
    )  # fmt: skip


def _nothing_learned(error: DoorrouteError) -> Finding:
    return warning(
        "NOTHING_LEARNED",
        msg("Nothing can be learned from the times of this day: {why}", why=error.message),
        error.advice,
    )
