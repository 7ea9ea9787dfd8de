"""The page's body for content systems that strip style sheets: every rule stands on its element."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import css_inline
from lxml import html
from markupsafe import Markup

from reportkit.blocks import Block, Chart
from reportkit.export.document import Document
from reportkit.export.html import environment, style
from reportkit.export.pictures import chart_svg


def fragment(document: Document, metadata: Mapping[str, str]) -> str:
    """Return the report as HTML without head, style sheet, class or script."""
    page = environment().get_template("portal.html.j2")
    drawn = page.render(
        document=document,
        metadata=metadata,
        lead=list(_printed(document.lead)),
        sections=[(section.title, list(_printed(section.blocks))) for section in document.sections],
    )
    inlined = _inliner().inline_fragment(f"<div>{drawn}</div>", str(style("portal.css")))
    root = html.fragment_fromstring(inlined)
    for element in root.xpath(".//*[contains(concat(' ', @class, ' '), ' unseen ')]|.//col"):
        element.drop_tree()
    for element in root.iter():
        _plain(element)
    return str(html.tostring(root, encoding="unicode")) + "\n"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


def _printed(blocks: tuple[Block, ...]) -> Iterator[Markup]:
    """Yield each block; a chart tells in words what it draws, for a system that strips drawings too."""
    for number, block in enumerate(blocks, 1):
        if isinstance(block, Chart):
            words = Markup("<p class='note'>{}</p>").format(block.description)
            drawing = block.html(chart_svg(block, number))
            yield Markup(drawing) + words  # noqa: S704 - made by escaping templates
        else:
            yield Markup(block.html())  # noqa: S704 - made by escaping templates, the parser, the sanitiser


def _plain(element: Any) -> None:
    """Leave out what means nothing outside a page of this package."""
    for name in ("class", "tabindex", "role", "aria-label", "aria-hidden"):
        if name != "aria-label" or element.tag != "svg":
            element.attrib.pop(name, None)
