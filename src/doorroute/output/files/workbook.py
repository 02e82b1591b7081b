"""A workbook to write: made in memory, then on the disk as a whole, so that a full disk is an error of the system as with any file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from doorroute.disk.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    import xlsxwriter

_TEXT_STAYS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@contextmanager
def workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to fill; on leaving without an error it is at `path`. No text becomes a formula, a link or a number.

    Raises
    ------
    OSError
        It cannot be written.
    """
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {**_TEXT_STAYS, "in_memory": True}) as book:
        yield book
    write_whole(path, held.getvalue())
