"""The data of the dispatcher's page: the routes by visit id in clear, and the names sealed."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from doorroute.handback.seal import NAMES, Keys, PageLock, seal
from doorroute.model.file_names import route_names
from doorroute.model.line import row_of
from doorroute.model.plan import Plan, Reason, StepType, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import CLASSES, InfectionClass, Visit
from doorroute.model.telephones import dialled
from doorroute.output.views.closed import closed_data
from doorroute.output.views.doors import way_in
from doorroute.output.views.routes import TeamRoute, lat_lon, leg_ends, people, route_data
from doorroute.texts import LANGUAGES, Text, msg

RUNNING_NUMBER: Final = re.compile(r"[A-Za-z]{0,3}[-_.]?\d{1,5}[A-Za-z]?(-\d{1,3})?")
"""An id that says nothing about a person: `R12`, `0045`.

Names, telephone and identity card numbers are longer or have no digits.
"""

_WORDS: Final[Mapping[str, Text]] = {
    "arrive": msg("arrives"),
    "begin": msg("begins"),
    "leave": msg("leaves"),
    "wait": msg("waits"),
    "windows": msg("window"),
    "row": msg("row"),
    "id": msg("resident"),
    "people": msg("{n} to sample"),
    "stop": msg("Stop {number}"),
    "depot": msg("Depot"),
    "lab": msg("samples are handed in here"),
    "all": msg("Show everything"),
    "on_no_route": msg("On no route"),
    "not_found": msg("No door in this plan fits."),
    "not_found_hidden": msg(
        "No door in this plan fits. Names and addresses can be searched after “Show names”."
    ),
    "found_one": msg("1 door fits"),
    "found": msg("{n} doors fit"),
    "more": msg("and {n} more: type on, or filter"),
    "at_stop": msg("at stop {number}"),
    "to_stop": msg("on the way to stop {number}"),
    "to_depot": msg("on the way back"),
    "not_started": msg("not yet started"),
    "back": msg("back"),
    "break": msg("break"),
    "reload": msg("fetches kits"),
    "search": msg("Visit, resident id or row"),
    "search_names": msg("Name, address, phone, id or row"),
    "wrong_code": msg("This is not the code. It is the first one in codes.html."),
    "opening": msg("Opening…"),
    "idle": msg("Hidden again: nobody used the page for {minutes} minutes."),
    "class": msg("class"),
}


def plan_data(
    plan: Plan, problem: Problem, teams: Sequence[TeamRoute], lang: str, *, route: str
) -> dict[str, object]:
    """Return what the overview draws and searches; `route` names the lock of the sealed names.

    A stop is a list: visit, how many to sample, arrival, wait, begin of the service and departure in
    seconds, place of its window's text in `windows`, rows of the sheet, and those ids of residents that are
    mere running numbers.
    """
    used = {depot for team in problem.teams for depot in (team.start, team.end)}
    visits = {visit.id: visit for visit in problem.visits}
    windows: dict[str, int] = {"": 0}
    return {
        "route": route,
        "purpose": NAMES,
        "teams": [
            {
                **route_data(team),
                "ends": leg_ends(team.path, [stop.point for stop in team.stops]),
                "start_s": team.route.start_s,
                "finish_s": team.route.finish_s,
                "done": len(team.happened),
                "stops": [
                    [
                        stop.visit.id,
                        stop.people,
                        stop.step.arrival_s,
                        stop.step.waiting_s,
                        stop.step.start_service_s,
                        stop.step.departure_s,
                        *_whose(stop.visit, windows),
                    ]
                    for stop in team.stops
                ],
                "pauses": [
                    [step.type.value, step.arrival_s, step.departure_s]
                    for step in team.route.steps
                    if step.type in {StepType.BREAK, StepType.RELOAD}
                ],
            }
            for team in teams
        ],
        "depots": [
            {
                "name": depot,
                "lab": problem.depots[depot].lab,
                "at": lat_lon(problem.depot_places[depot].point),
            }
            for depot in problem.depots
            if depot in used
        ],
        "unassigned": [
            [
                left.visit,
                people(visits[left.visit]),
                lat_lon(problem.places[left.visit].point),
                *_whose(visits[left.visit], windows),
            ]
            for left in plan.unassigned
        ],
        "windows": list(windows),
        "closed": closed_data(each for team in teams for each in team.closed),
        "bound_s": plan.summary.lower_bound_finish_s,
        "told_s": told_until(teams),
        "words": {key: text.into(lang) for key, text in _WORDS.items()},
        "idle_min": problem.settings.lock_after_min,
    }


def told_until(teams: Sequence[TeamRoute]) -> int:
    """Return the time up to which results are known, in seconds after midnight; 0 before the day begins."""
    return max((stop.step.departure_s for team in teams for stop in team.happened), default=0)


def _whose(visit: Visit, windows: dict[str, int]) -> tuple[int, list[int], list[str]]:
    text = ", ".join(map(str, visit.time_windows))
    ids = [one.id for one in visit.residents if RUNNING_NUMBER.fullmatch(one.id)]
    return windows.setdefault(text, len(windows)), [row_of(one.row) for one in visit.residents], list(ids)


def tells_of_people(left: Unassigned, problem: Problem) -> bool:
    """Return whether a reason or its remedy names a class, a skill or a person."""
    if left.code in _OF_PEOPLE:
        return True
    behind = [one for visit in problem.visits if visit.id == left.visit for one in visit.residents]
    private = {text for one in behind for text in (one.name, one.address, one.phone, one.note)}
    private |= {skill for visit in problem.visits for skill in visit.skills}
    private |= {text.into(lang) for text in CLASSES.values() for lang in LANGUAGES} | {*_OF_PEOPLE_WORDS}
    said = " ".join(text.into(lang) for text in (left.detail, left.remedy) for lang in LANGUAGES).casefold()
    return any(text.casefold() in said for text in private if text)


_OF_PEOPLE: Final = frozenset({Reason.SKILL, Reason.CLASS_CONFLICT, Reason.NOT_ELIGIBLE})
_OF_PEOPLE_WORDS: Final = ("class", "skill", "技能", "感染", "类别", "分类")
"""Reasons that always say something about people, and words of other reasons that do.

