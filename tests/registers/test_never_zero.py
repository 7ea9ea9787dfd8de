"""A register that is said to be kept and was never seen is unknown, whichever way it came in: never a zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.schema import REGISTERS
from reportkit.registers.slices import load_slice, pack_slice
from reportkit.report import TownReport
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source

MADE = "t2.penalties.decisions"
CELL = "t2.normative_documents.made"
Book = dict[str, list[list[Any]]]


def _heading(name: str) -> list[Any]:
    return [column.heading for column in REGISTERS[name].columns]


def _row(name: str, /, **values: Any) -> list[Any]:
    return [values.get(column.name) for column in REGISTERS[name].columns]


def _book(town: str = "qingshi-zhen", name: str = "青石镇") -> Book:
    kept = ("decisions", "documents", "disputes")
    return {
        "单位信息": [
            _heading("towns"),
            _row("towns", town=town, name=name, kind="镇", county="云岭县"),
        ],
        "登记范围": [
            _heading("coverage"),
            *(_row("coverage", register=r, from_year=2024, to_year=2024) for r in kept),
        ],
        "处理决定台账": [
            _heading("decisions"),
            _row("decisions", decision_no="1", kind="行政处罚", decided_on=date(2024, 3, 1)),
        ],
        "规章和规范性文件台账": [_heading("documents")],
        "复议诉讼台账": [_heading("disputes")],
        "文字部分": [
            _heading("narratives"),
            _row("narratives", year=2024, section="引言", position=1, text="引言"),
        ],
    }


def _write(path: Path, book: Book, hidden: str = "") -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in book.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def _reports(folder: Path, town: str = "qingshi-zhen") -> tuple[TownReport, TownReport]:
    """Return the report of 2024 from a folder, and that of a store into which its files were taken."""
    uri = f"duckdb:///{folder.parent / f'{folder.name}.duckdb'}"
    results = ingest([folder], uri, partial=True)
    assert {"loaded", "unchanged"} & {result.status for result in results}
    found = [open_source(source).load(town, 2024).report for source in (str(folder), uri)]
    return found[0], found[1]


def _missing(report: TownReport, register: str) -> str:
    [finding] = [f for f in report.findings if f.code == "REGISTER-MISSING"]
    assert finding.level == "error"
    assert finding.place is not None
    assert finding.place.register == register
    return finding.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    return made


def test_what_is_there_is_counted_and_no_row_is_zero(folder: Path) -> None:
    _write(folder / "青石.xlsx", _book())
    for report in _reports(folder):
        assert report.cells[MADE] == 1
        assert report.cells[CELL] == 0
        assert not [f for f in report.findings if f.code == "REGISTER-MISSING"]


def _rename(book: Book, name: str) -> Book:
    return {name if old == "处理决定台账" else old: rows for old, rows in book.items()}


def _empty(book: Book) -> Book:
    return {**book, "处理决定台账": []}


def _without_heading(book: Book) -> Book:
    return {**book, "处理决定台账": [["行政处罚", "若干"], ["x", "y"]]}


def _left_out(book: Book) -> Book:
    return {name: rows for name, rows in book.items() if name != "处理决定台账"}


@pytest.mark.parametrize(
    ("change", "hidden", "told"),
    [
        (lambda b: _rename(b, "处理决定"), "", ["“处理决定”表", "是否应为“处理决定台账”？"]),
        (lambda b: _rename(b, "许可处罚登记"), "", ["“许可处罚登记”表", "不是台账名"]),
        (lambda b: b, "处理决定台账", ["“处理决定台账”表是隐藏的"]),
        (_empty, "", ["“处理决定台账”表是空的"]),
        (_without_heading, "", ["没有找到“处理决定台账”的表头"]),
        (_left_out, "", ["没有名为“处理决定台账”的表"]),
    ],
    ids=["near", "renamed", "hidden", "empty", "heading", "left-out"],
)
def test_a_sheet_that_is_not_seen_is_unknown(
    folder: Path, change: Callable[[Book], Book], hidden: str, told: list[str]
) -> None:
    _write(folder / "青石.xlsx", change(_book()), hidden)
    one, other = _reports(folder)
    assert one.cells == other.cells
    for report in (one, other):
        assert report.cells[MADE] is None
        assert report.cells[CELL] == 0
        message = _missing(report, "decisions")
        assert "青石.xlsx" in message
        for words in told:
            assert words in message
    assert _missing(one, "decisions") == _missing(other, "decisions")


def test_a_name_that_is_not_near_is_not_proposed(folder: Path) -> None:
    _write(folder / "青石.xlsx", _rename(_book(), "许可处罚登记"))
    assert "是否应为" not in _missing(_reports(folder)[0], "decisions")


def _csv(path: Path, name: str, *rows: list[Any]) -> None:
    lines = [_heading(name), *rows]
    text = "\n".join(",".join("" if v is None else str(v) for v in line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")


def _tables(folder: Path) -> None:
    _csv(
        folder / "towns.csv", "towns", _row("towns", town="qingshi-zhen", name="青石镇", kind="镇")
    )
    _csv(
        folder / "coverage.csv",
        "coverage",
        *(
            _row("coverage", town="qingshi-zhen", register=r, from_year=2024, to_year=2024)
            for r in ("decisions", "documents")
        ),
    )
    _csv(folder / "documents.csv", "documents")


@pytest.mark.parametrize("kind", ["nothing", "empty", "heading", "parquet"])
def test_a_file_that_is_not_seen_is_unknown(folder: Path, kind: str) -> None:
    _tables(folder)
    if kind == "empty":
        (folder / "decisions.csv").write_bytes(b"")
    elif kind == "heading":
        (folder / "decisions.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    elif kind == "parquet":
        (folder / "decisions.parquet").write_bytes(b"PAR1 and no more")
    for report in _reports(folder):
        assert report.cells[MADE] is None
        assert report.cells[CELL] == 0
        assert "“处理决定台账”" in _missing(report, "decisions")


def test_a_heading_alone_is_zero(folder: Path) -> None:
    _tables(folder)
    _csv(folder / "decisions.csv", "decisions")
    for report in _reports(folder):
        assert report.cells[MADE] == 0


def test_one_towns_sheet_does_not_speak_for_another(folder: Path) -> None:
    _write(folder / "a.xlsx", _book("qingshi-zhen", "青石镇"))
    _write(folder / "b.xlsx", _rename(_book("baihe-zhen", "白河镇"), "许可处罚登记"))
    one, other = _reports(folder, "baihe-zhen")
    assert one.cells == other.cells
    assert one.cells[MADE] is None
    assert "b.xlsx" in _missing(one, "decisions")
    whole, stored = _reports(folder, "qingshi-zhen")
    assert whole.cells[MADE] == stored.cells[MADE] == 1


def test_a_file_that_cannot_be_read_costs_its_register_alone(folder: Path) -> None:
    _write(folder / "青石.xlsx", _left_out(_book()))
    (folder / "处理决定台账.xls").write_text("<html><table></table></html>", encoding="utf-8")
    source = open_source(str(folder))
    report = source.load("qingshi-zhen", 2024).report
    assert report.cells[MADE] is None
    assert report.cells[CELL] == 0
    assert "不是真正的Excel文件" in _missing(report, "decisions")
    assert any("另存为 .xlsx" in problem for problem in source.problems)


def test_a_slice_and_the_digest_know_it(folder: Path, tmp_path: Path) -> None:
    _write(folder / "青石.xlsx", _rename(_book(), "许可处罚登记"))
    source = open_source(str(folder))
    assert isinstance(source, RegisterSource)
    data = source.data("qingshi-zhen")
    (tmp_path / "slice").write_bytes(pack_slice("x", data))
    assert load_slice(tmp_path / "slice")[1].absent == data.absent
    before = source.digest("qingshi-zhen", 2024)
    _write(folder / "青石.xlsx", _book())
    assert open_source(str(folder)).digest("qingshi-zhen", 2024) != before
