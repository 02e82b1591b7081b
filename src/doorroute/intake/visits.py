"""Group residents at one door into a visit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doorroute.intake.door_keys import door_key, far_apart, flat_key, plain_address, says_flat
from doorroute.intake.findings import Findings
from doorroute.intake.values import key
from doorroute.model.finding import Finding
from doorroute.model.place import Access
from doorroute.model.resident import Resident, TeamId, Visit, VisitId, Window
from doorroute.model.settings import ServiceTimes, Settings
from doorroute.texts import msg


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTable:
    """The visits in the order of the sheet; every resident is in exactly one."""

    visits: tuple[Visit, ...]
    findings: tuple[Finding, ...]


def visits_of(
    residents: Sequence[Resident], settings: Settings = Settings(), *, before: int = 0
) -> VisitTable:
    """Group residents into visits `V1`, `V2` ... in the order of the sheet.

    Numbering starts after `before`.

    Rows of one household are one door, and so are rows with the same address and flat. Rows of an address
    without a flat may be many homes of one building: they are one door only if they have the same phone. A
    visit too many costs a minute; a home that is missed cannot be made up for. Rows whose address, flat or
    coordinates differ are never one door, nor are people without a common time or team.

    A visit has the teams that all allow and nobody refuses, the windows that all share, the strictest class,
    the sum of the kits, all skills, the most urgent priority, and the first area and last team. It has the
    highest floor, and no lift if the rows differ.
    """
    findings = Findings("residents")
    visits: list[Visit] = []
    for group in _by_door(residents, findings):
        for together, windows in _sharing_a_time(group, findings):
            name = VisitId(f"V{before + len(visits) + 1}")
            visits.append(_visit(name, together, windows, settings.service, findings))
    return VisitTable(visits=tuple(visits), findings=findings.all())


def visit_of(name: VisitId, residents: Sequence[Resident], settings: Settings = Settings()) -> Visit:
    """Return the visit for some of a door's residents, as `visits_of` makes it if there were no others."""
    windows: tuple[Window, ...] = ()
    for resident in residents:
        windows = _common(windows, resident.time_windows)
    return _visit(name, list(residents), windows, settings.service, Findings("residents"))


def _by_door(residents: Sequence[Resident], findings: Findings) -> list[list[Resident]]:
    """Group residents by the keys of their doors; a resident who shares keys with two groups joins them."""
    groups: list[list[Resident]] = []
    moved: dict[int, int] = {}
    named: dict[tuple[str, ...], list[int]] = {}
    households: dict[str, list[int]] = {}
    for here, resident in enumerate(residents):
        groups.append([resident])
        names = _names(resident)
        for other in dict.fromkeys(_last(moved, place) for name in names for place in named.get(name, ())):
            if all(_one_door(a, b) for a in groups[here] for b in groups[other]):
                groups[here] += groups[other]
                groups[other] = []
                moved[other] = here
        for name in names:
            named.setdefault(name, []).append(here)
        if resident.household:
            households.setdefault(key(resident.household), []).append(here)
    for places in households.values():
        elsewhere = [place for place in places if _last(moved, place) != _last(moved, places[0])]
        if elsewhere:
            _report_split_household(residents[elsewhere[0]], residents[places[0]], findings)
    for group in groups:
        group.sort(key=lambda resident: resident.row)
    return sorted(filter(None, groups), key=lambda group: group[0].row)


def _last(moved: Mapping[int, int], place: int) -> int:
    while place in moved:
        place = moved[place]
    return place


def _names(resident: Resident) -> list[tuple[str, ...]]:
    """Return all keys that the resident's door may have."""
    names: list[tuple[str, ...]] = []
    if resident.household:
        names.append(("household", key(resident.household), plain_address(resident.address)))
    if says_flat(resident) or not resident.address:
        names.append(("flat", door_key(resident)))
    elif resident.phone:
        names.append(("phone", key(resident.phone), door_key(resident)))
    return names


def _one_door(a: Resident, b: Resident) -> bool:
    """Return whether two rows agree in everything that both say about the door."""
    return all(
        not x or not y or x == y for x, y in zip(flat_key(a), flat_key(b), strict=True)
    ) and not far_apart(a.given, b.given)


