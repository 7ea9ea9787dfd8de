"""Plain text as programs print pages: narrow columns, group labels beside rows, headers broken over lines.

The texts in plain/ are invented towns' pages of this package, printed by pdftotext -layout, w3m and pandoc or
taken as a node's text, and cut to the sections with tables; the JSON files hold all cells.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportkit.prose.content import TextParagraph
from reportkit.published.documents.text import read_text
from reportkit.published.reading import read_file

FOLDER = Path(__file__).with_name("plain")


def test_a_page_printed_as_text_is_read_whole() -> None:
    files = sorted(FOLDER.glob("*.txt"))
    assert len(files) == 8
    for file in files:
        program, _, report = file.stem.partition("-")
        cells = json.loads((FOLDER / f"{report}.json").read_text("utf-8"))
        [read] = read_file(file)
        assert read.report.to_dict()["cells"] == cells, program


def test_a_table_of_html_in_a_text_is_a_grid_and_lines_stay_lines() -> None:
    text = "# 某镇2023年报告\n\n一段话。\n<table>\n<tr><td>规章</td><td>0</td></tr>\n</table>\n\n另一段。\n"
    document = read_text(text.encode(), "报告.md")
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["TextParagraph", "TextParagraph", "Grid", "TextParagraph"]
    assert [block.place.line for block in document.blocks] == [1, 3, 5, 8]


@pytest.mark.parametrize("tags", ["<table>" * 50_000, "<table></table>" * 2000, "</table>" * 9])
def test_tags_of_tables_that_hold_nothing_lose_no_line(tags: str) -> None:
    document = read_text(f"某镇2023年报告\n{tags}\n尾声。\n".encode(), "报告.txt")
    texts = [block.text for block in document.blocks if isinstance(block, TextParagraph)]
    assert (texts[0], texts[-1]) == ("某镇2023年报告", "尾声。")
