"""Findings as they are listed: equal ones once, with their rows; the worst first; skipped rows separately."""

from doorroute.model.finding import Finding, FindingCode, Severity
from doorroute.model.grouped import count_text, grouped, worst_first
from doorroute.model.line import line_of
from doorroute.texts import msg


def found(severity, code, row, *, column="phone", sheet="", text="It is odd.", table="residents"):
    return Finding(
        severity=severity,
        code=FindingCode(code),
        table=table,
        row=row,
        column=column,
        message=msg("{text}", text=text),
        advice=msg("Nothing to do."),
        sheet=sheet,
    )


PHONES = [found(Severity.NOTE, "PHONE_AS_NUMBER", row) for row in (3, *range(5, 31))]


def test_27_phones_are_one_entry_with_their_count_and_rows():
    (group,) = grouped(PHONES)
    assert (group.count, len(group.same)) == (27, 1)
    assert count_text(group).into("en") == "27 times: rows 3, 5-30"
    assert count_text(group).into("zh") == "27 处：第 3, 5-30 行"


def test_the_worst_comes_first_and_rows_that_stand_for_nobody_last():
    mixed = [
        found(Severity.ERROR, "EMPTY_ROW", 2),
        *PHONES,
        *(found(Severity.WARNING, "WINDOW_UNREADABLE", row) for row in (7, 9)),
        found(Severity.WARNING, "CLASS_UNREADABLE", 8),
        found(Severity.ERROR, "NO_ADDRESS", 12),
        found(Severity.WARNING, "CELLS_WITHOUT_HEADER", None),
    ]
    groups = grouped(mixed)
    assert [group.code for group in groups] == [
        "NO_ADDRESS",
        "CELLS_WITHOUT_HEADER",
        "CLASS_UNREADABLE",
        "WINDOW_UNREADABLE",
        "PHONE_AS_NUMBER",
        "EMPTY_ROW",
    ]
    assert [group.skipped for group in groups] == [False] * 5 + [True]
    assert sorted(map(id, worst_first(mixed))) == sorted(map(id, mixed))  # grouping loses none


def test_what_differs_is_one_group_of_several_sentences_and_sheets_are_named():
    rows = [
        found(Severity.WARNING, "X", line_of(4, sheet=at), sheet=f"S{at}", text=f"no. {at}") for at in (1, 2)
    ]
    (group,) = grouped(rows)
    assert [said.message.into("en") for said in group.same] == ["no. 1", "no. 2"]
    assert str(group.where) == "S1, row 4, S2, row 4"


def test_a_table_of_teams_has_no_rows_to_skip():
    assert not grouped([found(Severity.ERROR, "EMPTY_ROW", 2, table="teams")])[0].skipped
