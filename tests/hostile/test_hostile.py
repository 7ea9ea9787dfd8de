"""A bounded part of the hostile suite: every kind, few of each. `make hostile` runs more."""

from __future__ import annotations

import sys

import pytest

from tests.hostile.bombs import bomb_rows
from tests.hostile.fuzz import fuzz_rows
from tests.hostile.injection import injection_rows
from tests.hostile.table import Row, print_rows


def assert_clean(rows: list[Row]) -> None:
    assert all(row.clean for row in rows), "\n".join(
        [print_rows(rows), *(fault for row in rows for fault in (*row.lost, *row.through))]
    )


def test_no_hostile_text_does_anything_in_any_format() -> None:
    rows = list(injection_rows())
    assert len(rows) > 4
    assert_clean(rows)


def test_damaged_input_ends_in_errors_of_this_package_alone() -> None:
    assert_clean(list(fuzz_rows(200, 12)))


BOMBS = frozenset(
    [
        "entities.docx",
        "entities in UTF-16.docx",
        "deep.docx",
        "pages in a circle.pdf",
        "pages without end.pdf",
        "applications.xlsx",
        "far text.xlsx",
        "merged.xlsx",
        "entities.xlsx",
        "deep.xlsx",
        "sheets.xlsx",
        "one line/applications.csv",
        "rows/applications.parquet",
        "params/years.yaml",
        "params/deep.yaml",
        "reviews/2021.yaml",
        "reviews/2022.yaml",
        "deep.json",
    ]
)
"""Those that are made in no time."""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process took")
def test_what_swells_is_refused_cheaply_and_other_files_are_read() -> None:
    rows = list(bomb_rows(0, BOMBS))
    assert sum(row.tried for row in rows) > len(BOMBS)
    assert_clean(rows)


def test_the_table_counts_what_got_through() -> None:
    row = Row("fuzz", "x", tried=3, through=["TypeError"])
    assert not row.clean
    assert "| fuzz | x | 3 | 0 | 1 |" in print_rows([row])
    assert not Row("fuzz", "nothing was tried").clean
