"""HTML: a saved page to paragraphs and grids.

Tables that hold tables are layout, and only frame what is in them. Scripts, hidden parts, menus
and footers go. Text that a page raises or lowers (footnote marks) is bracketed, so that it cannot
run into a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from reportkit.errors import ReadError
from reportkit.prose.content import FileContent, Grid, GridCell, TextBlock, TextParagraph, TextPlace
from reportkit.published.documents.encoding import decode

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "nav",
        "footer",
        "aside",
        "s",
        "strike",
        "del",
    ]
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "pre",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "figure",
        "figcaption",
        "form",
        "fieldset",
        "center",
        "address",
        "hr",
        "body",
        "html",
    ]
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[^;]*line-through", re.IGNORECASE
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_TITLES = ("articletitle", "title", "og:title", "sitename")


def read_html(data: bytes, name: str) -> FileContent:
    """Return the document that a page holds; raises :class:`ReadError` where there is none."""
    text = _DECLARATION.sub("", decode(data), count=1)
    root = _parsed(text, name)
    blocks = tuple(_HtmlWalk(name).blocks(root))
    if not blocks:
        raise ReadError(f"{name}：网页中没有文字")
    return FileContent(name, blocks, titles=tuple(_titles(root)), cut=_cut(text))


def blocks_of(text: str, name: str, lines_before: int) -> list[TextBlock]:
    """Return the blocks of a piece of HTML within another text, behind so many lines of it."""
    return list(_HtmlWalk(name).blocks(_parsed("\n" * lines_before + text, name)))


def _parsed(text: str, name: str) -> html.HtmlElement:
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as fault:
        raise ReadError(f"{name}：不是可读的HTML（{type(fault).__name__}）") from None


def _cut(text: str) -> bool:
    """Say whether a page breaks off: in the middle of a text, or with a table open."""
    lowered = text.lower()
    return not lowered.rstrip().endswith(">") or lowered.count("<table") > lowered.count("</table")


def _titles(root: html.HtmlElement) -> Iterator[str]:
    """Yield the titles that the page's head names."""
    for element in root.iter("meta"):
        label = (element.get("name") or element.get("property") or "").lower()
        if label in _TITLES and element.get("content"):
            yield element.get("content", "").strip()
    for element in root.iter("title"):
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield text


class _HtmlWalk:
    """One pass over a page, without recursion: pages nest as deep as they like."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tables = 0
        self._paragraphs = 0
        self._parts: list[str] = []
        self._line = 1
        self._heading = False

    def blocks(self, root: html.HtmlElement) -> Iterator[TextBlock]:
        """Yield the page's blocks."""
        stack: list[tuple[html.HtmlElement, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            tag = element.tag if isinstance(element.tag, str) else ""
            gone = not leaving and (not tag or tag in _DROPPED or _hidden(element))
            if tag in _BLOCK and not gone:
                yield from self._flush()
                self._turn(element, tag, leaving=leaving)
            if leaving or gone:
                self._parts.append(element.tail or "")
            elif tag == "table" and element.find(".//table") is None:
                yield from self._grid(element)
                self._parts.append(element.tail or "")
            else:
                self._parts.append(("\n" if tag == "br" else "") + (element.text or ""))
                stack.append((element, True))
                stack.extend((child, False) for child in reversed(element))
        yield from self._flush()

    def _turn(self, element: html.HtmlElement, tag: str, *, leaving: bool) -> None:
        """Note what block begins or ends."""
        if tag in _HEADINGS:
            self._heading = not leaving
        if not leaving:
            self._line = element.sourceline or self._line

    def _flush(self) -> Iterator[TextParagraph]:
        """Yield the text gathered since the last block."""
        text = _squeeze("".join(self._parts))
        self._parts.clear()
        for each in filter(None, text.split("\n")):
            self._paragraphs += 1
            place = TextPlace(file=self._name, line=self._line, nth=self._paragraphs)
            yield TextParagraph(each, place, heading=self._heading)

    def _grid(self, table: html.HtmlElement) -> Iterator[Grid]:
        self._tables += 1
        rows: list[tuple[GridCell, ...]] = []
        for number, row in enumerate(table.iter("tr"), start=1):
            place = TextPlace(file=self._name, line=row.sourceline, table=self._tables, row=number)
            cells = [
                GridCell(cell_text(cell), place)
                for cell in row
                if cell.tag in ("td", "th") and not _hidden(cell)
            ]
            if cells and not _hidden(row):
                rows.append(tuple(cells))
        if rows:
            yield Grid(tuple(rows), rows[0][0].place)


def cell_text(cell: html.HtmlElement) -> str:
    """Return a cell's text; a line break or block in it stays as a line break."""
    if not len(cell):  # most cells hold text alone
        return _squeeze(cell.text or "")
    parts: list[str] = []
    stack: list[tuple[html.HtmlElement, bool]] = [(cell, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        gone = element is not cell and (_hidden(element) or _folded(element))
        if leaving or not tag or tag in _DROPPED or gone:
            if leaving and tag in _BLOCK:
                parts.append("\n")
            if leaving and tag in ("sup", "sub"):
                parts.append("]")
            if element is not cell:
                parts.append(element.tail or "")
            continue
        if tag == "br" or (tag in _BLOCK and element is not cell):
            parts.append("\n")
        if tag in ("sup", "sub"):
            parts.append("[")
        parts.append(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    return _squeeze("".join(parts))


def _squeeze(text: str) -> str:
    """Fold white space as a browser does; line breaks stay, empty lines go."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in re.sub(r"[\r\t]", " ", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _folded(element: html.HtmlElement) -> bool:
    """Say whether an element only opens when a reader asks: what a figure in a cell is made of, and no figure."""
    parent = element.getparent()
    return parent is not None and parent.tag == "details" and element.tag != "summary"


def _hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))
