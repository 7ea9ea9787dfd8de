"""A bounded part of the hostile suite: every kind, few of each. `make hostile` runs more."""

from __future__ import annotations

import sys

import pytest

from tests.hostile.bombs import bomb_rows
from tests.hostile.carried import carried_rows
from tests.hostile.disguised import disguised_rows
from tests.hostile.fuzz import fuzz_rows
from tests.hostile.injection import TEXTS, injection_rows
from tests.hostile.notebooks import misdeeds
from tests.hostile.recorded import recorded_rows
from tests.hostile.supply import ROOT, supply_rows
from tests.hostile.table import Row, print_rows, renewed
from tests.mutation.faults import Faults
from tests.mutation.modules import MODULES
from tests.mutation.table import HEAD, score
from tests.mutation.table import renewed as mutation_renewed


def assert_clean(rows: list[Row]) -> None:
    assert all(row.clean for row in rows), "\n".join(
        [print_rows(rows), *(fault for row in rows for fault in (*row.lost, *row.through))]
    )


def test_no_hostile_text_does_anything_in_any_format() -> None:
    rows = list(injection_rows())
    assert len(rows) > 4
    assert_clean(rows)


def test_no_hostile_text_does_anything_on_any_other_way() -> None:
    assert_clean(list(carried_rows(TEXTS[::7])))


def test_damaged_input_ends_in_errors_of_this_package_alone() -> None:
    assert_clean(list(fuzz_rows(200, 12)))


BOMBS = frozenset(
    [
        "entities.docx",
        "entities in UTF-16.docx",
        "deep.docx",
        "entities.ofd",
        "deep.ofd",
        "steps.ofd",
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


def test_files_that_are_not_what_they_say_are_read_as_meant_or_refused() -> None:
    assert_clean(list(disguised_rows()))


def test_the_source_evaluates_nothing_and_the_locks_hold_no_address() -> None:
    assert_clean(list(supply_rows()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a forkserver to kill")
def test_a_notebook_that_kills_its_parent_fails_alone() -> None:
    assert_clean([misdeeds(("kills its parent",))])


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_run_makes_files_durable_asks_nobody_and_keeps_its_files_to_itself() -> None:
    assert_clean(list(recorded_rows("html,docx,pdf,xlsx")))


def test_what_faults_are_put_into_is_there_with_its_tests() -> None:
    for module, tests in MODULES.items():
        assert (ROOT / "src" / "reportkit" / module).is_file(), module
        assert all((ROOT / test).is_file() for test in tests), module


def test_a_modules_score_counts_what_is_left_by_reason() -> None:
    faults = Faults.of(ROOT / "src" / "reportkit" / "form" / "table.py")
    left, unseen = faults.names[:2]
    known = {"everywhere": [{"change": faults.difference(left), "reason": "equal"}]}
    verdicts = {**dict.fromkeys(faults.names, "found"), left: "left", unseen: "no test"}
    made = score("form/table.py", faults, verdicts, known)
    assert (made.found, made.reasons) == (len(faults.names) - 2, {"equal": 1})
    assert list(made.unexplained) == [unseen]
    page = f"words\n\n{HEAD}\n|---|\n| a | 1 |\n\nmore\n"
    again = mutation_renewed(page, [made], "day 1").splitlines()
    assert again[-4:] == ["| a | 1 |", made.line("day 1"), "", "more"]


def test_a_sample_of_faults_is_always_the_same_and_the_score_counts_what_was_tried() -> None:
    faults = Faults.of(ROOT / "src" / "reportkit" / "form" / "table.py")
    some = faults.sample("form/table.py", 3)
    assert some == faults.sample("form/table.py", 3)
    assert len({*some}) == 3
    assert faults.sample("form/table.py", 5)[:3] == some
    assert {*faults.sample("form/table.py", 10**6)} == {*faults.names}
    verdicts = {**dict.fromkeys(some, "found"), some[0]: "left"}
    made = score("form/table.py", faults, verdicts, {"everywhere": []})
    assert (made.faults, made.tried, made.found) == (len(faults.names), 3, 2)
    assert made.line("day 1").startswith(f"| form/table.py | {len(faults.names)} | 3 | 2 | 67% |")


def test_the_table_counts_what_got_through() -> None:
    row = Row("fuzz", "x", tried=3, full=3000, through=["TypeError"])
    assert not row.clean
    assert "| fuzz | x | 3 of 3,000 | 0 | 1 |" in print_rows([row])
    page = f"words\n\n{print_rows([row, Row('kills', 'y', 2)], 'day 1')}\n\nmore\n"
    again = renewed(page, [Row("injection", "z", 1), Row("fuzz", "x", 9, full=9)], "day 2")
    assert again.startswith("words\n")
    assert again.splitlines()[4:] == [
        "| injection | z | 1 | 0 | 0 | day 2 |  |",
        "| fuzz | x | 9 | 0 | 0 | day 2 |  |",
        "| kills | y | 2 | 0 | 0 | day 1 |  |",
        "",
        "Together: 3 rows, 12 inputs and faults, 0 lost, 0 through.",
        "",
        "more",
    ]
    assert not Row("fuzz", "nothing was tried").clean
