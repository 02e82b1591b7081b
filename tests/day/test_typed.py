"""Results typed by a dispatcher: times in every way that lists of residents may write them."""

from pathlib import Path

import pytest
import xlsxwriter

from doorroute.day.events import WORDS, Outcome
from doorroute.day.outcomes import outcome_of
from doorroute.day.typed_results import Sheets, read_typed
from doorroute.model.resident import ResidentId, TeamId, VisitId, Window
from doorroute.texts import LANGUAGES, msg

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
        *(
            ("2026-04-05 10:20", "OTHER_DAY"),
            ("2026-04-07 10:20", "OTHER_DAY"),
            ("2026-02-31 10:20", "UNKNOWN_TIME"),
        ),
    ],
)
def test_a_time_that_is_none_or_of_another_day_is_asked(tmp_path: Path, time: str, code: str) -> None:
    assert read(tmp_path, time, DAY) == ([], [code])


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("完成 已完成 已做 做完 做完了 采完了 ok OK Done √ ✓ ✔️ ☑ ✅ 是 完成。 ｏｋ", Outcome.DONE),
        ("无人在家 家中无人 没人 家里没人 不在家 没在家 无人。", Outcome.NOBODY_HOME),
        ("not_home absent nobody_home", Outcome.NOBODY_HOME),
        ("拒绝 拒检 不愿意 Refused declined", Outcome.REFUSED),
        ("未上门 没去 open 撤销", Outcome.OPEN),
    ],
)
def test_results_are_read_in_the_words_that_people_use(words: str, outcome: Outcome) -> None:
    assert {word: outcome_of(word) for word in words.split()} == dict.fromkeys(words.split(), outcome)


@pytest.mark.parametrize("text", ["Not home", "no answer", "Nobody at home", "didn’t answer"])
def test_words_with_blanks_are_read_too(text: str) -> None:
    assert outcome_of(text) is Outcome.NOBODY_HOME


def test_the_words_of_the_phone_and_the_sheet_are_read_in_both_languages() -> None:
    said = {"Done": Outcome.DONE, "Not home": Outcome.NOBODY_HOME, "Refused": Outcome.REFUSED}
    for tick, outcome in said.items():
        assert [outcome_of(msg(tick).into(lang)) for lang in LANGUAGES] == [outcome, outcome]
    for outcome, word in WORDS.items():
        assert [outcome_of(word.into(lang)) for lang in LANGUAGES] == [outcome, outcome]


SHEETS = {
    "BCDF": {"T1": (VisitId("V1"), VisitId("V2")), "2队": (VisitId("V3"),)},
    "GHJK": {"T1": (VisitId("V2"), VisitId("V1"))},
}
MANY = {VisitId(f"V{n}"): (ResidentId(f"R{n}"),) for n in (1, 2, 3)}


def read_rows(folder: Path, text: str, sheets: Sheets) -> list[tuple[str, str | None]]:
    """Return for each row the visit and its team, or the code of its finding."""
    file = folder / "typed.csv"
    file.write_text(text, encoding="utf-8")
    names = {name: TeamId(name) for plan in sheets.values() for name in plan}
    events, findings = read_typed(
        file, MANY, day="2026-04-06", teams=TEAMS, hours=DAY, sheets=sheets, names=names
    )
    return [(event.visit, event.team) for event in events] + [(each.code, None) for each in findings]


@pytest.mark.parametrize(
    "head", ["任务号", "visit", "stop", "上门编号", "走访编号", "任务", "Visit ID", "访问编号"]
)
def test_every_header_of_the_visit_is_known(tmp_path: Path, head: str) -> None:
    assert read_rows(tmp_path, f"{head},状态,时间\nV2,完成,8:30\n", SHEETS) == [("V2", None)]


def test_a_result_may_name_team_and_stop_of_the_only_plan(tmp_path: Path) -> None:
    one = {"BCDF": SHEETS["BCDF"]}
    assert read_rows(tmp_path, "队伍,站,结果,时间\nT1,2,完成,8:30\n2队,第1站,无人在家,8:40\n", one) == [
        ("V2", "T1"),
        ("V3", "2队"),
    ]
    assert read_rows(
        tmp_path, "team,stop,status,time\nt1,1,done,8:30\nT1,3,done,8:40\nT9,1,done,8:50\n", one
    ) == [
        ("V1", "T1"),
        ("UNKNOWN_STOP", None),
        ("UNKNOWN_STOP", None),
    ]


def test_of_several_plans_the_row_has_to_say_which(tmp_path: Path) -> None:
    assert read_rows(tmp_path, "team,No.,status,time\nT1,2,done,8:30\n", SHEETS) == [("WHICH_PLAN", None)]
    rows = "队伍,序号,计划,结果,时间\nT1,1,bcdf,完成,8:30\nT1,1,GHJK,完成,8:31\n"
    rows += "T1,1,,完成,8:32\nT1,1,XXXX,完成,8:33\n"
    assert read_rows(tmp_path, rows, SHEETS) == [
        ("V1", "T1"),
        ("V2", "T1"),
        ("WHICH_PLAN", None),
        ("UNKNOWN_PLAN", None),
    ]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("部分完成", "PARTLY_DONE"),
        ("partly done", "PARTLY_DONE"),
        ("x", "UNKNOWN_STATUS"),
        ("嗯", "UNKNOWN_STATUS"),
    ],
)
def test_what_does_not_say_enough_is_asked_row_by_row(tmp_path: Path, status: str, code: str) -> None:
    assert read_rows(tmp_path, f"visit,status,time\nV1,{status},8:30\nV2,ok,8:31\n", SHEETS) == [
        ("V2", None),
        (code, None),
    ]


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
