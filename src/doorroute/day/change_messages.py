"""What changes for each team, in sentences to read out over the phone.

Stops have the numbers of the page that the team has now. No names of residents. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

from doorroute.day.route_changes import RouteChanges
from doorroute.model.clock import DAY_S, clock
from doorroute.model.plan import Plan, Route, StopLock
from doorroute.model.resident import TeamId, VisitId, door_of
from doorroute.texts import Text, listed, msg, msg_n


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMessage:
    """The message for a team; `changed` is False if only times change."""

    team: TeamId
    text: Text
    changed: bool


def change_messages(
    before: Plan,
    after: Plan,
    changes: Mapping[tuple[TeamId, int], RouteChanges],
    *,
    revisited: Collection[VisitId],
    dropped: Mapping[TeamId, bool],
    now_s: int = DAY_S,
) -> tuple[ChangeMessage, ...]:
    """Return one message for each team of either plan, in the order of the plans.

    Parameters
    ----------
    changes : changes of the stops ahead, by team and shift (`changes_between`).
    revisited : doors where nobody was home since the previous plan.
    dropped : teams that stopped work; True if they did so since the previous plan.
    now_s : time of the new plan.
    """
    old = {(route.team, route.shift): route for route in before.routes}
    now = {(route.team, route.shift): route for route in after.routes}
    to = {door_of(visit): route.team for route in after.routes for visit in _ahead(route)}
    in_shifts = {team for team, shift in (*old, *now) if shift}

    def name(team: TeamId, route: Route) -> Text | TeamId:
        return msg("{team} from {time}", team=team, time=clock(route.start_s)) if team in in_shifts else team

    messages = []
    for key in dict.fromkeys((*old, *now)):
        team, was, route = key[0], old.get(key), now.get(key)
        if team in dropped:
            if not dropped[team]:
                continue
            messages.append(ChangeMessage(team=team, text=_gone(team, was, route, to, now_s), changed=True))
        elif route is not None:
            clauses = _clauses(was, route, changes[key], revisited)
            end = msg("back at {time}", time=clock(route.finish_s))
            if clauses:
                untouched = [v for v in _ahead(route) if v not in changes[key].new | changes[key].moved]
                clauses += [msg("the rest is unchanged")] if untouched else []
            else:
                clauses = [msg("nothing changes")]
            changed = clauses[0].template != "nothing changes"
            messages.append(
                ChangeMessage(
                    team=team,
                    text=msg("Team {team}: {what}.", team=name(team, route), what=joined([*clauses, end])),
                    changed=changed,
                )
            )
        elif was is not None:
            clauses = _clauses(was, None, RouteChanges(), revisited) or [msg("does not go out")]
            messages.append(
                ChangeMessage(
                    team=team,
                    text=msg("Team {team}: {what}.", team=name(team, was), what=joined(clauses)),
                    changed=True,
                )
            )
    return tuple(messages)


def _ahead(route: Route) -> list[VisitId]:
    return [step.visit for step in route.steps if step.visit is not None and step.lock is not StopLock.DONE]


def _numbers(route: Route | None) -> dict[VisitId, int]:
    """Return the number of each door on the team's page; its last number if it has several."""
    steps = [step for step in route.steps if step.visit is not None and step.residents] if route else []
    return {door_of(step.visit): number for number, step in enumerate(steps, 1) if step.visit is not None}


def _clauses(
    was: Route | None, route: Route | None, changes: RouteChanges, revisited: Collection[VisitId]
) -> list[Text]:
    """Return one clause for each group of stops that were added, moved or removed."""
    numbers = _numbers(was)
    clauses: list[Text] = []
    if route is not None:
        last = [step.visit for step in route.steps if step.visit is not None and step.lock is StopLock.DONE]
        where = _after(door_of(last[-1]), numbers) if last else msg("first")
        for kind, run in groupby(_ahead(route), key=lambda visit: _kind(visit, changes, revisited, numbers)):
            visits = list(run)
            if kind:
                clauses.append(_added(kind, where, visits, numbers))
            where = msg("then") if kind else _after(visits[-1], numbers)
    for team, doors in groupby(
        sorted(changes.gone, key=lambda gone: gone.team or ""), key=lambda gone: gone.team
    ):
        clauses.append(_removed([gone.visit for gone in doors], team, numbers))
    return clauses


