"""A team's sheet as a PDF that its code opens (AES-256), made without a browser.

fpdf2 draws, embeds the letters used and encrypts without other software. WeasyPrint needs Pango and does not
encrypt, reportlab's Chinese needs fonts of the reader, PyMuPDF is AGPL. Fonts come from the computer, else
from the wheel of the extra `paper`.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self, cast
from unicodedata import category, normalize

from markupsafe import Markup

from doorroute.disk.files import write_whole
from doorroute.model.clock import DAY_S, clock
from doorroute.model.plan import Plan
from doorroute.output.views.doors import Entry, entries
from doorroute.output.views.phone_words import NEXT_DAY
from doorroute.output.views.routes import TeamRoute
from doorroute.texts import Text, msg, msg_n

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS: Final = (  # Chinese and Latin in one file
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("C:/Windows/Fonts/simhei.ttf", 0),
    ("/System/Library/Fonts/STHeiti Medium.ttc", 1),
    ("/System/Library/Fonts/Hiragino Sans GB.ttc", 0),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
)
_WHEEL: Final = ("cvttf_NotoSansCJK_Regular", "NotoSansCJKtc-Regular.otf")
_MARGIN_MM: Final = 12
_COLUMNS_MM: Final = (13, 25, 88, 28, 32)
_NUMBER_PT, _CELL_PT = 17, 10
_LINE_MM, _PADDING_MM = 5.0, 1.0
_MM_A_PT: Final = 0.3528
_PIECE: Final = 200  # letters
_LETTERS_A_LINE: Final = 22  # Chinese letters; more Latin letters fit
_HIGHEST_LINES: Final = 30
_HELPER: Final = "doorroute.output.files.sheet_helper"
_WORTH_A_PROCESS: Final = 4  # sheets: fewer are drawn faster than a process starts
_BOX: Final = "\u25a1"
_TEXT: Final = re.compile(
    r'<text x="([\d.-]+)" y="([\d.-]+)"(?: transform="rotate\(([\d-]+)[^"]*")? class="(\w+)">(.*?)</text>'
)
_TEXT_PT: Final = {"street": 6.5, "stop": 10, "scale": 7.5}


LACKING: Final = msg(
    "Some letters cannot be printed here: they are left out, or replaced by a box. The phone page and the "
    "HTML sheet have them."
)

Job = tuple[Path, "_Sheet", str]
"""Where a sheet goes, what is on it, and the code that opens it."""


@contextmanager
def printing(
    plan: Plan,
    teams: Sequence[TeamRoute],
    drawings: Mapping[str, tuple[Markup, float]],
    codes: Mapping[str, str],
    out: Path,
    *,
    lang: str,
) -> Iterator[tuple[Path, ...]]:
    """Write `sheets/<team>.pdf` for each team, locked with its code in `codes`; none unless `can_print`.

    `drawings` are the `svg_map` of each team. The paths are given at once; the files are written on leaving.
    Many sheets are drawn meanwhile, on all cores.
    """
    font = _font() if can_print() else None
    sheets = [_Sheet(plan, team, drawings[team.name], lang) for team in teams] if font else []
    jobs = [(out / "sheets" / f"{sheet.file}.pdf", sheet, codes[sheet.name]) for sheet in sheets]
    part = _part_of(*font, sheets) if font else b""
    shares = min(os.cpu_count() or 1, len(jobs) // _WORTH_A_PROCESS)
    with ExitStack() as running:
        helpers = [running.enter_context(_Helper(part, jobs[share::shares])) for share in range(shares)]
        yield tuple(path for path, *_ in jobs)
        left = [job for helper in helpers if not helper.write() for job in helper.jobs]
    draw(part, left if shares else jobs)


def can_print() -> bool:
    """Return whether PDF sheets can be made: fpdf2 and a font with Chinese are installed."""
    return find_spec("fpdf") is not None and _font() is not None


def draw(font: bytes, jobs: Sequence[Job]) -> None:
    """Write each sheet as a PDF with `font`, locked with its code."""
    if jobs:
        for (path, *_), pdf in zip(jobs, pdfs(font, jobs), strict=True):
            write_whole(path, pdf)


def pdfs(font: bytes, jobs: Sequence[Job]) -> Iterator[bytes]:
    """Yield the PDF of each sheet, with `font`, locked with its code."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.otf"
        part.write_bytes(font)
        for _, sheet, code in jobs:
            yield sheet.drawn(part, code)


