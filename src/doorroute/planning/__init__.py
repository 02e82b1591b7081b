"""Visits, teams and travel to routes, with reasons for what is left out."""

from doorroute.planning.solve import Progress, Solution, solve
from doorroute.planning.warm import is_warm, warm_up

__all__ = ["Progress", "Solution", "is_warm", "solve", "warm_up"]
