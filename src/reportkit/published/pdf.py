"""PDF: pages with a text layer to paragraphs and grids."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from reportkit.errors import ReadError
from reportkit.published.blocks import Block, Document, Grid, GridCell, Paragraph, Place

MOST_PAGES = 200
_PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?[-—–\s]*(?:[/共]\s*\d{1,4}\s*页?)?")


def read_pdf(data: bytes, name: str) -> Document:
    """Return the document that a PDF holds.

    Raises :class:`ReadError` where it is encrypted, broken, or only pictures of pages.
    """
    blocks: list[Block] = []
    letters = 0
    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            title = str((file.metadata or {}).get("Title") or "")
            for number, page in enumerate(file.pages, start=1):
                if number > MOST_PAGES:
                    raise ReadError(f"{name}：超过{MOST_PAGES}页，未读")
                letters += len(page.chars)
                blocks += _page(page, Place(file=name, page=number))
                page.close()
    except ReadError:
        raise
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise ReadError(f"{name}：PDF已加密，请先去掉密码") from None
    except PdfminerException as fault:
        if any(isinstance(a, PDFPasswordIncorrect | PDFEncryptionError) for a in fault.args):
            raise ReadError(f"{name}：PDF已加密，请先去掉密码") from None
        raise ReadError(f"{name}：不是可读的PDF") from None
    except Exception as fault:  # noqa: BLE001 (pdfminer raises whatever a broken file provokes)
        raise ReadError(f"{name}：不是可读的PDF（{type(fault).__name__}）") from None
    if not letters:
        raise ReadError(f"{name}：PDF没有文字层（扫描图片），请先做文字识别")
    return Document(name, tuple(blocks), titles=(title,) if title else ())


def _page(page: Any, place: Place) -> Iterator[Block]:
    """Yield a page's lines and tables from top to bottom."""
    tables = sorted(
        (t for t in page.find_tables() if len(t.rows) and max(len(r.cells) for r in t.rows) > 1),
        key=lambda table: table.bbox[1],
    )
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda item: not _inside(item, boxes)) if boxes else page
    found: list[tuple[float, Block]] = [
        (line["top"], Paragraph(line["text"], place))
        for line in outside.extract_text_lines(return_chars=False)
        if not _is_page_number(line, page)
    ]
    for table in tables:
        rows = [
            tuple(GridCell((text or "").strip(), place) for text in row if text is not None)
            for row in table.extract()
        ]
        kept = tuple(row for row in rows if row)
        if kept:
            found.append((table.bbox[1], Grid(kept, place)))
    found.sort(key=lambda pair: pair[0])
    yield from (block for _, block in found)


def _inside(item: Any, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    if item.get("object_type") != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _is_page_number(line: Any, page: Any) -> bool:
    """Say whether a line at the page's edge is its number."""
    edge = line["top"] < page.height * 0.08 or line["bottom"] > page.height * 0.9
    return bool(edge and _PAGE_NUMBER.fullmatch(line["text"].strip()))
