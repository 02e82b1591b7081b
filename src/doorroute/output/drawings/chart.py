"""The chart of `scenarios`: last return by number of teams, its simulated range and bound. SVG or PNG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from doorroute.counts.answer import percent
from doorroute.model.clock import clock
from doorroute.output.views.markup import trusted
from doorroute.texts import LANGUAGES, SOURCE, Text, msg

if TYPE_CHECKING:
    from doorroute.counts.series import Series

WIDTH: Final = 660
HEIGHT: Final = 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 20, 34, 268  # the plot of returns
_CHANCE_TOP, _CHANCE_BOTTOM = 308, 366  # the bars of chances
_MINUTES: Final = (5, 10, 15, 30, 60, 120, 240, 480)

FONT: Final = (
    "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei','Segoe UI','DejaVu Sans',"
    "Helvetica,Arial,sans-serif"
)
# blue and vermillion of Okabe and Ito, "Color Universal Design" (2008); shapes and words say the same
PAPER_STYLE: Final = f"""
text{{font-family:{FONT};font-size:12px;fill:#3c434d}} .title{{font-size:17px;font-weight:700;fill:#171a1f}}
.strong{{font-weight:700;fill:#171a1f}}
.grid{{stroke:#e2ded6}} .axis{{stroke:#6b7280}} .band{{fill:#0072b2;fill-opacity:.16}}
.plan{{fill:none;stroke:#0072b2;stroke-width:2.5}}
.dot{{fill:#0072b2;stroke:#fff;stroke-width:1.5}}
.bound{{fill:none;stroke:#444b55;stroke-width:1.8;stroke-dasharray:2 4}}
.due{{stroke:#d55e00;stroke-width:2;stroke-dasharray:8 4}}
.due-text{{fill:#a84900;font-weight:700}} .bar{{fill:#9cc4de}} .bar.enough{{fill:#0072b2}}
.share{{fill:#171a1f;stroke:#fff;stroke-width:3px;paint-order:stroke}}
.ring{{fill:none;stroke:#171a1f;stroke-width:2}} .now{{display:none}}
"""


def limits(series: Sequence[Series]) -> tuple[int, int]:
    """Return the time span that all charts share, in seconds after midnight."""
    rows = [row for each in series for row in each.scenarios]
    low = min(min(row.bound_s or row.finish_s, row.early_s) for row in rows)
    high = max(max(row.finish_s, row.late_s) for row in rows)
    due = [each.by_s for each in series]
    low, high = min(low, *due), max(high, *due)
    room = max(600, (high - low) // 12)
    return low - room // 2, high + room


def chart(series: Series, span: tuple[int, int], lang: str, *, top: int = 0) -> Markup:
    """Return the chart as the content of an SVG, `HEIGHT` high, from `top` down."""
    rows, counts = series.scenarios, [row.teams for row in series.scenarios]

    def x(count: float) -> float:
        if len(counts) == 1:
            return (_LEFT + WIDTH - _RIGHT) / 2
        inner = 26
        wide = WIDTH - _RIGHT - _LEFT - 2 * inner
        return round(_LEFT + inner + wide * (count - counts[0]) / (counts[-1] - counts[0]), 1)

    def y(time_s: float) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (time_s - span[0]) / (span[1] - span[0]), 1)

    due = y(series.by_s)
    parts = [_grid(span, y, lang)]
    if len(rows) > 1:
        around = [f"{x(row.teams)},{y(row.late_s)}" for row in rows]
        around += [f"{x(row.teams)},{y(row.early_s)}" for row in reversed(rows)]
        parts.append(f'<polygon class="band" points="{" ".join(around)}"/>')
    else:
        at = x(rows[0].teams)
        parts.append(
            f'<rect class="band" x="{at - 14}" width="28" y="{y(rows[0].late_s)}" '
            f'height="{max(1, y(rows[0].early_s) - y(rows[0].late_s))}"/>'
        )
    parts.append(f'<line class="due" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{due}" y2="{due}"/>')
    parts.append(
        _text(
            WIDTH - _RIGHT,
            due - 5,
            msg("back by {time}", time=clock(series.by_s)),
            lang,
            "end",
            "due-text",
        )
    )
    parts.append(f'<line class="now" x1="0" x2="0" y1="{_TOP}" y2="{_CHANCE_BOTTOM}"/>')
    for name, values in (("bound", [row.bound_s for row in rows]), ("plan", [row.finish_s for row in rows])):
        points = " ".join(f"{x(row.teams)},{y(value)}" for row, value in zip(rows, values, strict=True))
        parts.append(f'<polyline class="{name}" points="{points}"/>')
    for row in rows:
        at, here = x(row.teams), y(row.finish_s)
        label = msg("{n} teams: back at {time}", n=row.teams, time=clock(row.finish_s + 59)).into(lang)
        parts.append(
            f'<circle class="dot" cx="{at}" cy="{here}" r="5" '
            f'data-teams="{row.teams}"><title>{escape(label)}</title></circle>'
        )
        if row.teams == series.answer.recommended:
            parts.append(f'<circle class="ring" cx="{at}" cy="{here}" r="9.5"/>')
    parts += [_bars(series, x, lang), _legend(lang, recommended=series.answer.recommended is not None)]
    return trusted(f'<g transform="translate(0 {top})">{"".join(parts)}</g>')  # texts are escaped


def svg(series: Series, span: tuple[int, int], lang: str, label: str) -> Markup:
    """Return the chart as an SVG element, styled by the page."""
    body = chart(series, span, lang)
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, label, body
    )


def picture(series: Sequence[Series], lang: str) -> bytes:
    """Return all charts, one below the other, as a PNG on white, 2 dots a pixel.

    Without a font for Chinese, the texts are in English.
    """
    import resvg_py

    shown = lang if lang == SOURCE or _can_write(LANGUAGES[lang].letter) else SOURCE
    head, span = 66, limits(series)
    parts = []
    for number, each in enumerate(series):
        top = number * (HEIGHT + head)
        title = (
            f"{each.name} · {each.answer.sentence.into(shown)}"
            if each.name
            else each.answer.sentence.into(shown)
        )
        lines = _wrapped(title, LANGUAGES[shown].line)[:2]
        parts += [
            f'<text class="title" x="16" y="{top + 28 + 22 * at}">{escape(line)}</text>'
            for at, line in enumerate(lines)
        ]
        parts.append(chart(each, span, shown, top=top + head))
    high = len(series) * (HEIGHT + head)
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" width="{WIDTH}" '
        f'height="{high}"><style>{PAPER_STYLE}</style>{"".join(parts)}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=document, background="#ffffff", zoom=2))


def _can_write(letter: str) -> bool:
    """Return whether this computer has a font with the letter: all missing letters look the same."""
    import resvg_py

    def drawn(text: str) -> bytes:
        body = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30" '
            f'font-size="24" font-family="{FONT}">{text}</text></svg>'
        )
        return bytes(resvg_py.svg_to_bytes(svg_string=body))

    return drawn(letter) not in (drawn(""), drawn("\U000e0fff"))


def _wrapped(text: str, most: int) -> list[str]:
    """Break a sentence into lines at spaces, or anywhere if it has none."""
    import textwrap

    if " " not in text[:most]:
        return [text[at : at + most] for at in range(0, len(text), most)]
    return textwrap.wrap(text, most)


def _grid(span: tuple[int, int], y: Callable[[float], float], lang: str) -> str:
    minutes = next((each for each in _MINUTES if (span[1] - span[0]) / (60 * each) <= 8), _MINUTES[-1])
    step = 60 * minutes
    parts = []
    for time in range(-(-span[0] // step) * step, span[1] + 1, step):
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(time)}" y2="{y(time)}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y(time) + 4}" text-anchor="end">{clock(time)}</text>')
    parts.append(_text(6, 14, msg("Last return (time of day)"), lang, "start", "strong"))
    parts.append(f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_BOTTOM}" y2="{_BOTTOM}"/>')
    return "".join(parts)


def _bars(series: Series, x: Callable[[float], float], lang: str) -> str:
    rows, high = series.scenarios, _CHANCE_BOTTOM - _CHANCE_TOP
    wide = min(36.0, (x(rows[1].teams) - x(rows[0].teams)) * 0.62) if len(rows) > 1 else 36.0
    parts = [
        _text(
            6,
            _CHANCE_TOP - 14,
            msg("Chance of being back by {time}", time=clock(series.by_s)),
            lang,
            "start",
            "strong",
        )
    ]
    labels = []
    for row in rows:
        tall = round(high * row.chance, 1)
        kind = "bar enough" if row.chance >= series.chance else "bar"
        parts.append(
            f'<rect class="{kind}" x="{x(row.teams) - wide / 2:.1f}" y="{_CHANCE_BOTTOM - tall}" '
            f'width="{wide:.1f}" height="{tall}"/>'
        )
        if wide > 17:
            labels.append(
                f'<text class="share" x="{x(row.teams)}" y="{_CHANCE_BOTTOM - tall - 3}" '
                f'text-anchor="middle">{percent(row.chance)}%</text>'
            )
        if len(rows) <= 30 or row.teams % 5 == 0:
            parts.append(
                f'<text class="strong" x="{x(row.teams)}" y="{_CHANCE_BOTTOM + 16}" '
                f'text-anchor="middle">{row.teams}</text>'
            )
    goal = _CHANCE_BOTTOM - high * series.chance
    parts.append(f'<line class="due" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{goal:.1f}" y2="{goal:.1f}"/>')
    parts.append(
        f'<text class="due-text" x="{_LEFT - 8}" y="{goal + 4:.1f}" '
        f'text-anchor="end">{percent(series.chance)}%</text>'
    )
    parts.append(
        f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{_CHANCE_BOTTOM}" y2="{_CHANCE_BOTTOM}"/>'
    )
    parts += labels
    parts.append(_text(_LEFT - 8, _CHANCE_BOTTOM + 16, msg("Teams"), lang, "end", "strong"))
    return "".join(parts)


def _legend(lang: str, *, recommended: bool) -> str:
    y, parts = HEIGHT - 10, []
    entries = [
        (
            0,
            '<line class="plan" x1="0" x2="24" y1="-4" y2="-4"/><circle class="dot" cx="12" cy="-4" r="4"/>',
            msg("plan found"),
        ),
        (128, '<rect class="band" x="0" y="-11" width="24" height="14"/>', msg("simulated, 10-90 %")),
        (292, '<line class="bound" x1="0" x2="24" y1="-4" y2="-4"/>', msg("no plan is back before this")),
    ]
    if recommended:
        entries.append((478, '<circle class="ring" cx="12" cy="-4" r="8"/>', msg("recommended")))
    for x, sign, text in entries:
        parts.append(
            f'<g transform="translate({16 + x} {y})">{sign}<text x="31" '
            f'y="0">{escape(text.into(lang))}</text></g>'
        )
    return "".join(parts)


def _text(x: float, y: float, text: Text, lang: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text.into(lang))}</text>'
