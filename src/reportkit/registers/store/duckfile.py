"""Writing a DuckDB file while others read it: lock, copy, fsync, rename.

DuckDB lets nobody open a file that another process writes. So a writer works on a copy, and readers keep
the file they opened, whole and unchanged, until they open it anew. A writer that is killed leaves a copy that
the next one clears away. Other programs that open the file for writing are kept out meanwhile, and are not overrun.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportkit.errors import StoreError
from reportkit.files import require_writable
from reportkit.language import _
from reportkit.locks import alone
from reportkit.registers.store.held import Hold

Say = Callable[[str], None]
"""Tells the user something while they wait."""


@dataclass
class WorkingCopy:
    """The copy that a writer works on; it takes the file's place where ``changed`` is set."""

    path: Path
    changed: bool = False

    @property
    def spill(self) -> Path:
        """The folder for what does not fit into memory; it is cleared away with the copy."""
        return self.path.with_name(self.path.name + ".tmp")

    @property
    def fresh(self) -> Path:
        """Where the copy may be written anew."""
        return self.path.with_name(self.path.name + ".fresh")


@contextmanager
def working_copy(file: Path, say: Say) -> Iterator[WorkingCopy]:
    """Yield a copy of a store's file, and put it in its place at the end. One writer at a time; others wait.

    Raises :class:`~reportkit.errors.SourceError` where another program holds the file open for writing, and
    :class:`~reportkit.errors.StoreError` where one changed it meanwhile or has left it unfinished: what others commit
    is never lost by putting the copy in its place.
    """
    require_writable(file.parent)
    waiting = _("{store}: another ingest is writing; waiting for it", store=file.name)
    with alone(file.with_name(f"{file.name}.lock"), lambda: say(waiting)):
        yield from _copied(file)


def _copied(file: Path) -> Iterator[WorkingCopy]:
    copy = WorkingCopy(file.with_name(f".{file.name}.part"))
    hold = Hold(file)
    try:
        hold.take()
        _clear(copy)  # what a killed writer left
        if file.with_name(f"{file.name}.wal").exists():
            raise StoreError(
                _(
                    "{name}: another program has not finished writing it ({name}.wal); open and close it "
                    "there first",
                    name=file.name,
                )
            )
        hold.note()
        if file.exists():
            shutil.copy(file, copy.path)
        hold.renew()
        yield copy
        if copy.changed:
            _durable(copy.path)
            hold.renew()
            if os.name == "nt":  # there a file that is open cannot be replaced
                hold.let_go()
            try:
                copy.path.replace(file)
            except PermissionError:  # Windows keeps a file that is open in its place
                raise StoreError(
                    _("{name} is open in another program; close it first", name=file.name)
                ) from None
            _durable(file.parent)
    finally:
        hold.let_go()
        _clear(copy)


def _clear(copy: WorkingCopy) -> None:
    for file in (copy.path, copy.fresh):
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(copy.spill, ignore_errors=True)


def _durable(path: Path) -> None:
    """Make a file, or on systems that can a folder's entries, outlast a power cut."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
