"""The paper that Word and PDF share: the width of the text, and of a table's columns on it."""

from __future__ import annotations

from typing import Final

from reportkit.form.layout import Layout

TYPE_AREA: Final = 156
"""Millimetres between the margins of A4 (GB/T 9704-2012)."""
_LABELS: Final = (9, 17, 46)
"""Millimetres of the columns of row headings, where there are several."""
_ONE_LABEL: Final = 46


def form_widths(plan: Layout) -> list[float]:
    """Return the millimetres of each grid column: row headings first, figures share the rest."""
    labels = list(_LABELS[-plan.labels :]) if plan.labels > 1 else [_ONE_LABEL] * plan.labels
    figures = plan.width - plan.labels
    return labels + [(TYPE_AREA - sum(labels)) / figures] * figures
