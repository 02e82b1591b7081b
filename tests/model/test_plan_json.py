"""`plan.json`: other programs rely on it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorroute.model.directions import Direction, DirectionKind
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
from doorroute.model.plan_json import LARGEST, plan_from_json, plan_to_json
from doorroute.model.resident import ResidentId, VisitId
from doorroute.model.settings import Objective
from doorroute.model.team import Profile, TeamId
from doorroute.texts import LANGUAGES, literal, msg

WORDS = st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)  # JSON in UTF-8 holds no half of a surrogate pair
NUMBERS = st.integers(-LARGEST, LARGEST)
POINTS = st.builds(Point, lon=st.floats(-180, 180), lat=st.floats(-90, 90))
RESIDENTS = st.lists(WORDS.map(ResidentId), max_size=3).map(tuple)
TEXTS = st.builds(lambda words, n: msg("{words}, {n} min", words=words, n=n), WORDS, NUMBERS) | WORDS.map(
    literal
)


def some(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


STEPS = st.builds(
    Step,
    type=st.sampled_from(StepType),
    visit=st.none() | WORDS.map(VisitId),
    residents=RESIDENTS,
    location=st.none() | POINTS,
    **dict.fromkeys(
        ("arrival_s", "waiting_s", "setup_s", "start_service_s", "service_s", "departure_s"), NUMBERS
    ),
    load=some(NUMBERS),
    lock=st.sampled_from(StopLock),
    directions=some(st.builds(Direction, kind=st.sampled_from(DirectionKind), name=WORDS, metres=NUMBERS)),
)
ROUTES = st.builds(
    Route,
    team=WORDS.map(TeamId),
    profile=st.sampled_from(Profile),
    shift=NUMBERS,
    **dict.fromkeys(("start_s", "finish_s", "travel_s", "service_s", "waiting_s", "distance_m"), NUMBERS),
    steps=some(STEPS),
    geometry=some(POINTS),
)
CANDIDATES = st.builds(
    Candidate, label=WORDS, point=POINTS, precision=st.sampled_from(Precision), score=st.floats(0, 1)
)
PLANS = st.builds(
    Plan,
    date=st.dates().map(str),
    objective=st.sampled_from(Objective),
    objectives=some(st.sampled_from(Objective)),
    parent=st.none() | WORDS,
    seed=NUMBERS,
    routes=some(ROUTES),
    unassigned=some(
        st.builds(
            Unassigned,
            visit=WORDS.map(VisitId),
            residents=RESIDENTS,
            code=st.sampled_from(Reason),
            ever=st.booleans(),
            detail=TEXTS,
            remedy=TEXTS,
        )
    ),
    summary=st.builds(
        Summary,
        **dict.fromkeys(Summary.__dataclass_fields__, NUMBERS) | {"trade_off": st.none() | TEXTS},
    ),
    not_located=some(
        st.builds(
            NotLocated,
            row=NUMBERS,
            resident=WORDS.map(ResidentId),
            code=st.sampled_from(Reason),
            address=WORDS,
            candidates=some(CANDIDATES),
        )
    ),
    rejected=some(st.builds(Rejected, row=NUMBERS, code=WORDS, column=WORDS, message=TEXTS)),
    inputs=st.dictionaries(
        WORDS, st.builds(InputFile, file=WORDS, sha256=WORDS, rows=st.none() | NUMBERS), max_size=3
    ).map(lambda files: tuple(files.items())),
)


def rounded(point):
    return point if point is None else Point(round(point.lon, 7), round(point.lat, 7))


def as_a_file_keeps_it(plan, lang):
    """Return the plan with its coordinates rounded and its texts in one language."""

    def said(text):
        return literal(text.into(lang))

    return replace(
        plan,
        routes=tuple(
            replace(
                route,
                steps=tuple(replace(step, location=rounded(step.location)) for step in route.steps),
                geometry=tuple(rounded(point) for point in route.geometry),
            )
            for route in plan.routes
        ),
        unassigned=tuple(replace(u, detail=said(u.detail), remedy=said(u.remedy)) for u in plan.unassigned),
        not_located=tuple(
            replace(n, candidates=tuple(replace(c, point=rounded(c.point)) for c in n.candidates))
            for n in plan.not_located
        ),
        rejected=tuple(replace(r, message=said(r.message)) for r in plan.rejected),
        summary=replace(plan.summary, trade_off=plan.summary.trade_off and said(plan.summary.trade_off)),
    )


@settings(max_examples=150)
@given(plan=PLANS, lang=st.sampled_from(tuple(LANGUAGES)))
def test_what_is_written_is_read_back(plan, lang):
    document = json.dumps(plan_to_json(plan, lang), ensure_ascii=False, allow_nan=False)
    read = plan_from_json(json.loads(document))
    assert read == as_a_file_keeps_it(plan, lang)
    assert plan_to_json(read, "en") == json.loads(document)


PLAN = Plan(
    date="2022-04-06",
    objective=Objective.FINISH,
    objectives=(Objective.FINISH,),
    seed=1,
    routes=(
        Route(
            team=TeamId("T1"),
            profile=Profile.FOOT,
            start_s=28800,
            finish_s=40980,
            travel_s=1,
            service_s=2,
            waiting_s=3,
            distance_m=4,
            steps=(
                Step(
                    type=StepType.VISIT,
                    visit=VisitId("V7"),
                    residents=(ResidentId("R12"), ResidentId("R13")),
                    location=Point(24.94, 60.17),
                    arrival_s=5,
                    waiting_s=6,
                    setup_s=7,
                    start_service_s=8,
                    service_s=9,
                    departure_s=10,
                    load=(40,),
                    directions=(
                        Direction(name="Mannerheimintie", metres=120),
                        Direction(kind=DirectionKind.STEPS_UP, metres=8),
                    ),
                ),
                Step(type=StepType.BREAK, arrival_s=10, start_service_s=10, service_s=900, departure_s=910),
            ),
            geometry=(Point(24.94, 60.17), Point(24.940000049, 60.18)),
        ),
    ),
    unassigned=(
        Unassigned(
            visit=VisitId("V9"),
            residents=(ResidentId("R21"),),
            code=Reason.TIME_WINDOW,
            ever=False,
            detail=msg("No team comes before {time}.", time="09:10"),
            remedy=msg("Ask for a later window."),
        ),
    ),
    summary=Summary(
        **{name: n for n, name in enumerate(Summary.__dataclass_fields__) if name != "trade_off"},
        trade_off=msg("{more} min more travel in all.", more=4),
    ),
    not_located=(
        NotLocated(
            row=17,
            resident=ResidentId("R17"),
            code=Reason.LOW_GEOCODE_PRECISION,
            address="Mannerheimintie",
            candidates=(
                Candidate(
                    label="Mannerheimintie 1",
                    point=Point(24.9, 60.1),
                    precision=Precision.BUILDING,
                    score=0.8,
                ),
            ),
        ),
    ),
    rejected=(Rejected(row=33, code="BLANK_ROW", column="", message=msg("The row is blank.")),),
    inputs=(
        ("residents", InputFile(file="../r.xlsx", sha256="ab", rows=104)),
        ("network", InputFile(file="x.pbf", sha256="cd")),
    ),
    datums=(
        TakenDatum(
            source="residents",
            datum=Datum.GCJ02,
            by=DatumBy.NAMES,
            rows=60,
            witnesses=58,
            metres=(368, 14, 774),
            fits=Datum.GCJ02,
        ),
    ),
)


def test_the_names_are_those_that_other_programs_rely_on():
    """Names and shapes as the design fixes them; `ever`, `code`, `precision` and the like are additions."""
    assert plan_to_json(PLAN, "en") == {
        "schema": "doorroute/plan/1",
        "date": "2022-04-06",
        "objective": "finish",
        "objectives": ["finish"],
        "parent": None,
        "seed": 1,
        "inputs": {
            "residents": {"file": "../r.xlsx", "sha256": "ab", "rows": 104},
            "network": {"file": "x.pbf", "sha256": "cd", "rows": None},
        },
        "summary": {
            "residents": 0,
            "visits": 1,
            "assigned": 2,
            "unassigned": 3,
            "finish_s": 4,
            "lower_bound_finish_s": 5,
            "longest_s": 6,
            "mean_s": 7,
            "travel_s": 8,
            "service_s": 9,
            "waiting_s": 10,
            "distance_m": 11,
            "teams": 12,
            "lower_bound_travel_s": 13,
            "lower_bound_teams": 14,
            "wishes_s": 15,
            "trade_off": "4 min more travel in all.",
        },
        "routes": [
            {
                "team": "T1",
                "profile": "foot",
                "shift": 0,
                "start_s": 28800,
                "finish_s": 40980,
                "travel_s": 1,
                "service_s": 2,
                "waiting_s": 3,
                "distance_m": 4,
                "steps": [
                    {
                        "type": "visit",
                        "visit": "V7",
                        "residents": ["R12", "R13"],
                        "location": [24.94, 60.17],
                        "arrival_s": 5,
                        "waiting_s": 6,
                        "start_service_s": 8,
                        "setup_s": 7,
                        "service_s": 9,
                        "departure_s": 10,
                        "load": [40],
                        "lock": "none",
                        "way": [
                            {"kind": "street", "name": "Mannerheimintie", "metres": 120},
                            {"kind": "steps_up", "name": "", "metres": 8},
                        ],
                    },
                    {
                        "type": "break",
                        "visit": None,
                        "residents": [],
                        "location": None,
                        "arrival_s": 10,
                        "waiting_s": 0,
                        "start_service_s": 10,
                        "setup_s": 0,
                        "service_s": 900,
                        "departure_s": 910,
                        "load": [0, 0, 0],
                        "lock": "none",
                        "way": [],
                    },
                ],
                "geometry": {"type": "LineString", "coordinates": [[24.94, 60.17], [24.94, 60.18]]},
            }
        ],
        "unassigned": [
            {
                "visit": "V9",
                "residents": ["R21"],
                "code": "TIME_WINDOW",
                "ever": False,
                "detail": "No team comes before 09:10.",
                "remedy": "Ask for a later window.",
            }
        ],
        "not_located": [
            {
                "row": 17,
                "sheet": "",
                "line": 17,
                "resident": "R17",
                "code": "LOW_GEOCODE_PRECISION",
                "address": "Mannerheimintie",
                "candidates": [
                    {
                        "label": "Mannerheimintie 1",
                        "location": [24.9, 60.1],
                        "precision": "building",
                        "score": 0.8,
                    }
                ],
            }
        ],
        "rejected": [
            {
                "row": 33,
                "sheet": "",
                "line": 33,
                "code": "BLANK_ROW",
                "column": "",
                "message": "The row is blank.",
            }
        ],
        "sheets": [],
        "datums": [
            {
                "source": "residents",
                "datum": "gcj02",
                "by": "names",
                "rows": 60,
                "witnesses": 58,
                "metres": {"wgs84": 368, "gcj02": 14, "bd09": 774},
                "fits": "gcj02",
                "mixed": False,
            },
        ],
    }


def test_a_field_that_is_not_known_yet_is_passed_over():
    document = {**plan_to_json(PLAN, "en"), "engine": "some"}
    assert plan_from_json(document) == as_a_file_keeps_it(PLAN, "en")


def test_words_in_braces_are_words():
    odd = replace(PLAN, rejected=(Rejected(row=1, code="X", column="{n}", message=literal("{0} {n} %s")),))
    document = plan_to_json(odd, "zh")
    assert document["rejected"][0]["message"] == "{0} {n} %s"
    assert plan_to_json(plan_from_json(document), "zh") == document


def every_field(value, path=()):
    """Give the way to every value inside the document."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from every_field(inner, (*path, key))


