"""Decides by what addresses name in which datum their coordinates are.

In a dense town every point is near some street. It is near the street that its address names in the right datum
alone. A row says how far its point, read in each datum, lies from what it names. These distances are weighed as a
likelihood with a heavy tail: a row with a wrong address says nothing, a street that runs along the shift says
nothing, and no row outweighs the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorroute.model.place import Datum

DATUMS: Final = tuple(Datum)
_WRONG: Final = 0.15  # this share of addresses or positions may be wrong: such a point lies anywhere in town
_TOWN_M: Final = 3_000.0
_SURE: Final = 7.0  # a thousand to one, as a natural logarithm
_ROWS, _NAMES = 5, 3  # fewer rows, or names, cannot tell: one street may have all its doors on one side
_SPEAKS: Final = 2.0  # a row this much likelier in one datum than in another speaks for it
_AGAINST: Final = 0.25  # where more of the rows than this speak for another datum, the list is mixed
_FITS: Final = 0.5  # the share of rows that must lie near what they name
_NEAR: Final = 4.0  # so many times the reach


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that an address names: the distance of the row's point in each of `DATUMS`, and how far off doors lie."""

    name: str
    metres: tuple[float, ...]
    reach_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The datum, None where nothing tells.

    `rows` have names that the map knows; `metres` is their median distance in each of `DATUMS`. `mixed`: some rows
    speak for one datum, some for another.
    """

    datum: Datum | None = None
    rows: int = 0
    metres: tuple[float, ...] = ()
    mixed: bool = False


def judge(rows: Sequence[Sequence[Sign]]) -> Verdict:
    """Weigh what the rows say, each by the things that its address names (at least one)."""
    if not rows:
        return Verdict()
    said = np.array([_likelihoods(row) for row in rows])
    metres = np.array([np.min([sign.metres for sign in row], axis=0) for row in rows])
    middle = tuple(np.median(metres, axis=0).tolist())
    named = [" ".join(sorted({sign.name for sign in row})) for row in rows]
    often = Counter(named)
    weights = np.array(
        [often[name] ** -0.5 for name in named]
    )  # rows of one street are no independent witnesses
    total = weights @ said
    best = int(np.argmax(total))
    lead = said[:, [best]] - said
    others = [at for at in range(len(DATUMS)) if at != best]
    against = float(np.max(np.mean(lead[:, others] < -_SPEAKS, axis=0)))
    near = float(np.mean([any(sign.metres[best] <= _NEAR * sign.reach_m for sign in row) for row in rows]))
    enough = len(rows) >= _ROWS and len(often) >= _NAMES and near >= _FITS
    sure = all(total[best] - total[at] >= _SURE for at in others)
    mixed = len(rows) >= _ROWS and against > _AGAINST
    datum = DATUMS[best] if enough and sure and not mixed else None
    return Verdict(datum=datum, rows=len(rows), metres=middle, mixed=mixed)


def _likelihoods(row: Sequence[Sign]) -> NDArray[np.float64]:
    """Return the logarithm of how likely the row is in each datum, the mean over what it names."""
    metres = np.array([sign.metres for sign in row])
    reach = np.array([[sign.reach_m] for sign in row])
    at_home = (1 - _WRONG) / reach * np.exp(-metres / reach)
    likely: NDArray[np.float64] = np.log(at_home + _WRONG / _TOWN_M).mean(axis=0)
    return likely
