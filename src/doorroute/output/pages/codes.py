"""The dispatcher's lists of codes: `codes.html` to print, `codes.txt` to read, `codes.json` for doorroute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from doorroute.disk.files import write_whole
from doorroute.handback.codes import FILE, Door, Issued, codes_json
from doorroute.handback.seal import PageLock, spoken_paper_code
from doorroute.output.pages.assets import render_page
from doorroute.output.views.routes import TeamRoute
from doorroute.texts import msg


def doors_of_teams(teams: Iterable[TeamRoute]) -> dict[str, tuple[Door, ...]]:
    """Return the doors of each route in order, by the team's name, for `handback.codes.issue`."""
    return {
        team.name: tuple((stop.visit.id, stop.visit.resident_ids) for stop in team.stops) for team in teams
    }


def write_codes(
    date: str,
    teams: Sequence[TeamRoute],
    issued: Mapping[str, Issued],
    earlier: Sequence[Issued],
    out: Path,
    *,
    own: PageLock,
    pdfs: bool,
    lang: str,
) -> tuple[Path, ...]:
    """Write `codes.html`, `codes.txt` and `codes.json` into `out`, readable by their owner only.

    `own` is the dispatcher's lock. `issued` is empty if the teams' pages are open. With `pdfs`, each team
    also has a code for the PDF of its sheet.
    """
    about = msg(
        "Codes of {date}. Read each one out to its team; do not send it along with the page.", date=date
    )
    if pdfs and issued:
        about = msg("{codes} Where there are two, the second one opens the PDF sheet.", codes=about)
    papers = {name: spoken_paper_code(page.paper) if pdfs else "" for name, page in issued.items()}
    lines = [about.into(lang), f"{own.team}\t{own.spoken}"]
    for name, page in issued.items():
        lines.append("\t".join((" ".join(name.split()), page.lock.spoken, *filter(None, [papers[name]]))))
    rows = [(team, issued[team.name].lock.spoken, papers[team.name]) for team in teams if team.name in issued]
    printed = {
        "codes.txt": "\n".join(lines) + "\n",
        "codes.html": render_page(
            "codes.html.j2", lang, {"date": date, "mine": own.spoken, "rows": rows, "pdfs": pdfs}
        ),
    }
    texts = {**printed, FILE: codes_json(date, issued, earlier, own=own, printed=printed)}
    for name, text in texts.items():
        write_whole(out / name, text)
    return tuple(out / name for name in texts)
