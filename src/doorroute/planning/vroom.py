"""VROOM's input (docs/API.md of VROOM 1.14), as far as a day of visits has it: jobs, vehicles and their matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from doorroute.errors import BadInputError
from doorroute.planning.instance import ANYWHERE, Instance, tables_of
from doorroute.planning.tables import FORBIDDEN, NO_LIMIT, Crew, Ints, Pause
from doorroute.texts import Text, msg

_TOP: Final = {"jobs", "vehicles", "matrices"}
_JOB: Final = {
    *("id", "description", "location", "location_index", "setup", "service", "delivery", "pickup", "amount", "skills", "priority"),
    "time_windows",
}  # fmt: skip
_VEHICLE: Final = {
    *("id", "profile", "description", "start", "start_index", "end", "end_index", "capacity", "skills", "time_window", "breaks"),
    *("max_tasks", "max_travel_time"),
}  # fmt: skip
_BREAK: Final = {"id", "description", "time_windows", "service"}
_USED: Final = ("delivery", "pickup", "amount")
_LATEST: Final = FORBIDDEN - 1


def instance_of(text: object) -> Instance:
    """Read what VROOM would. Raises BadInputError, naming the field, for what is not supported or makes no sense."""
    given = _known(text, _TOP, "")
    jobs, vehicles = _list(given, "jobs"), _list(given, "vehicles")
    matrices = _matrices(given.get("matrices"))
    for key, table, fields in (("jobs", jobs, _JOB), ("vehicles", vehicles, _VEHICLE)):
        for at, item in enumerate(table):
            _known(item, fields, f"{key}[{at}].")
        ids = [_whole(item, "id", f"{key}[{at}].") for at, item in enumerate(table)]
        if len(set(ids)) < len(ids):
            raise _bad(f"{key}.id", msg("two have the same number"))
    if not vehicles:
        raise _bad("vehicles", msg("there is none"))
    size = min(len(table) for table in matrices.values())
    places = [_index(job, "location_index", f"jobs[{at}].", size) for at, job in enumerate(jobs)]
    ends = [
        [
            _index(vehicle, key, f"vehicles[{at}].", size) if key in vehicle else ANYWHERE
            for key in ("start_index", "end_index")
        ]
        for at, vehicle in enumerate(vehicles)
    ]
    depots = list(dict.fromkeys(place for pair in ends for place in pair))
    profiles = list(dict.fromkeys(vehicle.get("profile", "car") for vehicle in vehicles))
    for profile in profiles:
        if profile not in matrices:
            raise _bad(f"matrices.{profile}", msg("the matrix of this profile is missing"))
    crews, breaks, goods = [], [], _dimensions(vehicles, jobs)
    skills = [_numbers(job, "skills", f"jobs[{at}].") for at, job in enumerate(jobs)]
    for at, (vehicle, (start, end)) in enumerate(zip(vehicles, ends, strict=True)):
        where = f"vehicles[{at}]."
        able = set(_numbers(vehicle, "skills", where))
        opens, closes = (
            _span(vehicle["time_window"], f"{where}time_window") if "time_window" in vehicle else (0, _LATEST)
        )
        pauses = _breaks(vehicle, where)
        breaks.append([number for _, number in pauses])
        crews.append(
            Crew(
                profile=profiles.index(vehicle.get("profile", "car")),
                start=len(jobs) + depots.index(start),
                end=len(jobs) + depots.index(end),
                opens_s=opens,
                closes_s=closes,
                pauses=tuple(pause for pause, _ in pauses),
                capacity=_amounts(vehicle, ("capacity",), where, goods, NO_LIMIT),
                max_visits=_whole(vehicle, "max_tasks", where) if "max_tasks" in vehicle else NO_LIMIT,
                max_travel_s=_whole(vehicle, "max_travel_time", where) if "max_travel_time" in vehicle else NO_LIMIT,
                may=np.array([able.issuperset(needed) for needed in skills], dtype=bool),
            )
        )
    priorities = [_whole(job, "priority", f"jobs[{at}].", 0) for at, job in enumerate(jobs)]
    setup = _column(jobs, "setup")
    tables = tables_of(
        [matrices[profile] for profile in profiles],
        [*places, *depots],
        setup_s=setup,
        service_s=_column(jobs, "service"),
        demand=np.array([_amounts(job, _USED, f"jobs[{at}].", goods, 0) for at, job in enumerate(jobs)], dtype=np.int64).reshape(len(jobs), goods),
        priorities=priorities,
        windows=[[_span(span, f"jobs[{at}].time_windows") for span in _spans(job, f"jobs[{at}].")] for at, job in enumerate(jobs)],
        crews=tuple(crews),
    )  # fmt: skip
    if any("pickup" in job for job in jobs) and any("delivery" in job or "amount" in job for job in jobs):
        raise _bad("jobs.pickup", msg("not supported beside deliveries: a load that rises and falls"))
    return Instance(
        tables=tables,
        visits=[job["id"] for job in jobs],
        teams=[vehicle["id"] for vehicle in vehicles],
        locations=[*places, *depots],
        priorities=priorities,
        setup_s=setup,
        breaks=breaks,
    )


def _matrices(given: object) -> dict[str, Ints]:
    """Return the matrices by profile, seconds."""
    if not isinstance(given, Mapping) or not given:
        raise _bad("matrices", msg("a matrix of durations for each profile is needed: no street is looked up here"))
    found = {}
    for profile, tables in given.items():
        where = f"matrices.{profile}.durations"
        rows = tables.get("durations") if isinstance(tables, Mapping) else None
        if not isinstance(rows, list) or not rows or any(not isinstance(row, list) for row in rows):
            raise _bad(where, msg("rows of whole seconds are needed"))
        if any(len(row) != len(rows) for row in rows):
            raise _bad(where, msg("it has holes: it must have as many columns as rows"))
        if any(type(cell) is not int or not cell >= 0 for row in rows for cell in row):
            raise _bad(where, msg("whole seconds from 0 on are needed"))
        found[str(profile)] = np.minimum(np.array(rows, dtype=np.int64), FORBIDDEN)
    return found


def _breaks(vehicle: Mapping[str, Any], where: str) -> list[tuple[Pause, int]]:
    found = []
    for at, item in enumerate(_list(vehicle, "breaks", needed=False)):
        path = f"{where}breaks[{at}]."
        _known(item, _BREAK, path)
        spans = _spans(item, path)
        if len(spans) != 1:
            raise _bad(f"{path}time_windows", msg("a break needs one window"))
        first, last = _span(spans[0], f"{path}time_windows")
        pause = Pause(earliest_s=first, latest_s=last, duration_s=_whole(item, "service", path, 0))
        found.append((pause, _whole(item, "id", path)))
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


def _whole(item: Mapping[str, Any], key: str, where: str, default: int | None = None) -> int:
    value = item.get(key, default)
    if type(value) is not int or not 0 <= value < _LATEST:
        raise _bad(f"{where}{key}", msg("a whole number from 0 on is needed"))
    return value


def _index(item: Mapping[str, Any], key: str, where: str, size: int) -> int:
    value = _whole(item, key, where)
    if value >= size:
        raise _bad(f"{where}{key}", msg("the matrix has no such row"))
    return value


def _column(items: Sequence[Mapping[str, Any]], key: str) -> Ints:
    return np.array([_whole(item, key, f"jobs[{at}].", 0) for at, item in enumerate(items)], dtype=np.int64)


def _numbers(item: Mapping[str, Any], key: str, where: str) -> list[int]:
    values = _list(item, key, needed=False)
    if any(type(value) is not int for value in values):
        raise _bad(f"{where}{key}", msg("a list of whole numbers is needed"))
    return values


def _dimensions(vehicles: Sequence[Mapping[str, Any]], jobs: Sequence[Mapping[str, Any]]) -> int:
    """Return how many goods the amounts are of, at least one; how many values each has is checked where it is read."""
    given = [item[key] for item in (*vehicles, *jobs) for key in ("capacity", *_USED) if key in item]
    return max((len(values) for values in given if isinstance(values, list)), default=0) or 1


def _amounts(item: Mapping[str, Any], keys: Sequence[str], where: str, goods: int, default: int) -> tuple[int, ...]:
    """Return the amount of each of the goods, `default` where nothing is given."""
    found = (default,) * goods
    for key in keys:
        if key in item:
            values = _numbers(item, key, where)
            if values and len(values) != goods:
                raise _bad(f"{where}{key}", msg("every amount and capacity needs the same number of values"))
            if any(value < 0 for value in values):
                raise _bad(f"{where}{key}", msg("a whole number from 0 on is needed"))
            found = tuple(values) or found
    return found


def _spans(item: Mapping[str, Any], where: str) -> list[Any]:
    spans = item.get("time_windows", [])
    if not isinstance(spans, list):
        raise _bad(f"{where}time_windows", msg("a list is needed"))
    return spans


def _span(value: object, where: str) -> tuple[int, int]:
    if (
        not isinstance(value, list)
        or len(value) != 2
        or any(type(end) is not int for end in value)
        or not 0 <= value[0] <= value[1]
    ):
        raise _bad(where, msg("a window is two whole numbers, first the smaller one"))
    return min(value[0], _LATEST), min(value[1], _LATEST)


def _bad(where: str, what: Text) -> BadInputError:
    return BadInputError(
        "BAD_INSTANCE",
        msg("{where}: {what}.", where=where, what=what),
        msg("Correct the file; jobs, vehicles and matrices are read as VROOM's API has them."),
    )
