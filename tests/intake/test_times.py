"""Times of day as people write them."""

import pytest

from doorroute.intake import times
from doorroute.model.resident import Window


def told(text: str) -> str:
    return " ".join(str(window) for window in times.windows(text).windows)


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("09:00-11:00", "09:00-11:00"),
        ("09:00-11:00;14:00-16:00", "09:00-11:00 14:00-16:00"),
        ("14:00-16:00, 09:00-11:00", "09:00-11:00 14:00-16:00"),
        ("09:00-11:00 14:00-16:00", "09:00-11:00 14:00-16:00"),
        ("08:00-10:00;09:00-11:00", "08:00-11:00"),
        ("9-11", "09:00-11:00"),
        ("9.30-11", "09:30-11:00"),
        ("0900-1100", "09:00-11:00"),
        ("9h-11h", "09:00-11:00"),
        ("9am-11am", "09:00-11:00"),
        ("9-11am", "09:00-11:00"),
        ("11-1pm", "11:00-13:00"),
        ("2-4 p.m.", "14:00-16:00"),
        ("9:00 to 11:00 and 14:00 to 15:00", "09:00-11:00 14:00-15:00"),
        ("９：００－１１：００", "09:00-11:00"),
        ("9：00～11：00；14：00—16：00", "09:00-11:00 14:00-16:00"),
        ("上午9点-11点", "09:00-11:00"),
        ("上午8点半至10点半", "08:30-10:30"),
        ("上午10点-下午2点", "10:00-14:00"),
        ("上午11点-1点", "11:00-13:00"),
        ("下午2点到4点", "14:00-16:00"),
        ("上午9:00-11:00，下午2:00-4:00", "09:00-11:00 14:00-16:00"),
        ("九点到十一点", "09:00-11:00"),
        ("上午九点一刻-十点三刻", "09:15-10:45"),
        ("中午12点-1点", "12:00-13:00"),
        ("凌晨3点-4点", "03:00-04:00"),
        ("2022-04-06 09:00-11:00", "09:00-11:00"),
        ("4月6日 周三 上午9点-11点", "09:00-11:00"),
        ("22:00-24:00", "22:00-24:00"),
        ("14点以后", "14:00-24:00"),
        ("9点前", "00:00-09:00"),
        ("before 10:00", "00:00-10:00"),
        ("after 2pm", "14:00-24:00"),
        ("全天", ""),
        ("any time", ""),
    ],
)
def test_windows_read_as_people_write_them(text: str, windows: str) -> None:
    assert told(text) == windows
    assert not times.windows(text).assumed


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("09:00", "09:00-09:30"),
        ("09:30:00", "09:30-10:00"),
        ("1899-12-31T09:30:00", "09:30-10:00"),
        ("0.375", "09:00-09:30"),
        ("上午", "06:00-12:00"),
        ("afternoon", "12:00-18:00"),
    ],
)
def test_a_time_without_an_end_is_taken_with_one_and_said_to_be_assumed(text: str, windows: str) -> None:
    assert told(text) == windows
    assert times.windows(text).assumed


@pytest.mark.parametrize(
    "text",
    ["soon", "9", "11:00-09:00", "25:00-26:00", "9:75-10:00", "9:00-", "9-11-13", "13800138000", "2022-09-11", "9:00-11:00 or so", ";"],
)  # fmt: skip
def test_what_is_no_time_is_refused_and_never_half_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        times.windows(text)


def test_a_shift_is_one_stretch_with_both_its_ends() -> None:
    assert times.shift("8-12") == times.shift("早上8点-中午12点") == Window(8 * 3600, 12 * 3600)
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
    for text in ("12:00-12:30/60", "12:00-12:30/0", "noon", "12:00-12:30/soon"):
        with pytest.raises(ValueError, match=r"\w"):
            times.breaks(text)
