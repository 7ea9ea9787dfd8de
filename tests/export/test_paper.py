"""The paper that Word and PDF share: a free table's columns are as wide as what stands in them asks for."""

from __future__ import annotations

import pytest

from reportkit.export.paper import TYPE_AREA, rows_widths


def test_a_column_of_figures_leaves_its_room_to_long_texts() -> None:
    words = "一、本年新收政府信息公开申请数量·法人或其他组织·总计"
    label, total, parts = rows_widths(["栏目", "合计", "构成"], [[words, "216", words * 3]])
    assert label + total + parts == pytest.approx(TYPE_AREA)
    assert total < 15
    assert label == pytest.approx(parts)


def test_columns_alike_are_equal() -> None:
    assert rows_widths(["甲", "乙"], []) == pytest.approx([TYPE_AREA / 2] * 2)
