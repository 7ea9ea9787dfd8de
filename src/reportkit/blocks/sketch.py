"""A drawing in pixels from the top left, as one Vega-Lite view without axes.

Vega's own axes and facets would draw the same and take four times as long, which a batch of three
thousand reports would feel; so the charts of this package work their places out themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import AfterValidator

from reportkit.blocks.block import STRICT
from reportkit.blocks.ink import CONFIG, INK, LINE, PALETTE, WIDTH
from reportkit.language import _

if TYPE_CHECKING:
    import altair as alt


def _known(ink: str) -> str:
    if ink not in PALETTE:
        raise ValueError(_("{ink!r} is no colour of the charts", ink=ink[:20]))
    return ink


Ink = Annotated[str, AfterValidator(_known)]


class Box(NamedTuple):
    """A filled box."""

    x: float
    x2: float
    y: float
    y2: float
    ink: Ink


class SketchLine(NamedTuple):
    """A thin level line."""

    x: float
    x2: float
    y: float


class Dash(NamedTuple):
    """A dashed upright line."""

    x: float
    y: float
    y2: float
    ink: Ink


class Dot(NamedTuple):
    """A dot."""

    x: float
    y: float
    ink: Ink


class SketchText(NamedTuple):
    """A text standing on ``y``: centred on ``x`` in ``words``, beginning at ``x`` in ``labels``."""

    x: float
    y: float
    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn, by kind of mark, from the lowest layer to the topmost. Make it on a :class:`Board`."""

    height: float
    """In pixels; the width is :data:`~reportkit.blocks.ink.WIDTH`."""
    boxes: tuple[Box, ...] = ()
    lines: tuple[SketchLine, ...] = ()
    dashes: tuple[Dash, ...] = ()
    dots: tuple[Dot, ...] = ()
    words: tuple[SketchText, ...] = ()
    labels: tuple[SketchText, ...] = ()
    __pydantic_config__ = STRICT

    def spec(self) -> dict[str, Any]:
        """Return the drawing as a Vega-Lite specification."""
        drawn = {
            name: [mark._asdict() for mark in marks]
            for name in _KINDS
            if (marks := getattr(self, name))
        }
        return _view(tuple(drawn)) | {"height": self.height, "datasets": drawn, "config": CONFIG}


@dataclass
class Board:
    """A drawing that is being made. Add to it, then take its :meth:`sketch`."""

    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    lines: list[SketchLine] = field(default_factory=list)
    dashes: list[Dash] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    words: list[SketchText] = field(default_factory=list)
    labels: list[SketchText] = field(default_factory=list)

    def box(self, x: float, x2: float, y: float, y2: float, ink: str) -> None:
        """Add a filled box."""
        self.boxes.append(Box(_px(x), _px(x2), _px(y), _px(y2), ink))

    def line(self, x: float, x2: float, y: float) -> None:
        """Add a thin level line."""
        self.lines.append(SketchLine(_px(x), _px(x2), _px(y)))

    def dash(self, x: float, y: float, y2: float, ink: str) -> None:
        """Add a dashed upright line."""
        self.dashes.append(Dash(_px(x), _px(y), _px(y2), ink))

    def dot(self, x: float, y: float, ink: str) -> None:
        """Add a dot."""
        self.dots.append(Dot(_px(x), _px(y), ink))

    def word(self, x: float, y: float, text: str, ink: str = INK) -> None:
        """Add a text centred on ``x``, standing on ``y``."""
        self.words.append(SketchText(_px(x), _px(y), text, ink))

    def label(self, x: float, y: float, text: str, ink: str = INK) -> None:
        """Add a text that begins at ``x``, standing on ``y``."""
        self.labels.append(SketchText(_px(x), _px(y), text, ink))

    def sketch(self) -> Sketch:
        """Return what was drawn."""
        marks = {name: tuple(getattr(self, name)) for name in _KINDS}
        return Sketch(_px(self.height), **marks)


_KINDS = ("boxes", "lines", "dashes", "dots", "words", "labels")
"""The kinds of marks, from the lowest layer to the topmost."""


@cache
def _view(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return the layers for some kinds of marks, without their data.

    They are the same for every chart, so Altair makes them once. It does not check them against
    the schema here; the tests do that.
    """
    import altair as alt  # noqa: PLC0415  # heavy; whoever reads a sketch's numbers does not need it
    from altair.utils.schemapi import debug_mode  # noqa: PLC0415

    with debug_mode(False):
        view = alt.layer(*(_layer(kind) for kind in kinds)).properties(width=WIDTH)
        spec: dict[str, Any] = view.to_dict(validate=False)
    return spec


def _layer(kind: str) -> alt.Chart:
    import altair as alt  # noqa: PLC0415

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
