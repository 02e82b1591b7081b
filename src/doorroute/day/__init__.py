"""The day after the plan: what happened at the doors.

events      what was seen at a door, and the state of every resident as a fold over such events
log         the append-only file that keeps them beside the plan
typed       a table that the dispatcher typed -> events
phones      what teams handed in -> events
calls       events -> which team stood at which door when
ask         what a new plan for the rest of the day is asked for
parts       calls -> what happened at each door, and who is left there
routes      plan and calls -> what of each route has happened, and what stays
again       all of these -> what is left of the day (said in `words`)
closing     plan, log and sheet -> where every row has ended (shown by `lanes` and `report_page`, listed for tomorrow by `carry_over`)
learning    calls -> how long doors, people and ways took (said in `teaching`)
"""

from doorroute.day.events import Event, Outcome, Standing, State, doors_of, fold
from doorroute.day.log import LOG, Logged, append, read_log

__all__ = ["LOG", "Event", "Logged", "Outcome", "Standing", "State", "append", "doors_of", "fold", "read_log"]
