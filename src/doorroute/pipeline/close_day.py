"""Close the day: a plan's folder with its log -> the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from doorroute.day.events import AS_PLANNED
from doorroute.disk.files import sha256_of, write_whole
from doorroute.disk.takeover import OwnFiles, not_writable, taken_over
from doorroute.errors import BadInputError, DoorrouteError
from doorroute.model.clock import DAY_S
from doorroute.model.finding import Finding, warning
from doorroute.model.team import Profile
from doorroute.pipeline.opening import close, events_of, lists_of, planned_anew
from doorroute.pipeline.plan_folder import PLAN
from doorroute.pipeline.reading import must_have_read_the_same, read_tables
from doorroute.pipeline.replan import LITTLE_CHANGE_S
from doorroute.pipeline.request import FILES, IDS, PARENT
from doorroute.pipeline.saved_plan import home_of, must_be_unchanged, open_folder
from doorroute.pipeline.stages import Reporter, Silence
from doorroute.pipeline.unchanged import changed_plan
from doorroute.pipeline.wiring import prepare
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from pathlib import Path

    from doorroute.day.closing import Mark
    from doorroute.day.events import ResidentState
    from doorroute.day.learning import Learned
    from doorroute.intake import Originals
    from doorroute.model.ledger import SheetCount
    from doorroute.model.plan import Plan
    from doorroute.model.problem import Problem
    from doorroute.model.resident import ResidentId, TeamId, VisitId
    from doorroute.network.profiles import ProfileRules
    from doorroute.output.pages.report import Report
    from doorroute.pipeline.request import Request

LEARNED: Final = "learned.toml"
SPEEDS: Final = "learned-profiles.toml"


@dataclass(frozen=True, kw_only=True)
class ClosedDay:
    """A closed day: its report, what was learned from its times, and the plan's request.

    `home` is the plan's folder, `lines` has the entries of each list of residents with their sheets.
    """

    home: Path
    report: Report
    learned: tuple[Learned, ...]
    request: Request
    rules: Mapping[Profile, ProfileRules]
    lines: Mapping[str, Mapping[int, str]]
    sheets: tuple[SheetCount, ...]


def close_folder(
    folder: Path, *, cache: Path | None, told: Sequence[Finding] = (), reporter: Reporter | None = None
) -> ClosedDay:
    """Return the report of the plan in `folder`, made from its log and lists.

    `told` are findings about the results.
    The lists of residents must be unchanged. If another input is missing or has changed, nothing is learned
    from the day, and a finding says so.

    Raises
    ------
    BadInputError
        There is no plan, or a list of residents is missing or has changed.
    InternalError
        A row of the list is not accounted for exactly once.
    """
    from doorroute.day import doors_of, fold
    from doorroute.day.assumed import assumed_done
    from doorroute.day.calls import calls, effective_events
    from doorroute.day.closing import close as fates_of
    from doorroute.day.closing import marks_of, team_days
    from doorroute.day.learned_messages import sentence, times_not_learned
    from doorroute.network.profiles import default_rules, read_rules
    from doorroute.output.pages.report import Report

    made, request = open_folder(folder, cache=cache)
    must_be_unchanged(made, folder, {*lists_of(made), IDS})
    plans = (made, *plans_before(made, home_of(folder)))
    events, broken = events_of(home_of(folder), made)
    doors = doors_of(made)
    state = fold(events, doors, day=made.date)
    changed = [each for each in changed_plan(home_of(folder)) if each not in told]
    findings = [
        *told,
        *changed,
        *planned_anew(home_of(folder), _REPORT_THERE),
        *([] if events else [_no_log()]),
    ]
    counted = effective_events(events, doors, day=made.date)
    findings += assumed_done(counted, doors)
    findings += [each for each in (*broken, *state.findings) if each not in told]
    routes = [route for plan in plans for route in plan.routes]
    marks = marks_of(
        calls(
            [event for event in counted if event.source != AS_PLANNED],  # assumed times teach nothing
            doors,
            teams=dict.fromkeys(
                (*(route.team for route in routes), *(event.team for event in events if event.team))
            ),
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
            record=request.record,
            sheets=request.sheets,
        )
        rules = default_rules()
    must_have_read_the_same(made, tables)
    sheet = sorted(row for rows in tables.lines.values() for row in rows)
    cancelled = request.rest.ask.cancelled if request.rest is not None else ()
    fates = fates_of(plans, tables.residents.residents, state.residents, sheet, cancelled)
    learned = _learned(made, marks, state.residents, problem) if problem is not None else ()
    report = Report(
        day=made.date,
        fates=fates,
        teams=team_days(plans, fates, marks, lambda team, visit: _home_s(problem, team, visit)),
        sentences=tuple(sentence(each, rules[Profile.FOOT].walk_kmh) for each in learned if each.sure),
        kept=times_not_learned(learned),
        findings=tuple(findings),
        sheets=tables.sheets,
    )
    return ClosedDay(
        home=home_of(folder),
        report=report,
        learned=learned,
        request=request,
        rules=rules,
        lines=tables.lines,
        sheets=tables.sheets,
    )


def write_report(closed: ClosedDay, out: Path, *, lang: str) -> Path:
    """Write the page, the tables and tomorrow's settings to `out`, all of them or none; return the page.

    Raises
    ------
    BadInputError
        A link is in the way.
    OutsideError
        The folder cannot be written, or a file of an earlier report cannot be replaced.
    """
    from doorroute.intake import combine_originals
    from doorroute.output.files.carry_over import carried, write_carry_over
    from doorroute.output.pages.report import CARRY_OVER, PAGE, TABLE, report_page, report_table
    from doorroute.pipeline.plan_folder import plan_in

    report, request = closed.report, closed.request
    lists = [_originals(request.residents, request.mapping, request.sheets)]
    lists += [_originals(path, request.mapping) for path in request.added]
    made = plan_in(closed.home)
    must_be_unchanged(made, closed.home, lists_of(made))  # they were read twice
    before = [min(lines) - min(each.rows) for lines, each in zip(closed.lines.values(), lists, strict=True)]
    originals = combine_originals(list(zip(before, lists, strict=True)))
    for_tomorrow = carried(report.fates, originals, day=report.day, lang=lang)
    texts = {TABLE: report_table(report, lang)} | _settings_files(closed, lang)
    files = [
        (CARRY_OVER, msg("tomorrow's list, ready to check and plan")),
        (TABLE, msg("every row of the list, as a table")),
    ]
    files += [(name, _FOR[name]) for name in (LEARNED, SPEEDS) if name in texts]
    texts[PAGE] = report_page(report, lang=lang, files=files)
    names = frozenset({PAGE, TABLE, CARRY_OVER, LEARNED, SPEEDS})
    with taken_over(out, lambda _: OwnFiles(replace=names, remove=names)) as fresh:
        write_carry_over(fresh / CARRY_OVER, for_tomorrow, lang=lang)
        for name, text in texts.items():
            write_whole(fresh / name, text)
    try:
        close(closed.home)
    except OSError as error:
        raise not_writable(closed.home, error) from error
    return out / PAGE


_FOR: Final[Mapping[str, Text]] = {
    LEARNED: msg("today's settings with the learned times, for --settings"),
    SPEEDS: msg("today's speeds with the learned speeds, for --profiles"),
}


def _originals(path: Path, mapping: Mapping[str, str], sheets: Sequence[str] = ()) -> Originals:
    from doorroute.intake import read_originals

    try:
        return read_originals(path, mapping=mapping, sheets=sheets)
    except BadInputError:
        if not mapping:
            raise
        return read_originals(path)  # an added list with headers of its own


def plans_before(made: Plan, home: Path) -> list[Plan]:
    """Return the plans that this one was re-planned from, the latest first, as far as they can be found.

    They are `parent.json` in the plan's folder, and the plans in sibling folders.
    """
    from doorroute.pipeline.plan_folder import plan_in

    files = [file for name in (PLAN, FILES[PARENT]) for file in home.resolve().parent.glob(f"*/{name}")]
    beside = {sha256_of(file): file for file in files} if made.parent else {}
    found: list[Plan] = []
    parent = made.parent
    while parent in beside:
        found.append(plan_in(beside.pop(parent)))
        parent = found[-1].parent
    return found


_REPORT_THERE: Final = msg("Write the report of that folder instead: the later results are there.")


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
    made: Plan,
    marks: Mapping[TeamId, tuple[Mark, ...]],
    standing: Mapping[ResidentId, ResidentState],
    problem: Problem,
) -> tuple[Learned, ...]:
    from doorroute.checker.times import setup_s
    from doorroute.day.learning import gaps_of, learn
    from doorroute.intake import seconds_each

    service, ranks = (
        problem.settings.service,
        {visit.id: visit.infection_class.rank for visit in problem.visits},
    )

    def setup(before: VisitId, visit: VisitId) -> int:
        return setup_s(problem, before, visit) + (service.gear_s if ranks[before] < ranks[visit] else 0)

    gaps = gaps_of(marks, made, problem, standing, setup)
    return learn(gaps, service, lambda kind: seconds_each(kind, service))


def _settings_files(closed: ClosedDay, lang: str) -> dict[str, str]:
    """Return the files of tomorrow's settings and speeds, each only if something was learned for it."""
    from doorroute.day.learned_messages import sentence
    from doorroute.day.learning import WALK
    from doorroute.day.next_settings import with_learned
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


def _no_log() -> Finding:
    return warning(
        "NO_RESULTS_YET",
        msg("The log of this plan has no results, so nobody counts as visited."),
        msg("Read the teams' results with `doorroute results` or --results, then write the report again."),
    )  # fmt: skip


def _nothing_learned(error: DoorrouteError) -> Finding:
    return warning(
        "NOTHING_LEARNED",
        msg("Nothing can be learned from the times of this day: {why}", why=error.message),
        error.advice,
    )
