"""Plain text as programs print pages: narrow columns, group labels beside rows, headers broken over lines.

The texts in plain/ are invented towns' pages of this package, printed by pdftotext -layout, w3m and pandoc or
taken as a node's text, and cut to the sections with tables; the JSON files hold all cells.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportkit.prose.content import TextParagraph, TextPlace
from reportkit.published.documents.text import read_text
from reportkit.published.reading import read_bytes, read_file
from reportkit.published.wrapped import unwrapped

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


WRAPPED = """      示例县霏琮街道 2021 年政府信息公开工作年
                度报告
   本报告根据《中华人民共和国政府信息公开条例》和政府信
息公开工作年度报告格式（国办公开办函〔2019〕60 号）的要求
编制。报告所列数据的统计期限自 2021 年 1 月 1 日起至 2021 年
12 月 31 日止。
   一、总体情况
   （一）主动公开情况。全年主动公开政府信息 60 条，办理人
大代表建议 5 件、政协提案 3 件；回复 12345 热线工单 121 件；
举办政府开放日活动 2 次。全年制发行政规范性文件 1 件，与上
年持平。
   五、存在的主要问题及改进情况
   2019 年与 2020 年的问题都已整改。
   六、其他需要报告的事项
   无。
"""


def test_sentences_and_titles_that_a_narrow_page_breaks_are_whole() -> None:
    [read] = read_bytes(WRAPPED.encode(), "页.txt")
    assert (read.report.town.name, read.report.year) == ("霏琮街道", 2021)
    assert dict(read.report.facts) == {
        "disclosed_items": 60,
        "npc_proposals": 5,
        "cppcc_proposals": 3,
        "hotline_replies": 121,
        "open_days": 2,
        "normative_documents_made": 1,
    }
    assert not [p.message for p in read.problems if "年度" in p.message or "名称" in p.message]


def test_a_date_before_a_title_is_no_year_of_it() -> None:
    text = "2022-01-20\n示例县霏琮街道政府信息公开工作\n年度报告\n" + WRAPPED.split("\n", 2)[2]
    [read] = read_bytes(text.encode(), "页.txt")
    assert read.report.year == 2021


def test_a_full_stop_that_begins_a_line_is_no_stray_one() -> None:
    lines = [TextParagraph(text, TextPlace(line=n)) for n, text in enumerate(("全年无申请", "。"))]
    assert [line.text for line in unwrapped(lines)] == ["全年无申请。"]
