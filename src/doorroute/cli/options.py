"""Options that several commands share, and the values they give.

Each group of options is a decorator, which adds them to a command, and a frozen dataclass, which holds what
was given. A command's own dataclass inherits from those of its groups; `takes` builds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from doorroute.cli.paths import OutFile, OutFolder, PathType, usable
from doorroute.errors import BadInputError
from doorroute.model.place import Datum
from doorroute.model.settings import Objective, Settings
from doorroute.texts import LANGUAGES, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Translate = Callable[[str], str]
    Command = Callable[..., object]
    Decorator = Callable[[Command], Command]

_Given = TypeVar("_Given")

FILE, OUT_FILE, OUT_FOLDER = PathType(), OutFile(), OutFolder()


class Seconds(click.FloatRange):
    """Seconds to search, from half a second to a day. A range alone would accept `nan`."""

    def __init__(self) -> None:
        super().__init__(min=0.5, max=86_400)

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return a number in the range."""
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value!r}: 0.5-86400", param, ctx)
        return seconds


class TeamsType(click.ParamType[Path | int]):
    """A table of teams, or how many identical teams."""

    name = "FILE|N"

    def convert(
        self, value: str | Path | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | int:
        """Return a number for digits, else a path."""
        del param, ctx
        if isinstance(value, Path | int):
            return value
        if value.strip().isdigit():
            number = int(value)
            if number < 1:
                raise BadInputError(
                    "NO_TEAMS",
                    msg("A plan needs at least one team."),
                    msg("Give --teams a table, or a number of 1 or more."),
                )
            return number
        return usable(value)


class ObjectivesType(click.ParamType[tuple[Objective, ...]]):
    """One objective, or several separated by commas, the most important first."""

    name = "|".join(each.value for each in Objective)

    def convert(
        self, value: str | tuple[Objective, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Objective, ...]:
        """Split at commas; each objective may occur once."""
        if isinstance(value, tuple):
            return value
        words = [word.strip().casefold() for word in value.replace("，", ",").split(",")]
        known = [each.value for each in Objective]
        strange = [word for word in words if word not in known]
        if strange or len(set(words)) != len(words):
            self.fail(f"{value!r}: {', '.join(known)}", param, ctx)
        return tuple(Objective(word) for word in words)


def language(_: Translate) -> Decorator:
    """Add `--lang`. Its value is not passed on: `main` has read it already."""
    return click.option(
        "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_("Language of all texts.")
    )


def every_command(_: Translate) -> Decorator:
    """Add `--lang`, `--quiet` and `--json`."""
    return together(
        language(_),
        click.option("-q", "--quiet", is_flag=True, help=_("Show no progress.")),
        click.option("--json", "as_json", is_flag=True, help=_("Print the summary as JSON.")),
    )


def reading(_: Translate) -> Decorator:
    """Add the options for reading residents: `--map`, `--sheet`, `--settings`, `--datum`."""
    return together(
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=HEADER",
            help=_("Say which header holds a field, as in --map address=住址; may be repeated."),
        ),
        click.option(
            "--sheet",
            "sheets",
            multiple=True,
            metavar="NAME",
            help=_(
                "Read this sheet of the residents' workbook; may be repeated. Default: all sheets with "
                "people."
            ),
        ),
        click.option("--settings", type=FILE, help=_("A TOML file of settings (service times, thresholds).")),
        click.option(
            "--datum",
            type=click.Choice([each.value for each in Datum]),
            help=_(
                "The datum of coordinates in China whose table names none: wgs84 (GPS), gcj02 (Amap, "
                "Tencent) or bd09 (Baidu). Default: decided by where their addresses are on the map."
            ),
        ),
    )


def knowing(_: Translate) -> Decorator:
    """Add the options for known places: `--pins`, `--gazetteer`."""
    return together(
        click.option(
            "--pins",
            type=FILE,
            help=_("Places confirmed by hand. Default: pins.csv in the folder of the residents' list."),
        ),
        click.option(
            "--gazetteer", type=FILE, help=_("A table of places that you know: .csv, .xlsx or .gpkg.")
        ),
    )


def streets(_: Translate) -> Decorator:
    """Add `--network`."""
    return click.option(
        "--network",
        type=FILE,
        required=True,
        help=_("A street extract: .osm.pbf, .osm, .osm.gz or .graphml."),
    )


def depots(_: Translate) -> Decorator:
    """Add `--depots`."""
    return click.option("--depots", type=FILE, required=True, help=_("A table of depots."))


def unlocked(_: Translate) -> Decorator:
    """Add `--open`."""
    return click.option(
        "--open",
        "open_pages",
        is_flag=True,
        help=_("Team pages without a lock: whoever has the file reads names and addresses."),
    )


def closed_today(_: Translate) -> Decorator:
    """Add `--barriers`."""
    return click.option(
        "--barriers",
        type=FILE,
        default=None,
        help=_(
            "What is closed on that day, as GeoJSON: points are closed gates; lines and areas are closed "
            "streets."
        ),
    )


def searching(_: Translate) -> Decorator:
    """Add the options of the search: `--objective`, `--engine`, `--seed`, `--time-limit`, `--iterations`."""
    return together(
        click.option(
            "--objective",
            type=ObjectivesType(),
            default=Objective.FINISH.value,
            show_default=True,
            help=_(
                "finish: earliest last return; travel: least travel; teams: fewest teams; balance: even "
                "hours. Separate several with commas, the most important first: teams,finish."
            ),
        ),
        click.option(
            "--engine",
            type=click.Choice(["doorroute", "ortools"]),
            default="doorroute",
            show_default=True,
            help=_(
                "doorroute: its own search, then OR-Tools for the final choice of routes; ortools: OR-Tools "
                "alone."
            ),
        ),
        seed(_),
        how_long(_, 20.0),
    )


def how_long(_: Translate, default_s: float) -> Decorator:
    """Add `--time-limit`, `--iterations`."""
    return together(
        click.option(
            "--time-limit", type=Seconds(), default=default_s, show_default=True, help=_("Seconds to search.")
        ),
        click.option(
            "--iterations",
            type=click.IntRange(min=1),
            default=None,
            help=_("Search this many steps instead of seconds: the plan is the same every time."),
        ),
    )


def seed(_: Translate) -> Decorator:
    """Add `--seed`."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0, max=2**31 - 1),
        default=1,
        show_default=True,
        help=_("Seed of the search."),
    )


def together(*decorators: Decorator) -> Decorator:
    """Return a decorator that applies all, the first outermost: the help lists them in this order."""

    def decorate(function: Command) -> Command:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def takes(kind: Callable[..., _Given]) -> Callable[[Callable[[str, _Given], int | None]], Command]:
    """Call a command with its language and its options as one value of the dataclass `kind`.

    The dataclass has a field for each option of the command, by click's name for it.
    """

    def decorate(run: Callable[[str, _Given], int | None]) -> Command:
        @click.pass_obj
        def command(lang: str, /, **values: object) -> int | None:
            return run(lang, kind(**values))

        return command

    return decorate


@dataclass(frozen=True, kw_only=True)
class EveryCommand:
    """Options of `every_command`; `--lang` goes to the command itself."""

    quiet: bool
    as_json: bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Options of `reading`, as they were given."""

    mapping: tuple[str, ...]
    sheets: tuple[str, ...]
    settings: Path | None
    datum: str | None

    def header_of_field(self) -> dict[str, str]:
        """Return the header of each field that `--map` names; raises as `mapping_of`."""
        return mapping_of(self.mapping)

    def read_settings(self) -> Settings:
        """Read the settings file, or take the defaults. `--datum` goes before what the file says."""
        from doorroute.settings_file import read_settings

        settings = read_settings(self.settings) if self.settings else Settings()
        return replace(settings, datum=Datum(self.datum)) if self.datum else settings


@dataclass(frozen=True, kw_only=True)
class Knowing:
    """Options of `knowing`, and the residents' list."""

    residents: Path
    pins: Path | None
    gazetteer: Path | None

    def pins_file(self) -> Path | None:
        """Return the pins that were given, else those in the folder of the residents' list."""
        return self.pins or pins_beside(self.residents)


@dataclass(frozen=True, kw_only=True)
class Searching:
    """Options of `searching`."""

    objective: tuple[Objective, ...]
    engine: str
    seed: int
    time_limit: float
    iterations: int | None


def mapping_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return the header of each field in pairs `FIELD=HEADER`.

    Raises
    ------
    BadInputError
        A pair has no `=`, or a field occurs twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, equals, header = (part.strip() for part in pair.partition("="))
        if not (field and equals and header) or field in mapping:
            raise BadInputError(
                "MAP_WRONG",
                msg("--map {pair} does not have the form FIELD=HEADER, or names a field twice.", pair=pair),
                msg("Write it like this: --map address=住址"),
            )
        mapping[field] = header
    return mapping


def pins_beside(residents: Path) -> Path | None:
    """Return `pins.csv` in the folder of the residents' list, None if there is none."""
    from doorroute.pipeline.plan_folder import PINS

    beside = residents.parent / PINS
    return beside if beside.is_file() else None
