"""Raw rows to typed rows: what cannot be counted is set aside whole, with one finding that says why.

A row is set aside when a needed value is missing, a date, number or code is impossible, dates stand in the wrong
order, one of a pair stands alone, or its key repeats with other content. The rule is the same whatever the
reporting year, so that last year's carried-forward and this year's carried-in agree by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from reportkit.finding import Finding, Place
from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.masking import mask
from reportkit.registers.data import DTYPES, ORIGIN, SetAside
from reportkit.registers.reading.tables import MARK, RowFault
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
    parse_signed,
    parse_text,
    parse_year_cell,
)
from reportkit.registers.schema import REGISTERS, Column, Register, near_code, parse_code
from reportkit.today import today

BASIS = "台账填写规则"
_SHOWN = 40
_LISTED = 10
"""How many rows of one number a message lists."""


@dataclass
class _Faults:
    """The faults of one register's rows: for each row the columns at fault and why, first come first."""

    rows: dict[int, list[tuple[str, str, str]]] = field(default_factory=dict)

    def add(self, rows: Iterable[int], column: str, code: str, why: str) -> None:
        """Note one fault for some rows (positions)."""
        for row in rows:
            self.rows.setdefault(int(row), []).append((column, code, why))

    def has(self, row: int, code: str) -> bool:
        """Say whether a row has a fault of some code."""
        return any(known == code for _, known, _ in self.rows.get(row, ()))


class _Values:
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


def _parse_column(
    register: Register, column: Column, raw: pd.Series, faults: _Faults
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
    faults = _Faults()
    for fault in known:
        faults.add([fault.position], fault.column, fault.code, fault.why)
    typed: dict[str, pd.Series] = {}
    held: dict[str, np.ndarray[Any, Any]] = {}
    for column in register.public_columns:
        source = raw[column.name] if column.name in raw else pd.Series([None] * len(raw))
        typed[column.name], held[column.name] = _parse_column(register, column, source, faults)
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
    values, written = _Values(frame), _Values(raw)
    set_aside = [
        (_town(values, row), _finding(register, values, written, row, why))
        for row, why in sorted(faults.rows.items())
    ]
    for row, first in repeats:
        if row not in faults.rows:
            set_aside.append((_town(values, row), _repeat(register, values, row, first)))
    dropped = {row for row, _ in repeats} | {*faults.rows}
    set_aside.extend(
        (_town(values, row), _far(register, values, row, column))
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
    faults: _Faults,
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


def _check_figures(frame: pd.DataFrame, faults: _Faults) -> None:
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
    faults: _Faults,
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
    values, written = _Values(frame), _Values(raw)
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


def _content(register: Register, frame: _Values, raw: _Values, row: int) -> tuple[Any, ...]:
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


def _town(frame: _Values, row: int) -> str | None:
    town: str | None = frame.at(row, "town")
    return town


def _place(register: Register, frame: _Values, row: int, column: str, value: str | None) -> Place:
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


def _finding(
    register: Register,
    frame: _Values,
    raw: _Values,
    row: int,
    why: list[tuple[str, str, str]],
) -> SetAside:
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


def _repeat(register: Register, frame: _Values, row: int, first: int) -> SetAside:
    place = _place(register, frame, row, register.key[-1], None)
    message = f"{place_in_words(place, register.heading)} 与第{frame.at(first, 'row')}行完全相同，只计一次。"
    finding = Finding(code="ROW-REPEATED", level="info", message=message, basis=BASIS, place=place)
    return SetAside(finding, _dated(register, frame, row))


def _key(register: Register, frame: _Values, row: int) -> tuple[str, ...] | None:
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


def _far(register: Register, frame: _Values, row: int, column: Column) -> SetAside:
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


def _dated(register: Register, frame: _Values, row: int) -> date | None:
    if register.dated_by is not None:
        moment = frame.at(row, register.dated_by)
        return None if moment is pd.NaT else moment.date()
    if "year" in frame:
        year = frame.at(row, "year")
        return None if year is pd.NA else date(int(year), 1, 1)
    return None
