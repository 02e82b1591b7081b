"""Changes of a route: put a visit in, take visits out, go back to how it was before the step."""

from __future__ import annotations

from doorroute.machine_code import compiled, inlined
from doorroute.planning.search.kernel.costs import keeps_rules, set_length, sum_up
from doorroute.planning.search.kernel.state import (
    ABSENT,
    BEST,
    CURRENT,
    FIRST,
    LATE_PRICE,
    STEP,
    SearchData,
    State,
)
from doorroute.planning.search.kernel.times import go_back, go_on, set_slack, set_tail


@inlined
def save(state: State, crew: int) -> None:
    """Save the route, so that `restore` can go back to it, unless this step has done so already."""
    if state.stamp[crew] == state.counts[STEP]:
        return
    state.stamp[crew] = state.counts[STEP]
    state.old_count[crew], state.old_cost[crew] = state.visits[crew], state.cost[crew]
    state.old_over_s[crew], state.old_reloads[crew] = state.over_s[crew], state.reloads[crew]
    for i in range(state.reloads[crew]):
        state.old_cuts[crew, i] = state.cuts[crew, i]
    for goods in range(state.load.shape[1]):
        state.old_load[crew, goods] = state.load[crew, goods]
    for i in range(state.visits[crew] + 2):
        state.old_seq[crew, i], state.old_legs_s[crew, i] = state.seq[crew, i], state.legs_s[crew, i]
        for k in range(state.free_s.shape[2]):
            state.old_free_s[crew, i, k] = state.free_s[crew, i, k]
            state.old_late_s[crew, i, k] = state.late_s[crew, i, k]


@inlined
def restore(data: SearchData, state: State, crew: int) -> None:
    """Put the route back as it was before this step."""
    state.visits[crew], state.cost[crew] = state.old_count[crew], state.old_cost[crew]
    for goods in range(state.load.shape[1]):
        state.load[crew, goods] = state.old_load[crew, goods]
    for i in range(state.visits[crew] + 2):
        state.seq[crew, i], state.legs_s[crew, i] = state.old_seq[crew, i], state.old_legs_s[crew, i]
        if 0 < i <= state.visits[crew]:
            node = state.seq[crew, i]
            state.route[node], state.at[node] = crew, i
            state.after[node], state.on_s[node] = state.old_seq[crew, i + 1], state.legs_s[crew, i]
        for k in range(state.free_s.shape[2]):
            state.free_s[crew, i, k] = state.old_free_s[crew, i, k]
            state.late_s[crew, i, k] = state.old_late_s[crew, i, k]
    set_slack(data, state, crew)
    state.over_s[crew] = state.old_over_s[crew]
    if state.home_by[LATE_PRICE]:
        set_tail(data, state, crew)
    state.reloads[crew] = state.old_reloads[crew]
    for i in range(state.reloads[crew]):
        state.cuts[crew, i] = state.old_cuts[crew, i]
    if data.limited[crew]:
        set_length(data, state, crew)


@inlined
def put_in(data: SearchData, state: State, crew: int, place: int, node: int) -> None:
    """Insert `node` at `place`."""
    save(state, crew)
    seq = state.seq[crew]
    for i in range(state.visits[crew] + 2, place + 1, -1):
        seq[i] = seq[i - 1]
    seq[place + 1] = node
    state.visits[crew] += 1
    go_on(data, state, crew, place)
    for i in range(state.visits[crew] + 1, place + 1, -1):
        for k in range(state.late_s.shape[2]):
            state.late_s[crew, i, k] = state.late_s[crew, i - 1, k]
    go_back(data, state, crew, place + 1)
    sum_up(data, state, crew)


@inlined
def take_out(
    data: SearchData, state: State, crew: int, begin: int, length: int, skip: int, kept: int
) -> bool:
    """Remove `length` visits from stop `begin` on, but leave `kept` in place after the first `skip`.

    Undo that and return False if the route then breaks a rule: if streets are closed, the only way may lead
    past a door.
    """
    save(state, crew)
    seq, count = state.seq[crew], state.visits[crew]
    into = begin
    for i in range(begin, count + 2):
        inside = i - begin
        if inside < skip or skip + kept <= inside < length + kept:
            node = seq[i]
            state.route[node] = state.after[node] = -1
            state.absent[state.counts[ABSENT]] = node
            state.counts[ABSENT] += 1
        else:
            seq[into] = seq[i]
            into += 1
    state.visits[crew] = count - length
    go_on(data, state, crew, FIRST)
    go_back(data, state, crew, count + 2)
    sum_up(data, state, crew)
    if not keeps_rules(data, state, crew):
        state.counts[ABSENT] -= length
        restore(data, state, crew)
        return False
    return True


@compiled
def settle(data: SearchData, state: State) -> None:
    """Compute everything that follows from the orders of visits."""
    for crew in state.crews:
        go_on(data, state, crew, FIRST)
        go_back(data, state, crew, state.visits[crew] + 2)
        sum_up(data, state, crew)


@compiled
def mark(state: State) -> None:
    """Make the current plan the best one, whatever was the best before."""
    state.total[BEST] = state.total[CURRENT]
    for crew in state.crews:
        state.dirty[crew] = False
        state.best_count[crew] = state.visits[crew]
        for i in range(1, state.visits[crew] + 1):
            state.best_seq[crew, i] = state.seq[crew, i]


@inlined
def keep_step(state: State, delta: float) -> None:
    """Keep what this step has done; make it the best plan too if it is better."""
    state.total[CURRENT] += delta
    for crew in state.crews:
        if state.stamp[crew] == state.counts[STEP]:
            state.dirty[crew] = True
    if state.total[CURRENT] < state.total[BEST]:
        state.total[BEST] = state.total[CURRENT]
        for crew in state.crews:
            if state.dirty[crew]:
                state.dirty[crew] = False
                state.best_count[crew] = state.visits[crew]
                for i in range(1, state.visits[crew] + 1):
                    state.best_seq[crew, i] = state.seq[crew, i]


@inlined
def undo_step(data: SearchData, state: State, out: int) -> None:
    """Undo this step, before which `before[:out]` were absent."""
    state.counts[ABSENT] = out
    for i in range(out):
        state.absent[i] = state.before[i]
        state.route[state.before[i]] = state.after[state.before[i]] = -1
    for crew in state.crews:
        if state.stamp[crew] == state.counts[STEP]:
            restore(data, state, crew)
