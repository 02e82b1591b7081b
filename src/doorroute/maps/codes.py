"""The list of codes, for the dispatcher alone: to be read out, never sent along with the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from doorroute.errors import BadInputError
from doorroute.files import write_whole
from doorroute.maps.assets import render_page
from doorroute.maps.seal import Lock, plain_code
from doorroute.maps.views import TeamRoute
from doorroute.texts import msg

FILE: Final = "codes.txt"
_LINE: Final = re.compile(r"(.*)\t([0-9A-Z-]{11})\t([0-9a-f]{32})")


def write_codes(
    date: str, teams: Sequence[TeamRoute], locks: Mapping[str, Lock], out: Path, *, lang: str
) -> tuple[Path, ...]:
    """Write `codes.html`, to be printed or read from, and `codes.txt`, which opens results again; only the owner may read them."""
    about = msg("Codes of {date}. Read each one out to its team; do not send it along with the page.", date=date)
    lines = [
        about.into(lang),
        *(f"{' '.join(lock.team.split())}\t{lock.spoken}\t{lock.route}" for lock in locks.values()),
    ]
    rows = [(team, locks[team.team.id].spoken) for team in teams]
    page = render_page("codes.html.j2", lang, {"date": date, "rows": rows})
    written = {out / FILE: "\n".join(lines) + "\n", out / "codes.html": page}
    for path, text in written.items():
        write_whole(path, text)
        path.chmod(0o600)
    return tuple(written)


def read_codes(folder: Path) -> tuple[Lock, ...]:
    """Read the locks of a plan's folder.

    Raises
    ------
    BadInputError
        `CODES_UNREADABLE`: the list is not there, or a line of it is broken.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
        return tuple(_lock(line) for line in text.splitlines()[1:])
    except (OSError, ValueError) as error:
        raise BadInputError(
            "CODES_UNREADABLE",
            msg("The list of codes {file} cannot be read.", file=FILE),
            msg("Give the folder of the plan that the team's page came from, with its codes.txt as it was written."),
        ) from error


def _lock(line: str) -> Lock:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("a line is no team, code and route")
    return Lock(found[1], found[3], plain_code(found[2]))
