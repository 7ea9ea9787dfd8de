"""The two shapes of this package's charts: small panels of bars on one scale, and dots on lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportkit.form import CellValue
from reportkit.notebook.ink import ACCENT, BAR, FAINT, INK, LINE, WIDTH
from reportkit.notebook.sketch import Sketch
from reportkit.registers.narrative import number

_LINE = 18
"""Pixels for a panel's title, and for the line of labels under a column of panels."""
_FIGURE = 15
"""Pixels for the figure above the highest bar."""
_GAP = 26
"""Pixels between columns of panels."""
_BETWEEN = 12
"""Pixels between rows of panels."""
_ROW = 24
"""Pixels for a line with a dot."""
_LABELS = 64
"""Pixels for the labels of such lines."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its title, its bars from left to right, their colour."""

    title: str
    bars: Sequence[tuple[str, CellValue]]
    colour: str
    ticks: frozenset[str]
    """The bars that have their label printed below."""
    figures: frozenset[str]
    """The bars that have their figure printed above."""


def small_multiples(panels: Sequence[Panel], columns: int, height: int) -> Sketch:
    """Draw panels in a grid, on one scale; ``height`` is that of the highest bar in pixels."""
    columns = min(columns, len(panels))
    width = (WIDTH - _GAP * (columns - 1)) / columns
    most = max(value for panel in panels for _, value in panel.bars if value is not None)
    sketch = Sketch()
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        top = row * (_LINE + _FIGURE + height + _BETWEEN)
        base = top + _LINE + _FIGURE + height
        left = column * (width + _GAP)
        lowest = place + columns >= len(panels)
        sketch.label(left, top + 12, panel.title)
        sketch.line(left, left + width, base)
        step = width / len(panel.bars)
        for nth, (label, value) in enumerate(panel.bars):
            middle = left + (nth + 0.5) * step
            tip = base - max(1.0, float(value) * height / float(most)) if value else base
            if value:
                sketch.box(middle - step * 0.3, middle + step * 0.3, tip, base, panel.colour)
            if label in panel.figures:
                text = "—" if value is None else number(value)
                sketch.word(middle, tip - 4, text, INK if value else FAINT)
            if lowest and label in panel.ticks:
                sketch.word(middle, base + 14, label, FAINT)
        sketch.height = max(sketch.height, base + (_LINE if lowest else 2))
    return sketch


def dots(rows: Sequence[tuple[str, Decimal]], limit: int, unit: str) -> Sketch:
    """Draw each figure as a dot at the end of its line, and the limit as a rule across all."""
    most = max(Decimal(limit), *(value for _, value in rows))
    scale = (WIDTH - _LABELS - 70) / float(most)
    sketch = Sketch(height=len(rows) * _ROW + _LINE + 4)
    for place, (label, value) in enumerate(rows):
        y = place * _ROW + _ROW / 2
        x = _LABELS + float(value) * scale
        sketch.label(0, y + 4, label)
        sketch.box(_LABELS, x, y - 1, y + 1, LINE)
        sketch.dot(x, y, BAR)
        beyond = x + 8 + len(number(value)) * 7 + 24
        at_limit = _LABELS + limit * scale
        clear = at_limit + 6 if x < at_limit <= beyond else x + 8
        sketch.label(clear, y + 4, f"{number(value)}{unit}")
    at = _LABELS + limit * scale
    sketch.dash(at, 0, len(rows) * _ROW, ACCENT)
    sketch.word(at, len(rows) * _ROW + 14, f"期限{limit}{unit}", FAINT)
    return sketch
