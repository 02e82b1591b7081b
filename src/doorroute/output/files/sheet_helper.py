"""`python -m doorroute.output.files.sheet_helper`: draw the sheets that `sheet_pdf.printing` sends."""

from __future__ import annotations

import pickle
import sys

from doorroute.output.files.sheet_pdf import pdfs, send

if __name__ == "__main__":
    send(pdfs(*pickle.load(sys.stdin.buffer)), sys.stdout.buffer)  # noqa: S301  # from our own parent
