"""The seal read out of a file: HTML, Word, Excel, PDF. The file is hostile until read."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import pypdfium2 as pdfium
from lxml import etree, html

from reportkit.errors import ReadError
from reportkit.export.excel.sheets import CARRIED
from reportkit.export.seal import Seal, parse_seal
from reportkit.export.verify.visible import Sheets, read_shown_sheets
from reportkit.files import DAMAGED_ARCHIVE
from reportkit.language import _, marked
from reportkit.published.documents.archive import inspect_archive
from reportkit.published.documents.encoding import decode

SEAL_ID: Final = "reportkit-seal"
"""The id of the element that carries the seal in HTML."""
WORD_SPACE: Final = "urn:reportkit:seal:1"
NOTHING: Final = marked("no data of a report by this program stand in it; it cannot be checked")
_MOST_TEXT: Final = 16_000_000
_MOST_ATTACHMENTS: Final = 100


def seal_of(data: bytes, name: str) -> tuple[Seal, Sheets | None]:
    """Return the seal that a file carries, and of a workbook its sheets too.

    Raises :class:`~reportkit.errors.ReadError` where the file cannot be read, and :class:`NothingCarried`
    where it carries none.
    """
    if data[:1024].find(b"%PDF-") >= 0:
        return _of_pdf(data, name), None
    if data.startswith(b"PK\x03\x04"):
        parts = inspect_archive(data, name)
        if "xl/workbook.xml" in parts:
            sheets = read_shown_sheets(data, name)
            return _of_sheets(sheets, name), sheets
        return _of_word(data, name, parts), None
    return _of_html(data, name), None


class NothingCarried(ReadError):
    """A file without a seal: not made by this package, or saved by a program that drops it."""


def _of_html(data: bytes, name: str) -> Seal:
    if len(data) > _MOST_TEXT:
        raise ReadError(
            f"{name}：文本有{len(data) // 1_000_000} MB，超过{_MOST_TEXT // 1_000_000} MB，未读"
        )
    try:
        root = html.document_fromstring(
            decode(data), parser=html.HTMLParser(no_network=True, huge_tree=False)
        )
    except (etree.LxmlError, ValueError, AssertionError):
        raise NothingCarried(f"{name}: {_(NOTHING)}") from None
    found = [e for e in root.iter("template") if e.get("id") == SEAL_ID]
    return _one(name, [(e.get("data-seal") or "", "".join(map(str, e.itertext()))) for e in found])


def _of_word(data: bytes, name: str, parts: frozenset[str]) -> Seal:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    found = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in sorted(parts):
                if part.startswith("customXml/") and part.endswith(".xml"):
                    root = etree.fromstring(archive.read(part), parser)
                    if root.tag == f"{{{WORD_SPACE}}}seal":
                        texts = (
                            root.findtext(f"{{{WORD_SPACE}}}{n}") for n in ("header", "report")
                        )
                        found.append(tuple(text or "" for text in texts))
    except (etree.LxmlError, *DAMAGED_ARCHIVE):
        raise ReadError(f"{name}：不是可读的Word文件") from None
    return _one(name, [(header, text) for header, text in found])


def _of_sheets(sheets: Sheets, name: str) -> Seal:
    rows = sheets.get(CARRIED, [])
    pieces = [str(row[0]) for row in rows if row]
    return _one(name, [(pieces[0], "".join(pieces[1:]))] if pieces else [])


def _of_pdf(data: bytes, name: str) -> Seal:
    found: dict[str, bytes] = {}
    try:
        file = pdfium.PdfDocument(data)
        try:
            for place in range(min(file.count_attachments(), _MOST_ATTACHMENTS)):
                attached = file.get_attachment(place)
                found.setdefault(attached.get_name(), bytes(attached.get_data()))
        finally:
            file.close()
    except (pdfium.PdfiumError, ValueError):
        raise ReadError(f"{name}：不是可读的PDF，或已加密") from None
    header, text = (found.get(part, b"") for part in ("report.seal.json", "report.json"))
    try:
        return _one(name, [(header.decode(), text.decode())] if header else [])
    except UnicodeDecodeError:
        raise ReadError(f"{name}：所附报告数据不是UTF-8文字") from None


def _one(name: str, found: list[tuple[str, str]]) -> Seal:
    if not found:
        raise NothingCarried(f"{name}: {_(NOTHING)}")
    if len(found) > 1:
        raise ReadError(f"{name}：附有{len(found)}份报告数据，不知以哪份为准")
    try:
        return parse_seal(*found[0])
    except ReadError as fault:
        raise ReadError(f"{name}：{fault}") from None
