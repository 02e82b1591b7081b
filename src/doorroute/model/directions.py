"""How a team gets to its next door, in a few words: the streets in order, and steps and lifts on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from doorroute.texts import Text, literal, msg


class WayKind(StrEnum):
    """What a stretch is. Whether steps lead up or down is said where the map says it."""

    STREET = "street"
    STEPS = "steps"
    STEPS_UP = "steps_up"
    STEPS_DOWN = "steps_down"
    LIFT = "lift"
    FERRY = "ferry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of the way to a door: metres along one street, or of steps, a lift or a ferry.

    `name` is as on the map, in the local language.
    """

    kind: WayKind = WayKind.STREET
    name: str = ""
    metres: int

    @property
    def text(self) -> Text:
        """Say it: the name of the street, or what else it is."""
        return {
            WayKind.STREET: literal(self.name),
            WayKind.STEPS: msg("steps"),
            WayKind.STEPS_UP: msg("steps up"),
            WayKind.STEPS_DOWN: msg("steps down"),
            WayKind.LIFT: msg("lift"),
            WayKind.FERRY: msg("ferry {name}", name=self.name) if self.name else msg("ferry"),
        }[self.kind]


def way_text(way: Sequence[Stretch]) -> Text:
    """Say the stretches in order with arrows between them; nothing where there are none."""
    names = {f"part{number}": stretch.text for number, stretch in enumerate(way)}
    return Text(" → ".join(f"{{{name}}}" for name in names), names)
