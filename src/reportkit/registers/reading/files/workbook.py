"""Workbooks to rows: what python-calamine reads, within bounds, and what it does not tell.

calamine turns an error value, and a formula that nobody computed, into a blank, and keeps a sheet as one block from
A1 to its last cell: one space in XFD1048576 asks it for hundreds of gigabytes. So each sheet's XML is looked through
first, by a few passes of regular expressions that cost a fraction of reading it. A sheet that reaches too far
loses its blank cells; what then still is too big is refused. Old .xls files and very big ones are read
in a process with bounds of memory and time (:mod:`.child`).
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from posixpath import join, normpath
from typing import IO, Any, Final

from lxml import etree

from reportkit.registers.reading.files.child import MEMORY, Sheets, read_apart, read_book
from reportkit.registers.reading.values import Broken, error_value, merged_value, uncomputed

MOST_COLUMNS: Final = 200
"""More columns than this are no register."""
MOST_CELLS: Final = 20_000_000
"""The block of cells, blank ones included, that may be asked of the memory of this process."""
MOST_BYTES: Final = 1024**3
"""How large a part of a workbook may be when unpacked: more is a bomb."""
HERE_BYTES: Final = 400 * 1024**2
"""Workbooks with more than this, unpacked, are read in a process with bounds."""
MOST_ROWS: Final = 1_048_576
"""How many rows a sheet of Excel's has."""
MOST_PARTS: Final = 5_000
MOST_SHEETS: Final = 500
MOST_RATIO: Final = 200
"""How many times its size a part of more than :data:`SMALL_PART` may unpack to; a register's sheet takes 30."""
SMALL_PART: Final = 16 * 1024**2
_BLOCK: Final = 1024**2
OLD_MEMORY: Final = 400 * 1024**2
"""What reading an old workbook may take of address space, in bytes, and for each of its own bytes as much as this:"""
OLD_SWELL: Final = 16
_SPARSE: Final = 5_000
"""So many rows without a cell, or more, before the last one: its blank cells are looked for."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

SAVE_AS: Final = "请用Excel或WPS打开，另存为 .xlsx 后重新提交"

# «[^<>]*» and not «[^>]*»: what is not XML must not cost more than one pass.
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\sr=["\'](\d{1,9})["\']')
_WIDE = re.compile(rb'\sr=["\'](?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^<>]*\shidden=["\'](?:1|true)["\'][^<>]*>')
_NUMBER = re.compile(rb'\sr=["\'](\d{1,9})["\']')
# What stands in a cell ends where the next one begins, so that cells which are never closed cost one pass too.
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*?)(?:/>|>((?>[^<]*(?:<(?!/?(?:\w+:)?c[\s/>])[^<]*)*))</(?:\w+:)?c>)"
)
_PLACED = re.compile(rb'\sr=["\']([A-Z]{1,3})(\d{1,9})["\']')
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


@dataclass
class _Scan:
    """What the XML of a sheet tells."""

    marks: dict[tuple[int, int], Broken] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()
    cut: bool = False
    smaller: bytes | None = None
    """The sheet without its blank cells, where it reached too far."""


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
        except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, EOFError, NotImplementedError):
            raise ValueError(f"文件损坏，或者不是真正的Excel文件；{SAVE_AS}") from None


def _zipped(path: Path, file: IO[bytes]) -> Iterator[BookSheet]:
    with zipfile.ZipFile(file) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        _bound(archive)
        parts = _parts(archive)
        if len(parts) > MOST_SHEETS or len({*parts.values()}) < len(parts):
            raise ValueError(f"有{len(parts)}张工作表，或几张是同一张，不是台账；没有读取")
        scans = {
            name: _scan(_read(archive, part, rows=MOST_ROWS), archive)
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


def _sheets(sheets: Sheets, scans: Mapping[str, _Scan]) -> Iterator[BookSheet]:
    for name, hidden, rows, merged in sheets:
        scan = scans.get(name, _Scan())
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


def _bound(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that swells when it is unpacked; what it says of its sizes, reading it holds it to."""
    parts = archive.infolist()
    swollen = any(
        part.file_size > max(SMALL_PART, MOST_RATIO * part.compress_size) for part in parts
    )
    if swollen or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise ValueError("文件展开后过大，已放弃；请分成几个文件")


def _read(archive: zipfile.ZipFile, part: str, rows: int | None = None) -> bytes:
    """Return a part; ``rows``: how many it may have."""
    content = bytearray()
    begun = 0
    with archive.open(part) as opened:
        while block := opened.read(_BLOCK):
            content += block
            begun += block.count(b"<row") + block.count(b":row") if rows is not None else 0
            if rows is not None and begun > rows:
                raise ValueError(f"超过Excel所能有的{rows:,}行，已放弃；请分成几个文件")
    return bytes(content)


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name."""
    links = {
        link.get("Id"): str(link.get("Target"))
        for link in _parse(_read(archive, "xl/_rels/workbook.xml.rels")).iter("{*}Relationship")
    }
    parts = {}
    for sheet in _parse(_read(archive, "xl/workbook.xml")).iter("{*}sheet"):
        target = next(
            (links[v] for k, v in sheet.items() if str(k).endswith("}id") and v in links), None
        )
        if target is not None:
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            parts[str(sheet.get("name"))] = part
    return parts


def _scan(content: bytes, archive: zipfile.ZipFile) -> _Scan:
    """Look through a sheet's XML: how far it reaches, and what calamine would turn into blanks."""
    scan = _Scan()
    numbers = _ROW.findall(content)
    last = max(map(int, numbers), default=0)
    placed = b' r="A' in content or b" r='A" in content
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
    for letter in letters:
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


def _narrow(content: bytes, scan: _Scan, archive: zipfile.ZipFile) -> bytes:
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
    items = _ITEM.finditer(_read(archive, "xl/sharedStrings.xml"))
    return frozenset(
        str(number).encode()
        for number, item in enumerate(items)
        if not _TAG.sub(b"", item[1] or b"").strip()
    )


def _rewrite(archive: zipfile.ZipFile, scans: Mapping[str, _Scan], to: IO[bytes]) -> None:
    """Write the workbook again, with the smaller sheets in the place of those that reached too far."""
    parts = _parts(archive)
    smaller = {parts[name]: scan.smaller for name, scan in scans.items() if scan.smaller}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for info in archive.infolist():
            content = smaller.get(info.filename)
            copy.writestr(
                info.filename, _read(archive, info.filename) if content is None else content
            )
