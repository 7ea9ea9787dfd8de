"""What a workbook's cells hide: error values, formulas that nobody computed, merged cells, rows out of sight."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.errors import SourceError
from reportkit.finding import Finding
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.child import read_apart
from reportkit.registers.reading.files.tables import read_tables
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.reading.values import one_line, parse_amount
from reportkit.registers.schema import REGISTERS
from reportkit.registers.spelling import near_code

HEADINGS = [column.heading for column in REGISTERS["applications"].columns]
AT = {column.name: number for number, column in enumerate(REGISTERS["applications"].columns, 1)}


def _write(path: Path, change: Callable[[Worksheet], object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "依申请公开台账"
    sheet.append(HEADINGS)
    for number in (2, 3, 4):
        values: dict[str, str | date] = {
            "town": "qingshi-zhen",
            "application_no": f"SQ-{number}",
            "received_on": date(2024, 5, number),
            "applicant_type": "自然人",
            "replied_on": date(2024, 5, 20),
            "outcome": "予以公开",
        }
        for name, value in values.items():
            sheet.cell(number, AT[name], value)
    change(sheet)
    book.save(path)
    return path


def _read(
    path: Path, *, personal: bool = False
) -> tuple[list[str], list[Finding], list[PassedOver]]:
    """Return the numbers of the rows that count, what is said of the others, and what was passed over."""
    [table], notes = read_tables(path, personal=personal)
    frame, aside = clean("applications", table.frame, table.faults)
    return list(frame["application_no"]), [s.finding for _, s in aside], notes


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
def test_an_error_value_is_a_fault_and_no_blank(tmp_path: Path, value: str) -> None:
    def change(sheet: Worksheet) -> None:
        for name in ("replied_on", "outcome"):
            sheet.cell(3, AT[name], value).data_type = "e"

    counted, [finding], _ = _read(_write(tmp_path / "a.xlsx", change))
    assert counted == ["SQ-2", "SQ-4"]
    assert finding.code == "ROW-ERROR-VALUE"
    assert f"“答复日期”是错误值{value}" in finding.message
    assert finding.place is not None
    assert (finding.place.row, finding.place.value) == (3, value)


def test_an_error_value_in_csv_is_one_too(tmp_path: Path) -> None:
    path = tmp_path / "applications.csv"
    path.write_text(
        "town,application_no,received_on,applicant_type,replied_on,outcome\n"
        "a-zhen,1,2024-01-01,自然人,#N/A,#N/A\n",
        encoding="utf-8",
    )
    counted, [finding], _ = _read(path)
    assert counted == []
    assert finding.code == "ROW-ERROR-VALUE"


def test_a_formula_that_nobody_computed_is_a_fault(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.xlsx", lambda s: s.cell(3, AT["outcome"]).__setattr__("value", "=B2&C2")
    )
    counted, [finding], _ = _read(path)
    assert counted == ["SQ-2", "SQ-4"]
    assert finding.code == "ROW-FORMULA"
    assert "=B2&C2" in finding.message


def test_a_merged_cell_is_a_fault_with_the_value_that_the_clerk_sees(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(2, AT["channel"], "网络")
        letter = get_column_letter(AT["channel"])
        sheet.merge_cells(f"{letter}2:{letter}3")

    counted, [finding], _ = _read(_write(tmp_path / "a.xlsx", change))
    assert counted == ["SQ-2", "SQ-4"]
    assert finding.code == "ROW-MERGED"
    assert "合并单元格" in finding.message
    assert "网络" in finding.message


def test_a_long_number_that_was_cut_is_a_fault(tmp_path: Path) -> None:
    number = 370102199003071234.0
    path = _write(tmp_path / "a.xlsx", lambda s: s.cell(3, AT["application_no"], number).__str__())
    counted, [finding], _ = _read(path)
    assert counted == ["SQ-2", "SQ-4"]
    assert finding.code == "ROW-DIGITS"


@pytest.mark.parametrize("personal", [True, False])
def test_so_is_one_in_a_personal_column_and_it_is_not_shown(tmp_path: Path, personal: bool) -> None:
    number = 370102199003071234.0
    path = _write(tmp_path / "a.xlsx", lambda s: s.cell(3, AT["applicant_id_no"], number).__str__())
    counted, [finding], _ = _read(path, personal=personal)
    assert counted == ["SQ-2", "SQ-4"]
    assert finding.code == "ROW-DIGITS"
    assert "37010219" not in finding.model_dump_json()
    assert "3.70" not in finding.model_dump_json()


def test_hidden_rows_count_and_it_is_said(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    counted, said, [note] = _read(_write(tmp_path / "a.xlsx", change))
    assert counted == ["SQ-2", "SQ-3", "SQ-4"]
    assert said == []
    assert "第3行是隐藏的（筛选或手工隐藏），已照常计入" in note.what


def test_a_date_far_from_now_is_a_warning_and_counts(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.xlsx", lambda s: s.cell(3, AT["replied_on"], date(2042, 5, 20)).__str__()
    )
    counted, [finding], _ = _read(path)
    assert counted == ["SQ-2", "SQ-3", "SQ-4"]
    assert (finding.code, finding.level) == ("ROW-FAR", "warning")
    assert "2042-05-20" in finding.message


def _bounded(program: str, path: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a program on a file in a process that may take 2 GB of address space."""
    return subprocess.run(
        [sys.executable, "-c", program, str(path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3,) * 2),
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_one_space_in_the_last_cell_is_read_within_bounds(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.xlsx", lambda s: s.cell(1_048_576, 16_384, " ").__str__())
    program = (
        "import sys; from pathlib import Path\n"
        "from reportkit.registers.reading.files.tables import read_tables\n"
        "print(len(read_tables(Path(sys.argv[1]))[0][0].frame))"
    )
    done = _bounded(program, path)
    assert done.stdout.decode().strip() == "3", done.stderr


def test_a_value_in_the_last_cell_is_refused_by_name(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(1_048_576, 150, "x")

    path = _write(tmp_path / "远.xlsx", change)
    with pytest.raises(SourceError, match=r"远\.xlsx：表格范围过大（到第1048576行）"):
        read_tables(path)


def test_what_is_beyond_the_columns_is_said(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.xlsx", lambda s: s.cell(2, 300, "x").__str__())
    counted, _, [note] = _read(path)
    assert counted == ["SQ-2", "SQ-3", "SQ-4"]
    assert "第200列以后的内容没有读取" in note.what


@pytest.mark.parametrize("content", [b"<html><table></table></html>", b"\xff\xfe<\0", b"%PDF-1.4"])
def test_a_false_xls_is_called_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "假.xls").write_bytes(content)
    with pytest.raises(SourceError, match=r"假\.xls：不是真正的Excel文件，.*另存为 \.xlsx"):
        read_tables(tmp_path / "假.xls")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and no more", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x"]
)
def test_a_damaged_workbook_is_told_in_chinese(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "坏.xls").write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_tables(tmp_path / "坏.xls")
    assert "Error:" not in str(caught.value)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(caught.value).removeprefix("坏"))


