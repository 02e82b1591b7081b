"""The figure of the evening report: a lane for each team, planned and actual. SVG, styled by the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from markupsafe import Markup, escape

from doorroute.day.closing import TeamDay
from doorroute.day.events import WORDS, Outcome
from doorroute.model.clock import clock
from doorroute.output.views.markup import trusted
from doorroute.texts import Text, msg

WIDTH: Final = 760
_LEFT, _RIGHT, _TOP, _LANE = 118, 104, 26, 40
_MINUTES: Final = (15, 30, 60, 120, 240)
_LONGEST_NAME: Final = 15
LANES_A_FIGURE: Final = 20
"""How many lanes fit on a sheet of A4."""


def span_of(days: Sequence[TeamDay]) -> tuple[int, int]:
    """Return the time span that all lanes share, in seconds after midnight, in whole quarters of an hour."""
    times = [time_s for day in days for time_s in (day.start_s, day.finish_s, _real(day)[1], _real(day)[0])]
    low, high = min(times, default=0), max(times, default=3600)
    return low // 900 * 900, max(-(-high // 900), low // 900 + 4) * 900


def lateness(day: TeamDay) -> Text:
    """Return in words how late the team was back: `+12 min`, or what is still open."""
    if day.open:
        return msg("{n} without a result", n=day.open)
    if day.back_s is None:
        return msg("no results") if not day.marks else msg("return not known")
    minutes = round((day.back_s - day.finish_s) / 60)
    return msg("{minutes} min", minutes=f"{minutes:+d}".replace("-", "−")) if minutes else msg("on time")


def lanes(days: Sequence[TeamDay], span: tuple[int, int], lang: str) -> Markup:
    """Return the lanes as an SVG element.

    Each team has a thin bar for the plan, with a tick at each planned departure, and a broad one for results.
    """
    high = _TOP + _LANE * len(days) + 8

    def x(time_s: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (time_s - span[0]) / (span[1] - span[0]), 1)

    minutes = next((each for each in _MINUTES if (span[1] - span[0]) / (60 * each) <= 10), _MINUTES[-1])
    parts = []
    for time_s in range(-(-span[0] // (60 * minutes)) * 60 * minutes, span[1] + 1, 60 * minutes):
        parts.append(
            f'<line class="grid" x1="{x(time_s)}" x2="{x(time_s)}" y1="{_TOP - 6}" y2="{high - 6}"/>'
        )
        parts.append(f'<text x="{x(time_s)}" y="13" text-anchor="middle">{clock(time_s)}</text>')
    parts += [_lane(day, _TOP + _LANE * at, x, lang) for at, day in enumerate(days)]
    label = msg("Planned and actual day, one lane for each team").into(lang)
    return Markup('<svg class="lanes" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH,
        high,
        label,
        trusted("".join(parts)),  # texts are escaped
    )


def _lane(day: TeamDay, top: int, x: Callable[[float], float], lang: str) -> str:
    start, end = _real(day)
    name = day.team if len(day.team) <= _LONGEST_NAME else f"{day.team[: _LONGEST_NAME - 1]}…"
    verdict = lateness(day).into(lang)
    late = day.back_s is not None and day.back_s - day.finish_s >= 60
    parts = [
        f'<line class="grid" x1="0" x2="{WIDTH}" y1="{top + _LANE - 3}" y2="{top + _LANE - 3}"/>',
        f'<text class="strong" x="0" y="{top + 20}">{escape(name)}<title>{escape(day.team)}</title></text>',
        (
            f'<rect class="as-planned" x="{x(day.start_s)}" '
            f'width="{max(2, x(day.finish_s) - x(day.start_s))}"'
            f' y="{top + 4}" height="5" rx="2.5"/>'
        ),
    ]
    parts += [
        f'<line class="tick" x1="{x(at)}" x2="{x(at)}" y1="{top + 2}" y2="{top + 11}"/>'
        for _, at in day.planned
    ]
    if day.marks:
        parts.append(
            f'<rect class="as-it-was" x="{x(start)}" width="{max(2, x(end) - x(start))}" y="{top + 17}" '
            'height="13" rx="6.5"/>'
        )
        if late and end > day.finish_s:
            parts.append(
                f'<rect class="too-long" x="{x(day.finish_s)}" width="{x(end) - x(day.finish_s):.1f}" '
                f'y="{top + 17}" height="13" rx="2"/>'
            )
    planned = dict(day.planned)
    for mark in day.marks:
        text = f"{mark.visit} {clock(mark.time_s)} {WORDS[mark.outcome].into(lang)}"
        if mark.visit in planned:
            due = msg("planned {time}", time=clock(planned[mark.visit]))
            text += f" · {due.into(lang)}"
        sign = _sign(mark.outcome, x(mark.time_s), top + 23.5)
        parts.append(f'<g class="{mark.outcome.value}"><title>{escape(text)}</title>{sign}</g>')
    kind = "late" if late or day.open else "strong"
    parts.append(
        f'<text class="{kind}" x="{WIDTH}" y="{top + 20}" text-anchor="end">{escape(verdict)}</text>'
    )
    return "".join(parts)


def _sign(outcome: Outcome, x: float, y: float) -> str:
    """Return a cross for refused, otherwise a dot, which the page's styles make a ring for nobody home."""
    if outcome is Outcome.REFUSED:
        return f'<path d="M{x - 3.5:.1f} {y - 3.5}l7 7m0 -7l-7 7"/>'
    return f'<circle cx="{x}" cy="{y}" r="3.6"/>'


def _real(day: TeamDay) -> tuple[int, int]:
    if not day.marks:
        return day.start_s, day.start_s
    return min(day.start_s, day.marks[0].time_s), max(day.back_s or 0, day.marks[-1].time_s)
