"""Files of registers to raw tables: CSV, Excel sheets and Parquet, each cell as it stands there.

Personal columns are dropped here, so that nothing above this module can show them; only ``ingest`` asks
for them. What stays is a mark that tells whether two rows have the same persons.
"""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from reportkit.errors import SourceError, nearest
from reportkit.masking import mask
from reportkit.registers.reading.sheets import (
    Grid,
    column_of,
    filled,
    find_grid,
    is_needed,
    named_columns,
    register_named,
    register_of_rows,
)
from reportkit.registers.reading.values import fold
from reportkit.registers.schema import REGISTERS, Register

SUFFIXES = (".csv", ".parquet", ".xlsx", ".xlsm", ".xls")

MOST_COLUMNS = 200
"""More columns than this are no register; what a broken sheet claims to have is not believed."""

_HEAD = 40
"""Within how many lines of a CSV file its heading stands."""

GUIDES = ("说明", "填写说明", "填表说明", "代码", "代码表")
"""Sheets of a workbook that explain it: they hold no cases, and nothing is said of them."""


@dataclass(frozen=True)
class RawTable:
    """One register's rows from one file, columns by stored name, with ``file``, ``sheet`` and ``row``."""

    register: Register
    frame: pd.DataFrame
    too_long: tuple[int, ...] = ()
    """Positions of rows with more cells than the heading."""


@dataclass(frozen=True)
class Sheet:
    """What a file holds under one name: rows of cells, or a frame that has its headings already."""

    name: str
    sheet: str | None
    rows: Sequence[Sequence[Any]] | pd.DataFrame
    hidden: bool = False


def read_tables(path: Path, *, personal: bool = False) -> tuple[list[RawTable], list[str]]:
    """Read the registers that a file holds, and say what in it was passed over.

    A CSV or Parquet file is the register of its name; each sheet of a workbook is the register of the sheet's
    name (stored name or Chinese heading). Hidden sheets are passed over: nobody signed for them. Raises
    :class:`~reportkit.errors.SourceError` for a file that cannot be read, or that has a register's name and lacks
    its key columns.
    """
    tables: list[RawTable] = []
    problems: list[str] = []
    try:
        for sheet in read_sheets(path):
            where = f"{path.name}{f' {sheet.sheet}' if sheet.sheet else ''}"
            register = register_named(sheet.name)
            if register is None and not isinstance(sheet.rows, pd.DataFrame):
                register = register_of_rows(sheet.name, sheet.rows)
            if register is None:
                if sheet.name.strip() not in GUIDES and not sheet.hidden and len(sheet.rows):
                    what = f"sheet {sheet.sheet!r}" if sheet.sheet else "the file's name"
                    problems.append(
                        f"{path.name}: {what} is no register, passed over{_hint(sheet.name)}"
                    )
                continue
            if sheet.hidden:
                problems.append(f"{where}: hidden sheet, passed over; unhide it if it counts")
                continue
            table, said = _table(path, sheet, register, personal=personal)
            problems.extend(f"{where}: {line}" for line in said)
            tables.append(table)
    except (OSError, ValueError, csv.Error) as fault:
        raise SourceError(f"{path.name}: cannot be read: {fault}") from None
    return tables, problems


def read_sheets(path: Path) -> Iterator[Sheet]:
    """Yield what a file holds, sheet by sheet. Raises :class:`ValueError` where it cannot be read."""
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    yield from readers.get(path.suffix.lower(), _read_workbook)(path)


def _hint(name: str) -> str:
    return nearest(name, [*REGISTERS, *(r.heading for r in REGISTERS.values())])


