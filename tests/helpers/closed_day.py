"""A day that was closed, drawn by hand: rows with every end, teams with every mark, ids and names that mean
harm.
"""

from doorroute.day import Outcome
from doorroute.day.closing import End, Mark, RowFate, TeamDay
from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.output.pages.report import Report
from doorroute.texts import msg

EVIL = "</title><script>document.title=1</script><img src=x onerror=document.title=2>"


def a_day(teams=6, rows=90):
    ends = [End.SAMPLED] * 12 + [End.NOBODY_HOME, End.REFUSED, End.NOT_VISITED, End.UNASSIGNED, End.NOT_LOCATED, End.REJECTED, End.CANCELLED]  # fmt: skip
    fates = tuple(
        RowFate(
            row=row, end=ends[row % len(ends)], resident=EVIL if row == 3 else f"R{row:03}", visit=f"V{row}", team=f"T{row % teams}",
            planned_s=30_000 + 60 * row, real_s=30_120 + 61 * row, tries=int(row % len(ends) == 12), code="SKILL" if row % len(ends) > 14 else "",
            column=EVIL if row == 17 else "", detail=msg("Why it is so, in words that are a line long or two, as they mostly are.") if row % len(ends) > 14 else None,
        )
        for row in range(2, rows)
    )  # fmt: skip
    signs = (Outcome.DONE, Outcome.DONE, Outcome.NOBODY_HOME, Outcome.DONE, Outcome.REFUSED)
    days = tuple(
        TeamDay(
            team=EVIL if team == 1 else f"第{team}医疗队",
            start_s=28_800 + 300 * team,
            finish_s=40_000,
            planned=tuple((f"V{at}", 30_000 + 900 * at) for at in range(10)),
            marks=tuple(
                Mark(visit=f"V{at}", time_s=30_100 + 960 * at, outcome=signs[at % 5])
                for at in range(10 if team != 2 else 0)
            ),
            open=3 if team == 2 else 0,
            back_s=None if team == 2 else 39_000 + 400 * team,
        )
        for team in range(teams)
    )
    odd = Finding(
        severity=Severity.WARNING, code=FindingCode("CONTRADICTION"), table="results", row=None, column="", message=msg("V1: done and refused."), advice=msg("Ask the team; to correct it, type a line with a later time."),
    )  # fmt: skip
    return Report(
        day="2022-04-06", fates=fates, teams=days, sentences=(msg("Walking slowly."),), kept=msg("Kept."), findings=(odd,),
    )  # fmt: skip
