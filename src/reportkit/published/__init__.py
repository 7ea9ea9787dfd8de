"""Published reports: a page or document of any town, read into the form's cells, facts and sections.

Nothing is guessed: a cell is certain, with the place where it was read, or unread, with the reason.
The names are loaded when they are asked for: who needs the claims alone loads no PDF reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reportkit.published.blocks import Place, Problem
    from reportkit.published.claims import Claim, claims_of
    from reportkit.published.reading import PublishedReport, read_bytes, read_file
    from reportkit.published.settle import Reading

__all__ = [
    "Claim",
    "Place",
    "Problem",
    "PublishedReport",
    "Reading",
    "claims_of",
    "read_bytes",
    "read_file",
]

_HOMES = {
    "Claim": "claims",
    "Place": "blocks",
    "Problem": "blocks",
    "PublishedReport": "reading",
    "Reading": "recognise",
    "claims_of": "claims",
    "read_bytes": "reading",
    "read_file": "reading",
}
"""The module in which each name lives."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