def send(sheets: Iterable[bytes], pipe: IO[bytes]) -> None:
    """Write each of `sheets` to `pipe` as soon as it is drawn, after its length in 8 bytes."""
    for pdf in sheets:
        pipe.write(len(pdf).to_bytes(8, "big") + pdf)
        pipe.flush()


def received(data: bytes) -> list[bytes]:
    """Return the sheets that `send` wrote; the last may be cut off."""
    sheets, at = [], 0
    while at < len(data):
        begins = at + 8
        at = begins + int.from_bytes(data[at:begins], "big")
        sheets.append(data[begins:at])
    return sheets


class _Helper:
    """A process that draws some of the sheets and sends them back.

    It writes no file: it may outlive a command that is killed, and the folder may belong to the next one by
    then. `python -m` rather than multiprocessing, as in planning/search/child.py.
    """

    def __init__(self, font: bytes, jobs: Sequence[Job]) -> None:
        self.font, self.jobs = font, jobs
        self._sent = b""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-P", "-m", _HELPER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # failed sheets are drawn here again, with the error
            start_new_session=True,  # Ctrl-C is for the parent alone
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._feeding = threading.Thread(target=self._feed, daemon=True)
        self._feeding.start()
        return self

    def _feed(self) -> None:
        with suppress(OSError):
            self._sent, _ = self._process.communicate(pickle.dumps((self.font, self.jobs)))

    def write(self) -> bool:
        """Wait for the process and write its sheets; return False and write none if it failed."""
        self._feeding.join()
        if self._process.wait():
            return False
        for (path, *_), pdf in zip(self.jobs, received(self._sent), strict=True):
            write_whole(path, pdf)
        return True

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _font() -> tuple[Path, int] | None:
    here = next(((Path(name), number) for name, number in _FONTS if Path(name).is_file()), None)
    wheel = find_spec(_WHEEL[0])
    if here or wheel is None or wheel.origin is None:
        return here
    return Path(wheel.origin).with_name(_WHEEL[1]), 0


def _part_of(font: Path, number: int, sheets: Sequence[_Sheet]) -> bytes:
    """Return the font with only the letters of `sheets`: the whole font has 16 MB.

    Each sheet is given the letters that the font lacks.
    """
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(
        font_number=number, layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"]
    )
    cut = io.BytesIO()
    with subset.load_font(str(font), options) as whole:
        known = frozenset(whole.getBestCmap())
        for sheet in sheets:
            sheet.spell(known)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes={ord(letter) for sheet in sheets for letter in sheet.letters})
        cutter.subset(whole)
        whole.save(cut)
    return cut.getvalue()


def _spelled(text: str, known: Collection[int]) -> str:
    """Return `text` in letters that a font has: composed, else without marks, else boxes."""
    spelled = []
    for letter in normalize("NFC", text):
        if ord(letter) in known or letter in "\n\t":
            spelled.append(letter)
        elif category(letter) in {
            "Mn",
            "Me",
            "Cf",
        }:  # a mark, a joiner or a direction: its letter is drawn
            continue
        else:
            bare = "".join(
                part for part in normalize("NFKD", letter) if ord(part) in known and category(part) != "Mn"
            )
            spelled.append(bare or _BOX)
    return "".join(spelled)


