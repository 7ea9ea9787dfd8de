"""What every chart shares: fonts, lines and the fixed colour of each group of outcomes.

The colours differ in lightness as well as in hue, so that they stay apart for the colour-blind and on
black-and-white paper. ``reportkit.export`` knows them all and gives each a twin for dark screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

INK = "#1f2328"
FAINT = "#6b7178"
LINE = "#c9cdd2"
BAR = "#7d8b99"
ACCENT = "#9b1c1c"

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "granted": "#1d5c63",
        "granted_in_part": "#3f8f8b",
        "refused": "#9b4a1c",
        "unavailable": "#b98a2f",
        "not_processed": "#6b5b8c",
        "other": "#8b9096",
    }
)
"""The colour of each group of outcomes, by the first part of its rows' codes."""

PALETTE = frozenset((INK, FAINT, LINE, BAR, ACCENT, *OUTCOMES.values()))
"""Every colour that a sketch may be drawn in."""

WIDTH = 420
"""The drawing's width in CSS pixels: a phone shows it a little smaller, a page a little larger."""

CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "background": "transparent",
    "padding": 0,
    "view": {"stroke": None},
    "text": {"fontSize": 12, "fill": INK},
}
"""The Vega-Lite configuration of every chart."""
