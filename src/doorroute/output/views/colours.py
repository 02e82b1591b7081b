"""How a map distinguishes teams: by colour and stop shape, and with more than eight teams also by dashes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Okabe and Ito, "Color Universal Design" (2008): distinguishable with every kind of colour blindness. Their
# black is a slate here, because lines have black edges. Ordered so that small plans get strong contrasts.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#333A45", "#F0E442")
SHAPES: Final = ("circle", "square", "diamond", "hexagon")
DASHES: Final = ((), (12, 5), (3, 6), (14, 5, 3, 5))  # pixels drawn, not drawn, drawn, ...

_INK_DARK: Final = "#14171C"
_INK_LIGHT: Final = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Look:
    """How one team is drawn; `ink` is a text colour that is readable on `colour`."""

    colour: str
    ink: str
    shape: str
    dash: tuple[int, ...]


def look(position: int) -> Look:
    """Return the look of the team at `position` in the plan, from 0; after 32 they repeat."""
    colour = COLOURS[position % len(COLOURS)]
    group = position // len(COLOURS) % len(SHAPES)
    ink = max((_INK_LIGHT, _INK_DARK), key=lambda candidate: contrast(colour, candidate))
    shape = SHAPES[
        (position + group) % len(SHAPES)
    ]  # neighbours also differ in shape, for colour-blind people
    return Look(colour, ink, shape, DASHES[group])


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two `#RRGGBB`, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
