"""A workbook read in a process of its own with bounds of memory and time: ``python -m … FILE``.

A file that makes its parser swell or hang costs this process, and its reader one clear error. This module
imports nothing but the parser, so that it starts in a tenth of a second.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 3 * 1024**3
"""How much address space the child may take, in bytes, where the system can bound it."""
SECONDS: Final = 120.0
"""How long it may take."""
TOO_BIG: Final = 3
"""The exit code that says: the memory did not suffice."""

Sheets = list[tuple[str, bool, list[list[Any]], list[tuple[tuple[int, int], tuple[int, int]]]]]
"""Each sheet's name, whether it is hidden, its rows and its merged ranges (first and last cell, from 0)."""


def read_apart(path: Path, *, memory: int = MEMORY, seconds: float = SECONDS) -> Sheets:
    """Read a workbook in a child process.

    Raises :class:`ValueError`, in Chinese, where it cannot be read within the bounds.
    """
    command = [sys.executable, "-m", __spec__.name, str(memory), str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - this very module
            command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise ValueError("读取超时，已放弃；请另存为 .xlsx，并删去多余的内容") from None
    if done.returncode == TOO_BIG or done.returncode < 0:
        raise ValueError("读取所需内存超过限度，已放弃；请删去远处多余的单元格，另存为 .xlsx")
    if done.returncode != 0:
        raise ValueError(done.stderr.decode("utf-8", "replace").strip() or "读取程序中止")
    sheets: Sheets = pickle.loads(done.stdout)  # noqa: S301 - our own child wrote it
    return sheets


def read_book(source: Any) -> Sheets:
    """Read every sheet of a workbook (a path or an open file)."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum, load_workbook  # noqa: PLC0415

    sheets: Sheets = []
    book: CalamineWorkbook = load_workbook(source)
    with book:
        for about in book.sheets_metadata:
            sheet = book.get_sheet_by_name(about.name)
            hidden = about.visible != SheetVisibleEnum.Visible
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append((about.name, hidden, rows, list(sheet.merged_cell_ranges or ())))
    return sheets


def main(memory: int, path: str) -> int:
    """Read a workbook and write its sheets to stdout; return the exit code."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        with Path(path).open("rb") as file:
            sheets = read_book(file)
        content = pickle.dumps(sheets, protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return TOO_BIG
    except BaseException as fault:  # noqa: BLE001 - a panic of the parser's is none of Exception
        sys.stderr.buffer.write(f"表格内容无法读取（{type(fault).__name__}）".encode())
        return 1
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
