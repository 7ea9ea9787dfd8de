"""Reports to check: plain ones, and random ones that balance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportkit.form import Cells, CellValue, load_edition
from reportkit.report import Town, TownReport

Make = Callable[..., TownReport]


@pytest.fixture
def make() -> Make:
    """Return a maker of reports whose cells are 0 but for those named."""

    def build(
        cells: dict[str, CellValue | str] | None = None,
        *,
        edition: str = "2021",
        year: int = 2022,
        kind: str | None = "town",
        **fields: object,
    ) -> TownReport:
        form = load_edition(edition)
        values: dict[str, CellValue | str] = dict.fromkeys(form.addresses, 0)
        town = Town(id="yunxi", name="云溪镇", county="示例县", kind=kind)
        return TownReport(
            **{
                "town": town,
                "year": year,
                "edition": edition,
                "cells": Cells(form, values | (cells or {})),
                **fields,
            }
        )

    return build