def written(path):
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def refused(path, wrong):
    """Return what the reader says of the plan with `wrong` at `path`."""
    document, parent = copy_and_parent(path)
    parent[path[-1]] = wrong
    with pytest.raises(ValueError, match=r".") as error:
        plan_from_json(document)
    return str(error.value)


FIELDS = list(every_field(plan_to_json(PLAN, "en")))
MAY_BE_NULL = {
    ("datums", "fits"),
    ("datums", "metres"),
    ("routes", "visit"),
    ("routes", "location"),
    ("inputs", "rows"),
    ("summary", "trade_off"),
}
WRONG_KINDS = {
    str: (7, True, ["word"], None),
    int: (1.5, True, "7", None),
    float: ("1.5", True, float("nan"), float("inf"), None),
    bool: (1, "true", None),
    list: ({}, "word", 7, None),
    dict: ([], "word", 7, None),
    type(None): (1.5, {}, False),
}


def copy_and_parent(path):
    document = json.loads(json.dumps(plan_to_json(PLAN, "en")))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    return document, parent


@pytest.mark.parametrize("path", FIELDS, ids=written)
def test_a_field_of_the_wrong_kind_is_named_by_its_path(path):
    _, parent = copy_and_parent(path)
    for wrong in WRONG_KINDS[type(parent[path[-1]])]:
        if wrong is not None or (path[0], path[-1]) not in MAY_BE_NULL:
            assert refused(path, wrong) == written(path)


