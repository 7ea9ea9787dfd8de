"""A register of towns, as a file of its own or as a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from reportkit.registers.schema import REGISTERS


def write_towns(folder: Path, lines: Sequence[list[str]], kind: str) -> None:
    """Write the register, headings first, into a folder: ``kind`` is ``csv`` or ``xlsx``."""
    if kind == "csv":
        (folder / "towns.csv").write_text("\n".join(",".join(line) for line in lines), "utf-8")
        return
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = REGISTERS["towns"].heading
    for line in lines:
        sheet.append(line)
    book.save(folder / "全县.xlsx")
