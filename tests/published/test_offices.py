"""Text as offices paste it: the head of each page between rows, a column that numbers the rows."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from reportkit.form import EDITIONS, CellValue, load_edition
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong
from tests.published.strategies import balanced

Rows = tuple[tuple[r.Slot, ...], ...]
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


TEXTS: dict[str, Callable[[r.Printed], str]] = {
    "one cell a line, blanks leave nothing": r.lines_without_blanks,
    "all in one line": r.one_line,
    "one line with pipes": lambda p: " | ".join(r.lines_without_blanks(p).splitlines()),
    "a pipe behind each cell": r.cell_pipes,
}


def _counted(rows: Rows, *, again: bool) -> Rows:
    """Number the rows of figures; ``again``: from one under each heading."""
    made: list[tuple[r.Slot, ...]] = []
    number = 0
    for row in rows:
        figures = any(slot.address for slot in row)
        if row[0].address is not None or len(row) == 1:
            made.append(row)
            continue
        number = number + 1 if figures else 0 if again else number
        made.append((r.Slot(str(number) if figures else "序号"), *row))
    return tuple(made)


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("blanks", [0.0, 0.3])
@pytest.mark.parametrize("code", EDITIONS)
@pytest.mark.parametrize("again", [False, True])
def test_counters_in_text_are_no_values(
    code: str, layout: str, blanks: float, *, again: bool
) -> None:
    values = _values(code, blanks)
    numbered = r.printed(code, values).with_tables(lambda rows: _counted(rows, again=again))
    read = read_one(TEXTS[layout](numbered))
    assert not wrong(read, values)
    if not blanks:
        assert len(certain(read)) >= len(values) - 3


def test_a_counter_that_may_be_a_value_is_said() -> None:
    values = dict.fromkeys(load_edition("2021").addresses, 0) | {"t2.charges.amount": 7}
    numbered = r.printed("2021", values).with_tables(lambda rows: _counted(rows, again=False))
    read = read_one(r.one_line(numbered))
    assert certain(read) == values.keys() - {"t2.charges.amount"}
    assert any("序号" in problem.message for problem in read.problems)
