"""Convert a plan to the JSON of `plan.json` (schema `doorroute/plan/1`) and back, without file access.

Other programs rely on the names: fields may be added, none renamed. Seconds, metres, `[lon, lat]` in WGS 84.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

from doorroute.model.directions import Direction, DirectionKind
from doorroute.model.ledger import SheetCount
from doorroute.model.line import row_of
from doorroute.model.place import Candidate, Datum, DatumBy, Point, Precision, TakenDatum
from doorroute.model.plan import (
    InputFile,
    NotLocated,
    Plan,
    Reason,
    Rejected,
    Route,
    Step,
    StepType,
    StopLock,
    Summary,
    Unassigned,
)
from doorroute.model.resident import ResidentId, TeamId, VisitId
from doorroute.model.settings import Objective
from doorroute.model.team import Profile
from doorroute.texts import Text, literal

SCHEMA: Final = "doorroute/plan/1"

COORDINATE_DIGITS: Final = 7
"""Digits after the point: 1 cm, as in OpenStreetMap."""

LARGEST: Final = 2**53
"""Larger whole numbers are not the same in every reader of JSON (RFC 8259, section 6)."""

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def plan_to_json(plan: Plan, lang: str) -> dict[str, object]:
    """Return the plan as JSON values, its texts in `lang`."""
    return {
        "schema": SCHEMA,
        "date": plan.date,
        "objective": plan.objective.value,
        "objectives": [objective.value for objective in plan.objectives],
        "parent": plan.parent,
        "seed": plan.seed,
        "inputs": {name: {"file": f.file, "sha256": f.sha256, "rows": f.rows} for name, f in plan.inputs},
        "summary": _summary_to_json(plan.summary, lang),
        "routes": [_route_to_json(route) for route in plan.routes],
        "unassigned": [
            {
                "visit": left_out.visit,
                "residents": list(left_out.residents),
                "code": left_out.code.value,
                "ever": left_out.ever,
                "detail": left_out.detail.into(lang),
                "remedy": left_out.remedy.into(lang),
            }
            for left_out in plan.unassigned
        ],
        "not_located": [
            {
                "row": row_of(unsure.row),
                "sheet": unsure.sheet,
                "line": unsure.row,
                "resident": unsure.resident,
                "code": unsure.code.value,
                "address": unsure.address,
                "candidates": [_candidate_to_json(candidate) for candidate in unsure.candidates],
            }
            for unsure in plan.not_located
        ],
        "rejected": [
            {
                "row": row_of(refused.row),
                "sheet": refused.sheet,
                "line": refused.row,
                "code": refused.code,
                "column": refused.column,
                "message": refused.message.into(lang),
            }
            for refused in plan.rejected
        ],
        **({} if plan.datums is None else {"datums": [datum_to_json(taken) for taken in plan.datums]}),
        "sheets": [
            {field.name: getattr(each, field.name) for field in fields(SheetCount)} for each in plan.sheets
        ],
    }


def plan_from_json(data: object) -> Plan:
    """Return the plan that `plan_to_json` wrote; coordinates are rounded, texts in the file's language.

    Unknown fields are ignored: later versions may add some.

    Raises
    ------
    ValueError
        A field is missing or invalid. The error's text is its path, such as `routes[0].steps[2].load`.
    """
    plan = _Value(data, "")
    if plan["schema"].text() != SCHEMA:
        plan["schema"].refuse()
    return Plan(
        date=plan["date"].made(lambda value: date.fromisoformat(value.text()).isoformat()),
        objective=plan["objective"].one_of(Objective),
        objectives=plan["objectives"].each(lambda value: value.one_of(Objective))
        if plan.has("objectives")
        else (),
        parent=plan["parent"].maybe(_Value.text) if plan.has("parent") else None,
        seed=plan["seed"].whole(),
        inputs=tuple((name, _input_file(value)) for name, value in plan["inputs"].pairs()),
        summary=_summary(plan["summary"]),
        routes=plan["routes"].each(_route),
        unassigned=plan["unassigned"].each(_unassigned),
        not_located=plan["not_located"].each(_not_located),
        rejected=plan["rejected"].each(_rejected),
        sheets=plan["sheets"].each(_sheet_count) if plan.has("sheets") else (),
        datums=plan["datums"].each(_datum) if plan.has("datums") else None,
    )


def datum_to_json(taken: TakenDatum) -> dict[str, object]:
    """Return the datum of a source of coordinates as JSON values."""
    return {
        "source": taken.source,
        "datum": taken.datum.value,
        "by": taken.by.value,
        "rows": taken.rows,
        "witnesses": taken.witnesses,
        "metres": dict(zip((each.value for each in Datum), taken.metres, strict=True))
        if taken.metres
        else None,
        "fits": None if taken.fits is None else taken.fits.value,
        "mixed": taken.mixed,
    }


def _datum(value: _Value) -> TakenDatum:
    return TakenDatum(
        source=value["source"].text(),
        datum=value["datum"].one_of(Datum),
        by=value["by"].one_of(DatumBy),
        rows=value["rows"].whole(),
        witnesses=value["witnesses"].whole(),
        metres=value["metres"].maybe(lambda metres: tuple(metres[each.value].whole() for each in Datum))
        or (),
        fits=value["fits"].maybe(lambda fits: fits.one_of(Datum)),
        mixed=value["mixed"].truth(),
    )


def _summary_to_json(summary: Summary, lang: str) -> dict[str, object]:
    values = {field.name: getattr(summary, field.name) for field in fields(Summary)}
    return {name: value.into(lang) if isinstance(value, Text) else value for name, value in values.items()}


def _route_to_json(route: Route) -> dict[str, object]:
    return {
        "team": route.team,
        "profile": route.profile.value,
        "shift": route.shift,
        "start_s": route.start_s,
        "finish_s": route.finish_s,
        "travel_s": route.travel_s,
        "service_s": route.service_s,
        "waiting_s": route.waiting_s,
        "distance_m": route.distance_m,
        "steps": [_step_to_json(step) for step in route.steps],
        "geometry": {
            "type": "LineString",
            "coordinates": [_point_to_json(point) for point in route.geometry],
        },
    }


def _step_to_json(step: Step) -> dict[str, object]:
    return {
        "type": step.type.value,
        "visit": step.visit,
        "residents": list(step.residents),
        "location": None if step.location is None else _point_to_json(step.location),
        "arrival_s": step.arrival_s,
        "waiting_s": step.waiting_s,
        "start_service_s": step.start_service_s,
        "setup_s": step.setup_s,
        "service_s": step.service_s,
        "departure_s": step.departure_s,
        "load": list(step.load),
        "lock": step.lock.value,
        "way": [
            {"kind": part.kind.value, "name": part.name, "metres": part.metres} for part in step.directions
        ],
    }


def _candidate_to_json(candidate: Candidate) -> dict[str, object]:
    return {
        "label": candidate.label,
        "location": _point_to_json(candidate.point),
        "precision": candidate.precision.value,
        "score": candidate.score,
    }


def _point_to_json(point: Point) -> list[float]:
    return [round(point.lon, COORDINATE_DIGITS), round(point.lat, COORDINATE_DIGITS)]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value in a JSON document, with its path."""

    value: object
    path: str

    def refuse(self) -> NoReturn:
        raise ValueError(self.path or "$")

    def __getitem__(self, name: str) -> _Value:
        if not isinstance(self.value, Mapping):
            self.refuse()
        found = _Value(self.value.get(name), f"{self.path}.{name}" if self.path else name)
        if name not in self.value:
            found.refuse()
        return found

    def has(self, name: str) -> bool:
        """Return whether the value has a field; earlier versions did not write all."""
        return isinstance(self.value, Mapping) and name in self.value

    def pairs(self) -> Iterator[tuple[str, _Value]]:
        if not isinstance(self.value, Mapping):
            self.refuse()
        for name in self.value:
            yield name, self[name]

    def items(self) -> list[_Value]:
        if not isinstance(self.value, list):
            self.refuse()
        return [_Value(item, f"{self.path}[{position}]") for position, item in enumerate(self.value)]

    def each(self, make: Callable[[_Value], T]) -> tuple[T, ...]:
        return tuple(make(item) for item in self.items())

    def maybe(self, make: Callable[[_Value], T]) -> T | None:
        return None if self.value is None else make(self)

    def made(self, make: Callable[[_Value], T]) -> T:
        """Return `make(self)`; if it raises ValueError, raise one with the path of this value."""
        try:
            return make(self)
        except ValueError as error:
            raise ValueError(self.path) from error

    def text(self) -> str:
        return self.value if isinstance(self.value, str) else self.refuse()

    def whole(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool) or abs(self.value) > LARGEST:
            self.refuse()
        return self.value

    def number(self) -> float:
        number = self.value if isinstance(self.value, float) else float(self.whole())
        return number if math.isfinite(number) else self.refuse()

    def truth(self) -> bool:
        return self.value if isinstance(self.value, bool) else self.refuse()

    def one_of(self, words: type[E]) -> E:
        return self.made(lambda value: words(value.text()))


