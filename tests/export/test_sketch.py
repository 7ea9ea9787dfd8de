"""Sketches are drawn by us as the drawing engine draws them, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.blocks import Board, Sketch
from reportkit.blocks.chart import Chart
from reportkit.blocks.ink import PALETTE
from reportkit.export.drawing import INKS, draw, draw_chart
from reportkit.export.sketch import draw_sketch, text_width
from reportkit.notebook import charts, load_report
from reportkit.sources.source import open_source

INK = st.sampled_from(sorted(PALETTE))
X = st.floats(-10, 440) | st.integers(-10, 440)
Y = st.floats(-10, 200) | st.integers(-10, 200)
LENGTH = st.floats(0, 60) | st.integers(0, 60)
TEXT = st.text(
    st.sampled_from("2019年 政府网站 abc XYZ 12,345.6 ，。“” iil () — 件<&>'\""), max_size=9
)


@st.composite
def sketches(draw_from: st.DrawFn) -> Sketch:
    board = Board(draw_from(st.floats(0.1, 200) | st.integers(1, 200)))
    for _ in range(draw_from(st.integers(0, 2))):
        x, y = draw_from(X), draw_from(Y)
        board.box(x, x + draw_from(LENGTH), y, y + draw_from(LENGTH), draw_from(INK))
        board.line(x, x + draw_from(LENGTH), y)
        board.dash(x, y, y + draw_from(LENGTH), draw_from(INK))
        board.dot(x, y, draw_from(INK))
    for _ in range(draw_from(st.integers(0, 2))):
        board.word(draw_from(X), draw_from(Y), draw_from(TEXT), draw_from(INK))
        board.label(draw_from(X), draw_from(Y), draw_from(TEXT), draw_from(INK))
    board.label(0, 12, "标题")
    return board.sketch()


@settings(max_examples=60, deadline=None)
@given(sketches())
def test_any_sketch_is_drawn_as_the_engine_draws_it(sketch: Sketch) -> None:
    ours = draw_sketch(sketch, INKS)
    assert ours is None or ours == draw(sketch.spec(), 1)


def test_every_chart_of_the_sample_is_drawn_as_the_engine_draws_it() -> None:
    """Every town's charts of one year, each year's of some town; none of them is left to the engine."""
    drawn, years = 0, set()
    source = open_source("sample:")
    for place, town in enumerate(sorted(source.towns)):
        year = source.years(town)[place % len(source.years(town))]
        report = load_report(town=town, year=year)
        for helper in (charts.disclosures, charts.outcomes, charts.time_limits):
            block = helper(report)
            if isinstance(block, Chart) and block.sketch is not None:
                assert draw_sketch(block.sketch, INKS) == draw(block.vega_lite(), 1)
                drawn += 1
                years.add(year)
    assert drawn > 20
    assert len(years) == 6


def test_what_rounding_decides_is_left_to_the_engine() -> None:
    exact = Board(50)
    exact.label(411, 20, "年")
    assert draw_sketch(exact.sketch(), INKS) is None
    chart = Chart(title="标题", description="说明", sketch=exact.sketch())
    assert draw_chart(chart, 1) == draw(exact.sketch().spec(), 1)


def test_nothing_drawn_is_left_to_the_engine() -> None:
    assert draw_sketch(Sketch(20.0), INKS) is None


@pytest.mark.parametrize(("text", "width"), [("年", 12), ("2021", 26.688), ("a  b", 16.32)])
def test_texts_are_as_wide_as_in_the_font(text: str, width: float) -> None:
    assert text_width(text) == pytest.approx(width)
