"""A document to a .docx file: every block in its style."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import docx
from docx.shared import Length, Mm

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
from reportkit.blocks.block import UNKNOWN_NOTE
from reportkit.blocks.printable import printable
from reportkit.blocks.rich_text import Paragraph, Rows, parse_rich_text
from reportkit.export.document import Document
from reportkit.export.formats import Other
from reportkit.export.pictures import chart_svg, png_of
from reportkit.export.word import styles as style
from reportkit.export.word.carried import carry
from reportkit.export.word.tables import form_table, plain_table, rows_table
from reportkit.files import without_times
from reportkit.finding import LEVEL_NAMES

WIDEST: Final = Mm(140)
"""No picture is wider."""
LONGEST: Final = 255
"""Characters of a property: what Office Open XML allows."""
_FIXED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # the same bytes on every day


def render(document: Document, _other: Other) -> bytes:
    """Return a document as the format ``docx`` has it: the same blocks give the same bytes."""
    return _Writer(document).write()


class _Writer:
    """Writes one document; a method a kind of block."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._word = docx.Document()
        self._pictures = 0
        style.set_styles(self._word)
        style.set_page(self._word, "　".join(document.words))
        ids = {s.name: s.style_id for s in self._word.styles}
        self._cells = {
            "cell": ids[style.CELL],
            "number": ids[style.NUMBER],
            "head": ids[style.HEAD],
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
            Lineage: lambda block: self._table(block.table),
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
            if isinstance(piece, Rows):
                self._element(rows_table(piece.rows[0], piece.rows[1:], "", self._cells))
            else:
                self._paragraph(piece)

    def _paragraph(self, piece: Paragraph) -> None:
        name = style.BODY
        if piece.level:
            name = style.HEADINGS[min(piece.level - 2, len(style.HEADINGS) - 1)]
        elif piece.marker or piece.depth:
            name = style.ITEM
        paragraph = self._word.add_paragraph(style=name)
        if piece.depth:
            paragraph.paragraph_format.left_indent = Mm(11 * piece.depth)
        if piece.marker:
            paragraph.add_run(f"{piece.marker} ")
        for span in piece.spans:
            run = paragraph.add_run(printable(span.text), style.LEAD if span.lead else None)
            run.bold = span.strong or None
            run.italic = span.emphasis or None

    def _key_figures(self, block: KeyFigures) -> None:
        head = [figure.label for figure in block.figures]
        rows = [
            [f"{figure.shown}{figure.unit}" for figure in block.figures],
            [figure.phrase for figure in block.figures],
        ]
        rows = [row for row in rows if any(row)]
        self._element(rows_table(head, rows, "主要数据", self._cells, [True] * len(head)))
        self._line("", style.NOTE)

    def _form_table(self, block: FormTable) -> None:
        self._element(form_table(block, self._cells))
        self._line(UNKNOWN_NOTE if block.unknown else "", style.NOTE)
        for remark in block.findings:
            words = f"{remark.number}．{LEVEL_NAMES[remark.level]}：{remark.message}"
            self._line(words, style.NOTE)

    def _table(self, block: Table) -> None:
        unit = f"（单位：{block.unit}）" if block.unit else ""
        self._line(f"{block.caption}{unit}", style.CAPTION)
        self._element(plain_table(block, self._cells))
        for note in block.notes or ("",):
            self._line(note, style.NOTE)

    def _chart(self, block: Chart) -> None:
        self._line(block.title, style.CAPTION)
        self._image(png_of(chart_svg(block)), block.description)
        if block.note:
            self._line(block.note, style.NOTE)

    def _picture(self, block: Picture) -> None:
        svg = block.media_type == "image/svg+xml"
        self._image(png_of(block.body) if svg else block.content, block.alt)

    def _foreign(self, block: ForeignHtml) -> None:
        if block.table is not None:
            self._table(block.table)
        else:
            self._line(block.words)

    def _findings(self, block: Findings) -> None:
        self._line(block.words, style.CAPTION)
        for number, item in enumerate(block.items, 1):
            parts = (
                item.place,
                item.sentence,
                item.message,
                item.basis and f"依据：{item.basis}",
                item.decision,
            )
            words = "　".join(part for part in parts if part)
            self._line(f"{number}．{LEVEL_NAMES[item.level]}　{words}", style.NOTE)

    def _roster(self, block: Roster) -> None:
        self._line(block.summary)
        self._table(block.table)

    def _sign_off(self, block: SignOff) -> None:
        self._line(block.issuer, style.SIGNATURE)
        if block.day or block.blank:
            self._line(block.day or "    年  月  日", style.SIGNATURE)

    def _line(self, text: str, name: str = style.BODY) -> None:
        self._word.add_paragraph(printable(text), style=name)

    def _element(self, element: Any) -> None:
        self._word.element.body.insert_element_before(element, "w:sectPr")

    def _image(self, content: bytes, words: str) -> None:
        """Write a picture with its alternative text, no wider than the page's text."""
        run = self._word.add_paragraph(style=style.PICTURE).add_run()
        shape = run.add_picture(io.BytesIO(content))
        if shape.width > WIDEST:
            shape.height = Length(shape.height * WIDEST // shape.width)
            shape.width = WIDEST
        self._pictures += 1
        properties = shape._inline.docPr  # noqa: SLF001  # python-docx has no alternative text
        properties.set("name", f"图{self._pictures}")
        properties.set("descr", printable(words))

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


def _saved(document: Any) -> bytes:
    draft = io.BytesIO()
    document.save(draft)
    return without_times(draft.getvalue())