CHOICES = ("objective", "profile", "type", "precision", "schema", "date")


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in FIELDS
        if path[-1] in CHOICES or (path[0] in ("unassigned", "not_located") and path[-1] == "code")
    ],
    ids=written,
)
def test_a_word_that_is_none_of_those_possible_is_named_by_its_path(path):
    assert refused(path, "no such word") == written(path)


ADDED = {
    "datums",
    "objectives",
    "parent",
    "teams",
    "lower_bound_travel_s",
    "lower_bound_teams",
    "wishes_s",
    "trade_off",
    "shift",
    "lock",
    "way",
    "sheet",
    "line",
    "sheets",
}
"""What the first version did not write."""


@pytest.mark.parametrize(
    "path", [path for path in FIELDS if isinstance(path[-1], str) and path[-1] not in ADDED], ids=written
)
def test_a_missing_field_is_named_by_its_path(path):
    document, parent = copy_and_parent(path)
    del parent[path[-1]]
    if path[0] == "inputs" and len(path) == 2:
        assert len(plan_from_json(document).inputs) == 1
    else:
        with pytest.raises(ValueError, match=r".") as error:
            plan_from_json(document)
        assert str(error.value) == written(path)


@pytest.mark.parametrize("document", [None, [], "plan", 7])
def test_what_is_no_plan_at_all_is_refused(document):
    with pytest.raises(ValueError, match=r"^\$$"):
        plan_from_json(document)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("schema",), "doorroute/plan/2"),
        (("date",), "2022-04-31"),
        (("routes", 0, "geometry", "type"), "Point"),
        (("routes", 0, "geometry", "coordinates", 0), [200.0, 60.0]),
        (("routes", 0, "steps", 0, "location"), [24.9, 60.1, 3.0]),
        (("routes", 0, "steps", 0, "location"), [24.9]),
        (("routes", 0, "steps", 0, "arrival_s"), 2**53 + 1),
        (("seed",), "1"),
    ],
)
def test_a_value_that_cannot_be_is_named_by_its_path(path, wrong):
    assert refused(path, wrong) == written(path)


def test_a_plan_of_an_earlier_version_is_read():
    document = plan_to_json(PLAN, "en")
    route = document["routes"][0]
    for part in (document, document["summary"], route, *route["steps"]):
        for name in ADDED & part.keys():
            del part[name]
    read = plan_from_json(document)
    assert (read.objectives, read.parent, read.summary.teams) == ((), None, 0)
    assert (read.routes[0].shift, read.routes[0].steps[0].lock) == (0, StopLock.NONE)
