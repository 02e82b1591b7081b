"""Line numbers: one whole number for each entry of a list, unique over all sheets, that contains its row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ROWS: Final = 1_000_000
_BLOCKS: Final = 1_000


def line_of(row: int, *, sheet: int = 0, block: int = 0) -> int:
    """Return the line number of `row` (from 1) of `sheet` (from 0); `block` counts lists side by side."""
    return (sheet * _BLOCKS + block) * _ROWS + row


def row_of(line: int) -> int:
    """Return the row of an entry as numbered by the spreadsheet program."""
    return line % _ROWS


def rows_text(lines: Iterable[int], most: int = 12) -> str:
    """Write rows as `3, 5-7`, sorted and without repetition; at most `most` ranges."""
    spans: list[tuple[int, int]] = []
    for row in sorted({row_of(line) for line in lines}):
        if spans and row == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], row)
        else:
            spans.append((row, row))
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:most]]
    return ", ".join(texts) + (" …" if len(spans) > most else "")
