"""Routing files of others in, a solution in VROOM's format out."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.planning.files import read, solve_file

# the shape of VROOM's documented example 2, with a matrix of its own
EXAMPLE = {
    "vehicles": [{"id": 0, "start_index": 0, "end_index": 3}],
    "jobs": [{"id": 1414, "location_index": 1}, {"id": 1515, "location_index": 2}],
    "matrices": {
        "car": {"durations": [[0, 2104, 197, 1299], [2103, 0, 2255, 3152], [197, 2256, 0, 1102], [1299, 3153, 1102, 0]]}
    },
}


def changed(**changes):
    return json.loads(json.dumps(EXAMPLE)) | changes


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
    assert [(step["type"], step.get("job"), step["arrival"], step["duration"]) for step in route["steps"]] == [
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
    assert route["steps"][-1]["load"] == [2]


def test_each_dimension_of_the_load_has_its_own_limit(tmp_path):
    jobs = [{"id": 1, "location_index": 1, "delivery": [1, 4]}, {"id": 2, "location_index": 2, "delivery": [1, 3]}]
    vehicle = {"id": 7, "start_index": 0, "end_index": 0}
    loads = [
        step["load"]
        for step in solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle | {"capacity": [2, 7]}]))["routes"][0][
            "steps"
        ]
    ]
    assert loads[-1] == [2, 7]
    assert solved(tmp_path, changed(jobs=jobs, vehicles=[vehicle | {"capacity": [9, 6]}]))["summary"]["unassigned"] == 1


def test_an_open_end_costs_nothing(tmp_path):
    solution = solved(tmp_path, changed(vehicles=[{"id": 0, "start_index": 0}]))
    assert solution["summary"]["cost"] == 197 + 2256
    assert "location_index" not in solution["routes"][0]["steps"][-1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shipments": []}, "shipments: not supported."),
        ({"vehicles": []}, "vehicles: there is none."),
        ({"jobs": None}, "jobs: a list is needed."),
        ({"matrices": {}}, "matrices: a matrix"),
        ({"matrices": {"car": {"durations": [[0, 1], [2]]}}}, "matrices.car.durations: it has holes"),
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
        ({"jobs": [{"id": 1, "location_index": 1, "time_windows": [[9, 1]]}]}, "jobs[0].time_windows: a window is"),
        ({"vehicles": [{"id": 1, "profile": "bike"}]}, "matrices.bike: the matrix of this profile is missing."),
        ({"vehicles": [{"id": 1, "max_distance": 5}]}, "vehicles[0].max_distance: not supported."),
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


@pytest.mark.parametrize(("name", "text", "cost"), [("a.vrp", VRP, 40 + 20), ("a.txt", SOLOMON, 50 + 67 + 100)])
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
