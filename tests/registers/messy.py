"""Random registers as data, and the same registers written as people write them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from hypothesis import strategies as st

from reportkit.registers.schema import REGISTERS, Column, Register, codes_of

Values = dict[str, Any]

_WORDS = st.sampled_from(
    [
        "关于公布财政预算的公告",
        "道路维修",
        "示政发〔2021〕1号",
        "A-12/3",
        "“引号”，逗号",
        "两行\n文字",
        "00123",
        "x,y;z\tw",
    ]
)
_FULL = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")
NAMES = sorted(set(REGISTERS) - {"figures"})
"""The registers that are drawn; the type of a declared figure is another's to say."""


@dataclass(frozen=True)
class Table:
    """A register's rows, their values as they are meant."""

    register: Register
    rows: list[Values]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw good rows of a register."""
    register = REGISTERS[draw(st.sampled_from(NAMES))]
    count = draw(st.integers(1, 6))
    return Table(register, [_row(draw, register, number) for number in range(count)])


def _row(draw: st.DrawFn, register: Register, number: int) -> Values:
    row: Values = {}
    for column in register.columns:
        needed = column.needed or column.key
        row[column.name] = (
            _value(draw, register, column, number) if needed or draw(st.booleans()) else None
        )
    for earlier, later in register.order:
        if row[later] is not None:
            row[later] = row[earlier] + timedelta(draw(st.integers(0, 400)))
    for one, other in (*register.together, *register.requires):
        if row[one] is None or row[other] is None:
            row[one] = row[other] = None
    return row


def _value(  # noqa: PLR0911 - one case a type
    draw: st.DrawFn, register: Register, column: Column, number: int
) -> Any:
    if column.name == "town":
        return f"zhen-{number}" if register.name == "towns" else "shili-zhen"
    if column.key and column.type == "text":
        return f"{draw(st.sampled_from(['号', 'No.', '2021-', '2021']))}{number:03d}"
    match column.type:
        case "date":
            day = draw(st.dates(date(2015, 1, 1), date(2024, 12, 31)))
            return day + timedelta(number) if column.key else day
        case "year":
            return 2000 + number if column.key else draw(st.integers(1990, 2030))
        case "count" | "days":
            return draw(st.integers(0, 100_000))
        case "amount":
            return Decimal(draw(st.integers(0, 10**9))).scaleb(-2).normalize()
        case "bool":
            return draw(st.booleans())
        case "code":
            codes = sorted(codes_of(register.name, column.name))
            return codes[number % len(codes)] if column.key else draw(st.sampled_from(codes))
        case "codes":
            codes = sorted(codes_of(register.name, column.name))
            return tuple(sorted(draw(st.sets(st.sampled_from(codes), min_size=1))))
        case _:
            return draw(_WORDS)


def spell(draw: st.DrawFn, register: Register, column: Column, value: Any, *, typed: bool) -> Any:
    """Write a value as somebody might: ``typed`` where the file can hold dates and numbers."""
    if value is None:
        return draw(st.sampled_from(["", " ", "　"] if not typed else [None, "", " "]))
    spellings = _spellings(register, column, value, typed=typed)
    written = draw(st.sampled_from(spellings))
    if isinstance(written, str) and column.type != "text":
        written = draw(st.sampled_from([written, f" {written}  ", f"{written}　"]))
        if column.type in ("count", "days", "amount", "date", "year"):
            written = draw(st.sampled_from([written, written.translate(_FULL)]))
    elif isinstance(written, str):
        written = draw(st.sampled_from([written, f"{written} ", f"　{written}"]))
    return written


def _spellings(  # noqa: PLR0911 - one case a type
    register: Register, column: Column, value: Any, *, typed: bool
) -> list[Any]:
    match column.type:
        case "date":
            texts: list[Any] = [
                value.isoformat(),
                f"{value.year}/{value.month}/{value.day}",
                f"{value.year}年{value.month}月{value.day}日",
                f"{value.year}.{value.month:02d}.{value.day:02d}",
                f"{value:%Y%m%d}",
                str((value - date(1899, 12, 30)).days),
            ]
            return [*texts, value, (value - date(1899, 12, 30)).days] if typed else texts
        case "year":
            return [str(value), f"{value}年", *([value] if typed else [])]
        case "count" | "days":
            return [str(value), f"{value:,}", *([value] if typed else [])]
        case "amount":
            plain = f"{value:f}"
            numbers = [float(value)] if typed else []
            return [plain, f"{value:,f}", f"{plain}元", *numbers]
        case "bool":
            return ["是", "true", "1"] if value else ["否", "false", "0"]
        case "code":
            return [value, codes_of(register.name, column.name)[value]]
        case "codes":
            labels = codes_of(register.name, column.name)
            return [",".join(value), "、".join(labels[code] for code in value)]
        case _:
            return [value]


@st.composite
def sheets(draw: st.DrawFn, table: Table, *, typed: bool) -> list[list[Any]]:
    """Draw the rows of a sheet that holds a table, with all that stands around it."""
    register = table.register
    columns = draw(st.permutations(register.columns))
    heads = [
        draw(st.sampled_from([c.heading, c.name, f" {c.heading} ", f"{c.heading}（填写）"]))
        for c in columns
    ]
    width = len(columns)
    above: list[list[Any]] = draw(
        st.lists(
            st.sampled_from([["二〇二一年度登记表"], [], ["填报单位：示例镇", "", "单位：件"]]),
            max_size=3,
        )
    )
    lines = [[*row] for row in above]
    if draw(st.booleans()) and width > 3:  # two rows of headings: a group over the first columns
        upper = ["基本情况", "", *heads[2:]]
        lines += [upper, [*heads[:2], *[""] * (width - 2)]]
    else:
        lines.append(list(heads))
    for row in table.rows:
        lines += draw(st.sampled_from([[], [], [[]], [[" "]], [list(heads)] if width > 2 else []]))
        lines.append([spell(draw, register, c, row[c.name], typed=typed) for c in columns])
    lines += draw(
        st.sampled_from(
            [
                [],
                [["合计", "3"]],
                [["总 计"]],
                [["填表人：某某", "审核人：某某"]],
                [["备注：以上属实"]],
            ]
        )
    )
    return lines


def write_csv(path: Path, lines: list[list[Any]], encoding: str, delimiter: str) -> None:
    """Write the rows of a sheet as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(lines)
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_xlsx(path: Path, sheets_by_name: dict[str, list[list[Any]]], hidden: set[str]) -> None:
    """Write sheets as a workbook: text stays text, dates are dates."""
    with xlsxwriter.Workbook(
        path, {"strings_to_numbers": False, "strings_to_formulas": False}
    ) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets_by_name.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, line in enumerate(lines):
                for place, cell in enumerate(line):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, day)
                    elif cell is not None:
                        sheet.write(number, place, cell)


def write_parquet(path: Path, table: Table, *, typed: bool) -> None:
    """Write a table as Parquet, typed or all text."""
    columns = {
        c.name: [
            row[c.name] if typed or row[c.name] is None else _plain(row[c.name])
            for row in table.rows
        ]
        for c in table.register.columns
    }
    pd.DataFrame({n: pd.Series(v, dtype=object) for n, v in columns.items()}).to_parquet(path)


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
