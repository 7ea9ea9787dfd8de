"""Markdown to plain pieces: paragraphs, headings, list items and tables, for formats that are not HTML.

The same parser and the same rules as :mod:`reportkit.blocks.markdown`, so no format says more than the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from reportkit.blocks.markdown import parse_prose


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False
    lead: bool = False
    """A paragraph's opening （一）…。, which official documents set apart."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading or an item of a list."""

    spans: tuple[Span, ...]
    level: int = 0
    """From 3 for a heading; 0 for text."""
    marker: str = ""
    """What stands before an item of a list: ``•`` or its number."""
    depth: int = 0
    """How many lists it stands in."""

    @property
    def text(self) -> str:
        """The words without their style."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class ProseTable:
    """A table in prose; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]


Piece = Paragraph | ProseTable


@lru_cache(maxsize=256)
def parse_rich_text(text: str) -> tuple[Piece, ...]:
    """Return the pieces of a section's Markdown.

    >>> [piece.text for piece in parse_rich_text("（一）主动公开。全年2条。") if isinstance(piece, Paragraph)]
    ['（一）主动公开。全年2条。']
    """
    return tuple(_pieces(parse_prose(text, headed=False)))


def _pieces(tokens: list[Token]) -> Iterator[Piece]:
    lists: list[int | None] = []
    level, marker = 0, ""
    for place, token in enumerate(tokens):
        match token.type:
            case "heading_open" | "heading_close":
                level = int(token.tag[1:]) if token.nesting > 0 else 0
            case "bullet_list_open" | "ordered_list_open":
                start = int(token.attrGet("start") or 1)
                lists.append(start if token.type.startswith("ordered") else None)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                number = lists[-1]
                marker = "•" if number is None else f"{number}."
                lists[-1] = None if number is None else number + 1
            case "table_open":
                yield ProseTable(tuple(_rows(tokens[place:])))
            case "inline" if tokens[place - 1].type not in ("th_open", "td_open"):
                yield Paragraph(tuple(_spans(token.children or [])), level, marker, len(lists))
                marker = ""
            case "fence" | "code_block" | "html_block":
                yield Paragraph((Span(token.content.strip("\n")),))


def _rows(tokens: list[Token]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table that the tokens begin with."""
    row: list[str] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                row = []
            case "inline":
                row.append("".join(span.text for span in _spans(token.children or [])))
            case "tr_close":
                yield tuple(row)
            case "table_close":
                return


def _spans(tokens: list[Token]) -> Iterator[Span]:
    strong = emphasis = lead = False
    last = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                strong = token.type == "strong_open"
            case "em_open" | "em_close":
                emphasis = token.type == "em_open"
            case "item_open" | "item_close":
                lead = token.type == "item_open"
            case "hardbreak":
                yield Span("\n")
            case "softbreak" if last.isascii():  # Chinese lines join without a space
                yield Span(" ")
            case "text" | "code_inline" | "html_inline" if token.content:
                last = token.content[-1]
                yield Span(token.content, strong, emphasis, lead)
