"""Findings of one table, as they are collected."""

from __future__ import annotations

from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.texts import Text


class Findings:
    """What was noticed in one table, in the order of noticing; the same of one cell once, something else of it too."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._found: dict[tuple[str, int | None, str, str], Finding] = {}
        self._sheet = ""

    def on(self, sheet: str) -> None:
        """Say on which sheet all that follows is."""
        self._sheet = sheet

    def error(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add that the row is rejected."""
        self._add(Severity.ERROR, code, row, column, message, advice)

    def warn(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add that the row goes on, changed or in doubt."""
        self._add(Severity.WARNING, code, row, column, message, advice)

    def note(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add that something was tidied."""
        self._add(Severity.NOTE, code, row, column, message, advice)

    def _add(
        self, severity: Severity, code: str, row: int | None, column: str, message: Text, advice: Text
    ) -> None:
        finding = Finding(
            severity=severity,
            code=FindingCode(code),
            table=self._table,
            row=row,
            column=column,
            message=message,
            advice=advice,
            sheet=self._sheet,
        )
        self._found.setdefault((code, row, f"{self._sheet}\n{column}", message.into("en")), finding)

    def all(self) -> tuple[Finding, ...]:
        """Return the findings by row, those on the whole table first."""
        return tuple(sorted(self._found.values(), key=lambda finding: finding.row or 0))
