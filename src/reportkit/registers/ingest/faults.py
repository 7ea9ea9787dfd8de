"""What is wrong with register files, as a table: file, sheet, row, column, value, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from reportkit.finding import Level
from reportkit.masking import mask
from reportkit.registers.conflict import CODE, Rival, key_shown, rivals_told
from reportkit.registers.data import SetAside
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.reading.values import clean_text
from reportkit.registers.schema import Column, Register, codes_of
from reportkit.registers.spelling import near_code
from reportkit.registers.store.clashes import Clash

_SHOWN = 40
_FEW = 8
"""So many values of a column are listed; of more, the drop-down is named."""

_MEND: Mapping[str, str] = MappingProxyType(
    {
        "ROW-MISSING": "补填“{heading}”。",
        "ROW-DATE": "“{heading}”写成2021-03-05这样的日期。",
        "ROW-VALUE": "改正“{heading}”。",
        "ROW-ORDER": "核对两个日期，改正写错的一个。",
        "ROW-PAIR": "补填“{heading}”，或者把与它相配的一列也留空。",
        "ROW-KEY": "同一件只留一行；不是同一件的，改用不同的编号。",
        "ROW-CELLS": "把多出的单元格移回所属的列，或者删去。",
        "ROW-TOWN": "填单位编号，或者与“单位信息”一致的单位名称。",
        "ROW-ERROR-VALUE": "改正公式，或者直接填写“{heading}”的内容。",
        "ROW-FORMULA": "用Excel或WPS打开，保存一次后重新提交；或者直接填写“{heading}”的内容。",
        "ROW-MERGED": "取消合并单元格，每一行都填写“{heading}”。",
        "ROW-DIGITS": "先把“{heading}”列设为文本格式，再重新填写完整的号码。",
        "ROW-FAR": "核对“{heading}”；确实无误的可不管。",
        "FILE": "按提示改正后重新提交。",
    }
)

_MEND_FILES = (
    "把几个文件改成一致后重新入库，或者用 ingest --remove 移出其中一个；"
    "不是同一件的，改用不同的编号。"
)
"""How a row that another file tells differently is mended."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with one cell, row or file."""

    file: str
    sheet: str | None
    row: int | None
    """The row as a spreadsheet counts it."""
    column: str | None
    """The column's stored name."""
    heading: str
    """The column's heading."""
    value: str | None
    """What stands there, masked; ``None`` for a blank and for personal columns."""
    code: str
    what: str
    how: str
    register: str | None = None
    level: Level = "error"
    """Only an error keeps the file, or the row, out of the store."""

    def to_json(self) -> dict[str, Any]:
        """Return the fault for ``ingest --json``."""
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = ("file", "sheet", "row", "column", "value", "what", "how", "code", "register", "level")


def note_fault(note: PassedOver) -> Fault:
    """Return what was passed over in a file, or in a sheet, as a line of the table of faults."""
    level: Level = "error" if note.wrong else "info"
    how = note.how if note.how[-1:] == "？" else f"{note.how}。"
    place = (note.file, note.sheet, note.row, None, "", None, "FILE" if note.wrong else "PASSED")
    return Fault(*place, note.what, how, note.register, level)


def file_fault(file: str, what: str) -> Fault:
    """Return the fault of a file that cannot be read."""
    return Fault(file, None, None, None, "", None, "FILE", what, _MEND["FILE"])


def _how(register: Register, column: Column | None, code: str, near: str | None) -> str:
    if code == "ROW-CODE" and column is not None and column.type in ("code", "codes"):
        labels = [*codes_of(register.name, column.name).values()]
        if near is not None:
            return f"改为“{near}”，或者从下拉列表中选一项。"
        if len(labels) > _FEW:
            return "从下拉列表中选一项。"
        return f"填下列之一：{'、'.join(labels)}。"
    if code == "ROW-TOWN" and register.name == "towns":
        return "另取一个单位编号，如单位名称的拼音。"
    if code == "ROW-CODE":
        return "填单元格地址（如t3.received.total）或事实代码（如hotline_replies）。"
    heading = column.heading if column is not None else ""
    return _MEND[code].format(heading=heading)


def row_faults(
    file: str, register: Register, set_aside: SetAside, raw: pd.Series[Any] | None
) -> Iterator[Fault]:
    """Yield each fault of a row that cleaning set aside; ``raw`` is the row as it stands in the file."""
    place = set_aside.finding.place
    for name, code, reason in set_aside.why:
        column = register.column(name) if name else None
        value = None
        if column is not None and not column.personal and raw is not None and name in raw:
            text = clean_text(raw[name])
            value = None if text is None else mask(text)[:_SHOWN]
        near = None
        if code == "ROW-CODE" and value and column is not None and register.name != "figures":
            near = near_code(register.name, column.name, value)
        yield Fault(
            file,
            place.sheet if place else None,
            place.row if place else None,
            name or None,
            column.heading if column is not None else "",
            value,
            code,
            reason,
            _how(register, column, code, near),
            register.name,
            set_aside.finding.level,
        )


def key_fault(file: str, register: Register, clash: Clash) -> Fault:
    """Return the fault of a row whose key stands elsewhere with other content, in this file or in another."""
    last = register.column(register.key[-1])
    beside = file if any(rival.file not in (None, file) for rival in clash.rivals) else None
    what = rivals_told(Rival(beside, clash.sheet, clash.row), clash.rivals)
    place = (file, clash.sheet, clash.row, last.name, last.heading)
    how = _MEND[CODE] if beside is None else _MEND_FILES
    return Fault(*place, key_shown(clash.key), CODE, what, how, register.name)


def town_fault(register: Register, row: pd.Series[Any], what: str) -> Fault:
    """Return the fault of a row whose town cannot be told."""
    sheet, number = row["sheet"], int(row["row"])
    shown = clean_text(row["town"])
    value = None if shown is None else mask(shown)[:_SHOWN]
    place = (row["file"], sheet, number, "town", register.column("town").heading)
    return Fault(*place, value, "ROW-TOWN", what, _MEND["ROW-TOWN"], register.name)
