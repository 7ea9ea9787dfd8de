"""What HTML and SVG of somebody else may hold: the elements, attributes, properties and functions that stay."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

TEXT: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
DRAWING: Final = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
    ]
)
DROPPED_WHOLE: Final = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "title",
        "desc",
        "metadata",
        "foreignObject",
        "math",
        "textarea",
        "select",
        "button",
        "noembed",
        "noframes",
        "xmp",
        "plaintext",
        "audio",
        "video",
        "canvas",
    ]
)
"""Elements that go with all that stands in them; of others the text stays."""
PAINT: Final = frozenset(
    [
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "opacity",
        "clip-path",
        "clip-rule",
        "mask",
        "marker-start",
        "marker-mid",
        "marker-end",
        "stop-color",
        "stop-opacity",
        "color",
        "transform",
        "font-size",
        "font-weight",
        "font-style",
        "font-family",
        "text-anchor",
        "dominant-baseline",
        "alignment-baseline",
        "letter-spacing",
        "display",
        "visibility",
    ]
)
_GEOMETRY: Final = frozenset(
    [
        "viewBox",
        "preserveAspectRatio",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "dx",
        "dy",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "width",
        "height",
        "d",
        "points",
        "pathLength",
        "offset",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "patternUnits",
        "patternTransform",
        "clipPathUnits",
        "maskUnits",
        "refX",
        "refY",
        "markerWidth",
        "markerHeight",
        "markerUnits",
        "orient",
        "rotate",
        "textLength",
        "lengthAdjust",
    ]
)
PROPERTIES: Final = frozenset(
    [
        "color",
        "background",
        "background-color",
        "opacity",
        "font-weight",
        "font-style",
        "font-size",
        "font-family",
        "text-align",
        "text-decoration",
        "text-indent",
        "vertical-align",
        "white-space",
        "width",
        "min-width",
        "max-width",
        "height",
        "padding",
        "padding-left",
        "padding-right",
        "padding-top",
        "padding-bottom",
        "border",
        "border-top",
        "border-right",
        "border-bottom",
        "border-left",
        "border-color",
        "border-style",
        "border-width",
        "border-collapse",
        "border-spacing",
        "caption-side",
    ]
) | (PAINT - {"display", "visibility", "transform"})
"""What a style may set: nothing that moves an element over another or hides it."""

_EVERYWHERE: Final = frozenset(["id", "style", "title", "lang", "dir"])
_OF: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "a": frozenset({"href"}),
        "img": frozenset(["src", "alt", "width", "height"]),
        "td": frozenset(["colspan", "rowspan", "headers", "align", "valign"]),
        "th": frozenset(["colspan", "rowspan", "headers", "scope", "align", "valign"]),
        "col": frozenset({"span"}),
        "colgroup": frozenset({"span"}),
        "ol": frozenset(["start", "type", "reversed"]),
        "time": frozenset({"datetime"}),
        "details": frozenset({"open"}),
    }
)

CALLS: Final = frozenset(
    [
        "rgb",
        "rgba",
        "hsl",
        "hsla",
        "linear-gradient",
        "translate",
        "scale",
        "rotate",
        "skewx",
        "skewy",
        "matrix",
    ]
)
"""The functions that a value may call."""


@cache
def attributes_of(
    tags: frozenset[str], also: frozenset[str] = frozenset()
) -> dict[str, frozenset[str]]:
    """Return the attributes that each of some elements may have, ``also`` on every one of them."""
    drawing = PAINT | _GEOMETRY | {"href"}
    return {
        tag: _EVERYWHERE
        | also
        | _OF.get(tag, frozenset())
        | (drawing if tag in DRAWING else frozenset())
        for tag in tags
    }
