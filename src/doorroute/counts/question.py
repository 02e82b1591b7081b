"""The question: which counts of teams, back by when, and with which changes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from doorroute.counts.replay import Luck
from doorroute.errors import BadInputError
from doorroute.intake.times import clock_of
from doorroute.intake.times import shift as read_shift
from doorroute.model.clock import DAY_S
from doorroute.model.resident import Window
from doorroute.texts import Text, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from doorroute.model.problem import Problem
    from doorroute.model.team import Depot, DepotId, Team

OVERTIME_S: Final = 8 * 3600
"""How much longer than its shift a team may work here, so that the curve shows when it would be done."""

MOST_COUNTS: Final = 60
_RANGE: Final = re.compile(r"\s*(\d{1,4})\s*(?:[:：]\s*(\d{1,4})\s*)?")
_CHANGE: Final = re.compile(r"\s*([+-]?)\s*(\d{1,3}(?:\.\d+)?)\s*[%％]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One set of changes.

    Attributes
    ----------
    counts : fewest and most teams to solve for. None: from half of the table to all of it.
    service : factor for the service time at each door.
    without : teams that do not go.
    shift, depots : replace those of the teams; several depots are assigned in turn.
    """

    name: str = ""
    counts: tuple[int, int] | None = None
    service: float = 1.0
    without: tuple[str, ...] = ()
    shift: Window | None = None
    depots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Several sets of changes to compare.

    `finish_by_s` None means the end of the last shift. `chance` is what the recommended count must reach.
    """

    whatifs: tuple[WhatIf, ...]
    finish_by_s: int | None = None
    chance: float = 0.9
    time_limit_s: float = 15.0
    luck: Luck = Luck()


# --- texts to values; each raises BadInputError ---


def counts_of(text: str) -> tuple[int, int]:
    """Read `4:14`, or `9` for that count alone."""
    found = _RANGE.fullmatch(text)
    advice = msg("Write the fewest and the most, such as 4:14.")
    if not found:
        raise BadInputError("RANGE_WRONG", msg("{text} is not a range of team counts.", text=text), advice)
    low, high = int(found[1]), int(found[2] or found[1])
    if low < 1:
        raise BadInputError("NO_TEAMS", msg("A plan needs at least one team."), advice)
    if low > high:
        raise BadInputError(
            "RANGE_UPSIDE_DOWN", msg("The range {text} ends before it begins.", text=text), advice
        )
    if high - low >= MOST_COUNTS:
        raise BadInputError(
            "RANGE_TOO_LONG",
            msg("The range {text} has more than {most} counts.", text=text, most=MOST_COUNTS),
            advice,
        )
    return low, high


def change_of(text: str) -> float:
    """Read `+20%` as 1.2."""
    found = _CHANGE.fullmatch(text)
    if not found:
        raise BadInputError(
            "CHANGE_WRONG",
            msg("{text} is not a change in percent.", text=text),
            msg("Write it with its sign, such as +20%."),
        )
    factor = 1 + (-1 if found[1] == "-" else 1) * float(found[2]) / 100
    if not 0 < factor <= 10:
        raise BadInputError(
            "CHANGE_WRONG", msg("{text} leaves no time.", text=text), msg("Write less than -100%.")
        )
    return factor


def shift_of(text: str) -> Window:
    """Read `07:30-12:00`."""
    try:
        return read_shift(text)
    except ValueError:
        raise BadInputError(
            "IMPOSSIBLE_SHIFT",
            msg("The shift {text} cannot be read, or ends before it begins.", text=text),
            msg("Write one period of the day, such as 08:00-12:00."),
        ) from None


def chance_of(value: float) -> float:
    """Return the value if it is between 0 and 1 (exclusive)."""
    if not 0 < value < 1:
        raise BadInputError(
            "CHANCE_WRONG",
            msg("The chance {value} is not between 0 and 1.", value=value),
            msg("Write 0.9 for nine mornings out of ten."),
        )
    return value


# --- scenarios.toml ---

_QUESTION_KEYS: Final = ("finish_by", "chance", "time_limit_s", "luck", "scenario")
_SCENARIO_KEYS: Final = ("name", "teams", "service", "without", "shift", "depots")


def read_question(path: Path, usual: Question) -> Question:
    """Read a file of several scenarios; settings that it lacks are taken from `usual`.

    Raises
    ------
    BadInputError
        The file cannot be read, a key is unknown or a value is invalid.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInputError(
            "SCENARIOS_NOT_READ",
            msg("The file {file} cannot be read.", file=path.name),
            msg("Check the path given with --file."),
        ) from error
    except ValueError as error:
        raise BadInputError(
            "SCENARIOS_NOT_TOML",
            msg("{file} is not valid TOML: {why}.", file=path.name, why=str(error)),
            msg('Write a section [[scenario]] for each, with lines such as: service = "+20%"'),
        ) from error
    _only(table, _QUESTION_KEYS, "")
    given = usual.whatifs[0]
    parts = table.get("scenario", [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise _kind("scenario")
    whatifs = tuple(_whatif(part, number, given) for number, part in enumerate(parts, 1)) or (given,)
    names = [each.name for each in whatifs]
    if len(set(names)) < len(names):
        raise BadInputError(
            "SCENARIO_TWICE",
            msg("Two scenarios have the same name."),
            msg("Give each scenario its own name."),
        )
    return replace(
        usual,
        whatifs=whatifs,
        finish_by_s=clock_of(_text(table, "finish_by")) if "finish_by" in table else usual.finish_by_s,
        chance=chance_of(_number(table, "chance")) if "chance" in table else usual.chance,
        time_limit_s=max(0.5, _number(table, "time_limit_s"))
        if "time_limit_s" in table
        else usual.time_limit_s,
        luck=_luck(table["luck"]) if "luck" in table else usual.luck,
    )


def _whatif(part: Mapping[str, Any], number: int, given: WhatIf) -> WhatIf:
    _only(part, _SCENARIO_KEYS, "scenario.")
    return WhatIf(
        name=_text(part, "name") if "name" in part else str(number),
        counts=counts_of(_text(part, "teams")) if "teams" in part else given.counts,
        service=change_of(_text(part, "service")) if "service" in part else given.service,
        without=_texts(part, "without") if "without" in part else given.without,
        shift=shift_of(_text(part, "shift")) if "shift" in part else given.shift,
        depots=_texts(part, "depots") if "depots" in part else given.depots,
    )


def _luck(table: object) -> Luck:
    if not isinstance(table, dict):
        raise _kind("luck")
    _only(table, tuple(each.name for each in fields(Luck)), "luck.")
    try:
        return Luck(**{key: _number(table, key) for key in table})
    except ValueError as error:
        raise _kind(f"luck.{error}") from error


def _only(table: Mapping[str, Any], known: tuple[str, ...], path: str) -> None:
    for key in table:
        if key not in known:
            raise BadInputError(
                "SETTING_UNKNOWN",
                msg("There is no setting {name}.", name=f"{path}{key}"),
                msg("Known settings: {known}.", known=", ".join(f"{path}{each}" for each in known)),
            )


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise _kind(key)
    return value.strip()


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table[key]
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise _kind(key)
    return tuple(each.strip() for each in values)


def _number(table: Mapping[str, Any], key: str) -> float:
    value = table[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _kind(key)
    return float(value)


def _kind(name: str) -> BadInputError:
    return BadInputError(
        "SETTING_WRONG",
        msg("The setting {name} has a value of the wrong type.", name=name),
        msg('Times and changes are texts, such as "12:00" and "+20%"; shares are numbers from 0 to 1.'),
    )


# --- apply the question to a problem ---


def chosen_counts(whatif: WhatIf, teams: int) -> range:
    """Return the counts to solve, given the number of `teams` in the table."""
    low, high = whatif.counts or (max(1, -(-teams // 2)), teams)
    if high > teams:
        raise BadInputError(
            "TOO_FEW_TEAMS",
            msg("The range goes up to {most} teams, but there are only {teams}.", most=high, teams=teams),
            msg("Use a smaller range, or add teams to the table."),
        )
    return range(low, high + 1)


def changed_teams(
    whatif: WhatIf, teams: tuple[Team, ...], depots: Mapping[DepotId, Depot]
) -> tuple[Team, ...]:
    """Return the teams that go, with the changes applied; a count of `n` uses the first `n` of them."""
    known = {team.id.casefold(): team for team in teams}
    for name in whatif.without:
        if name.casefold() not in known:
            raise BadInputError(
                "UNKNOWN_TEAM",
                msg("There is no team {team}.", team=name),
                _listed(msg("teams"), known.values()),
            )
    gone = {name.casefold() for name in whatif.without}
    left = tuple(team for team in teams if team.id.casefold() not in gone)
    if not left:
        raise BadInputError("NO_TEAMS", msg("No team is left."), msg("Exclude fewer teams."))
    by_name = {depot.casefold(): depot for depot in depots}
    chosen = []
    for name in whatif.depots:
        if name.casefold() not in by_name:
            raise BadInputError(
                "UNKNOWN_DEPOT",
                msg("There is no depot {depot}.", depot=name),
                msg("The depots are: {depots}.", depots=", ".join(depots)),
            )
        chosen.append(by_name[name.casefold()])
    if chosen:
        turns = [chosen[at % len(chosen)] for at in range(len(left))]
        left = tuple(replace(team, start=depot, end=depot) for team, depot in zip(left, turns, strict=True))
    if whatif.shift is not None:
        kept = {
            team: tuple(each for each in team.breaks if _inside(each.window, whatif.shift)) for team in left
        }
        left = tuple(replace(team, shift=whatif.shift, breaks=kept[team]) for team in left)
    return left


def changed_problem(problem: Problem, whatif: WhatIf, teams: tuple[Team, ...]) -> Problem:
    """Return the problem with changed service times and `teams`; their last shifts get `OVERTIME_S` more."""
    last = max(team.shift.end_s for team in teams)
    longer = tuple(
        replace(team, shift=Window(team.shift.start_s, last + OVERTIME_S))
        if team.shift.end_s == last
        else team
        for team in teams
    )
    visits = tuple(
        replace(visit, service_s=round(visit.service_s * whatif.service)) for visit in problem.visits
    )
    return replace(problem, teams=longer, visits=visits)


def finish_by(question: Question, teams: tuple[Team, ...]) -> int:
    """Return when everybody must be back: the time in the question, or the end of the last shift."""
    wanted = question.finish_by_s
    if wanted is None:
        return max(team.shift.end_s for team in teams)
    begin, end = min(team.shift.start_s for team in teams), max(team.shift.end_s for team in teams)
    if wanted <= begin and wanted + DAY_S <= end:
        return wanted + DAY_S  # after midnight
    if wanted <= begin:
        raise BadInputError(
            "FINISH_BEFORE_SHIFT",
            msg("The teams cannot be back before their shift begins."),
            msg("Give --finish-by a time after the shift begins, or change --shift."),
        )
    return wanted


def _inside(window: Window, shift: Window | None) -> bool:
    return shift is not None and window.start_s >= shift.start_s and window.end_s <= shift.end_s


def _listed(what: Text, teams: Iterable[Team | Depot]) -> Text:
    return msg("Known {what}: {known}.", what=what, known=", ".join(team.id for team in teams))
