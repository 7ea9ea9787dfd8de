"""Markdown to HTML: CommonMark with tables. Raw HTML is escaped, pictures and script links are not made."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ITEM = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)][^。：:；，,]{1,24}[。：:]")

_CLOSING = tuple("。，、：；！？）》”’】")


@cache
def _parser() -> MarkdownIt:
    """Return the parser. Pictures are off: they would be requests to a network."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table"]).disable(["image"])


@lru_cache(maxsize=256)
def split_heading(text: str) -> tuple[str, str]:
    r"""Return the heading of a section (``##``) that Markdown begins with, in plain words, and the rest.

    >>> split_heading("## 一、总体情况\n\n文")
    ('一、总体情况', '文')
    """
    first, _, rest = text.partition("\n")
    tokens = _parser().parse(first)
    if not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h2":
        return "", text
    return "".join(child.content for child in tokens[1].children or ()), rest.lstrip("\n")


@lru_cache(maxsize=256)
def render_prose(text: str, *, headed: bool = True) -> str:
    """Return a section's Markdown as HTML.

    Only its first line may be a heading of a section (``##``), and where ``headed`` is false not even
    that; other headings rank below it. A
    paragraph's opening （一）…。 is set apart, as official documents do.
    """
    tokens = parse_prose(text, headed=headed)
    return str(_parser().renderer.render(tokens, _parser().options, {})).strip()


def parse_prose(text: str, *, headed: bool = True) -> list[Token]:
    """Return a section's Markdown as the parser's tokens, under the rules of :func:`render_prose`."""
    tokens = _parser().parse(text)
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            own = token.map == [0, 1] if token.map else tokens[place - 2].map == [0, 1]
            if not headed or not own or token.tag != "h2":
                token.tag = f"h{max(3, int(token.tag[1:]))}"
        elif token.type == "inline" and tokens[place - 1].type == "paragraph_open":
            _set_apart(token)
    return tokens


def _set_apart(paragraph: Token) -> None:
    """Make a paragraph's opening （一）…。 an element of its own."""
    children = paragraph.children or []
    for text, mark, after in zip(children, children[1:], children[2:], strict=False):
        if mark.type == "strong_close" and text.content.endswith(_CLOSING):
            after.content = after.content.lstrip(" ")  # full-width marks bring their own space
    if not children or children[0].type != "text":
        return
    opening = _ITEM.match(children[0].content)
    if opening is None:
        return
    start, end = Token("item_open", "b", 1), Token("item_close", "b", -1)
    title = Token("text", "", 0, content=opening[0])
    children[0].content = children[0].content[opening.end() :]
    paragraph.children = [start, title, end, *children]
