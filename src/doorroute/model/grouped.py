"""Group findings for display: equal findings are shown once with all their rows, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from doorroute.model.finding import TABLES, Finding, Severity
from doorroute.model.ledger import NO_PERSON
from doorroute.model.line import row_of, rows_text
from doorroute.texts import Text, listed, literal, msg, msg_n

if TYPE_CHECKING:
    from doorroute.model.plan import Rejected

_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_SKIPPED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SameFinding:
    """Findings with the same message and advice, by row."""

    message: Text
    advice: Text
    findings: tuple[Finding, ...]

    @property
    def where(self) -> Text | None:
        """Return the rows, sheet by sheet; None if the finding is about the whole table."""
        return _where(self.findings)

    def rows(self, most: int) -> Text:
        """Return the rows, at most `most` ranges a sheet."""
        return _where(self.findings, most) or literal("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Findings of one kind in one column of one table; `skipped` if their rows hold no person."""

    severity: Severity
    code: str
    table: str
    column: str
    skipped: bool
    same: tuple[SameFinding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all findings of the group."""
        return tuple(each for same in self.same for each in same.findings)

    @property
    def count(self) -> int:
        """Return the number of findings."""
        return sum(len(same.findings) for same in self.same)

    @property
    def where(self) -> Text | None:
        """Return the rows of all findings, sheet by sheet; None if they are about the whole table."""
        return _where(self.findings)


def is_skipped(finding: Finding) -> bool:
    """Return whether the finding's row holds no person of its own: blank, totals, or a duplicate row."""
    return finding.table == "residents" and finding.severity is Severity.ERROR and finding.code in NO_PERSON


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Group findings: errors, warnings, notes, skipped rows; in each, whole tables first, then the rarest."""
    kinds: dict[tuple[int, str, str, str], dict[tuple[str, str], list[Finding]]] = {}
    for each in findings:
        rank = _SKIPPED if is_skipped(each) else _RANK[each.severity]
        texts = (each.message.into("en"), each.advice.into("en"))
        kinds.setdefault((rank, each.code, each.table, each.column), {}).setdefault(texts, []).append(each)
    groups = [
        Group(
            severity=next(iter(by_text.values()))[0].severity,
            code=code,
            table=table,
            column=column,
            skipped=rank == _SKIPPED,
            same=tuple(
                SameFinding(
                    message=same[0].message, advice=same[0].advice, findings=tuple(sorted(same, key=_row))
                )
                for same in by_text.values()
            ),
        )
        for (rank, code, table, column), by_text in kinds.items()
    ]
    return tuple(sorted(groups, key=_order))


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of their groups."""
    return tuple(each for group in grouped(findings) for each in group.findings)


def where_text(places: Iterable[tuple[str, int]], most: int = 12) -> Text | None:
    """Return the rows of pairs (sheet, row) as text, at most `most` ranges a sheet."""
    by_sheet: dict[str, list[int]] = {}
    for sheet, row in places:
        by_sheet.setdefault(sheet, []).append(row)
    texts = []
    for sheet, rows in by_sheet.items():
        several = len({row_of(row) for row in rows}) > 1
        shown = rows_text(rows, most)
        place = msg("rows {rows}", rows=shown) if several else msg("row {row}", row=shown)
        texts.append(msg("{sheet}, {place}", sheet=sheet, place=place) if sheet else place)
    return listed(*texts) if texts else None


def count_text(group: Group) -> Text:
    """Return how often it occurs and where: `27 times: rows 3, 5-9`; only where, if it occurs once."""
    where = group.where or literal("")
    if group.count == 1 or group.where is None:
        return where
    return msg_n("{n} time: {where}", "{n} times: {where}", group.count, where=where)


def skipped_rows(rejected: Iterable[Rejected], most: int = 12) -> tuple[tuple[int, str, Text, Text], ...]:
    """Return, for each reason, the skipped rows of a plan: count, code, message, rows."""
    kinds: dict[str, list[Rejected]] = {}
    for row in rejected:
        if row.code in NO_PERSON:
            kinds.setdefault(row.message.into("en"), []).append(row)
    return tuple(
        (
            len(same),
            same[0].code,
            same[0].message,
            where_text(((row.sheet, row.row) for row in same), most) or literal(""),
        )
        for same in kinds.values()
    )


def _where(findings: Iterable[Finding], most: int = 12) -> Text | None:
    return where_text(((each.sheet, each.row) for each in findings if each.row is not None), most)


def _row(finding: Finding) -> int:
    return finding.row or 0


def _order(group: Group) -> tuple[int, bool, int, int, int]:
    rank = _SKIPPED if group.skipped else _RANK[group.severity]
    tables = list(TABLES)
    of_rows = any(each.row is not None for each in group.findings)
    table = tables.index(group.table) if group.table in TABLES else len(tables)
    return rank, of_rows, table, group.count, min(map(_row, group.findings))
