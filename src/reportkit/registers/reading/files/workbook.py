"""Workbooks to rows: what python-calamine reads, within bounds, and what it does not tell.

calamine turns an error value, and a formula that nobody computed, into a blank, and keeps a sheet as one block from
A1 to its last cell: one space in XFD1048576 asks it for hundreds of gigabytes. So each sheet's XML is looked through
first, by a few passes of regular expressions that cost a fraction of reading it. A sheet that reaches too far
loses its blank cells; what then still is too big is refused. Old .xls files and very big ones are read
in a process with bounds of memory and time (:mod:`.child`).
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from reportkit.files import DAMAGED_ARCHIVE
from reportkit.registers.reading.files.child import MEMORY, Sheets, read_apart, read_book
from reportkit.registers.reading.files.sheet_xml import SheetScan, scan_sheet
from reportkit.registers.reading.files.sheets import MOST_COLUMNS
from reportkit.registers.reading.files.unpacking import bound_archive, parts_of_sheets, read_part
from reportkit.registers.reading.values import Broken, merged_value

HERE_BYTES: Final = 400 * 1024**2
"""Workbooks with more than this, unpacked, are read in a process with bounds."""
MOST_ROWS: Final = 1_048_576
"""How many rows a sheet of Excel's has."""
MOST_SHEETS: Final = 500
OLD_MEMORY: Final = 400 * 1024**2
"""What reading an old workbook may take of address space, in bytes, and for each of its own bytes as much as this:"""
OLD_SWELL: Final = 16

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

SAVE_AS: Final = "请用Excel或WPS打开，另存为 .xlsx 后重新提交"


@dataclass
class BookSheet:
    """One sheet of a workbook."""

    name: str
    hidden: bool
    rows: list[list[Any]]
    merged: dict[tuple[int, int], Broken] = field(default_factory=dict)
    """Cells (row and column from 0) whose value stands in another: the parts of a merged one but its first."""
    unseen: frozenset[int] = frozenset()
    """Rows, from 1, that are hidden, by a filter or by hand: they are read all the same."""
    cut: bool = False
    """Whether there were cells beyond the columns that a register may have."""


def read_workbook(path: Path) -> Iterator[BookSheet]:
    """Yield the sheets of a workbook. Raises :class:`ValueError`, in Chinese, where it cannot be read."""
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            file.seek(0)
            if _ENCRYPTED in file.read(HERE_BYTES):
                raise ValueError("文件加了密码，不能读取；请去掉密码，另存为 .xlsx 后重新提交")
            memory = min(MEMORY, OLD_MEMORY + OLD_SWELL * path.stat().st_size)
            yield from _sheets(read_apart(path, memory=memory), {})
            return
        if not head.startswith(b"PK"):
            raise ValueError(f"不是真正的Excel文件，{SAVE_AS}" if head else "空文件，没有任何内容")
        file.seek(0)
        try:
            yield from _zipped(path, file)
        except (OSError, ValueError):
            raise  # with words of their own, or those of the machine
        except (KeyError, etree.LxmlError, *DAMAGED_ARCHIVE):
            raise ValueError(f"文件损坏，或者不是真正的Excel文件；{SAVE_AS}") from None


def _zipped(path: Path, file: IO[bytes]) -> Iterator[BookSheet]:
    with zipfile.ZipFile(file) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        bound_archive(archive)
        parts = parts_of_sheets(archive)
        if len(parts) > MOST_SHEETS or len({*parts.values()}) < len(parts):
            raise ValueError(f"有{len(parts)}张工作表，或几张是同一张，不是台账；没有读取")
        scans = {
            name: scan_sheet(read_part(archive, part, rows=MOST_ROWS), archive)
            for name, part in parts.items()
            if part in sizes
        }
        if any(scan.smaller is not None for scan in scans.values()):
            with tempfile.TemporaryFile() as other:
                _rewrite(archive, scans, other)
                other.seek(0)
                sheets = _read_book(other)
        elif sum(sizes.values()) > HERE_BYTES:
            sheets = read_apart(path)
        else:
            file.seek(0)
            sheets = _read_book(file)
    yield from _sheets(sheets, scans)


def _read_book(source: IO[bytes]) -> Sheets:
    from python_calamine import CalamineError  # noqa: PLC0415 - only for Excel

    try:
        return read_book(source)
    except CalamineError:
        raise ValueError(f"文件损坏，或者不是真正的Excel文件；{SAVE_AS}") from None


def _sheets(sheets: Sheets, scans: Mapping[str, SheetScan]) -> Iterator[BookSheet]:
    for name, hidden, rows, merged in sheets:
        scan = scans.get(name, SheetScan())
        cut = scan.cut or bool(rows and len(rows[0]) > MOST_COLUMNS)
        if cut:
            rows = [row[:MOST_COLUMNS] for row in rows]  # noqa: PLW2901 - what is beyond is none
        for (row, column), mark in scan.marks.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = mark
        parts: dict[tuple[int, int], Broken] = {}
        _bound_merged(rows, merged)
        for (top, left), (bottom, right) in merged:
            _mark_merged(rows, (top, left, bottom, right), parts)
        yield BookSheet(name, hidden, rows, parts, scan.unseen, cut)


def _bound_merged(
    rows: list[list[Any]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Refuse merged ranges that lie over one another, as Excel does: each would be walked through again."""
    height, width = len(rows), len(rows[0]) if rows else 0
    covered = sum(
        max(0, min(bottom + 1, height) - top) * max(0, min(right + 1, width) - left)
        for (top, left), (bottom, right) in merged
    )
    if covered > height * width:
        raise ValueError("合并单元格互相重叠，文件已损坏；请取消合并后重新提交")


def _mark_merged(
    rows: list[list[Any]], area: tuple[int, int, int, int], parts: dict[tuple[int, int], Broken]
) -> None:
    """Mark the cells of a merged range but its first, which alone holds the value."""
    top, left, bottom, right = area
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        return
    for row in range(top, min(bottom + 1, len(rows))):
        for column in range(left, min(right + 1, len(rows[row]))):
            if (row, column) != (top, left):
                parts[row, column] = merged_value(value, top + 1)


def _rewrite(archive: zipfile.ZipFile, scans: Mapping[str, SheetScan], to: IO[bytes]) -> None:
    """Write the workbook again, with the smaller sheets in the place of those that reached too far."""
    parts = parts_of_sheets(archive)
    smaller = {parts[name]: scan.smaller for name, scan in scans.items() if scan.smaller}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for info in archive.infolist():
            content = smaller.get(info.filename)
            copy.writestr(
                info.filename, read_part(archive, info.filename) if content is None else content
            )
