"""Collect the findings of one table."""

from __future__ import annotations

from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.texts import Text


class Findings:
    """The findings of one table, in order. The same finding for the same cell is kept once."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._found: dict[tuple[str, int | None, str, str], Finding] = {}
        self._sheet = ""

    def on(self, sheet: str) -> None:
        """Set the sheet of the findings that follow."""
        self._sheet = sheet

    def error(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add a finding: the row is rejected."""
        self._add(Severity.ERROR, code, row, column, message, advice)

    def warn(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add a finding: the row is used, but something was changed or is doubtful."""
        self._add(Severity.WARNING, code, row, column, message, advice)

    def note(self, code: str, row: int | None, column: str, message: Text, advice: Text) -> None:
        """Add a finding: something was tidied."""
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
