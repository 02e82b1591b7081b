"""Results typed by a dispatcher: times in every way that lists of residents may write them."""

from pathlib import Path

import pytest
import xlsxwriter

from doorroute.day.typed import read_typed
from doorroute.model.resident import ResidentId, TeamId, VisitId, Window

DOORS = {VisitId("V1"): (ResidentId("R1"),)}
TEAMS = {VisitId("V1"): TeamId("T1")}
DAY = Window(8 * 3600, 18 * 3600)
NIGHT = Window(20 * 3600, 30 * 3600)


def read(folder: Path, time: str, hours: Window) -> tuple[list[int], list[str]]:
    file = folder / "typed.csv"
    file.write_text(f"visit,status,time\nV1,done,{time}\n", encoding="utf-8")
    events, findings = read_typed(file, DOORS, day="2026-04-06", teams=TEAMS, hours=hours)
    return [event.time_s // 60 for event in events], [each.code for each in findings]


@pytest.mark.parametrize(
    ("time", "hours", "minute", "codes"),
    [
        ("8:35", DAY, 8 * 60 + 35, []),
        ("2:30", DAY, 14 * 60 + 30, ["TIME_DOUBTED"]),
        ("2:30 PM", DAY, 14 * 60 + 30, []),
        ("下午2点半", DAY, 14 * 60 + 30, []),
        ("两点半", DAY, 14 * 60 + 30, ["TIME_DOUBTED"]),
        ("07:20", DAY, 7 * 60 + 20, []),
        ("2026-04-06 10:20", DAY, 10 * 60 + 20, []),
        ("2026/4/6 10:20:30", DAY, 10 * 60 + 20, []),
        ("0.4375", DAY, 10 * 60 + 30, []),
        ("22:40", NIGHT, 22 * 60 + 40, []),
        ("2:30", NIGHT, 26 * 60 + 30, []),
        ("2026-04-07 02:30", NIGHT, 26 * 60 + 30, []),
        ("次日2:30", NIGHT, 26 * 60 + 30, []),
    ],
)
def test_a_typed_time_is_the_one_when_teams_are_out(
    tmp_path: Path, time: str, hours: Window, minute: int, codes: list[str]
) -> None:
    assert read(tmp_path, time, hours) == ([minute], codes)


@pytest.mark.parametrize(
    ("time", "code"),
    [
        *(("soon", "UNKNOWN_TIME"), ("9-11", "UNKNOWN_TIME"), ("9", "UNKNOWN_TIME"), ("", "UNKNOWN_TIME")),
        *(("2026-04-05 10:20", "OTHER_DAY"), ("2026-04-07 10:20", "OTHER_DAY"), ("2026-02-31 10:20", "UNKNOWN_TIME")),
    ],
)
def test_a_time_that_is_none_or_of_another_day_is_asked(tmp_path: Path, time: str, code: str) -> None:
    assert read(tmp_path, time, DAY) == ([], [code])


def test_results_on_every_sheet_are_read_and_a_sheet_without_is_told(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    sheets = {
        "一队": [["任务号", "状态", "时间"], ["V1", "已采", "今天9:05"]],
        "二队": [["编号", "结果", "时间"], ["R2", "无人在家", "10:20"]],
        "说明": [["怎么填"], ["一行一户"]],
    }
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    doors = {**DOORS, VisitId("V2"): (ResidentId("R2"),)}
    events, findings = read_typed(path, doors, day="2026-04-06", teams=TEAMS, hours=DAY)
    assert [(each.visit, each.outcome.value, each.time_s) for each in events] == [
        ("V1", "done", 9 * 3600 + 300),
        ("V2", "nobody_home", 10 * 3600 + 1200),
    ]
    assert [(each.code, each.sheet) for each in findings] == [("OTHER_SHEET", "说明")]
