"""Whether a register that is said to be kept was handed in at all: no row means zero only where there is a table.

登记范围 (coverage) says which registers a town keeps. A sheet that was renamed, hidden or lost its heading, and a
file that is not there, look like a register without a case; but they are a register nobody has seen, and what
would be counted in it is unknown. The rule works on what each file brought, so that a folder and a store
judge alike.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from reportkit.registers.absent import Absent
from reportkit.registers.reading.files.sheets import register_named
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS


@dataclass(frozen=True)
class Brought:
    """What one file brought: its registers, the towns that its rows name, and what in it was passed over."""

    name: str
    registers: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()
    notes: tuple[PassedOver, ...] = ()

    @cached_property
    def single(self) -> bool:
        """Whether the file is one register by its nature or its name: it then stands for all towns."""
        path = PurePosixPath(self.name)
        return path.suffix.lower() in (".csv", ".parquet") or register_named(path.stem) is not None


def mark_of_files(files: Iterable[Brought]) -> str:
    """Return what changes whenever a file does that may say something of more towns than the one whose rows it has."""
    seen = hashlib.sha256()
    owners: dict[str, set[str]] = {}
    for file in sorted(files, key=lambda file: file.name):
        if file.single and len(file.towns) == 1:
            for register in file.registers:
                owners.setdefault(register, set()).update(file.towns)
        if len(file.towns) != 1 or file.notes:
            told = (
                file.name,
                sorted(file.registers),
                sorted(file.towns),
                list(map(repr, file.notes)),
            )
            seen.update(repr(told).encode())
    seen.update(repr(sorted(r for r, towns in owners.items() if len(towns) > 1)).encode())
    return seen.hexdigest()


class Presence:
    """What the files of a source brought, asked town by town. ``towns`` are all towns: ids with their names."""

    def __init__(self, files: Iterable[Brought], towns: Mapping[str, str]) -> None:
        self._files = tuple(files)
        self._towns = dict(towns)
        self._named = {id(file): self._named_by(file.name) for file in self._files}
        self._apart = self._kept_apart()

    def absent(self, town: str) -> Mapping[str, Absent]:
        """Return the case registers of a town that no file holds, or that one holds and cannot be read."""
        own = [file for file in self._files if self._owns(file, town)]
        found: dict[str, Absent] = {}
        for register in CASE_REGISTERS:
            seen = any(register in f.registers and self._speaks(f, town) for f in self._files)
            doubt = self._doubt(register, town, own, seen=seen)
            if doubt is not None:
                found[register] = doubt
            elif not seen:
                found[register] = self._missing(register, own)
        return MappingProxyType(found)

    def notes_of(self, town: str) -> list[PassedOver]:
        """Return what was passed over in a town's files, and in those that stand for all towns."""
        return sorted(
            note
            for file in self._files
            if self._owns(file, town)
            or (not self._named[id(file)] and (file.single or not file.towns))
            for note in file.notes
        )

    def _named_by(self, name: str) -> frozenset[str]:
        """Return the towns that a file's name names, by id or by name."""
        stem = PurePosixPath(name).stem
        words = set(re.split(r"[^0-9A-Za-z-]+", stem))
        ids = {id_ for id_ in self._towns if id_ in words}
        called = {name_: id_ for id_, name_ in self._towns.items() if name_ and name_ in stem}
        longest = {n for n in called if not any(n != m and n in m for m in called)}
        return frozenset(ids | {called[n] for n in longest})

    def _kept_apart(self) -> bool:
        """Say whether each town hands in files of its own: two of one register are of one town each."""
        owners: dict[str, set[str]] = {}
        for file in self._files:
            if file.single and len(file.towns) == 1:
                for register in file.registers:
                    owners.setdefault(register, set()).update(file.towns)
        return any(len(towns) > 1 for towns in owners.values())

    def _owns(self, file: Brought, town: str) -> bool:
        """Say whether a file is this town's."""
        if named := self._named[id(file)]:
            return town in named
        if len(self._towns) == 1:
            return True
        return town in file.towns and (not file.single or self._apart)

    def _speaks(self, file: Brought, town: str) -> bool:
        """Say whether a table in a file without a row of the town says that there was no case."""
        if len(self._towns) == 1 or town in file.towns:
            return True
        if named := self._named[id(file)]:
            return town in named
        if file.single:
            return not (self._apart and len(file.towns) == 1)
        # A workbook of the whole county, where the town has none of its own.
        return len(file.towns) != 1 and not any(
            not other.single and town in other.towns and other.registers & {*CASE_REGISTERS}
            for other in self._files
        )

    def _doubt(
        self, register: str, town: str, own: Iterable[Brought], *, seen: bool
    ) -> Absent | None:
        """Return why a register is not wholly there although a table of it may be: a part was passed over."""
        everyone = [f for f in self._files if f.single and self._speaks(f, town)]
        for file in {id(f): f for f in (*own, *everyone)}.values():
            for note in file.notes:
                if note.register != register or (note.kind == "empty" and seen):
                    continue
                if note.wrong or register not in file.registers:
                    return Absent(note.what, note.how, note.file, note.sheet)
        return None

    def _missing(self, register: str, own: Iterable[Brought]) -> Absent:
        """Return where a register was looked for that is nowhere."""
        heading = REGISTERS[register].heading
        # A file that could not be read, and that names no town, may be the one.
        lost = [f for f in self._files if not f.registers and f.notes and not self._named[id(f)]]
        books = [file for file in own if not file.single]
        for file in (*books, *lost):
            strange = [n for n in file.notes if n.kind in ("sheet", "file") and n.register is None]
            if strange and (file in books or not books):
                note = strange[0]
                if note.sheet is None:
                    return Absent(note.what, note.how, note.file)
                sheets = "、".join(f"“{n.sheet}”表" for n in strange if n.sheet)
                why = f"没有名为“{heading}”的表，而{sheets}没有读取"
                how = f"如就是它，请改名为“{heading}”后重新提交"
                return Absent(why, how, note.file, note.sheet if len(strange) == 1 else None)
        if books:
            why = f"没有名为“{heading}”的表"
            return Absent(
                why, "请补上该表；没有发生的，也请保留表头", PurePosixPath(books[0].name).name
            )
        why = f"没有名为“{register}.csv”或“{heading}”的文件或表"
        return Absent(why, "请补交；没有发生的，交只有表头的表")
