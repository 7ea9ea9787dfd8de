"""Statistics of small counts against scipy's own tests and published tables, and their laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2

from reportkit.counts import (
    chance_of_change,
    control_limits,
    mean_interval,
    rank_ranges,
    share_interval,
)

COUNTS = st.integers(0, 500)
PARTS = st.integers(0, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS, st.lists(COUNTS, min_size=1, max_size=6))
def test_it_is_the_doubled_tail_of_the_conditional_binomial(now: int, past: list[int]) -> None:
    law = binom(now + sum(past), 1 / (len(past) + 1))
    wanted = min(1.0, 2 * min(law.cdf(now), law.sf(now - 1)))
    assert chance_of_change(now, past) == pytest.approx(wanted, rel=1e-6, abs=1e-12)


def test_a_figure_worked_by_hand() -> None:
    assert chance_of_change(5, [0, 0, 0, 0]) == pytest.approx(2 * 0.2**5)
    assert chance_of_change(0, [0, 0, 0]) == 1.0


@given(PARTS.filter(lambda part: part[1] > 0), st.sampled_from([0.9, 0.95, 0.998]))
def test_a_shares_interval_is_scipys_exact_one(part: tuple[int, int], level: float) -> None:
    wanted = binomtest(*part).proportion_ci(level, method="exact")
    assert share_interval(*part, level) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17, 1998, table I: the Clopper-Pearson rows
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_a_shares_interval_is_that_of_a_published_table(
    count: int, of: int, low: float, high: float
) -> None:
    found = share_interval(count, of)
    assert [round(bound, 4) for bound in found] == [low, high]


def test_a_share_of_nothing_can_be_anything_and_no_part_is_refused() -> None:
    assert share_interval(0, 0) == (0, 1)
    for count, of in ((3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="no part of"):
            share_interval(count, of)


@given(COUNTS)
def test_a_means_interval_is_that_of_the_chi_squared(count: int) -> None:
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0
    wanted = (low, chi2.ppf(0.975, 2 * (count + 1)) / 2)
    assert mean_interval(count) == pytest.approx(wanted, rel=1e-9)


@given(st.integers(0, 400), st.floats(0, 1))
def test_outside_the_limits_lies_no_more_than_each_tail(of: int, share: float) -> None:
    least, most = control_limits(of, share)
    law = binom(of, share)
    assert 0 <= least <= most <= of
    assert law.cdf(least - 1) <= 0.001 + 1e-12
    assert law.sf(most) <= 0.001 + 1e-12
    assert least == 0 or law.cdf(least) > 0.001 - 1e-12
    assert most == 0 or law.sf(most - 1) > 0.001 - 1e-12


@given(st.lists(PARTS, min_size=1, max_size=12))
def test_ranks_hold_the_rank_of_the_share_itself_and_their_order_does_not_matter(
    parts: list[tuple[int, int]],
) -> None:
    ranges = rank_ranges(parts)
    shares = [count / of if of else math.nan for count, of in parts]
    for (best, worst), share in zip(ranges, shares, strict=True):
        assert 1 <= best <= worst <= len(parts)
        if not math.isnan(share):
            assert best <= 1 + sum(other > share for other in shares)
            assert worst >= len(parts) - sum(other < share for other in shares)
    assert rank_ranges(parts[::-1]) == ranges[::-1]


def test_what_cannot_be_told_apart_has_every_rank() -> None:
    assert rank_ranges([(3, 5), (2, 6), (4, 7)]) == [(1, 3)] * 3
    assert rank_ranges([(990, 1000), (500, 1000), (10, 1000)]) == [(1, 1), (2, 2), (3, 3)]
    assert rank_ranges([]) == []
