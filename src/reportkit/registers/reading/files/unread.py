"""Files of a folder that were not read: one that cannot be, and tables of other programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from reportkit.errors import SourceError
from reportkit.files import is_hidden
from reportkit.registers.reading.files.sheets import register_named
from reportkit.registers.reading.files.tables import OTHER_SUFFIXES
from reportkit.registers.reading.notes import PassedOver


def unread_file(file: Path, fault: SourceError) -> PassedOver:
    """Return the note of a file that could not be read, with the register that its name names."""
    register = register_named(file.stem)
    why = str(fault).removeprefix(f"{file.name}：")
    how = "改正后重新提交"
    name = None if register is None else register.name
    return PassedOver(file.name, None, why, how, "file", name, wrong=True)


def other_files(files: Iterable[Path]) -> list[PassedOver]:
    """Return notes on tables of other programs among some files: they were passed over."""
    return [
        PassedOver(
            file.name, None, f"是{file.suffix}文件，没有读取", "请另存为 .xlsx 后重新提交", "file"
        )
        for file in sorted(files)
        if file.suffix.lower() in OTHER_SUFFIXES and not is_hidden(file.name)
    ]
