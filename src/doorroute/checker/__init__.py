"""Recompute a plan from its inputs and name every rule that it breaks. Shares no code with the engines."""

from doorroute.checker.case import Violation
from doorroute.checker.geometry import check_geometry
from doorroute.checker.lists import check_lists
from doorroute.checker.plan import check_datums, check_rows, check_sheets, check_summary
from doorroute.checker.reasons import check_reasons
from doorroute.checker.rules import RULES, check

__all__ = [
    "RULES",
    "Violation",
    "check",
    "check_datums",
    "check_geometry",
    "check_lists",
    "check_reasons",
    "check_rows",
    "check_sheets",
    "check_summary",
]
