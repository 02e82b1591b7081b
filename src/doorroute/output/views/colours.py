"""How teams are told apart on a map: by colour and by the shape of their stops, past eight teams by the dashes of their line too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Okabe and Ito, "Color Universal Design" (2008): told apart with every kind of colour blindness. Their black is a slate here, as
# lines are edged in black; ordered so that small plans get the strongest contrasts.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#333A45", "#F0E442")
SHAPES: Final = ("circle", "square", "diamond", "hexagon")
DASHES: Final = ((), (12, 5), (3, 6), (14, 5, 3, 5))  # pixels drawn, not drawn, drawn, ...

_INK_DARK: Final = "#14171C"
_INK_LIGHT: Final = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Look:
    """One team's looks; `ink` is what can be read on `colour`."""

    colour: str
    ink: str
    shape: str
    dash: tuple[int, ...]


def look(position: int) -> Look:
    """Return the looks of the team at `position` in the plan, from 0; 32 differ, then they come again."""
    colour = COLOURS[position % len(COLOURS)]
    group = position // len(COLOURS) % len(SHAPES)
    ink = max((_INK_LIGHT, _INK_DARK), key=lambda candidate: contrast(colour, candidate))
    shape = SHAPES[(position + group) % len(SHAPES)]  # neighbours differ in both, for whoever sees no colours
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