def decode(content: bytes) -> str:
    """Decode a CSV file: UTF-8 with or without its mark, UTF-16 with it, else GB 18030 as Excel in China writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _read_csv(path: Path) -> Iterator[Sheet]:
    text = decode(path.read_bytes()).replace("\0", "")
    register = register_named(path.stem)

    def fits(delimiter: str) -> tuple[int, int]:
        """Say how well a delimiter fits: by the columns that it shows, else by how often it stands there."""
        head = "\n".join(text.splitlines()[:_HEAD])
        rows = list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
        return named_columns(rows, register) if register else 0, head.count(delimiter)

    # Excel's «Unicode text» has tabs, some locales' files semicolons.
    delimiter = max(",\t;", key=fits)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    yield Sheet(path.stem, None, rows)


def _read_parquet(path: Path) -> Iterator[Sheet]:
    yield Sheet(path.stem, None, pd.read_parquet(path).reset_index(drop=True))


def _read_workbook(path: Path) -> Iterator[Sheet]:
    from python_calamine import (  # noqa: PLC0415 - only for Excel
        CalamineError,
        CalamineWorkbook,
        SheetVisibleEnum,
    )

    try:
        with CalamineWorkbook.from_path(path) as book:
            for sheet in book.sheets_metadata:
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                if rows and len(rows[0]) > MOST_COLUMNS:
                    rows = [row[:MOST_COLUMNS] for row in rows]
                hidden = sheet.visible != SheetVisibleEnum.Visible
                yield Sheet(sheet.name, sheet.name, rows, hidden)
    except CalamineError as fault:
        raise ValueError(f"no workbook that can be read: {fault}") from None


def _table(
    path: Path, sheet: Sheet, register: Register, *, personal: bool
) -> tuple[RawTable, list[str]]:
    """Return the register's table in a sheet, columns by stored name, and what was passed over."""
    if isinstance(sheet.rows, pd.DataFrame):
        places, unknown = name_columns(
            path.name, sheet.sheet, register, [str(name) for name in sheet.rows.columns]
        )
        kept = {n: p for n, p in places.items() if personal or not register.column(n).personal}
        hidden = [sheet.rows.iloc[:, p] for n, p in places.items() if n not in kept]
        frame = sheet.rows.iloc[:, list(kept.values())].copy()
        frame.columns = pd.Index(list(kept), dtype=object)
        if hidden:
            frame[MARK] = [_mark(cells) for cells in zip(*hidden, strict=True)]
        rows = pd.array(range(2, len(frame) + 2), dtype="Int64")
        frame = frame.assign(row=rows, file=path.name, sheet=sheet.sheet)
        return RawTable(register, frame), _passed_columns(register, unknown)
    grid = find_grid(sheet.rows, register)
    places, unknown = name_columns(path.name, sheet.sheet, register, grid.names)
    kept = {n: p for n, p in places.items() if personal or not register.column(n).personal}
    columns = {
        name: [row[place] if place < len(row) else None for row in grid.rows]
        for name, place in kept.items()
    }
    if dropped := [place for name, place in places.items() if name not in kept]:
        columns[MARK] = [_mark(row[p] for p in dropped if p < len(row)) for row in grid.rows]
    frame = pd.DataFrame(columns, index=range(len(grid.rows)), dtype=object)
    frame["row"] = pd.array(grid.numbers, dtype="Int64")
    frame["file"], frame["sheet"] = path.name, sheet.sheet
    said = _passed_columns(register, unknown) + _passed_rows(grid)
    return RawTable(register, frame, grid.too_long), said


MARK = "personal mark"
"""The column that stands in for the personal ones: rows with the same mark have the same persons."""

_KEY = secrets.token_bytes(32)


def _mark(cells: Iterable[object]) -> str | None:
    """Return what tells two persons apart and leads back to neither: a hash under a key nobody keeps."""
    told = [fold(cell) for cell in cells]
    if not any(told):
        return None
    return hashlib.blake2b(repr(told).encode(), key=_KEY, digest_size=16).hexdigest()


def _passed_rows(grid: Grid) -> list[str]:
    """Say how many rows are no cases, and which columns hold something without a heading."""
    said = [f"{count} rows of {kind} passed over" for kind, count in grid.passed.items()]
    for place, name in enumerate(grid.names):
        if not name and any(place < len(row) and filled(row[place]) for row in grid.rows):
            said.append(f"column {place + 1} has no heading, passed over")
    return said


def _passed_columns(register: Register, unknown: list[str]) -> list[str]:
    spellings = [s for c in register.columns for s in (c.name, c.heading)]
    return [
        f"column {mask(name)!r} is none of register {register.name}, passed over"
        f"{nearest(name, spellings)}"
        for name in unknown
    ]


def name_columns(
    file: str, sheet: str | None, register: Register, headings: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """Return where each stored column stands, and the headings that name none.

    Raises :class:`ValueError` where two headings name one column, :class:`~reportkit.errors.SourceError` where a
    needed column is not there.
    """
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        column = column_of(register, heading) if heading else None
        if column is None:
            if heading:
                unknown.append(heading)
        elif column.name in places:
            raise ValueError(f"two columns are {column.name!r} ({column.heading})")
        else:
            places[column.name] = place
    if headings:
        for column in register.columns:
            if is_needed(column) and column.name not in places:
                where = f"sheet {sheet!r}: " if sheet else ""
                # A table without a heading shows its first case here: only what is near is repeated.
                close = get_close_matches(column.name, unknown, 1) or get_close_matches(
                    column.heading, unknown, 1
                )
                hint = f"; did you mean {mask(close[0])!r}?" if close else ""
                raise SourceError(
                    f"{file}: {where}register {register.name} lacks the column {column.name!r} "
                    f"({column.heading}){hint}"
                )
    return places, unknown
