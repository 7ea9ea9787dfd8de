"""A document to a .docx file: every block in its style."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Inches, Length, Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reportkit.blocks import (
    Block,
    Chart,
    Findings,
    ForeignHtml,
    FormTable,
    Heading,
    KeyFigures,
    Lineage,
    Note,
    Picture,
    Prose,
    Roster,
    SignOff,
    Table,
)
from reportkit.blocks.printable import printable
from reportkit.blocks.rich_text import Paragraph as Piece
from reportkit.blocks.rich_text import ProseTable, parse_rich_text
from reportkit.export.document import Document
from reportkit.export.formats import Other
from reportkit.export.pictures import chart_svg, png_of, standing_svg
from reportkit.export.word import styles as style
from reportkit.export.word.carried import carry
from reportkit.export.word.tables import TWIPS, form_table, plain_table, rows_table
from reportkit.files import without_times

WIDEST: Final = Mm(140)
"""No picture is wider."""
HIGHEST: Final = Mm(220)
"""No picture is higher: less than a page without its margins."""
RESOLUTIONS: Final = range(20, 2401)
"""Dots an inch that a picture may say it has; another number is none."""
SCREEN: Final = 96
"""Dots an inch of a picture that says none, as in a browser."""
LONGEST: Final = 255
"""Characters of a property: what Office Open XML allows."""
_SVG_URI: Final = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_SVG_SPACE: Final = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_FIXED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # the same bytes on every day


def render(document: Document, _other: Other) -> bytes:
    """Return a document as the format ``docx`` has it: the same blocks give the same bytes."""
    return _WordWriter(document).write()


class _WordWriter:
    """Writes one document; a method a kind of block."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._word = docx.Document(io.BytesIO(_empty("　".join(document.words))))
        self._pictures = 0
        self._ids = _style_ids()
        self._cells = {
            "cell": self._ids[style.CELL],
            "number": self._ids[style.NUMBER],
            "head": self._ids[style.HEAD],
        }

    def write(self) -> bytes:
        document = self._document
        for word in document.words:
            self._line(word, style.STATE)
        self._line(document.title, style.TITLE)
        for block in document.lead:
            self._block(block)
        for section in document.sections:
            self._line(section.title, style.HEADINGS[0])
            for block in section.blocks:
                self._block(block)
        self._properties()
        if not document.own_title:
            carry(self._word, document.seal)
        return _saved(self._word)

    def _block(self, block: Block) -> None:
        """Write one block; kinds that print nothing have no method."""
        writers: dict[type[Block], Callable[[Any], None]] = {
            Heading: self._heading,
            Prose: self._prose,
            Note: lambda note: self._line(note.text),
            KeyFigures: self._key_figures,
            FormTable: self._form_table,
            Table: self._table,
            Chart: self._chart,
            Findings: self._findings,
            Lineage: lambda block: self._table(block.on_paper),
            Roster: self._roster,
            SignOff: self._sign_off,
            Picture: self._picture,
            ForeignHtml: self._foreign,
        }
        if (write := writers.get(type(block))) is not None:
            write(block)

    def _heading(self, block: Heading) -> None:
        if block.level > 2:  # one of level 2 is the section's own
            self._line(block.text, style.HEADINGS[block.level - 2])

    def _prose(self, block: Prose) -> None:
        for piece in parse_rich_text(block.text):
            if isinstance(piece, ProseTable):
                self._element(rows_table(piece.rows[0], piece.rows[1:], "", self._cells))
            else:
                self._paragraph(piece)

    def _paragraph(self, piece: Piece) -> None:
        name = style.BODY
        if piece.level:
            name = style.HEADINGS[min(piece.level - 2, len(style.HEADINGS) - 1)]
        elif piece.marker or piece.depth:
            name = style.ITEM
        indent = f'<w:ind w:left="{round(11 * piece.depth * TWIPS)}"/>' if piece.depth else ""
        runs = [_run(f"{piece.marker} ")] if piece.marker else []
        for span in piece.spans:
            look = f'<w:rStyle w:val="{self._ids[style.LEAD]}"/>' if span.lead else ""
            look += "<w:b/>" if span.strong else ""
            look += "<w:i/>" if span.emphasis else ""
            runs.append(_run(span.text, look))
        self._element(self._written(name, "".join(runs), indent))

    def _key_figures(self, block: KeyFigures) -> None:
        figures = rows_table(
            block.head, block.lines, "主要数据", self._cells, numbers=[True] * len(block.head)
        )
        self._element(figures)
        self._line("", style.NOTE)

    def _form_table(self, block: FormTable) -> None:
        self._element(form_table(block, self._cells))
        for note in block.notes or ("",):
            self._line(note, style.NOTE)

    def _table(self, block: Table) -> None:
        self._line(block.title, style.CAPTION)
        self._element(plain_table(block, self._cells))
        for note in block.notes or ("",):
            self._line(note, style.NOTE)

    def _chart(self, block: Chart) -> None:
        self._line(block.title, style.CAPTION)
        self._drawing(chart_svg(block), block.description)
        if block.note:
            self._line(block.note, style.NOTE)

    def _picture(self, block: Picture) -> None:
        if block.media_type == "image/svg+xml":
            self._drawing(standing_svg(block), block.alt)
        else:
            self._image(block.content, block.alt)

    def _foreign(self, block: ForeignHtml) -> None:
        if block.table is not None:
            self._table(block.table)
        else:
            self._line(block.words)

    def _findings(self, block: Findings) -> None:
        self._line(block.words, style.CAPTION)
        for line in block.lines:
            self._line(line, style.NOTE)

    def _roster(self, block: Roster) -> None:
        self._line(block.summary)
        self._table(block.table)

    def _sign_off(self, block: SignOff) -> None:
        for line in block.lines:
            self._line(line, style.SIGNATURE)

    def _line(self, text: str, name: str = style.BODY) -> None:
        self._element(self._written(name, _run(text) if text else ""))

    def _written(self, name: str, runs: str, layout: str = "") -> Any:
        """Return a paragraph: python-docx would look for its style among all styles each time."""
        head = f'<w:pPr><w:pStyle w:val="{self._ids[name]}"/>{layout}</w:pPr>'
        return parse_xml(f"<w:p {nsdecls('w')}>{head}{runs}</w:p>")

    def _element(self, element: Any) -> None:
        self._word.element.body.insert_element_before(element, "w:sectPr")

    def _drawing(self, svg: str, words: str) -> None:
        """Write a drawing: sharp at any size, with a picture for programs that draw no SVG."""
        self._image(png_of(svg), words, svg)

    def _image(self, content: bytes, words: str, svg: str = "") -> None:
        """Write a picture with its alternative text, no wider than the page's text."""
        paragraph = self._written(style.PICTURE, "<w:r/>")
        self._element(paragraph)
        run = Run(paragraph[-1], Paragraph(paragraph, self._word._body))  # noqa: SLF001
        shape = run.add_picture(io.BytesIO(content), *picture_size(content))
        self._pictures += 1
        properties = shape._inline.docPr  # noqa: SLF001  # python-docx has no alternative text
        properties.set("name", f"图{self._pictures}")
        properties.set("descr", printable(words))
        if svg:
            self._draw(shape, svg)

    def _draw(self, shape: Any, svg: str) -> None:
        """Add the drawing beside its picture, as Word has done since 2016."""
        package, nth = self._word.part.package, self._pictures
        part = Part(
            PackURI(f"/word/media/drawing{nth}.svg"), "image/svg+xml", svg.encode(), package
        )
        link = self._word.part.relate_to(part, LINK.IMAGE)
        [blip] = shape._inline.iter(qn("a:blip"))  # noqa: SLF001  # python-docx knows no SVG
        blip.append(
            parse_xml(
                f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{_SVG_URI}"><asvg:svgBlip '
                f'xmlns:asvg="{_SVG_SPACE}" r:embed="{link}"/></a:ext></a:extLst>'
            )
        )

    def _properties(self) -> None:
        report = self._document.report
        core = self._word.core_properties
        core.title = printable(self._document.title)[:LONGEST]
        core.author = printable(report.town.issuer or report.town.name or "")[:LONGEST]
        core.last_modified_by = ""
        core.subject = "政府信息公开工作年度报告"
        core.comments = core.keywords = ""
        core.language = "zh-CN"
        core.created = core.modified = _FIXED
        core.revision = 1


