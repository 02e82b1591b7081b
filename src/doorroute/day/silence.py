"""Teams that stopped work and sent no results, or none lately: the dispatcher says what they did. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from doorroute.day.calls import Call, calls
from doorroute.day.events import AS_PLANNED, Doors, Event, Outcome
from doorroute.day.partial_visits import ask_the_team
from doorroute.errors import BadInputError
from doorroute.model.clock import clock
from doorroute.model.finding import Finding
from doorroute.model.plan import Plan, Step, StopLock
from doorroute.model.resident import TeamId, VisitId, door_of
from doorroute.texts import msg


class Silent(StrEnum):
    """What a silent team has done, as the dispatcher says."""

    AS_PLANNED = "done-as-planned"
    NOTHING = "nothing-done"


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed about teams that stopped work: `events` in place of theirs, and findings."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


def assume_silent_teams(
    before: Plan,
    events: Sequence[Event],
    doors: Doors,
    *,
    gone: Collection[TeamId],
    said: Mapping[TeamId, Silent],
    now_s: int,
) -> Assumed:
    """Return what to assume about stops that teams in `gone` should have finished but did not report.

    `said` is the dispatcher's answer for each silent team.

    Raises
    ------
    BadInputError
        `TEAM_SILENT`: a team has left, sent no results at all, and `said` has no answer for it.
    """
    planned = {door_of(v): route.team for route in before.routes for v in route.visits}
    teams = dict.fromkeys((*(route.team for route in before.routes), *gone))
    made = calls(events, doors, teams=teams, planned=planned, now_s=now_s)
    known = {resident for event in events for resident in event.residents or doors.get(event.visit, ())}
    instead: list[Event] = []
    findings: list[Finding] = []
    for team in gone:
        reported = [call for call in made if call.team == team]
        out = any(r.start_s <= now_s for r in before.routes if r.team == team and r.visits)
        if out and not reported and team not in said:
            raise _team_silent(team, min(route.start_s for route in before.routes if route.team == team))
        due = [step for step in _due(before, team, reported, now_s) if not known & {*step.residents}]
        if not due and reported:
            continue
        if said.get(team) is Silent.AS_PLANNED:
            instead += [_as_planned(before.date, team, step) for step in due]
        if out:
            findings.append(
                _finding(team, reported, [step.visit for step in due if step.visit], said.get(team))
            )
    return Assumed(events=tuple(instead), findings=tuple(findings))


def _due(before: Plan, team: TeamId, reported: Sequence[Call], now_s: int) -> Iterable[Step]:
    """Yield the stops after the last reported one that the team should have left by `now_s`."""
    been = {call.visit for call in reported}
    for route in before.routes:
        if route.team != team:
            continue
        visited = (at for at, step in enumerate(route.steps) if step.visit and door_of(step.visit) in been)
        last = max(visited, default=-1)
        for step in route.steps[last + 1 :]:
            if (
                step.visit is not None
                and step.residents
                and step.lock is not StopLock.DONE
                and step.departure_s <= now_s
            ):
                yield step


def _as_planned(day: str, team: TeamId, step: Step) -> Event:
    return Event(
        day=day,
        time_s=step.departure_s,
        visit=door_of(VisitId(str(step.visit))),
        outcome=Outcome.DONE,
        residents=step.residents,
        team=team,
        source=AS_PLANNED,
    )


def _team_silent(team: TeamId, since_s: int) -> BadInputError:
    return BadInputError(
        "TEAM_SILENT",
        msg(
            "No results from team {team}, which left at {time}: it may have visited doors and may carry "
            "samples.",
            team=team,
            time=clock(since_s),
        ),
        msg(
            "Ask the team which doors it visited, and read that in with --results. If you cannot reach it, "
            "use --silent {team}=done-as-planned or --silent {team}=nothing-done.",
            team=team,
        ),
    )


def _finding(team: TeamId, reported: Sequence[Call], due: Sequence[VisitId], said: Silent | None) -> Finding:
    visits = ", ".join(due)
    if said is Silent.AS_PLANNED and due:
        return ask_the_team(
            "TAKEN_AS_DONE",
            msg(
                "Team {team}: {visits} count as done, as you said; nobody reported them.",
                team=team,
                visits=visits,
            ),
        )
    if reported:
        return ask_the_team(
            "SILENT_SINCE",
            msg(
                "Team {team}: no results since {time}; {visits} should be done by now and go to other teams.",
                team=team,
                time=clock(reported[-1].time_s),
                visits=visits,
            ),
        )
    if not due:
        return ask_the_team(
            "NOTHING_DONE",
            msg(
                "Team {team}: by the plan it has not finished a door yet, and it sent no results.", team=team
            ),
        )
    return ask_the_team(
        "NOTHING_DONE",
        msg(
            "Team {team}: nothing done, as you said; {visits} go to other teams.",
            team=team,
            visits=visits,
        ),
    )
