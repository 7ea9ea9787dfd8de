"""Broken sources: a cell dropped, columns exchanged, a table cut off.

Whatever is done to a page, no cell may be certain and wrong. What the page does not betray (a value
exchanged for another without a header or a sum to show it) nobody can see, and is not tried here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import ReadError
from reportkit.form import CellValue
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong
from tests.published.strategies import reports
from tests.published.test_layouts import EXACT

Rows = tuple[tuple[r.Slot, ...], ...]
LAYOUTS = ["one cell a line, empty lines between", "page", "pipes", "tabs", "spaces"]


def _in_one_table(report: r.Printed, rng: Random, change: Callable[[Rows], Rows]) -> r.Printed:
    at = rng.randrange(len(report.tables))
    tables = tuple(change(t) if i == at else t for i, t in enumerate(report.tables))
    return replace(report, tables=tables)


def _in_one_row(
    report: r.Printed, rng: Random, change: Callable[[tuple[r.Slot, ...]], tuple[r.Slot, ...]]
) -> r.Printed:
    def in_table(rows: Rows) -> Rows:
        at = rng.randrange(len(rows))
        return tuple(change(row) if i == at else row for i, row in enumerate(rows))

    return _in_one_table(report, rng, in_table)


def drop_cell(report: r.Printed, rng: Random) -> r.Printed:
    def drop(row: tuple[r.Slot, ...]) -> tuple[r.Slot, ...]:
        at = rng.randrange(len(row))
        return row[:at] + row[at + 1 :]

    return _in_one_row(report, rng, drop)


def double_cell(report: r.Printed, rng: Random) -> r.Printed:
    def double(row: tuple[r.Slot, ...]) -> tuple[r.Slot, ...]:
        at = rng.randrange(len(row))
        return row[: at + 1] + row[at:]

    return _in_one_row(report, rng, double)


def drop_row(report: r.Printed, rng: Random) -> r.Printed:
    def drop(rows: Rows) -> Rows:
        at = rng.randrange(len(rows))
        return rows[:at] + rows[at + 1 :]

    return _in_one_table(report, rng, drop)


def rename_label(report: r.Printed, rng: Random) -> r.Printed:
    new = rng.choice(["", "其中", "合计", "备注", "小计", "行政检查", "其他", "本年数量"])

    def rename(row: tuple[r.Slot, ...]) -> tuple[r.Slot, ...]:
        labels = [i for i, slot in enumerate(row) if slot.address is None]
        at = rng.choice(labels) if labels else -1
        return tuple(replace(s, text=new) if i == at else s for i, s in enumerate(row))

    return _in_one_row(report, rng, rename)


def extra_row(report: r.Printed, rng: Random) -> r.Printed:
    def add(rows: Rows) -> Rows:
        at = rng.randrange(2, len(rows))
        width = sum(slot.address is not None for slot in rows[at]) or 3
        label = rng.choice(["合计", "小计", "其中：网上申请", "总计"])
        row = (r.Slot(label), *(r.Slot(str(rng.randrange(9))) for _ in range(width)))
        return (*rows[:at], row, *rows[at:])

    return _in_one_table(report, rng, add)


def drop_headers(report: r.Printed, rng: Random) -> r.Printed:
    def drop(rows: Rows) -> Rows:
        return tuple(row for row in rows if any(slot.address for slot in row))

    return _in_one_table(report, rng, drop)


def _exchange(row: tuple[r.Slot, ...], i: int, j: int) -> tuple[r.Slot, ...]:
    cells = list(row)
    cells[i], cells[j] = cells[j], cells[i]
    return tuple(cells)


def exchange_columns(report: r.Printed, rng: Random) -> r.Printed:
    """Exchange two columns of the first table's first block, headings and all."""
    i, j = rng.sample(range(1, 4), 2)

    def change(rows: Rows) -> Rows:
        width = len(rows[1])
        return tuple(_exchange(row, i, j) if len(row) == width == 4 else row for row in rows)

    return replace(report, tables=(change(report.tables[0]), *report.tables[1:]))


def exchange_inner_columns(report: r.Printed, rng: Random) -> r.Printed:
    """Exchange two of the five columns of the applications table, headings and all."""
    i, j = rng.sample(range(5), 2)

    def change(rows: Rows) -> Rows:
        made = []
        for nth, row in enumerate(rows):
            if nth == 2:
                made.append(_exchange(row, i, j))
            elif row[-1].address:
                first = len(row) - 6
                made.append(_exchange(row, first + i, first + j))
            else:
                made.append(row)
        return tuple(made)

    tables = list(report.tables)
    tables[1] = change(tables[1])
    return replace(report, tables=tuple(tables))


MUTATIONS = [
    drop_cell,
    double_cell,
    drop_row,
    rename_label,
    extra_row,
    drop_headers,
    exchange_columns,
    exchange_inner_columns,
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mutate", MUTATIONS)
@settings(max_examples=3, deadline=None)
@given(reports(blanks=False), st.randoms(use_true_random=False))
def test_no_mutation_makes_a_certain_wrong_cell(
    mutate: Callable[[r.Printed, Random], r.Printed],
    layout: str,
    report: tuple[str, dict[str, CellValue]],
    rng: Random,
) -> None:
    code, values = report
    assert not wrong(read_one(EXACT[layout](mutate(r.printed(code, values), rng))), values)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=4, deadline=None)
@given(reports(blanks=True), st.integers(150, 4000))
def test_a_source_cut_anywhere_is_never_misread(
    layout: str, report: tuple[str, dict[str, CellValue]], at: int
) -> None:
    code, values = report
    text = EXACT[layout](r.printed(code, values))
    try:
        read = read_one(text[:at])
    except ReadError:
        return
    assert not wrong(read, values)


@settings(max_examples=5, deadline=None)
@given(reports())
def test_a_dropped_cell_leaves_its_row_unread_and_the_others_certain(
    report: tuple[str, dict[str, CellValue]],
) -> None:
    code, values = report
    values = {address: 7 if "received" in address else value for address, value in values.items()}
    gone = "t3.received.research_institute"
    printed = r.printed(code, values).with_tables(
        lambda rows: [[slot for slot in row if slot.address != gone] for row in rows]
    )
    read = read_one(r.page(printed))
    row = {a for a in values if a.startswith("t3.received.")}
    assert gone not in certain(read)
    assert certain(read) >= values.keys() - row
    named = {address for problem in read.problems for address in problem.cells}
    assert row - certain(read) <= named


@settings(max_examples=10, deadline=None)
@given(reports())
def test_a_total_in_the_wrong_column_is_doubted(
    report: tuple[str, dict[str, CellValue]],
) -> None:
    code, values = report
    values |= {a: 3 for a in values if a.endswith(".natural_person")}
    values |= {
        a: 0 for a in values if a.startswith("t3.") and a.rsplit(".", 1)[1] != "natural_person"
    }
    values |= {a: 2 for a in values if a.startswith("t3.") and a.endswith(".enterprise")}
    values |= {a: 5 for a in values if a.startswith("t3.") and a.endswith(".total")}
    swapped = {"natural_person": "total", "total": "natural_person"}

    def printed_at(address: str, value: CellValue) -> str:
        head, _, column = address.rpartition(".")
        if address.startswith("t3."):
            value = values[f"{head}.{swapped.get(column, column)}"]
        return r.show(value)

    read = read_one(r.tabs(r.printed(code, values, printed_at)))
    assert not wrong(read, values)
    assert "t3.received.enterprise" in certain(read)