def test_a_child_is_bounded_in_memory_and_time(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.xlsx", lambda s: s.cell(1_048_576, 2_000, "x").__str__())
    with pytest.raises(ValueError, match="内存超过限度"):
        read_apart(path, memory=1024**3)
    with pytest.raises(ValueError, match="超时"):
        read_apart(path, seconds=0.01)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.2万", "按元填写，如 12000"),
        ("1,200万元", "按元填写，如 12000000"),
        ("3亿", "如 300000000"),
    ],
)
def test_an_amount_in_ten_thousands_is_asked_for_in_yuan(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_amount(text)


def test_a_near_outcome_is_named() -> None:
    assert near_code("applications", "outcome", "予以公开了") == "（一）予以公开"
    assert near_code("applications", "outcome", "部份公开") is not None
    assert near_code("applications", "outcome", "批了") is None


def test_line_breaks_are_folded() -> None:
    assert one_line("青石\r\n镇") == "青石镇"
    assert one_line("青石_x000D_\n镇") == "青石镇"
    assert one_line("Annual \n report") == "Annual report"


def _no_deflate(archive: bytearray, at: int) -> None:
    archive[at : at + 4] = b"\xff\xff\xff\xff"


def _password(archive: bytearray, _at: int) -> None:
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(head) + flags] |= 1


def _lzma(archive: bytearray, _at: int) -> None:
    for head, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        archive[archive.index(head) + method] = zipfile.ZIP_LZMA


@pytest.mark.parametrize("damage", [_no_deflate, _password, _lzma])
def test_a_damaged_part_of_a_workbook_is_no_traceback(
    damage: Callable[[bytearray, int], None], tmp_path: Path
) -> None:
    path = _write(tmp_path / "applications.xlsx", lambda _sheet: None)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    first = "xl/workbook.xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: name != first):
            archive.writestr(name, parts[name])
    content = bytearray(path.read_bytes())
    damage(content, 30 + len(first))
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"applications\.xlsx：文件损坏"):
        read_tables(path)


FAR = {
    "a cell beyond the last row": '<row r="2"><c r="D1048577"><v>1</v></c></row>',
    "a cell with a row of many digits": f'<row r="2"><c r="D{"9" * 300}"><v>1</v></c></row>',
    "a row beyond the last one": '<row r="1048577"><c r="D1048577"><v>1</v></c></row>',
    "a cell far from its row": '<row r="2"><c r="GR1048576"><v>1</v></c></row>',
    "a small letter": '<row r="2"><c r="gr1048576"><v>1</v></c></row>',
    "space about the sign": '<row r = "2"><c r = "GR1048576"><v>1</v></c></row>',
}


@pytest.mark.parametrize("kind", FAR)
def test_what_stands_too_far_is_refused_cheaply(kind: str, tmp_path: Path) -> None:
    good = _write(tmp_path / "好.xlsx", lambda _: None)
    path = tmp_path / "远.xlsx"
    with zipfile.ZipFile(good) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", FAR[kind].encode() + b"</sheetData>")
            after.writestr(name, content)
    program = (
        "import sys; from pathlib import Path\n"
        "from reportkit.errors import SourceError\n"
        "from reportkit.registers.reading.files.tables import read_tables\n"
        "try: read_tables(Path(sys.argv[1]))\n"
        "except SourceError as fault: sys.stdout.buffer.write(str(fault).encode())"
    )
    done = _bounded(program, path)
    said = done.stdout.decode()
    assert said.startswith("远.xlsx："), (done.returncode, said, done.stderr[-500:])
    assert "请" in said
