"""Case numbers (申请编号): the order people give them, and a short list of them for a message."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportkit.masking import mask

_RUNS = re.compile(r"([0-9]+)|([^0-9]+)")
_NAMED = 20
"""How many numbers one message lists."""

NumberOrder = tuple[tuple[bool, int, str], ...]


def number_order(number: str) -> NumberOrder:
    """Return the key that sorts case numbers as people count them: 2024-9 before 2024-10.

    >>> sorted(["2024-10号", "2024-9号"], key=number_order)
    ['2024-9号', '2024-10号']
    """
    key = []
    for digits, words in _RUNS.findall(number):
        value = digits.lstrip("0")  # compared by length, then as text: no number is too long
        key.append((bool(words), 0, words) if words else (False, len(value), value))
    return tuple(key)


def list_numbers(numbers: Iterable[str]) -> str:
    """List case numbers for a message: in order, masked, the first twenty of them."""
    ordered = sorted(numbers, key=lambda number: (number_order(number), number))
    shown = "、".join(mask(number) for number in ordered[:_NAMED])
    return shown + ("等" if len(ordered) > _NAMED else "")
