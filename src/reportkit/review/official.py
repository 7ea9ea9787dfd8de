"""The look of an official document in Word (GB/T 9704-2012), for the office's letters.

A4, margins 37, 28, 35 and 26 mm, 22 lines a page, title in 小标宋 of size 2, text in 仿宋 of size 3, headings in 黑体,
page numbers — 1 —. The same content gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reportkit.blocks.printable import printable
from reportkit.files import without_times
from reportkit.prose.bodies import kind_of, short_name
from reportkit.report import Town

_SONG: Final = "方正小标宋简体"
_FANGSONG: Final = "仿宋_GB2312"
_HEI: Final = "黑体"
_TITLE: Final = Pt(22)
_TEXT: Final = Pt(16)
_LINE: Final = Pt(28.95)
"""22 lines on the 225 mm of the type area."""
_FIXED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # the same bytes for the same content


class Letter:
    """A letter while it is written."""

    def __init__(self, title: str, subject: str) -> None:
        """Begin a letter; ``title`` is its first line, ``subject`` is what the file's properties call it."""
        self._document = Document()
        _page(self._document, subject)
        self._line(title, font=_SONG, size=_TITLE, centred=True)
        self.blank()

    def to(self, town: Town) -> None:
        """Write to whom it is."""
        self._line(f"{addressee(town)}：", indent=False)

    def say(self, text: str, *, bold: bool = False) -> None:
        """Write one paragraph; it begins two characters in."""
        self._line(text, bold=bold)

    def heading(self, text: str) -> None:
        """Write a heading of the first level."""
        self._line(text, font=_HEI)

    def blank(self) -> None:
        """Leave a line free."""
        self._line("")

    def sign(self, issuer: str, issued_on: date | None) -> None:
        """Write who signs and when; a blank day leaves room to fill it in."""
        self.blank()
        self._line(issuer, right=True)
        self._line(_day(issued_on), right=True)

    def to_bytes(self) -> bytes:
        """Return the file."""
        draft = io.BytesIO()
        self._document.save(draft)
        return without_times(draft.getvalue())

    def _line(
        self,
        text: str,
        *,
        font: str = _FANGSONG,
        size: Pt = _TEXT,
        bold: bool = False,
        centred: bool = False,
        right: bool = False,
        indent: bool = True,
    ) -> None:
        paragraph = self._document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = _LINE
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            layout.right_indent = Pt(4 * _TEXT.pt)
        elif indent:
            layout.first_line_indent = Pt(2 * _TEXT.pt)
        _run(paragraph, text, font, size, bold=bold)


def office_of(town: Town) -> str:
    """Return who signs where nobody is named: the county's competent office."""
    return f"{town.county}政府信息公开工作主管部门"


def addressee(town: Town) -> str:
    """Return to whom a letter to a body goes."""
    if town.issuer:
        return town.issuer
    name = short_name(town.name)
    match kind_of(town):
        case "town" | "township" | "county" | "city":
            return f"{name}人民政府"
        case "subdistrict":
            return f"{name}办事处"
        case _:
            return town.name


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "    年  月  日"


def _page(document: Any, subject: str) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "— ", "宋体", Pt(14))
    run = _run(footer, "", "宋体", Pt(14))
    for kind, text in (("begin", None), (None, " PAGE "), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001  # python-docx has no fields of its own
    _run(footer, " —", "宋体", Pt(14))
    properties = document.core_properties
    properties.author = properties.last_modified_by = ""
    properties.title = subject
    properties.language = "zh-CN"
    properties.created = properties.modified = _FIXED
    properties.revision = 1


def _run(paragraph: Any, text: str, font: str, size: Pt, *, bold: bool = False) -> Any:
    run = paragraph.add_run(printable(text))
    run.font.name = font
    run.font.size = size
    run.bold = bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)  # noqa: SLF001
    return run
