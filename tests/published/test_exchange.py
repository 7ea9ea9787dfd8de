"""A total and a part in each other's place: the arithmetic tells, and both are left unread."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from reportkit.form import CellValue, Identity, load_edition
from reportkit.published import PublishedReport, read_bytes
from tests.published import rendering as r
from tests.published.drawn import draw, pages_of
from tests.published.strategies import balanced

EDITION = load_edition("2021")
WITHIN = [
    identity
    for identity in EDITION.arithmetic
    if len({EDITION.cells[term.address].row.code for term in identity.terms}) == 1
]
"""The sums of one row each."""
VALUES: dict[str, CellValue] = balanced(
    EDITION, {a: random.Random(a).choice([1, 3, 12, 55]) for a in EDITION.addresses}
)


def _read(values: dict[str, CellValue]) -> PublishedReport:
    (read,) = read_bytes(draw(pages_of(r.printed("2021", values))), "年报.pdf")
    return read


def _exchanged(identities: Sequence[Identity], part: int) -> tuple[dict[str, CellValue], set[str]]:
    """Return the values with the total of each sum in the place of one of its parts, and the cells of both."""
    values, touched = dict(VALUES), set()
    for identity in identities:
        one, other = identity.terms[part].address, identity.terms[-1].address
        values[one], values[other] = values[other], values[one]
        touched |= {one, other}
    return values, touched


def _unread(read: PublishedReport) -> set[str]:
    return {a for a, value in read.report.cells.items() if value is None}


def test_what_is_in_its_place_is_read() -> None:
    read = _read(VALUES)
    assert dict(read.report.cells.items()) == VALUES
    assert not read.problems


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("identity", [WITHIN[0], WITHIN[7], WITHIN[-1]], ids=lambda i: str(i.code))
def test_one_row_exchanged_leaves_its_two_cells_unread(identity: Identity, part: int) -> None:
    values, touched = _exchanged([identity], part)
    read = _read(values)
    assert _unread(read) == touched
    assert {a: v for a, v in read.report.cells.items() if a not in touched} == {
        a: v for a, v in VALUES.items() if a not in touched
    }
    [problem] = [each for each in read.problems if "互换" in each.message]
    assert set(problem.cells) == touched
    assert str(identity.code) in problem.message
    assert problem.place == read.readings[identity.terms[part].address].place


@pytest.mark.parametrize("part", [0, 2])
def test_a_column_exchanged_leaves_both_columns_unread(part: int) -> None:
    together = [each for each in WITHIN if each.code == WITHIN[0].code]
    assert len(together) > 2
    values, touched = _exchanged(together[1:], part)  # the first row's two figures are alike
    one, other = (together[0].terms[n].address for n in (part, -1))
    values[one] = values[other]
    for term in together[0].terms[:-1]:
        if term.address != one:
            values[term.address] = 0
    read = _read(values)
    assert _unread(read) >= touched | {one, other}
    assert all(read.report.cells[a] in (None, values[a]) for a in values)
