"""The workbook: values as numbers, live checks with cached results, the same bytes, read by others."""

from __future__ import annotations

import io
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from reportkit.blocks.printable import sheet_name
from reportkit.export.document import Document, read_document
from reportkit.export.excel.render import CELLS, CHECKS, FINDINGS
from reportkit.export.formats import Printer
from reportkit.prose.fold import columns
from tests.export.conftest import DOSSIERS, ran
from tests.export.test_own_cells import own_cells


def document(name: str = "full", audience: str = "public") -> Document:
    return read_document(ran(name, audience), draft=True)  # type: ignore[arg-type]


def printed(given: Document) -> bytes:
    return Printer(given).print("xlsx")


def opened(content: bytes, *, values: bool = True) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def recalculated(content: bytes, folder: Path) -> Workbook:
    """Return the workbook as LibreOffice computes and saves it."""
    path = folder / "年报.xlsx"
    path.write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out")),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return opened((folder / "out" / "年报.xlsx").read_bytes())


def all_values(book: Workbook) -> dict[tuple[str, str], object]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def listed(book: Workbook) -> dict[str, object]:
    """Return the values of the list of cells by address."""
    rows = list(book[CELLS].iter_rows(min_row=4, values_only=True))
    return {str(row[7]): row[4] for row in rows}


@pytest.mark.parametrize("name", DOSSIERS)
def test_every_cell_is_read_back(name: str) -> None:
    given = document(name)
    read = listed(opened(printed(given)))
    assert read.keys() == given.report.cells.keys()
    for address, value in given.report.cells.items():
        if value is None:
            assert read[address] == "未知"
        else:
            assert Decimal(str(read[address])) == Decimal(value)


def test_the_same_document_gives_the_same_bytes_without_a_clock() -> None:
    one, two = printed(document()), printed(document())
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2020-01-01T00:00:00Z" in archive.read("docProps/core.xml").decode()


def test_every_list_is_one_named_table_under_its_title_without_a_blank_row() -> None:
    book = opened(printed(document(audience="internal")))
    lists = [sheet for sheet in book if sheet.tables]
    names = ["说明", "数据", "勾稽校验", "事实", "文字", "校验问题"]
    assert [sheet.title for sheet in lists][: len(names)] == names
    own = [sheet.title for sheet in lists][len(names) :]  # tables and the numbers of charts
    assert {"与上年比较", "答复时限"} <= {*own}
    assert len(own) == 5
    assert len({table for sheet in lists for table in sheet.tables}) == len(lists)
    for sheet in lists:
        assert len(sheet.tables) == 1
        assert sheet["A1"].value
        assert not sheet.merged_cells.ranges
        rows = list(sheet.iter_rows(values_only=True))
        assert all(any(value not in (None, "") for value in row) for row in rows[:-1])
    merged = [sheet for sheet in book if not sheet.tables and sheet.sheet_state == "visible"]
    *_, carried = book
    assert (carried.title, carried.sheet_state) == ("reportkit", "veryHidden")
    assert book.sheetnames[-4:-1] == [sheet.title for sheet in merged]
    assert all(sheet.merged_cells.ranges for sheet in merged)


@pytest.mark.needs("libreoffice-calc")
def test_no_text_over_a_chart_s_numbers_is_wider_than_they_are() -> None:
    """In print a sheet is as wide as its widest line: a longer one would make the figures too small to read."""
    book = opened(printed(document()))
    charts = [s for s in book if any(t.startswith("附表") for t in s.tables)]
    assert len(charts) > 2
    for sheet in charts:
        (table,) = sheet.tables.values()
        heads = sheet[table.ref][0]
        widths = [sheet.column_dimensions[letter].width for letter in "AB"]
        width = widths[0] + widths[1] * (len(heads) - 1)
        notes = [sheet.cell(row, 1).value for row in range(2, heads[0].row)]
        assert all(columns(str(note)) <= width for note in notes), sheet.title


@pytest.mark.parametrize("name", DOSSIERS)
def test_libreoffice_computes_what_is_cached(name: str, tmp_path: Path) -> None:
    content = printed(document(name))
    assert all_values(recalculated(content, tmp_path)) == all_values(opened(content))


