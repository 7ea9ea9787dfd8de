"""Ingest: every file checked whole, good ones loaded at once, all faults of all files told together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from reportkit.errors import SourceError
from reportkit.registers.ingest.faults import file_fault, key_fault, note_fault
from reportkit.registers.ingest.files import FileResult, find_register_files
from reportkit.registers.ingest.prepare import Names, StoreRows, prepare, unreadable
from reportkit.registers.reading.files.tables import SUFFIXES
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.duckfile import Say
from reportkit.registers.store.load import Loader
from reportkit.registers.store.privacy import encrypter
from reportkit.registers.store.stage import MOST_TOLD
from reportkit.registers.store.write import writing

Hide = Callable[[Register, pa.Table], pa.Table]
"""Hides the personal columns of a table."""

Watch = Callable[[list["FileResult"]], Iterable["FileResult"]]
"""Gives files back one by one, to see how far the loading is."""


def ingest(
    paths: Sequence[Path],
    uri: str,
    *,
    partial: bool = False,
    town: str | None = None,
    towns: Mapping[str, str] | None = None,
    personal: bool = True,
    say: Say = lambda _line: None,
    watch: Watch = iter,
) -> list[FileResult]:
    """Load register files into a store, and return what became of each.

    A file's rows are loaded only where the whole file is good, unless ``partial``. The same file again changes nothing;
    a file of the same name, with a town in common, takes the place of what it brought before. All its rows stay with
    it, whatever other files hold; what they are in conflict with is told once all files are in. ``town`` is the town of
    rows that name none; ``towns`` maps further names to ids; without ``personal`` no personal column is kept.
    ``watch`` is handed the files and gives them back one by one: it sees how far the loading is. Raises :class:`~reportkit.errors.SourceError` and
    :class:`~reportkit.errors.StoreError`; the store is then as it was.
    """
    address = parse_address(uri)
    results = find_register_files(paths)
    hide = encrypter() if personal else _none_of
    with writing(address, say) as store, closing(Loader(store.connection)) as loader:
        ids = {**(towns or {}), **loader.names()}
        for result in watch(results):
            if result.status == "passed":
                continue
            known = {**ids, **loader.names()}
            only = town or (next(iter(known.values())) if len(set(known.values())) == 1 else None)
            task = _Task(result, loader, partial=partial, town=town)
            if task.run(Names(known, only), hide):
                store.keep()
        for result in results:
            _tell_conflicts(result, loader)
    return results


def _none_of(_register: Register, table: pa.Table) -> pa.Table:
    """Return a table of personal columns without its rows."""
    return table.slice(0, 0)


def remove(
    names: Sequence[str], uri: str, *, town: str | None = None, say: Say = lambda _line: None
) -> list[str]:
    """Take files out of a store, by the names that they were loaded by; return the names that were there.

    ``town``: only those of a file's name that hold rows of this town. What stood against their rows counts again.
    Raises :class:`~reportkit.errors.SourceError` and :class:`~reportkit.errors.StoreError`; the store is then as it was.
    """
    with writing(parse_address(uri), say) as store, closing(Loader(store.connection)) as loader:
        gone = [
            file
            for file in loader.known()
            if file.name in names and (town is None or town in loader.towns_of(file.id))
        ]
        loader.remove(file.id for file in gone)
        if gone:
            store.keep()
    return sorted({file.name for file in gone})


def _tell_conflicts(result: FileResult, loader: Loader) -> None:
    """Tell of the rows that other files hold with other content."""
    if result.file_id is None:
        return
    told = {(fault.register, fault.sheet, fault.row) for fault in result.faults}
    for name in loader.registers_of(result.file_id):
        clashes = loader.standing.clashes_of(name, result.file_id, MOST_TOLD)
        for clash in clashes:
            if (name, clash.sheet, clash.row) not in told:
                result.conflicts += 1
                result.faults.append(key_fault(result.path.name, REGISTERS[name], clash))


class _Task:
    """One file on its way into the store."""

    def __init__(
        self, result: FileResult, loader: Loader, *, partial: bool, town: str | None
    ) -> None:
        self.result = result
        self.loader = loader
        self.partial = partial
        self.town = town
        self.left_out: list[dict[str, object]] = []

    def run(self, names: Names, hide: Hide) -> bool:
        """Load the file; say whether the store changed."""
        result, loader = self.result, self.loader
        if result.path.suffix.lower() not in SUFFIXES:
            result.status = "refused"
            result.faults.append(
                file_fault(
                    result.path.name,
                    f"不是能读取的台账文件（{'、'.join(SUFFIXES)}），请另存为 .xlsx",
                )
            )
            return False
        with result.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        for file in loader.known():
            same = (file.name, file.sha256) == (result.name, sha256) and file.context is not None
            if same and (self.partial or not file.partial) and self._agrees(names, file):
                result.status = "unchanged"
                result.file_id = file.id
                return False
        try:
            self._stage(names, hide)
            replaced = self._replaced()
            self._check_keys()
        except SourceError as fault:
            result.faults.append(unreadable(result.path, fault))
            result.status = "refused"
            loader.stage.drop()
            return False
        return self._take(sha256, replaced, names.context)

    def _agrees(self, names: Names, file: Any) -> bool:
        """Say whether a file that stands in the store is of the same towns as it would be now."""
        brought = self.loader.towns_of(file.id)
        if self.town is not None and not brought:
            return False  # it had no row: whose it was, it does not say
        return names.agree(json.loads(file.context))

    def _stage(self, names: Names, hide: Hide) -> None:
        for part in prepare(self.result.path, names, self.result.notes):
            self._note(part)
            personal = part.personal
            if personal is not None and len(personal):
                personal = hide(part.register, personal)
            self.loader.stage.add(part.register, part.rows, personal)
        self.result.faults.extend(note_fault(n) for n in self.result.notes if n.wrong)

    def _note(self, part: StoreRows) -> None:
        self.result.faults.extend(f for f in part.faults if f.level == "error")
        self.result.told.extend(f for f in part.faults if f.level != "error")
        self.result.repeated += part.repeated
        for town, row in part.set_aside:
            self.left_out.append(
                {
                    "town": town,
                    "dated": row.dated,
                    "finding": row.finding.model_dump_json(),
                    "register": part.register.name,
                    "key": None if row.key is None else json.dumps(row.key, ensure_ascii=False),
                }
            )

    def _replaced(self) -> list[int]:
        """Return the files that this one takes the place of: of its name, and of a town of its own.

        Raises :class:`~reportkit.errors.SourceError` for a file without rows that could be of several towns.
        """
        named = [f.id for f in self.loader.known() if f.name == self.result.name]
        if not named:
            return []
        stage = self.loader.stage
        towns = {town for name in stage.counts() for town in stage.noted[name].towns}
        towns |= {str(row["town"]) for row in self.left_out if row["town"] is not None}
        if not towns and self.town is not None:
            towns = {self.town}
        before = {file_id: self.loader.towns_of(file_id) for file_id in named}
        if not towns and sum(map(bool, before.values())) > 1:
            raise SourceError(
                "文件中没有一行数据，而库中有几个单位的同名文件：请用 --town 指明单位后重新入库"
            )
        return [file_id for file_id, old in before.items() if not towns or not old or towns & old]

    def _check_keys(self) -> None:
        """Note the rows whose key stands in this very file with other content."""
        for name in self.loader.stage.counts():
            register = REGISTERS[name]
            self.result.faults.extend(
                key_fault(self.result.path.name, register, clash)
                for clash in self.loader.stage.unlike(register)
            )

    def _take(self, sha256: str, replaced: list[int], context: Mapping[str, str | None]) -> bool:
        result, loader = self.result, self.loader
        if result.faults and not self.partial:
            result.status = "refused"
            loader.stage.drop()
            return False
        if not loader.stage.counts():
            result.status = "empty"
            return False
        result.rows = {name: rows for name, rows in loader.stage.counts().items() if rows}
        result.file_id = loader.take(
            result.name,
            sha256,
            replaced,
            partial=bool(result.faults),
            context=context,
            town=self.town,
            left_out=self.left_out + _passed(result.notes),
        )
        result.repeated += sum(
            loader.standing.repeated(name, result.file_id) for name in result.rows
        )
        result.status = "replaced" if replaced else "loaded"
        return True


def _passed(notes: Iterable[PassedOver]) -> list[dict[str, object]]:
    """Return the notes on whole sheets as the store keeps them: a register may be missing because of them."""
    return [
        {
            "register": note.register or "",
            "town": None,
            "key": None,
            "dated": None,
            "finding": note.to_stored().model_dump_json(),
        }
        for note in notes
        if note.kind != "part"
    ]
