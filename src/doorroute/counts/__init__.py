"""How many teams, and what if: many counts solved and replayed. Each team count keeps its own plan; more teams are never shown as worse."""

from doorroute.counts.answer import Answer, answer
from doorroute.counts.question import Question, WhatIf, read_question
from doorroute.counts.replay import Luck, Replayed
from doorroute.counts.result import Scenario, scenario_of

__all__ = [
    "Answer",
    "Luck",
    "Question",
    "Replayed",
    "Scenario",
    "WhatIf",
    "answer",
    "read_question",
    "scenario_of",
]
