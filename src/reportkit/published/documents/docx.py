"""Word: a .docx file to paragraphs and grids, in the document's order."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from reportkit.errors import ReadError
from reportkit.files import DAMAGED_ARCHIVE
from reportkit.prose.content import FileContent, Grid, GridCell, TextBlock, TextParagraph, TextPlace
from reportkit.published.documents.archive import inspect_archive
from reportkit.published.documents.ofd import pages_of
from reportkit.published.documents.pdf import MOST_PAGES, document_of


def read_docx(data: bytes, name: str) -> FileContent:
    """Return the document that a Word (or OFD) file holds; raises :class:`ReadError` where it is none."""
    names = inspect_archive(data, name)
    if "OFD.xml" in names:
        return document_of(pages_of(data, name, MOST_PAGES), name, "OFD")
    _inspect(names, name)
    try:
        file = docx.Document(io.BytesIO(data))
        body = file.element.body
        title = file.core_properties.title or ""
    except (*_STUMBLES, etree.LxmlError, *DAMAGED_ARCHIVE) as fault:
        raise ReadError(f"{name}：不是可读的Word文件（{type(fault).__name__}）") from None
    blocks = () if body is None else tuple(_WordWalk(name).blocks(body))
    if not blocks:
        raise ReadError(f"{name}：Word文件中没有文字")
    return FileContent(name, blocks, titles=(title,) if title else ())


def _inspect(names: Collection[str], name: str) -> None:
    """Refuse archives that are no Word file."""
    if "xl/workbook.xml" in names:
        raise ReadError(
            f"{name}：Excel或WPS表格文件，不是年报；台账请另存为.xlsx，用 reportkit ingest 读入"
        )
    if "word/document.xml" not in names:
        raise ReadError(f"{name}：压缩文件中没有Word正文")


_STUMBLES = (KeyError, AttributeError, TypeError, IndexError, AssertionError)
"""What python-docx raises where an element is not what it takes it for."""

_WRAPPERS = frozenset(
    map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag", "w:customXml"))
)
"""What stands around paragraphs and tables and is none: content controls, insertions, marks."""
_GONE = frozenset(map(qn, ("w:del", "w:moveFrom")))
"""What tracked changes took away: the final text counts."""


class _WordWalk:
    """One pass over a body."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 0
        self._tables = 0

    def blocks(self, body: Any) -> Iterator[TextBlock]:
        stack = list(reversed(body))
        while stack:
            element = stack.pop()
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                if any(len(list(c.iter(qn("w:tbl")))) for c in element.iter(qn("w:tc"))):
                    stack.extend(
                        reversed([e for cell in _cells(element) for e in cell])
                    )  # a table around tables is layout
                    continue
                grid = self._grid(element)
                if grid is not None:
                    yield grid
            elif element.tag in _WRAPPERS:
                stack.extend(reversed(element))

    def _paragraph(self, element: Any) -> Iterator[TextBlock]:
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        heading = style is not None and "eading" in (style.get(qn("w:val")) or "")
        for text in _text(element).split("\n"):
            self._line += 1
            if text.strip():
                yield TextParagraph(
                    text.strip(), TextPlace(file=self._name, line=self._line), heading=heading
                )
        for box in element.iter(qn("w:txbxContent")):
            if not _repeated(box):
                yield from self.blocks(box)

    def _grid(self, table: Any) -> Grid | None:
        self._tables += 1
        rows: list[tuple[GridCell, ...]] = []
        for number, row in enumerate(table.iter(qn("w:tr")), start=1):
            if _taken_away(row):
                continue
            place = TextPlace(file=self._name, table=self._tables, row=number)
            cells = [
                GridCell(
                    "\n".join(
                        filter(
                            None,
                            (_text(p).strip() for p in cell.iter(qn("w:p")) if not _repeated(p)),
                        )
                    ),
                    place,
                )
                for cell in row.iter(qn("w:tc"))
                if not _covered(cell)
            ]
            if cells:
                rows.append(tuple(cells))
        return Grid(tuple(rows), rows[0][0].place) if rows else None


def _cells(table: Any) -> list[Any]:
    """Return a table's own cells, those of tables within it left out."""
    return [
        cell for cell in table.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tbl"))) is table
    ]


def _repeated(element: Any) -> bool:
    """Say whether an element says again, for old programs, what stands beside it."""
    return any(a.tag.endswith("}Fallback") for a in element.iterancestors())


def _taken_away(row: Any) -> bool:
    """Say whether tracked changes deleted a row, or moved it elsewhere."""
    if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
        return True
    return any(a.tag in _GONE for a in row.iterancestors())


def _covered(cell: Any) -> bool:
    """Say whether a cell only continues the one above it or beside it, or was deleted."""
    if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
        return True
    for name in ("w:vMerge", "w:hMerge"):
        merge = cell.find(f"{qn('w:tcPr')}/{qn(name)}")
        if merge is not None and merge.get(qn("w:val")) != "restart":
            return True
    return False


_UNSEEN = ("w:vanish", "w:strike", "w:dstrike")


def _is_on(style: Any, name: str) -> bool:
    """Say whether a switch of a run's style is set; it may be there to say that it is not."""
    found = style.find(qn(name))
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off")


def _text(paragraph: Any) -> str:
    """Return a paragraph's text: what is deleted, struck out or hidden goes, raised text is bracketed."""
    parts: list[str] = []
    for element in paragraph.iter(
        qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")
    ):
        run = element.getparent()
        within = {a.tag for a in takewhile(lambda a: a is not paragraph, element.iterancestors())}
        if qn("w:txbxContent") in within or within & _GONE:
            continue
        style = run.find(qn("w:rPr")) if run is not None else None
        if style is not None and any(_is_on(style, name) for name in _UNSEEN):
            continue
        if element.tag == qn("w:t"):
            text = element.text or ""
            raised = style.find(qn("w:vertAlign")) if style is not None else None
            up = raised is not None and raised.get(qn("w:val")) in ("superscript", "subscript")
            parts.append(f"[{text}]" if up and text else text)
        elif element.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif element.tag == qn("w:tab"):
            if run is not None and run.tag == qn("w:r"):
                parts.append("\t")
        else:
            parts.append("\n")
    return "".join(parts)
