"""Visits, teams and travel to routes, with reasons for what is left out."""

from doorroute.planning.solve import Progress, Solution, solve

__all__ = ["Progress", "Solution", "solve"]
