"""The format ``json``: the report, machine-readable, as docs/report-schema.json describes it."""

from __future__ import annotations

from reportkit.export.document import Document


def render(document: Document, _other: object = None) -> bytes:
    """Return the document's report; for the public it holds no findings."""
    return document.json.encode()
