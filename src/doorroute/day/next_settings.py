"""Tomorrow's settings: today's with the learned times. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from doorroute.day.learning import DOOR, PERSON
from doorroute.intake.values import key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorroute.model.settings import Settings


def with_learned(
    settings: Settings, times: Mapping[str, int], said: Mapping[str, str]
) -> tuple[Settings, dict[str, str]]:
    """Return the settings with the learned `times` (seconds), and a comment for each by its name in the file.

    `said` has the sentence for each time, by the same names.
    """
    service, fields = settings.service, {DOOR: "door_s", PERSON: "resident_s"}
    kinds = {name: seconds for name, seconds in times.items() if name not in fields}
    learned = {key(kind) for kind in kinds}
    service = replace(
        service,
        **{fields[name]: seconds for name, seconds in times.items() if name in fields},
        kinds={**{kind: s for kind, s in service.kinds.items() if key(kind) not in learned}, **kinds},
    )
    comments = {f"service.{fields.get(name, f'kinds.{name}')}": said[name] for name in times}
    return replace(settings, service=service), comments