def _sharing_a_time(
    group: list[Resident], findings: Findings
) -> list[tuple[list[Resident], tuple[Window, ...]]]:
    """Split a door's residents into groups with a common time and team; usually there is one group."""
    parts: list[tuple[list[Resident], tuple[Window, ...]]] = []
    for resident in group:
        for position, (together, windows) in enumerate(parts):
            common = _common(windows, resident.time_windows)
            in_time = common or not (windows and resident.time_windows)
            if in_time and _only_teams([*together, resident]) != frozenset():
                parts[position] = ([*together, resident], common)
                break
        else:
            if (
                parts
                and not any(_only_teams([*together, resident]) for together, _ in parts)
                and resident.only_teams
            ):
                findings.warn(
                    "TEAMS_APART",
                    resident.row,
                    "",
                    msg(
                        "The household asks for different teams; row {first} is visited separately.",
                        first=parts[0][0][0].seen_from(resident),
                    ),
                    msg("Agree on one team for the household if possible."),
                )
            elif parts:
                findings.warn(
                    "WINDOWS_APART",
                    resident.row,
                    "",
                    msg(
                        "The household has no time in common; row {first} is visited separately.",
                        first=parts[0][0][0].seen_from(resident),
                    ),
                    msg("Agree on one time for the household if possible."),
                )
            parts.append(([resident], resident.time_windows))
    return parts


def _only_teams(together: list[Resident]) -> frozenset[TeamId] | None:
    """Return the teams that all allow and nobody refuses, None for any."""
    wanted = [resident.only_teams for resident in together if resident.only_teams is not None]
    refused = frozenset().union(*(resident.not_teams for resident in together))
    return frozenset.intersection(*wanted) - refused if wanted else None


def _common(a: tuple[Window, ...], b: tuple[Window, ...]) -> tuple[Window, ...]:
    """Return what both allow; empty windows allow any time."""
    if not a or not b:
        return a or b
    pairs = ((max(x.start_s, y.start_s), min(x.end_s, y.end_s)) for x in a for y in b)
    return tuple(sorted({Window(start, end) for start, end in pairs if start <= end}))


def _visit(
    name: VisitId,
    together: list[Resident],
    windows: tuple[Window, ...],
    service: ServiceTimes,
    findings: Findings,
) -> Visit:
    at_door_s = sum(
        resident.people * seconds_each(resident.kind, service)
        if resident.service_s is None
        else resident.service_s
        for resident in together
    )
    return Visit(
        id=name,
        residents=tuple(together),
        address=next((resident.address for resident in together if resident.address), ""),
        given=next((resident.given for resident in together if resident.given), None),
        access=_access(together, findings),
        service_s=service.door_s + at_door_s,
        time_windows=windows,
        infection_class=max(
            (resident.infection_class for resident in together), key=lambda found: found.rank
        ),
        kits=sum(resident.kits for resident in together),
        suits=sum(resident.suits for resident in together),
        tubes=sum(resident.tubes for resident in together),
        skills=frozenset().union(*(resident.skills for resident in together)),
        priority=min(resident.priority for resident in together),
        area=next((resident.area for resident in together if resident.area), ""),
        only_teams=_only_teams(together),
        not_teams=frozenset().union(*(resident.not_teams for resident in together)),
        last_team=next((resident.last_team for resident in together if resident.last_team), None),
    )


def seconds_each(kind: str, service: ServiceTimes) -> int:
    """Return the seconds per person of a kind; of several words (`infant/bedridden`) the longest."""
    by_kind = {key(known): seconds for known, seconds in service.kinds.items()}
    named = [
        by_kind[word] for part in (kind, *re.split(r"[/,;+、，；|]", kind)) if (word := key(part)) in by_kind
    ]
    return max(named, default=service.resident_s)


def _access(together: list[Resident], findings: Findings) -> Access:
    accesses = [resident.access for resident in together]
    floors = {each.floor for each in accesses if each.floor is not None}
    lifts = {each.lift for each in accesses if each.lift is not None}
    if len(floors) > 1 or len(lifts) > 1:
        findings.warn(
            "ACCESS_DIFFERS",
            together[-1].row,
            "",
            msg(
                "Floor or lift differ from row {first}, behind the same door; the slower one is assumed.",
                first=together[0].seen_from(together[-1]),
            ),
            msg("Write the same floor and lift for all behind one door."),
        )
    return Access(
        building=next((each.building for each in accesses if each.building), ""),
        unit=next((each.unit for each in accesses if each.unit), ""),
        room=next((each.room for each in accesses if each.room), ""),
        floor=max(floors, default=None),
        lift=min(lifts, default=None),
    )


def _report_split_household(resident: Resident, other: Resident, findings: Findings) -> None:
    findings.warn(
        "HOUSEHOLD_APART",
        resident.row,
        "",
        msg(
            "Row {first} has the same household but a different door; they are visited separately.",
            first=other.seen_from(resident),
        ),
        msg("Correct the address or the household."),
    )
