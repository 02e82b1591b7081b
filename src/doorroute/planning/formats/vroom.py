"""Read VROOM's input (docs/API.md of VROOM 1.15) for a day of visits: jobs, vehicles and their matrices."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from doorroute.errors import BadInputError
from doorroute.planning.core.score import Orders, measured
from doorroute.planning.core.tables import FORBIDDEN, NO_LIMIT, Crew, Ints, Pause
from doorroute.planning.formats.fixed_routes import orders_of
from doorroute.planning.formats.instance import ANYWHERE, FixedStep, Instance, ProfileTables, tables_of
from doorroute.texts import Text, msg

_TOP: Final = {"jobs", "vehicles", "matrices", "matrix", "shipments"}
_JOB: Final = {
    *("id", "description", "location", "location_index", "setup", "service"),
    *("setup_per_type", "service_per_type", "delivery", "pickup", "amount"),
    *("skills", "priority", "time_windows"),
}
_VEHICLE: Final = {
    *("id", "profile", "description", "start", "start_index", "end", "end_index", "capacity", "costs"),
    *("skills", "type", "time_window", "breaks", "speed_factor", "max_tasks", "max_travel_time"),
    *("max_distance", "steps"),
}
_BREAK: Final = {"id", "description", "time_windows", "service"}
_COSTS: Final = {"fixed": 0, "per_hour": 3600, "per_task_hour": 0, "per_km": 0}
_USED: Final = ("delivery", "pickup", "amount")
_SHOWN: Final = ("description", "location")
_LATEST: Final = FORBIDDEN - 1

_SPARE_S: Final = 7 * 86400
"""Timestamps are counted from this long before the first one, so that they stay below `FORBIDDEN`."""


class _Kind(NamedTuple):
    """What determines how long a vehicle takes."""

    profile: str
    speed: int  # in hundredths
    type: str


def instance_of(text: object) -> Instance:
    """Read VROOM's input. Raises BadInputError, naming the field, for anything unsupported or invalid."""
    given = _known(text, _TOP, "")
    if given.get("shipments"):
        raise _bad("shipments", msg("not supported"))
    jobs, vehicles = _list(given, "jobs"), _list(given, "vehicles")
    matrices = _matrices(given)
    for key, table, fields in (("jobs", jobs, _JOB), ("vehicles", vehicles, _VEHICLE)):
        for at, item in enumerate(table):
            _known(item, fields, f"{key}[{at}].")
        ids = [_number(item, f"{key}[{at}].") for at, item in enumerate(table)]
        if len(set(ids)) < len(ids):
            raise _bad(f"{key}.id", msg("two have the same number"))
    if not vehicles:
        raise _bad("vehicles", msg("there is none"))
    kinds = [_kind(vehicle, f"vehicles[{at}].", matrices) for at, vehicle in enumerate(vehicles)]
    rows = list(dict.fromkeys(kinds))
    size = min(len(matrices[kind.profile][0]) for kind in rows)
    places = [_index(job, "location_index", f"jobs[{at}].", size) for at, job in enumerate(jobs)]
    ends = [_ends(vehicle, f"vehicles[{at}].", size) for at, vehicle in enumerate(vehicles)]
    depots = list(dict.fromkeys(place for pair in ends for place in pair))
    setups, services = (_times(jobs, key, rows) for key in ("setup", "service"))
    origin = _origin(jobs, vehicles)
    goods = _dimensions(vehicles, jobs)
    skills = [set(_numbers(job, "skills", f"jobs[{at}].")) for at, job in enumerate(jobs)]
    crews, breaks = [], []
    for at, (vehicle, kind, pair) in enumerate(zip(vehicles, kinds, ends, strict=True)):
        where, row = f"vehicles[{at}].", rows.index(kind)
        able = set(_numbers(vehicle, "skills", where))
        opens, closes = 0, _LATEST
        if "time_window" in vehicle:
            opens, closes = _span(vehicle["time_window"], f"{where}time_window", origin)
        longest = int((services[row] - services.min(axis=0)).max(initial=0))
        pauses = _breaks(vehicle, where, (opens, closes), origin, longest)
        breaks.append([number for _, number in pauses])
        crews.append(
            Crew(
                profile=row,
                start=len(jobs) + depots.index(pair[0]),
                end=len(jobs) + depots.index(pair[1]),
                opens_s=opens,
                closes_s=closes,
                pauses=tuple(pause for pause, _ in pauses),
                capacity=_amounts(vehicle, ("capacity",), where, goods, NO_LIMIT),
                max_visits=_limit(vehicle, "max_tasks", where),
                max_travel_s=_limit(vehicle, "max_travel_time", where),
                max_distance_m=_limit(vehicle, "max_distance", where),
                may=np.array([able >= needed for needed in skills], dtype=bool),
                team=at,
            )
        )
        if "max_distance" in vehicle and matrices[kind.profile][1] is None:
            raise _bad(f"matrices.{kind.profile}.distances", msg("max_distance needs a matrix of distances"))
    demand = [_amounts(job, _USED, f"jobs[{at}].", goods, 0) for at, job in enumerate(jobs)]
    if any("pickup" in job for job in jobs) and any("delivery" in job or "amount" in job for job in jobs):
        raise _bad("jobs.pickup", msg("not supported together with deliveries: the load would rise and fall"))
    spans = [_begins(job, f"jobs[{at}].", origin) for at, job in enumerate(jobs)]
    together = Counter([*places, *depots])
    begins = [
        _windows(spans[node], setups[:, node].tolist(), shared=together[place] > 1)
        for node, place in enumerate(places)
    ]
    priorities = [_priority(job, f"jobs[{at}].") for at, job in enumerate(jobs)]
    tables, extra = tables_of(
        [_profile_tables(matrices, kind, setups[row], services[row]) for row, kind in enumerate(rows)],
        [*places, *depots],
        demand=np.array(demand, dtype=np.int64).reshape(len(jobs), goods),
        priorities=priorities,
        windows=[windows for windows, _ in begins],
        crews=tuple(crews),
        alone=[alone for _, alone in begins],
    )
    return Instance(
        tables=tables,
        visits=[job["id"] for job in jobs],
        teams=[vehicle["id"] for vehicle in vehicles],
        priorities=priorities,
        breaks=breaks,
        extra_s=extra,
        shown=[
            *(_shown(job, place) for job, place in zip(jobs, places, strict=True)),
            *_depots(vehicles, ends, depots),
        ],
        routes_shown=[
            {key: vehicle[key] for key in ("description",) if key in vehicle} for vehicle in vehicles
        ],
        origin_s=origin,
        cost_s=_cost(vehicles),
        load=_load(vehicles, jobs),
        distances=all(matrices[kind.profile][1] is not None for kind in rows),
        fixed=_fixed_steps(vehicles, jobs, breaks, origin),
        windows=spans,
        setup_s=setups,
    )


