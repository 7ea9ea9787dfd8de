"""Raw rows to typed rows: what cannot be counted is set aside whole, with one finding that says why.

A row is set aside when a needed value is missing, a date, number or code is impossible, dates stand in the wrong
order, one of a pair stands alone, or its key repeats with other content. The rule is the same whatever the
reporting year, so that last year's carried-forward and this year's carried-in agree by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.registers.data import ORIGIN, SetAside
from reportkit.registers.reading.columns import RowFaults, parse_column
from reportkit.registers.reading.files.personal import MARK
from reportkit.registers.reading.files.raw import RowFault
from reportkit.registers.reading.row_findings import (
    RowValues,
    far_dates,
    row_far_away,
    row_repeated,
    row_set_aside,
    town_of_row,
)
from reportkit.registers.reading.values import (
    folded_text,
    parse_amount,
    parse_count,
    parse_signed,
)
from reportkit.registers.schema import REGISTERS, Register

_LISTED = 10
"""How many rows of one number a message lists."""


def clean(
    name: str, raw: pd.DataFrame, known: Iterable[RowFault] = ()
) -> tuple[pd.DataFrame, list[tuple[str | None, SetAside]]]:
    """Return a register's typed rows, and the rows set aside with the town each belongs to.

    ``raw`` has the stored column names it could find plus ``file``, ``sheet`` and ``row``; a column that is absent is
    blank. ``known`` are the faults that reading has seen already. Personal columns are left out. Of rows that are
    alike in every value the first counts, and an info finding says so; a row with a date far from now counts,
    and a warning says so.
    """
    register = REGISTERS[name]
    raw = raw.reset_index(drop=True)
    faults = RowFaults()
    for fault in known:
        faults.add([fault.position], fault.column, fault.code, fault.why)
    typed: dict[str, pd.Series] = {}
    held: dict[str, np.ndarray[Any, Any]] = {}
    for column in register.public_columns:
        source = raw[column.name] if column.name in raw else pd.Series([None] * len(raw))
        typed[column.name], held[column.name] = parse_column(register, column, source, faults)
        if column.key or column.needed:
            missing = np.flatnonzero(~held[column.name])
            faults.add(missing, column.name, "ROW-MISSING", "必填项为空")
    frame = pd.DataFrame(typed)
    for origin in ORIGIN:
        frame[origin] = raw[origin].astype("Int64" if origin == "row" else object)
    _check_pairs(register, frame, held, faults)
    if name == "figures":
        _check_figures(frame, faults)
    repeats = _check_keys(register, frame, raw, held, faults)
    values, written = RowValues(frame), RowValues(raw)
    set_aside = [
        (town_of_row(values, row), row_set_aside(register, values, written, row, why))
        for row, why in sorted(faults.rows.items())
    ]
    for row, first in repeats:
        if row not in faults.rows:
            set_aside.append((town_of_row(values, row), row_repeated(register, values, row, first)))
    dropped = {row for row, _ in repeats} | {*faults.rows}
    set_aside.extend(
        (town_of_row(values, row), row_far_away(register, values, row, column))
        for row, column in far_dates(register, frame)
        if row not in dropped
    )
    drop = sorted(dropped)
    kept = frame.drop(index=drop).reset_index(drop=True) if drop else frame
    return kept, set_aside


def _check_pairs(
    register: Register,
    frame: pd.DataFrame,
    held: Mapping[str, np.ndarray[Any, Any]],
    faults: RowFaults,
) -> None:
    for earlier, later in register.order:
        wrong = (frame[later] < frame[earlier]).fillna(value=False).to_numpy(dtype=bool)
        heading = register.column(earlier).heading
        faults.add(np.flatnonzero(wrong), later, "ROW-ORDER", f"早于{heading}")
    for one, other in register.together:
        for missing, present in ((one, other), (other, one)):
            lonely = held[present] & ~held[missing]
            heading = register.column(present).heading
            faults.add(np.flatnonzero(lonely), missing, "ROW-PAIR", f"为空，而{heading}已填")
    for column, other in register.requires:
        lonely = held[column] & ~held[other]
        heading = register.column(column).heading
        faults.add(np.flatnonzero(lonely), other, "ROW-PAIR", f"为空，而{heading}已填")


def figure_type(code: str) -> str | None:
    """Return the type of the cell or fact that a code of ``figures`` names, or ``None``: no such one."""
    if code in FACTS:
        return FACTS[code].type
    for edition in EDITIONS:
        cell = load_edition(edition).cells.get(code)
        if cell is not None:
            return cell.column.type
    return None


_FIGURE_PARSERS: Mapping[str, Callable[[object], Any]] = {
    "count": parse_count,
    "signed": parse_signed,
    "decimal": parse_amount,
}


def _check_figures(frame: pd.DataFrame, faults: RowFaults) -> None:
    """Turn each declared figure into the value that its cell or fact holds."""
    values: list[Any] = []
    for row, (code, value) in enumerate(zip(frame["code"], frame["value"], strict=True)):
        kind = figure_type(code) if code else None
        parsed = None
        if code and kind is None:
            faults.add([row], "code", "ROW-CODE", "不是单元格地址，也不是事实代码")
        elif kind is not None:
            try:
                parsed = _FIGURE_PARSERS[kind](value)
            except ValueError as fault:
                faults.add([row], "value", "ROW-VALUE", str(fault))
        values.append(parsed)
    frame["value"] = pd.Series(values, index=frame.index, dtype=object)


def _check_keys(
    register: Register,
    frame: pd.DataFrame,
    raw: pd.DataFrame,
    held: Mapping[str, np.ndarray[Any, Any]],
    faults: RowFaults,
) -> list[tuple[int, int]]:
    """Find repeated keys: rows with other content are at fault; of like rows return (row, first row).

    A cell beyond the heading is content too: a row with one is like none without.
    """
    key = list(register.key)
    keyed = np.logical_and.reduce([held[column] for column in key])
    doubled = frame.loc[keyed, key].duplicated(keep=False)
    if not doubled.any():
        return []
    repeats: list[tuple[int, int]] = []
    positions = doubled.index[doubled]
    values, written = RowValues(frame), RowValues(raw)
    content = {
        row: (*_content(register, values, written, int(row)), faults.has(int(row), "ROW-CELLS"))
        for row in positions
    }
    by_key: dict[tuple[Any, ...], list[int]] = {}
    for row in positions:
        by_key.setdefault(content[row][: len(key)], []).append(int(row))
    for rows in by_key.values():
        if len({content[row] for row in rows}) > 1:
            where = "、".join(str(values.at(row, "row")) for row in rows[:_LISTED])
            where += "等" if len(rows) > _LISTED else ""
            faults.add(
                rows,
                key[-1] if key[-1] != "channel" else key[1],
                "ROW-KEY",
                f"与第{where}行编号相同而内容不同",
            )
        else:
            repeats.extend((row, rows[0]) for row in rows[1:])
    return repeats


def _content(register: Register, frame: RowValues, raw: RowValues, row: int) -> tuple[Any, ...]:
    """Return a row's values for comparison, key first; what could not be parsed counts as written."""
    values: list[Any] = []
    ordered = sorted(register.public_columns, key=lambda column: not column.key)
    for column in ordered:
        value = frame.at(row, column.name)
        if value is None or value is pd.NA or value is pd.NaT or value != value:  # noqa: PLR0124
            value = folded_text(raw.at(row, column.name)) if column.name in raw else None
        values.append(value)
    # Two people's cases under one number are two contents, although who they are is not told.
    personal = [MARK, *(column.name for column in register.columns if column.personal)]
    values.extend(folded_text(raw.at(row, name)) for name in personal if name in raw)
    return tuple(values)
