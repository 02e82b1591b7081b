"""The chart of team counts: points where the numbers say, the same in both languages, and as a picture."""

import struct
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest

from doorroute.counts.answer import CountAnswer
from doorroute.counts.series import Series
from doorroute.output.drawings import chart
from doorroute.texts import literal

NOON = 12 * 3600
EVIL = "</svg><script>alert(1)</script>&\"'<&amp;"


@dataclass(frozen=True)
class Row:
    teams: int
    finish_s: int
    chance: float
    bound_s: int = NOON - 1800

    @property
    def early_s(self):
        return self.finish_s - 600

    @property
    def late_s(self):
        return self.finish_s + 900


ROWS = (Row(4, NOON + 3600, 0.0), Row(5, NOON + 600, 0.25), Row(6, NOON - 600, 0.95))


def series_of(*rows, recommended=None, name="", sentence="6 teams can be back by 11:50."):
    made = CountAnswer(
        enough=recommended, recommended=recommended, sentence=literal(sentence), advice=literal("Send 6.")
    )
    return Series(name=name, by_s=NOON, chance=0.9, scenarios=rows, answer=made)


def drawn(series, lang="en", span=None):
    """Return the chart's elements by class."""
    found = {}
    for element in ET.fromstring(chart.chart(series, span or chart.limits([series]), lang)).iter():
        for kind in element.get("class", "").split():
            found.setdefault(kind, []).append(element)
    return found


def points(element):
    return [tuple(map(float, point.split(","))) for point in element.get("points").split()]


def place(element):
    return float(element.get("cx")), float(element.get("cy"))


def test_all_charts_share_a_stretch_of_the_day_that_holds_every_time_with_room():
    early, late = series_of(Row(1, NOON - 7200, 1.0, bound_s=0)), series_of(*ROWS)
    low, high = chart.limits([early, late])
    assert low < NOON - 7200 - 600
    assert high > NOON + 3600 + 900
    assert low == chart.limits([late, early])[0]
    only_due = series_of(Row(2, NOON - 3600, 1.0))
    assert chart.limits([only_due])[1] > NOON


def test_a_later_return_is_drawn_higher_and_more_teams_further_right():
    parts = drawn(series_of(*ROWS))
    dots = [place(dot) for dot in parts["dot"]][: len(ROWS)]
    assert dots == points(parts["plan"][0])
    assert [x for x, _ in dots] == sorted(x for x, _ in dots)
    assert [y for _, y in dots] == sorted(y for _, y in dots)
    (span_low, span_high), height = chart.limits([series_of(*ROWS)]), dots[2][1] - dots[0][1]
    scale = (parts["axis"][0].get("y1"), 34)
    assert height == pytest.approx((float(scale[0]) - scale[1]) * 4200 / (span_high - span_low), abs=0.2)
    assert [dot.get("data-teams") for dot in parts["dot"][: len(ROWS)]] == ["4", "5", "6"]


def test_the_target_return_lies_between_the_plans_before_and_after_it():
    parts = drawn(series_of(*ROWS))
    due = float(parts["due"][0].get("y1"))
    assert place(parts["dot"][1])[1] < due < place(parts["dot"][2])[1]


def test_only_the_recommended_count_has_a_ring_and_the_legend_says_so():
    parts = drawn(series_of(*ROWS, recommended=6))
    assert place(parts["ring"][0]) == place(parts["dot"][2])
    assert len(parts["ring"]) == 2
    assert "ring" not in drawn(series_of(*ROWS))


def test_a_bar_is_as_tall_as_its_chance_and_dark_where_that_is_enough():
    parts = drawn(series_of(*ROWS))
    heights = [float(bar.get("height")) for bar in parts["bar"]]
    assert heights == pytest.approx([0, 58 * 0.25, 58 * 0.95], abs=0.06)
    assert [bar.get("class") for bar in parts["bar"]] == ["bar", "bar", "bar enough"]
    assert [share.text for share in parts["share"]] == ["0%", "25%", "95%"]


def test_one_count_alone_is_drawn_in_the_middle():
    parts = drawn(series_of(ROWS[0]))
    assert place(parts["dot"][0])[0] == (58 + chart.WIDTH - 20) / 2
    assert parts["band"][0].tag == "rect"


def test_sixty_counts_have_a_dot_each_and_labels_that_do_not_overlap():
    parts = drawn(series_of(*(Row(teams, NOON + 60 * (70 - teams), 0.5) for teams in range(1, 61))))
    assert len(parts["dot"]) == 61  # one is the legend's
    assert "share" not in parts
    labels = [text.text for text in parts["strong"] if text.text.isdecimal()]
    assert labels == [str(teams) for teams in range(5, 61, 5)]


def test_both_languages_draw_the_same_shapes_and_each_says_its_own_words():
    shapes, texts = {}, {}
    for lang in ("en", "zh"):
        root = ET.fromstring(chart.chart(series_of(*ROWS, recommended=6), (NOON - 7200, NOON + 7200), lang))
        shapes[lang] = [(e.tag, e.get("points"), e.get("cx"), e.get("x"), e.get("y")) for e in root.iter()]
        texts[lang] = [e.text for e in root.iter() if e.text]
    assert shapes["en"] == shapes["zh"]
    english = [any(letter.isascii() and letter.isalpha() for letter in text) for text in texts["en"]]
    chinese = [any("一" <= letter <= "鿿" for letter in text) for text in texts["zh"]]
    assert english == chinese
    assert sum(english) >= 10
    assert not any("一" <= letter <= "鿿" for text in texts["en"] for letter in text)
    assert not any(letter.isascii() and letter.isalpha() for text in texts["zh"] for letter in text)


def test_a_hostile_label_stays_a_label():
    element = ET.fromstring(chart.svg(series_of(*ROWS), (NOON - 7200, NOON + 7200), "en", EVIL))
    assert element.get("aria-label") == EVIL
    assert not [child for child in element.iter() if child.tag.endswith("script")]


@pytest.mark.parametrize("name", ["", EVIL, "第3医疗队" * 30])
def test_the_picture_has_a_chart_a_set_two_dots_a_pixel(name):
    picture = chart.picture([series_of(*ROWS), series_of(*ROWS, name=name)], "zh")
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (2 * chart.WIDTH, 2 * 2 * (chart.HEIGHT + 66))


def test_a_picture_is_in_english_where_no_font_has_chinese(monkeypatch):
    monkeypatch.setattr(chart, "_can_write", lambda _: False)
    series = [series_of(*ROWS)]
    assert chart.picture(series, "zh") == chart.picture(series, "en")


def test_a_title_is_broken_at_spaces_or_anywhere_where_there_are_none():
    assert chart._wrapped("six teams can be back", 12) == ["six teams", "can be back"]
    assert chart._wrapped("六支队伍可以在十二点前回来", 5) == ["六支队伍可", "以在十二点", "前回来"]
    assert chart._wrapped("", 5) == []
