"""What a view gives to look at: DataFrames, the card, what stands behind a figure; and none of it to the public."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_output

from reportkit.blocks import HTML, FormTable
from reportkit.blocks.block import FOR_OFFICE
from reportkit.errors import BlockRefused, FormError, UnknownAddress, UnknownTown
from reportkit.export.document import read_document
from reportkit.export.html import render_html
from reportkit.notebook import View, load_county, load_report, tables
from reportkit.notebook.frames import FindingsFrame, OfficeFrame, WhyFrame
from reportkit.notebook.loading import view
from reportkit.project.this_run import RUN_VARIABLE, ThisRun
from reportkit.published.reading import read_file
from tests import dossiers
from tests.markup import document
from tests.notebooks import executed

TOWN, YEAR = "hanling", 2020
"""The sample county's town and year with the most applications."""


@pytest.fixture(scope="module")
def shown() -> View:
    return load_report(TOWN, YEAR)


@pytest.fixture(scope="module")
def inner() -> View:
    return load_report(TOWN, YEAR, audience="internal")


def test_cells_facts_and_sections_are_tidy_and_typed(shown: View) -> None:
    cells = shown.cells.set_index("address")
    assert len(cells) == len(shown.report.cells)
    assert all(isinstance(value, Decimal) for value in cells.value if value is not pd.NA)
    assert [str(cells[name].dtype) for name in ("year", "town", "value", "illustrative")] == [
        *("Int64", "string", "object", "boolean"),
    ]
    assert list(shown.sections.section) == list(shown.report.sections)
    assert (
        dict(zip(shown.facts.fact, shown.facts.value, strict=True))["disclosed_items"]
        == (shown.report.facts["disclosed_items"])
    )


@pytest.mark.parametrize("year", [2020, 2021])
def test_a_table_is_shaped_as_it_is_printed(year: int) -> None:
    report = load_report(TOWN, year)
    for code, table in report.edition.tables.items():
        frame = report.table(code)
        values = [value for value in frame.to_numpy().ravel().tolist() if value != ""]
        assert values == [report.report.cells[cell.address] for cell in table.cells()]
    wide = report.table("s3")
    first = wide[wide.index.get_level_values(-1) == "一、本年新收政府信息公开申请数量"]
    assert tuple(wide.columns[-1]) == ("", "总计")
    assert first.iloc[0, -1] == report.report.cells["t3.received.total"]
    with pytest.raises(FormError, match="did you mean 's3'"):
        report.table("s33")


def test_an_unknown_cell_of_a_table_is_na() -> None:
    frame = view(dossiers.faulty(), "internal").table("t4")
    assert sum(value is pd.NA for value in frame.iloc[0]) == 1


def test_why_gives_rows_with_dates_and_their_places(shown: View) -> None:
    why = shown.why("t3.received.natural_person")
    assert list(why.columns) == [
        *("application_no", "received_on", "replied_on", "file", "sheet", "row"),
    ]
    assert (len(why), why.attrs["rows"]) == (20, why.attrs["value"])
    assert str(why.received_on.dtype) == "datetime64[s]"
    assert "另有36项" in why.shown()
    parts = shown.why("t3.received.total")
    assert parts.value.sum() == parts.attrs["value"] == shown.report.cells["t3.received.total"]
    assert shown.why("disclosed_items").attrs["rule"].startswith("主动公开台账")
    with pytest.raises(UnknownAddress, match=r"did you mean 't3\.received\.total'"):
        shown.why("t3.received.totl")


def test_why_of_a_county_names_its_bodies() -> None:
    county = load_county("haiyang", 2021)
    why = county.why("t2.normative_documents.made")
    assert why.attrs["rule"] == "各单位年度报告同一单元格之和"
    assert why.value.sum() == why.attrs["value"]


def test_findings_show_their_level_in_colour() -> None:
    for_public = view(dossiers.faulty(), "public")
    found = for_public.findings
    assert len(found) == len(for_public.report.findings) > 3
    assert "#a61b1b" in found.shown()
    assert "错误" in found.shown()
    errors = found[found.level == "error"]
    assert isinstance(errors, FindingsFrame)
    assert FOR_OFFICE in errors._repr_mimebundle_()


