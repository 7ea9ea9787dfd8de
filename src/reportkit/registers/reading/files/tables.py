"""Files of registers to raw tables: CSV, Excel sheets and Parquet, each cell as it stands there.

Personal columns are dropped here, so that nothing above this module can show them; only ``ingest`` asks
for them. What stays is a mark that tells whether two rows have the same persons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.errors import SourceError
from reportkit.masking import mask
from reportkit.registers.reading.files.delimited import read_delimited
from reportkit.registers.reading.files.parquet import UNREADABLE, bound_parquet
from reportkit.registers.reading.files.passed import passed_columns, passed_rows, passed_sheet
from reportkit.registers.reading.files.personal import MARK, mark_persons, personal_faults
from reportkit.registers.reading.files.raw import NoHeading, RawTable, RowFault, Sheet
from reportkit.registers.reading.files.sheets import (
    SheetTable,
    column_of,
    filled,
    find_grid,
    is_needed,
    register_named,
    register_of_rows,
)
from reportkit.registers.reading.notes import Kind, PassedOver
from reportkit.registers.reading.values import (
    Broken,
)
from reportkit.registers.schema import Register

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xlsm", ".xls")

OTHER_SUFFIXES = [
    ".et",
    ".ett",
    ".ets",
    ".ods",
    ".fods",
    ".ots",
    ".xlsb",
    ".xlt",
    ".xltx",
    ".xltm",
    ".wps",
    ".wpt",
    ".numbers",
    ".dbf",
    ".tsv",
    ".mdb",
    ".accdb",
]
"""Tables of other programs: they are not read, and that is said."""

GUIDES = ("说明", "填写说明", "填表说明", "代码", "代码表")
"""Sheets of a workbook that explain it: they hold no cases, and nothing is said of them."""


def read_tables(path: Path, *, personal: bool = False) -> tuple[list[RawTable], list[PassedOver]]:
    """Read the registers that a file holds, and say what in it was passed over.

    A CSV or Parquet file is the register of its name; each sheet of a workbook is the register of the sheet's
    name (stored name or Chinese heading). Hidden sheets are passed over: nobody signed for them. A sheet that has a
    register's name and not its heading gives a note that is ``wrong``. Raises
    :class:`~reportkit.errors.SourceError` for a file that cannot be read.
    """
    tables: list[RawTable] = []
    notes: list[PassedOver] = []
    try:
        for sheet in read_sheets(path):
            table, said = read_sheet(path, sheet, personal=personal)
            notes.extend(said)
            if table is not None:
                tables.append(table)
    except UNREADABLE as fault:
        raise SourceError(f"{path.name}：{reason(fault)}") from None
    return tables, notes


def reason(fault: Exception) -> str:
    """Return why a file cannot be read, for the clerk; the words of a library are in English."""
    words = str(fault)
    if words and not words.isascii():
        return words
    return {
        OSError: "无法打开文件",
        PermissionError: "没有权限打开文件",
        MemoryError: "读取所需内存超过限度",
    }.get(type(fault), f"文件内容无法读取（{type(fault).__name__}）")


def read_sheet(
    path: Path, sheet: Sheet, *, personal: bool = False
) -> tuple[RawTable | None, list[PassedOver]]:
    """Return the register in a sheet, and what was passed over."""

    def note(
        what: str, how: str, kind: Kind, of: Register | None, *, wrong: bool = False
    ) -> PassedOver:
        name = of.name if of is not None else None
        return PassedOver(path.name, sheet.sheet, what, how, kind, name, wrong)

    register = register_named(sheet.name)
    if register is None and not isinstance(sheet.rows, pd.DataFrame):
        register = register_of_rows(sheet.name, sheet.rows)
    empty = not len(sheet.rows) and not (
        isinstance(sheet.rows, pd.DataFrame) and len(sheet.rows.columns)
    )
    if register is None:
        if sheet.name.strip() in GUIDES or empty:
            return None, []
        return None, [passed_sheet(path, sheet)]
    if sheet.hidden:
        return None, [
            note("是隐藏的，没有读取", "如应计入，请取消隐藏后重新提交", "sheet", register)
        ]
    if empty or (not isinstance(sheet.rows, pd.DataFrame) and not any(map(_any, sheet.rows))):
        what = f"是空的，没有“{register.heading}”的表头"
        return None, [note(what, "没有发生的，也请保留表头", "empty", register)]
    try:
        table, said = _table(path, sheet, register, personal=personal)
    except NoHeading as fault:
        return None, [note(str(fault), "请照模板补上表头后重新提交", "sheet", register, wrong=True)]
    return table, [replace(one, file=path.name, sheet=sheet.sheet) for one in said]


def _any(row: Sequence[Any]) -> bool:
    return any(map(filled, row))


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield what a file holds, sheet by sheet. Raises :class:`ValueError` where it cannot be read."""
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    yield from readers.get(path.suffix.lower(), _read_workbook)(path)


