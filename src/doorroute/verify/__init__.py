"""Re-compute a plan from its inputs and name every rule it breaks; shares no code with the engines."""

from doorroute.verify.case import Violation
from doorroute.verify.checker import RULES, check
from doorroute.verify.geometry import check_geometry
from doorroute.verify.plan import check_rows, check_sheets, check_summary

__all__ = ["RULES", "Violation", "check", "check_geometry", "check_rows", "check_sheets", "check_summary"]