def _kind(
    visit: VisitId, changes: RouteChanges, revisited: Collection[VisitId], numbers: Mapping[VisitId, int]
) -> str:
    if visit in revisited and visit in numbers:
        return "again"
    return "new" if visit in changes.new else "moved" if visit in changes.moved else ""


def _after(visit: VisitId, numbers: Mapping[VisitId, int]) -> Text:
    if visit in numbers:
        return msg("after stop {number}", number=numbers[visit])
    return msg("after {visit}", visit=visit)


def _added(kind: str, where: Text, visits: Sequence[VisitId], numbers: Mapping[VisitId, int]) -> Text:
    names, n = named(visits, {} if kind == "new" else numbers), len(visits)
    if kind == "again":
        return msg_n(
            "{where} try {visits} again, nobody was home",
            "{where} try {visits} again, nobody was home",
            n,
            where=where,
            visits=names,
        )
    if kind == "new":
        if where.template == "first":
            return msg("new at the start: {visits}", visits=in_turn(visits))
        return msg("new {where}: {visits}", where=where, visits=in_turn(visits))
    return msg("{where} go to {visits}", where=where, visits=names)


def _removed(visits: Sequence[VisitId], team: TeamId | None, numbers: Mapping[VisitId, int]) -> Text:
    names, n = named(visits, numbers), len(visits)
    if team is None:
        return msg_n(
            "{visits} is dropped: nobody goes there now",
            "{visits} are dropped: nobody goes there now",
            n,
            visits=names,
        )
    return msg_n("{visits} goes to team {team}", "{visits} go to team {team}", n, visits=names, team=team)


def _gone(
    team: TeamId, was: Route | None, route: Route | None, to: Mapping[VisitId, TeamId], now_s: int
) -> Text:
    """Return the message about a team that stopped work: its last stop, its samples, who takes its stops."""
    numbers = _numbers(was)
    done = {door_of(visit) for visit in route.visits} if route else set()
    ahead = [visit for visit in (_ahead(was) if was else []) if visit not in done]
    shares: dict[TeamId | None, list[VisitId]] = {}
    for visit in ahead:
        shares.setdefault(to.get(visit), []).append(visit)
    clauses = [_removed(visits, other, numbers) for other, visits in shares.items()]
    seen = [step for step in route.steps if step.visit is not None and step.residents] if route else []
    if seen and seen[-1].visit is not None:
        last = named([door_of(seen[-1].visit)], numbers)
        first = msg(
            "has stopped work; its last stop was {visit}; its samples still have to be handed in", visit=last
        )
    elif was is None or was.start_s > now_s:
        first = msg("stopped work before leaving")
    else:
        first = msg(
            "has stopped work and sent no results: ask which doors it visited and whether it carries samples"
        )
    return msg("Team {team}: {what}.", team=team, what=joined([first, *clauses]))


def named(visits: Iterable[VisitId], numbers: Mapping[VisitId, int]) -> Text:
    """List visits, each with its stop number if the team's page has one."""
    each = [
        msg("stop {number} ({visit})", number=numbers[visit], visit=visit)
        if visit in numbers
        else msg("{visit}", visit=visit)
        for visit in visits
    ]
    *front, last = each
    if not front:
        return last
    return msg("{visits} and {last}", visits=listed(*front), last=last)


def in_turn(visits: Sequence[VisitId]) -> Text:
    """List visits in their order."""
    first, *others = (msg("{visit}", visit=visit) for visit in visits)
    return reduce(lambda a, b: msg("{a}, then {b}", a=a, b=b), others, first)


def joined(clauses: Sequence[Text]) -> Text:
    """Join clauses with semicolons."""
    return reduce(lambda a, b: msg("{a}; {b}", a=a, b=b), clauses)