def _matrices(given: Mapping[str, Any]) -> dict[str, tuple[Ints, Ints | None]]:
    """Return the matrices by profile: seconds, and metres if given."""
    by_profile = {"car": {"durations": given["matrix"]}} if "matrix" in given else given.get("matrices")
    if not isinstance(by_profile, Mapping) or not by_profile:
        raise _bad(
            "matrices",
            msg("a matrix of durations for each profile is needed: streets are not looked up here"),
        )
    found = {}
    for profile, tables in by_profile.items():
        where = f"matrices.{profile}."
        if not isinstance(tables, Mapping):
            raise _bad(f"{where}durations", msg("rows of whole seconds are needed"))
        _known(tables, {"durations", "distances"}, where)
        seconds = _matrix(tables.get("durations"), f"{where}durations")
        metres = _matrix(tables["distances"], f"{where}distances") if "distances" in tables else None
        if metres is not None and len(metres) != len(seconds):
            raise _bad(f"{where}distances", msg("it must be as large as the durations"))
        found[str(profile)] = seconds, metres
    return found


def _matrix(rows: object, where: str) -> Ints:
    if not isinstance(rows, list) or not rows or any(not isinstance(row, list) for row in rows):
        raise _bad(where, msg("rows of whole seconds are needed"))
    if any(len(row) != len(rows) for row in rows):
        raise _bad(where, msg("it must have as many columns as rows"))
    if any(type(cell) is not int or not cell >= 0 for row in rows for cell in row):
        raise _bad(where, msg("whole seconds from 0 on are needed"))
    return np.array([[min(cell, FORBIDDEN) for cell in row] for row in rows], dtype=np.int64)


