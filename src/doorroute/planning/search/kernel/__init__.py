"""Ruin and recreate at native speed: the inner loop of the search, compiled by numba.

After J. Christiaens, G. Vanden Berghe: Slack induction by string removals, Transportation Science 54(2),
2020; with the paper's sizes. Each route carries, at every stop and for every number of breaks taken, when
the team is free from there on and how late it may come (`planning.core.windows`), so that one place is
checked in O(1). Only places next to near neighbours, depots and idle teams are tried.

A route in `State.seq` is depot, visits, depot; place `p` is between stop `p` and stop `p + 1`.

state          what is given, the plan that is being changed, and the names of the slots of its arrays
times          when a route happens
costs          what a route costs, how long it is, and whether it keeps its limits
places         where a visit can be inserted, and where it is cheapest
moves          changes of a route, and how they are undone
ruin_recreate  the search: take visits out, put them back, keep or undo
"""

from doorroute.planning.search.kernel.moves import mark, settle
from doorroute.planning.search.kernel.places import fits, may_insert
from doorroute.planning.search.kernel.ruin_recreate import anneal
from doorroute.planning.search.kernel.state import SearchData, State
from doorroute.planning.search.kernel.times import go_on

__all__ = ["SearchData", "State", "anneal", "fits", "go_on", "mark", "may_insert", "settle"]
