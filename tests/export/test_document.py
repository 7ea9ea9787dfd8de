"""Documents: read from block data alone; what is forged, or of an older version, is refused."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest

from reportkit.blocks import BLOCK, FormTable
from reportkit.errors import BlockRefused
from reportkit.export.document import REPORT, read_document
from reportkit.export.html import render_html
from tests.export.conftest import ran


def outputs(nb: nbformat.NotebookNode, kind: str) -> list[Any]:
    return [
        output.data
        for cell in nb.cells
        for output in cell.get("outputs", ())
        if BLOCK in output.data and output.data[BLOCK]["kind"] == kind
    ]


def test_a_document_holds_the_forms_sections_and_their_blocks() -> None:
    document = read_document(ran("full"))
    assert [s.anchor for s in document.sections] == ["s1", "s2", "s3", "s4", "s5", "s6"]
    assert [b.kind for b in document.lead] == ["key_figures", "prose"]
    assert [type(s.blocks[0]) for s in document.sections[1:4]] == [FormTable] * 3
    assert document.title == "示例县白石沟镇2023年政府信息公开工作年度报告"
    assert document.words == ("示例数据",)
    assert document.left_out == ()


def test_html_beside_the_data_is_never_read() -> None:
    nb = ran("full")
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            for mime in output.data.keys() - {BLOCK, REPORT}:
                output.data[mime] = "<script>alert(1)</script>"
    assert render_html(nb) == render_html(ran("full"))


def test_a_notebook_of_an_older_version_is_refused_in_one_sentence() -> None:
    nb = ran("full")
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            output.data.pop(BLOCK, None)
    with pytest.raises(BlockRefused, match=r"executed by reportkit 0\.1.*run it again"):
        read_document(nb)


def test_figures_that_are_not_the_reports_are_refused() -> None:
    nb = ran("full")
    cells = outputs(nb, "form_table")[1][BLOCK]["cells"]
    cells["t3.granted.total"] += 1
    with pytest.raises(BlockRefused, match=r"t3\.granted\.total is 14 in it, and 13 in the report"):
        read_document(nb)


def test_a_public_report_tells_of_no_finding_whoever_wrote_the_notebook() -> None:
    public, internal = ran("faulty"), ran("faulty", "internal")
    for kind in ("findings", "form_table"):
        forged = copy.deepcopy(public)
        forged.cells.append(
            nbformat.v4.new_code_cell(
                outputs=[nbformat.v4.new_output("display_data", outputs(internal, kind)[0])]
            )
        )
        with pytest.raises(BlockRefused, match="tells of findings"):
            read_document(forged, draft=True)
    masthead = outputs(public, "masthead")[0]
    masthead[REPORT]["report"]["findings"] = outputs(internal, "masthead")[0][REPORT]["report"][
        "findings"
    ]
    with pytest.raises(BlockRefused, match="public report with findings"):
        read_document(public, draft=True)


def test_a_masthead_that_is_not_the_reports_is_refused() -> None:
    nb = ran("full")
    outputs(nb, "masthead")[0][BLOCK]["illustrative"] = False
    with pytest.raises(BlockRefused, match="masthead"):
        read_document(nb)


def test_a_fault_is_named_with_its_cell() -> None:
    nb = ran("full")
    outputs(nb, "key_figures")[0][BLOCK]["more"] = 1
    with pytest.raises(BlockRefused, match=r"cell 4 of the notebook: key_figures\.more"):
        read_document(nb)
