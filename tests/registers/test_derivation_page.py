"""docs/derivation.md speaks of every fact and of every row and column of the form's tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.registers.schema import CASE_REGISTERS


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "derivation.md").read_text("utf-8")


def test_every_fact_is_explained(page: str) -> None:
    for fact in FACTS:
        assert f"| `{fact}` |" in page


def test_every_column_of_t2_and_t4_and_every_sum_of_t3_is_explained(page: str) -> None:
    named = set(re.findall(r"`(?:[a-z0-9_]+\.)*([a-z0-9_]+)`", page))
    for edition in EDITIONS:
        form = load_edition(edition)
        for code in ("t2", "t4"):
            for block in form.tables[code].blocks:
                assert {column.code for column in block.columns} <= named
        outcomes = {row.code for row in form.outcome_rows()}
        assert {row.code for row in form.tables["t3"].rows} - outcomes <= named


def test_every_case_register_is_named(page: str) -> None:
    for register in CASE_REGISTERS:
        assert f"`{register}`" in page
