"""Of an extract much larger than the day, only what lies around the day is read: cut out once, and kept in the cache."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from math import hypot
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, Self

from doorroute.disk.files import sha256_of
from doorroute.model.finding import Finding, FindingCode, Severity, warning
from doorroute.model.place import Point
from doorroute.texts import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorroute.model.place import GivenPoint
    from doorroute.model.settings import Settings
    from doorroute.network.cut import Box
    from doorroute.pipeline.locating import LocatedDoors
    from doorroute.pipeline.reading import DayTables
    from doorroute.pipeline.stages import Reporter

LARGE_BYTES: Final = 20 * 2**20
"""From this size on an extract is cut: a town has 1 to 5 MB, a province 50 to 500."""
_PLAIN: Final = 20  # times as large is the same as .osm
_FAR_DEG: Final = 2.0  # from every depot: no door of a day
_EDGE: Final = 3  # a door nearer to the edge than this part of the radius moves the edge


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is read of `source`: `extract`, which is `source` itself or a cut of it to `box`."""

    source: Path
    extract: Path
    radius_m: int
    cache: Path | None = None
    box: Box | None = None

    @classmethod
    def of(
        cls, source: Path, tables: DayTables, settings: Settings, cache: Path | None, reporter: Reporter
    ) -> Self:
        """Choose what to read, by the size of `source` and the coordinates in the tables; tell `reporter` of a cut.

        The whole file is read where it is small, where nothing is kept (no `cache`), or where a depot has an address alone.

        Raises
        ------
        BadInputError
            `EXTRACT_...`: it cannot be read; `CUT_EMPTY`: it has nothing where the depots are.
        """
        whole = cls(source=source, extract=source, radius_m=settings.extract_around_m, cache=cache)
        depots = [_point(depot.given) for depot in tables.depots.values() if depot.given is not None]
        visits = [_point(visit.given) for visit in tables.visits if visit.given is not None]
        is_known = len(depots) == len(tables.depots) and bool(depots or visits)
        if not (whole.radius_m and cache and is_known and _is_large(source)):
            return whole
        reporter.warn(whole.cut_finding)
        return whole._cut_around(depots, visits)

    def reaching(self, located: LocatedDoors) -> Self:
        """Return a wider cut where doors were found near the edge of this one: the streets around them are needed too."""
        if self.box is None:
            return self
        depots = [place.point for place in located.depot_places.values()]
        doors = _near(depots, [place.point for place in located.places.values()])
        if all(self.box.holds(point, self.radius_m / _EDGE) for point in (*depots, *doors)):
            return self
        return self._cut_around(depots, doors)

    def findings(self, located: LocatedDoors) -> tuple[Finding, ...]:
        """Say what was read, and how many people were not found there."""
        if self.box is None:
            return ()
        lost = len(located.not_located)
        missed = warning(
            code="EXTRACT_CUT_MISSES",
            table="network",
            message=msg_n(
                "{n} person was not found within {km} km of the depots; {file} reaches further.",
                "{n} people were not found within {km} km of the depots; {file} reaches further.",
                lost,
                km=self._km,
                file=self.source.name,
            ),
            advice=msg(
                "If they live further away, give lon and lat, or set extract_around_m to more metres (0: the whole file)."
            ),
        )
        return (self.cut_finding, missed) if lost else (self.cut_finding,)

    @property
    def cut_finding(self) -> Finding:
        """What is said of a cut, before it is made."""
        return Finding(
            severity=Severity.NOTE,
            code=FindingCode("EXTRACT_CUT"),
            table="network",
            row=None,
            column="",
            message=msg(
                "{file} has {size} MB: only what lies within {km} km of depots and given positions is read.",
                file=self.source.name,
                size=round(self.source.stat().st_size / 1e6),
                km=self._km,
            ),
            advice=msg(
                "A smaller file is quicker: doorroute network cut {file} --around DEPOTS --km {km} --out town.osm.pbf",
                file=self.source.name,
                km=self._km,
            ),
        )

    @property
    def _km(self) -> str:
        return f"{self.radius_m / 1000:g}"

    def _cut_around(self, depots: Sequence[Point], doors: Sequence[Point]) -> Self:
        from doorroute.network.cut import Box, cut_extract

        assert self.cache is not None  # noqa: S101  # without one nothing is cut
        box = Box.around((*depots, *_near(depots, doors)), self.radius_m)
        corners = "_".join(f"{degree:.2f}" for degree in box)
        name = f"cut-{sha256_of(self.source)[:20]}-{corners}.osm.pbf"
        kept = self.cache / name
        if not kept.is_file():
            try:
                cut_extract(self.source, box, kept)
            except OSError:  # nothing can be kept there: the cut lasts as long as this run
                kept = Path(_beside_the_cache()) / name
                cut_extract(self.source, box, kept)
        return replace(self, extract=kept, box=box)


@cache
def _beside_the_cache() -> str:
    """Make a folder for this run alone."""
    folder = tempfile.mkdtemp(prefix="doorroute-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _point(given: GivenPoint) -> Point:
    return Point(given.lon, given.lat)  # datums lie half a kilometre apart: nothing, in so wide a box


def _near(depots: Sequence[Point], doors: Sequence[Point]) -> list[Point]:
    """Return the doors that a team could go to: one slip of a digit must not let half a country be read."""
    middle = depots or [Point(median(door.lon for door in doors), median(door.lat for door in doors))]
    return [
        door for door in doors if any(hypot(door.lon - at.lon, door.lat - at.lat) < _FAR_DEG for at in middle)
    ]


def _is_large(extract: Path) -> bool:
    if extract.suffix == ".graphml" or not extract.is_file():
        return False
    return extract.stat().st_size >= LARGE_BYTES * (_PLAIN if extract.suffix.lower() == ".osm" else 1)
