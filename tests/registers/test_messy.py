"""Registers in every form that people give them come back as they were meant."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.tables import read_tables
from reportkit.registers.store.address import parse_address
from tests.registers.messy import Table, sheets, tables, write_csv, write_parquet, write_xlsx


def _meant(table: Table) -> list[dict[str, Any]]:
    return sorted(
        (
            {
                # What is written in two lines is one, but where lines are meant.
                c.name: row[c.name].replace("两行\n文字", "两行文字")
                if isinstance(row[c.name], str) and not c.lines
                else row[c.name]
                for c in table.register.public_columns
            }
            for row in table.rows
        ),
        key=repr,
    )


def _read(path: Path, table: Table) -> list[dict[str, Any]]:
    [raw] = [t for t in read_tables(path)[0] if t.register == table.register]
    frame, aside = clean(table.register.name, raw.frame, raw.faults)
    assert [s.finding.message for _, s in aside] == []
    return sorted(
        (
            {c.name: _bare(row[c.name]) for c in table.register.public_columns}
            for row in frame.to_dict("records")
        ),
        key=repr,
    )


def _bare(value: Any) -> Any:
    """Return a cell of a frame as plain Python, and an amount in the form in which it was drawn."""
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.normalize() if isinstance(value, Decimal) else value


def _stored(uri: str, table: Table) -> list[dict[str, Any]]:
    names = [c.name for c in table.register.public_columns]
    with parse_address(uri).read() as connection:
        found = connection.execute(text(f"SELECT {', '.join(names)} FROM {table.register.name}"))
        rows = [dict(zip(names, row, strict=True)) for row in found]
    several = {c.name for c in table.register.columns if c.type == "codes"}
    return sorted(
        (
            {n: tuple(v.split(",")) if n in several and v else _bare(v) for n, v in row.items()}
            for row in rows
        ),
        key=repr,
    )


@st.composite
def _files(draw: st.DrawFn) -> tuple[Table, str, Any]:
    """Draw a table, the kind of file that it is in, and how."""
    table = draw(tables())
    kind = draw(st.sampled_from(["csv", "xlsx", "parquet"]))
    if kind == "csv":
        lines = draw(sheets(table, typed=False))
        # Spaces that GB 18030 and UTF-16 have too; a mark tells the latter.
        encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
        return table, kind, (lines, encoding, draw(st.sampled_from([",", "\t", ";"])))
    if kind == "xlsx":
        names = [table.register.heading, table.register.name, f"{table.register.heading}2021年"]
        name = draw(st.sampled_from(names))
        book = {name: draw(sheets(table, typed=True)), "旧表": [["随手记", "1"]]}
        old = draw(st.booleans())
        if old:  # last year's copy, hidden and forgotten
            book[f"{table.register.heading}(2)"] = draw(sheets(table, typed=True))
        return table, kind, (book, {f"{table.register.heading}(2)"} if old else set())
    return table, kind, draw(st.booleans())


def _write(folder: Path, table: Table, kind: str, how: Any) -> Path:
    path = folder / f"{table.register.name}.{kind}"
    if kind == "csv":
        write_csv(path, *how)
    elif kind == "xlsx":
        write_xlsx(path, *how)
    else:
        write_parquet(path, table, typed=how)
    return path


@given(_files())
def test_what_is_read_is_what_was_meant(drawn: tuple[Table, str, Any]) -> None:
    table, kind, how = drawn
    with tempfile.TemporaryDirectory() as folder:
        path = _write(Path(folder), table, kind, how)
        assert _read(path, table) == _meant(table)


@settings(max_examples=12)
@given(_files())
def test_what_is_ingested_is_what_was_meant(drawn: tuple[Table, str, Any]) -> None:
    table, kind, how = drawn
    with tempfile.TemporaryDirectory() as folder:
        path = _write(Path(folder), table, kind, how)
        uri = f"duckdb:///{folder}/store.duckdb"
        [result] = ingest([path], uri)
        assert result.faults == []
        assert _stored(uri, table) == _meant(table)


def test_a_row_that_looks_like_a_case_is_one(tmp_path: Path) -> None:
    path = tmp_path / "disclosures.csv"
    path.write_text(
        "编号,标题,公开渠道,公开日期\n1,合计表公示,政府网站,2021-01-01\n2,备注：更正,微博,2021-01-02\n",
        encoding="utf-8",
    )
    [table], problems = read_tables(path)
    assert list(table.frame["row"]) == [2, 3]
    assert problems == []


def test_what_is_passed_over_is_said(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write_xlsx(
        path,
        {
            "处理决定台账": [
                ["决定文号", "类别", "决定日期", "经办"],
                ["1", "行政许可", "2021-01-01", "某"],
                ["合计", "1"],
            ],
            "12345热线台账": [["工单号", "收到日期"]],
            "杂记": [["x"]],
        },
        {"12345热线台账"},
    )
    tables_read, problems = read_tables(path)
    assert [t.register.name for t in tables_read] == ["decisions"]
    assert list(map(str, problems)) == [
        "台账.xlsx “处理决定台账”表：“经办”列不是“处理决定台账”的列，没有读取。不需要的可不管。",
        "台账.xlsx “处理决定台账”表：第3行是合计行，不作为一件统计。如应计入，请改写该行。",
        "台账.xlsx “12345热线台账”表：是隐藏的，没有读取。如应计入，请取消隐藏后重新提交。",
        "台账.xlsx “杂记”表：表名“杂记”不是台账名，没有读取。如是台账，请把表名改为模板中的名称。",
    ]


def test_a_sheet_without_a_name_of_its_own_is_known_by_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "上报.xlsx"
    write_xlsx(
        path, {"Sheet1": [["工单号", "收到日期", "回复日期", "主题"], ["1", "2021-01-01"]]}, set()
    )
    [table], _ = read_tables(path)
    assert table.register.name == "hotline"


def test_a_table_without_a_heading_shows_no_row_of_it(tmp_path: Path) -> None:
    path = tmp_path / "applications.csv"
    path.write_text("qinghe,2021-1,2021-03-01,自然人,欧阳测试\n", encoding="utf-8")
    found, [note] = read_tables(path)
    assert found == []
    assert note.wrong
    assert str(note) == (
        "applications.csv：没有找到“依申请公开台账”的表头，没有读取。请照模板补上表头后重新提交。"
    )
