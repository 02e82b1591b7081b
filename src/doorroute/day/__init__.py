"""The day after the plan: what happened at the doors.

events      what was seen at a door, and the state of every resident as a fold over such events
log         the append-only file that keeps them beside the plan
typed       a table that the dispatcher typed -> events
phones      what teams handed in -> events
"""

from doorroute.day.events import Event, Outcome, Standing, State, fold
from doorroute.day.log import LOG, Logged, append, read_log

__all__ = ["LOG", "Event", "Logged", "Outcome", "Standing", "State", "append", "fold", "read_log"]
