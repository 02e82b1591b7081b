"""Checks between tables: known teams, a team for each visit, labs for samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from doorroute.errors import BadInputError
from doorroute.intake.findings import Findings
from doorroute.intake.values import key
from doorroute.model.finding import Finding
from doorroute.model.resident import InfectionClass, Resident, TeamId, Visit
from doorroute.model.settings import ClassRule, Settings
from doorroute.model.team import Depot, DepotId, Team
from doorroute.texts import Text, msg


def with_known_teams(
    residents: Sequence[Resident], teams: Sequence[Team], columns: Mapping[str, str]
) -> tuple[tuple[Resident, ...], tuple[Finding, ...]]:
    """Spell teams and areas of the residents as the table of teams does, and report unknown teams.

    A row that requires a team and names only unknown ones fits no team. It is reported as unassigned rather
    than visited by a team it did not ask for.
    """
    known = {key(team.id): team.id for team in teams}
    findings = Findings("residents")

    def found(resident: Resident, names: Iterable[TeamId], field: str) -> frozenset[TeamId]:
        strange = sorted(name for name in names if key(name) not in known)
        if strange:
            findings.warn(
                "UNKNOWN_TEAM",
                resident.row,
                columns.get(field, field),
                msg("There is no team {team}.", team=", ".join(strange)),
                msg("The teams are: {teams}.", teams=", ".join(known.values())),
            )
        return frozenset(known[key(name)] for name in names if key(name) in known)

    areas = {key(team.home_area): team.home_area for team in reversed(teams) if team.home_area}
    settled = []
    for resident in residents:
        only = resident.only_teams
        last = found(resident, [resident.last_team], "last_team") if resident.last_team else ()
        settled.append(
            replace(
                resident,
                only_teams=None if only is None else found(resident, only, "team"),
                not_teams=found(resident, resident.not_teams, "not_team"),
                last_team=next(iter(last), None),
                area=areas.setdefault(key(resident.area), resident.area),
            )
        )
    return tuple(settled), findings.all()


def contradictions(visits: Sequence[Visit], teams: Sequence[Team], settings: Settings) -> tuple[Finding, ...]:
    """Report every visit that no team can make: by time, skills or infection class."""
    findings = Findings("residents")
    for visit in visits if teams else ():
        for code, holds, message, advice in _TEAM_CHECKS:
            if not any(holds(visit, team, settings) for team in teams):
                findings.warn(code, visit.residents[0].row, "", message, advice)
    return findings.all()


def check_labs(teams: Sequence[Team], depots: Mapping[DepotId, Depot], settings: Settings) -> None:
    """Require that every trip ends at a lab if samples have a maximum age.

    If no depot is marked as a lab, all are.

    Raises
    ------
    BadInputError
        NO_LAB if a team ends or reloads elsewhere, OPEN_END_NO_LAB if it does not return.
    """
    if settings.max_sample_age_s is None:
        return
    labs = [depot.id for depot in depots.values() if depot.lab] or list(depots)
    for team in teams:
        if team.open_end:
            raise BadInputError(
                "OPEN_END_NO_LAB",
                msg(
                    "Team {team} does not return, but max_sample_age_s is set: its samples never reach a "
                    "lab.",
                    team=team.id,
                ),
                msg("Write no in the column open_end, or remove max_sample_age_s from the settings."),
            )
        for depot in (team.end, *((team.reload_at,) if team.max_reloads else ())):
            if depot not in labs:
                raise BadInputError(
                    "NO_LAB",
                    msg(
                        "Team {team} ends or reloads at {depot}, which is not a lab, but max_sample_age_s "
                        "is set.",
                        team=team.id,
                        depot=depot,
                    ),
                    msg(
                        "Let it end and reload at one of: {labs}; or mark the depot as a lab.",
                        labs=", ".join(labs),
                    ),
                )


def _in_some_shift(visit: Visit, team: Team, settings: Settings) -> bool:
    del settings
    return not visit.time_windows or any(
        window.start_s <= shift.end_s and shift.start_s <= window.end_s
        for window in visit.time_windows
        for shift in team.shifts
    )


def _has_skills(visit: Visit, team: Team, settings: Settings) -> bool:
    del settings
    return visit.skills <= team.skills


def _takes_class(visit: Visit, team: Team, settings: Settings) -> bool:
    usual = {InfectionClass.REGULAR} if settings.class_rule is ClassRule.TEAMS else set(InfectionClass)
    return visit.infection_class in (usual if team.classes is None else team.classes)


_TEAM_CHECKS: tuple[tuple[str, Callable[[Visit, Team, Settings], bool], Text, Text], ...] = (
    (
        "WINDOW_OUTSIDE_SHIFTS",
        _in_some_shift,
        msg("No team is on shift at the requested time."),
        msg("Agree on another time, or lengthen a shift."),
    ),
    (
        "SKILLS_NOBODY_HAS",
        _has_skills,
        msg("No team has all the skills that this door needs."),
        msg("Correct the skills of the row or of a team."),
    ),
    (
        "CLASS_NOBODY_TAKES",
        _takes_class,
        msg("No team visits doors of this infection class."),
        msg("Add the class to the column classes of a team, or set class_rule to order."),
    ),
)