@pytest.mark.needs("libreoffice-calc")
def test_a_changed_figure_breaks_its_checks(tmp_path: Path) -> None:
    """A clerk edits one cell: its row's and its column's checks say so, and are red."""
    content = printed(document())
    book = opened(content, values=False)
    sheet = book["收到和处理政府信息公开申请情况"]
    before = [row[4] for row in opened(content)[CHECKS].iter_rows(min_row=4, values_only=True)]
    assert "相等" in before
    assert not any(str(word).startswith("不相等") for word in before)
    place = next(
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int) and cell.value > 0
    )
    sheet[place] = sheet[place].value + 7
    edited = io.BytesIO()
    book.save(edited)
    after = recalculated(edited.getvalue(), tmp_path)
    results = [row[4] for row in after[CHECKS].iter_rows(min_row=4, values_only=True)]
    assert results.count("不相等，差7") >= 2
    rules = [
        (area.sqref, rule.text)
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "beginsWith"
    ]
    assert [text for _, text in rules] == ["不相等"]
    shown_ = [
        cell.coordinate
        for row in after[sheet.title].iter_rows()
        for cell in row
        if cell.value == "不相等，差7"
    ]
    assert len(shown_) >= 2
    assert all(any(place in area for area, _ in rules) for place in shown_)


def test_every_identity_has_a_live_formula() -> None:
    given = document()
    edition = given.report.cells.edition
    rows = list(opened(printed(given), values=False)[CHECKS].iter_rows(min_row=4, values_only=True))
    assert len(rows) == len(edition.arithmetic) + len(edition.cross_year)
    assert all(str(value).startswith("=IF(COUNT(") for row in rows for value in row[2:5])


def test_text_that_looks_like_a_formula_stays_text() -> None:
    given = document()
    from dataclasses import replace

    report = given.report.with_(sections={"s1": "=1+1", "s5": "+86", "s6": "@SUM(A1)"})
    content = printed(replace(given, report=report))
    cells = [row[1] for row in opened(content, values=False)["文字"].iter_rows(min_row=4)]
    assert [(cell.value, cell.data_type) for cell in cells[:3]] == [
        ("=1+1", "s"),
        ("+86", "s"),
        ("@SUM(A1)", "s"),
    ]
    assert all(cell.style and cell.quotePrefix for cell in cells[:3])


def test_cells_of_a_users_own_have_their_sheets() -> None:
    book = opened(printed(read_document(own_cells())))
    own = [
        list(sheet.iter_rows(values_only=True))
        for sheet in book
        if any(name.startswith("附表") for name in sheet.tables)
    ]
    frames = [rows for rows in own if ("指标", "数", "金额") in rows]
    assert [row[:2] for row in frames[0][-2:]] == [("甲", 1), ("乙", 2.5)]
    texts = list(book["文字"].iter_rows(min_row=4, values_only=True))
    assert ("附：我镇补充说明", "一个圆") in texts
    assert any("自己写的一段" in str(row[1]) for row in texts)
    assert len({row[1] for row in texts}) == len(texts)  # what the report says stands there once


def test_a_number_too_long_for_excel_loses_no_digit() -> None:
    given = document()
    long = 12345678901234567890
    from reportkit.export.excel.sheets import exact

    assert exact(long) == str(long)
    assert exact(given.report.cells["t3.received.total"]) == given.report.cells["t3.received.total"]


def test_findings_are_for_the_office_alone() -> None:
    internal, public = (document("faulty", audience) for audience in ("internal", "public"))
    book = opened(printed(internal))
    assert internal.report.findings
    rows = list(book[FINDINGS].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == [finding.code for finding in internal.report.findings]
    content = printed(public)
    assert FINDINGS not in opened(content).sheetnames
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        every = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(f.message.encode() in every for f in internal.report.findings)


def test_sheets_have_names_that_excel_takes_and_that_differ() -> None:
    taken: list[str] = []
    for title in ("A", "a", "😀𠮷" * 20, "😀𠮷" * 20, "甲\x08'乙", "[]", "History", "a" * 99):
        taken.append(sheet_name(title, taken))
    assert taken[:2] == ["A", "a 2"]
    assert taken[3].endswith(" 2")
    assert taken[4:7] == ["甲乙", "表", "History 2"]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in taken)
