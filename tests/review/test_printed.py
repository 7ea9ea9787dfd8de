"""What `check` says of a published file beyond its cells and sections: titles, headings, lost tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reportkit.form import load_edition
from reportkit.review.checking import check_paths
from tests.published import rendering as r


def _codes(folder: Path, text: str) -> dict[str, str]:
    path = folder / "年报.html"
    path.write_text(text, encoding="utf-8")
    (entry,) = check_paths([path], folder / "reviews")
    return {each.finding.code: each.finding.message for each in entry.findings}


@pytest.fixture(scope="module")
def printed() -> r.Printed:
    return r.printed("2021", dict.fromkeys(load_edition("2021").addresses, 0))


def test_slips_outside_the_prose(tmp_path: Path, printed: r.Printed) -> None:
    assert not {"X-TABLE", "X-DOUBLE", "X-ARTICLE"} & _codes(tmp_path, r.page(printed)).keys()
    wrong = r.page(printed).replace("第二十条第（五）项", "第二十一条第（五）项")
    wrong = wrong.replace("政府信息公开工作年度报告", "政府信息公开工作年度年度报告")
    found = _codes(tmp_path, wrong)
    assert "年度年度" in found["X-DOUBLE"]
    assert "第二十一条没有分项" in found["X-ARTICLE"]


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_one_table_that_is_a_picture(tmp_path: Path, printed: r.Printed, lost: int) -> None:
    picture = ((r.Slot("（图片）"),),)
    tables = tuple(picture if n == lost else t for n, t in enumerate(printed.tables))
    found = _codes(tmp_path, r.page(replace(printed, tables=tables)))
    title = [s.title for s in printed.edition.sections if s.table][lost]
    assert str(title) in found["X-TABLE"]
