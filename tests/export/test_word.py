"""The Word file: an official document's looks, true tables, the same bytes, every figure read back."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from base64 import b64decode, b64encode
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Inches

from reportkit.blocks import ForeignHtml, Heading, Picture, Prose, Table
from reportkit.blocks.tables import TableColumn
from reportkit.export.document import Document, Section, read_document
from reportkit.export.formats import Printer
from reportkit.export.word import render as render_module
from reportkit.export.word.render import render
from reportkit.published import read_file
from tests.export.conftest import DOSSIERS, ran
from tests.pictures import JPEG


def document(name: str = "full", audience: str = "public") -> Document:
    return read_document(ran(name, audience), draft=True)  # type: ignore[arg-type]


def printed(given: Document) -> bytes:
    return Printer(given).print("docx")


@pytest.mark.parametrize("name", DOSSIERS)
def test_every_cell_is_read_back(name: str, tmp_path: Path) -> None:
    given = document(name)
    path = tmp_path / "年报.docx"
    path.write_bytes(printed(given))
    (read,) = read_file(path)
    known = {a: v for a, v in given.report.cells.items() if v is not None}
    assert {a: v for a, v in read.report.cells.items() if v is not None} == known
    assert str(read.report.town.name).endswith(str(given.report.town.name))
    assert read.report.year == given.report.year


def test_the_same_document_gives_the_same_bytes_without_a_clock() -> None:
    one, two = printed(document()), printed(document())
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "<dc:language>zh-CN</dc:language>" in core


def test_the_page_is_that_of_official_documents() -> None:
    word = docx.Document(io.BytesIO(printed(document())))
    section = word.sections[0]
    lengths = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in lengths if length is not None] == [37, 35, 28, 26]
    assert word.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].text.startswith("— ")
    title = next(p for p in word.paragraphs if p.style is not None and p.style.name == "Title")
    assert title.text == "示例县白石沟镇2023年政府信息公开工作年度报告"
    headings = [
        p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 1"
    ]
    assert headings[:2] == ["一、总体情况", "二、主动公开政府信息情况"]


def test_nothing_is_formatted_by_hand() -> None:
    """Fonts and sizes stand in styles alone, so that a clerk changes them in one place."""
    word = docx.Document(io.BytesIO(printed(document())))
    body = word.element.body
    assert not body.findall(f".//{qn('w:rFonts')}")
    assert not body.findall(f".//{qn('w:sz')}")


def test_tables_have_true_merged_cells_and_heads_that_repeat() -> None:
    word = docx.Document(io.BytesIO(printed(document())))
    tables = {len(table.rows): table for table in word.tables}
    longest = tables[max(tables)]._tbl
    assert longest.findall(f".//{qn('w:vMerge')}")
    assert longest.findall(f".//{qn('w:gridSpan')}")
    rows = longest.findall(qn("w:tr"))
    assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
    heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    assert heads[:3] == [True, True, True]
    assert not any(heads[3:])
    widths = [sum([int(str(col.get(qn("w:w")))) for col in t._tbl.tblGrid]) for t in word.tables]
    assert max(widths) <= 156 / 25.4 * 1440 + 20


def test_tables_of_the_form_stay_on_one_page() -> None:
    """As in the PDF: each row stays with the next one, the last one lets go."""
    word = docx.Document(io.BytesIO(printed(document())))
    forms = [t for t in word.tables if "申请人情况" in t.cell(0, len(t.columns) - 2).text]
    assert len(forms) == 1
    rows = forms[0]._tbl.findall(qn("w:tr"))
    kept = [
        all(p.find(qn("w:keepNext")) is not None for p in row.iter(qn("w:pPr"))) for row in rows
    ]
    assert kept == [True] * (len(rows) - 1) + [False]


def test_chinese_is_chinese_and_digits_are_not() -> None:
    """A program takes digits that are said to be Chinese for Chinese, and breaks 2024 over two lines."""
    with zipfile.ZipFile(io.BytesIO(printed(document()))) as archive:
        styles = archive.read("word/styles.xml").decode()
    found = re.findall(r'<w:lang w:val="([^"]*)" w:eastAsia="([^"]*)"', styles)
    assert set(found) == {("en-US", "zh-CN")}
    assert len(found) > 15


def test_charts_are_pictures_with_words() -> None:
    word = docx.Document(io.BytesIO(printed(document())))
    described = [p.get("descr") for p in word.element.body.iter(qn("wp:docPr"))]
    assert len(described) == 3
    assert any(text and "政府网站全年132条" in text for text in described)


def test_a_drawing_stands_beside_its_picture() -> None:
    """Sharp at any size where a program draws SVG; the picture is for the others."""
    word = docx.Document(io.BytesIO(printed(document())))
    links = [node.get(qn("r:embed")) for node in word.element.body.iter("{*}svgBlip")]
    parts = [word.part.related_parts[str(link)] for link in links]
    assert len(parts) == 3
    assert {part.content_type for part in parts} == {"image/svg+xml"}
    assert all(part.blob.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"') for part in parts)


def test_a_draft_says_so_on_every_page_and_findings_are_for_the_office() -> None:
    public = docx.Document(io.BytesIO(printed(document("faulty"))))
    assert "草稿" in public.sections[0].header.paragraphs[0].text
    assert "草稿" in public.sections[0].even_page_header.paragraphs[0].text
    inside = docx.Document(io.BytesIO(printed(document("faulty", "internal"))))
    assert any("校验问题" in p.text for p in inside.paragraphs)
    assert not any("校验问题" in p.text for p in public.paragraphs)


def test_blocks_of_a_users_own_appear_and_text_stays_text() -> None:
    given = document()
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    table = Table(
        "热线",
        (TableColumn("月", "text"), TableColumn("件")),
        (("一月\x0b<w:b/>", 3), ("二月", None)),
    )
    own = Section(
        "part-9",
        "附：热线",
        (
            Heading("小标题", level=3),
            Prose("**要点** <script>alert(1)</script>\n\n1. 甲\n2. 乙\n\n|a|b|\n|-|-|\n|1|2|"),
            table,
            Picture("image/png", pixel, "一张图"),
            Picture(
                "image/svg+xml",
                '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
                "图样",
            ),
            ForeignHtml("<p>别处的文字</p>"),
        ),
    )
    extended = Document(
        given.report, given.audience, given.draft, given.lead, (*given.sections, own)
    )
    word = docx.Document(io.BytesIO(render(extended, lambda _: b"")))
    text = "\n".join(p.text for p in word.paragraphs)
    for words in (
        "附：热线",
        "小标题",
        "要点 <script>alert(1)</script>",
        "1. 甲",
        "别处的文字",
        "热线",
    ):
        assert words in text
    cells = [cell.text for t in word.tables for row in t.rows for cell in row.cells]
    assert "一月<w:b/>" in cells
    assert [p.get("descr") for p in word.element.body.iter(qn("wp:docPr"))][-2:] == [
        "一张图",
        "图样",
    ]


@pytest.mark.parametrize("density", [(0, 0), (1, 0), (1, 1), (65535, 65535), (96, 65535)])
def test_a_picture_that_says_an_absurd_resolution_is_printed(density: tuple[int, int]) -> None:
    picture = bytearray(b64decode(JPEG))
    at = picture.index(b"JFIF") + 7
    picture[at : at + 5] = struct.pack(">BHH", 1, *density)
    own = Section("part-9", "附：图", (Picture("image/jpeg", b64encode(picture).decode()),))
    given = document()
    word = docx.Document(
        io.BytesIO(
            render(
                Document(given.report, given.audience, given.draft, given.lead, (own,)),
                lambda _: b"",
            )
        )
    )
    [shape] = word.inline_shapes
    assert shape.width == shape.height == Inches(8 / 96)


def test_the_empty_document_is_made_once_and_no_picture_is_kept() -> None:
    assert render_module._empty("页眉") is render_module._empty("页眉")
    assert not hasattr(render_module.picture_size, "cache_info")
