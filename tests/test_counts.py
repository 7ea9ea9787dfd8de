"""Statistics of small counts against scipy's own tests, and their laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from reportkit.counts import chance_of_change

COUNTS = st.integers(0, 500)


@given(COUNTS, st.lists(COUNTS, min_size=1, max_size=6))
def test_it_is_the_doubled_tail_of_the_conditional_binomial(now: int, past: list[int]) -> None:
    law = binom(now + sum(past), 1 / (len(past) + 1))
    wanted = min(1.0, 2 * min(law.cdf(now), law.sf(now - 1)))
    assert chance_of_change(now, past) == pytest.approx(wanted, rel=1e-6, abs=1e-12)


def test_a_figure_worked_by_hand() -> None:
    assert chance_of_change(5, [0, 0, 0, 0]) == pytest.approx(2 * 0.2**5)
    assert chance_of_change(0, [0, 0, 0]) == 1.0
