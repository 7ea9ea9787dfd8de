"""Statistics fit for tiny counts: exact, where a ratio of two small numbers says nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from reportkit.language import _

LEVEL: Final = 0.95
"""The level of an interval where nothing else is said."""


class Interval(NamedTuple):
    """The values that a count is compatible with."""

    low: float
    high: float


def share_interval(count: int, of: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of a share: the Clopper-Pearson interval (Biometrika 26, 1934).

    It holds the true share at least as often as the level says, however small the counts are. Raises
    :class:`ValueError` for a count that is more than what it is of, or negative.

    >>> [round(bound, 4) for bound in share_interval(0, 10)]
    [0.0, 0.3085]
    """
    from scipy.special import betaincinv  # noqa: PLC0415  # heavy; most figures have no interval

    if not 0 <= count <= of:
        raise ValueError(_("{count} is no part of {of}", count=count, of=of))
    tail = (1 - level) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Interval(low, high)


def mean_interval(count: int, level: float = LEVEL) -> Interval:
    """Return the exact interval of the mean that a count of rare events is of: Garwood's (Biometrika 28, 1936).

    Divided by a population it is the interval of a rate. Raises :class:`ValueError` for a negative count.

    >>> [round(bound, 3) for bound in mean_interval(10)]
    [4.795, 18.39]
    """
    from scipy.special import gammaincinv  # noqa: PLC0415

    if count < 0:
        raise ValueError(_("{count} is no count", count=count))
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)))


def control_limits(of: int, share: float, level: float = 0.998) -> tuple[int, int]:
    """Return the least and the most that a count of ``of`` cases is where the share is the same everywhere.

    They are the limits of a funnel plot (Spiegelhalter, Statistics in Medicine 24, 2005), by the binomial's own
    tails: below the least and above the most lies at most half of what the level leaves out, each.

    >>> control_limits(20, 0.5, 0.95)
    (6, 14)
    """
    from scipy.special import bdtr, bdtrc  # noqa: PLC0415

    tail = (1 - level) / 2
    counts = range(of + 1)
    least = bisect_left(counts, 1, key=lambda k: int(bdtr(k, of, share) > tail))
    above = bisect_left(counts, 1, key=lambda k: int(bdtrc(k, of, share) <= tail))
    return least, above


def rank_ranges(counts: Sequence[tuple[int, int]], level: float = LEVEL) -> list[tuple[int, int]]:
    """Return for each of several shares the best and the worst rank that it can have, 1 being the largest.

    They hold for all shares at once, with the level as probability: a rank is settled only against those whose
    interval lies apart, the intervals being made for all of them together (Klein, Wright and Wieczorek, Journal
    of the Royal Statistical Society A 183, 2020; Bonferroni's level). A share of nothing can have any rank.

    >>> rank_ranges([(90, 100), (10, 100), (0, 0)])
    [(1, 2), (2, 3), (1, 3)]
    """
    if not counts:
        return []
    each = 1 - (1 - level) / len(counts)
    intervals = [share_interval(count, of, each) if of else Interval(0, 1) for count, of in counts]
    lows, highs = sorted(i.low for i in intervals), sorted(i.high for i in intervals)
    every = len(counts)
    return [
        (1 + every - bisect_right(lows, i.high), every - bisect_left(highs, i.low))
        for i in intervals
    ]


def chance_of_change(now: int, past: Sequence[int]) -> float:
    """Return how likely chance alone makes a count differ so much from those of earlier years.

    It is the two-sided p-value of the conditional test of equal rates: if every year has the same rate, then of
    all cases together this year's are binomial, with one part in as many as there are years (Przyborowski and
    Wilenski, Biometrika 31, 1940). The smaller tail is doubled, so it is never too small. Counts are not negative.

    >>> chance_of_change(12, [10, 12, 11]) > 0.5, chance_of_change(40, [10, 12, 11, 9]) < 1e-6
    (True, True)
    """
    from scipy.special import betainc  # noqa: PLC0415  # heavy; most figures are never tested

    before, share = sum(past), 1 / (len(past) + 1)
    at_least = float(betainc(now, before + 1, share)) if now else 1.0
    at_most = 1 - float(betainc(now + 1, before, share)) if before else 1.0
    return min(1.0, 2 * min(at_least, at_most))
