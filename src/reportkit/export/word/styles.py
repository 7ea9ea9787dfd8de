"""The styles of the Word file: everything looks as its style says, and nothing is formatted by hand.

GB/T 9704-2012: A4, margins 37, 28, 35 and 26 mm; title 小标宋 of size 2; text 仿宋 of size 3 on lines of 28 points;
headings in 黑体, then 楷体, then 仿宋; page numbers — 1 — at the outside. Where a computer lacks a typeface, Word
takes the one that the font table names in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

SONG: Final = "宋体"
FANGSONG: Final = "仿宋_GB2312"
HEI: Final = "黑体"
KAI: Final = "楷体_GB2312"
XIAOBIAOSONG: Final = "方正小标宋简体"
LATIN: Final = "Times New Roman"

STAND_INS: Final = {
    XIAOBIAOSONG: "方正小标宋_GBK;小标宋;华文中宋;宋体;Noto Serif CJK SC",
    FANGSONG: "仿宋;华文仿宋;FangSong;Noto Serif CJK SC",
    KAI: "楷体;华文楷体;KaiTi;Noto Serif CJK SC",
    HEI: "SimHei;微软雅黑;Noto Sans CJK SC",
    SONG: "SimSun;华文宋体;Noto Serif CJK SC",
}
"""What stands in for a typeface that a computer does not have, best first."""

NONE: Final = Pt(0)
LINE: Final = Pt(28)
TEXT: Final = Pt(16)
"""Size 3 (三号)."""
SMALL: Final = Pt(9)
"""Size 小五, in which the widest table fits the page."""


@dataclass(frozen=True)
class Look:
    """How one style looks; ``based`` is a built-in style that gives it its level in the outline."""

    font: str
    size: Any = TEXT
    line: Any = LINE
    align: WD_ALIGN_PARAGRAPH | None = None
    indent: bool = False
    """Begin two characters in."""
    bold: bool = False
    before: Any = NONE
    after: Any = NONE
    keep: bool = False
    """Stay on the page of what follows."""


_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

BODY: Final = "Normal"
TITLE: Final = "Title"
HEADINGS: Final = ("Heading 1", "Heading 2", "Heading 3")
ITEM: Final = "报告列表"
CELL: Final = "表格文字"
NUMBER: Final = "表格数字"
HEAD: Final = "表头"
CAPTION: Final = "Caption"
NOTE: Final = "表注"
STATE: Final = "文稿状态"
PICTURE: Final = "图片"
SIGNATURE: Final = "落款"
LEAD: Final = "段首标题"
"""Of characters: a paragraph's opening （一）…。"""

_LOOKS: Final = {
    BODY: Look(FANGSONG, indent=True),
    TITLE: Look(XIAOBIAOSONG, Pt(22), Pt(32), _CENTRE, after=Pt(16)),
    "Heading 1": Look(HEI, indent=True, keep=True),
    "Heading 2": Look(KAI, indent=True, keep=True),
    "Heading 3": Look(FANGSONG, indent=True, bold=True, keep=True),
    ITEM: Look(FANGSONG),
    CELL: Look(SONG, SMALL, Pt(12)),
    NUMBER: Look(SONG, SMALL, Pt(12), _CENTRE),
    HEAD: Look(HEI, SMALL, Pt(12), _CENTRE),
    CAPTION: Look(HEI, Pt(12), Pt(20), _CENTRE, before=Pt(8), after=Pt(4), keep=True),
    NOTE: Look(SONG, SMALL, Pt(14), after=Pt(8)),
    STATE: Look(HEI, Pt(14), Pt(20), _CENTRE),
    PICTURE: Look(SONG, SMALL, None, _CENTRE, keep=True),
    SIGNATURE: Look(FANGSONG, align=_RIGHT),
    "Header": Look(SONG, Pt(10.5), Pt(14), _CENTRE),
    "Footer": Look(SONG, Pt(14), Pt(16)),
}


def set_styles(document: Any) -> None:
    """Give a new document its styles, its language and its font table."""
    styles = document.styles
    existing = {style.name for style in styles}
    for name, look in _LOOKS.items():
        if name not in existing:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = None
        _set(styles[name], look)
    lead = styles.add_style(LEAD, WD_STYLE_TYPE.CHARACTER)
    _fonts(lead, KAI)
    for properties in styles.element.findall(f"{qn('w:docDefaults')}//{qn('w:rPr')}"):
        _set_language(properties)
    _set_fonts_of_the_table(document)


def _set(style: Any, look: Look) -> None:
    _fonts(style, look.font)
    font = style.font
    font.size, font.bold, font.italic = look.size, look.bold, False
    font.color.rgb = None
    colour = style.element.rPr.find(qn("w:color"))
    if colour is not None:
        style.element.rPr.remove(colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = look.before, look.after
    if look.line is not None:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, look.line
    layout.alignment = look.align
    layout.keep_with_next = look.keep
    layout.first_line_indent = None
    properties = style.element.get_or_add_pPr()
    border = properties.find(qn("w:pBdr"))
    if border is not None:  # the line under the built-in title
        properties.remove(border)
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLine"), str(int(look.size.pt * 2 * 20)) if look.indent else "0")
    indent.set(qn("w:firstLineChars"), "200" if look.indent else "0")


def _fonts(style: Any, name: str) -> None:
    """Set Chinese and Latin typeface and the language."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    fonts = OxmlElement("w:rFonts")
    for place, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", name), ("cs", LATIN)):
        fonts.set(qn(f"w:{place}"), font)
    properties.insert(0, fonts)
    _set_language(properties)


def _set_language(properties: Any) -> None:
    """Say that Chinese letters are Chinese and the others are not, as Word does: else a number breaks over lines."""
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")


def _set_fonts_of_the_table(document: Any) -> None:
    """Name in the font table what stands in for each Chinese typeface."""
    part = next(
        (r.target_part for r in document.part.rels.values() if r.reltype.endswith("/fontTable")),
        None,
    )
    if part is None:
        return
    root = etree.fromstring(part.blob)
    space = str(root.nsmap["w"])
    for name, others in STAND_INS.items():
        font = etree.SubElement(root, f"{{{space}}}font")
        font.set(f"{{{space}}}name", name)
        etree.SubElement(font, f"{{{space}}}altName").set(f"{{{space}}}val", others)
        etree.SubElement(font, f"{{{space}}}charset").set(f"{{{space}}}val", "86")
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)  # noqa: SLF001


def set_page(document: Any, words: str) -> None:
    """Set paper, margins, the words at the head of every page, and the page number at the outside."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(27)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = document.styles["Header"]
        header.paragraphs[0].text = words
    for footer, outside in (
        (section.footer, _RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles["Footer"]
        paragraph.alignment = outside
        _page_number(paragraph)


def _page_number(paragraph: Any) -> None:
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for tag, kind, text in (
        ("w:fldChar", "begin", None),
        ("w:instrText", "", " PAGE "),
        ("w:fldChar", "separate", None),
        ("w:t", "", "1"),
        ("w:fldChar", "end", None),
    ):
        mark = OxmlElement(tag)
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)  # noqa: SLF001  # python-docx has no fields of its own
    paragraph.add_run(" —")
