"""The files of a folder of registers: each read, or why it was not. One that cannot be read costs no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportkit.errors import SourceError
from reportkit.files import is_hidden
from reportkit.language import _
from reportkit.registers.reading.files.parquet import UNREADABLE
from reportkit.registers.reading.files.stored import DecodedGroups, Indexes, open_stored
from reportkit.registers.reading.files.tables import SUFFIXES, read_tables, reason
from reportkit.registers.reading.files.unread import other_files, unread_file
from reportkit.registers.reading.files.whole import RegisterTable, WholeTable
from reportkit.registers.reading.joined import with_own_town
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.schema import REGISTERS


@dataclass(frozen=True)
class FolderFiles:
    """What the files of a folder hold."""

    raw: Mapping[str, list[RegisterTable]]
    """The tables of each register that any file has, in the order of the files' names."""
    notes: Mapping[str, list[PassedOver]]
    """What was passed over in each file, by its name."""
    problems: Sequence[str]
    """The same in words, with the files that are read by nobody."""


def read_folder(path: Path, indexes: Indexes | None) -> FolderFiles:
    """Read the files of a folder; with ``indexes`` no more of a Parquet file than what it holds.

    Raises :class:`~reportkit.errors.SourceError` for a folder without any register that can be read.
    """
    files = sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in SUFFIXES and not is_hidden(file.name)
    )
    raw: dict[str, list[RegisterTable]] = defaultdict(list)
    kept: dict[str, list[PassedOver]] = {}
    problems: list[str] = []
    unreadable = []
    decoded = DecodedGroups()
    for file in files:
        try:
            tables, notes = tables_of(file, indexes, decoded)
        except SourceError as fault:  # its registers are missing then; the other files go on
            unreadable.append(str(fault))
            tables, notes = (), [unread_file(file, fault)]
        problems.extend(map(str, notes))
        unreadable.extend(str(note) for note in notes if note.wrong and note.kind != "file")
        kept[file.name] = [note for note in notes if note.kind != "part"]
        for table in tables:
            raw[table.register.name].append(table)
    problems.extend(str(note) for note in other_files(path.iterdir()))
    if not raw and unreadable:
        raise SourceError("; ".join(unreadable))
    if not raw:
        raise SourceError(
            _(
                "{path}: no register in this folder; files are named after registers: {names}, … (or "
                "sheets of a workbook)",
                path=path,
                names=", ".join(f"{name}.csv" for name in list(REGISTERS)[2:5]),
            )
        )
    return FolderFiles(raw, kept, problems)


def tables_of(
    file: Path, indexes: Indexes | None, decoded: DecodedGroups
) -> tuple[Sequence[RegisterTable], list[PassedOver]]:
    """Return a file's registers and what was passed over in it; raise :class:`SourceError` where it cannot be read."""
    if indexes is not None:
        try:
            stored = open_stored(file, indexes, decoded)
        except UNREADABLE as fault:
            raise SourceError(f"{file.name}：{reason(fault)}") from None
        if stored is not None:
            return [stored[0]], stored[1]
    tables, notes = read_tables(file)
    return [WholeTable(table) for table in with_own_town(tables)], notes
