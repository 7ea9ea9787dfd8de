"""A drawing in pixels from the top left, as one Vega-Lite view without axes.

Vega's own axes and facets would draw the same and take four times as long, which a batch of three
thousand reports would feel; so the charts of this package work their places out themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from reportkit.notebook.ink import CONFIG, INK, LINE, WIDTH

_X = alt.X(field="x", type="quantitative", scale=None, axis=None)
_Y = alt.Y(field="y", type="quantitative", scale=None, axis=None)
_INK = alt.Color(field="ink", type="nominal", scale=None, legend=None)
_TEXT = alt.Text(field="text", type="nominal")


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
        """Return the drawing as a Vega-Lite specification.

        It is not checked against its schema here, which would take longer than drawing it; the
        tests do that.
        """
        with debug_mode(False):
            layers = [layer for name, layer in self._layers() if getattr(self, name)]
            view = alt.layer(*layers).properties(width=WIDTH, height=_px(self.height))
            spec: dict[str, Any] = view.to_dict(validate=False)
        names = ("boxes", "lines", "dashes", "dots", "words", "labels")
        spec["datasets"] = {name: getattr(self, name) for name in names if getattr(self, name)}
        return spec | {"config": CONFIG}

    @staticmethod
    def _layers() -> list[tuple[str, alt.Chart]]:
        def on(name: str) -> alt.Chart:
            return alt.Chart(alt.NamedData(name))

        x2, y2 = alt.X2(field="x2"), alt.Y2(field="y2")
        return [
            ("boxes", on("boxes").mark_rect().encode(_X, _Y, x2, y2, _INK)),
            ("lines", on("lines").mark_rule(color=LINE).encode(_X, _Y, x2)),
            ("dashes", on("dashes").mark_rule(strokeDash=[4, 3]).encode(_X, _Y, y2, _INK)),
            ("dots", on("dots").mark_circle(size=64, opacity=1).encode(_X, _Y, _INK)),
            ("words", on("words").mark_text(baseline="alphabetic").encode(_X, _Y, _TEXT, _INK)),
            (
                "labels",
                on("labels")
                .mark_text(baseline="alphabetic", align="left")
                .encode(_X, _Y, _TEXT, _INK),
            ),
        ]


def _px(place: float) -> float:
    """Return a place to a tenth of a pixel, which is as fine as anybody sees."""
    return round(place, 1)
