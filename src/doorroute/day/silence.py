"""Teams that are gone and of which nothing, or nothing of late, was heard: what they have done is asked, not guessed. Pure."""

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
    """What the dispatcher says that a silent team has done."""

    AS_PLANNED = "done-as-planned"
    NOTHING = "nothing-done"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What is taken for granted of teams that are gone: `events` in their stead, and what is said of it."""

    events: tuple[Event, ...]
    findings: tuple[Finding, ...]


def taken_for_granted(
    before: Plan,
    events: Sequence[Event],
    doors: Doors,
    *,
    gone: Collection[TeamId],
    said: Mapping[TeamId, Silent],
    now_s: int,
) -> Taken:
    """Say of each team that is `gone` what is taken for granted of the stops which, by the plan, it has behind it and of which nobody told.

    Raises
    ------
    BadInputError
        `TEAM_SILENT`: a team has set out, nothing at all was heard from it, and nothing is `said` of it.
    """
    planned = {door_of(v): route.team for route in before.routes for v in route.visits}
    teams = dict.fromkeys((*(route.team for route in before.routes), *gone))
    made = calls(events, doors, teams=teams, planned=planned, now_s=now_s)
    known = {resident for event in events for resident in event.residents or doors.get(event.visit, ())}
    instead: list[Event] = []
    findings: list[Finding] = []
    for team in gone:
        heard = [call for call in made if call.team == team]
        out = any(r.start_s <= now_s for r in before.routes if r.team == team and r.visits)
        if out and not heard and team not in said:
            raise _silent(team, min(route.start_s for route in before.routes if route.team == team))
        due = [step for step in _due(before, team, heard, now_s) if not known & {*step.residents}]
        if not due and heard:
            continue
        if said.get(team) is Silent.AS_PLANNED:
            instead += [_as_planned(before.date, team, step) for step in due]
        if out:
            findings.append(_told(team, heard, [step.visit for step in due if step.visit], said.get(team)))
    return Taken(events=tuple(instead), findings=tuple(findings))


def _due(before: Plan, team: TeamId, heard: Sequence[Call], now_s: int) -> Iterable[Step]:
    """Give the stops that the team was to have left by `now_s`, behind the last one that it told of."""
    been = {call.visit for call in heard}
    for route in before.routes:
        if route.team != team:
            continue
        last = max((place for place, step in enumerate(route.steps) if step.visit and door_of(step.visit) in been), default=-1)  # fmt: skip
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


def _silent(team: TeamId, since_s: int) -> BadInputError:
    return BadInputError(
        "TEAM_SILENT",
        msg(
            "Nothing has been heard from team {team}, which set out at {time}: it may have been at doors, and carry samples.",
            team=team,
            time=clock(since_s),
        ),
        msg(
            "Ask the team where it has been, and read that in with --results. If it cannot be reached, say --silent {team}=done-as-planned or --silent {team}=nothing-done.",
            team=team,
        ),
    )


def _told(team: TeamId, heard: Sequence[Call], due: Sequence[VisitId], said: Silent | None) -> Finding:
    visits = ", ".join(due)
    if said is Silent.AS_PLANNED and due:
        return ask_the_team(
            "TAKEN_AS_DONE",
            msg(
                "Team {team}: {visits} count as done, as you said; nobody told it.", team=team, visits=visits
            ),
        )
    if heard:
        return ask_the_team(
            "SILENT_SINCE",
            msg(
                "Team {team}: nothing heard since {time}; {visits} should be done by now and go to other teams.",
                team=team,
                time=clock(heard[-1].time_s),
                visits=visits,
            ),
        )
    if not due:
        return ask_the_team(
            "NOTHING_DONE",
            msg("Team {team}: by the plan it has no door behind it yet; nobody told of any.", team=team),
        )
    return ask_the_team(
        "NOTHING_DONE",
        msg(
            "Team {team}: as you said it has done nothing; {visits} go to other teams.",
            team=team,
            visits=visits,
        ),
    )
