"""Cells are a frozen mapping in which unknown is not zero, and sums keep to that."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import FormError, UnknownAddress
from reportkit.form import EDITIONS, Cells, CellValue, load_edition, plain, total
from reportkit.form.cells import check_value

VALUES = st.none() | st.integers(-(10**15), 10**15) | st.decimals(-(10**9), 10**9, places=6)


@st.composite
def cells(draw: st.DrawFn) -> Cells:
    form = load_edition(draw(st.sampled_from(EDITIONS)))
    values: dict[str, Any] = {}
    for address in draw(st.sets(st.sampled_from(form.addresses), max_size=6)):
        whole = form.cells[address].column.type != "decimal"
        kind = st.integers(-99, 10**9) if whole else st.decimals(0, 10**9, places=4)
        values[address] = draw(kind)
    return Cells(form, values)


@given(st.lists(VALUES))
def test_a_sum_with_an_unknown_is_unknown(values: list[CellValue]) -> None:
    known = [value for value in values if value is not None]
    expected = None if len(known) < len(values) else sum(known, Decimal(0))
    assert total(values) == expected
    assert total([]) == 0


@given(st.decimals(-(10**15), 10**15, places=6))
def test_plain_digits_say_the_same_number(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert text == plain(Decimal(text))
    assert "." not in text or text[-1] not in "0."
    assert text != "-0"


@given(cells())
def test_every_address_has_a_value_in_the_forms_order(some: Cells) -> None:
    assert tuple(some) == some.edition.addresses
    assert len(some) == len(some.edition.addresses)
    assert some.in_order() == tuple(some[address] for address in some)


@given(cells())
def test_json_pickle_and_replacement_keep_equality(some: Cells) -> None:
    assert Cells(some.edition, some.to_json()) == some
    again = pickle.loads(pickle.dumps(some))
    assert again == some
    assert hash(again) == hash(some)
    assert some.replace({}) == some
    assert some.replace({"t3.received.total": 7})["t3.received.total"] == 7
    assert some == Cells(some.edition, dict(some))


def test_nought_and_unknown_are_two_things() -> None:
    form = load_edition("2021")
    nothing, noughts = Cells(form), Cells(form, dict.fromkeys(form.addresses, 0))
    assert nothing != noughts
    assert set(nothing.values()) == {None}
    identity = form.arithmetic[0]
    assert nothing.sum(identity.left) is None
    assert noughts.sum(identity.left) == 0
    assert noughts.replace({identity.left[0].address: None}).sum(identity.left) is None
    crossing = next(i for i in form.cross_year if i.code == "Y-CARRY")
    assert noughts.sum(crossing.right) is None
    assert noughts.sum(crossing.right, noughts) == 0


def test_editions_are_never_equal() -> None:
    assert Cells(load_edition("2019")) != Cells(load_edition("2021"))
    assert Cells(load_edition("2021")) != {}


def test_an_address_of_another_edition_is_refused() -> None:
    with pytest.raises(UnknownAddress):
        Cells(load_edition("2021"), {"t3.other.total": 1})
    with pytest.raises(UnknownAddress):
        Cells(load_edition("2021"))["t3.other.total"]
    assert Cells(load_edition("2021")).get("t3.other.total") is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1.0, "count"),
        ("1", "count"),
        (True, "count"),
        (Decimal(1), "count"),
        (10**24, "count"),
        (0.1, "decimal"),
        (True, "decimal"),
        ("1e5", "decimal"),
        ("1_000", "decimal"),
        ("", "decimal"),
        ("1,000", "decimal"),
        ("9" * 10**6, "decimal"),
        ("NaN", "decimal"),
        (Decimal("Infinity"), "decimal"),
        (Decimal("1e999999"), "decimal"),
        (Decimal("1e-999999"), "decimal"),
        ([], "decimal"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(value: Any, kind: Any) -> None:
    with pytest.raises(FormError) as caught:
        check_value(value, kind)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("value", "held"),
    [("12.350", "12.35"), ("+1", "1"), (7, "7"), (Decimal("1E+2"), "100"), ("-0.0", "0")],
)
def test_amounts_are_held_in_plain_digits(value: Any, held: str) -> None:
    assert str(check_value(value, "decimal")) == held


def test_a_fault_names_its_cell() -> None:
    with pytest.raises(FormError) as caught:
        Cells(load_edition("2021"), {"t3.received.total": "一"})
    assert str(caught.value) == "cell t3.received.total: '一' is no whole number"


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (1.5, "decimal", "1.5 is no exact amount: give a decimal string"),
        ("1e5", "decimal", "'1e5' is no amount: give plain digits such as '12.35'"),
        ("9" * 49, "decimal", f"'{'9' * 49}' is no amount: give plain digits such as '12.35'"),
        (Decimal("-Infinity"), "decimal", "Decimal('-Infinity') is no finite amount"),
        ("x" * 99, "count", f"'{'x' * 59} is no whole number"),
        (f"0.{'0' * 24}1", "decimal", "a number with more than 24 decimals is no figure"),
        (10**24, "count", "a number of more than 24 digits is no figure"),
        (-(10**24), "signed", "a number of more than 24 digits is no figure"),
    ],
)
def test_a_refusal_says_why(value: Any, kind: Any, said: str) -> None:
    with pytest.raises(FormError) as caught:
        check_value(value, kind)
    assert str(caught.value) == said


def test_the_longest_figures_are_held() -> None:
    whole, small = 10**24 - 1, "0." + "0" * 23 + "1"
    assert check_value(whole, "count") == whole
    assert check_value(-whole, "signed") == -whole
    assert check_value(small, "decimal") == Decimal(small)
    long = "0" * 24 + "9" * 22 + ".5"  # 48 signs
    assert check_value(long, "decimal") == Decimal("9" * 22 + ".5")


def test_cells_are_a_mapping_with_few_extras() -> None:
    form = load_edition("2021")
    some = Cells(form, {"t2.charges.amount": "1.50", "t3.received.total": 0})
    assert some["t2.charges.amount"] == Decimal("1.5")
    assert "t2.charges.amount" in some
    assert "t3.other.total" not in some
    assert some.get("t3.other.total", 7) == 7
    assert some.get("t3.received.total", 7) == 0
    assert repr(some) == "Cells(edition 2021, 2 of 200 known)"
    assert some.to_json()["t2.charges.amount"] == "1.5"
    assert some.to_json()["t3.received.total"] == 0
    assert hash(some) == hash(some.replace({}))
    assert hash(some) != hash(some.replace({"t3.received.total": 1}))
    assert plain(1048) == "1048"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("100", "100"),
        ("12.30", "12.3"),
        ("12.00", "12"),
        ("0.50", "0.5"),
        ("1E+2", "100"),
        ("-1.0", "-1"),
    ],
)
def test_amounts_are_plain_digits(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text


def test_a_refused_value_is_told() -> None:
    with pytest.raises(FormError, match=r"1\.5 is no exact amount"):
        check_value(1.5, "decimal")
