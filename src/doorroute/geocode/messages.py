"""The findings of geocoding, in words. None quotes an address."""

from __future__ import annotations

from doorroute.geocode.query import Query
from doorroute.model.finding import Finding, FindingCode, Severity, warning
from doorroute.texts import Text, msg, msg_n


def _finding(query: Query, code: str, message: Text, advice: Text) -> Finding:
    return warning(code, message, advice, query.table, row=query.row)


def off_earth(query: Query) -> Finding:
    """Say that the coordinates are none."""
    advice = msg("Write longitude and latitude in degrees (lon -180 to 180, lat -90 to 90).")
    return _finding(query, "COORDINATES_OFF_EARTH", msg("The coordinates are not on the earth."), advice)


def contradiction(query: Query, apart_m: int) -> Finding:
    """Say that coordinates and address of a row lie apart."""
    message = msg(
        "The coordinates and the address lie {metres} m apart; the coordinates are taken.", metres=apart_m
    )
    advice = msg("Check both; correct the one that is wrong, or leave the coordinates empty.")
    return _finding(query, "COORDINATES_CONTRADICT_ADDRESS", message, advice)


def pin_contradicts(query: Query, source: str, apart_m: int) -> Finding:
    """Say that a confirmed place and the map lie apart."""
    if source == "pin":
        message = msg(
            "The confirmed pin lies {metres} m from where the map has this address; the pin is taken.",
            metres=apart_m,
        )
        advice = msg(
            "Check the place. If the map is right, delete this entry from pins.csv; leave the list of "
            "residents as it is."
        )
    else:
        message = msg(
            "Your own list of places has this address {metres} m from where the map has it; your list is "
            "taken.",
            metres=apart_m,
        )
        advice = msg(
            "Check the place. If the map is right, delete this entry from your list of places; leave the "
            "list of residents as it is."
        )
    return _finding(query, "PIN_CONTRADICTS_EXTRACT", message, advice)


def too_long(query: Query) -> Finding:
    """Say that the cell is no address."""
    advice = msg("Keep the address alone in its column; other text belongs into a note.")
    return _finding(
        query, "ADDRESS_TOO_LONG", msg("The address is far too long to be one; it was not searched."), advice
    )


def po_box(query: Query) -> Finding:
    """Say that a post-office box is no door."""
    advice = msg("Write street and number, or the compound and building, where the person is.")
    return _finding(query, "PO_BOX", msg("The address is a post-office box, which is no door."), advice)


def two_addresses(query: Query) -> Finding:
    """Say that a cell holds two addresses."""
    advice = msg("Keep the one where the person is today.")
    return _finding(
        query, "TWO_ADDRESSES", msg("The cell holds two addresses that lie apart; none was taken."), advice
    )


def coordinates_in_address(query: Query, *, taken: bool) -> Finding:
    """Say that there are coordinates where the address should be."""
    advice = msg("Put them into the columns lon and lat; add the address if there is one.")
    if taken:
        message = msg("There are coordinates in the place of the address; they are taken.")
    else:
        message = msg(
            "There are coordinates in the place of the address, and they do not say for sure where; they "
            "were not taken."
        )
    return _finding(query, "COORDINATES_IN_ADDRESS", message, advice)


def pins_of_this_list(doors: int, pins: int) -> Finding:
    """Say for how many doors of the list the confirmed pins were used, out of how many pins."""
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
            "They come from pins.csv beside the list, or from --pins. Nothing to do if they belong to this "
            "list."
        ),
    )


def pins_of_another_town(left_out: int) -> Finding:
    """Say that pins lie outside of the map and were left out."""
    message = msg_n(
        "{n} confirmed pin lies outside of this map and was not used.",
        "{n} confirmed pins lie outside of this map and were not used.",
        left_out,
    )
    advice = msg("Put the pins of each town beside that town's list, or name the right ones with --pins.")
    return warning("PINS_ELSEWHERE", message, advice, "pins")
