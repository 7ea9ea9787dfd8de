"""Markdown to HTML: what official prose needs, and nothing that could act."""

from __future__ import annotations

import pytest

from reportkit.blocks.markdown import render_prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("（一）主动公开。全年24条。", "<p><b>（一）主动公开。</b>全年24条。</p>"),
        ("**（一）主动公开。** 全年24条。", "<p><strong>（一）主动公开。</strong>全年24条。</p>"),
        ("**Note** text", "<p><strong>Note</strong> text</p>"),
        ("（一）这一句很长，中间有逗号。后文", "<p>（一）这一句很长，中间有逗号。后文</p>"),
        ("1. 甲\n2. 乙", "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>"),
        ("## 一、总体情况\n\n文", "<h2>一、总体情况</h2>\n<p>文</p>"),
        ("文\n\n## 甲", "<p>文</p>\n<h3>甲</h3>"),
        ("# 甲", "<h3>甲</h3>"),
        ("a<b>c</b>", "<p>a&lt;b&gt;c&lt;/b&gt;</p>"),
        (
            "![x](https://example.invalid/p.png)",
            '<p>!<a href="https://example.invalid/p.png">x</a></p>',
        ),
        ("", ""),
    ],
)
def test_prose(text: str, html: str) -> None:
    assert render_prose(text) == html


def test_tables_in_prose_are_tables() -> None:
    assert "<td>1</td>" in render_prose("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |")