def _read_csv(path: Path) -> Iterator[Sheet]:
    rows, cut = read_delimited(path, register_named(path.stem))
    yield Sheet(path.stem, None, rows, cut=cut)


def _read_parquet(path: Path) -> Iterator[Sheet]:
    bound_parquet(path)
    yield Sheet(path.stem, None, pd.read_parquet(path).reset_index(drop=True))


def _read_workbook(path: Path) -> Iterator[Sheet]:
    # Who reads a slice, or Parquet, needs no reader of workbooks.
    from reportkit.registers.reading.files.workbook import read_workbook  # noqa: PLC0415

    for sheet in read_workbook(path):
        name = sheet.name
        yield Sheet(name, name, sheet.rows, sheet.hidden, sheet.merged, sheet.unseen, sheet.cut)


def _table(
    path: Path, sheet: Sheet, register: Register, *, personal: bool
) -> tuple[RawTable, list[PassedOver]]:
    """Return the register's table in a sheet, columns by stored name, and what was passed over."""
    if isinstance(sheet.rows, pd.DataFrame):
        places, unknown = name_columns(register, [str(name) for name in sheet.rows.columns])
        kept = {n: p for n, p in places.items() if personal or not register.column(n).personal}
        hidden = {n: sheet.rows.iloc[:, p] for n, p in places.items() if n not in kept}
        frame = sheet.rows.iloc[:, list(kept.values())].copy()
        frame.columns = pd.Index(list(kept), dtype=object)
        if hidden:
            frame[MARK] = [mark_persons(cells) for cells in zip(*hidden.values(), strict=True)]
        rows = pd.array(range(2, len(frame) + 2), dtype="Int64")
        frame = frame.assign(row=rows, file=path.name, sheet=sheet.sheet)
        faults = personal_faults(register, hidden or frame)
        return RawTable(register, frame, path.name, tuple(faults)), passed_columns(
            register, unknown
        )
    grid = find_grid(sheet.rows, register)
    _put_merged(grid, sheet.merged)
    places, unknown = name_columns(register, grid.names)
    columns = {
        name: [row[place] if place < len(row) else None for row in grid.rows]
        for name, place in places.items()
    }
    faults = [RowFault(row, "", "ROW-CELLS", _TOO_LONG) for row in grid.too_long]
    faults.extend(personal_faults(register, columns))
    dropped = [n for n in places if not personal and register.column(n).personal]
    if hidden_cells := [columns.pop(name) for name in dropped]:
        columns[MARK] = [mark_persons(cells) for cells in zip(*hidden_cells, strict=True)]
    frame = pd.DataFrame(columns, index=range(len(grid.rows)), dtype=object)
    frame["row"] = pd.array(grid.numbers, dtype="Int64")
    frame["file"], frame["sheet"] = path.name, sheet.sheet
    said = passed_columns(register, unknown) + passed_rows(grid, sheet)
    return RawTable(register, frame, path.name, tuple(faults)), said


_TOO_LONG = "单元格比表头多，各列可能已错位"


def _put_merged(grid: SheetTable, merged: Mapping[tuple[int, int], Broken]) -> None:
    """Put into the rows of cases the marks of cells whose value stands in another row or column."""
    if not merged:
        return
    at = {number - 1: position for position, number in enumerate(grid.numbers)}
    for (row, column), mark in merged.items():
        if row in at and column < min(len(grid.rows[at[row]]), len(grid.names)):
            grid.rows[at[row]][column] = mark  # type: ignore[index]


def name_columns(register: Register, headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return where each stored column stands, and the headings that name none.

    Raises :class:`NoHeading` where two headings name one column, or a needed column is not there.
    """
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        column = column_of(register, heading) if heading else None
        if column is None:
            if heading:
                unknown.append(heading)
        elif column.name in places:
            raise NoHeading(f"有两列都是“{column.heading}”，没有读取")
        else:
            places[column.name] = place
    lacking = [c for c in register.columns if is_needed(c) and c.name not in places]
    if lacking and len(places) <= 1:
        raise NoHeading(f"没有找到“{register.heading}”的表头，没有读取")
    if lacking:
        column = lacking[0]
        # A table without a heading shows its first case here: only what is near is repeated.
        close = get_close_matches(column.name, unknown, 1) or get_close_matches(
            column.heading, unknown, 1
        )
        hint = f"，是否就是“{mask(close[0])}”" if close else ""
        raise NoHeading(f"缺少“{column.heading}”（{column.name}）列{hint}，没有读取")
    return places, unknown
