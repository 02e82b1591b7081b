"""Sort the files that were handed in: tables that the dispatcher typed, and results from phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorroute.day.typed_results import TABLES, is_table
from doorroute.errors import BadInputError
from doorroute.handback.file_kinds import FileKind, kind_of, read_whole, text_of
from doorroute.handback.marks import readings_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def tables_and_pages(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the tables, and the files that may have results of a page, judged by their content."""
    typed: list[Path] = []
    pages: list[Path] = []
    for file in files:
        by_name = file.suffix.lower() in TABLES
        try:
            data = read_whole(file)
            kind = kind_of(file, data)
        except BadInputError as error:
            # the reader of tables reports a faulty table
            (typed if by_name and error.code != "RESULTS_KIND" else pages).append(file)
            continue
        codes = kind is FileKind.TEXT and any(True for _ in readings_in(text_of(data) or ""))
        table = kind is FileKind.WORKBOOK or (
            kind is FileKind.TEXT and ((by_name and not codes) or is_table(file))
        )
        if table:
            typed.append(file)
        if codes or not table:
            pages.append(file)
    return typed, pages
