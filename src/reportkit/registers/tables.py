"""Files of registers to raw tables: CSV, Excel sheets and Parquet, each cell as it stands there.

Personal columns are dropped here, so that nothing above this module can show them; only ``ingest`` asks
for them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.errors import SourceError, nearest
from reportkit.registers.schema import Register, find_register, normal

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xlsm", ".xls")

MOST_COLUMNS = 200
"""More columns than this are no register; what a broken sheet claims to have is not believed."""


@dataclass(frozen=True)
class RawTable:
    """One register's rows from one file, columns by stored name, with ``file``, ``sheet`` and ``row``."""

    register: Register
    frame: pd.DataFrame
    too_long: tuple[int, ...] = ()
    """Positions of rows with more cells than the heading."""


def read_tables(path: Path, *, personal: bool = False) -> tuple[list[RawTable], list[str]]:
    """Read the registers that a file holds, and say what in it was passed over.

    A CSV or Parquet file is the register of its name; each sheet of a workbook is the register of the sheet's
    name (stored name or Chinese heading). Raises :class:`~reportkit.errors.SourceError` for a file that cannot be
    read, or that has a register's name and lacks its key columns.
    """
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower(), _read_workbook)
    tables: list[RawTable] = []
    problems: list[str] = []
    try:
        for name, sheet, frame, too_long in reader(path):
            register = find_register(name)
            if register is None:
                what = f"sheet {sheet!r}" if sheet else "the file's name"
                problems.append(f"{path.name}: {what} is no register, passed over{_hint(name)}")
                continue
            named, unknown = _name_columns(path, sheet, register, frame, personal=personal)
            problems.extend(
                f"{path.name}{f' {sheet}' if sheet else ''}: column {column!r} is none of register "
                f"{register.name}, passed over{nearest(column, _spellings(register))}"
                for column in unknown
            )
            named["file"], named["sheet"] = path.name, sheet
            tables.append(RawTable(register, named, too_long))
    except (OSError, ValueError, csv.Error) as fault:
        raise SourceError(f"{path.name}: cannot be read: {fault}") from None
    return tables, problems


Read = Iterator[tuple[str, str | None, pd.DataFrame, tuple[int, ...]]]


def _hint(name: str) -> str:
    from reportkit.registers.schema import REGISTERS  # noqa: PLC0415 - for the message alone

    return nearest(name, [*REGISTERS, *(r.heading for r in REGISTERS.values())])


def decode(content: bytes) -> str:
    """Decode a CSV file: UTF-8 with or without its mark, else GB 18030, as Excel in China writes it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _read_csv(path: Path) -> Read:
    text = decode(path.read_bytes())
    lines = list(csv.reader(io.StringIO(text, newline="")))
    yield path.stem, None, *_from_rows(lines)


def _from_rows(lines: list[list[Any]]) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """Make a frame of rows of which the first that is not blank is the heading."""
    numbered = [(n, line) for n, line in enumerate(lines, 1) if any(_filled(cell) for cell in line)]
    if not numbered:
        return pd.DataFrame({"row": pd.Series([], dtype="Int64")}), ()
    (_, heading), *body = numbered
    width = len(heading)
    while width and not _filled(heading[width - 1]):
        width -= 1
    names = [str(name).strip() for name in heading[:width]]
    too_long = tuple(
        position for position, (_, line) in enumerate(body) if any(map(_filled, line[width:]))
    )
    columns: dict[Any, list[Any]] = {
        place: [line[place] if place < len(line) else None for _, line in body]
        for place in range(width)
    }
    frame = pd.DataFrame(columns, dtype=object)
    frame.columns = pd.Index(names, dtype=object)
    return frame.assign(row=pd.array([n for n, _ in body], dtype="Int64")), too_long


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _read_parquet(path: Path) -> Read:
    frame = pd.read_parquet(path)
    rows = pd.array(range(2, len(frame) + 2), dtype="Int64")
    yield path.stem, None, frame.reset_index(drop=True).assign(row=rows), ()


def _read_workbook(path: Path) -> Read:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only for Excel

    try:
        with CalamineWorkbook.from_path(path) as book:
            for sheet in book.sheet_names:
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                if rows and len(rows[0]) > MOST_COLUMNS:
                    rows = [row[:MOST_COLUMNS] for row in rows]
                yield sheet, sheet, *_from_rows(rows)
    except CalamineError as fault:
        raise ValueError(f"no workbook that can be read: {fault}") from None


def _spellings(register: Register) -> list[str]:
    return [*(c.name for c in register.columns), *(c.heading for c in register.columns)]


def _name_columns(
    path: Path, sheet: str | None, register: Register, frame: pd.DataFrame, *, personal: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Give columns their stored names; drop the personal and the unknown ones, and return the latter."""
    known = {
        normal(spelling): column
        for column in register.columns
        for spelling in (column.name, column.heading)
    }
    names: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(map(str, frame.columns)):
        column = known.get(normal(heading))
        if heading == "row" and column is None:
            names["row"] = place
        elif column is None:
            if heading:
                unknown.append(heading)
        elif column.name in names:
            raise ValueError(f"two columns are {column.name!r} ({column.heading})")
        elif personal or not column.personal:
            names[column.name] = place
    for column in register.columns:
        if (column.needed or (column.key and column.name != "town")) and column.name not in names:
            hint = nearest(column.name, unknown) if unknown else ""
            where = f"sheet {sheet!r}: " if sheet else ""
            raise SourceError(
                f"{path.name}: {where}register {register.name} lacks the column {column.name!r} "
                f"({column.heading}){hint}"
            )
    chosen = frame.iloc[:, list(names.values())].copy()
    chosen.columns = pd.Index(list(names), dtype=object)
    return chosen, unknown
