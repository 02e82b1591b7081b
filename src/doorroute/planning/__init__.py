"""Visits, teams and travel to routes, with reasons for what is left out."""

from doorroute.planning.search.warm import is_warm, warm_up
from doorroute.planning.solve import Progress, Solution, solve

__all__ = ["Progress", "Solution", "is_warm", "solve", "warm_up"]