def _input_file(value: _Value) -> InputFile:
    return InputFile(
        file=value["file"].text(), sha256=value["sha256"].text(), rows=value["rows"].maybe(_Value.whole)
    )


def _summary(value: _Value) -> Summary:
    there = [field.name for field in fields(Summary) if field.default is MISSING or value.has(field.name)]
    trade_off = value["trade_off"].maybe(_Value.text) if value.has("trade_off") else None
    return Summary(
        **{name: value[name].whole() for name in there if name != "trade_off"},
        trade_off=None if trade_off is None else literal(trade_off),
    )


def _route(value: _Value) -> Route:
    if value["geometry"]["type"].text() != "LineString":
        value["geometry"]["type"].refuse()
    return Route(
        team=TeamId(value["team"].text()),
        profile=value["profile"].one_of(Profile),
        shift=value["shift"].whole() if value.has("shift") else 0,
        start_s=value["start_s"].whole(),
        finish_s=value["finish_s"].whole(),
        travel_s=value["travel_s"].whole(),
        service_s=value["service_s"].whole(),
        waiting_s=value["waiting_s"].whole(),
        distance_m=value["distance_m"].whole(),
        steps=value["steps"].each(_step),
        geometry=value["geometry"]["coordinates"].each(_point),
    )


def _step(value: _Value) -> Step:
    return Step(
        type=value["type"].one_of(StepType),
        visit=value["visit"].maybe(_visit_id),
        residents=value["residents"].each(_resident_id),
        location=value["location"].maybe(_point),
        arrival_s=value["arrival_s"].whole(),
        waiting_s=value["waiting_s"].whole(),
        start_service_s=value["start_service_s"].whole(),
        setup_s=value["setup_s"].whole(),
        service_s=value["service_s"].whole(),
        departure_s=value["departure_s"].whole(),
        load=value["load"].each(_Value.whole),
        lock=value["lock"].one_of(StopLock) if value.has("lock") else StopLock.NONE,
        # earlier versions did not write it
        directions=value["way"].each(_direction) if value.has("way") else (),
    )


