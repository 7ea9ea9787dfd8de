"""One column of a register: its raw cells to typed values, each distinct one parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from reportkit.registers.data import DTYPES
from reportkit.registers.reading.values import (
    CellFault,
    check_cell,
    clean_text,
    folded_text,
    parse_amount,
    parse_bool,
    parse_count,
    parse_date,
    parse_id,
    parse_text,
    parse_year_cell,
)
from reportkit.registers.schema import Column, Register
from reportkit.registers.spelling import near_code, parse_code


@dataclass
class RowFaults:
    """The faults of one register's rows: for each row the columns at fault and why, first come first."""

    rows: dict[int, list[tuple[str, str, str]]] = field(default_factory=dict)

    def add(self, rows: Iterable[int], column: str, code: str, why: str) -> None:
        """Note one fault for some rows (positions)."""
        for row in rows:
            self.rows.setdefault(int(row), []).append((column, code, why))

    def has(self, row: int, code: str) -> bool:
        """Say whether a row has a fault of some code."""
        return any(known == code for _, known, _ in self.rows.get(row, ()))


def _codes(register: Register, column: Column) -> Callable[[object], Any]:
    def parse(value: object) -> str | None:
        text = folded_text(value)
        if text is None:
            return None
        code = parse_code(register.name, column.name, text)
        if code is None:
            near = near_code(register.name, column.name, text)
            asked = f"，是否应为“{near}”" if near else ""
            raise ValueError(f"不是“{column.heading}”的代码或名称{asked}")
        return code

    def parse_several(value: object) -> tuple[str, ...] | None:
        if isinstance(value, list | tuple | np.ndarray):
            value = ",".join(map(str, value))
        text = folded_text(value)
        if text is None:
            return None
        words = [
            word for word in text.replace("、", ",").replace(";", ",").split(",") if word.strip()
        ]
        return tuple(sorted({str(parse(word)) for word in words}))

    return parse_several if column.type == "codes" else parse


_PARSERS: Mapping[str, Callable[[object], Any]] = {
    "text": parse_text,
    "date": parse_date,
    "year": parse_year_cell,
    "count": parse_count,
    "days": parse_count,
    "amount": parse_amount,
    "bool": parse_bool,
}


def parse_column(
    register: Register, column: Column, raw: pd.Series, faults: RowFaults
) -> tuple[pd.Series, np.ndarray[Any, Any]]:
    """Parse one column; return its values and the mask of cells that hold something.

    Each distinct raw value is parsed once: registers repeat dates and codes thousands of times.
    """
    if column.type == "date" and raw.dtype.kind == "M":
        raw = raw.dt.tz_localize(None) if raw.dt.tz is not None else raw
        years = raw.dt.year
        if raw.isna().all() or (years.min() >= 1949 and years.max() <= 2199):
            values = raw.dt.normalize().astype("datetime64[s]")
            return values.reset_index(drop=True), values.notna().to_numpy()
    parser = _parser(register, column)
    codes, distinct = pd.factorize(raw.astype(object), use_na_sentinel=True)
    parsed: list[Any] = []
    held: list[bool] = []
    reasons: dict[int, tuple[str, str]] = {}
    for position, value in enumerate(distinct):
        try:
            check_cell(value)
            result = parser(value)
        except ValueError as fault:
            code = fault.code if isinstance(fault, CellFault) else _code_of(column)
            reasons[position] = (code, str(fault))
            result = None
        parsed.append(result)
        held.append(result is not None or position in reasons)
    parsed.append(None)  # position -1: blank
    held.append(False)
    if reasons:
        for row in np.flatnonzero(np.isin(codes, [*reasons])).tolist():
            faults.add([row], column.name, *reasons[codes[row]])
    if column.type == "date":
        table = np.array([p if p is not None else "NaT" for p in parsed], dtype="datetime64[s]")
        return pd.Series(table[codes]), np.array(held)[codes]
    table = np.empty(len(parsed), dtype=object)
    table[:] = parsed
    values = pd.Series(table[codes], dtype=object)
    if column.type in DTYPES:
        values = values.astype(DTYPES[column.type])  # type: ignore[call-overload]
    return values, np.array(held)[codes]


def _parser(register: Register, column: Column) -> Callable[[object], Any]:
    if register.name == "towns" and column.name == "town":
        return parse_id
    if column.lines:
        return clean_text
    return _PARSERS.get(column.type) or _codes(register, column)


def _code_of(column: Column) -> str:
    return {"date": "ROW-DATE", "code": "ROW-CODE", "codes": "ROW-CODE"}.get(
        column.type, "ROW-VALUE"
    )
