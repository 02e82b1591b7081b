"""The stages as a table, and the wiring of one into the next."""

from doorroute.pipeline.locating import LocatedDoors, locate_visits, queries_of, sources_of
from doorroute.pipeline.reading import DayTables, read_tables
from doorroute.pipeline.request import Request
from doorroute.pipeline.saved_plan import verify_folder, write_folder, write_review_page
from doorroute.pipeline.stages import GEOCODE, GIVEN, INTAKE, STAGES, VERIFY, Reporter, Silence, Stage
from doorroute.pipeline.surroundings import Surroundings
from doorroute.pipeline.wiring import CheckedPlan, plan

__all__ = [
    "GEOCODE",
    "GIVEN",
    "INTAKE",
    "STAGES",
    "VERIFY",
    "CheckedPlan",
    "DayTables",
    "LocatedDoors",
    "Reporter",
    "Request",
    "Silence",
    "Stage",
    "Surroundings",
    "locate_visits",
    "plan",
    "queries_of",
    "read_tables",
    "sources_of",
    "verify_folder",
    "write_folder",
    "write_review_page",
]
