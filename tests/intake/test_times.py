"""Times of day as people write them; the texts and what they mean are in `clock_texts.csv`."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.intake import times
from doorroute.intake.clock_words import words_of
from doorroute.model.resident import Window

with (Path(__file__).parent / "clock_texts.csv").open(encoding="utf-8", newline="") as file:
    TEXTS = [tuple(row.values()) for row in csv.DictReader(file)]


def hours(text: str) -> int:
    hour, minute = map(int, text.split(":"))
    return 3600 * hour + 60 * minute


def day_of(text: str) -> Window:
    return Window(*map(hours, text.split("-"))) if text else times.USUAL_DAY


def span(window: Window) -> str:
    """Write a window with hours that count on past midnight."""
    ends = (f"{second // 3600:02d}:{second // 60 % 60:02d}" for second in (window.start_s, window.end_s))
    return "-".join(ends)


def told(text: str) -> str:
    return " ".join(str(window) for window in times.windows(text).windows)


def said(text: str, day: str) -> tuple[str, str]:
    """Return what the cell means, and `yes` if that needs a check; `?`: the cell cannot be read."""
    try:
        read = times.windows(text, day_of(day))
    except ValueError:
        return "?", "yes"
    return " ".join(map(span, read.windows)) or "any", "yes" if read.needs_check else ""


def test_a_cell_means_what_people_mean_by_it() -> None:
    wrong = [(text, day, *said(text, day)) for text, day, *meant in TEXTS if said(text, day) != tuple(meant)]
    assert not wrong


def test_the_table_of_texts_is_long_and_in_both_languages() -> None:
    assert len(TEXTS) >= 300
    assert (
        min(
            sum(any(char >= "\u4e00" for char in row[0]) == chinese for row in TEXTS)
            for chinese in (True, False)
        )
        > 100
    )


@pytest.mark.parametrize("word", ["whenever the cat sleeps", "xyz", "三楼", "😀", "call 13800138000"])
@pytest.mark.parametrize("clock", ["9-11", "下午3点以后", "09:00-11:00;14:00-16:00"])
def test_a_word_that_is_not_known_is_never_passed_over(clock: str, word: str) -> None:
    for text in (f"{word} {clock}", f"{clock} {word}"):
        with pytest.raises(ValueError, match=r"\w"):
            times.windows(text)


@given(
    st.lists(st.sampled_from([row[0] for row in TEXTS]), min_size=2, max_size=3).map(" ".join)
    | st.text(max_size=30)
)
def test_any_text_is_read_or_refused_and_windows_never_overlap(text: str) -> None:
    try:
        read = times.windows(text)
    except ValueError:
        return
    for before, after in zip(read.windows, read.windows[1:], strict=False):
        assert before.end_s < after.start_s
    words_of(text)


def test_readings_are_named_where_the_day_does_not_decide() -> None:
    read = times.windows("6点-8点", Window(6 * 3600, 20 * 3600))
    assert [[str(window) for window in reading] for reading in read.readings] == [
        ["06:00-08:00"],
        ["18:00-20:00"],
    ]
    shared = times.windows("2:00-16:00", Window(8 * 3600, 18 * 3600))
    assert [str(window) for window in shared.windows] == ["14:00-16:00"]
    assert len(shared.readings) == 2


@pytest.mark.parametrize(
    ("text", "day", "time", "doubted"),
    [
        *(("8:35", "08:31-18:00", "08:35", False), ("2:30", "08:31-18:00", "14:30", True), ("02:30",
        "08:00-18:00", "14:30", True)),
        *(("2:30 PM", "08:31-18:00", "14:30", False), ("下午2点半", "08:31-18:00", "14:30", False), ("14:30",
        "08:00-12:00", "14:30", False)),
        *(("1:00", "08:30-12:26", "13:00", True), ("12:30", "08:00-18:00", "12:30", False), ("十点半",
        "08:00-18:00", "10:30", False)),
        *(("2:30", "20:00-30:00", "26:30", False), ("次日2:30", "20:00-30:00", "26:30", False), ("8:30",
        "20:00-30:00", "20:30", True)),
        *(("0.4375", "08:00-18:00", "10:30", False), ("10:20:00", "08:00-18:00", "10:20", False), ("noon",
        "08:00-18:00", "12:00", False)),
    ],
)  # fmt: skip
def test_a_single_time_is_the_one_of_the_day(text: str, day: str, time: str, *, doubted: bool) -> None:
    read = times.moment(text, day_of(day))
    assert (read.time_s, read.doubted) == (hours(time), doubted)


@pytest.mark.parametrize(
    "text", ["9-11", "after 9", "soon", "9", "6:30 or 7", "全天", "9:5", "25:00", "24:01", ""]
)
def test_what_is_no_single_time_is_asked(text: str) -> None:
    with pytest.raises(BadInputError):
        times.clock_of(text)


def test_a_time_that_may_be_either_half_of_a_long_day_is_asked() -> None:
    with pytest.raises(ValueError, match="two times"):
        times.moment("6:30", day_of("06:00-20:00"))
    assert times.moment("06:30", day_of("06:00-20:00")).time_s == hours("06:30")


def test_a_moment_with_its_date_says_which_day() -> None:
    read = times.moment("2026-04-06 10:20", day_of("08:00-18:00"))
    assert (read.time_s, read.date) == (hours("10:20"), "2026-04-06")


def test_a_shift_is_one_stretch_with_both_its_ends() -> None:
    assert times.shift("8-12") == times.shift("早上8点-中午12点") == Window(8 * 3600, 12 * 3600)
    assert (
        times.shift("20:00-06:00")
        == times.shift("20:00-次日6:00")
        == times.shift("晚上8点-早上6点")
        == Window(20 * 3600, 30 * 3600)
    )
    assert times.shift("9-5") == Window(9 * 3600, 17 * 3600)
    for text in ("08:00", "12:00-08:00", "08:00-08:00", "8:00-12:00;13:00-17:00", "morning", ""):
        with pytest.raises(ValueError, match=r"\w"):
            times.shift(text)


def test_a_break_is_a_stretch_or_so_many_minutes_within_one() -> None:
    (whole,) = times.breaks("12:00-12:30")
    (within,) = times.breaks("11:30-13:00/30分钟")
    assert (whole.window.start_s, whole.duration_s) == (12 * 3600, 1800)
    assert (str(within.window), within.duration_s) == ("11:30-13:00", 1800)
    assert len(times.breaks("10:00-10:15; 11:00-12:00/15")) == 2
    assert times.breaks("") == ()
    (night,) = times.breaks("1:00-1:30", [Window(20 * 3600, 30 * 3600)])
    assert night.window == Window(25 * 3600, 25 * 3600 + 1800)
    (noon,) = times.breaks("12-1", [Window(8 * 3600, 18 * 3600)])
    assert noon.window == Window(12 * 3600, 13 * 3600)
    for text in ("12:00-12:30/60", "12:00-12:30/0", "noon", "12:00-12:30/soon"):
        with pytest.raises(ValueError, match=r"\w"):
            times.breaks(text)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        *(("20:00-08:00", "20:00-32:00"), ("夜班20:00-08:00", "20:00-32:00"), ("夜班8-6", "20:00-30:00"),
        ("早班6-14", "06:00-14:00")),
        *(("白班 08:00-16:00", "08:00-16:00"), ("night shift 8-6", "20:00-30:00"), ("0:00-8:00",
        "00:00-08:00"), ("0.3333333333 - 0.75", "08:00-18:00")),
    ],
)  # fmt: skip
def test_a_shift_is_where_it_is_written_and_begins_in_the_evening_where_it_is_a_night_shift(
    text: str, shift: str
) -> None:
    assert [span(window) for window in times.shifts(text).shifts] == [shift]
    assert not times.shifts(text).doubted


def test_a_stretch_that_counts_to_24_and_to_12_is_doubted() -> None:
    assert times.shifts("18:00-9:00") == times.Shifts((Window(18 * 3600, 21 * 3600),), doubted=True)
