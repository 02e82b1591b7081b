"""`python -m doorroute.output.files.sheet_helper`: draws the sheets that `sheet_pdf.printing` pipes to it, in a process of its own."""

from __future__ import annotations

import pickle
import sys

from doorroute.output.files.sheet_pdf import draw

if __name__ == "__main__":
    draw(*pickle.load(sys.stdin.buffer))  # noqa: S301  # from our own parent
