"""Cells of a user's own: the page holds what they show, and nothing of it acts or asks a network."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import sync_playwright

from reportkit.blocks import Chart, ForeignHtml, Picture, Table
from reportkit.export.document import Document, read_document
from reportkit.export.html import render_document
from tests.blocks.test_sanitise import ATTACKS
from tests.export.conftest import ran
from tests.export.test_html import PNG
from tests.markup import document
from tests.programs import CHROMIUM

GOLDEN = Path(__file__).parent / "golden" / "own-cells.html"
FRAME = pd.DataFrame({"指标": ["甲", "乙"], "数": [1, 2.5], "金额": [1200.0, None]})
SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="50" height="50">'
    '<circle id="s3" r="20" cx="25" cy="25"/><use href="#s3"/><script>alert(1)</script></svg>'
)


def shows(nb: nbformat.NotebookNode, data: dict[str, Any], **metadata: Any) -> None:
    nb.cells.append(new_code_cell(outputs=[new_output("display_data", data, metadata=metadata)]))


def own_cells() -> nbformat.NotebookNode:
    """Return an executed notebook with cells of a user's own after the master's."""
    nb = ran("bare")
    nb.cells.append(
        new_markdown_cell("## 附：我镇补充说明\n\n自己写的*一段*。<script>alert(1)</script>")
    )
    shows(nb, {"text/html": FRAME.to_html(border=1), "text/plain": "x"})
    shows(nb, {"text/html": FRAME[["数"]].style.highlight_max(color="#ffcc00").to_html()})
    with alt.renderers.enable("mimetype"):
        chart = alt.Chart(FRAME).mark_bar().encode(x="指标:N", y="数:Q").properties(title="自制图")
        shows(nb, chart._repr_mimebundle_()[0])
    shows(nb, {"image/svg+xml": SVG}, alt="一个圆")
    shows(nb, {"image/png": base64.b64encode(PNG).decode()}, alt="一个点")
    for attack in ATTACKS:
        shows(nb, {"text/html": f"<p>危险</p>{attack}"})
    shows(nb, {"application/javascript": "alert(1)"})
    return nb


@pytest.fixture(scope="module")
def read() -> Document:
    return read_document(own_cells())


def test_each_becomes_the_block_that_it_is(read: Document) -> None:
    section = read.sections[-1]
    assert section.title == "附：我镇补充说明"
    _, frame, styler, chart, svg, png, *_ = section.blocks
    assert isinstance(frame, Table)
    assert [column.label for column in frame.columns] == ["指标", "数", "金额"]
    assert [[str(value) for value in row] for row in frame.rows] == [
        ["甲", "1", "1200"],
        ["乙", "2.5", "None"],
    ]
    assert isinstance(styler, ForeignHtml)
    assert "#ffcc00" in styler.body
    assert styler.table is not None
    assert isinstance(chart, Chart)
    assert (chart.title, chart.table is not None) == ("自制图", True)
    assert isinstance(svg, Picture)
    assert isinstance(png, Picture)
    assert (svg.alt, png.alt, png.content) == ("一个圆", "一个点", PNG)


def test_a_chart_is_as_large_as_it_was_drawn_and_its_ground_is_not_painted(read: Document) -> None:
    tree = document(render_document(read))
    figure = tree.xpath("//figure[.//b='自制图']//svg")[0]
    assert figure.get("fill") == "none"  # the engine's own default; without it the ground is black
    assert figure.get("style") == f"max-width:{figure.get('width')}px"
    circle = tree.xpath("//*[@aria-label='一个圆']/svg")[0]
    assert (circle.get("viewbox"), circle.get("style")) == ("0 0 50 50", "max-width:50px")


def test_what_was_left_out_is_said_with_its_cell(read: Document) -> None:
    said = "\n".join(read.left_out)
    assert re.search(r"cell \d+: left out: script$", said, re.MULTILINE)
    assert "left out: application/javascript" in said
    assert "iframe" in said
    assert "onclick" in said


def test_golden_page_of_own_cells(read: Document, tmp_path: Path) -> None:
    page = re.sub(r"<style>.*?</style>", "<style></style>", render_document(read), flags=re.DOTALL)
    page = re.sub(r"<template .*?</template>", "<template></template>", page, flags=re.DOTALL)
    made = tmp_path / GOLDEN.name
    made.write_text(page, "utf-8")
    assert GOLDEN.is_file(), f"no golden page: look at {made} and copy it to {GOLDEN}"
    assert page == GOLDEN.read_text("utf-8"), f"the page is now {made}: see golden/README.md"


def test_ids_are_each_once_and_none_is_a_place_of_the_report(read: Document) -> None:
    tree = document(render_document(read))
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert [node.tag for node in tree.xpath("//*[@id='s3']")] == ["h2"]
    assert not tree.xpath("//main//style|//script|//iframe|//*[starts-with(name(@*), 'on')]")
    assert "alert(1)" not in re.sub(
        r"&lt;script&gt;.*?&lt;/script&gt;", "", render_document(read)
    ).replace("ipt&gt;alert(1)", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.mark.browser
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("policy", [True, False], ids=["with its policy", "without"])
def test_a_browser_asks_for_nothing_and_runs_nothing(
    browser: Any, read: Document, tmp_path: Path, policy: bool
) -> None:
    """The page's policy would stop requests too; the sanitiser must not need it."""
    page = render_document(read)
    if not policy:
        page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    file = tmp_path / "own.html"
    file.write_text(page, "utf-8")
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    requests: list[str] = []
    alerts: list[str] = []
    complaints: list[str] = []

    def dismissed(dialog: Any) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    tab.on("request", lambda request: requests.append(request.url))
    tab.on("dialog", dismissed)
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(file.as_uri())
    tab.wait_for_timeout(300)
    assert [url for url in requests if not url.startswith("data:image/")] == [file.as_uri()]
    assert alerts == []
    assert complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.locator("img").last.evaluate("e => e.naturalWidth") >= 0
    tab.close()
