"""A chart: a drawing with its title, the words that say the same, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from reportkit.blocks.block import BLOCK, STRICT, VEGA_LITE, Block, render
from reportkit.blocks.sketch import Sketch
from reportkit.blocks.tables import Table
from reportkit.language import _

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Chart(Block):
    """A chart, drawn from a sketch of this package or from a Vega-Lite specification: from one of the two.

    Raises :class:`ValueError` for both or none.
    """

    title: str
    note: str = ""
    """A smaller line under the title."""
    description: str
    """The alternative text: a sentence that says the same as the drawing."""
    sketch: Sketch | None = None
    spec: Mapping[str, Any] | None = None
    """Vega-Lite 5 of a user's own, with its data in it."""
    table: Table | None = None
    """The numbers that are drawn."""
    kind: Literal["chart"] = "chart"
    __pydantic_config__ = STRICT

    def __post_init__(self) -> None:
        if (self.sketch is None) == (self.spec is None):
            raise ValueError(_("a chart has a sketch or a specification, and not both"))

    @property
    def words(self) -> str:
        """Return title and description."""
        return f"{self.title}。{self.description}"

    @property
    def data(self) -> pd.DataFrame | None:
        """Return the numbers that are drawn, where they are known."""
        return None if self.table is None else self.table.data

    def vega_lite(self) -> dict[str, Any]:
        """Return the drawing as a Vega-Lite specification, without the title."""
        if self.sketch is not None:
            return self.sketch.spec()
        return {key: value for key, value in (self.spec or {}).items() if key != "title"}

    def html(self, svg: str = "") -> str:
        """Return a figure around a drawing; without one, the words stand in its place.

        ``svg`` is trusted: it comes from this package's drawing alone.
        """
        return render("chart", block=self, svg=svg)

    @property
    def bundle(self) -> dict[str, Any]:
        """Return the specification, which JupyterLab draws itself, beside the data."""
        spec = self.vega_lite() | {
            "title": {"text": self.title, "subtitle": self.note, "anchor": "start"},
            "description": self.description,
        }
        return {VEGA_LITE: spec, BLOCK: self.to_json()}