def picture_size(content: bytes) -> tuple[Length, Length]:
    """Return how wide and how high a picture is printed: as large as it says, where it fits."""
    image = Image.from_file(io.BytesIO(content))
    across, down = (
        said if said in RESOLUTIONS else SCREEN for said in (image.horz_dpi, image.vert_dpi)
    )
    width, height = int(Inches(image.px_width / across)), int(Inches(image.px_height / down))
    if width > WIDEST:
        width, height = WIDEST, height * WIDEST // width
    if height > HIGHEST:
        width, height = width * HIGHEST // height, HIGHEST
    return Length(max(width, 1)), Length(max(height, 1))


@cache
def _empty(words: str) -> bytes:
    """Return a document without content: its styles, its page, and the words at the head of every page."""
    document = docx.Document()
    style.set_styles(document)
    style.set_page(document, words)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


@cache
def _style_ids() -> dict[str, str]:
    styles = docx.Document(io.BytesIO(_empty(""))).styles
    return {str(each.name): each.style_id for each in styles}


def _run(text: str, look: str = "") -> str:
    """Return a stretch of text as XML; its line breaks stay."""
    lines = [
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(text).split("\n")
    ]
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _saved(document: Any) -> bytes:
    draft = io.BytesIO()
    document.save(draft)
    return without_times(draft.getvalue())
