"""What the XML of a sheet tells and python-calamine does not: errors, formulas without a value, hidden rows, its reach."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from reportkit.registers.reading.files.sheets import MOST_COLUMNS
from reportkit.registers.reading.files.unpacking import read_part
from reportkit.registers.reading.values import Broken, error_value, uncomputed

MOST_CELLS: Final = 20_000_000
"""The block of cells, blank ones included, that may be asked of the memory of this process."""
LAST_ROW: Final = 1_048_576
"""Excel has no more rows, and what reads a workbook takes memory for every one up to the last that is named."""
_BEYOND: Final = "有单元格的位置超出Excel的行数，文件损坏；请另存为 .xlsx 后重新提交"
_SPARSE: Final = 5_000
"""So many rows without a cell, or more, before the last one: its blank cells are looked for."""

# «[^<>]*» and not «[^>]*»: what is not XML must not cost more than one pass.
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\sr\s*=\s*["\'](\d{1,9})["\']')
_WIDE = re.compile(rb'\sr\s*=\s*["\'](?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d', re.IGNORECASE)
_FIRST = re.compile(rb'\sr\s*=\s*["\']A\d', re.IGNORECASE)
_FAR = re.compile(rb'\sr\s*=\s*["\'][A-Z]{0,3}(\d{5,})', re.IGNORECASE)
"""Where a cell or a row says that it stands, far down: a cell may say another row than it stands in."""
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^<>]*\shidden=["\'](?:1|true)["\'][^<>]*>')
_NUMBER = re.compile(rb'\sr\s*=\s*["\'](\d{1,9})["\']')
# What stands in a cell ends where the next one begins, so that cells which are never closed cost one pass too.
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*?)(?:/>|>((?>[^<]*(?:<(?!/?(?:\w+:)?c[\s/>])[^<]*)*))</(?:\w+:)?c>)"
)
_PLACED = re.compile(rb'\sr\s*=\s*["\']([A-Z]{1,3})(\d{1,9})["\']', re.IGNORECASE)
_ERROR = re.compile(rb'\st=["\']e["\']')
_MARKED = re.compile(rb"""\st=["']e["']|<(?:\w+:)?f[\s/>]""")
_ROWS = re.compile(rb"(?=<(?:\w+:)?row\b)")
_TEXT_TYPE = re.compile(rb'\st=["\']str["\']')
_SHARED = re.compile(rb'\st=["\']s["\']')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^<>]*?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^<>]*?(?:/>|>([^<]*)<)")
_ITEM = re.compile(
    rb"<(?:\w+:)?si\b[^<>]*?(?:/>|>((?>[^<]*(?:<(?!/?(?:\w+:)?si[\s/>])[^<]*)*))</(?:\w+:)?si>)"
)
_TAG = re.compile(rb"<[^<>]*>")


@dataclass
class SheetScan:
    """What the XML of a sheet tells."""

    marks: dict[tuple[int, int], Broken] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()
    cut: bool = False
    smaller: bytes | None = None
    """The sheet without its blank cells, where it reached too far."""


def scan_sheet(content: bytes, archive: zipfile.ZipFile) -> SheetScan:
    """Look through a sheet's XML: how far it reaches, and what calamine would turn into blanks.

    Raises :class:`ValueError` where a cell stands where no sheet has one, or a sheet reaches too far.
    """
    scan = SheetScan()
    numbers = _ROW.findall(content)
    far = max((int(found[1][:9]) for found in _FAR.finditer(content)), default=0)
    last = max(far, max(map(int, numbers), default=0))
    if last > LAST_ROW:
        raise ValueError(_BEYOND)
    placed = _FIRST.search(content) is not None
    wide = _WIDE.search(content) is not None
    if wide or last - len(numbers) > _SPARSE or not placed:
        content = _narrow(content, scan, archive)
    if _MARKED.search(content):
        scan.marks = dict(_marks(content))
    if b"hidden=" in content:
        found = (_NUMBER.search(tag) for tag in _HIDDEN.findall(content))
        scan.unseen = frozenset(int(number[1]) for number in found if number)
    return scan


def _cells(
    content: bytes, only: re.Pattern[bytes] | None = None
) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """Yield each cell with its row and column from 0, as written, else counted; ``only`` tells of which rows."""
    row, column = -2, -1  # the first piece is what stands before the rows
    for piece in _ROWS.split(content):
        head = _ROW.match(piece)
        row, column = (int(head[1]) - 1 if head else row + 1), -1
        if only is not None and not only.search(piece):
            continue
        for cell in _CELL.finditer(piece):
            place = _PLACED.search(cell[1])
            if place:
                row, column = int(place[2]) - 1, _column(place[1])
            else:
                column += 1
            yield row, column, cell


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number - 1


def _marks(content: bytes) -> Iterator[tuple[tuple[int, int], Broken]]:
    for row, column, cell in _cells(content, _MARKED):
        inside = cell[2] or b""
        value = _VALUE.search(inside)
        held = (value[1] or b"") if value else b""
        if _ERROR.search(cell[1]):
            yield (row, column), error_value(unescape(held.decode("utf-8", "replace")))
        elif (formula := _FORMULA.search(inside)) and not held.strip():
            # The empty text is a value too: a formula may well give it.
            if value is not None and _TEXT_TYPE.search(cell[1]):
                continue
            yield (
                (row, column),
                uncomputed(unescape((formula[1] or b"").decode("utf-8", "replace"))),
            )


def _narrow(content: bytes, scan: SheetScan, archive: zipfile.ZipFile) -> bytes:
    """Take out of a sheet that reaches too far its blank cells, and those beyond the columns of a register.

    Raises :class:`ValueError` where it still reaches too far.
    """
    blank = _blank_texts(archive)
    rows = columns = 0
    for row, column, cell in _cells(content):
        held = not _is_blank(cell, blank)
        if column >= MOST_COLUMNS:
            scan.cut = scan.cut or held
        elif held:
            rows, columns = max(rows, row + 1), max(columns, column + 1)
    if rows * columns > MOST_CELLS and rows > _SPARSE:
        raise ValueError(f"表格范围过大（到第{rows}行），请删去远处多余的内容，另存后重新提交")
    scan.smaller = _without(content, blank)
    return scan.smaller


def _without(content: bytes, blank: frozenset[bytes]) -> bytes:
    """Return a sheet without the cells that are blank, or beyond the columns of a register."""

    def keep(cell: re.Match[bytes]) -> bytes:
        place = _PLACED.search(cell[1])
        if place is None:  # counted by their order: none may go
            return cell[0]
        beyond = _column(place[1]) >= MOST_COLUMNS
        return b"" if beyond or _is_blank(cell, blank) else cell[0]

    return _CELL.sub(keep, content)


def _is_blank(cell: re.Match[bytes], blank: frozenset[bytes]) -> bool:
    inside = cell[2] or b""
    if _SHARED.search(cell[1]):
        value = _VALUE.search(inside)
        return value is None or (value[1] or b"").strip() in blank
    if _FORMULA.search(inside):
        return False
    return not _TAG.sub(b"", inside).strip()


def _blank_texts(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Return the numbers of the shared texts that hold nothing but space."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return frozenset()
    items = _ITEM.finditer(read_part(archive, "xl/sharedStrings.xml"))
    return frozenset(
        str(number).encode()
        for number, item in enumerate(items)
        if not _TAG.sub(b"", item[1] or b"").strip()
    )
