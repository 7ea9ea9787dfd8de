"""A drawing in pixels from the top left, as one Vega-Lite view without axes.

Vega's own axes and facets would draw the same and take four times as long, which a batch of three
thousand reports would feel; so the charts of this package work their places out themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from reportkit.notebook.ink import CONFIG, INK, LINE, WIDTH


@dataclass
class Sketch:
    """What is drawn, by kind of mark. Add to it, then ask for its :meth:`spec`."""

    height: float = 0.0
    boxes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    dashes: list[dict[str, Any]] = field(default_factory=list)
    dots: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    labels: list[dict[str, Any]] = field(default_factory=list)

    def box(self, x: float, x2: float, y: float, y2: float, ink: str) -> None:
        """Add a filled box."""
        self.boxes.append({"x": _px(x), "x2": _px(x2), "y": _px(y), "y2": _px(y2), "ink": ink})

    def line(self, x: float, x2: float, y: float) -> None:
        """Add a thin level line."""
        self.lines.append({"x": _px(x), "x2": _px(x2), "y": _px(y)})

    def dash(self, x: float, y: float, y2: float, ink: str) -> None:
        """Add a dashed upright line."""
        self.dashes.append({"x": _px(x), "y": _px(y), "y2": _px(y2), "ink": ink})

    def dot(self, x: float, y: float, ink: str) -> None:
        """Add a dot."""
        self.dots.append({"x": _px(x), "y": _px(y), "ink": ink})

    def word(self, x: float, y: float, text: str, ink: str = INK) -> None:
        """Add a text centred on ``x``, standing on ``y``."""
        self.words.append({"x": _px(x), "y": _px(y), "text": text, "ink": ink})

    def label(self, x: float, y: float, text: str, ink: str = INK) -> None:
        """Add a text that begins at ``x``, standing on ``y``."""
        self.labels.append({"x": _px(x), "y": _px(y), "text": text, "ink": ink})

    def spec(self) -> dict[str, Any]:
        """Return the drawing as a Vega-Lite specification."""
        drawn = {name: marks for name in _KINDS if (marks := getattr(self, name))}
        return _view(tuple(drawn)) | {
            "height": _px(self.height),
            "datasets": drawn,
            "config": CONFIG,
        }


_KINDS = ("boxes", "lines", "dashes", "dots", "words", "labels")
"""The kinds of marks, from the lowest layer to the topmost."""


@cache
def _view(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return the layers for some kinds of marks, without their data.

    They are the same for every chart, so Altair makes them once. It does not check them against
    the schema here; the tests do that.
    """
    with debug_mode(False):
        view = alt.layer(*(_layer(kind) for kind in kinds)).properties(width=WIDTH)
        spec: dict[str, Any] = view.to_dict(validate=False)
    return spec


def _layer(kind: str) -> alt.Chart:
    x = alt.X(field="x", type="quantitative", scale=None, axis=None)
    y = alt.Y(field="y", type="quantitative", scale=None, axis=None)
    x2, y2 = alt.X2(field="x2"), alt.Y2(field="y2")
    ink = alt.Color(field="ink", type="nominal", scale=None, legend=None)
    text = alt.Text(field="text", type="nominal")
    on = alt.Chart(alt.NamedData(kind))
    layers: dict[str, tuple[alt.Chart, tuple[Any, ...]]] = {
        "boxes": (on.mark_rect(), (x2, y2, ink)),
        "lines": (on.mark_rule(color=LINE), (x2,)),
        "dashes": (on.mark_rule(strokeDash=[4, 3]), (y2, ink)),
        "dots": (on.mark_circle(size=64, opacity=1), (ink,)),
        "words": (on.mark_text(baseline="alphabetic"), (text, ink)),
        "labels": (on.mark_text(baseline="alphabetic", align="left"), (text, ink)),
    }
    mark, channels = layers[kind]
    layer: alt.Chart = mark.encode(x, y, *channels)
    return layer


def _px(place: float) -> float:
    """Return a place to a tenth of a pixel, which is as fine as anybody sees."""
    return round(place, 1)
