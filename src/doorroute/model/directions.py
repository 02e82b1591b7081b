"""Directions to the next door in a few words: the streets in order, with steps, lifts and ferries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from doorroute.texts import Text, literal, msg


class DirectionKind(StrEnum):
    """What a part of a leg is. Steps lead up or down only where the map says which."""

    STREET = "street"
    STEPS = "steps"
    STEPS_UP = "steps_up"
    STEPS_DOWN = "steps_down"
    LIFT = "lift"
    FERRY = "ferry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One part of a leg: `metres` along one street, or of steps, a lift or a ferry.

    `name` is as on the map, in the local language.
    """

    kind: DirectionKind = DirectionKind.STREET
    name: str = ""
    metres: int

    @property
    def text(self) -> Text:
        """Return the name of the street, or the word for steps, a lift or a ferry."""
        return {
            DirectionKind.STREET: literal(self.name),
            DirectionKind.STEPS: msg("steps"),
            DirectionKind.STEPS_UP: msg("steps up"),
            DirectionKind.STEPS_DOWN: msg("steps down"),
            DirectionKind.LIFT: msg("lift"),
            DirectionKind.FERRY: msg("ferry {name}", name=self.name) if self.name else msg("ferry"),
        }[self.kind]


def directions_text(directions: Sequence[Direction]) -> Text:
    """Return the directions in order with arrows between them; empty if there are none."""
    names = {f"part{number}": part.text for number, part in enumerate(directions)}
    return Text(" → ".join(f"{{{name}}}" for name in names), names)