def _direction(value: _Value) -> Direction:
    return Direction(
        kind=value["kind"].one_of(DirectionKind), name=value["name"].text(), metres=value["metres"].whole()
    )


def _unassigned(value: _Value) -> Unassigned:
    return Unassigned(
        visit=_visit_id(value["visit"]),
        residents=value["residents"].each(_resident_id),
        code=value["code"].one_of(Reason),
        ever=value["ever"].truth(),
        detail=literal(value["detail"].text()),
        remedy=literal(value["remedy"].text()),
    )


def _not_located(value: _Value) -> NotLocated:
    return NotLocated(
        row=_line(value),
        sheet=_sheet_name(value),
        resident=_resident_id(value["resident"]),
        code=value["code"].one_of(Reason),
        address=value["address"].text(),
        candidates=value["candidates"].each(_candidate),
    )


def _line(value: _Value) -> int:
    row = value["row"].whole()
    line = value["line"].whole() if value.has("line") else row
    if value.has("line") and row_of(line) != row:
        value["row"].refuse()
    return line


def _sheet_name(value: _Value) -> str:
    return value["sheet"].text() if value.has("sheet") else ""


def _sheet_count(value: _Value) -> SheetCount:
    return SheetCount(
        source=value["source"].text(),
        sheet=value["sheet"].text(),
        read=value["read"].truth(),
        **{
            name: value[name].whole()
            for name in ("rows", "with_people", "to_correct", "skipped", "residents", "refused")
        },
    )


def _candidate(value: _Value) -> Candidate:
    return Candidate(
        label=value["label"].text(),
        point=_point(value["location"]),
        precision=value["precision"].one_of(Precision),
        score=value["score"].number(),
    )


def _rejected(value: _Value) -> Rejected:
    return Rejected(
        row=_line(value),
        sheet=_sheet_name(value),
        code=value["code"].text(),
        column=value["column"].text(),
        message=literal(value["message"].text()),
    )


def _point(value: _Value) -> Point:
    lon_lat = value.each(_Value.number)
    if len(lon_lat) != 2:
        value.refuse()
    return value.made(lambda _: Point(*lon_lat))


def _visit_id(value: _Value) -> VisitId:
    return VisitId(value.text())


def _resident_id(value: _Value) -> ResidentId:
    return ResidentId(value.text())
