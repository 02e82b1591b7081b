"""The findings of geocoding. None quotes an address."""

from __future__ import annotations

from doorroute.geocode.query import Query
from doorroute.model.finding import Finding, FindingCode, Severity, warning
from doorroute.texts import Text, msg, msg_n


def _finding(query: Query, code: str, message: Text, advice: Text) -> Finding:
    return warning(code, message, advice, query.table, row=query.row)


def off_earth(query: Query) -> Finding:
    """Return the finding for coordinates that are not on the earth."""
    advice = msg("Write longitude and latitude in degrees (lon -180 to 180, lat -90 to 90).")
    return _finding(query, "COORDINATES_OFF_EARTH", msg("The coordinates are not on the earth."), advice)


def contradiction(query: Query, distance_m: int) -> Finding:
    """Return the finding for coordinates and address of a row that are far from each other."""
    message = msg(
        "The coordinates are {metres} m from the address; the coordinates are used.", metres=distance_m
    )
    advice = msg("Check both and correct the wrong one, or clear the coordinates.")
    return _finding(query, "COORDINATES_CONTRADICT_ADDRESS", message, advice)


def pin_contradicts(query: Query, source: str, distance_m: int) -> Finding:
    """Return the finding for a confirmed place that is far from the map's."""
    if source == "pin":
        message = msg(
            "The confirmed pin is {metres} m from this address on the map; the pin is used.",
            metres=distance_m,
        )
        advice = msg(
            "Check the place. If the map is right, delete this entry from pins.csv; leave the list of "
            "residents as it is."
        )
    else:
        message = msg(
            "Your list of places has this address {metres} m from its place on the map; your list is used.",
            metres=distance_m,
        )
        advice = msg(
            "Check the place. If the map is right, delete this entry from your list of places; leave the "
            "list of residents as it is."
        )
    return _finding(query, "PIN_CONTRADICTS_EXTRACT", message, advice)


def too_long(query: Query) -> Finding:
    """Return the finding for a cell that is too long for an address."""
    advice = msg("Keep only the address in this column; put other text in a note.")
    return _finding(
        query, "ADDRESS_TOO_LONG", msg("The text is too long for an address; it was not searched."), advice
    )


def po_box(query: Query) -> Finding:
    """Return the finding for a post-office box."""
    advice = msg("Write street and number, or the compound and building, where the person is.")
    return _finding(query, "PO_BOX", msg("The address is a post-office box, not a door."), advice)


def two_addresses(query: Query) -> Finding:
    """Return the finding for a cell with two addresses."""
    advice = msg("Keep the one where the person is today.")
    return _finding(
        query, "TWO_ADDRESSES", msg("The cell contains two different addresses; neither was used."), advice
    )


def coordinates_in_address(query: Query, *, taken: bool) -> Finding:
    """Return the finding for coordinates in the address cell."""
    advice = msg("Put them in the columns lon and lat; add the address if you have one.")
    if taken:
        message = msg("The address cell contains coordinates; they are used.")
    else:
        message = msg("The address cell contains coordinates that are ambiguous; they were not used.")
    return _finding(query, "COORDINATES_IN_ADDRESS", message, advice)


def pins_of_this_list(doors: int, pins: int) -> Finding:
    """Return the finding on how many of the pins were used, and for how many doors of the list."""
    if doors:
        message = msg_n(
            "The confirmed pins were used for {n} door of this list; there are {pins} of them.",
            "The confirmed pins were used for {n} doors of this list; there are {pins} of them.",
            doors,
            pins=pins,
        )
    else:
        message = msg("None of the {pins} confirmed pins is on this list; they were not used.", pins=pins)
    return Finding(
        severity=Severity.NOTE,
        code=FindingCode("PINS_USED" if doors else "PINS_NOT_USED"),
        table="pins",
        row=None,
        column="",
        message=message,
        advice=msg(
            "They come from pins.csv next to the list, or from --pins. Nothing to do if they belong to this "
            "list."
        ),
    )


def pins_of_another_town(left_out: int) -> Finding:
    """Return the finding for pins outside the map, which are not used."""
    message = msg_n(
        "{n} confirmed pin lies outside of this map and was not used.",
        "{n} confirmed pins lie outside of this map and were not used.",
        left_out,
    )
    advice = msg("Put each town's pins.csv next to that town's list, or choose the right file with --pins.")
    return warning("PINS_ELSEWHERE", message, advice, "pins")
