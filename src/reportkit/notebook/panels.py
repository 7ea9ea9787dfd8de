"""The two shapes of this package's charts: small panels of bars on one scale, and dots on lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportkit.blocks import Board, Sketch
from reportkit.blocks.ink import ACCENT, BAR, FAINT, INK, LINE, WIDTH
from reportkit.form import CellValue
from reportkit.registers.derivation.narrative import number_in_prose

_LINE = 18
"""Pixels for a line of text: a panel's title, the labels under its bars."""
_FIGURE = 15
"""Pixels for the figure above the highest bar."""
_GAP = 26
"""Pixels between columns of panels."""
_BETWEEN = 10
"""Pixels between rows of panels."""
_THICKEST = 26
"""No bar is wider than this."""
_ROW = 24
"""Pixels for a line with a dot."""
_VALUES, _START = 58, 104
"""Where, in such a line, the figure stands and where the line begins."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its figure, its colour."""

    label: str
    value: CellValue
    ink: str = BAR
    tick: bool = True
    """Whether the label is printed below."""
    figure: bool = True
    """Whether the figure is printed above."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its title and its bars from left to right."""

    title: str
    bars: Sequence[Bar]
    mark: int | None = None
    """The bar before which a dashed line stands; ``None``: there is none."""

    @property
    def most(self) -> float:
        """The highest bar's figure."""
        return float(max((bar.value for bar in self.bars if bar.value is not None), default=0))


def small_multiples(panels: Sequence[Panel], columns: int, height: int) -> Sketch:
    """Draw panels in a grid, all on one scale; ``height`` is that of the highest bar in pixels.

    A row of panels is as high as its own highest bar needs, so low rows stay low.
    """
    columns = min(columns, len(panels))
    width = (WIDTH - _GAP * (columns - 1)) / columns
    scale = height / (max(panel.most for panel in panels) or 1)
    board = Board()
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        base = board.height + _LINE + _FIGURE + max(panel.most for panel in row) * scale
        for column, panel in enumerate(row):
            _draw(board, panel, column * (width + _GAP), width, (base, scale))
        ticks = any(bar.tick for panel in row for bar in panel.bars)
        board.height = base + (_LINE if ticks else 2) + _BETWEEN
    board.height -= _BETWEEN
    return board.sketch()


def _draw(
    board: Board, panel: Panel, left: float, width: float, base_and_scale: tuple[float, float]
) -> None:
    """Draw one panel on its base line."""
    base, scale = base_and_scale
    step = width / len(panel.bars)
    half = min(step * 0.6, _THICKEST) / 2
    board.label(left, board.height + 12, panel.title)
    board.line(left, left + width, base)
    if panel.mark is not None:
        board.dash(left + panel.mark * step, board.height + _LINE, base, ACCENT)
    for nth, bar in enumerate(panel.bars):
        middle = left + (nth + 0.5) * step
        tip = base - max(1.0, float(bar.value) * scale) if bar.value else base
        if bar.value:
            board.box(middle - half, middle + half, tip, base, bar.ink)
        if bar.figure:
            text = "—" if bar.value is None else number_in_prose(bar.value)
            board.word(middle, tip - 4, text, INK if bar.value else FAINT)
        if bar.tick:
            board.word(middle, base + 14, bar.label, FAINT)


def dots(rows: Sequence[tuple[str, Decimal]], limit: int, unit: str) -> Sketch:
    """Draw each figure as a dot at the end of its line, and the limit as a rule across all."""
    most = max(Decimal(limit), *(value for _, value in rows))
    scale = (WIDTH - _START - 24) / float(most)
    foot = len(rows) * _ROW
    board = Board(height=foot + _LINE)
    for place, (label, value) in enumerate(rows):
        y = place * _ROW + _ROW / 2
        x = _START + float(value) * scale
        board.label(0, y + 4, label)
        board.label(_VALUES, y + 4, f"{number_in_prose(value)}{unit}")
        board.box(_START, x, y - 1, y + 1, LINE)
        board.dot(x, y, BAR)
    board.dash(_START + limit * scale, 0, foot, ACCENT)
    board.word(min(_START + limit * scale, WIDTH - 24), foot + 14, f"期限{limit}{unit}", FAINT)
    return board.sketch()
