"""退回修改通知: one Word letter a town, listing cell, what is wrong, what to do and the basis.

Laid out like an official document (GB/T 9704-2012): A4, margins 37, 28, 35 and 26 mm, 22 lines a page, title in
小标宋 of size 2, text in 仿宋 of size 3, headings in 黑体, page numbers — 1 —. The form of a letter is the office's own:
who signs and when is left for it to fill in unless given. Same findings, same bytes.
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
from reportkit.finding import LEVEL_NAMES, LEVELS, Finding, sends_back
from reportkit.prose.bodies import kind_of, short_name
from reportkit.review.checked import Checked, mends, where

_SONG: Final = "方正小标宋简体"
_FANGSONG: Final = "仿宋_GB2312"
_HEI: Final = "黑体"
_TITLE: Final = Pt(22)
_TEXT: Final = Pt(16)
_LINE: Final = Pt(28.95)
"""22 lines on the 225 mm of the type area."""
_NUMERALS: Final = "一二三四五六七八九十"
_FIXED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # the same bytes for the same findings


def needs_letter(checked: Checked) -> bool:
    """Say whether a report has something to send it back for, by the rule of the county's board."""
    return sends_back({level: len(checked.open(level)) for level in LEVELS})


def render_letter(checked: Checked, *, issuer: str = "", issued_on: date | None = None) -> bytes:
    """Return the letter's bytes. Blank issuer or day leave room to fill them in."""
    report = checked.report
    document = Document()
    _page(document)
    year = f"{report.year}年" if report.year else ""
    title = f"关于退回修改《{short_name(report.town.name)}{year}政府信息公开工作年度报告》的通知"
    _line(document, title, font=_SONG, size=_TITLE, centred=True)
    _line(document, "")
    _line(document, f"{_addressee(checked)}：", indent=False)
    errors, warnings = checked.open("error"), checked.open("warning")
    parts = (("须改正的问题", errors), ("须核对的问题", warnings))
    found = "、".join(f"{heading} {len(findings)} 个" for heading, findings in parts if findings)
    _line(
        document,
        f"你单位报送的{year}政府信息公开工作年度报告已经校验，发现{found}。请逐项改正或者说明后重新报送。",
    )
    part = 0
    for heading, findings in parts:
        if findings:
            _line(document, f"{_NUMERALS[part]}、{heading}", font=_HEI)
            part += 1
            for place, finding in enumerate(findings, 1):
                _finding(document, checked, place, finding)
    ways = mends(checked)
    if ways:
        _line(document, f"{_NUMERALS[part]}、表格勾稽的最少改动", font=_HEI)
        for words in ways:
            _line(document, words)
    _line(document, "")
    _line(document, issuer or f"{report.town.county}政府信息公开工作主管部门", right=True)
    _line(document, _day(issued_on), right=True)
    return _bytes(document)


def _addressee(checked: Checked) -> str:
    town = checked.report.town
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


def _finding(document: Any, checked: Checked, place: int, finding: Finding) -> None:
    """Write one finding: where, what and how to mend it, basis."""
    _line(document, f"{place}．{where(checked.report, finding)}", bold=True)
    _line(document, f"问题（{LEVEL_NAMES[finding.level]}）：{finding.message}")
    if finding.basis:
        _line(document, f"依据：{finding.basis}。")


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "    年  月  日"


def _page(document: Any) -> None:
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
    properties.title = "退回修改通知"
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


def _line(
    document: Any,
    text: str,
    *,
    font: str = _FANGSONG,
    size: Pt = _TEXT,
    bold: bool = False,
    centred: bool = False,
    right: bool = False,
    indent: bool = True,
) -> None:
    """Write one paragraph; those of the text begin two characters in."""
    paragraph = document.add_paragraph()
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


def _bytes(document: Any) -> bytes:
    draft = io.BytesIO()
    document.save(draft)
    return without_times(draft.getvalue())
