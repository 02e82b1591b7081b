"""Close the day: the result of every row of the list, and the times of every team. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median
from typing import Final

from doorroute.day.calls import Call
from doorroute.day.events import Outcome, ResidentState
from doorroute.errors import InternalError
from doorroute.model.ledger import NO_PERSON
from doorroute.model.line import rows_text
from doorroute.model.plan import Plan, Route, StopLock
from doorroute.model.resident import Resident, ResidentId, TeamId, VisitId, door_of
from doorroute.texts import Text, msg, msg_n


class End(StrEnum):
    """The result of a row of the list at the end of the day."""

    SAMPLED = "sampled"
    REFUSED = "refused"
    NOBODY_HOME = "nobody_home"
    NOT_VISITED = "not_visited"
    UNASSIGNED = "unassigned"
    NOT_LOCATED = "not_located"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    NO_PERSON = "no_person"


ENDS: Final[Mapping[End, Text]] = {
    End.SAMPLED: msg("sampled"),
    End.REFUSED: msg("refused"),
    End.NOBODY_HOME: msg("nobody home"),
    End.NOT_VISITED: msg("not visited"),
    End.UNASSIGNED: msg("not on any route"),
    End.NOT_LOCATED: msg("not found on the map"),
    End.REJECTED: msg("row rejected"),
    End.CANCELLED: msg("cancelled"),
    End.NO_PERSON: msg("not a person: blank, totals or duplicate row"),
}
FINISHED: Final = frozenset({End.SAMPLED, End.REFUSED, End.CANCELLED, End.NO_PERSON})
"""Results after which no further visit is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFate:
    """The result of one row of the list.

    `row` is its line in the list, `code` the plan's reason, `column` where a rejected row has its fault.
    `planned_s` is when the team was to leave the door, `real_s` the time of the last result.
    """

    row: int
    end: End
    resident: ResidentId | None = None
    people: int = 1
    visit: VisitId | None = None
    team: TeamId | None = None
    planned_s: int | None = None
    real_s: int | None = None
    tries: int = 0
    code: str = ""
    column: str = ""
    detail: Text | None = field(default=None, repr=False)
    sheet: str = ""

    @property
    def reason(self) -> Text:
        """Return the result and its reason in words; `detail` explains it further."""
        if self.end is End.NOBODY_HOME:
            return msg_n("nobody home, {n} try", "nobody home, {n} tries", self.tries)
        if self.end is End.REJECTED and self.column:
            return msg("row rejected, {code}, column {column}", code=self.code, column=self.column)
        return msg("{what}, {code}", what=ENDS[self.end], code=self.code) if self.code else ENDS[self.end]

    @property
    def carried(self) -> bool:
        """Return whether the row is carried over to tomorrow."""
        return self.end not in FINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The result of a team's call at a door when it left; `done` if anybody was sampled."""

    visit: VisitId
    time_s: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """When a team was to arrive at a door and leave it, by the last plan made before it did."""

    team: TeamId
    visit: VisitId
    arrival_s: int
    departure_s: int


def planned_of(plans: Sequence[Plan]) -> dict[ResidentId, PlannedVisit]:
    """Return the planned times of all residents who were ever on a route, from the newest plan that has them.

    The first of `plans` is the newest. Stops already done when a plan was made are ignored.
    """
    found: dict[ResidentId, PlannedVisit] = {}
    for plan in reversed(plans):
        for route in plan.routes:
            for step in route.steps:
                if step.visit is None or step.lock is StopLock.DONE:
                    continue
                at = PlannedVisit(
                    team=route.team,
                    visit=door_of(step.visit),
                    arrival_s=step.arrival_s,
                    departure_s=step.departure_s,
                )
                found.update(dict.fromkeys(step.residents, at))
    return found


def close(
    plans: Sequence[Plan],
    residents: Iterable[Resident],
    standing: Mapping[ResidentId, ResidentState],
    sheet: Iterable[int],
    cancelled: Collection[ResidentId] = (),
) -> tuple[RowFate, ...]:
    """Return the result of every row of `sheet`, in its order.

    The first of `plans` is the newest. `cancelled` residents need no visit any more.

    Raises
    ------
    InternalError
        `ROWS_LOST`: a row has no result, or two.
    """
    plan, planned = plans[0], planned_of(plans)
    on_route = {
        resident: (route.team, door_of(step.visit))
        for route in plan.routes
        for step in route.steps
        if step.visit is not None
        for resident in step.residents
    }
    left = {resident: each for each in plan.unassigned for resident in each.residents}
    unsure = {each.row: each.code.value for each in plan.not_located}
    fates = [
        RowFate(
            row=row.row,
            end=End.NO_PERSON if row.code in NO_PERSON else End.REJECTED,
            code=row.code,
            column=row.column,
            detail=row.message,
            sheet=row.sheet,
        )
        for row in plan.rejected
    ]
    for person in residents:
        fate = RowFate(
            row=person.row, end=End.NOT_VISITED, resident=person.id, people=person.people, sheet=person.sheet
        )
        if person.row in unsure:
            fates.append(replace(fate, end=End.NOT_LOCATED, code=unsure[person.row]))
        if person.id in on_route:
            fates.append(_at_the_door(fate, *on_route[person.id], standing, planned))
        if person.id in left:
            out = left[person.id]
            fate = _at_the_door(fate, None, door_of(out.visit), standing, planned)
            if person.id in cancelled and fate.end not in FINISHED:
                fate = replace(fate, end=End.CANCELLED)
            if fate.end is End.NOT_VISITED:
                fate = replace(fate, end=End.UNASSIGNED, code=out.code.value, detail=out.detail)
            fates.append(fate)
    fates.sort(key=lambda fate: fate.row)
    _check_every_row([fate.row for fate in fates], list(sheet))
    return tuple(fates)


