"""Charts as inline SVG: small, of the page's colours, the same on every machine."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from lxml import etree

from reportkit.blocks import BLOCK, Chart, ink, parse_block
from reportkit.errors import ReportkitError
from reportkit.export.drawing import INKS, draw
from reportkit.export.html import render_html
from reportkit.export.vega import FONT
from tests.export import measure_font
from tests.export.conftest import ran

WITH_SYSTEM_FONTS = """
import hashlib, sys
import nbformat
from reportkit.export import vega as engine
engine._VARIABLE = "NOT_LOOKED_AT"
from reportkit.export.html import render_html
page = render_html(nbformat.read(sys.argv[1], as_version=4))
print(hashlib.sha256(page.encode()).hexdigest())
"""


def specification() -> dict[str, object]:
    for cell in ran("full").cells:
        for output in cell.get("outputs", ()):
            if "application/vnd.vegalite.v5+json" in output.data:
                spec: dict[str, object] = output.data["application/vnd.vegalite.v5+json"]
                return spec
    raise AssertionError("no chart in the notebook")


def test_every_colour_that_charts_draw_with_has_a_twin_in_the_page() -> None:
    used = {ink.INK, ink.FAINT, ink.LINE, ink.BAR, ink.ACCENT, *ink.OUTCOMES.values()}
    assert used == set(INKS)


def test_a_drawing_has_no_colour_font_or_reader_of_its_own() -> None:
    drawing = draw(specification(), 1)
    svg = etree.fromstring(drawing)
    assert svg.get("aria-hidden") == "true"
    names = {name for node in svg.iter() for name in node.attrib}
    assert not names & {"fill", "font-family", "role", "aria-label", "style", "xmlns", "href"}
    assert "#" not in drawing


def test_title_and_words_stand_beside_the_drawing() -> None:
    chart = next(
        parse_block(output.data[BLOCK])
        for cell in ran("full").cells
        for output in cell.get("outputs", ())
        if "application/vnd.vegalite.v5+json" in output.data
    )
    assert isinstance(chart, Chart)
    assert chart.title == "6月公开最多，37条次"
    assert "政府网站全年132条" in chart.description
    assert chart.title not in draw(chart.vega_lite(), 1)


def test_data_from_an_address_are_refused() -> None:
    spec = {
        "data": {"url": "http://127.0.0.1:9/data.json"},
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }
    with pytest.raises(ReportkitError, match=r"chart 3 cannot be drawn: .*url not allowed"):
        draw(spec, 3)


def test_a_broken_specification_is_named() -> None:
    with pytest.raises(ReportkitError, match="chart 2 cannot be drawn"):
        draw({"mark": "no such mark", "data": {"values": [{}]}}, 2)


@pytest.mark.parametrize("text", ["甲\x00乙\x08", "😀𠮷" * 20, "\ud83d"])
def test_no_text_of_a_chart_ends_the_engine(text: str) -> None:
    spec = {
        "mark": "bar",
        "data": {"values": [{text: 1, "x": text}]},
        "encoding": {
            "x": {"field": "x", "type": "nominal", "title": text},
            "y": {"field": text, "type": "quantitative"},
        },
    }
    assert draw(spec, 1).startswith("<svg")


def test_the_shipped_font_is_what_its_script_builds(tmp_path: Path) -> None:
    built = tmp_path / "measure.ttf"
    measure_font.build(built)
    assert built.read_bytes() == measure_font.SHIPPED.read_bytes()
    assert measure_font.FAMILY == FONT


def test_the_same_bytes_whatever_fonts_a_machine_has(tmp_path: Path) -> None:
    """Where the system's fonts cannot be kept out, as on Windows, they must not show in the page."""
    notebook = tmp_path / "executed.ipynb"
    nbformat.write(ran("full"), notebook)
    done = subprocess.run(
        [sys.executable, "-c", WITH_SYSTEM_FONTS, str(notebook)],
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(render_html(ran("full")).encode()).hexdigest()
    assert done.stdout.strip() == here
