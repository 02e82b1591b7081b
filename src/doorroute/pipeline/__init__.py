"""The stages as a table, and the wiring of one stage into the next.

stages          the table of stages
request         what a plan is made from and asked for
reading, locating, surroundings, measuring     one stage each
wiring          one stage into the next: `plan`, `prepare`, `check_plan`
plan_folder     where the files of a plan lie; writing a whole folder at once
saved_plan      a plan's folder written, opened and verified; unchanged: are its files as they were written
opening         the day that a folder holds: its ids, its log, whether it is closed
replan, results, close_day, count_teams        one command each
stopped_search  what to do with a search that was stopped
"""

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
