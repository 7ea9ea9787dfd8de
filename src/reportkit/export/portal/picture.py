"""One tall picture that sums the year up: name, four figures, two charts, and where to read more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

import typst

from reportkit.blocks import Chart, KeyFigures
from reportkit.blocks.printable import all_printable
from reportkit.errors import RunError
from reportkit.export.document import Document
from reportkit.export.pictures import chart_svg
from reportkit.export.typefaces import typefaces
from reportkit.language import _

WIDTH: Final = 750
"""Pixels."""
MOST_CHARTS: Final = 2
_POINTS: Final = 375
"""The template's width in points, of which an inch has 72."""


def picture(document: Document) -> bytes:
    """Return the picture as PNG; the same document and fonts give the same bytes.

    Raises :class:`~reportkit.errors.RunError` where this machine has no Chinese font.
    """
    faces = typefaces()
    charts = [
        {
            "title": chart.title,
            "note": chart.note,
            "svg": chart_svg(chart),
            "alt": chart.description,
        }
        for chart in _charts(document)
    ]
    report = document.report
    shown = {
        "name": report.town.name,
        "county": report.town.county,
        "year": str(report.year),
        "words": list(document.words),
        "figures": [
            {"label": f.label, "shown": f.shown, "unit": f.unit, "phrase": f.phrase}
            for strip in _strips(document)
            for f in strip.figures
        ],
        "more": _more(document),
        "charts": charts,
    }
    data = json.dumps({**all_printable(shown), "faces": dict(faces.families)}, ensure_ascii=False)
    compiler = typst.Compiler(
        (files(__package__) / "picture.typ").read_bytes(),
        font_paths=faces.fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    try:
        made = compiler.compile(format="png", ppi=72 * WIDTH / _POINTS)
    except typst.TypstError as fault:
        raise RunError(_("the picture cannot be made: {message}", message=fault.message)) from None
    return made if isinstance(made, bytes) else b"".join(made or ())


def alternative(document: Document) -> str:
    """Return the picture in words."""
    lines = [*document.words, document.title]
    lines += [f"{strip.words}。" for strip in _strips(document)]
    lines += [chart.words for chart in _charts(document)]
    return "\n".join((*lines, _more(document)))


def _strips(document: Document) -> Iterator[KeyFigures]:
    yield from (block for block in document.lead if isinstance(block, KeyFigures))


def _charts(document: Document) -> list[Chart]:
    return [block for block in document.blocks if isinstance(block, Chart)][:MOST_CHARTS]


def _more(document: Document) -> str:
    issuer = document.report.town.issuer or document.report.town.name
    return f"全文见{issuer}门户网站：《{document.title}》"
