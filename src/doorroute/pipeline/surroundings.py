"""Read only the surroundings of the day from a large extract: cut them out once and cache the cut."""

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
"""Extracts from this size on are cut. A town has 1 to 5 MB, a province 50 to 500."""
_PLAIN: Final = 20  # .osm is this many times as large as .osm.pbf
_FAR_DEG: Final = 2.0  # a door farther than this from every depot is an error
_EDGE: Final = 3  # a door nearer to the edge than the radius divided by this widens the cut


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The part of `source` that is read: `extract` is `source` itself, or a cut of it to `box`."""

    source: Path
    extract: Path
    radius_m: int
    cache: Path | None = None
    box: Box | None = None

    @classmethod
    def of(
        cls, source: Path, tables: DayTables, settings: Settings, cache: Path | None, reporter: Reporter
    ) -> Self:
        """Choose the part to read by the size of `source` and the coordinates in the tables.

        The whole file is read if it is small, if there is no `cache`, or if a depot has no coordinates.
        `reporter` is warned of a cut.

        Raises
        ------
        BadInputError
            `EXTRACT_...`: the file cannot be read. `CUT_EMPTY`: it has nothing around the depots.
        """
        whole = cls(source=source, extract=source, radius_m=settings.extract_around_m, cache=cache)
        depots = [_point(depot.given) for depot in tables.depots.values() if depot.given is not None]
        visits = [_point(visit.given) for visit in tables.visits if visit.given is not None]
        is_known = len(depots) == len(tables.depots) and bool(depots or visits)
        if cache is None or not (whole.radius_m and is_known and _is_large(source)):
            return whole
        reporter.warn(whole.cut_finding)
        return whole._cut_around(cache, depots, visits)

    def reaching(self, located: LocatedDoors) -> Self:
        """Return a wider cut if doors were found near the edge: the streets around them are needed too."""
        if self.box is None or self.cache is None:
            return self
        depots = [place.point for place in located.depot_places.values()]
        doors = _near(depots, [place.point for place in located.places.values()])
        if all(self.box.holds(point, self.radius_m / _EDGE) for point in (*depots, *doors)):
            return self
        return self._cut_around(self.cache, depots, doors)

    def findings(self, located: LocatedDoors) -> tuple[Finding, ...]:
        """Return a note of the cut, and a warning if people were not found in it."""
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
                "If they live further away, give lon and lat, or set extract_around_m to more metres (0: "
                "the whole file)."
            ),
        )
        return (self.cut_finding, missed) if lost else (self.cut_finding,)

    @property
    def cut_finding(self) -> Finding:
        """The note of a cut, given before it is made."""
        return Finding(
            severity=Severity.NOTE,
            code=FindingCode("EXTRACT_CUT"),
            table="network",
            row=None,
            column="",
            message=msg(
                "{file} has {size} MB: only the part within {km} km of depots and given positions is read.",
                file=self.source.name,
                size=round(self.source.stat().st_size / 1e6),
                km=self._km,
            ),
            advice=msg(
                "A smaller file is quicker: doorroute network cut {file} --around DEPOTS --km {km} --out "
                "town.osm.pbf",
                file=self.source.name,
                km=self._km,
            ),
        )

    @property
    def _km(self) -> str:
        return f"{self.radius_m / 1000:g}"

    def _cut_around(self, folder: Path, depots: Sequence[Point], doors: Sequence[Point]) -> Self:
        from doorroute.network.cut import Box, cut_extract

        box = Box.around((*depots, *_near(depots, doors)), self.radius_m)
        corners = "_".join(f"{degree:.2f}" for degree in box)
        name = f"cut-{sha256_of(self.source)[:20]}-{corners}.osm.pbf"
        kept = folder / name
        if not kept.is_file():
            try:
                cut_extract(self.source, box, kept)
            except OSError:  # the cache cannot be written: keep the cut for this run only
                kept = Path(_beside_the_cache()) / name
                cut_extract(self.source, box, kept)
        return replace(self, extract=kept, box=box)


@cache
def _beside_the_cache() -> str:
    """Make a folder that is removed at the end of this run."""
    folder = tempfile.mkdtemp(prefix="doorroute-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _point(given: GivenPoint) -> Point:
    return Point(given.lon, given.lat)  # datums differ by half a kilometre: nothing in so wide a box


def _near(depots: Sequence[Point], doors: Sequence[Point]) -> list[Point]:
    """Return the doors that a team could reach, so that one wrong digit does not read half a country."""
    middle = depots or [Point(median(door.lon for door in doors), median(door.lat for door in doors))]
    return [
        door for door in doors if any(hypot(door.lon - at.lon, door.lat - at.lat) < _FAR_DEG for at in middle)
    ]


def _is_large(extract: Path) -> bool:
    if extract.suffix == ".graphml" or not extract.is_file():
        return False
    return extract.stat().st_size >= LARGE_BYTES * (_PLAIN if extract.suffix.lower() == ".osm" else 1)