def _kind(vehicle: Mapping[str, Any], where: str, matrices: Mapping[str, object]) -> _Kind:
    profile, kind = vehicle.get("profile", "car"), vehicle.get("type", "")
    for key, value in (("profile", profile), ("type", kind)):
        if not isinstance(value, str):
            raise _bad(f"{where}{key}", msg("a text is needed"))
    if profile not in matrices:
        raise _bad(f"matrices.{profile}", msg("the matrix of this profile is missing"))
    speed = vehicle.get("speed_factor", 1)
    if type(speed) not in (int, float) or not 0.005 <= speed <= 5:
        raise _bad(f"{where}speed_factor", msg("a number above 0, at most 5, is needed"))
    return _Kind(profile, round(speed * 100), kind)


def _profile_tables(
    matrices: Mapping[str, tuple[Ints, Ints | None]], kind: _Kind, setup: Ints, service: Ints
) -> ProfileTables:
    seconds, metres = matrices[kind.profile]
    scaled = np.where(
        seconds < FORBIDDEN, np.minimum((seconds * 100 + kind.speed // 2) // kind.speed, FORBIDDEN), FORBIDDEN
    )
    return ProfileTables(
        duration_s=scaled,
        distance_m=scaled if metres is None else metres,
        setup_s=setup,
        service_s=service,
    )


def _times(jobs: Sequence[Mapping[str, Any]], key: str, rows: Sequence[_Kind]) -> Ints:
    """Return (rows, jobs), the seconds of `key` for vehicles of each kind."""
    found = np.zeros((len(rows), len(jobs)), dtype=np.int64)
    for at, job in enumerate(jobs):
        where = f"jobs[{at}]."
        found[:, at] = _whole(job, key, where, 0)
        by_type = job.get(f"{key}_per_type", {})
        if not isinstance(by_type, Mapping):
            raise _bad(f"{where}{key}_per_type", msg("an object is needed"))
        seconds = {str(name): _whole(by_type, name, f"{where}{key}_per_type.") for name in by_type}
        for row, kind in enumerate(rows):
            found[row, at] = seconds.get(kind.type, found[row, at])
    return found


def _ends(vehicle: Mapping[str, Any], where: str, size: int) -> tuple[int, int]:
    if "start_index" not in vehicle and "end_index" not in vehicle:
        raise _bad(
            f"{where}start_index",
            msg("a start or an end is needed: start_index, end_index or both"),
        )
    start, end = (
        _index(vehicle, key, where, size) if key in vehicle else ANYWHERE
        for key in ("start_index", "end_index")
    )
    return start, end


def _shown(item: Mapping[str, Any], place: int) -> dict[str, Any]:
    at = {} if place == ANYWHERE else {"location_index": place}
    return {**{key: item[key] for key in _SHOWN if key in item}, **at}


def _depots(
    vehicles: Sequence[Mapping[str, Any]], ends: Sequence[tuple[int, int]], depots: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the extra fields of a step at each depot: its coordinates, if a vehicle gives them."""
    points = {
        place: vehicle[key]
        for vehicle, pair in zip(vehicles, ends, strict=True)
        for key, place in zip(("start", "end"), pair, strict=True)
        if key in vehicle and place != ANYWHERE
    }
    return [_shown({"location": points[place]} if place in points else {}, place) for place in depots]


def _origin(jobs: Sequence[Mapping[str, Any]], vehicles: Sequence[Mapping[str, Any]]) -> int:
    """Return the origin of all times: 0, or for timestamps a week before the first of them."""
    first = math.inf
    for at, vehicle in enumerate(vehicles):
        where = f"vehicles[{at}]."
        if "time_window" in vehicle:
            first = min(first, _span(vehicle["time_window"], f"{where}time_window")[0])
    for at, job in enumerate(jobs):
        first = min([first, *(a for a, _ in _begins(job, f"jobs[{at}]."))])
    return int(first) - _SPARE_S if first < math.inf and first > _LATEST // 2 else 0


def _begins(item: Mapping[str, Any], where: str, origin: int | None = None) -> list[tuple[int, int]]:
    return [_span(span, f"{where}time_windows", origin) for span in _spans(item, where)]


def _windows(
    spans: Sequence[tuple[int, int]], setups: Sequence[int], *, shared: bool
) -> tuple[list[tuple[int, int]], bool]:
    """Return when service may begin so that its setup begins in one of `spans`.

    No setup is due if the job is reached from its own location. If one window cannot hold for both cases, it
    holds for arrivals from elsewhere, and the second value is True: the job must not be reached from its own
    location.
    """
    late = min(setups)
    found = [(a + max(setups), b + (0 if shared else late)) for a, b in spans]
    if all(a <= b for a, b in found):
        return found, False
    return [(a + max(setups), max(a + max(setups), b + late)) for a, b in spans], True


def _load(vehicles: Sequence[Mapping[str, Any]], jobs: Sequence[Mapping[str, Any]]) -> str | None:
    if any("pickup" in job for job in jobs):
        return "pickup"
    named = ("capacity", "delivery", "amount")
    return "delivery" if any(key in item for item in (*vehicles, *jobs) for key in named) else None


def _cost(vehicles: Sequence[Mapping[str, Any]]) -> float:
    """Return the cost of a second of travel, which must be the same for all vehicles."""
    per_hour = set()
    for at, vehicle in enumerate(vehicles):
        where = f"vehicles[{at}].costs"
        costs = vehicle.get("costs", {})
        _known(costs, set(_COSTS), f"{where}.")
        values = {key: _whole(costs, key, f"{where}.", usual) for key, usual in _COSTS.items()}
        for key in ("fixed", "per_task_hour", "per_km"):
            if values[key]:
                what = msg(
                    "not supported: only travel has a cost here, and --objective teams,travel saves vehicles"
                )
                raise _bad(f"{where}.{key}", what)
        per_hour.add(values["per_hour"])
    if len(per_hour) > 1:
        raise _bad("vehicles.costs.per_hour", msg("not supported: it must be the same for all vehicles"))
    return per_hour.pop() / 3600


def _fixed_steps(
    vehicles: Sequence[Mapping[str, Any]],
    jobs: Sequence[Mapping[str, Any]],
    breaks: Sequence[Sequence[int]],
    origin: int,
) -> list[list[FixedStep]] | None:
    """Return the jobs and breaks that `steps` give for each vehicle; None if there are no steps."""
    if not any("steps" in vehicle for vehicle in vehicles):
        return None
    node, found = {job["id"]: at for at, job in enumerate(jobs)}, []
    for at, vehicle in enumerate(vehicles):
        fixed = []
        for number, item in enumerate(_list(vehicle, "steps", needed=False)):
            where = f"vehicles[{at}].steps[{number}]."
            _known(item, {"type", "id", "service_at", "service_after", "service_before"}, where)
            times = {
                f"{key}_s": _whole(item, f"service_{key}", where, most=math.inf) - origin
                for key in ("at", "after", "before")
                if f"service_{key}" in item
            }
            match item.get("type"):
                case "job":
                    if _number(item, where) not in node:
                        raise _bad(f"{where}id", msg("there is no such job"))
                    fixed.append(FixedStep(visit=node[item["id"]], **times))
                case "break":
                    if _number(item, where) not in breaks[at]:
                        raise _bad(f"{where}id", msg("there is no such break"))
                    fixed.append(FixedStep(pause=breaks[at].index(item["id"]), **times))
                case "start" | "end":
                    pass
                case _:
                    raise _bad(f"{where}type", msg("not supported"))
        found.append(fixed)
    named = [step.visit for fixed in found for step in fixed if step.visit is not None]
    if len(set(named)) < len(named):
        raise _bad("vehicles.steps", msg("a job is there twice"))
    return found


def first_of(instance: Instance) -> Orders | None:
    """Return the plan in the given steps, from which the search starts; None if there are none.

    Raises BadInputError if a route breaks a rule.
    """
    if instance.fixed is None:
        return None
    for at, order in enumerate(orders := orders_of(instance.fixed)):
        alone = tuple(each if number == at else () for number, each in enumerate(orders))
        if order and measured(instance.tables, alone) is None:
            raise _bad(f"vehicles[{at}].steps", msg("this route breaks a rule"))
    return orders


def _limit(vehicle: Mapping[str, Any], key: str, where: str) -> int:
    return min(_whole(vehicle, key, where, most=math.inf), NO_LIMIT) if key in vehicle else NO_LIMIT


def _number(item: Mapping[str, Any], where: str) -> int:
    return _whole(item, "id", where, most=2**64)


def _priority(job: Mapping[str, Any], where: str) -> int:
    value = _whole(job, "priority", where, 0)
    if value > 100:
        raise _bad(f"{where}priority", msg("a whole number from 0 to 100 is needed"))
    return value


def _breaks(
    vehicle: Mapping[str, Any], where: str, shift: tuple[int, int], origin: int, longest: int
) -> list[tuple[Pause, int]]:
    """Return the breaks with their ids; they end `longest` earlier, for service beyond that in the tables."""
    found: list[tuple[Pause, int]] = []
    for at, item in enumerate(_list(vehicle, "breaks", needed=False)):
        path = f"{where}breaks[{at}]."
        _known(item, _BREAK, path)
        spans = _begins(item, path, origin) or [shift]
        if len(spans) != 1:
            raise _bad(f"{path}time_windows", msg("a break needs one window"))
        first, last = max(spans[0][0], shift[0]), min(spans[0][1], shift[1])
        if first > last:
            raise _bad(f"{path}time_windows", msg("it is outside the vehicle's time_window"))
        pause = Pause(earliest_s=first, latest_s=last - longest, duration_s=_whole(item, "service", path, 0))
        found.append((pause, _number(item, path)))
    if len({number for _, number in found}) < len(found):
        raise _bad(f"{where}breaks.id", msg("two have the same number"))
    return sorted(found, key=lambda each: (each[0].latest_s, each[0].earliest_s))


def _known(item: object, fields: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise _bad(where or "-", msg("an object is needed"))
    for key in item:
        if key not in fields:
            raise _bad(f"{where}{key}", msg("not supported"))
    return item


def _list(item: Mapping[str, Any], key: str, *, needed: bool = True) -> list[Any]:
    value = item.get(key, None if needed else [])
    if not isinstance(value, list):
        raise _bad(key, msg("a list is needed"))
    return value


def _whole(
    item: Mapping[str, Any], key: str, where: str, default: int | None = None, most: float = _LATEST
) -> int:
    value = item.get(key, default)
    if type(value) is not int or not 0 <= value < most:
        raise _bad(f"{where}{key}", msg("a whole number from 0 on is needed"))
    return value


def _index(item: Mapping[str, Any], key: str, where: str, size: int) -> int:
    value = _whole(item, key, where)
    if value >= size:
        raise _bad(f"{where}{key}", msg("the matrix has no such row"))
    return value


def _numbers(item: Mapping[str, Any], key: str, where: str) -> list[int]:
    values = _list(item, key, needed=False)
    if any(type(value) is not int for value in values):
        raise _bad(f"{where}{key}", msg("a list of whole numbers is needed"))
    return values


def _dimensions(vehicles: Sequence[Mapping[str, Any]], jobs: Sequence[Mapping[str, Any]]) -> int:
    """Return the number of goods, at least one; the length of each amount is checked when it is read."""
    given = [item[key] for item in (*vehicles, *jobs) for key in ("capacity", *_USED) if key in item]
    return max((len(values) for values in given if isinstance(values, list)), default=0) or 1


def _amounts(
    item: Mapping[str, Any], keys: Sequence[str], where: str, goods: int, default: int
) -> tuple[int, ...]:
    """Return the amount of each of the goods, `default` if none is given."""
    found = (default,) * goods
    for key in keys:
        if key in item:
            values = _numbers(item, key, where)
            if values and len(values) != goods:
                raise _bad(f"{where}{key}", msg("every amount and capacity needs the same number of values"))
            if any(value < 0 for value in values):
                raise _bad(f"{where}{key}", msg("a whole number from 0 on is needed"))
            found = tuple(min(value, NO_LIMIT) for value in values) or found
    return found


def _spans(item: Mapping[str, Any], where: str) -> list[Any]:
    spans = item.get("time_windows", [])
    if not isinstance(spans, list):
        raise _bad(f"{where}time_windows", msg("a list is needed"))
    return spans


def _span(value: object, where: str, origin: int | None = None) -> tuple[int, int]:
    """Return the ends of a window, counted from `origin` if it is given."""
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(type(end) is not int for end in value)
        or not 0 <= value[0] <= value[1]
    ):
        raise _bad(where, msg("a window is two whole numbers, first the smaller one"))
    first, last = (end if origin is None else min(max(0, end - origin), _LATEST) for end in value)
    return first, last


def _bad(where: str, what: Text) -> BadInputError:
    return BadInputError(
        "BAD_INSTANCE",
        msg("{where}: {what}.", where=where, what=what),
        msg("Correct the file; jobs, vehicles and matrices are read as VROOM's API has them."),
    )
