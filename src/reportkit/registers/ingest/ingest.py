"""Ingest: every file checked whole, good ones loaded at once, all faults of all files told together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

from reportkit.errors import SourceError
from reportkit.finding import Finding, Place
from reportkit.registers.ingest.faults import Fault, file_fault, key_fault
from reportkit.registers.ingest.prepare import Names, Prepared, prepare, unreadable
from reportkit.registers.reading.clean import BASIS
from reportkit.registers.reading.sheets import register_named
from reportkit.registers.reading.tables import SUFFIXES
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.duckfile import Say
from reportkit.registers.store.load import Loader, Repeat
from reportkit.registers.store.privacy import encrypter
from reportkit.registers.store.write import writing

Hide = Callable[[Register, pa.Table], pa.Table]
"""Hides the personal columns of a table."""

Status = Literal["loaded", "replaced", "unchanged", "refused", "empty"]


@dataclass
class FileResult:
    """What became of one file."""

    name: str
    """Its path below the folder that was given, or its bare name: what a corrected file is known by."""
    path: Path
    status: Status = "loaded"
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows of each register were loaded."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was passed over, in English for the log."""
    repeated: int = 0
    """How many rows repeat another in every value, and were loaded once."""


def find_files(paths: Iterable[Path]) -> list[FileResult]:
    """Return the register files that paths name, towns first; a folder stands for all below it.

    Raises :class:`~reportkit.errors.SourceError` for a path that is not there, or a folder without any.
    """
    found: dict[str, FileResult] = {}
    for path in paths:
        if path.is_dir():
            files = [
                file
                for file in sorted(path.rglob("*"))
                if file.suffix.lower() in SUFFIXES
                and file.is_file()
                and not any(part.startswith((".", "~$")) for part in file.relative_to(path).parts)
            ]
            if not files:
                raise SourceError(f"{path}: no register file in it ({', '.join(SUFFIXES)})")
            for file in files:
                name = file.relative_to(path).as_posix()
                found.setdefault(str(file.resolve()), FileResult(name, file))
        elif path.is_file():
            found.setdefault(str(path.resolve()), FileResult(path.name, path))
        else:
            raise SourceError(f"{path}: no such file or folder")
    return sorted(found.values(), key=lambda result: (_is_towns(result.path), result.name))


def _is_towns(path: Path) -> int:
    register = register_named(path.stem)
    return 0 if register is not None and register.name == "towns" else 1


def ingest(
    paths: Sequence[Path],
    uri: str,
    *,
    partial: bool = False,
    town: str | None = None,
    towns: Mapping[str, str] | None = None,
    say: Say = lambda _line: None,
) -> list[FileResult]:
    """Load register files into a store, and return what became of each.

    A file's rows are loaded only where the whole file is good, unless ``partial``. The same file again changes nothing;
    a file of the same name, with a town in common, replaces the rows that it brought before. ``town`` is the town of
    rows that name none; ``towns`` maps further names to ids. Raises :class:`~reportkit.errors.SourceError` and
    :class:`~reportkit.errors.StoreError`; the store is then as it was.
    """
    address = parse_address(uri)
    results = find_files(paths)
    hide = encrypter()
    with writing(address, say) as store:
        loader = Loader(store.connection)
        ids = {**(towns or {}), **loader.names()}
        for result in results:
            known = {**ids, **loader.names()}
            only = town or (next(iter(known.values())) if len(set(known.values())) == 1 else None)
            task = _Task(result, loader, partial=partial)
            if task.run(Names(known, only), hide):
                store.keep()
    return results


class _Task:
    """One file on its way into the store."""

    def __init__(self, result: FileResult, loader: Loader, *, partial: bool) -> None:
        self.result = result
        self.loader = loader
        self.partial = partial
        self.left_out: list[dict[str, object]] = []

    def run(self, names: Names, hide: Hide) -> bool:
        """Load the file; say whether the store changed."""
        result, loader = self.result, self.loader
        if result.path.suffix.lower() not in SUFFIXES:
            result.status = "refused"
            result.faults.append(
                file_fault(result.path.name, f"不是台账文件（{'、'.join(SUFFIXES)}）")
            )
            return False
        with result.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        same = [f for f in loader.known() if f.sha256 == sha256]
        if any(not f.partial or self.partial for f in same):
            result.status = "unchanged"
            return False
        try:
            self._stage(names, hide)
            replaced = self._replaced()
            self._check_keys(replaced)
        except SourceError as fault:
            result.faults.append(unreadable(result.path, fault))
            result.status = "refused"
            loader.drop()
            return False
        except BaseException:
            loader.drop()
            raise
        return self._take(sha256, replaced)

    def _stage(self, names: Names, hide: Hide) -> None:
        for part in prepare(self.result.path, names, self.result.notes):
            self._note(part)
            personal = part.personal
            if personal is not None and len(personal):
                personal = hide(part.register, personal)
            self.loader.stage(part.register, part.rows, personal)

    def _note(self, part: Prepared) -> None:
        self.result.faults.extend(part.faults)
        self.result.repeated += part.repeated
        for town, row in part.set_aside:
            finding = row.finding.model_dump_json()
            self.left_out.append({"town": town, "dated": row.dated, "finding": finding})

    def _replaced(self) -> list[int]:
        """Return the files that this one takes the place of: of its name, and of a town of its own."""
        named = [f.id for f in self.loader.known() if f.name == self.result.name]
        if not named:
            return []
        towns = {t for name in self.loader.staged() for t in self.loader.staged_towns(name)}
        return [
            file_id
            for file_id in named
            if not towns or not (old := self.loader.towns_of(file_id)) or towns & old
        ]

    def _check_keys(self, replaced: list[int]) -> None:
        for name in self.loader.staged():
            register = REGISTERS[name]
            repeats = self.loader.repeats(register, replaced)
            self.loader.leave_out(register, repeats)
            self.result.repeated += sum(repeat.alike for repeat in repeats)
            for repeat in repeats:
                if not repeat.alike:
                    fault = key_fault(self.result.path.name, register, repeat)
                    self.result.faults.append(fault)
                    self.left_out.append(_left_out(register, repeat, fault))

    def _take(self, sha256: str, replaced: list[int]) -> bool:
        result, loader = self.result, self.loader
        if result.faults and not self.partial:
            result.status = "refused"
            loader.drop()
            return False
        if not loader.staged():
            result.status = "empty"
            return False
        result.rows = {name: rows for name, rows in loader.staged().items() if rows}
        file_id = loader.take(result.name, sha256, replaced, partial=bool(result.faults))
        loader.set_aside(file_id, self.left_out)
        result.status = "replaced" if replaced else "loaded"
        return True


def _left_out(register: Register, repeat: Repeat, fault: Fault) -> dict[str, object]:
    """Return the finding of a row that is left out for its key."""
    place = Place(
        register=register.name,
        file=fault.file,
        sheet=fault.sheet,
        row=fault.row,
        column=fault.column,
        value=fault.value,
    )
    sheet = f" “{fault.sheet}”表" if fault.sheet else ""
    message = (
        f"{register.heading} {fault.file}{sheet} 第{fault.row}行 未计入：{fault.what}。{fault.how}"
    )
    finding = Finding(code=fault.code, level="error", message=message, basis=BASIS, place=place)
    return {"town": repeat.key[0], "dated": None, "finding": finding.model_dump_json()}
