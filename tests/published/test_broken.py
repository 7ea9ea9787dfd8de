"""Numbers that a narrow column broke over two lines: 10 as 1 and 0, below or around their label."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from reportkit.form import CellValue, load_edition
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong

ADDRESSES = load_edition("2021").addresses
PARTS = tuple(a for a in ADDRESSES if a.startswith("t3.granted."))
MARK = "\x01"

Break = Callable[[str, int], list[str]]
BREAKS: dict[str, Break] = {
    "below": lambda line, cut: [*_pieces(line, cut)],
    "around its label": lambda line, cut: [
        _pieces(line, cut)[0].split()[-1],
        " ".join(_pieces(line, cut)[0].split()[:-1]),
        _pieces(line, cut)[1],
    ],
    "above its label": lambda line, cut: [
        _pieces(line, cut)[0].split()[-1],
        f"{' '.join(_pieces(line, cut)[0].split()[:-1])} {_pieces(line, cut)[1]}",
    ],
}


def _pieces(line: str, cut: int) -> tuple[str, str]:
    """Part a line in its last number."""
    head, number = line.rsplit(" ", 1)
    return f"{head} {number[:cut]}", number[cut:]


@pytest.mark.parametrize("style", BREAKS)
@pytest.mark.parametrize("number", ["55", "10", "1480", "12.5"])
@pytest.mark.parametrize(
    "address",
    [
        "t2.licensing.decisions",
        "t2.penalties.decisions",
        "t2.charges.amount",
        "t2.regulations.in_force",
    ],
)
def test_a_number_broken_over_two_lines_is_never_half(
    address: str, number: str, style: str
) -> None:
    if "." in number and not address.endswith("amount"):
        return
    values: dict[str, CellValue] = dict.fromkeys(ADDRESSES, 0)
    values[address] = Decimal(number) if address.endswith("amount") else int(number)
    printed = r.printed("2021", values, lambda a, v: MARK * (a == address) + r.show(v))
    lines: list[str] = []
    for line in r.spaced(printed).split("\n"):
        cut = number.find(".") + 1 or 1
        lines += BREAKS[style](line.replace(MARK, ""), cut) if MARK in line else [line]
    read = read_one("\n".join(lines))
    assert not wrong(read, values)
    assert address not in certain(read) or read.report.cells[address] == values[address]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_one_cell_a_line_takes_no_half_for_the_whole(gap: str) -> None:
    values: dict[str, CellValue] = dict.fromkeys(ADDRESSES, 0)
    values |= {PARTS[0]: 12, "t3.granted.total": 12}
    printed = r.printed("2021", values, lambda a, v: "1\n2" if a == PARTS[0] else r.show(v))
    read = read_one(r.lines(printed, gap))
    assert not wrong(read, values)
    assert certain(read) == values.keys()  # the arithmetic of the row shows where it broke


def test_pieces_above_and_below_a_row_make_no_row_of_zeros() -> None:
    values: dict[str, CellValue] = dict.fromkeys(ADDRESSES, 0)
    values |= {PARTS[0]: 10, "t3.granted.total": 10}
    label = "（一）予以公开"
    lines = r.spaced(r.printed("2021", values)).split("\n")
    at = next(n for n, line in enumerate(lines) if label in line)
    head = lines[at][: lines[at].index(label) + len(label)]
    lines[at : at + 1] = ["1 1", f"{head} 0 0 0 0 0", "0 0"]
    assert not wrong(read_one("\n".join(lines)), values)


def test_a_number_of_a_page_between_two_rows_costs_no_row_that_the_arithmetic_bears_out() -> None:
    values: dict[str, CellValue] = dict.fromkeys(ADDRESSES, 0)
    values |= {PARTS[0]: 7, "t3.granted.total": 7}
    lines = r.spaced(r.printed("2021", values)).split("\n")
    at = next(n for n, line in enumerate(lines) if "（二）部分公开" in line)
    read = read_one("\n".join([*lines[:at], "3", *lines[at:]]))
    assert not wrong(read, values)
    assert {a for a in values if a.startswith("t3.partly_granted")} <= certain(read)
