"""The tariff of the handling fee (信息处理费): the steps of the law, per item and per page.

Source: 政府信息公开信息处理费管理办法 (国办函〔2020〕109号), in force from 1 January 2021. Both
bases are progressive: each unit costs the rate of the step in which it lies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reportkit.language import _

IN_FORCE = date(2021, 1, 1)
"""Nothing is said of applications received before it."""
BASIS = "国办函〔2020〕109号"


@dataclass(frozen=True, slots=True)
class FeeStep:
    """One step of the computation: so many units at one rate."""

    first: int
    """The first unit (item of the month, or page) of the step's range."""
    last: int | None
    """The last unit of the range; ``None``: no end."""
    units: int
    """How many of the application's units lie in it."""
    rate_yuan: int

    @property
    def amount_yuan(self) -> Decimal:
        """Units times rate."""
        return Decimal(self.units * self.rate_yuan)


_FREE_ITEMS, _FIRST_ITEMS, _ITEMS_A_STEP = 10, 30, 10
_YUAN_A_STEP = 100
_PAGES: tuple[tuple[int, int | None, int], ...] = (
    (1, 30, 0),
    (31, 100, 10),
    (101, 200, 20),
    (201, None, 40),
)


def item_steps(position: int) -> tuple[FeeStep, ...]:
    """Return the computation for an applicant's n-th application in a calendar month, n from 1."""
    if position < 1:
        raise ValueError(_("positions in a month count from 1, not {position}", position=position))
    if position <= _FREE_ITEMS:
        return (FeeStep(1, _FREE_ITEMS, 1, 0),)
    if position <= _FIRST_ITEMS:
        return (FeeStep(_FREE_ITEMS + 1, _FIRST_ITEMS, 1, _YUAN_A_STEP),)
    step = (position - _FIRST_ITEMS - 1) // _ITEMS_A_STEP
    first = _FIRST_ITEMS + 1 + step * _ITEMS_A_STEP
    return (FeeStep(first, first + _ITEMS_A_STEP - 1, 1, (step + 2) * _YUAN_A_STEP),)


def page_steps(pages: int) -> tuple[FeeStep, ...]:
    """Return the computation for an application of so many pages."""
    if pages < 0:
        raise ValueError(_("a number of pages is not negative: {pages}", pages=pages))
    return tuple(
        FeeStep(first, last, min(pages, last or pages) - first + 1, rate)
        for first, last, rate in _PAGES
        if pages >= first
    )


def item_fee(position: int) -> Decimal:
    """Return the fee in yuan for an applicant's n-th application in a calendar month.

    >>> [int(item_fee(n)) for n in (10, 11, 30, 31, 40, 41)]
    [0, 100, 100, 200, 200, 300]
    """
    return total_yuan(item_steps(position))


def page_fee(pages: int) -> Decimal:
    """Return the fee in yuan for an application of so many pages.

    >>> [int(page_fee(n)) for n in (30, 31, 100, 101, 200, 201)]
    [0, 10, 700, 720, 2700, 2740]
    """
    return total_yuan(page_steps(pages))


def total_yuan(steps: Iterable[FeeStep]) -> Decimal:
    """Return what the steps of a computation come to."""
    return sum((step.amount_yuan for step in steps), Decimal(0))
