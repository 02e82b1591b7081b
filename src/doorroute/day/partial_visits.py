"""Split the doors of a day that has begun into past calls and residents still to visit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from doorroute.day.calls import Call
from doorroute.day.events import WORDS, Outcome
from doorroute.day.replan_request import ReplanRequest
from doorroute.intake import visit_of
from doorroute.model.clock import DAY_S, clock
from doorroute.model.finding import Finding, warning
from doorroute.model.plan import Reason, Unassigned
from doorroute.model.problem import Problem
from doorroute.model.resident import (
    PART,
    InfectionClass,
    Resident,
    ResidentId,
    TeamId,
    Visit,
    VisitId,
    Window,
    door_of,
)
from doorroute.model.travel import StopKey, TravelMatrix, visit_key
from doorroute.texts import Text, msg

AGAIN_S: Final = 30 * 60
"""If nobody was home, the next try is at least this much later, if the door's hours allow it."""


class PartialVisits:
    """The visits, with every door split into one part for each call.

    Attributes
    ----------
    open : visits still to plan.
    history : for each team and shift its calls by time, each with the id of its visit.
    off : visits that are deliberately on no route.
    visits, places : all visits and their places.
    findings : what was assumed.
    """

    def __init__(self, day: Problem, made: Sequence[Call], request: ReplanRequest) -> None:
        self.day, self.request = day, request
        self.open: dict[VisitId, Visit] = {}
        self.history: dict[tuple[TeamId, int], list[tuple[Call, VisitId]]] = {}
        self.off: dict[VisitId, Unassigned] = {}
        self.findings: list[Finding] = []
        self._own: list[Visit] = []
        self._more: list[Visit] = []
        by_door: dict[VisitId, list[Call]] = {}
        for call in made:
            by_door.setdefault(call.visit, []).append(call)
        for visit in day.visits:
            self._split(visit, by_door.get(visit.id, []))
        for all_calls in self.history.values():
            all_calls.sort(key=lambda entry: (entry[0].time_s, entry[1]))
        self.visits = (*self._own, *self._more)
        self.places = {visit.id: day.places[door_of(visit.id)] for visit in self.visits}

    def _split(self, visit: Visit, at_door: Sequence[Call]) -> None:
        ours = [call for call in at_door if call.team is not None]
        fates = {resident: call for call in at_door for resident in call.fates}
        by_others = [r for r in visit.residents if r.id in fates and fates[r.id].team is None]
        cancelled = [r for r in visit.residents if r.id in self.request.cancelled and r.id not in fates]
        left = [r for r in visit.residents if r.id not in fates and r.id not in self.request.cancelled]
        self._report_cancelled(visit, fates)
        final = [call for call in ours if call.fates]
        own = None if left or not final else final[-1]
        off = [*by_others, *cancelled]
        number = 0
        for call in ours:
            name = visit.id
            if call is not own:
                number += 1
                name = VisitId(f"{visit.id}{PART}{number}")
            seen = [r for r in visit.residents if fates.get(r.id) is call]
            part = self._past_call(visit, name, seen, call)
            (self._own if call is own else self._more).append(part)
            shift = self._shift_of(call)
            key = (call.team, shift)
            self.history.setdefault(key, []).append((call, name))  # type: ignore[arg-type]  # has a team
        if left:
            again = self._still_to_visit(
                visit, left, [call for call in ours if call.time_s <= self.request.now_s]
            )
            self._own.append(again)
            self.open[again.id] = again
        if off:
            name = visit.id if not left and own is None else VisitId(f"{visit.id}{PART}{number + 1}")
            nobody = replace(self._part(visit, name, off), only_teams=frozenset())
            if by_others:
                text = msg(
                    "{visit} was visited at {time} by nobody in the plan: it is not on any route.",
                    visit=visit.id,
                    time=clock(fates[by_others[0].id].time_s),
                )
                self.findings.append(ask_the_team("NO_SUCH_TEAM", text))
            (self._own if name == visit.id else self._more).append(nobody)
            self.off[name] = _off(nobody, fates[by_others[0].id] if by_others else None)

    def _past_call(self, visit: Visit, name: VisitId, seen: Sequence[Resident], call: Call) -> Visit:
        """Return a past call as a visit: suits are used for all who were seen, kits for those sampled."""
        if not seen:
            return replace(
                visit,
                id=name,
                residents=(),
                service_s=self.day.settings.service.door_s,
                kits=0,
                suits=0,
                tubes=0,
                infection_class=InfectionClass.REGULAR,  # nobody was seen
            )
        sampled = [r for r in seen if call.fates[r.id] is Outcome.DONE]
        part = self._part(visit, name, seen)
        return replace(part, kits=sum(r.kits for r in sampled), tubes=sum(r.tubes for r in sampled))

    def _part(self, visit: Visit, name: VisitId, residents: Sequence[Resident]) -> Visit:
        whole = len(residents) == len(visit.residents)
        return replace(visit, id=name) if whole else visit_of(name, residents, self.day.settings)

    def _still_to_visit(self, visit: Visit, left: Sequence[Resident], tries: Sequence[Call]) -> Visit:
        again = self._part(visit, visit.id, left)
        if not tries:
            return again
        least = tries[-1].time_s + AGAIN_S
        windows = again.time_windows or (Window(0, 2 * DAY_S),)
        later = tuple(Window(max(w.start_s, least), w.end_s) for w in windows if w.end_s >= least)
        return replace(again, time_windows=later or again.time_windows)

    def _shift_of(self, call: Call) -> int:
        team = next(team for team in self.day.teams if team.id == call.team)
        begun_by_then = [number for number, shift in enumerate(team.shifts) if shift.start_s <= call.time_s]
        return max(begun_by_then, default=0)

    def _report_cancelled(self, visit: Visit, fates: Mapping[ResidentId, Call]) -> None:
        for resident in visit.residents:
            if resident.id in self.request.cancelled and resident.id in fates:
                text = msg(
                    "{resident} cannot be cancelled: already {what} at {time}.",
                    resident=resident.id,
                    what=WORDS[fates[resident.id].fates[resident.id]],
                    time=clock(fates[resident.id].time_s),
                )
                self.findings.append(ask_the_team("CANCELLED_LATE", text))

    def widened(self, matrix: TravelMatrix) -> TravelMatrix:
        """Return the matrix with a row and a column for each part, copied from its door."""
        stops = (*matrix.stops, *(visit_key(v.id) for v in self._more if visit_key(v.id) not in matrix.index))
        at = np.array([matrix.index[_door_key(stop)] for stop in stops], dtype=np.intp)
        return TravelMatrix(
            profile=matrix.profile,
            stops=stops,
            duration_s=np.ascontiguousarray(matrix.duration_s[np.ix_(at, at)]),
            distance_m=np.ascontiguousarray(matrix.distance_m[np.ix_(at, at)]),
        )


def _door_key(stop: StopKey) -> StopKey:
    kind, _, name = stop.partition(":")
    return visit_key(door_of(VisitId(name))) if kind == "visit" else stop


def _off(visit: Visit, visited: Call | None) -> Unassigned:
    detail = (
        msg("Visited at {time}, by nobody in the plan.", time=clock(visited.time_s))
        if visited
        else msg("Cancelled by the dispatcher.")
    )
    remedy = (
        msg("To correct it, type a line with the team's name and a later time.")
        if visited
        else msg("Nothing to do.")
    )
    return Unassigned(
        visit=visit.id,
        residents=visit.resident_ids,
        code=Reason.LOCKED,
        ever=False,
        detail=detail,
        remedy=remedy,
    )


def ask_the_team(code: str, message: Text) -> Finding:
    """Return a warning about something assumed because the team sent no result."""
    return warning(code, message, msg("Ask the team; later results count in the next plan."))
