"""What of a sheet was passed over, in words for the clerk: the sheet itself, rows that are no cases, columns of no register."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from reportkit.masking import mask
from reportkit.registers.reading.files.raw import Sheet
from reportkit.registers.reading.files.sheets import (
    MOST_COLUMNS,
    SheetTable,
    filled,
    near_register,
    register_by_columns,
)
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.schema import Register


def passed_sheet(path: Path, sheet: Sheet) -> PassedOver:
    """Say that a sheet is no register by its name, and which it may be: by a near name, or by its heading."""
    near = near_register(sheet.name)
    like = near or (
        None if isinstance(sheet.rows, pd.DataFrame) else register_by_columns(sheet.rows)
    )
    called = "表名" if sheet.sheet else "文件名"
    what = f"{called}“{sheet.name}”不是台账名，没有读取"
    if sheet.hidden:
        what = f"{called}“{sheet.name}”不是台账名，又是隐藏的，没有读取"
    if like is None:
        how = f"如是台账，请把{called}改为模板中的名称"
    elif near is not None:
        how = f"是否应为“{like.heading}”？如是，请改名后重新提交"
    else:
        how = f"它的表头与“{like.heading}”相符，如是，请改名后重新提交"
    return PassedOver(
        path.name, sheet.sheet, what, how, "sheet", None if like is None else like.name
    )


_KINDS = {"合计": "合计行", "表尾": "表尾行（填表人、说明等）", "表头": "重复的表头行"}
_NAMED = 20
"""How many rows a note names."""


def _numbers(rows: Sequence[int]) -> str:
    more = f"等{len(rows)}行" if len(rows) > _NAMED else "行"
    return f"第{'、'.join(map(str, rows[:_NAMED]))}{more}"


def passed_rows(grid: SheetTable, sheet: Sheet) -> list[PassedOver]:
    """Say which rows are no cases, which were hidden, and which columns hold something without a heading."""
    said = [
        PassedOver(
            "",
            None,
            f"{_numbers(rows)}是{_KINDS[kind]}，不作为一件统计",
            "如应计入，请改写该行",
            row=rows[0],
        )
        for kind, rows in grid.passed.items()
    ]
    if unseen := [number for number in grid.numbers if number in sheet.unseen]:
        what = f"{_numbers(unseen)}是隐藏的（筛选或手工隐藏），已照常计入"
        said.append(PassedOver("", None, what, "如不应计入，请删去这些行", row=unseen[0]))
    for place, name in enumerate(grid.names):
        if not name and any(place < len(row) and filled(row[place]) for row in grid.rows):
            what = f"第{place + 1}列有内容而没有表头，没有读取"
            said.append(PassedOver("", None, what, "如应计入，请补上表头"))
    if sheet.cut:
        said.append(PassedOver("", None, f"第{MOST_COLUMNS}列以后的内容没有读取", "请删去多余的列"))
    return said


def passed_columns(register: Register, unknown: list[str]) -> list[PassedOver]:
    """Say which columns are none of the register's."""
    said = []
    for name in unknown:
        near = get_close_matches(name, [c.heading for c in register.columns], 1)
        near = near or get_close_matches(name, [c.name for c in register.columns], 1)
        how = f"是否应为“{near[0]}”？" if near else "不需要的可不管"
        what = f"“{mask(name)[:40]}”列不是“{register.heading}”的列，没有读取"
        said.append(PassedOver("", None, what, how))
    return said
