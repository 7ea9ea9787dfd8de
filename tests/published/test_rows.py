"""Rows by their labels: a label that goes on behind its values is found, and the runs that are searched stay as they were."""

from __future__ import annotations

from copy import deepcopy

from reportkit.prose.content import FileContent, TextParagraph, TextPlace
from reportkit.published.tables.labels import lexicon
from reportkit.published.tables.rows import match_rows
from reportkit.published.tables.runs import runs_of
from reportkit.published.tables.tokens import tokens_of

WRAPPED = """4.无正当理由大量反复申请
0 0 0 0 0 0 0
5.要求行政机关确认或重新出具
0 0 0 0 0 0 0
已获取信息
（六）其他处理"""


def test_a_search_leaves_the_runs_as_they_were() -> None:
    words = lexicon("2021")
    lines = [
        TextParagraph(line, TextPlace(line=number))
        for number, line in enumerate(WRAPPED.splitlines(), 1)
    ]
    runs = runs_of(tokens_of(FileContent("a.txt", tuple(lines))), words)
    before = deepcopy(runs)
    found, after = match_rows(runs, words)
    assert runs == before
    assert [match.slot.row.label[:2] for match in found] == ["4.", "5."]
    assert [run.used for run in after] == [0, 0, len("已获取信息")]
    assert match_rows(runs, words) == (found, after)