def displaying(shown: View, value: OfficeFrame) -> nbformat.NotebookNode:
    nb = executed(shown)
    cell = new_code_cell("own")
    cell.outputs = [new_output("execute_result", json.loads(json.dumps(value._repr_mimebundle_())))]
    nb.cells.append(cell)
    return nb


def test_a_public_page_leaves_out_what_is_for_the_office(shown: View, inner: View) -> None:
    why = shown.why("t3.received.natural_person")
    nb = displaying(shown, why)
    assert "2020-00003" not in render_html(nb, draft=True)
    assert any("office" in words for words in read_document(nb, draft=True).left_out)
    assert "2020-00003" in render_html(displaying(inner, why))


def test_in_a_run_for_the_public_it_shows_nothing(
    shown: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ThisRun(town=TOWN, year=YEAR, audience="public", output="output", formats=("html",))
    monkeypatch.setenv(RUN_VARIABLE, run.note())
    bundle = shown.why("t3.received.natural_person")._repr_mimebundle_()
    assert bundle == {"text/plain": "（公开稿不显示）"}


def test_the_internal_page_opens_every_figure_and_the_public_one_none(
    shown: View, inner: View
) -> None:
    page = render_html(executed(inner), draft=True)
    opened = document(page).xpath("//td/details[@name='why']")
    assert len(opened) == len(inner.report.cells)
    received = document(page).xpath("//td[@id='t3.received.natural_person']/details")[0]
    assert received.xpath("./summary")[0].text == "56"
    assert "收到日期在2020年" in received.text_content()
    assert "2020-00003 · 收到2020-01-06 · 答复2020-02-03" in received.text_content()
    assert "另有36项" in received.text_content()
    assert "<script" not in page
    assert len(page.encode()) < 120_000
    assert 'name="why"' not in render_html(executed(shown), draft=True)


def test_an_internal_page_is_read_back_as_it_was_made(inner: View, tmp_path: Path) -> None:
    place = tmp_path / "a.html"
    place.write_text(render_html(executed(inner), draft=True), "utf-8")
    [read] = read_file(place)
    assert read.report.cells == inner.report.cells


def test_a_public_document_with_opened_figures_is_refused(shown: View, inner: View) -> None:
    nb = executed(shown)
    block = tables.form(inner, "s3")
    assert isinstance(block, FormTable)
    assert block.behind
    place = next(c for c in nb.cells if '"s3"' in c.source and c.cell_type == "code")
    place.outputs[0].data = json.loads(json.dumps(block.bundle))
    with pytest.raises(BlockRefused, match="tells of findings"):
        read_document(nb)


def test_the_card_and_what_tab_completion_offers(shown: View) -> None:
    assert "report.why" in shown._repr_html_()
    assert shown._repr_mimebundle_()[HTML] == shown._repr_html_()
    assert len(dir(shown)) <= 15
    assert all(hasattr(shown, name) for name in dir(shown))


def test_why_without_registers_says_where_the_figure_is_from() -> None:
    why = view(dossiers.dossier(), "internal").why("t3.received.total")
    assert isinstance(why, WhyFrame)
    assert len(why) == 0
    assert why.attrs["rule"]
    assert not tables.form(view(dossiers.dossier(), "internal"), "s3").behind


@pytest.fixture
def shell() -> Iterator[Any]:
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_an_error_shows_one_line_in_a_notebook(
    shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell("from reportkit import load_report; load_report('ershilidan', 2021)")
    out = capsys.readouterr()
    lines = [line for line in (out.out + out.err).splitlines() if line.strip()]
    assert len(lines) == 1
    assert "UnknownTown" in lines[0]
    assert "did you mean 'ershilidian'" in lines[0]
    with pytest.raises(UnknownTown):
        load_report("ershilidan", 2021)
