"""A view prints itself: the same files as a run's, from the notebook's cells executed once and here."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reportkit.errors import ParameterError, PublicRefused, RunError
from reportkit.export.document import read_document
from reportkit.export.formats import Printer
from reportkit.notebook import View, load_county, load_report
from reportkit.notebook.loading import view
from reportkit.notebook.printing import execute_here
from tests import dossiers
from tests.notebooks import executed

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def shown() -> View:
    return load_report("ershilidian", 2021)


def test_it_prints_what_the_exporters_print(shown: View, tmp_path: Path) -> None:
    by_exporter = Printer(read_document(_read_back(executed(shown))))
    assert shown.to_html() == by_exporter.print("html")
    assert shown.to("json") == by_exporter.print("json")
    for name, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert shown.to(name).startswith(begins)
    assert shown.to_excel(tmp_path) == tmp_path / "ershilidian.xlsx"
    assert shown.to_docx(tmp_path / "年报.docx").read_bytes() == shown.to_docx()


def _read_back(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    again: nbformat.NotebookNode = nbformat.reads(nbformat.writes(nb), as_version=4)
    return again


def test_a_county_prints_itself_too() -> None:
    assert "县（市、区）" not in load_county("haiyang", 2021).to_html().decode()[:300]
    assert json.loads(load_county("haiyang", 2021).to("json"))["town"]["id"] == "haiyang"


def test_an_unknown_format_is_named(shown: View) -> None:
    with pytest.raises(ParameterError, match="did you mean 'docx'"):
        shown.to("doc")


def test_a_draft_is_refused_for_the_public_unless_it_is_let_through() -> None:
    draft = view(dossiers.faulty(), "public")
    with pytest.raises(PublicRefused):
        draft.to_html()
    assert "草稿" in draft.to_html(draft=True).decode()


def cells(tmp_path: Path, *sources: str) -> Path:
    first = new_code_cell("town = 'a'", metadata={"tags": ["parameters"]})
    nb = new_notebook(cells=[first, *map(new_code_cell, sources)])
    path = tmp_path / "own.ipynb"
    nbformat.write(nb, path)
    return path


def outputs(path: Path) -> list[Any]:
    nb = execute_here(path, {"town": "b"})
    return [output.data for cell in nb.cells[1:] for output in cell.outputs]


def test_cells_run_in_a_namespace_of_their_own_with_the_parameters(tmp_path: Path) -> None:
    path = cells(tmp_path, "kept = town\nprint('unseen')", "kept", "kept;", "{'a': 1}")
    assert outputs(path) == [{"text/plain": "'b'"}, {"text/plain": "{'a': 1}"}]
    assert "kept" not in globals()


def test_what_a_cell_displays_comes_before_its_value(tmp_path: Path) -> None:
    source = f"""
from IPython.display import Image, Markdown, display
import base64
display(Markdown("一"))
Image(base64.b64decode("{PNG}"))
"""
    first, second = outputs(cells(tmp_path, source))
    assert first["text/markdown"] == "一"
    assert base64.b64decode(second["image/png"]).startswith(b"\x89PNG")


def test_a_chart_of_altair_is_data(tmp_path: Path) -> None:
    source = """
import altair as alt
import pandas as pd
alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a")
"""
    [data] = outputs(cells(tmp_path, source))
    assert "application/vnd.vegalite.v5+json" in data


def test_a_cell_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"own\.ipynb: cell 2 failed: ZeroDivisionError"):
        execute_here(cells(tmp_path, "1/0"), {"town": "b"})
    assert sys.stdout is not None
