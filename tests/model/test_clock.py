"""Clock texts."""

from doorroute.model.clock import clock


def test_times_of_the_next_day_are_written_as_timetables_do():
    assert [clock(60 * minute) for minute in (0, 605, 1439, 1440, 1441, 1590)] == [
        "00:00",
        "10:05",
        "23:59",
        "24:00",
        "00:01+1",
        "02:30+1",
    ]