def _at_the_door(
    fate: RowFate,
    team: TeamId | None,
    visit: VisitId,
    standing: Mapping[ResidentId, ResidentState],
    planned: Mapping[ResidentId, PlannedVisit],
) -> RowFate:
    here = standing.get(fate.resident, ResidentState()) if fate.resident is not None else ResidentState()
    was = planned.get(fate.resident) if fate.resident is not None else None
    return replace(
        fate,
        end=_END[here.outcome],
        visit=visit,
        team=here.team or team,
        planned_s=was.departure_s if was is not None else None,
        real_s=here.time_s if here.outcome is not Outcome.OPEN else None,
        tries=here.tries,
    )


_END: Final[Mapping[Outcome, End]] = {
    Outcome.OPEN: End.NOT_VISITED,
    Outcome.DONE: End.SAMPLED,
    Outcome.NOBODY_HOME: End.NOBODY_HOME,
    Outcome.REFUSED: End.REFUSED,
}


def _check_every_row(ended: Sequence[int], sheet: Sequence[int]) -> None:
    if list(ended) == list(sheet):
        return
    odd = sorted({*(set(sheet) ^ set(ended)), *(row for row, times in Counter(ended).items() if times > 1)})
    raise InternalError(
        "ROWS_LOST",
        msg(
            "The list has {rows} rows, but {ended} are accounted for; check rows {odd}.",
            rows=len(sheet),
            ended=len(ended),
            odd=rows_text(odd, 20),
        ),
        msg("Nothing was written. Was plan.json changed by hand? If not, this is a bug: please report it."),
    )


def marks_of(made: Iterable[Call]) -> dict[TeamId, tuple[Mark, ...]]:
    """Return each team's calls in order, as marks."""
    marks: dict[TeamId, list[Mark]] = {}
    for call in made:
        if call.team is not None:
            marks.setdefault(call.team, []).append(
                Mark(visit=call.visit, time_s=call.time_s, outcome=_outcome(call))
            )
    return {team: tuple(of_team) for team, of_team in marks.items()}


def _outcome(call: Call) -> Outcome:
    if not call.fates:
        return Outcome.NOBODY_HOME
    return Outcome.DONE if Outcome.DONE in call.fates.values() else Outcome.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDay:
    """A team's day: its planned times, the results it reported, and when it was back.

    `open` counts its doors without a result. `back_s` is the time of its last result plus the travel home;
    None if there is no route home or a door is open.
    """

    team: TeamId
    start_s: int
    finish_s: int
    planned: tuple[tuple[VisitId, int], ...]
    marks: tuple[Mark, ...]
    open: int
    back_s: int | None

    @property
    def late_s(self) -> int | None:
        """Return the median delay at its doors (negative: early), or None if it reported none of them."""
        planned = dict(self.planned)
        late = [mark.time_s - planned[mark.visit] for mark in self.marks if mark.visit in planned]
        return round(median(late)) if late else None


def team_days(
    plans: Sequence[Plan],
    fates: Iterable[RowFate],
    marks: Mapping[TeamId, tuple[Mark, ...]],
    home_s: Callable[[TeamId, VisitId], int | None],
) -> tuple[TeamDay, ...]:
    """Return the day of each team that had a route or reported a result.

    `home_s` gives the travel time from a door to the depot where the team ends.
    """
    planned: dict[TeamId, dict[VisitId, int]] = {}
    for at in planned_of(plans).values():
        planned.setdefault(at.team, {})[at.visit] = at.departure_s
    routes: dict[TeamId, list[Route]] = {}
    for route in plans[0].routes:
        routes.setdefault(route.team, []).append(route)
    silent = Counter(
        team for team, _ in {(fate.team, fate.visit) for fate in fates if fate.end is End.NOT_VISITED}
    )
    days = []
    for team in dict.fromkeys((*routes, *planned, *marks)):
        reported = marks.get(team, ())
        home = home_s(team, reported[-1].visit) if reported and not silent[team] else None
        mine = sorted(planned.get(team, {}).items(), key=lambda each: each[1])
        times = [mark.time_s for mark in reported] + [time_s for _, time_s in mine]
        days.append(
            TeamDay(
                team=team,
                start_s=min((route.start_s for route in routes.get(team, ())), default=min(times, default=0)),
                finish_s=max(
                    (route.finish_s for route in routes.get(team, ())), default=max(times, default=0)
                ),
                planned=tuple(mine),
                marks=reported,
                open=silent[team],
                back_s=None if home is None else reported[-1].time_s + home,
            )
        )
    return tuple(days)
