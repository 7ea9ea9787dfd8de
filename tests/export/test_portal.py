"""The package for the portal: a body that needs no style sheet, metadata, Word and PDF, a picture with its words."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace

import pytest
from lxml import html

from reportkit.export.document import read_document
from reportkit.export.formats import Printer, find_format
from reportkit.export.portal.picture import WIDTH
from reportkit.export.portal.render import render
from reportkit.project.params import PortalEntry
from tests import dossiers
from tests.export.conftest import ran, shown
from tests.notebooks import executed

TITLE = "示例县白石沟镇2023年政府信息公开工作年度报告"
GIVEN = PortalEntry(index_no="11370300/2024-00001", topic="政府信息公开年报", validity="有效")


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Return every format of one report, and the portal's files by name."""
    printer = Printer(read_document(ran("full"), portal=GIVEN))
    with zipfile.ZipFile(io.BytesIO(printer.print("portal"))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        files = {name: archive.read(name) for name in archive.namelist()}
    return files | {form: printer.print(form) for form in ("docx", "pdf")}


def test_word_and_pdf_have_the_names_that_portals_give_them(made: dict[str, bytes]) -> None:
    assert made[f"{TITLE}.docx"] == made["docx"]
    assert made[f"{TITLE}.pdf"] == made["pdf"]
    assert find_format("portal").suffix == "-portal.zip"


def test_what_is_not_given_is_blank(made: dict[str, bytes]) -> None:
    assert json.loads(made["元数据.json"]) == {
        "索引号": "11370300/2024-00001",
        "发布机构": "示例县白石沟镇人民政府",
        "发布日期": "2024-01-22",
        "标题": TITLE,
        "文号": "",
        "主题分类": "政府信息公开年报",
        "有效性": "有效",
    }


def test_the_body_needs_nothing_around_it(made: dict[str, bytes]) -> None:
    text = made["正文.html"].decode()
    root = html.fragment_fromstring(text)
    assert not root.xpath("//style|//script|//link|//template|//head|//*[@class]|//*[@href]")
    assert "var(" not in text
    assert "http://www.w3.org" in text.replace("xmlns=", "")  # the drawings' namespace alone
    assert not root.xpath("//*[@src]")
    assert root.xpath("//td[contains(@style, 'border: 1px solid')]")
    assert [h.text for h in root.xpath("//h2")][:2] == ["一、总体情况", "二、主动公开政府信息情况"]
    cells = ["".join(map(str, row.itertext())).split() for row in root.xpath("//table[1]//tr")]
    assert ["索引号11370300/2024-00001"] in cells


def test_the_picture_is_750_pixels_wide_and_told_in_words(made: dict[str, bytes]) -> None:
    picture = made[f"{TITLE}.png"]
    wide, high = struct.unpack(">II", picture[16:24])
    assert wide == WIDTH
    assert high > wide
    assert len(picture) < 400_000
    words = made[f"{TITLE}（图片说明）.txt"].decode()
    assert words.startswith("示例数据\n" + TITLE)
    assert "收到申请24件" in words
    assert "6月公开最多，37条次" in words
    assert "全文见示例县白石沟镇人民政府门户网站" in words


def test_the_files_have_names_that_every_system_takes() -> None:
    whole = dossiers.dossier()
    for name in ("NUL.", "甲\u202e乙\x00丙/丁", "镇" * 300):
        town = whole.report.town.model_copy(update={"name": name, "county": ""})
        report = whole.report.with_(town=town)
        document = read_document(executed(shown(replace(whole, report=report))), draft=True)
        content = render(document, lambda _form: b"")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for each in archive.namelist():
                assert len(each.encode()) < 256
                assert not set("\u202e\x00/") & set(each)
                assert not each.startswith("NUL.")
