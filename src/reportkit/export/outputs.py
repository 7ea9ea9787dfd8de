"""What a cell of a user's own displayed, made into blocks: a table, a chart, a picture, prose, or sanitised HTML.

What no format can print is left out, and :attr:`OutputReader.left_out` says what it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from typing import Any, Final

from lxml import html

from reportkit.blocks import Block, Chart, ForeignHtml, Heading, Picture, Prose, Table, TableColumn
from reportkit.blocks.block import FOR_OFFICE
from reportkit.blocks.foreign import MediaType
from reportkit.blocks.markdown import split_heading
from reportkit.blocks.sanitise import clean_html, clean_svg
from reportkit.language import _

VEGA_LITE: Final = re.compile(r"application/vnd\.vegalite\.v5(\.\d+)*\+json")

_PICTURES: Final[tuple[MediaType, ...]] = ("image/svg+xml", "image/png", "image/jpeg")
_UNSAID: Final = frozenset({"text/plain", "application/vnd.jupyter.widget-view+json", FOR_OFFICE})
"""Types that may be left out without a word: another one beside them, or nothing, is the display."""

_TITLE: Final = re.compile(r"\s*<h[12][^>]*>(?P<title>.*?)</h[12]>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_FIGURE: Final = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_MISSING: Final = frozenset({"NaN", "None", "<NA>", "NaT", ""})
_MOST_NUMBERS: Final = 500
"""A chart of more rows has no table: nobody reads it."""


class OutputReader:
    """Reads outputs, one after another."""

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self._pieces = 0

    def read(
        self, data: Mapping[str, Any], metadata: Mapping[str, Any], cell: int
    ) -> Iterator[Block]:
        """Yield the blocks of one output; ``cell`` is its cell's number."""
        chart = next((data[mime] for mime in data if VEGA_LITE.fullmatch(mime)), None)
        if chart is not None:
            yield chart_of(chart)
        elif "text/html" in data:
            yield from self._html(_text(data["text/html"]), cell)
        elif "text/markdown" in data:
            title, text = split_heading(_text(data["text/markdown"]))
            yield Prose(text, title)
        elif any(mime in data for mime in _PICTURES):
            mime = next(mime for mime in _PICTURES if mime in data)
            alt = metadata.get(mime, {}).get("alt") or metadata.get("alt") or "图"
            yield from self._picture(mime, _text(data[mime]), str(alt), cell)
        else:
            self._say(cell, sorted(data.keys() - _UNSAID))

    def _html(self, raw: str, cell: int) -> Iterator[Block]:
        self._pieces += 1
        heading = _TITLE.match(raw)
        if heading is not None:
            yield Heading(unescape(_TAG.sub("", heading["title"])).strip())
            raw = raw[heading.end() :]
        cleaned = clean_html(raw, self._pieces)
        tree = html.fragment_fromstring(cleaned.html, create_parent="div")
        table = table_of(tree)
        if table is not None and 'class="dataframe"' in raw:
            yield table
            self._say(cell, [name for name in cleaned.left_out if name != "style"])
            return
        self._say(cell, cleaned.left_out)
        if tree.text_content().strip() or tree.xpath(".//img|.//svg|.//hr|.//table"):
            yield ForeignHtml(cleaned.html, table)

    def _picture(self, mime: MediaType, body: str, alt: str, cell: int) -> Iterator[Block]:
        if mime == "image/svg+xml":
            self._pieces += 1
            cleaned = clean_svg(body, self._pieces)
            self._say(cell, cleaned.left_out)
            body = cleaned.html
        try:
            yield Picture(mime, body, alt)
        except ValueError as fault:
            self._say(cell, [str(fault)])

    def _say(self, cell: int, names: Collection[str]) -> None:
        if names:
            self.left_out.append(
                _("cell {number}: left out: {names}", number=cell, names=", ".join(names))
            )


def chart_of(spec: Mapping[str, Any]) -> Chart:
    """Return a Vega-Lite specification of a user's own as a chart, its title taken out of the drawing."""
    title = spec.get("title", "")
    text, note = (
        (title.get("text", ""), title.get("subtitle", ""))
        if isinstance(title, Mapping)
        else (title, "")
    )
    shown, said = _line(text), str(spec.get("description") or "")
    return Chart(
        title=shown or "图",
        note=_line(note),
        description=said or shown or "图",
        spec={key: value for key, value in spec.items() if key != "title"},
        table=_numbers(spec, shown or "图"),
    )


def _line(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _numbers(spec: Mapping[str, Any], caption: str) -> Table | None:
    """Return the one data set that stands in a specification as a table."""
    sets = list(spec.get("datasets", {}).values()) or [spec.get("data", {}).get("values")]
    if len(sets) != 1 or not isinstance(sets[0], list) or not 0 < len(sets[0]) <= _MOST_NUMBERS:
        return None
    rows = sets[0]
    if not all(isinstance(row, Mapping) and row.keys() == rows[0].keys() for row in rows):
        return None
    return _table(caption, list(map(str, rows[0])), [[*map(_shown, row.values())] for row in rows])


def _shown(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def table_of(tree: Any) -> Table | None:
    """Return a piece of HTML as a table, where it is one table of plain rows under one line of headings."""
    tables = tree.xpath(".//table")
    if len(tables) != 1 or tree.xpath(".//*[@colspan>1]|.//*[@rowspan>1]|.//img|.//svg"):
        return None
    table = tables[0]
    heads = [[_words(cell) for cell in row] for row in table.xpath("./thead/tr")]
    rows = [[_words(cell) for cell in row] for row in table.xpath("./tbody/tr")]
    if len(heads) == 2 and not any(heads[1][1:]):  # pandas: the index's name below
        heads = [[heads[1][0] or heads[0][0], *heads[0][1:]]]
    if len(heads) != 1 or not rows or {len(row) for row in rows} != {len(heads[0])}:
        return None
    names = heads[0]
    if not names[0] and [row[0] for row in rows] == [str(n) for n in range(len(rows))]:
        names, rows = names[1:], [row[1:] for row in rows]  # pandas: rows that are only counted
    caption = "".join(_words(node) for node in table.xpath("./caption"))
    return _table(caption, names, rows) if names else None


def _words(node: Any) -> str:
    return " ".join(node.text_content().split())


def _table(caption: str, names: list[str], rows: list[list[str]]) -> Table | None:
    """Return texts as a table: a column whose every text is a figure or missing is one of numbers."""
    numeric = [
        nth > 0
        and any(row[nth] not in _MISSING for row in rows)
        and all(row[nth] in _MISSING or _FIGURE.fullmatch(row[nth]) for row in rows)
        for nth in range(len(names))
    ]
    columns = tuple(
        TableColumn(name, "number" if number else "text")
        for name, number in zip(names, numeric, strict=True)
    )
    lines = tuple(
        tuple(
            (None if text in _MISSING else text.replace(",", "")) if number else text
            for text, number in zip(row, numeric, strict=True)
        )
        for row in rows
    )
    try:
        return Table(caption or "表", columns, lines)
    except ValueError:
        return None


def _text(value: object) -> str:
    """Return a MIME value as one text; notebooks on disk may hold a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
