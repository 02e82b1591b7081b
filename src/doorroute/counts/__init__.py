"""How many teams are enough, and what if: solve each count of teams and replay its plan.

Each count keeps its own plan; more teams are never shown as worse.
"""

from doorroute.counts.answer import CountAnswer, answer
from doorroute.counts.question import Question, WhatIf, read_question
from doorroute.counts.replay import Luck, Replayed
from doorroute.counts.result import Scenario, scenario_of

__all__ = [
    "CountAnswer",
    "Luck",
    "Question",
    "Replayed",
    "Scenario",
    "WhatIf",
    "answer",
    "read_question",
    "scenario_of",
]