class _Sheet:
    """One team's sheet: its texts, known before the font is cut, and their layout."""

    def __init__(self, plan: Plan, team: TeamRoute, drawing: tuple[Markup, float], lang: str) -> None:
        self.name, self.file, self.lang = team.name, team.file, lang
        self.svg, self.wide_mm = str(drawing[0]), drawing[1]
        self.facts = " \u00b7 ".join(
            (
                plan.date,
                msg_n("{n} door", "{n} doors", len(team.stops)).into(lang),
                msg("{n} to sample", n=team.people).into(lang),
                f"{clock(team.route.start_s)}\u2013{clock(team.route.finish_s)}",
                msg("Plan {mark}", mark=plan.mark).into(lang),
                *([NEXT_DAY.into(lang)] if team.route.finish_s > DAY_S else []),
            )
        )
        self.private = msg(
            "This sheet holds names and addresses. Hand it back after the round; do not photograph it."
        ).into(lang)
        heads = (msg("No."), msg("Time"), msg("Address, people to sample"), msg("Result"), msg("Time, note"))
        self.heads = [head.into(lang) for head in heads]
        self.rows = [row for entry in entries(team) for row in self._rows(entry)]
        self.lacking = ""

    def spell(self, known: Collection[int]) -> None:
        """Spell all texts in letters of the font, and note on the sheet if a name changed."""
        rows = [[_spelled(cell, known) for cell in row] for row in self.rows]
        name = _spelled(self.name, known)
        if (name, rows) != (
            normalize("NFC", self.name),
            [[normalize("NFC", cell) for cell in row] for row in self.rows],
        ):
            self.lacking = _spelled(LACKING.into(self.lang), known)
        self.name, self.rows = name, rows

    @property
    def letters(self) -> Iterator[str]:
        texts = (
            self.name,
            self.facts,
            self.private,
            self.lacking,
            *self.heads,
            *(cell for row in self.rows for cell in row),
        )
        for text in (
            *texts,
            *(unescape(label) for *_, label in _TEXT.findall(self.svg)),
            _BOX,
            "\u00a9 OpenStreetMap contributors, ODbL / 0123456789?",
        ):
            yield from text

    def _rows(self, entry: Entry) -> Iterator[list[str]]:
        """Yield an entry's rows: more than one if it is higher than a page."""
        number, time, about, ticks, note = self._row(entry)
        pieces = [
            line[at : at + _PIECE] for line in about.split("\n") for at in range(0, max(len(line), 1), _PIECE)
        ]
        lines: list[str] = []
        high = 0
        for piece in pieces:
            if high > _HIGHEST_LINES:
                yield [number, time, "\n".join(lines), ticks, note]
                number, time, ticks, lines, high = "", "", "", [], 0
            lines.append(piece)
            high += 1 + len(piece) // _LETTERS_A_LINE
        yield [number, time, "\n".join(lines), ticks, note]

    def _row(self, entry: Entry) -> list[str]:
        if entry.stop is None:
            return ["", entry.time, entry.what.into(self.lang) if entry.what else "", "", ""]
        stop = entry.stop
        lines = [entry.address, "  ".join(part.into(self.lang) for part in entry.way)]
        if stop.visit.infection_class != "regular" and entry.protection:
            lines.append(f"[ {entry.protection.into(self.lang)} ]")
        box = "" if entry.fate else f"{_BOX} "
        for person in entry.people:
            count = f" \u00d7 {person.count}" if person.count > 1 else ""
            fate = f"[ {person.fate.into(self.lang)} ]" if person.fate else ""
            lines.append(
                "  ".join(
                    part for part in (f"{box}{person.name}{count}", person.phone, person.note, fate) if part
                )
            )
        ticks: tuple[Text, ...] = (msg("Done"), msg("Not home"), msg("Refused"))
        only = msg("only {hours}", hours=stop.windows).into(self.lang) if stop.windows else ""
        return [
            str(stop.number),
            f"{entry.time}\n{only}".strip(),
            "\n".join(line for line in lines if line),
            entry.fate.into(self.lang)
            if entry.fate
            else "\n".join(f"{_BOX} {tick.into(self.lang)}" for tick in ticks),
            entry.left if entry.fate else "",
        ]

    def drawn(self, font: Path, code: str) -> bytes:
        """Return the PDF, locked with `code`."""
        from fpdf import FPDF
        from fpdf.enums import EncryptionMethod
        from fpdf.fonts import TTFFont

        logging.getLogger("fpdf").setLevel(
            logging.ERROR
        )  # letters without a font become boxes; their text stays out of logs
        pdf = FPDF(format="A4")
        pdf.set_encryption(secrets.token_hex(16), code, EncryptionMethod.AES_256, encrypt_metadata=True)
        pdf.set_margins(_MARGIN_MM, _MARGIN_MM)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN_MM)
        pdf.c_margin = 0
        pdf.add_font("sheet", fname=font)
        for used in pdf.fonts.values():
            if isinstance(used, TTFFont):
                used.ttfont.recalcBBoxes = False  # not needed here, and a fifth of the time
        pdf.add_page()
        for text, size in ((self.name, 20), (self.facts, 11), (self.private, 8), (self.lacking, 8)):
            if not text:
                continue
            pdf.set_font("sheet", size=size)
            pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        self._map(pdf)
        for row in (self.heads, *self.rows):
            self._line(pdf, row)
        written = bytes(pdf.output())
        for used in pdf.fonts.values():
            if isinstance(used, TTFFont):
                used.ttfont.close()
        return written

    def _line(self, pdf: FPDF, row: Sequence[str]) -> None:
        """Draw a row of the table, on a new page below the heads if there is no room.

        Each text is laid out once; `FPDF.table` does it twice.
        """
        cells = []
        for place, (wide, text) in enumerate(zip(_COLUMNS_MM, row, strict=True)):
            pdf.set_font("sheet", size=_NUMBER_PT if place == 0 and row is not self.heads else _CELL_PT)
            lines = cast(
                "list[str]",
                pdf.multi_cell(
                    wide - 2 * _PADDING_MM, _LINE_MM, text, align="L", dry_run=True, output="LINES"
                ),
            )
            cells.append((wide, pdf.font_size_pt, lines))
        high = max(len(lines) for *_, lines in cells) * _LINE_MM + 2 * _PADDING_MM
        if pdf.will_page_break(high):
            pdf.add_page()
            self._line(pdf, self.heads)
        x, y = float(pdf.l_margin), float(pdf.y)
        for wide, size, lines in cells:
            pdf.rect(x, y, wide, high)
            pdf.set_font("sheet", size=size)
            down = _PADDING_MM + _LINE_MM / 2 + size * _MM_A_PT * 0.36
            for number, line in enumerate(lines):
                pdf.text(x + _PADDING_MM, y + down + number * _LINE_MM, line)
            x += wide
        pdf.set_y(y + high)

    def _map(self, pdf: FPDF) -> None:
        from fpdf.drawing_primitives import Transform
        from fpdf.svg import SVGObject

        left, top = float(pdf.l_margin), float(pdf.get_y()) + 2
        bare = SVGObject(_TEXT.sub("", self.svg))
        high_mm = float(re.findall(r'height="([\d.]+)mm"', self.svg)[0])
        with pdf.rect_clip(left, top, self.wide_mm, high_mm):
            *_, drawn = bare.transform_to_page_viewport(pdf)
            drawn.transform = (drawn.transform or Transform.identity()) @ Transform.translation(left, top)
            pdf.set_xy(0, 0)
            pdf.draw_path(
                drawn, copy=False
            )  # like `SVGObject.draw_to_page` without its copy: a third of the time
            for x, y, angle, kind, label in _TEXT.findall(self.svg):
                self._label(pdf, left + float(x), top + float(y), int(angle or 0), kind, unescape(label))
        pdf.rect(left, top, self.wide_mm, high_mm)
        pdf.set_font("sheet", size=6)
        pdf.text(left, top + high_mm + 3, "\u00a9 OpenStreetMap contributors, ODbL")
        pdf.set_xy(left, top + high_mm + 5)

    def _label(self, pdf: FPDF, x: float, y: float, angle: int, kind: str, label: str) -> None:
        size = _TEXT_PT[kind]
        pdf.set_font("sheet", size=size)
        aside = 0.0 if kind == "scale" else pdf.get_string_width(label) / 2
        down = 0.0 if kind == "scale" else size * _MM_A_PT * 0.36
        with pdf.rotation(-angle, x, y):
            pdf.text(x - aside, y + down, label)
