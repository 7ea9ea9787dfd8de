"""What is told of a row of a register: that it does not count, that it stands twice, that a date is far from now."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from reportkit.finding import Finding, Place
from reportkit.masking import mask
from reportkit.registers.data import SetAside
from reportkit.registers.reading.values import clean_text
from reportkit.registers.schema import Column, Register
from reportkit.today import today

BASIS = "台账填写规则"
_SHOWN = 40


class RowValues:
    """Single values of a frame whose index is the rows' positions."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._columns: dict[str, np.ndarray[Any, Any]] = {}

    def __contains__(self, column: str) -> bool:
        return column in self._frame

    def at(self, row: int, column: str) -> Any:
        """Return one value."""
        if column not in self._columns:
            self._columns[column] = self._frame[column].to_numpy(dtype=object)
        return self._columns[column][row]


def town_of_row(frame: RowValues, row: int) -> str | None:
    """Return the town that a row is of, ``None`` where it names none."""
    town: str | None = frame.at(row, "town")
    return town


def _place(register: Register, frame: RowValues, row: int, column: str, value: str | None) -> Place:
    number = frame.at(row, "row")
    return Place(
        register=register.name,
        file=frame.at(row, "file"),
        sheet=frame.at(row, "sheet"),
        row=None if number is pd.NA else int(number),
        column=column or None,
        value=value,
    )


def place_in_words(place: Place, heading: str) -> str:
    """Return in words where a row stands, after its register's heading."""
    parts = [
        place.file or "",
        f"“{place.sheet}”表" if place.sheet else "",
        f"第{place.row}行" if place.row else "",
    ]
    return f"{heading} " + " ".join(part for part in parts if part)


def row_set_aside(
    register: Register,
    frame: RowValues,
    raw: RowValues,
    row: int,
    why: list[tuple[str, str, str]],
) -> SetAside:
    """Return a row that does not count, with all that is wrong with it: column, code and reason."""
    column, code, _ = why[0]
    shown = None
    if column and column in raw and not register.column(column).personal:
        text = clean_text(raw.at(row, column))
        shown = None if text is None else mask(text)[:_SHOWN]
    place = _place(register, frame, row, column, shown)
    told = []
    for name, _, reason in why:
        heading = register.column(name).heading if name else ""
        told.append(f"“{heading}”{reason}" if heading else reason)
    quoted = f"（“{shown}”）" if shown else ""
    message = f"{place_in_words(place, register.heading)} 未计入：{'；'.join(dict.fromkeys(told))}{quoted}。请改正后重新生成。"
    return SetAside(
        Finding(code=code, level="error", message=message, basis=BASIS, place=place),
        _dated(register, frame, row),
        tuple(dict.fromkeys(why)),
        _key(register, frame, row),
    )


def row_repeated(register: Register, frame: RowValues, row: int, first: int) -> SetAside:
    """Return a row that is like an earlier one in every value, and not counted again."""
    place = _place(register, frame, row, register.key[-1], None)
    message = f"{place_in_words(place, register.heading)} 与第{frame.at(first, 'row')}行完全相同，只计一次。"
    finding = Finding(code="ROW-REPEATED", level="info", message=message, basis=BASIS, place=place)
    return SetAside(finding, _dated(register, frame, row))


def _key(register: Register, frame: RowValues, row: int) -> tuple[str, ...] | None:
    parts: list[str] = []
    for name in register.key:
        value = frame.at(row, name)
        if value is None or value is pd.NA or value is pd.NaT:
            return None
        parts.append(value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value))
    return tuple(parts)


def far_dates(register: Register, frame: pd.DataFrame) -> list[tuple[int, Column]]:
    """Return the rows with a date far from any year that a register of today holds, and its column."""
    this_year = today().year
    found: list[tuple[int, Column]] = []
    for column in register.columns:
        if column.type != "date" or column.name not in frame:
            continue
        dates = frame[column.name].to_numpy(dtype="datetime64[D]")
        last = np.datetime64(f"{this_year + column.ahead}-12-31")
        far = dates > last
        if register.name not in _OLD:
            far |= dates < _FIRST_LIKELY
        found.extend((int(row), column) for row in np.flatnonzero(far))
    return sorted(found, key=lambda pair: pair[0])


_FIRST_LIKELY = np.datetime64("2000-01-01")
_OLD = ("documents", "items")
"""Registers of what may have begun long ago: a rule of 1985 is in force today."""


def row_far_away(register: Register, frame: RowValues, row: int, column: Column) -> SetAside:
    """Return the warning of a date that is read as written, and hardly meant."""
    written = str(frame.at(row, column.name))[:10]
    place = _place(register, frame, row, column.name, written)
    what = f"“{column.heading}”{written}离现在太远，可能写错"
    message = f"{place_in_words(place, register.heading)} {what}；该行仍按所填日期统计。请核对。"
    return SetAside(
        Finding(code="ROW-FAR", level="warning", message=message, basis=BASIS, place=place),
        None,
        ((column.name, "ROW-FAR", "离现在太远，可能写错；仍按所填日期统计"),),
    )


def _dated(register: Register, frame: RowValues, row: int) -> date | None:
    if register.dated_by is not None:
        moment = frame.at(row, register.dated_by)
        return None if moment is pd.NaT else moment.date()
    if "year" in frame:
        year = frame.at(row, "year")
        return None if year is pd.NA else date(int(year), 1, 1)
    return None
