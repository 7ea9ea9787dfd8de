"""An executed notebook is read as nbformat reads it."""

from __future__ import annotations

import json

import nbformat

from reportkit.running.execution.publish import _read


def test_an_executed_notebook_is_read_as_nbformat_reads_it() -> None:
    v4 = nbformat.v4
    cell = v4.new_code_cell(
        "shown",
        outputs=[
            v4.new_output("stream", name="stdout", text="a\nb\n"),
            v4.new_output(
                "display_data",
                {"text/html": "<b>\n1</b>", "application/x+json": {"a": ["b\n", "c"]}},
            ),
        ],
        metadata={"trusted": True, "tags": ["aside"]},
    )
    node = v4.new_notebook(cells=[v4.new_markdown_cell("## x\n\ny"), cell])
    for content in (json.dumps(node), nbformat.writes(node)):  # lines whole, and split
        read = _read(content.encode())
        assert read == v4.reads_json(content)
        assert read.cells[1].metadata.tags == ["aside"]
        assert read.cells[1].outputs[0].text == "a\nb\n"
