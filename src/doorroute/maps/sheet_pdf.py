"""A team's sheet as a PDF that its code opens (AES-256): for phones that show no HTML from a file, and made without a browser.

fpdf2, for it draws, embeds a part of a font and encrypts by itself: WeasyPrint needs Pango on the machine and locks nothing, reportlab's
Chinese needs the reader's fonts, pymupdf is AGPL. Fonts are the machine's own, else the wheel of the extra `paper`.
"""

from __future__ import annotations

import io
import logging
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorroute.files import write_whole
from doorroute.maps.basemap import BaseMap
from doorroute.maps.doors import Entry, entries
from doorroute.maps.svg_map import svg_map
from doorroute.maps.views import TeamRoute
from doorroute.model.clock import clock
from doorroute.model.plan import Plan
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
_PIECE: Final = 200  # letters
_LETTERS_A_LINE: Final = 22  # Chinese ones; of Latin letters there are more
_HIGHEST_LINES: Final = 30
_BOX: Final = "\u25a1"
_TEXT: Final = re.compile(
    r'<text x="([\d.-]+)" y="([\d.-]+)"(?: transform="rotate\(([\d-]+)[^"]*")? class="(\w+)">(.*?)</text>'
)
_TEXT_PT: Final = {"street": 6.5, "stop": 10, "scale": 7.5}


def write_pdfs(
    plan: Plan, teams: Sequence[TeamRoute], base_map: BaseMap, codes: Mapping[str, str], out: Path, *, lang: str
) -> tuple[Path, ...]:
    """Write `sheets/<team>.pdf` for each team, opened by its code in `codes`; nothing where fpdf2 or a Chinese font is missing."""
    if find_spec("fpdf") is None or (font := _font()) is None:
        return ()
    sheets = [_Sheet(plan, team, base_map, lang) for team in teams]
    paths = []
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.otf"
        part.write_bytes(_part_of(*font, {letter for sheet in sheets for letter in sheet.letters}))
        for sheet in sheets:
            path = out / "sheets" / f"{sheet.team.file}.pdf"
            write_whole(path, sheet.drawn(part, codes[sheet.team.team.id]))
            paths.append(path)
    return tuple(paths)


def _font() -> tuple[Path, int] | None:
    here = next(((Path(name), number) for name, number in _FONTS if Path(name).is_file()), None)
    wheel = find_spec(_WHEEL[0])
    if here or wheel is None or wheel.origin is None:
        return here
    return Path(wheel.origin).with_name(_WHEEL[1]), 0


def _part_of(font: Path, number: int, letters: set[str]) -> bytes:
    """Return the font with `letters` alone: cut once for all teams, as the whole has 16 MB."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(font_number=number, layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    cut = io.BytesIO()
    with subset.load_font(str(font), options) as whole:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes={ord(letter) for letter in letters})
        cutter.subset(whole)
        whole.save(cut)
    return cut.getvalue()


class _Sheet:
    """One team's sheet: its texts, known before the font is cut, and how they are laid out."""

    def __init__(self, plan: Plan, team: TeamRoute, base_map: BaseMap, lang: str) -> None:
        self.team, self.lang = team, lang
        drawing, self.wide_mm = svg_map(team, base_map, lang=lang)
        self.svg = str(drawing)
        self.facts = " \u00b7 ".join(
            (
                plan.date,
                msg_n("{n} door", "{n} doors", len(team.stops)).into(lang),
                msg("{n} to sample", n=team.people).into(lang),
                f"{clock(team.route.start_s)}\u2013{clock(team.route.finish_s)}",
            )
        )
        self.private = msg(
            "This sheet holds names and addresses. Hand it back after the round; do not photograph it."
        ).into(lang)
        heads = (msg("No."), msg("Time"), msg("Address, whom to sample"), msg("Result"), msg("Time, note"))
        self.heads = [head.into(lang) for head in heads]
        self.rows = [row for entry in entries(team) for row in self._rows(entry)]

    @property
    def letters(self) -> Iterator[str]:
        texts = (self.team.team.id, self.facts, self.private, *self.heads, *(cell for row in self.rows for cell in row))
        for text in (
            *texts,
            *(unescape(label) for *_, label in _TEXT.findall(self.svg)),
            _BOX,
            "\u00a9 OpenStreetMap contributors, ODbL / 0123456789?",
        ):
            yield from text

    def _rows(self, entry: Entry) -> Iterator[list[str]]:
        """Yield an entry's row, and further ones where it would be higher than a page."""
        number, time, about, ticks, note = self._row(entry)
        pieces = [line[at : at + _PIECE] for line in about.split("\n") for at in range(0, max(len(line), 1), _PIECE)]
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
        for person in entry.people:
            count = f" \u00d7 {person.count}" if person.count > 1 else ""
            lines.append(
                "  ".join(part for part in (f"{_BOX} {person.name}{count}", person.phone, person.note) if part)
            )
        ticks: tuple[Text, ...] = (msg("Done"), msg("Not home"), msg("Refused"))
        only = msg("only {hours}", hours=stop.windows).into(self.lang) if stop.windows else ""
        return [
            str(stop.number),
            f"{entry.time}\n{only}".strip(),
            "\n".join(line for line in lines if line),
            "\n".join(f"{_BOX} {tick.into(self.lang)}" for tick in ticks),
            "",
        ]

    def drawn(self, font: Path, code: str) -> bytes:
        """Return the PDF, locked with `code`."""
        from fpdf import FPDF
        from fpdf.enums import EncryptionMethod
        from fpdf.fonts import FontFace, TTFFont

        logging.getLogger("fpdf").setLevel(
            logging.ERROR
        )  # a letter that no font has is a box on paper, and its text stays out of logs
        pdf = FPDF(format="A4")
        pdf.set_encryption(secrets.token_hex(16), code, EncryptionMethod.AES_256, encrypt_metadata=True)
        pdf.set_margins(_MARGIN_MM, _MARGIN_MM)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN_MM)
        pdf.add_font("sheet", fname=font)
        pdf.add_page()
        for text, size in ((self.team.team.id, 20), (self.facts, 11), (self.private, 8)):
            pdf.set_font("sheet", size=size)
            pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        self._map(pdf)
        pdf.set_font("sheet", size=10)
        numbers, plain = FontFace(size_pt=17), FontFace(size_pt=10)
        with pdf.table(
            col_widths=_COLUMNS_MM, text_align="LEFT", line_height=5, padding=1, headings_style=plain
        ) as table:
            for row in (self.heads, *self.rows):
                line = table.row()
                for place, cell in enumerate(row):
                    line.cell(cell, style=numbers if place == 0 and row is not self.heads else plain)
        written = bytes(pdf.output())
        for used in pdf.fonts.values():
            if isinstance(used, TTFFont):
                used.ttfont.close()
        return written

    def _map(self, pdf: FPDF) -> None:
        from fpdf.svg import SVGObject

        left, top = float(pdf.l_margin), float(pdf.get_y()) + 2
        bare = SVGObject(_TEXT.sub("", self.svg))
        high_mm = float(re.findall(r'height="([\d.]+)mm"', self.svg)[0])
        with pdf.rect_clip(left, top, self.wide_mm, high_mm):
            pdf.set_xy(left, top)
            bare.draw_to_page(pdf, left, top)
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
        down = 0.0 if kind == "scale" else size * 0.3528 * 0.36
        with pdf.rotation(-angle, x, y):
            pdf.text(x - aside, y + down, label)
