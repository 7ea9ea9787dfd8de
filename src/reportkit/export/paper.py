"""The paper that Word and PDF share: the width of the text, and of a table's columns on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportkit.form.layout import Layout

TYPE_AREA: Final = 156
"""Millimetres between the margins of A4 (GB/T 9704-2012)."""
_LABELS: Final = (9, 17, 46)
"""Millimetres of the columns of row headings, where there are several."""
_ONE_LABEL: Final = 46

_NARROWEST, _WIDEST = 4, 22
"""Characters that a column of a free table is wide in comparison: a figure needs little, a long text breaks into lines."""


def rows_widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the millimetres of each column of a free table: by its longest cell, within bounds."""
    weights = [
        min(max(_NARROWEST, 1 + max(_length(row[place]) for row in (head, *rows))), _WIDEST)
        for place in range(len(head))
    ]
    return [TYPE_AREA * weight / sum(weights) for weight in weights]


def _length(text: str) -> float:
    """Return how many characters wide a text is: one of ASCII is half a Chinese one."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


def form_widths(plan: Layout) -> list[float]:
    """Return the millimetres of each grid column: row headings first, figures share the rest."""
    labels = list(_LABELS[-plan.labels :]) if plan.labels > 1 else [_ONE_LABEL] * plan.labels
    figures = plan.width - plan.labels
    return labels + [(TYPE_AREA - sum(labels)) / figures] * figures
