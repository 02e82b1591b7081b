"""What happens after the plan is made: results, re-planning and the end of the day.

events           what was seen at a door; the state of every resident, folded from the events
log              the append-only file of events in the plan's folder
typed_results    a table that the dispatcher typed -> events
phone_events     what teams handed in from their phones -> events
calls            events -> which team was at which door, and when
replan_request   what to re-plan, and from when
partial_visits   calls -> what happened at each door, and who is left there
routes           plan and calls -> the finished part of each route, and the stops that stay
rest_of_day      all of these -> the rest of the day as a problem
route_changes    two plans -> what changed on each route; change_messages says it in sentences
silence          what to assume about teams that were dropped and sent no results; assumed reports it
sort_files       the files that were handed in -> tables and phone results
plan_doors       the doors and hours of a plan, for reading results
closing          plan, log and list -> the result of every row
learning         calls -> how long doors, people and travel took; learned_messages says it in sentences,
                 next_settings puts it into tomorrow's settings
"""

from doorroute.day.events import DayState, Event, Outcome, ResidentState, doors_of, fold
from doorroute.day.log import LOG, Logged, append, read_log

__all__ = [
    "LOG",
    "DayState",
    "Event",
    "Logged",
    "Outcome",
    "ResidentState",
    "append",
    "doors_of",
    "fold",
    "read_log",
]
