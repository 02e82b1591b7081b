"""The findings about the datums of coordinates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from doorroute.geocode.query import Query
from doorroute.model.finding import Finding, FindingCode, Severity, warning
from doorroute.model.place import Datum, DatumBy, TakenDatum
from doorroute.texts import Text, msg

NAMES: Final = {
    Datum.WGS84: msg("WGS 84 (GPS)"),
    Datum.GCJ02: msg("GCJ-02 (Amap, Tencent)"),
    Datum.BD09: msg("BD-09 (Baidu)"),
}

_ADDED: Final = "added-"


def datum_findings(taken: Sequence[TakenDatum], *, by_map: bool = True) -> tuple[Finding, ...]:
    """Return a finding for each source: which datum was used and why.

    `by_map`: there was a map to check with.
    """
    return tuple(finding for each in taken for finding in _findings(each, by_map=by_map))


def _findings(each: TakenDatum, *, by_map: bool) -> Iterator[Finding]:
    if each.by is DatumBy.FORMAT:
        return  # barriers are reported where streets are read
    if each.fits not in {None, each.datum}:
        yield _contradicted(each)
    elif each.by is DatumBy.NAMES:
        yield _by_names(each)
    elif each.by is DatumBy.LIST:
        message = msg(
            "Coordinates without a datum (rows: {n}) are read as {datum}, like the other rows or the list "
            "of residents: there is too little evidence.",
            n=each.rows,
            datum=NAMES[each.datum],
        )
        yield _finding(each, "DATUM_TAKEN", message, _IF_WRONG, sure=each.datum is Datum.WGS84)
    elif each.by is DatumBy.ASSUMED:
        yield _undecided(each, by_map=by_map)
    else:
        message = (
            msg(
                "Coordinates (rows: {n}) are read as {datum}, as the table says.",
                n=each.rows,
                datum=NAMES[each.datum],
            )
            if each.by is DatumBy.SAID
            else msg(
                "Coordinates (rows: {n}) are read as {datum}, as you set it.",
                n=each.rows,
                datum=NAMES[each.datum],
            )
        )
        yield _finding(each, "DATUM_TAKEN", message, msg("Nothing to do."), sure=True)


def _by_names(each: TakenDatum) -> Finding:
    other = Datum.WGS84 if each.datum is not Datum.WGS84 else Datum.GCJ02
    message = msg(
        "Coordinates without a datum (rows: {n}) are read as {datum}: they are then {near} m from the "
        "streets or buildings of their addresses; as {other} it would be {far} m.",
        n=each.rows,
        datum=NAMES[each.datum],
        near=_metres(each, each.datum),
        other=NAMES[other],
        far=_metres(each, other),
    )
    return _finding(each, "DATUM_TAKEN", message, _IF_WRONG, sure=each.datum is Datum.WGS84)


def _contradicted(each: TakenDatum) -> Finding:
    assert each.fits is not None  # noqa: S101  # asked for by `_findings`
    numbers = {
        "n": each.rows,
        "datum": NAMES[each.datum],
        "far": _metres(each, each.datum),
        "best": NAMES[each.fits],
        "near": _metres(each, each.fits),
    }
    message = (
        msg(
            "Coordinates (rows: {n}) are read as {datum}, as the table says, but they look like {best}: as "
            "{datum} they are {far} m from the streets or buildings of their addresses, as {best} {near} m.",
            **numbers,
        )
        if each.by is DatumBy.SAID
        else msg(
            "Coordinates (rows: {n}) are read as {datum}, as you set it, but they look like {best}: as "
            "{datum} they are {far} m from the streets or buildings of their addresses, as {best} {near} m.",
            **numbers,
        )
    )
    advice = (
        msg(
            "If they are {best}, write {code} in the column datum, and run this again.",
            best=NAMES[each.fits],
            code=each.fits.value,
        )
        if each.by is DatumBy.SAID
        else msg(
            "If they are {best}, write {code} in a column named datum, or give --datum {code}, and run this "
            "again.",
            best=NAMES[each.fits],
            code=each.fits.value,
        )
    )
    return _finding(each, "DATUM_CONTRADICTED", message, advice, sure=False)


def _undecided(each: TakenDatum, *, by_map: bool) -> Finding:
    if not by_map:
        message = msg(
            "Coordinates in mainland China have no datum (rows: {n}): `locate` and `plan` find it with the "
            "map; here add --network.",
            n=each.rows,
        )
        return _finding(each, "DATUM_OPEN", message, _SAY_IT, sure=False)
    if each.mixed:
        message = msg(
            "Coordinates without a datum (rows: {n}) look partly like one datum, partly like another. They "
            "are read as WGS 84 (GPS): those that are not are 300 to 1,200 m off.",
            n=each.rows,
        )
        advice = msg("Write the datum of each row in a column named datum: wgs84, gcj02 or bd09.")
        return _finding(each, "DATUM_MIXED", message, advice, sure=False)
    message = msg(
        "Coordinates in mainland China have no datum (rows: {n}), and their addresses do not show which it "
        "is. They are read as WGS 84 (GPS): if they come from a Chinese map, all are 300 to 1,200 m off.",
        n=each.rows,
    )
    return _finding(each, "DATUM_UNKNOWN", message, _SAY_IT, sure=False)


def row_misplaced(query: Query, datum: Datum, far_m: int, best: Datum, near_m: int) -> Finding:
    """Return the finding for a row whose point fits another datum than the rest."""
    message = msg(
        "Read as {datum}, the point is {far} m from the street or building of its address; as {best} it "
        "would be {near} m.",
        far=far_m,
        datum=NAMES[datum],
        best=NAMES[best],
        near=near_m,
    )
    advice = msg(
        "Check the point; if it is {best}, write {code} in the column datum of this row.",
        best=NAMES[best],
        code=best.value,
    )
    return warning("DATUM_OF_ROW", message, advice, query.table, row=query.row)


def _metres(each: TakenDatum, datum: Datum) -> int:
    return each.metres[list(Datum).index(datum)]


def _finding(each: TakenDatum, code: str, message: Text, advice: Text, *, sure: bool) -> Finding:
    return Finding(
        severity=Severity.NOTE if sure else Severity.WARNING,
        code=FindingCode(code),
        table="residents" if each.source.startswith(_ADDED) else each.source,
        row=None,
        column="",
        message=message,
        advice=advice,
    )


_IF_WRONG: Final = msg(
    "If that is wrong, write wgs84, gcj02 or bd09 in a column named datum, or give --datum."
)
_SAY_IT: Final = msg(
    "State where they come from: --datum wgs84 (GPS), gcj02 (Amap, Tencent) or bd09 (Baidu), or a column "
    "named datum."
)
