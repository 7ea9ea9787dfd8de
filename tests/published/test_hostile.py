"""Hostile and broken files: a clear error, in bounded time and memory, and the next file goes on."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import docx
import pytest

from reportkit.errors import ReadError
from reportkit.form import load_edition
from reportkit.published import read_bytes, read_file, read_files
from reportkit.published.reading import MOST_TEXT
from tests.published import rendering as r
from tests.published.drawn import pdf_of

EDITION = load_edition("2021")
VALUES = dict.fromkeys(EDITION.addresses, 4)
PAGE = r.page(r.printed("2021", VALUES))


def _archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def _word(part: str, content: bytes) -> bytes:
    """Return a Word file with another content in the place of one of its parts."""
    stream, made = io.BytesIO(), io.BytesIO()
    docx.Document().save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return made.getvalue()


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
EMPTY_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
PICTURES_ONLY = pdf_of([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", EMPTY_PAGE])
LOCKED = pdf_of(
    [
        CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        EMPTY_PAGE,
        b"<</Filter/Standard/V 1/R 2/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")/P -44>>",
    ],
    b"/Encrypt 4 0 R/ID[(abcdefgh)(abcdefgh)]",
)
LOOP = pdf_of([CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])

REFUSED = {
    "empty": (b"", "空文件"),
    "only spaces": (b" \n\t \n", "空文件"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "图片"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".docx"),
    "rich text": (rb"{\rtf1\ansi }", "RTF"),
    "noise": (bytes(range(256)) * 40, ""),
    "no zip": (b"PK\x03\x04" + b"\0" * 500, "Word"),
    "a zip without a document": (_archive(hello=b"x"), "没有Word正文"),
    "a zip bomb": (_archive(word__document_xml=b"0" * 60_000_000), "过大"),
    "an entity bomb": (
        _archive(word__document_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
        "DOCTYPE",
    ),
    "a Word file whose types are none": (_word("[Content_Types].xml", b"<Types/>"), "Word"),
    "a Word file whose document is none": (_word("word/document.xml", b"<document/>"), "Word"),
    "a Word file without a body": (
        _word(
            "word/document.xml",
            b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
        ),
        "没有文字",
    ),
    "half a PDF": (b"%PDF-1.7\n1 0 obj\n<</Type/Cat", "PDF"),
    "a PDF of pictures": (PICTURES_ONLY, "没有文字层"),
    "a locked PDF": (LOCKED, "加密"),
    "a PDF in a circle": (LOOP, "PDF"),
    "another page": ("<html><body><p>今天天气很好。</p></body></html>".encode(), "没有读到"),
    "a long text": (b"\xe6\x96\x87" * (MOST_TEXT // 3 + 10), "超过"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_says_why(case: str) -> None:
    data, why = REFUSED[case]
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "七家子镇.pdf")
    assert why in str(caught.value)


def test_entities_and_external_parts_of_html_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]>' + PAGE.replace("57条", "&x;条")
    (read,) = read_bytes(page.encode(), "a.html")
    assert "机密" not in read.report.to_json()


@pytest.mark.parametrize("depth", [200, 10_000, 200_000])
def test_deep_nesting_neither_crashes_nor_hangs(depth: int) -> None:
    page = "<html><body>" + "<div>" * depth + "深" + "</div>" * depth + PAGE
    try:
        reads = read_bytes(page.encode(), "deep.html")
    except ReadError:
        return
    for read in reads:
        assert all(
            read.report.cells[a] == VALUES[a]
            for a, reading in read.readings.items()
            if reading.confidence == "certain"
        )


def test_a_wrong_suffix_does_not_matter() -> None:
    (read,) = read_bytes(PAGE.encode(), "report.pdf")
    assert set(read.report.cells.values()) == {4}
    document = docx.Document()
    document.add_paragraph("云河镇2022年政府信息公开工作年度报告")
    document.add_paragraph("一、总体情况")
    document.add_paragraph("全年主动公开政府信息12条。")
    stream = io.BytesIO()
    document.save(stream)
    (read,) = read_bytes(stream.getvalue(), "report.html")
    assert dict(read.report.facts) == {"disclosed_items": 12}


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "gb2312"),
        ("gb18030", "gb2312"),
        ("gb18030", "utf-8"),
        ("gb18030", "iso-8859-1"),
        ("utf-8-sig", ""),
        ("utf-16", "utf-16"),
        ("utf-16-le", ""),
    ],
)
def test_encodings_and_wrong_declarations(encoding: str, declared: str) -> None:
    page = PAGE.replace("charset='utf-8'", f"charset='{declared}'")
    (read,) = read_bytes(page.encode(encoding), "report.html")
    assert read.report.town.name == "云河镇人民政府"
    assert set(read.report.cells.values()) == {4}


def test_traditional_text_in_big5() -> None:
    text = "雲河鎮人民政府2022年政府信息公開工作年度報告\n一、總體情況\n主動公開信息數為86條。\n"
    (read,) = read_bytes(text.encode("big5"), "x.txt")
    assert read.report.town.name == "雲河鎮人民政府"
    assert read.report.facts["disclosed_items"] == 86


def test_personal_numbers_are_masked() -> None:
    text = (
        "云河镇2022年政府信息公开工作年度报告\n一、总体情况\n"
        "联系人电话13800138000，主动公开政府信息12条。\n"
    )
    (read,) = read_bytes(text.encode(), "x.txt")
    assert "13800138000" not in read.report.to_json()
    assert all("13800138000" not in claim.sentence for claim in read.claims)


def test_footnotes_do_not_run_into_numbers() -> None:
    page = PAGE.replace("<span>4</span>", "<span>4<sup>1</sup></span>", 1)
    (read,) = read_bytes(page.encode(), "x.html")
    first = EDITION.addresses[0]
    assert read.readings.get(first) is None or read.readings[first].confidence == "unread"
    assert 41 not in read.report.cells.values()


def test_many_files_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    paths = []
    for number in range(6):
        path = tmp_path / f"第{number}份.html"
        path.write_text(PAGE.replace("云河", f"云河{'甲乙丙丁戊己'[number]}"), encoding="utf-8")
        paths.append(path)
    broken = tmp_path / "坏.docx"
    broken.write_bytes(REFUSED["a zip bomb"][0])
    paths.insert(2, broken)
    results = list(read_files(paths, workers=2))
    assert [result.path for result in results] == paths
    assert [bool(result.error) for result in results] == [path == broken for path in paths]
    assert [result.reports[0].report.town.name[2] for result in results if result.reports] == list(
        "甲乙丙丁戊己"
    )


def test_a_file_that_takes_too_long_costs_its_time_and_no_more(tmp_path: Path) -> None:
    slow, good = tmp_path / "a.txt", tmp_path / "b.html"
    slow.write_text("一、总体情况\n" + "收到1件\n" * 1_200_000, encoding="utf-8")
    good.write_text(PAGE, encoding="utf-8")
    results = list(read_files([slow, good], workers=1, seconds=2, memory=2_000_000_000))
    assert "超时" in str(results[0].error)
    assert len(results[1].reports) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of address space")
def test_a_file_that_swells_costs_its_child_and_no_more(tmp_path: Path) -> None:
    big = tmp_path / "a.html"
    big.write_text(PAGE + " " * 9_000_000, encoding="utf-8")
    (result,) = read_files([big], workers=1, memory=10_000_000)
    assert "内存" in str(result.error)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="不是文件"):
        read_file(tmp_path)


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(ReadError, match="打不开"):
        read_file(Path("没有这个文件.html"))
