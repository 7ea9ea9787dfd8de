"""Personal columns as they are dropped: a mark that tells whether two rows have the same persons, and what was wrong in them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from reportkit.registers.reading.files.raw import RowFault
from reportkit.registers.reading.values import CellFault, check_cell, check_digits, folded_text
from reportkit.registers.schema import Register


def personal_faults(
    register: Register, columns: Mapping[str, Any] | pd.DataFrame
) -> list[RowFault]:
    """Return the faults of personal columns; the values are not told, and may be dropped afterwards."""
    faults: list[RowFault] = []
    for column in register.columns:
        if column.personal and column.name in columns:
            for position, value in enumerate(columns[column.name]):
                try:
                    check_cell(value)
                    check_digits(value)
                except CellFault as fault:
                    why = str(fault) if fault.code == "ROW-DIGITS" else _NO_VALUE
                    faults.append(RowFault(position, column.name, fault.code, why))
    return faults


_NO_VALUE = "没有可用的内容（错误值、没有算出的公式或合并单元格）"


MARK = "personal mark"
"""The column that stands in for the personal ones: rows with the same mark have the same persons."""

_KEY = secrets.token_bytes(32)


def mark_persons(cells: Iterable[object]) -> str | None:
    """Return what tells two persons apart and leads back to neither: a hash under a key nobody keeps."""
    told = [folded_text(cell) for cell in cells]
    if not any(told):
        return None
    return hashlib.blake2b(repr(told).encode(), key=_KEY, digest_size=16).hexdigest()
