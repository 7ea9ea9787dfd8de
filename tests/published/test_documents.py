"""What office programs, editors and printers do to a document: the text that a reader sees counts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reportkit.errors import ReadError
from reportkit.form import CellValue, load_edition
from reportkit.published import PublishedReport, read_bytes
from reportkit.published.pool import published_files
from tests.published import rendering as r
from tests.published.judging import certain, read_one

AT = "t3.received.natural_person"
OTHER = "t2.regulations.made"


def run(text: str, style: str = "") -> str:
    return f"<w:r><w:rPr>{style}</w:rPr><w:t>{escape(text)}</w:t></w:r>"


def box(text: str) -> str:
    inner = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps">{inner}</mc:Choice><mc:Fallback>{inner}</mc:Fallback>'
        "</mc:AlternateContent></w:r>"
    )


CHANGED: dict[str, str] = {
    "plain": run("7"),
    "deleted": f'<w:del w:id="1" w:author="a">{run("9")}</w:del>{run("7")}',
    "inserted": f'<w:ins w:id="1" w:author="a">{run("7")}</w:ins>',
    "moved away": f'{run("7")}<w:moveFrom w:id="1" w:author="a">{run("50")}</w:moveFrom>',
    "moved here": f'<w:moveTo w:id="1" w:author="a">{run("7")}</w:moveTo>',
    "struck out": run("50", "<w:strike/>") + run("7"),
    "struck out twice": run("50", "<w:dstrike/>") + run("7"),
    "not struck out": run("7", '<w:strike w:val="0"/>'),
    "hidden": run("50", "<w:vanish/>") + run("7"),
    "content control": f"<w:sdt><w:sdtContent>{run('7')}</w:sdtContent></w:sdt>",
    "text box": box("7"),
}


def _cell(slot: r.Slot, changed: str) -> str:
    body = changed if slot.address == AT else run(slot.text)
    return f"<w:tc><w:p>{body}</w:p></w:tc>"


def word(
    values: dict[str, CellValue], changed: str = run("7"), wrap: str = "{}", extra: str = ""
) -> bytes:
    """Return a Word file of a report; ``wrap`` stands around each table, ``extra`` is a row more."""
    report = r.printed("2021", values)
    parts = [f"<w:p>{run(report.title)}</w:p>", f"<w:p>{run(report.headings[0])}</w:p>"]
    for heading, rows in zip(report.headings[1:4], report.tables, strict=True):
        body = "".join(f"<w:tr>{''.join(_cell(s, changed) for s in row)}</w:tr>" for row in rows)
        parts += [f"<w:p>{run(heading)}</w:p>", wrap.format(f"<w:tbl>{body}{extra}</w:tbl>")]
    parts.append(f"<w:p>{run(report.headings[4])}</w:p><w:p>{run('无')}</w:p>")
    file = docx.Document()
    root = parse_xml(f"<w:body {nsdecls('w')}>{''.join(parts)}</w:body>")
    for element in list(root):
        file.element.body.append(element)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def read_word(data: bytes) -> PublishedReport:
    (read,) = read_bytes(data, "年报.docx")
    return read


@pytest.fixture
def values() -> dict[str, CellValue]:
    """Return zeros, and 7 in one cell and its total."""
    zeros: dict[str, CellValue] = dict.fromkeys(load_edition("2021").addresses, 0)
    return zeros | {AT: 7, "t3.received.total": 7}


@pytest.mark.parametrize("kind", CHANGED)
def test_the_final_text_of_word_counts(kind: str, values: dict[str, CellValue]) -> None:
    read = read_word(word(values, CHANGED[kind]))
    assert dict(read.report.cells) == values
    assert certain(read) == values.keys()


@pytest.mark.parametrize(
    "wrap",
    [
        '<w:customXml w:element="x">{}</w:customXml>',
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:p><w:r><w:txbxContent>{}</w:txbxContent></w:r></w:p>",
        "<w:tbl><w:tr><w:tc>{}<w:p/></w:tc></w:tr></w:tbl>",
        "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{}<w:p/></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
    ],
    ids=["customXml", "content control", "text box", "layout table", "layout row in a control"],
)
def test_tables_in_wrappers_are_seen(wrap: str, values: dict[str, CellValue]) -> None:
    read = read_word(word(values, wrap=wrap))
    assert dict(read.report.cells) == values


def test_deleted_rows_are_gone(values: dict[str, CellValue]) -> None:
    row = "".join(f"<w:tc><w:p>{run(t)}</w:p></w:tc>" for t in ("规章", "5", "5", "5"))
    gone = f'<w:tr><w:trPr><w:del w:id="2" w:author="a"/></w:trPr>{row}</w:tr>'
    assert dict(read_word(word(values, extra=gone)).report.cells) == values


MARKED: dict[str, Callable[[str], str]] = {
    "struck out": lambda n: f"<s>50</s>{n}",
    "deleted": lambda n: f"<del>50</del><ins>{n}</ins>",
    "struck out by style": lambda n: f'<span style="text-decoration: line-through">50</span>{n}',
    "not displayed": lambda n: f'<span style="display:none">50</span>{n}',
}


@pytest.mark.parametrize("kind", MARKED)
def test_what_a_page_strikes_out_is_not_read(kind: str, values: dict[str, CellValue]) -> None:
    page = r.page(r.printed("2021", values))
    read = read_one(page.replace(">7<", f">{MARKED[kind]('7')}<"))
    assert dict(read.report.cells) == values


def test_endless_spans_and_an_article_in_a_table(values: dict[str, CellValue]) -> None:
    page = r.page(r.printed("2021", values))
    assert 'rowspan="' in page
    endless = page.replace('rowspan="2"', 'rowspan="0"')
    whole = page.replace("<div id='zoom'>", "<table><tr><td>").replace(
        "</div><div>上一篇", "</td></tr></table><div>上一篇"
    )
    assert whole.count("<table") == page.count("<table") + 1
    for text in (endless, whole):
        assert dict(read_one(text).report.cells) == values


def _zip(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "<x/>")
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOT_READ = {
    "年报.doc": (OLE, "另存为.docx"),
    "年报.wps": (OLE, "另存为.docx"),
    "台账.et": (OLE, "另存为.xlsx"),
    "年报.ofd": (_zip("OFD.xml"), "导出为PDF或.docx"),
    "台账.xlsx": (_zip("xl/workbook.xml"), "reportkit ingest"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_files_that_cannot_be_read_say_what_to_do(name: str) -> None:
    data, advice = NOT_READ[name]
    with pytest.raises(ReadError, match=advice):
        read_bytes(data, name)


def test_such_reports_in_a_folder_are_named(tmp_path: Path) -> None:
    for name in ("a.doc", "b.wps", "c.ofd", "d.txt", "e.md"):
        (tmp_path / name).write_bytes(b"x")
    assert [p.name for p in published_files([tmp_path])] == ["a.doc", "b.wps", "c.ofd", "d.txt"]


def test_headings_whose_numbers_word_counts_itself() -> None:
    """Their numbers (w:numPr) are no text; the headings are known without them."""
    file = docx.Document()
    file.add_paragraph("云河镇人民政府2023年政府信息公开工作年度报告")
    for heading, text in (
        ("总体情况", "全年主动公开政府信息57条。"),
        ("存在的主要问题及改进情况", "更新不够及时。"),
        ("其他需要报告的事项", "无其他事项。"),
    ):
        properties = file.add_paragraph(heading)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>'))
        file.add_paragraph(text)
    data = io.BytesIO()
    file.save(data)
    (read,) = read_bytes(data.getvalue(), "年报.docx")
    assert list(read.report.sections) == ["s1", "s5", "s6"]
    assert read.report.facts == {"disclosed_items": 57}
