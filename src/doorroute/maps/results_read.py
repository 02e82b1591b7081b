"""Reading the results that teams handed in: texts, files, and pictures of their QR codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError, OutsideError
from doorroute.maps.codes import Issued, read_codes
from doorroute.maps.results_code import PhoneResults, Piece, joined, newest, pieces_in, unpack
from doorroute.maps.seal import RESULTS, keys_of, unseal
from doorroute.model.resident import ResidentId, VisitId
from doorroute.texts import Text, msg

PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
_LAST_MIN: Final = 34 * 60  # pages of a night shift count on until 10:00 of the next day
_LARGEST_BYTES: Final = 40_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamResults:
    """What a team handed in from one page; `phones` are its phones' last words, one each.

    `visits` are the page's doors, `residents` who is behind each by it: door `number` is `visits[number - 1]`. `current` is False for a page that a later one has replaced.
    """

    team: str
    route: str
    visits: tuple[VisitId, ...]
    residents: tuple[tuple[ResidentId, ...], ...]
    current: bool
    phones: tuple[PhoneResults, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file, or a message in it, that gave no results: what is the matter, and what to do."""

    file: str
    code: str
    message: Text
    advice: Text


def read_results(files: Sequence[Path], folder: Path) -> tuple[tuple[TeamResults, ...], tuple[Unread, ...]]:
    """Read results of the plan in `folder`: every file, in any order, the same one twice without harm.

    Returns what was read, in the order of the plan's codes, earlier pages of the day last, and every file or message that was not.

    Raises
    ------
    BadInputError
        `CODES_UNREADABLE`: the folder has no list of codes.
    OutsideError
        `NO_QR_READER`: a picture was given, and no reader of QR codes is installed.
    """
    pages = read_codes(folder)
    unread: list[Unread] = []
    pieces: list[tuple[str, Piece]] = []
    for file in files:
        try:
            found = [piece for text in _texts(file) for piece in pieces_in(text)]
        except BadInputError as error:
            unread.append(Unread(file=file.name, code=error.code, message=error.message, advice=error.advice))
            continue
        if not found:
            unread.append(
                Unread(
                    file=file.name,
                    code="NO_RESULTS",
                    message=msg("No results of a team are in {file}.", file=file.name),
                    advice=msg("Take the picture again: straight, near, and without glare; or use the page's file."),
                )
            )
        pieces += [(file.name, piece) for piece in found]
    phones, broken = _opened(pieces, pages)
    teams = tuple(_of_page(page, newest(phones[page.lock.route])) for page in pages if page.lock.route in phones)
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
    pieces: Sequence[tuple[str, Piece]], pages: Sequence[Issued]
) -> tuple[dict[str, list[PhoneResults]], list[Unread]]:
    whole, missing = joined(piece for _, piece in pieces)
    of_file = {(piece.route, piece.message): file for file, piece in pieces}
    by_route = {page.lock.route[:8]: page for page in pages}
    phones: dict[str, list[PhoneResults]] = {}
    unread: list[Unread] = []
    for name, numbers in missing.items():
        said = ", ".join(map(str, numbers))
        told = msg("Of the results in {file} these pictures are missing: {numbers}.", file=of_file[name], numbers=said)
        advice = msg("Photograph all pictures of one turn, then read them together.")
        unread.append(Unread(file=of_file[name], code="RESULTS_IN_PART", message=told, advice=advice))
    here = {route for route, _ in whole}
    keys = {route: page.key or keys_of(page.lock).results for route, page in by_route.items() if route in here}
    for name, sealed in whole.items():
        page = by_route.get(name[0])
        try:
            route, read = _open(sealed, page, keys)
        except ValueError:
            told = msg("The results in {file} are not of this plan, or were changed on the way.", file=of_file[name])
            advice = msg("Give the folder of the plan that the team's page came from.")
            unread.append(Unread(file=of_file[name], code="RESULTS_OF_ANOTHER_PLAN", message=told, advice=advice))
            continue
        if page is not None and _fits(read, page):
            phones.setdefault(route, []).append(read)
        else:
            told = msg(
                "The results in {file} tell of other doors or people than the team's page has.", file=of_file[name]
            )
            advice = msg("Let the team hand them in again from its page, or type what it tells you into a table.")
            unread.append(Unread(file=of_file[name], code="RESULTS_DO_NOT_FIT", message=told, advice=advice))
    return phones, unread


def _open(sealed: bytes, page: Issued | None, keys: Mapping[str, bytes]) -> tuple[str, PhoneResults]:
    if page is None:
        raise ValueError("no route of this plan")
    route = page.lock.route
    return route, unpack(unseal(sealed, keys[route[:8]], RESULTS, route))


def _fits(read: PhoneResults, page: Issued) -> bool:
    """Tell whether the results can be of this page: no door, nobody and no time that it cannot have told of."""
    return len(read.doors) <= len(page.doors) and all(
        door.minute < _LAST_MIN and len(door.people) in {0, len(residents)}
        for door, (_, residents) in zip(read.doors, page.doors, strict=False)
    )


def _texts(file: Path) -> Iterable[str]:
    """Return the texts in a file: of each QR code where it is a picture.

    Raises
    ------
    BadInputError
        It is not there, or cannot be read.
    OutsideError
        It is a picture, and the reader is not installed.
    """
    try:
        if file.stat().st_size > _LARGEST_BYTES:
            raise _unreadable(file)
        if file.suffix.lower() in PICTURES:
            return _codes_in(file)
        return [file.read_text(encoding="utf-8-sig", errors="replace")]
    except FileNotFoundError as error:
        raise BadInputError(
            "FILE_NOT_FOUND", msg("{file} was not found.", file=file.name), msg("Check the name and the folder.")
        ) from error
    except OSError as error:
        raise _unreadable(file) from error


def _codes_in(picture: Path) -> list[str]:
    try:
        import zxingcpp
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise OutsideError(
            "NO_QR_READER",
            msg("Pictures of QR codes cannot be read: the package zxing-cpp is not installed."),
            msg("Install doorroute[pictures], or let the team save its results as a file."),
        ) from error
    try:
        with Image.open(picture) as image:
            return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise _unreadable(picture) from error


def _unreadable(file: Path) -> BadInputError:
    return BadInputError(
        "RESULTS_UNREADABLE",
        msg("{file} cannot be read.", file=file.name),
        msg("Give a picture, or the text file that the page saved."),
    )
