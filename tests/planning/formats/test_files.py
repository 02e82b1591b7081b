"""Routing files of others in, a solution in VROOM's format out."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.planning import warm_up
from doorroute.planning.formats.solve_file import read, solve_file
from doorroute.planning.formats.vroom import first_of

# the shape of VROOM's documented example 2, with a matrix of its own
EXAMPLE = {
    "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
    "jobs": [{"id": 1414, "location_index": 1}, {"id": 1515, "location_index": 2}],
    "matrices": {
        "car": {
            "durations": [
                [0, 2104, 197, 1299],
                [2103, 0, 2255, 3152],
                [197, 2256, 0, 1102],
                [1299, 3153, 1102, 0],
            ]
        }
    },
}


V = EXAMPLE["vehicles"][0]


def changed(**changes):
    return json.loads(json.dumps(EXAMPLE)) | changes


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """Load the compiled search: where a problem is the first of its process that takes longer than the
    search.
    """
    warm_up()


def solved(tmp_path, problem, **options):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem))
    out = tmp_path / "solution.json"
    solution = solve_file(path, out, time_limit_s=0.2, threads=1, **options)
    assert json.loads(out.read_text()) == solution
    return solution


def test_vrooms_example_is_solved_and_written_as_vroom_does(tmp_path):
    solution = solved(tmp_path, EXAMPLE)
    (route,) = solution["routes"]
    assert (solution["code"], route["vehicle"], route["cost"]) == (0, 0, 2104 + 2255 + 1102)
    assert [
        (step["type"], step.get("job"), step["arrival"], step["duration"]) for step in route["steps"]
    ] == [
        ("start", None, 0, 0),
        ("job", 1414, 2104, 2104),
        ("job", 1515, 4359, 4359),
        ("end", None, 5461, 5461),
    ]
    assert solution["summary"]["unassigned"] == 0


def test_skills_capacity_windows_tasks_priority_setup_and_breaks_hold(tmp_path):
    problem = changed(
        vehicles=[
            {"id": 7, "start_index": 0, "end_index": 0, "capacity": [2], "skills": [1], "time_window": [0, 20000], "max_tasks": 2,
             "breaks": [{"id": 3, "time_windows": [[2200, 2600]], "service": 500}]},
        ],
        jobs=[
            {"id": 1, "location_index": 1, "delivery": [1], "skills": [1], "setup": 60, "service": 300, "priority": 5},
            {"id": 2, "location_index": 1, "delivery": [1], "setup": 60, "service": 300, "time_windows": [[2000, 9000]], "priority": 1},
            {"id": 3, "location_index": 2, "delivery": [1], "service": 10},
            {"id": 4, "location_index": 2, "delivery": [1], "skills": [2], "priority": 100},
        ],
    )  # fmt: skip
    solution = solved(tmp_path, problem)
    (route,) = solution["routes"]
    assert {left["id"] for left in solution["unassigned"]} == {3, 4}
    assert (route["setup"], route["service"], route["priority"]) == (60, 600 + 500, 6)
    assert [step["id"] for step in route["steps"] if step["type"] == "break"] == [3]
    assert [route["steps"][0]["load"], route["steps"][-1]["load"]] == [[2], [0]]


def test_each_dimension_of_the_load_has_its_own_limit(tmp_path):
    jobs = [
        {"id": 1, "location_index": 1, "delivery": [1, 4]},
        {"id": 2, "location_index": 2, "delivery": [1, 3]},
    ]
    vehicle = {"id": 7, "start_index": 0, "end_index": 0}
    loads = [
        step["load"]
        for step in solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle | {"capacity": [2, 7]}]))["routes"][
            0
        ]["steps"]
    ]
    assert loads[0] == [2, 7]
    assert (
        solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle | {"capacity": [9, 6]}]))["summary"][
            "unassigned"
        ]
        == 1
    )


def test_vrooms_documented_example_comes_out_as_documented(tmp_path):
    """docs/example_2.json and docs/example_2_sol.json of VROOM, the old `matrix` included: every field of
    the documented answer is there.
    """
    documented = {
        "code": 0,
        "summary": {"cost": 5461, "routes": 1, "unassigned": 0, "setup": 0, "service": 0, "duration": 5461, "waiting_time": 0, "priority": 0, "violations": []},
        "unassigned": [],
    }  # fmt: skip
    for matrices in ({}, {"matrices": None, "matrix": EXAMPLE["matrices"]["car"]["durations"]}):
        solution = solved(tmp_path, changed(**matrices))
        times = solution["summary"].pop("computing_times")
        assert times.keys() == {"loading", "solving", "routing"}
        (route,) = solution.pop("routes")
        assert solution == documented
        common = {"setup": 0, "service": 0, "waiting_time": 0, "violations": []}
        assert route.pop("steps") == [
            {"type": "start", "arrival": 0, "duration": 0, "location_index": 0, **common},
            {
                "type": "job",
                "id": 1414,
                "job": 1414,
                "arrival": 2104,
                "duration": 2104,
                "location_index": 1,
                **common,
            },
            {
                "type": "job",
                "id": 1515,
                "job": 1515,
                "arrival": 4359,
                "duration": 4359,
                "location_index": 2,
                **common,
            },
            {"type": "end", "arrival": 5461, "duration": 5461, "location_index": 3, **common},
        ]
        assert route == {"vehicle": 0, "cost": 5461, "duration": 5461, "priority": 0, **common}


def test_coordinates_descriptions_timestamps_and_large_ids_come_back(tmp_path):
    day, point = 1_600_416_000, [2.35, 48.7]
    job = {
        "id": 2**60,
        "location_index": 1,
        "location": point,
        "description": "door",
        "time_windows": [[day + 9000, day + 9600]],
    }
    never = {"id": 1, "location_index": 2, "location": point, "description": "no", "skills": [5]}
    vehicle = V | {"start": point, "description": "van", "time_window": [day, day + 20_000]}
    solution = solved(tmp_path, changed(jobs=[job, never], vehicles=[vehicle]))
    (route,) = solution["routes"]
    assert route["description"] == "van"
    assert solution["unassigned"] == [
        {"id": 1, "type": "job", "description": "no", "location": point, "location_index": 2}
    ]
    start, stop, end = route["steps"]
    assert (start["location"], start["arrival"]) == (point, day + 9000 - 2104)
    assert (stop["id"], stop["location"], stop["description"], stop["arrival"]) == (
        2**60,
        point,
        "door",
        day + 9000,
    )
    assert "location" not in end  # fmt: skip


def test_max_distance_holds_and_distances_are_told(tmp_path):
    table = EXAMPLE["matrices"]["car"]["durations"]
    matrices = {"car": {"durations": table, "distances": [[10 * cell for cell in row] for row in table]}}
    whole = solved(tmp_path, changed(matrices=matrices))
    assert (whole["summary"]["distance"], whole["routes"][0]["steps"][-1]["distance"]) == (54610, 54610)
    short = solved(tmp_path, changed(matrices=matrices, vehicles=[V | {"max_distance": 54609}]))
    assert short["summary"]["unassigned"] == 1
    assert (
        solved(tmp_path, changed(matrices=matrices, vehicles=[V | {"max_distance": 54610}]))["summary"][
            "unassigned"
        ]
        == 0
    )


def test_max_travel_time_holds(tmp_path):
    assert solved(tmp_path, changed(vehicles=[V | {"max_travel_time": 5460}]))["summary"]["unassigned"] == 1


def test_speed_and_own_matrices_by_vehicle(tmp_path):
    bike = {"durations": [[2 * cell for cell in row] for row in EXAMPLE["matrices"]["car"]["durations"]]}
    matrices = EXAMPLE["matrices"] | {"bike": bike}
    for vehicle, cost in (
        (V | {"speed_factor": 2}, 2731),
        (V | {"profile": "bike"}, 2 * 5461),
        (V | {"profile": "bike", "speed_factor": 2.0}, 5461),
    ):
        assert solved(tmp_path, changed(matrices=matrices, vehicles=[vehicle]))["summary"]["cost"] in (
            cost,
            cost - 1,
        )
    both = solved(tmp_path, changed(matrices=matrices, vehicles=[V | {"profile": "bike"}, V | {"id": 1}]))
    assert [route["vehicle"] for route in both["routes"]] == [1]  # fmt: skip


def test_times_by_type_of_vehicle(tmp_path):
    jobs = [
        {"id": 1, "location_index": 1, "service": 100, "setup": 50, "service_per_type": {"slow": 900}, "setup_per_type": {"slow": 70}},
        {"id": 2, "location_index": 1, "service": 100, "setup": 50, "service_per_type": {"slow": 800}},
    ]  # fmt: skip
    for kind, setups, service in (("", {50}, 200), ("slow", {70, 50}, 1700), ("other", {50}, 200)):
        problem = changed(
            jobs=jobs,
            vehicles=[
                V | {"type": kind, "time_window": [0, 9000]},
                V | {"id": 1, "type": "x", "max_tasks": 0},
            ],
        )
        (route,) = solved(tmp_path, problem)["routes"]
        assert route["setup"] in setups  # once: both are at one place
        assert route["service"] == service
        times = [
            (step["arrival"], step["waiting_time"] + step["setup"] + step["service"])
            for step in route["steps"]
        ]
        legs = [b["duration"] - a["duration"] for a, b in pairwise(route["steps"])]
        assert [at + took + leg for (at, took), leg in zip(times, legs, strict=False)] == [
            at for at, _ in times[1:]
        ]
    jobs[0] |= {"time_windows": [[2104, 2104]]}
    quick = changed(
        jobs=jobs,
        vehicles=[
            V | {"type": "slow", "time_window": [0, 9000], "max_tasks": 1},
            V | {"id": 1, "time_window": [0, 3352 + 2104 + 150]},
        ],
    )
    by = {
        step["id"]: route["vehicle"]
        for route in solved(tmp_path, quick)["routes"]
        for step in route["steps"]
        if "id" in step
    }
    assert set(by) == {1, 2}  # fmt: skip


def test_a_window_is_for_what_comes_before_the_setup(tmp_path):
    job = {"id": 1, "location_index": 1, "setup": 600, "service": 60, "time_windows": [[3000, 3000]]}
    (route,) = solved(tmp_path, changed(jobs=[job]))["routes"]
    assert [(step["arrival"], step["setup"], step["waiting_time"]) for step in route["steps"]][1] == (
        3000,
        600,
        0,
    )
    both = solved(tmp_path, changed(jobs=[job, job | {"id": 2}]))
    assert both["summary"]["unassigned"] == 1  # nobody begins twice at one moment


def test_steps_are_where_the_search_begins(tmp_path):
    steps = [
        {"type": "start"},
        {"type": "job", "id": 1515, "service_at": 9},
        {"type": "job", "id": 1414},
        {"type": "end"},
    ]
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(changed(vehicles=[V | {"steps": steps}])))
    assert first_of(read(path)) == ((1, 0),)
    assert solved(tmp_path, json.loads(path.read_text()))["summary"]["cost"] == 5461  # and makes it better  # fmt: skip


def test_steps_are_kept_where_that_is_asked_for_and_what_they_break_is_told(tmp_path):
    """As VROOM's plan mode: its documented example 3 has a route over its capacity and one that is too early
    and too late.
    """
    steps = [{"type": "start"}, {"type": "job", "id": 1515}, {"type": "job", "id": 1414}, {"type": "end"}]
    plain = solved(tmp_path, changed(vehicles=[V | {"steps": steps}]), keep_steps=True)
    assert (plain["summary"]["cost"], plain["summary"]["violations"]) == (197 + 2256 + 3152, [])
    assert [step.get("id") for step in plain["routes"][0]["steps"]] == [None, 1515, 1414, None]

    jobs = [
        {"id": 1414, "location_index": 1, "delivery": [2], "service": 100, "skills": [1]},
        {"id": 1515, "location_index": 2, "delivery": [3], "time_windows": [[1000, 1100], [1500, 1600]]},
        {"id": 1616, "location_index": 2},
    ]
    late = [
        {"type": "job", "id": 1414, "service_at": 3000},
        {"type": "break", "id": 4},
        {"type": "job", "id": 1515, "service_before": 6000},
    ]
    vehicle = V | {
        "capacity": [4],
        "time_window": [0, 6000],
        "max_tasks": 1,
        "max_travel_time": 5000,
        "steps": late,
        "breaks": [
            {"id": 4, "service": 60, "time_windows": [[0, 3000]]},
            {"id": 5, "time_windows": [[0, 9]]},
        ],
    }
    broken = solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle]), keep_steps=True)
    (route,) = broken["routes"]
    assert [
        (step["type"], step["arrival"], step["waiting_time"], step["violations"]) for step in route["steps"]
    ] == [
        ("start", 896, 0, [{"cause": "load"}]),
        ("job", 3000, 0, [{"cause": "skills"}]),
        ("break", 3100, 0, [{"cause": "delay", "duration": 100}]),
        ("job", 5415, 0, [{"cause": "delay", "duration": 3815}]),
        ("end", 6517, 0, [{"cause": "delay", "duration": 517}]),
    ]
    whole = [{"cause": cause} for cause in ("missing_break", "max_tasks", "max_travel_time")]
    assert route["violations"][-3:] == whole
    assert broken["summary"]["violations"] == route["violations"]
    assert [left["id"] for left in broken["unassigned"]] == [1616]
    early = [{"type": "job", "id": 1515, "service_at": 900}]
    lead = solved(
        tmp_path, changed(jobs=jobs, vehicles=[V | {"start_index": 2, "steps": early}]), keep_steps=True
    )
    assert lead["summary"]["violations"] == [{"cause": "lead_time", "duration": 100}]  # fmt: skip


def test_loads_and_costs_are_told_as_vroom_tells_them(tmp_path):
    def told(kind):
        jobs = [job | {kind: [2, 1]} for job in EXAMPLE["jobs"]]
        vehicle = V | {"capacity": [9, 9], "costs": {"per_hour": 7200}}
        return solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle]))

    carried = {
        kind: [step["load"] for step in told(kind)["routes"][0]["steps"]] for kind in ("delivery", "pickup")
    }
    assert carried == {
        "delivery": [[4, 2], [2, 1], [0, 0], [0, 0]],
        "pickup": [[0, 0], [2, 1], [4, 2], [4, 2]],
    }
    whole = told("delivery")
    assert (whole["summary"]["delivery"], whole["routes"][0]["delivery"]) == ([4, 2], [4, 2])
    assert (whole["summary"]["cost"], whole["summary"]["duration"]) == (2 * 5461, 5461)


def test_an_open_end_costs_nothing(tmp_path):
    solution = solved(tmp_path, changed(vehicles=[{"id": 0, "start_index": 0}]))
    assert solution["summary"]["cost"] == 197 + 2256
    assert "location_index" not in solution["routes"][0]["steps"][-1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shipments": [{}]}, "shipments: not supported."),
        ({"vehicles": []}, "vehicles: there is none."),
        ({"jobs": None}, "jobs: a list is needed."),
        ({"matrices": {}}, "matrices: a matrix"),
        (
            {"matrices": {"car": {"durations": [[0, 1], [2]]}}},
            "matrices.car.durations: it must have as many columns",
        ),
        ({"matrices": {"car": {"durations": [[0, -1], [2, 0]]}}}, "matrices.car.durations: whole seconds"),
        ({"matrices": {"car": {"durations": [[0, 1.5], [2, 0]]}}}, "matrices.car.durations: whole seconds"),
        ({"jobs": [{"id": 1, "location_index": 9}]}, "jobs[0].location_index: the matrix has no such row."),
        ({"jobs": [{"id": 1, "location_index": 1}] * 2}, "jobs.id: two have the same number."),
        ({"jobs": [{"id": 1, "location_index": 1, "colour": 2}]}, "jobs[0].colour: not supported."),
        (
            {
                "jobs": [
                    {"id": 1, "location_index": 1, "delivery": [1]},
                    {"id": 2, "location_index": 1, "delivery": [1, 2]},
                ]
            },
            "jobs[0].delivery: every amount",
        ),
        (
            {"jobs": [{"id": 1, "location_index": 1, "time_windows": [[9, 1]]}]},
            "jobs[0].time_windows: a window is",
        ),
        (
            {"vehicles": [{"id": 1, "profile": "bike"}]},
            "matrices.bike: the matrix of this profile is missing.",
        ),
        ({"vehicles": [{"id": 1}]}, "vehicles[0].start_index: a start or an end is needed"),
        ({"vehicles": [V | {"max_distance": 5}]}, "matrices.car.distances: max_distance needs"),
        ({"vehicles": [V | {"speed_factor": 6}]}, "vehicles[0].speed_factor: a number above 0"),
        ({"vehicles": [V | {"speed_factor": float("nan")}]}, "vehicles[0].speed_factor: a number above 0"),
        ({"vehicles": [V | {"costs": {"fixed": 9}}]}, "vehicles[0].costs.fixed: not supported"),
        (
            {"vehicles": [V | {"costs": {"per_hour": 9}}, V | {"id": 2}]},
            "vehicles.costs.per_hour: not supported",
        ),
        (
            {"vehicles": [V | {"breaks": [{"id": 1, "time_windows": [[0, 9]], "max_load": [1]}]}]},
            "vehicles[0].breaks[0].max_load: not supported.",
        ),
        (
            {"vehicles": [V | {"time_window": [50, 60], "breaks": [{"id": 1, "time_windows": [[0, 9]]}]}]},
            "vehicles[0].breaks[0].time_windows: it is outside",
        ),
        (
            {"vehicles": [V | {"steps": [{"type": "job", "id": 7}]}]},
            "vehicles[0].steps[0].id: there is no such job.",
        ),
        (
            {"vehicles": [V | {"max_tasks": 0, "steps": [{"type": "job", "id": 1414}]}]},
            "vehicles[0].steps: this route breaks a rule.",
        ),
        (
            {"vehicles": [V | {"steps": [{"type": "pickup", "id": 1414}]}]},
            "vehicles[0].steps[0].type: not supported.",
        ),
        (
            {"jobs": [{"id": 1, "location_index": 1, "priority": 101}]},
            "jobs[0].priority: a whole number from 0 to 100",
        ),
        ({"jobs": [{"id": 1, "location_index": 1, "service": 10**30}]}, "jobs[0].service: a whole number"),
        ({"jobs": [{"id": 1, "location_index": 1, "service": -1}]}, "jobs[0].service: a whole number"),
        (
            {"jobs": [{"id": 1, "location_index": 1, "service": float("inf")}]},
            "jobs[0].service: a whole number",
        ),
        ({"matrices": {"car": {"durations": [[0]], "costs": [[0]]}}}, "matrices.car.costs: not supported."),
    ],
)
def test_what_is_not_supported_or_makes_no_sense_is_named(tmp_path, changes, told):
    with pytest.raises(BadInputError) as error:
        solved(tmp_path, changed(**changes))
    assert str(error.value.message).startswith(told)


@given(st.recursive(st.none() | st.integers(-2, 9) | st.text(max_size=3), lambda part: st.lists(part, max_size=3) | st.dictionaries(
    st.sampled_from(["jobs", "vehicles", "matrices", "id", "car", "durations", "location_index", "start_index", "time_windows", "breaks", "skills"]), part, max_size=4), max_leaves=12))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_json_at_all_is_a_traceback(tmp_path_factory, problem):
    path = tmp_path_factory.mktemp("json") / "any.json"
    path.write_text(json.dumps(problem))
    with pytest.raises(BadInputError):
        read(path)


VRP = """NAME : tiny
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 2
NODE_COORD_SECTION
1 0 0
2 0 10
3 0 20
4 10 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
"""

SOLOMON = """tiny

