"""Pictures for formats that hold no SVG: the report's charts and a user's own SVG as PNG."""

from __future__ import annotations

import math
import re
from typing import Final

from reportkit.blocks import Chart, Picture
from reportkit.blocks.foreign import MOST_PIXELS, drawn_sides
from reportkit.errors import RunError
from reportkit.export.drawing import INKS, draw_chart
from reportkit.export.typefaces import typefaces
from reportkit.language import _

PIXELS_PER_INCH: Final = 150
"""Sharp enough to stand in for a drawing where a program draws no SVG."""
POINTS_PER_INCH: Final = 72

_COLOURS: Final = {name: colour for colour, name in INKS.items()}
_CLASS = re.compile(r'class="([^"]*)"')
_SVG: Final = "<svg "
_SPACE: Final = "http://www.w3.org/2000/svg"


def chart_svg(chart: Chart, number: int = 1) -> str:
    """Return a chart as an SVG that stands by itself: its colours in it, and a typeface of this machine."""

    def painted(match: re.Match[str]) -> str:
        return " ".join(
            f'{"fill" if name[0] == "f" else "stroke"}="{_COLOURS[name[2:]]}"'
            for name in match[1].split()
            if name[2:] in _COLOURS
        )

    body = _CLASS.sub(painted, draw_chart(chart, number))
    return body.replace(_SVG, f'<svg xmlns="{_SPACE}" font-family="{typefaces()["figure"]}" ', 1)


def standing_svg(picture: Picture) -> str:
    """Return a user's own drawing as an SVG that stands by itself: within a page it needs no namespace."""
    body = picture.body
    return body if "xmlns=" in body else body.replace("<svg", f'<svg xmlns="{_SPACE}"', 1)


def png_of(svg: str) -> bytes:
    """Return an SVG as PNG, on white paper; the same bytes for the same fonts."""
    import typst  # noqa: PLC0415  # for formats with pictures alone

    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        '#image(bytes(sys.inputs.svg), format: "svg")\n'
    )
    compiler = typst.Compiler(
        source.encode(),
        font_paths=typefaces().fonts,
        ignore_system_fonts=True,
        sys_inputs={"svg": svg},
    )
    try:
        made = compiler.compile(format="png", ppi=_density(svg))
    except typst.TypstError as fault:
        raise RunError(
            _("a drawing cannot be made a picture: {message}", message=fault.message)
        ) from None
    return made if isinstance(made, bytes) else b"".join(made or ())  # one page: one picture


def _density(svg: str) -> float:
    """Return how many pixels an inch a drawing gets: fewer where it is so large that they would fill the memory."""
    area = math.prod(drawn_sides(svg)) / POINTS_PER_INCH**2
    return min(PIXELS_PER_INCH, math.sqrt(MOST_PIXELS / max(area, 1.0)))
