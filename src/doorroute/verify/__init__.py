"""Re-compute a plan from its inputs and name every rule it breaks; shares no code with the engines."""

from doorroute.verify.case import Violation
from doorroute.verify.checker import RULES, check
from doorroute.verify.geometry import check_geometry
from doorroute.verify.lists import check_lists
from doorroute.verify.plan import check_datums, check_rows, check_sheets, check_summary
from doorroute.verify.reasons import check_reasons

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