VEHICLE
NUMBER     CAPACITY
  2          200

CUSTOMER
CUST NO.  XCOORD.    YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      0          0          0          0        100          0
    1      0         10          1          0        100         10
    2      3          4          1          0          5         10
"""


@pytest.mark.parametrize(
    ("name", "text", "cost"), [("a.vrp", VRP, 40 + 20), ("a.txt", SOLOMON, 50 + 67 + 100)]
)
def test_public_formats_are_solved(tmp_path, name, text, cost):
    (tmp_path / name).write_text(text)
    solution = solve_file(tmp_path / name, time_limit_s=0.2, threads=1)
    assert (solution["summary"]["cost"], solution["summary"]["unassigned"]) == (cost, 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.vrp", ""),
        ("a.vrp", VRP.replace("EUC_2D", "GEO")),
        ("a.vrp", VRP.replace("4 10 0\n", "")),
        ("a.txt", "x"),
        ("a.json", "{"),
        ("a.doc", ""),
    ],
)
def test_a_file_that_is_none_of_them_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInputError, match="BAD_INSTANCE"):
        read(tmp_path / name)
    with pytest.raises(BadInputError, match="BAD_INSTANCE"):
        read(tmp_path / "missing.json")


def test_a_public_instance_comes_near_the_best_known(shared_data):
    solution = solve_file(shared_data / "instances" / "r1_2_3.txt", time_limit_s=3)
    assert solution["summary"]["unassigned"] == 0
    assert solution["summary"]["cost"] < 33819.6 * 1.06
