"""CSV files to rows, whatever their encoding and delimiter, read line by line and within bounds.

What is no table is refused before it is in memory: a line or a quoted text without end, a file too large.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from reportkit.registers.reading.files.sheets import MOST_COLUMNS, named_columns
from reportkit.registers.schema import Register

MOST_BYTES: Final = 1024**3
"""How large a CSV file may be: ten million rows take about as much."""
LONGEST_LINE: Final = 1_000_000
"""So many bytes without a line's end are no row of a table."""
MOST_CELLS: Final = 16_384
"""How many columns a sheet of Excel's has."""

_HEAD: Final = 40
"""Within how many lines of a CSV file its heading stands."""
_BLOCK: Final = LONGEST_LINE // 4


def read_delimited(path: Path, register: Register | None) -> tuple[list[list[str]], bool]:
    """Return a file's rows, and whether it reaches beyond the columns that a register may have.

    UTF-8 with or without its mark, UTF-16 with it, else GB 18030 as Excel in China writes. Excel's «Unicode text» has
    tabs, some locales' files semicolons: the delimiter is the one that shows most of the register's columns. Raises
    :class:`ValueError` where it cannot be read.
    """
    _bound(path)
    with path.open("rb") as file:
        wide = file.read(2) in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as text:
                return _rows(text, register)
        except UnicodeDecodeError:
            if encoding != "utf-8-sig":
                raise
    raise AssertionError  # the last encoding has returned or raised


def _bound(path: Path) -> None:
    """Refuse what would fill the memory; the file is looked through in blocks."""
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"文件超过{MOST_BYTES // 1024**2} MB，没有读取；请分成几个文件")
    number, begun = 1, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            lines = block.split(b"\n" if b"\n" in block else b"\r")
            if begun + len(lines[0]) > LONGEST_LINE:
                what = f"第{number}行没有尽头（超过{LONGEST_LINE // 1_000_000} MB）"
                raise ValueError(f"{what}，不是表格；请检查换行后重新提交")
            begun = len(lines[-1]) + (begun if len(lines) == 1 else 0)
            number += len(lines) - 1


def _rows(file: TextIO, register: Register | None) -> tuple[list[list[str]], bool]:
    head = [line.replace("\0", "") for line in islice(file, _HEAD)]
    file.seek(0)

    def fits(delimiter: str) -> tuple[int, int]:
        """Say how well a delimiter fits: by the columns that it shows, else by how often it stands there."""
        try:
            rows = list(csv.reader(head, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        named = named_columns(rows, register) if register else 0
        return named, sum(line.count(delimiter) for line in head)

    lines = (line.replace("\0", "") for line in file)
    reader = csv.reader(lines, delimiter=max(",\t;", key=fits))
    rows: list[list[str]] = []
    cut = False
    try:
        for row in reader:
            if len(row) > MOST_CELLS:
                raise ValueError(
                    f"第{reader.line_num}行有{len(row):,}列，不是台账；请检查后重新提交"
                )
            if len(row) > MOST_COLUMNS:
                cut = cut or any(map(str.strip, row[MOST_COLUMNS:]))
                del row[MOST_COLUMNS:]
            rows.append(row)
    except csv.Error:
        begin = reader.line_num if not rows else len(rows) + 1
        what = f"第{begin}行起有一格超过{csv.field_size_limit():,}字"
        raise ValueError(f"{what}，可能是引号没有闭合；请检查后重新提交") from None
    return rows, cut
