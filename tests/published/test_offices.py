"""Text as offices paste it: the head of each page between rows, a column that numbers the rows."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from reportkit.form import EDITIONS, CellValue, load_edition
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong
from tests.published.strategies import balanced

LAYOUTS: dict[str, Callable[[r.Printed], str]] = {
    "one cell a line": lambda p: r.lines(p, "\n"),
    "tabs": r.tabs,
    "pipes": lambda p: r.pipes(p, spans=False, trail=False),
    "spaces": r.spaced,
    "page": r.page,
}


def _values(code: str, blanks: float = 0.0) -> dict[str, CellValue]:
    rng = random.Random(1)
    drawn: dict[str, CellValue] = {
        address: None if rng.random() < blanks else rng.choice([0, 0, 0, 2, 7, 12])
        for address in load_edition(code).addresses
    }
    return balanced(load_edition(code), drawn)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("code", EDITIONS)
def test_a_title_that_pages_repeat_begins_no_other_report(code: str, layout: str) -> None:
    values = _values(code)
    printed = r.printed(code, values)
    head = (r.Slot(printed.title),)
    repeated = printed.with_tables(
        lambda rows: [*rows[:8], head, *rows[8:]] if len(rows) > 10 else rows
    )
    read = read_one(LAYOUTS[layout](repeated))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


@pytest.mark.parametrize("blanks", [0.0, 0.3])
@pytest.mark.parametrize("layout", ["tabs", "pipes", "page"])
@pytest.mark.parametrize("code", EDITIONS)
def test_a_column_that_numbers_the_rows_holds_no_figures(
    code: str, layout: str, blanks: float
) -> None:
    values = _values(code, blanks)
    numbered = r.printed(code, values).with_tables(
        lambda rows: [
            (r.Slot(str(n) if n else "序号"), *row) if row[0].address is None else row
            for n, row in enumerate(rows)
        ]
    )
    assert not wrong(read_one(LAYOUTS[layout](numbered)), values)
