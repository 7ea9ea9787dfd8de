"""The sample county's reports, made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import pytest

from reportkit.registers.sample.embedded import embedded_registers
from reportkit.report import TownReport
from reportkit.sources.source import open_source

Reports: TypeAlias = Mapping[tuple[str, int], TownReport]


@pytest.fixture(scope="session")
def reports() -> Reports:
    """Return every report of the sample county by town and year."""
    source = open_source("sample:")
    assert source.problems == ()
    return {
        (town, year): source.load(town, year).report
        for town in source.towns
        for year in source.years(town)
    }


@pytest.fixture(scope="session")
def made() -> Mapping[str, Any]:
    """Return the sample county's registers as the generator makes them now."""
    return embedded_registers()
