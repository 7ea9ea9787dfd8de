"""Case numbers in the order of people, and short masked lists of them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.registers.derivation.numbering import list_numbers, number_order


@pytest.mark.parametrize(
    "ordered",
    [
        ["2024-9号", "2024-10号"],
        ["A9", "A10", "B1"],
        ["007", "10"],
        ["bb", "c"],
        ["2024", "2024-1"],
        ["1" * 5000, "2" + "0" * 5000],
    ],
)
def test_numbers_sort_as_people_count(ordered: list[str]) -> None:
    keys = [number_order(number) for number in ordered]
    assert all(low < high for low, high in pairwise(keys))


@given(st.lists(st.text(max_size=8), max_size=12))
def test_any_texts_can_be_sorted(numbers: list[str]) -> None:
    assert sorted(sorted(numbers, key=number_order)) == sorted(numbers)


def test_a_key_has_words_after_figures_and_figures_by_their_length() -> None:
    assert number_order("A007b") == ((True, 0, "A"), (False, 1, "7"), (True, 0, "b"))
    assert number_order("00X0") == ((False, 0, ""), (True, 0, "X"), (False, 0, ""))


def test_a_list_is_short_and_masked() -> None:
    assert list_numbers(["3", "1", "2"]) == "1、2、3"
    shown = list_numbers(str(n) for n in range(1, 40))
    assert shown.endswith("19、20等")
    assert list_numbers(str(n) for n in range(1, 21)).endswith("19、20")
    assert list_numbers(["申13800138000"]) == "申［手机号］"