A plan that was read from a file has texts without templates, so words are compared.
"""


def sealed_names(plan: Plan, problem: Problem, *, lock: PageLock, keys: Keys, lang: str) -> str:
    """Return the personal data of the plan as base64, sealed with the dispatcher's code.

    These are names, addresses, telephones, classes, notes, reasons about people, and how to reach the teams.
    """
    teams = {team.id: team for team in problem.teams}
    secret = {
        "classes": {each.value: CLASSES[each].into(lang) for each in InfectionClass},
        "visits": {
            visit.id: {
                "address": visit.address,
                "way": [part.into(lang) for part in way_in(visit.access)],
                "class": visit.infection_class.value,
                "people": [
                    [row_of(one.row), one.id, one.name, one.people, _phones(one.phone), one.note]
                    for one in visit.residents
                ],
            }
            for visit in problem.visits
        },
        "rows": {
            str(row.row): {"address": row.address, "candidates": [each.label for each in row.candidates]}
            for row in plan.not_located
        },
        "reasons": {
            left.visit: [left.detail.into(lang), left.remedy.into(lang), left.code.value]
            for left in plan.unassigned
            if tells_of_people(left, problem)
        },
        "teams": {
            name: [teams[route.team].members, _phones(teams[route.team].phone)]
            for name, route in zip(
                route_names([route.team for route in plan.routes]), plan.routes, strict=True
            )
        },
    }
    plain = json.dumps(secret, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(seal(gzip.compress(plain, 9, mtime=0), keys.page, NAMES, lock.route)).decode()


def _phones(cell: str) -> list[tuple[str, str]]:
    """Return what a cell of telephone numbers shows and what each dials, '' where it dials nothing."""
    return list(dialled(cell).items()) or ([(cell, "")] if cell else [])
