"""Decide the datum of coordinates by what their addresses name.

In a dense town every point is near some street, but only in the right datum is it near the street of its
address. Each row gives the distance of its point, read in each datum, from what it names. The distances are
combined in a likelihood with a heavy tail, so that a wrong address, a street that runs along the shift, or a
single row decides nothing.
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
_WRONG: Final = 0.15  # share of rows that may be wrong: their points are anywhere in town
_TOWN_M: Final = 3_000.0
_SURE: Final = 7.0  # a thousand to one, as a natural logarithm
_ROWS, _NAMES = 5, 3  # minimum rows and names: one street may have all its doors on one side
_SPEAKS: Final = 2.0  # log likelihood ratio at which a row supports a datum
_AGAINST: Final = 0.25  # share of rows supporting another datum at which the list is mixed
_FITS: Final = 0.5  # share of rows that must be near what they name
_NEAR: Final = 4.0  # near: within this many times the reach


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that an address names, with distances to the point of the row.

    `metres` are the distances if the point is in each of `DATUMS`; `reach_m` is how far off doors usually
    are.
    """

    name: str
    metres: tuple[float, ...]
    reach_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The datum, or None if it cannot be decided.

    `rows` counts the rows with names that the map knows; `metres` is their median distance in each of
    `DATUMS`. `mixed`: some rows support one datum, some another.
    """

    datum: Datum | None = None
    rows: int = 0
    metres: tuple[float, ...] = ()
    mixed: bool = False


def judge(rows: Sequence[Sequence[Sign]]) -> Verdict:
    """Combine the evidence of the rows; each row has one sign or more."""
    if not rows:
        return Verdict()
    said = np.array([_likelihoods(row) for row in rows])
    metres = np.array([np.min([sign.metres for sign in row], axis=0) for row in rows])
    middle = tuple(np.median(metres, axis=0).tolist())
    named = [" ".join(sorted({sign.name for sign in row})) for row in rows]
    often = Counter(named)
    weights = np.array([often[name] ** -0.5 for name in named])  # rows of one street are not independent
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
    """Return the log likelihood of the row in each datum, the mean over what it names."""
    metres = np.array([sign.metres for sign in row])
    reach = np.array([[sign.reach_m] for sign in row])
    at_home = (1 - _WRONG) / reach * np.exp(-metres / reach)
    likely: NDArray[np.float64] = np.log(at_home + _WRONG / _TOWN_M).mean(axis=0)
    return likely
