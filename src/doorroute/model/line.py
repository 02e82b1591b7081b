"""The number of an entry of a list: one whole number that is unique over all sheets, and shows the row of its sheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_ROWS: Final = 1_000_000
_BLOCKS: Final = 1_000


def line_of(row: int, *, sheet: int = 0, block: int = 0) -> int:
    """Return the number of the entry in `row` (from 1) of the sheet (from 0); `block` counts lists that stand side by side in it, from the left."""
    return (sheet * _BLOCKS + block) * _ROWS + row


def row_of(line: int) -> int:
    """Return the row that the spreadsheet program shows for an entry."""
    return line % _ROWS


def rows_text(lines: Iterable[int], most: int = 12) -> str:
    """Write rows for people: `3, 5-7`, in order, each once; of very many the first."""
    spans: list[tuple[int, int]] = []
    for row in sorted({row_of(line) for line in lines}):
        if spans and row == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], row)
        else:
            spans.append((row, row))
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:most]]
    return ", ".join(texts) + (" …" if len(spans) > most else "")
