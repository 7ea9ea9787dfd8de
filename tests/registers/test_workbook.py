"""The register workbook: a town fills it with an office program, and it is a source and can be ingested."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.errors import ParameterError
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.ingest.marked import COVERED, write_faults
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.tables import read_tables
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.spelling import parse_code
from reportkit.registers.workbook import ROWS, choices, load_guide, write_template
from reportkit.sources.source import open_source
from tests.programs import OFFICE


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "台账.xlsx"
    write_template(path)
    return path


def fill(template: Path, to: Path, rows: Mapping[str, list[Mapping[str, Any]]]) -> Path:
    """Fill rows into a copy of the workbook, as a clerk does: values under their headings."""
    book = load_workbook(template)
    for name, lines in rows.items():
        register = REGISTERS[name]
        places = {column.name: n for n, column in enumerate(register.columns, 1)}
        sheet = book[register.heading]
        for number, line in enumerate(lines, 2):
            for column, value in line.items():
                sheet.cell(number, places[column], value)
    book.save(to)
    return to


FILLED: dict[str, list[Mapping[str, Any]]] = {
    "towns": [{"town": "shili-zhen", "name": "示例镇", "county": "示例县", "kind": "镇"}],
    "coverage": [{"register": "依申请公开台账", "from_year": 2021}],
    "applications": [
        {
            "application_no": "2021-1",
            "received_on": date(2021, 3, 1),
            "applicant_type": "自然人",
            "replied_on": date(2021, 3, 15),
            "outcome": "（一）予以公开",
            "applicant_name": "欧阳测试",
        }
    ],
    "hotline": [{"ticket_no": "1", "received_on": date(2021, 1, 4)}],
    "narratives": [
        {"year": 2021, "section": "五、存在的主要问题及改进情况", "position": 1, "text": "无。"},
        {"year": 2021, "section": "六、其他需要报告的事项", "position": 1, "text": "无。"},
    ],
}


def test_the_same_template_has_the_same_bytes(template: Path, tmp_path: Path) -> None:
    write_template(tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == template.read_bytes()


def test_a_filled_workbook_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"filled")
    with pytest.raises(ParameterError, match="--force"):
        write_template(path)
    assert path.read_bytes() == b"filled"
    write_template(path, force=True)
    with pytest.raises(ParameterError, match="xlsx"):
        write_template(tmp_path / "台账.ods")


def test_every_register_has_a_sheet_with_its_headings(template: Path) -> None:
    book = load_workbook(template)
    assert book.sheetnames[0] == "说明"
    for register in REGISTERS.values():
        sheet = book[register.heading]
        headings = [cell.value for cell in sheet[1]]
        assert headings == [column.heading for column in register.columns]
        assert all(cell.comment is not None and cell.comment.text for cell in sheet[1])
        assert sheet.freeze_panes is not None


def _rule(sheet: Worksheet, register: Register, column: str) -> Any:
    place = [c.name for c in register.columns].index(column) + 1
    cell = f"{get_column_letter(place)}{ROWS}"
    return next((r for r in sheet.data_validations.dataValidation if cell in r.sqref), None)


def test_every_column_checks_what_is_typed(template: Path) -> None:
    book = load_workbook(template)
    kinds = {
        "date": "date",
        "year": "whole",
        "count": "whole",
        "days": "whole",
        "amount": "decimal",
    }
    for register in REGISTERS.values():
        sheet = book[register.heading]
        for column in register.columns:
            rule = _rule(sheet, register, column.name)
            if choices(register, column):
                assert rule.type == "list"
                assert rule.showDropDown in (None, False)  # true would hide the arrow
                letter = rule.formula1.split("$")[1]
                listed = [cell.value for cell in book["代码"][letter][1:] if cell.value is not None]
                assert tuple(listed) == choices(register, column)
            elif column.type in kinds:
                assert rule.type == kinds[column.type]
            else:
                assert rule is None
    assert book["代码"].sheet_state == "hidden"


def test_what_the_drop_downs_offer_is_understood() -> None:
    for register in REGISTERS.values():
        for column in register.columns:
            if column.type == "code":
                codes = [
                    parse_code(register.name, column.name, c) for c in choices(register, column)
                ]
                assert None not in codes
                assert len(set(codes)) == len(codes)


def test_the_examples_are_good_rows(tmp_path: Path, template: Path) -> None:
    examples = {name: [rows] for name, rows in load_guide().examples.items()}
    assert set(examples) == set(REGISTERS)
    tables, problems = read_tables(fill(template, tmp_path / "例.xlsx", examples))
    assert problems == []
    for table in tables:
        kept, aside = clean(table.register.name, table.frame)
        assert [s.finding.message for _, s in aside] == []
        assert len(kept) == 1


def test_a_folder_of_filled_workbooks_is_a_source(template: Path, tmp_path: Path) -> None:
    fill(template, tmp_path / "示例镇.xlsx", FILLED)
    source = open_source(str(tmp_path))
    assert source.problems == ()
    report = source.load("shili-zhen", 2021).report
    assert report.town.name == "示例镇"
    assert report.cells["t3.granted.natural_person"] == 1
    assert report.cells["t2.normative_documents.made"] is None  # not covered: unknown
    ingest([tmp_path], f"duckdb:///{tmp_path / 'store.duckdb'}")
    stored = open_source(f"duckdb:///{tmp_path / 'store.duckdb'}").load("shili-zhen", 2021).report
    assert stored.to_json() == report.to_json()


def test_the_faults_are_marked_in_a_copy(template: Path, tmp_path: Path) -> None:
    bad: dict[str, list[Mapping[str, Any]]] = {
        **FILLED,
        "applications": [
            {**FILLED["applications"][0], "received_on": "2021年13月1日", "outcome": "批了"},
            {
                **FILLED["applications"][0],
                "application_no": "2021-2",
                "requested": "电话13800138000",
            },
        ],
    }
    path = fill(template, tmp_path / "示例镇.xlsx", bad)
    results = ingest([path], f"duckdb:///{tmp_path / 'store.duckdb'}")
    write_faults(tmp_path / "faults.xlsx", results)
    book = load_workbook(tmp_path / "faults.xlsx")
    listed = list(book["问题清单"].iter_rows(min_row=2, values_only=True))
    assert [(r[0], r[1], r[2], r[3], r[4]) for r in listed] == [
        ("示例镇.xlsx", "依申请公开台账", 2, "办理结果", "批了"),
        ("示例镇.xlsx", "依申请公开台账", 2, "收到日期", "2021年13月1日"),
    ]
    assert all(r[5] and r[6] for r in listed)
    assert book.sheetnames == ["问题清单", "依申请公开台账"]
    copy = book["依申请公开台账"]
    places = {column.name: n for n, column in enumerate(REGISTERS["applications"].columns, 1)}
    for name in ("received_on", "outcome"):
        cell = copy.cell(2, places[name])
        assert cell.comment is not None
        assert cell.fill.fgColor.rgb == "FFF8C9C4"
    assert copy.cell(3, places["received_on"]).comment is None
    assert copy.cell(2, places["applicant_name"]).value == COVERED
    assert copy.cell(3, places["requested"]).value == "电话［手机号］"
    content = b"".join(
        file.read_bytes() for file in _unzipped(tmp_path / "faults.xlsx", tmp_path / "parts")
    )
    assert "欧阳测试".encode() not in content


def _unzipped(path: Path, to: Path) -> list[Path]:
    shutil.unpack_archive(path, to, "zip")
    return [file for file in to.rglob("*") if file.is_file()]


@pytest.mark.needs("libreoffice-calc")
def test_old_excel_files_are_read(template: Path, tmp_path: Path) -> None:
    path = fill(template, tmp_path / "示例镇.xlsx", FILLED)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command: list[str | Path] = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        tmp_path / "old",
        path,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    path.unlink()
    report = open_source(str(tmp_path / "old")).load("shili-zhen", 2021).report
    assert report.cells["t3.granted.natural_person"] == 1


def test_faults_of_files_of_any_name_make_a_workbook_that_opens(tmp_path: Path) -> None:
    address, heading = "http://192.0.2.1/x", "单位编号,申请编号,收到日期,申请人类型,申请内容"
    for name in ("\x08甲\u202e", "😀" * 40, "'乙", "[]"):
        path = tmp_path / f"applications_{name}.csv"
        path.write_text(f"{heading}\nyunxi,1,{address},{address},{address}\n", "utf-8")
    write_faults(tmp_path / "faults.xlsx", ingest([tmp_path], f"duckdb:///{tmp_path / 's.duckdb'}"))
    book = load_workbook(tmp_path / "faults.xlsx")
    assert len(book.sheetnames) == 5
    assert all(len(each.encode("utf-16-le")) < 64 for each in book.sheetnames)
    assert not [c for sheet in book for line in sheet.iter_rows() for c in line if c.hyperlink]
