"""faults.xlsx: the list of faults, and a copy of each faulty sheet with the cells marked.

The copy is for looking, not for filling in: personal columns are covered in it, columns that are no register's are
left out, and free text is masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reportkit.blocks.printable import sheet_name
from reportkit.files import whole_file
from reportkit.finding import LEVEL_NAMES
from reportkit.masking import mask
from reportkit.registers.ingest.faults import Fault
from reportkit.registers.ingest.files import FileResult
from reportkit.registers.reading.files.sheets import column_of, filled, find_grid
from reportkit.registers.reading.files.tables import read_sheets
from reportkit.registers.schema import REGISTERS, Register

COVERED: Final = "（个人信息）"

_LIST = ("文件", "工作表", "行", "列", "内容", "问题", "怎么改", "级别")
_WIDTHS = (24, 18, 7, 20, 26, 44, 44, 7)
_AS_TEXT: Final = {"strings_to_formulas": False, "strings_to_urls": False}
"""A text is a text, whatever it looks like: nothing in the workbook is computed or leads anywhere."""
_MOST_ROWS = 100_000
"""A sheet with more rows than this is not copied; the list names its faults."""


def write_faults(path: Path, results: Iterable[FileResult]) -> None:
    """Write the faults of an ingest as a workbook."""
    results = list(results)
    with (
        whole_file(path) as part,
        xlsxwriter.Workbook(part, _AS_TEXT) as book,
    ):
        book.set_properties({"created": datetime(2021, 1, 1)})  # noqa: DTZ001 - the same bytes each time
        head = book.add_format({"bold": True, "bg_color": "#EFEFEF", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("问题清单")
        for place, (name, width) in enumerate(zip(_LIST, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width, wrapped)
            sheet.write_string(0, place, name, head)
        faults = [fault for result in results for fault in result.lines()]
        for row, fault in enumerate(faults, 1):
            cells = (fault.file, fault.sheet, fault.row, fault.heading, fault.value)
            for place, value in enumerate(
                (*cells, fault.what, fault.how, LEVEL_NAMES[fault.level])
            ):
                if value is not None:
                    sheet.write(row, place, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(faults), 1), len(_LIST) - 1)
        bad = book.add_format({"bg_color": "#F8C9C4", "border": 1, "border_color": "#9C1C14"})
        taken = {"问题清单"}
        for result in results:
            _copy(book, result, bad, taken)


def _copy(book: Workbook, result: FileResult, bad: Format, taken: set[str]) -> None:
    """Copy the sheets of a file that have faults, each cell in its place."""
    faults: dict[str | None, list[Fault]] = defaultdict(list)
    for fault in [*result.faults, *result.told]:
        if fault.row is not None:
            faults[fault.sheet].append(fault)
    if not faults or result.path.suffix.lower() == ".parquet":
        return
    for sheet in read_sheets(result.path):
        here = faults.get(sheet.sheet)
        if not here or isinstance(sheet.rows, pd.DataFrame) or len(sheet.rows) > _MOST_ROWS:
            continue
        register = REGISTERS[here[0].register or ""]
        name = sheet_name(sheet.sheet or result.path.stem, taken)
        taken.add(name)
        copy = book.add_worksheet(name)
        places = _write_rows(copy, sheet.rows, register)
        _mark(copy, here, places, bad, sheet.rows)


def _write_rows(
    copy: Worksheet, rows: Sequence[Sequence[Any]], register: Register
) -> Mapping[str, int]:
    """Write a sheet's rows without what is personal; return where each column stands."""
    grid = find_grid(rows, register)
    columns = [column_of(register, name) if name else None for name in grid.names]
    below = min(grid.numbers, default=0)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row[: len(columns)]):
            column = columns[place]
            if not filled(cell):
                continue
            if column is None:
                if number >= below:
                    continue  # no column of the register: nobody knows what stands in it
            elif column.personal and number >= below and cell != grid.names[place]:
                copy.write_string(number - 1, place, COVERED)
                continue
            _write(copy, number - 1, place, cell)
    return {column.name: place for place, column in enumerate(columns) if column is not None}


def _write(copy: Worksheet, row: int, place: int, cell: Any) -> None:
    if isinstance(cell, datetime):
        copy.write_string(row, place, cell.isoformat(sep=" "))
    elif isinstance(cell, date):
        copy.write_string(row, place, cell.isoformat())
    elif isinstance(cell, bool | int | float):
        copy.write(row, place, cell)
    else:
        copy.write_string(row, place, mask(str(cell)))


def _mark(
    copy: Worksheet,
    faults: Iterable[Fault],
    places: Mapping[str, int],
    bad: Format,
    rows: Sequence[Sequence[Any]],
) -> None:
    told: dict[tuple[int, int], list[str]] = defaultdict(list)
    for fault in faults:
        place = places.get(fault.column or "", 0)
        told[(fault.row or 1) - 1, place].append(f"{fault.what}。{fault.how}")
    for (row, place), lines in sorted(told.items()):
        cell = rows[row][place] if row < len(rows) and place < len(rows[row]) else None
        shown = (
            mask(cell.isoformat() if isinstance(cell, date) else str(cell)) if filled(cell) else ""
        )
        copy.write_string(row, place, shown, bad) if shown else copy.write_blank(
            row, place, None, bad
        )
        copy.write_comment(row, place, "\n".join(dict.fromkeys(lines)), {"x_scale": 1.8})
