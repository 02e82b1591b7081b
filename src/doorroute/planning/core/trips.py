"""The cuts of a route into trips: where a team goes by its depot to hand in samples and fetch goods.

Exact over all cuts of one order, at native speed: the soonest a team can be free at the depot, by how many
reloads it has had, how many visits and how many breaks are behind it (a label each), is reached from all
depots before it that one trip leads on from.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from doorroute.machine_code import compiled, inlined, internal
from doorroute.planning.core.tables import FORBIDDEN, NEVER, Bools, Crew, Ints, Tables
from doorroute.planning.core.windows import Stops, go_to, leave, leg, may_end, take_breaks

Times = NDArray[np.int64]
Nodes = NDArray[np.int32]


NONE, ONE = cast("int", np.int64(0)), cast("int", np.int64(1))
"""As plain numbers each would have the functions compiled once more for it."""


BACK, TRIP, DONE, SOURCE = range(4)
"""Slots of `TripBuffers.home`: soonest return, number of reloads, visits and breaks at the last label."""

DONE_BEFORE, SOURCE_BEFORE = 0, 1
"""Slots of `TripBuffers.came`: the visits and the breaks at the label before."""


class CrewView(NamedTuple):
    """`Tables` as one team sees them, all nodes or some: go_s and travel_s (m, m) int32, demand (m, d)."""

    go_s: Nodes
    travel_s: Nodes
    stops: Stops
    demand: Ints


class TripRules(NamedTuple):
    """What holds for the trips of each of c crews: goods d, breaks k at most.

    whole : (c,) whose routes are judged as a whole. opens_s, reload, most, age_s, hand_in_s, pauses : (c,);
        `reload` is the node, `most` how many reloads, `hand_in_s` by when what the open trip carries must
        be
    there. reload_s is the stay. room : (c, d) what the open trip has left, full : (c, d) what the later
    ones carry. out : (c,). pause_s : (c, k, 3).
    """

    whole: Bools
    opens_s: Ints
    reload: Ints
    most: Ints
    age_s: Ints
    hand_in_s: Ints
    pauses: Ints
    reload_s: Ints
    room: Ints
    full: Ints
    out: Bools
    pause_s: Ints


class TripBuffers(NamedTuple):
    """Arrays to compute in, and the answer.

    reach : (reloads + 1, stops, breaks + 1), the labels; came : (..., 2), the number of visits and of
        breaks at the label before. walk, again : (2, breaks + 1),
    a trip so far: when it is free by number of breaks, and of which label. load : (d,). home : (4,) the
    soonest return, its number of reloads, and the last label.
    work : (stops,) seconds from the first visit's begin to the end of each, without waiting; first : (1,)
        the soonest begin of this trip's first visit.
    """

    reach: Times
    came: Ints
    free_s: Times
    source: Times
    again_s: Times
    again_source: Times
    load: Ints
    home: Times
    cuts: Ints
    work: Times
    first_s: Times


def never_quicker(tables: Tables, crew: Crew) -> bool:
    """Return whether a reload never makes a team quicker: a visit too late without one is too late with one.

    Where changing gear takes longer than a reload it may be quicker.
    """
    return not crew.max_reloads or _never_quicker(tables, crew.profile, crew.reload, crew.reload_s)


@lru_cache(maxsize=16)
def _never_quicker(tables: Tables, profile: int, reload: int, reload_s: int) -> bool:
    """Return whether going by the depot, including the stay there, is never quicker than going directly.

    A visit that may not follow another one may not follow it over a depot either.
    """
    go = tables.go_s[profile]
    over = go[:, reload][:, None] + reload_s + go[reload][None, :]
    return bool(((over >= go) | (go >= FORBIDDEN)).all())


@lru_cache(maxsize=256)
def _rules_alone(crew: Crew) -> TripRules:
    """Return the rules of one team for its route alone; the depot of its reloads is a node of its own."""
    return rules_of((crew,), list(range(len(crew.capacity))))


def rules_of(crews: tuple[Crew, ...], goods: list[int]) -> TripRules:
    """Return the rules as arrays, `goods` being those that are counted."""
    breaks = max((len(crew.pauses) for crew in crews), default=0)
    pauses = np.zeros((len(crews), max(1, breaks), 3), dtype=np.int64)
    for number, crew in enumerate(crews):
        for k, pause in enumerate(crew.pauses):
            pauses[number, k] = pause.earliest_s, pause.latest_s, pause.duration_s

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    def carried(rows: list[tuple[int, ...]]) -> Ints:
        return np.array(rows, dtype=np.int64).reshape(len(crews), -1)[:, goods].copy()

    return TripRules(
        whole=np.array([crew.judged_whole for crew in crews], dtype=bool),
        opens_s=column([crew.opens_s for crew in crews]),
        reload=column([crew.reload for crew in crews]),
        most=column([crew.max_reloads for crew in crews]),
        age_s=column([min(crew.max_age_s, NEVER) for crew in crews]),
        hand_in_s=column(
            [NEVER if crew.first_s is None else crew.first_s + crew.max_age_s for crew in crews]
        ),
        pauses=column([len(crew.pauses) for crew in crews]),
        reload_s=column([crew.reload_s for crew in crews]),
        room=carried([crew.room for crew in crews]),
        full=carried([crew.capacity for crew in crews]),
        out=np.array([crew.out for crew in crews], dtype=bool),
        pause_s=pauses,
    )


def buffers_for(crews: tuple[Crew, ...], goods: int, stops: int) -> TripBuffers:
    """Return room for routes of so many stops; none where no route is judged as a whole."""
    most = max((crew.max_reloads for crew in crews), default=0)
    breaks = max((len(crew.pauses) for crew in crews), default=0) + 1
    labels = (most + 1, stops if any(crew.judged_whole for crew in crews) else 1, breaks)
    return TripBuffers(
        reach=np.zeros(labels, dtype=np.int64),
        came=np.zeros((*labels, 2), dtype=np.int64),
        free_s=np.zeros(breaks, dtype=np.int64),
        source=np.zeros(breaks, dtype=np.int64),
        again_s=np.zeros(breaks, dtype=np.int64),
        again_source=np.zeros(breaks, dtype=np.int64),
        load=np.zeros(max(1, goods), dtype=np.int64),
        home=np.zeros(4, dtype=np.int64),
        cuts=np.zeros(most + 1, dtype=np.int64),
        work=np.zeros(stops, dtype=np.int64),
        first_s=np.zeros(1, dtype=np.int64),
    )


def cuts_of(tables: Tables, crew: Crew, order: tuple[int, ...], until_s: int) -> tuple[int, ...] | None:
    """Return after how many visits of `order` the team reloads to be home soonest.

    None if no cuts keep all rules by `until_s`.
    """
    goods = list(range(tables.demand.shape[1]))
    buffers, nodes = (
        buffers_for((crew,), len(goods), len(order) + 2),
        np.array([crew.start, *order, crew.end, crew.reload]),
    )
    seq = np.arange(len(order) + 2, dtype=np.int32)
    rules = _rules_alone(crew)._replace(reload=np.array([len(seq)], dtype=np.int64))
    go, travel = (
        np.minimum(table[crew.profile][np.ix_(nodes, nodes)], FORBIDDEN).astype(np.int32)
        for table in (tables.go_s, tables.travel_s)
    )
    stops = Stops(tables.service_s[nodes], tables.opens_s[nodes], tables.closes_s[nodes])
    view = CrewView(go, travel, stops, tables.demand[nodes])
    number = cut(view, rules, 0, min(until_s, crew.closes_s), seq, len(order), buffers)
    return None if number < 0 else tuple(buffers.cuts[:number].tolist())


@compiled
def cut(
    view: CrewView, rules: TripRules, crew: int, until: int, seq: Nodes, count: int, buffers: TripBuffers
) -> int:
    """Write to `buffers.cuts` after how many visits the team reloads to be home soonest.

    `seq` holds `count` visits between its first and last stop.

    Return how often, -1 where no cuts keep the rules. Whoever may not follow whom (`Tables.go_s`) may not
    over a depot either.
    """
    buffers.home[BACK], buffers.home[TRIP] = NEVER, -1
    for at in range(1, count + 1):
        buffers.work[at] = (
            buffers.work[at - 1]
            + view.stops.service_s[seq[at]]
            + (view.go_s[seq[at - 1], seq[at]] if at > 1 else 0)
        )
    label_start(view, rules, crew, seq, count, buffers)
    for trip in range(rules.most[crew] + 1):
        for done in range(count):
            if (
                (trip or done == 0)
                and (
                    trip < rules.most[crew]
                    or can_be_last(view, rules, crew, until, seq, count, trip, done, buffers)
                )
                and set_out(view, rules, crew, seq, trip, done, buffers)
            ):
                ride(view, rules, crew, until, seq, count, trip, done, buffers)
    reloads = buffers.home[TRIP]
    done, breaks = buffers.home[DONE], buffers.home[SOURCE]
    for trip in range(reloads, 0, -1):
        buffers.cuts[trip - 1] = done
        done, breaks = (
            buffers.came[trip, done, breaks, DONE_BEFORE],
            buffers.came[trip, done, breaks, SOURCE_BEFORE],
        )
    return int(reloads)


@inlined
def label_start(
    view: CrewView, rules: TripRules, crew: int, seq: Nodes, count: int, buffers: TripBuffers
) -> None:
    """Label where the team is, and the depot where it is out and may go there first."""
    pauses, free = rules.pauses[crew], buffers.free_s
    for trip in range(rules.most[crew] + 1):
        for done in range(count + 1):
            for k in range(pauses + 1):
                buffers.reach[trip, done, k] = NEVER
    leave(rules.pause_s[crew], pauses, rules.opens_s[crew], rules.out[crew], free)
    for k in range(pauses + 1):
        buffers.reach[0, 0, k] = free[k]
        there = free[k] + view.go_s[seq[0], rules.reload[crew]]
        if rules.out[crew] and there <= rules.hand_in_s[crew] and there < FORBIDDEN:
            label(rules, crew, ONE, NONE, k, there, NONE, k, buffers)


@inlined
def label(
    rules: TripRules,
    crew: int,
    trip: int,
    done: int,
    k: int,
    there: int,
    before: int,
    source: int,
    buffers: TripBuffers,
) -> None:
    """Note a way to the depot, if it is a sooner one."""
    if rules.most[crew] and there + rules.reload_s[crew] < buffers.reach[trip, done, k]:
        buffers.reach[trip, done, k] = there + rules.reload_s[crew]
        buffers.came[trip, done, k, DONE_BEFORE], buffers.came[trip, done, k, SOURCE_BEFORE] = before, source


@inlined
def can_be_last(
    view: CrewView,
    rules: TripRules,
    crew: int,
    until: int,
    seq: Nodes,
    count: int,
    trip: int,
    done: int,
    buffers: TripBuffers,
) -> bool:
    """Return whether one trip could make all visits left, ignoring waiting. Most fail this quick check."""
    first, soonest = seq[done + 1], buffers.reach[trip, done, 0]
    for k in range(1, rules.pauses[crew] + 1):
        soonest = min(soonest, buffers.reach[trip, done, k])
    work = (
        buffers.work[count]
        - buffers.work[done + 1]
        + view.stops.service_s[first]
        + view.go_s[seq[count], seq[count + 1]]
    )
    if soonest >= NEVER or soonest + work > until:
        return False
    return bool(work <= rules.age_s[crew] or (trip == 0 and rules.hand_in_s[crew] < NEVER))


@inlined
def set_out(
    view: CrewView, rules: TripRules, crew: int, seq: Nodes, trip: int, done: int, buffers: TripBuffers
) -> bool:
    """Begin a trip at a label, breaks at the depot taken; say whether it can be."""
    reach, came, free, source, can = (
        buffers.reach[trip, done],
        buffers.came[trip, done],
        buffers.free_s,
        buffers.source,
        False,
    )
    for k in range(rules.pauses[crew] + 1):
        free[k], source[k] = reach[k], k
        can = can or reach[k] < NEVER
    if not can or (trip and view.go_s[seq[done], seq[done + 1]] >= FORBIDDEN):
        return False
    if trip:
        take_breaks(rules.pause_s[crew], rules.pauses[crew], free, source)
        for k in range(rules.pauses[crew] + 1):
            label = source[k]
            if free[k] < reach[k]:
                reach[k], came[k, DONE_BEFORE], came[k, SOURCE_BEFORE] = (
                    free[k],
                    came[label, DONE_BEFORE],
                    came[label, SOURCE_BEFORE],
                )
            source[k] = k
    for goods in range(view.demand.shape[1]):
        buffers.load[goods] = 0
    return True


@inlined
def ride(
    view: CrewView,
    rules: TripRules,
    crew: int,
    until: int,
    seq: Nodes,
    count: int,
    trip: int,
    done: int,
    buffers: TripBuffers,
) -> None:
    """Go from visit to visit while the goods last; label the depot after each, go home after the last."""
    front, span = seq[0] if trip == 0 else rules.reload[crew], np.int64(0)
    for at in range(done + 1, count + 1):
        node = seq[at]
        span += view.stops.service_s[node] + (view.go_s[front, node] if at > done + 1 else 0)
        if not loaded(view, rules, crew, node, trip, buffers) or not step_on(
            view, rules, crew, front, node, NONE, buffers.free_s, buffers.source
        ):
            return
        if at == done + 1:
            begin_trip(view, rules, crew, node, buffers)
        elif span > rules.age_s[crew] and (trip or rules.hand_in_s[crew] >= NEVER):
            return
        front = node
        if at < count and trip == rules.most[crew]:
            continue
        target = seq[count + 1] if at == count else rules.reload[crew]
        fast = span + view.go_s[node, target] <= rules.age_s[crew] or (
            trip == 0 and rules.hand_in_s[crew] < NEVER
        )
        if fast:
            come_to_depot(view, rules, crew, until, seq, count, trip, done, at, target, buffers)


@inlined
def come_to_depot(
    view: CrewView,
    rules: TripRules,
    crew: int,
    until: int,
    seq: Nodes,
    count: int,
    trip: int,
    done: int,
    at: int,
    target: int,
    buffers: TripBuffers,
) -> None:
    """Label the depot, or note the return, after the visit `at`, where the samples are fresh enough."""
    node, due = seq[at], rules.hand_in_s[crew]
    for k in range(rules.pauses[crew] + 1):
        there, source = buffers.free_s[k] + view.go_s[node, target], buffers.source[k]
        if trip == 0 and due < NEVER:
            there = there if there <= due else NEVER
        elif FORBIDDEN > there > buffers.first_s[0] + rules.age_s[crew]:
            there = fresh_at(view, rules, crew, seq, trip, done, at, k, there, target, buffers)
            source = buffers.again_source[k]
        if there < FORBIDDEN and at < count:
            label(rules, crew, trip + 1, at, k, there, done, source, buffers)
        elif there < FORBIDDEN:
            arrive(rules, crew, until, trip, done, k, there, source, buffers)


@inlined
def arrive(
    rules: TripRules,
    crew: int,
    until: int,
    trip: int,
    done: int,
    k: int,
    there: int,
    source: int,
    buffers: TripBuffers,
) -> None:
    """Note a return, if it is the soonest one; breaks that were not taken yet are for after it."""
    if (
        there < buffers.home[BACK]
        and there <= until
        and may_end(rules.pause_s[crew], rules.pauses[crew], k, there)
    ):
        buffers.home[BACK], buffers.home[TRIP], buffers.home[DONE], buffers.home[SOURCE] = (
            there,
            trip,
            done,
            source,
        )


@inlined
def loaded(view: CrewView, rules: TripRules, crew: int, node: int, trip: int, buffers: TripBuffers) -> bool:
    """Count the goods that a visit takes; say whether the trip has them."""
    for goods in range(view.demand.shape[1]):
        buffers.load[goods] += view.demand[node, goods]
        carried = rules.room[crew, goods] if trip == 0 else rules.full[crew, goods]
        if buffers.load[goods] > carried:
            return False
    return True


@inlined
def begin_trip(view: CrewView, rules: TripRules, crew: int, node: int, buffers: TripBuffers) -> None:
    """Write the soonest begin of the first visit.

    A hand-in within the age of samples from then is fresh whatever the breaks.
    """
    buffers.first_s[0] = NEVER
    for k in range(rules.pauses[crew] + 1):
        buffers.first_s[0] = min(buffers.first_s[0], buffers.free_s[k] - view.stops.service_s[node])


@internal
def fresh_at(
    view: CrewView,
    rules: TripRules,
    crew: int,
    seq: Nodes,
    trip: int,
    done: int,
    at: int,
    k: int,
    there: int,
    target: int,
    buffers: TripBuffers,
) -> int:
    """Return when a trip hands in soonest with no sample too old; NEVER if it cannot.

    The trip goes from a label to the visit `at`, with `k` breaks behind it.

    The later the first sample is taken the fresher it is, as long as that delays nothing.
    """
    least = 0
    while there - rules.age_s[crew] > least:
        least = there - rules.age_s[crew]
        for number in range(rules.pauses[crew] + 1):
            buffers.again_s[number], buffers.again_source[number] = buffers.reach[trip, done, number], number
        front = seq[0] if trip == 0 else rules.reload[crew]
        for stop in range(done + 1, at + 1):
            if not step_on(
                view,
                rules,
                crew,
                front,
                seq[stop],
                least if stop == done + 1 else 0,
                buffers.again_s,
                buffers.again_source,
            ):
                return NEVER
            front = seq[stop]
        there = buffers.again_s[k] + view.go_s[front, target]
        if there >= FORBIDDEN:
            return NEVER
    return there


@inlined
def step_on(
    view: CrewView, rules: TripRules, crew: int, front: int, node: int, least: int, free: Times, source: Times
) -> bool:
    """Go on from `front` to the visit `node`, begun at `least` or later; return whether that can be."""
    pause, count = rules.pause_s[crew], rules.pauses[crew]
    way = leg(view.go_s, view.travel_s, front, node, count)
    return go_to(view.stops, pause, count, free, way, node, free, least, source)
