"""The smallest mend, checked against every smaller one where that can be counted out."""

from __future__ import annotations

from itertools import product

import pytest

from reportkit.checks.repair import RepairedCell, repairs
from reportkit.form import Cells, CellValue, Edition, load_edition


@pytest.fixture
def form() -> Edition:
    return load_edition("2021")


def cells(form: Edition, changes: dict[str, CellValue]) -> Cells:
    return Cells(form, {**dict.fromkeys(form.addresses, 0), **changes})


def test_nothing_fails_nothing_to_mend(form: Edition) -> None:
    assert repairs(cells(form, {})) == ()
    assert repairs(Cells(form)) == ()


def test_two_columns_both_ways_are_listed(form: Edition) -> None:
    """Three applications came in and none went out: they never came, or they are still open."""
    wrong = cells(form, {"t3.received.natural_person": 3, "t3.received.total": 3})
    (part,) = repairs(wrong)
    assert part.complete
    assert [option.changes for option in part.options] == [
        (
            RepairedCell("t3.received.natural_person", 3, 0),
            RepairedCell("t3.received.total", 3, 0),
        ),
        (
            RepairedCell("t3.carried_forward.natural_person", 0, 3),
            RepairedCell("t3.carried_forward.total", 0, 3),
        ),
    ]
    assert all(option.only for option in part.options)


def test_ties_in_a_row_are_all_there_and_parts_stay_apart(form: Edition) -> None:
    wrong = cells(form, {"t4.reconsideration.total": 2, "t3.received.total": 1})
    applications, disputes = repairs(wrong)
    assert [o.changes for o in applications.options] == [(RepairedCell("t3.received.total", 1, 0),)]
    assert {o.changes[0].address.rpartition(".")[2] for o in disputes.options} == {
        "upheld",
        "corrected",
        "other",
        "pending",
        "total",
    }


def test_more_than_asked_for_is_said(form: Edition) -> None:
    wrong = cells(form, {"t4.reconsideration.total": 2})
    (part,) = repairs(wrong, most=2)
    assert (len(part.options), part.complete) == (2, False)


def test_a_blank_is_filled_for_nothing(form: Edition) -> None:
    wrong = cells(
        form,
        {"t3.received.natural_person": 3, "t3.granted.enterprise": None, "t3.received.total": None},
    )
    (part,) = repairs(wrong)
    assert [o.changes for o in part.options] == [
        (RepairedCell("t3.received.natural_person", 3, 0),)
    ]


def test_last_year_counts_and_stays(form: Edition) -> None:
    last = cells(form, {"t2.normative_documents.in_force": 3})
    (part,) = repairs(cells(form, {}), last)
    assert [o.changes for o in part.options] == [
        (RepairedCell("t2.normative_documents.repealed", 0, 3),),
        (RepairedCell("t2.normative_documents.in_force", 0, 3),),
    ]


def test_what_last_year_makes_impossible_has_no_option(form: Edition) -> None:
    last = cells(form, {"t3.carried_forward.total": 4})  # its own parts are 0
    (part,) = repairs(cells(form, {}), last)
    assert part.options == ()


def test_a_negative_count_is_mended(form: Edition) -> None:
    (part,) = repairs(cells(form, {"t4.litigation_direct.other": -2}))
    assert [o.changes for o in part.options] == [
        (RepairedCell("t4.litigation_direct.other", -2, 0),)
    ]


def test_large_and_many_faults_are_exact(form: Edition) -> None:
    wrong = cells(
        form,
        {
            "t3.received.natural_person": 30_000,
            "t3.granted.enterprise": 500,
            "t3.handled.total": 7,
        },
    )
    (part,) = repairs(wrong)
    assert [len(o.changes) for o in part.options] == [3]


def test_no_smaller_set_mends_the_disputes(form: Edition) -> None:
    """Count out every smaller set of cells and every value, for a row small enough."""
    row = [f"t4.reconsideration.{c}" for c in ("upheld", "corrected", "other", "pending", "total")]
    for values in product((0, 2), repeat=5):
        given = cells(form, dict(zip(row, values, strict=True)))
        holds = _balances(list(values))
        parts = repairs(given)
        assert bool(parts) != holds
        if holds:
            continue
        possible = {
            (place, value)
            for place in range(5)
            for value in range(12)
            if _balances([value if at == place else old for at, old in enumerate(values)])
        }
        found = {(row.index(o.changes[0].address), o.changes[0].should) for o in parts[0].options}
        assert found == possible


def _balances(values: list[int]) -> bool:
    return sum(values[:4]) == values[4]


def test_absurd_numbers_get_no_proposal(form: Edition) -> None:
    assert repairs(cells(form, {"t4.reconsideration.total": 10**20})) == ()
