"""Charts: a Vega-Lite specification to a small inline SVG that follows the page's colours and fonts.

What the drawing library writes is verbose and carries fixed colours and fonts. Here numbers are rounded to
a tenth of a pixel, empty elements and editing aids go, and each known colour becomes a class,
for which the page's CSS has one colour on light paper and another on dark screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from xml.etree import ElementTree as ET

from reportkit.blocks.chart import Chart
from reportkit.blocks.sanitise import clean_drawing
from reportkit.errors import ReportkitError
from reportkit.export.sketch import draw_sketch
from reportkit.export.vega import convert
from reportkit.language import _

SVG: Final = "{http://www.w3.org/2000/svg}"

INKS: Mapping[str, str] = MappingProxyType(
    {
        "#1f2328": "ink",
        "#6b7178": "faint",
        "#c9cdd2": "line",
        "#7d8b99": "bar",
        "#9b1c1c": "accent",
        "#1d5c63": "granted",
        "#3f8f8b": "part",
        "#9b4a1c": "refused",
        "#b98a2f": "unavailable",
        "#6b5b8c": "unprocessed",
        "#8b9096": "other",
    }
)
"""The charts' colours with their names in the page's CSS; ``blocks/ink.py`` draws with them."""

_NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
_DROPPED = ("aria-hidden", "aria-label", "aria-roledescription", "role", "pointer-events", "class")
_DEFAULTS = {
    "opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
    "transform": "translate(0,0)",
    "fill": "none",
}


def draw_chart(chart: Chart, number: int) -> str:
    """Return a chart as SVG for a page; ``number`` is its place there, from 1, and makes its ids its own.

    A sketch is written down as it is, everything else goes through the engine. What is not of this package
    is sanitised: a specification can ask for pictures and links.
    """
    if chart.sketch is not None and (svg := draw_sketch(chart.sketch, INKS)) is not None:
        return svg
    return draw(chart.vega_lite(), number, own=chart.sketch is not None)


def draw(spec: Mapping[str, Any], number: int, *, own: bool = True) -> str:
    """Return a specification as SVG by the engine; what is not our ``own`` is sanitised."""
    try:
        raw = convert({key: value for key, value in spec.items() if key != "title"})
    except ValueError as fault:
        reason = " ".join(str(fault).splitlines()[:2])  # behind them stands where in the engine
        raise ReportkitError(
            _("chart {number} cannot be drawn: {reason}", number=number, reason=reason)
        ) from None
    svg = _shrink(raw, number)
    return svg if own else clean_drawing(svg.replace("<svg ", '<svg fill="none" ', 1))


def _shrink(raw: str, number: int) -> str:
    """Return the drawing without all that a page does not need."""
    root = ET.fromstring(raw)  # noqa: S314 - the drawing engine's own output
    names = {
        str(node.get("id")): f"d{number}-{n}"
        for n, node in enumerate(root.iterfind(".//*[@id]"), 1)
    }
    _clean(root, names)
    size = {name: root.get(name, "0") for name in ("width", "height")}
    root.attrib.clear()
    root.attrib.update(size, viewBox=f"0 0 {size['width']} {size['height']}")
    root.set("aria-hidden", "true")
    for node in root.iter():
        node.tag = node.tag.removeprefix(SVG)  # inside HTML, svg needs no namespace
    return ET.tostring(root, encoding="unicode")


def _clean(node: ET.Element, names: Mapping[str, str]) -> None:
    """Simplify an element's children, then the element itself."""
    kept: list[ET.Element] = []
    for child in node:
        _clean(child, names)
        if child.tag == f"{SVG}g" and not child.attrib:  # a group that groups nothing
            kept.extend(child)
        elif not _invisible(child):
            kept.append(child)
    node[:] = kept
    for name in list(node.attrib):
        if name in _DROPPED or name.startswith("font-family"):
            del node.attrib[name]
    for name, default in _DEFAULTS.items():
        if node.get(name) == default and (name != "fill" or node.tag == f"{SVG}g"):
            del node.attrib[name]
    for name, value in node.attrib.items():
        rounded = _NUMBER.sub(lambda m: f"{round(float(m[0]), 1) + 0:g}", value)
        rounded = _REFERENCE.sub(lambda m: f"url(#{names.get(m[1], m[1])})", rounded)
        node.set(name, names.get(value, value) if name == "id" else rounded)
    _ink(node)


def _ink(node: ET.Element) -> None:
    """Put classes in place of known colours: ``f-`` for a fill, ``s-`` for a stroke."""
    classes = []
    for name in ("fill", "stroke"):
        ink = INKS.get(str(node.get(name)).lower())
        if ink is not None:
            classes.append(f"{name[0]}-{ink}")
            del node.attrib[name]
    if classes:
        node.set("class", " ".join(classes))


def _invisible(node: ET.Element) -> bool:
    if node.get("display") == "none" or node.get("fill") == "transparent":
        return True
    if node.tag == f"{SVG}g":
        return len(node) == 0
    if node.tag == f"{SVG}path":
        painted = (
            node.get("fill", "none") != "none" or "stroke" in node.attrib or "class" in node.attrib
        )
        return node.get("d", "") in ("", "M0,0h0v0h0Z") or not painted
    return node.tag == f"{SVG}text" and not (node.text or "").strip()
