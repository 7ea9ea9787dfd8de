"""Statistics fit for tiny counts: exact, where a ratio of two small numbers says nothing."""

from __future__ import annotations

from collections.abc import Sequence


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
