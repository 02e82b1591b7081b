"""Read the results that teams handed in: texts, files, and pictures of their QR codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError
from doorroute.handback.codes import Issued, read_codes
from doorroute.handback.file_kinds import FileKind, kind_of, read_whole, text_of
from doorroute.handback.marks import PhoneResults, Piece, joined, newest, readings_in, unpack
from doorroute.handback.pictures import codes_in
from doorroute.handback.seal import RESULTS, keys_of, unseal
from doorroute.model.resident import ResidentId, VisitId
from doorroute.texts import Text, msg

_LAST_MIN: Final = 34 * 60  # pages of a night shift count minutes up to 10:00 of the next day


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamResults:
    """What a team handed in from one page.

    Attributes
    ----------
    visits, residents : the page's doors and their residents; door `number` is at index `number - 1`.
    current : False if a later page has replaced this one.
    phones : the last results of each of its phones.
    """

    team: str
    route: str
    visits: tuple[VisitId, ...]
    residents: tuple[tuple[ResidentId, ...], ...]
    current: bool
    phones: tuple[PhoneResults, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file, or a message in it, without usable results: what is wrong, and what to do."""

    file: str
    code: str
    message: Text
    advice: Text


def read_results(files: Sequence[Path], folder: Path) -> tuple[tuple[TeamResults, ...], tuple[Unread, ...]]:
    """Read results for the plan in `folder` from files in any order; reading a file twice does no harm.

    Returns the results in the order of the plan's codes, earlier pages of the day last, and every file or
    message that could not be read.

    Raises
    ------
    BadInputError
        `CODES_UNREADABLE`: the folder has no list of codes.
    OutsideError
        `NO_QR_READER`: a file is a picture, and no QR code reader is installed.
    """
    pages = read_codes(folder)
    unread: list[Unread] = []
    read: list[tuple[str, tuple[Piece, ...]]] = []
    for file in files:
        try:
            texts, advice = _texts(file)
            found = [readings for text in texts for readings in readings_in(text)]
        except BadInputError as error:
            unread.append(Unread(file=file.name, code=error.code, message=error.message, advice=error.advice))
            continue
        if not found:
            unread.append(
                Unread(
                    file=file.name,
                    code="NO_RESULTS",
                    message=msg("There are no results of a team in {file}.", file=file.name),
                    advice=advice,
                )
            )
        read += [(file.name, readings) for readings in found]
    phones, broken = _opened(read, pages)
    teams = tuple(
        _of_page(page, newest(phones[page.lock.route])) for page in pages if page.lock.route in phones
    )
    return teams, (*unread, *broken)


def _of_page(page: Issued, phones: tuple[PhoneResults, ...]) -> TeamResults:
    return TeamResults(
        team=page.lock.team,
        route=page.lock.route,
        visits=tuple(visit for visit, _ in page.doors),
        residents=tuple(residents for _, residents in page.doors),
        current=page.current,
        phones=phones,
    )


def _opened(
    read: Sequence[tuple[str, tuple[Piece, ...]]], pages: Sequence[Issued]
) -> tuple[dict[str, list[PhoneResults]], list[Unread]]:
    by_route = {page.lock.route[:8]: page for page in pages}
    here = {piece.route for _, readings in read for piece in readings}
    keys = {
        route: page.key or keys_of(page.lock).results for route, page in by_route.items() if route in here
    }
    pieces = [(file, _right_one(readings, by_route, keys)) for file, readings in read]
    whole, missing = joined(piece for _, piece in pieces)
    of_file = {(piece.route, piece.message): file for file, piece in pieces}
    phones: dict[str, list[PhoneResults]] = {}
    unread: list[Unread] = []
    for name, numbers in missing.items():
        text = msg(
            "The results in {file} lack these pictures: {numbers}.",
            file=of_file[name],
            numbers=", ".join(map(str, numbers)),
        )
        advice = msg("Photograph all pictures of one showing, then read them together.")
        unread.append(Unread(file=of_file[name], code="RESULTS_IN_PART", message=text, advice=advice))
    for name, sealed in whole.items():
        page = by_route.get(name[0])
        try:
            route, results = _open(sealed, page, keys)
        except ValueError:
            text = msg(
                "The results in {file} are not from this plan, or were changed on the way.",
                file=of_file[name],
            )
            advice = msg("Give the folder of the plan that the team's page came from.")
            unread.append(
                Unread(file=of_file[name], code="RESULTS_OF_ANOTHER_PLAN", message=text, advice=advice)
            )
            continue
        if page is not None and _fits(results, page):
            phones.setdefault(route, []).append(results)
        else:
            text = msg(
                "The results in {file} do not match the doors or people on the team's page.",
                file=of_file[name],
            )
            advice = msg(
                "Ask the team to hand them in again from its page, or type what it tells you into a table."
            )
            unread.append(Unread(file=of_file[name], code="RESULTS_DO_NOT_FIT", message=text, advice=advice))
    return phones, unread


def _open(sealed: bytes, page: Issued | None, keys: Mapping[str, bytes]) -> tuple[str, PhoneResults]:
    if page is None:
        raise ValueError("no route of this plan")
    route = page.lock.route
    return route, unpack(unseal(sealed, keys[route[:8]], RESULTS, route))


def _fits(read: PhoneResults, page: Issued) -> bool:
    """Return whether the results can be from this page: its number of doors, of people, possible times."""
    return len(read.doors) <= len(page.doors) and all(
        door.minute < _LAST_MIN and len(door.people) in {0, len(residents)}
        for door, (_, residents) in zip(read.doors, page.doors, strict=False)
    )


def _right_one(
    readings: tuple[Piece, ...], by_route: Mapping[str, Issued], keys: Mapping[str, bytes]
) -> Piece:
    """Return the reading that can be opened, or the first if none can, as for a part of a message."""
    for piece in readings if len(readings) > 1 else ():
        try:
            _open(piece.share, by_route.get(piece.route), keys)
        except ValueError:
            continue
        return piece
    return readings[0]


_PICTURE: Final = msg(
    "Take the picture again: straight on, close and without glare; or use the file that the page saves."
)
_TEXT: Final = msg(
    "Copy the whole message, from the line that begins with doorroute1: to its end, and save it as a text "
    "file."
)
_PAGE: Final = msg(
    "This is a page, not its results: open it, hand in the results, and give the picture or file that it "
    "shows."
)


def _texts(file: Path) -> tuple[list[str], Text]:
    """Return the texts in a file (of each QR code in a picture), and the advice if they contain no results.

    Raises
    ------
    BadInputError
        It is missing, unreadable, or of a kind that cannot contain results.
    OutsideError
        It is a picture, and the reader is not installed.
    """
    data = read_whole(file)
    if kind_of(file, data) is FileKind.PICTURE:
        return codes_in(file), _PICTURE
    text = text_of(data) or ""
    return [text], _PAGE if "<html" in text[:2000].lower() else _TEXT
