"""Two more shapes of charts: shares with their intervals, and the funnel of shares against how many they are of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from reportkit.blocks import Board, Sketch
from reportkit.blocks.ink import ACCENT, BAR, FAINT, INK, WIDTH
from reportkit.counts import Interval

_ROW = 22
"""Pixels for a line with an interval."""
_COUNTS, _START, _END = 112, 170, WIDTH - 8
"""Where, in such a line, the counts stand, and where 0% and 100% do."""
_HEIGHT = 190
"""Pixels between 0% and 100% of the funnel."""
_LEFT, _TOP = 36, 8
_STEPS = 56
"""Into so many steps the limits of the funnel are drawn at most."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one body: how many of how many, and what it is compatible with."""

    label: str
    count: int
    of: int
    interval: Interval

    @property
    def value(self) -> float:
        """The share itself; that of nothing is drawn as none."""
        return self.count / self.of if self.of else 0.0


def intervals(shares: Sequence[Share], pooled: float) -> Sketch:
    """Draw each share as a dot in its interval, and the share of all together as a dashed line."""
    board = Board(height=len(shares) * _ROW + 18)
    foot = len(shares) * _ROW
    for place, share in enumerate(shares):
        y = place * _ROW + _ROW / 2
        board.label(0, y + 4, share.label)
        board.label(_COUNTS, y + 4, f"{share.count}/{share.of}", FAINT)
        board.box(_across(share.interval.low), _across(share.interval.high), y - 1.5, y + 1.5, BAR)
        if share.of:
            board.dot(_across(share.value), y, INK)
    board.dash(_across(pooled), 0, foot, ACCENT)
    for at in (0, 50, 100):
        board.word(_across(at / 100) - (12 if at == 100 else 0), foot + 14, f"{at}%", FAINT)
    return board.sketch()


def _across(share: float) -> float:
    return _START + share * (_END - _START)


def funnel(
    shares: Sequence[Share],
    pooled: float,
    limits: Callable[[int], tuple[int, int]],
    named: Sequence[str],
) -> Sketch:
    """Draw each share by how many it is of, between the limits of chance around the share of all.

    ``limits`` gives the least and the most count of so many cases; ``named`` are the labels to print. The scale of
    cases is that of the square root, so that small bodies lie apart.
    """
    most = max(share.of for share in shares)
    board = Board(height=_TOP + _HEIGHT + 20)
    for at in (0, 25, 50, 75, 100):
        board.line(_LEFT, WIDTH, _up(at / 100))
        board.word(16, _up(at / 100) + 4, f"{at}%", FAINT)
    edges = sorted(
        {round((sqrt(most) * step / _STEPS) ** 2) for step in range(1, _STEPS + 1)} | {1}
    )
    for before, of in zip([0, *edges], edges, strict=False):
        if of < 1:
            continue
        for bound in limits(of):
            y = _up(bound / of)
            board.box(_along(before, most), _along(of, most), y - 0.5, y + 0.5, FAINT)
    board.box(_LEFT, WIDTH, _up(pooled) - 0.8, _up(pooled) + 0.8, ACCENT)
    for share in shares:
        board.dot(_along(share.of, most), _up(share.value), INK if share.label in named else BAR)
    for share in shares:
        if share.label in named:
            x = min(_along(share.of, most) + 7, WIDTH - 12 * len(share.label))
            board.label(x, max(12.0, _up(share.value) - 6), share.label)
    for of in dict.fromkeys((1, round(most / 4), most)):
        x = min(max(_along(of, most), _LEFT + 8), WIDTH - 14)
        board.word(x, _TOP + _HEIGHT + 16, f"{of}件", FAINT)
    return board.sketch()


def _along(of: float, most: int) -> float:
    return _LEFT + sqrt(of / most) * (WIDTH - 8 - _LEFT)


def _up(share: float) -> float:
    return _TOP + (1 - share) * _HEIGHT
