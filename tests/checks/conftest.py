"""Reports to check: plain ones, and random ones that balance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.form import Cells, CellValue, load_edition
from reportkit.report import Town, TownReport

Make = Callable[..., TownReport]


SECTIONS = {
    "s0": "本报告根据政府信息公开条例编制，数据的统计期限为{year}年1月1日至{year}年12月31日。",
    "s1": "（一）主动公开。通过政府网站公开信息。\n\n（二）依申请公开。全年未收到政府信息公开申请。\n\n"
    "（三）政府信息管理。规范性文件由专人管理。\n\n（四）平台建设。栏目按期更新。\n\n"
    "（五）监督保障。开展工作考核和社会评议，没有发生责任追究。",
    "s5": "存在更新不够及时的问题，将安排专人负责。",
    "s6": "没有其他需要报告的事项。",
}


def prose(year: int = 2022, **changes: str) -> dict[str, str]:
    """Return prose that no rule objects to, with some sections changed."""
    return {code: text.format(year=year) for code, text in SECTIONS.items()} | changes


@pytest.fixture
def make() -> Make:
    """Return a maker of reports whose cells are 0 but for those named."""

    def build(
        cells: dict[str, CellValue | str] | None = None,
        *,
        edition: str = "2021",
        year: int | None = None,
        kind: str | None = "town",
        **fields: object,
    ) -> TownReport:
        form = load_edition(edition)
        year = year or {"2019": 2020, "2021": 2022}[edition]
        values: dict[str, CellValue | str] = dict.fromkeys(form.addresses, 0)
        town = Town(id="yunxi", name="云溪镇", county="示例县", kind=kind)
        return TownReport(
            **{
                "town": town,
                "year": year,
                "edition": edition,
                "cells": Cells(form, values | (cells or {})),
                "sections": prose(year),
                **fields,
            }
        )

    return build
