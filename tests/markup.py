"""HTML parsed for tests, without the unions that a typed XPath would need at every step."""

from __future__ import annotations

from typing import Any

from lxml import html


def document(page: str) -> Any:
    """Return a whole page's tree."""
    return html.document_fromstring(page)


def fragment(text: str) -> Any:
    """Return a piece of HTML inside one element."""
    return html.fragment_fromstring(f"<div>{text}</div>")
