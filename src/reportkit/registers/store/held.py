"""Whether another program holds a DuckDB file open for writing, and keeping others from it meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from reportkit.errors import SourceError, StoreError
from reportkit.language import _
from reportkit.registers.quiet import in_memory

_HELD: Final = re.compile(r"could not set lock|being used by another process", re.IGNORECASE)
_BY: Final = re.compile(r"\(PID (\d+)\)")
_NO_LOCKS: Final = re.compile(
    r"no locks available|not supported|function not implemented", re.IGNORECASE
)


def held(fault: BaseException | None, file: str) -> str | None:
    """Return the words for a file that another program holds open for writing, or that nobody can lock; else ``None``.

    Of the driver's own words the process's number alone is repeated.
    """
    said = str(fault)
    if not _HELD.search(said):
        return None
    if _NO_LOCKS.search(said):
        return _(
            "{file}: its file system has no locks, without which DuckDB opens no file; put the store "
            "on a disk of this machine, or use PostgreSQL",
            file=file,
        )
    by = _BY.search(said)
    which = _(" (process {number})", number=by[1]) if by else ""
    return _(
        "{file}: another program{which} holds it open for writing; close it there, then try again",
        file=file,
        which=which,
    )


@dataclass
class Hold:
    """A DuckDB file opened for reading, so that no other program can open it for writing meanwhile.

    POSIX lets go of a process's locks on a file when the process closes it anywhere. So :meth:`renew` takes the
    lock again, and tells whether the file is still what it was.
    """

    file: Path
    _connection: duckdb.DuckDBPyConnection | None = None
    _seen: tuple[int, int, int] | None = field(default=None)

    def take(self) -> None:
        """Open the file; raise :class:`~reportkit.errors.SourceError` where another program writes it."""
        if not self.file.exists():
            return
        self._connection = in_memory()
        quoted = str(self.file).replace("'", "''")
        try:
            self._connection.execute(f"ATTACH '{quoted}' AS held (READ_ONLY)")
        except duckdb.Error as fault:
            self.let_go()
            if (words := held(fault, self.file.name)) is not None:
                raise SourceError(words) from None
            # Whatever else is wrong with it, whoever opens it to write will say.

    def note(self) -> None:
        """Remember what the file is now."""
        self._seen = self._state()

    def renew(self) -> None:
        """Take the lock again; raise :class:`~reportkit.errors.StoreError` where the file was changed meanwhile."""
        self.let_go()
        self.take()
        if self._state() != self._seen:
            self.let_go()
            raise StoreError(
                _(
                    "{name}: another program changed it meanwhile; nothing was written, try again",
                    name=self.file.name,
                )
            )

    def let_go(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _state(self) -> tuple[int, int, int] | None:
        if not self.file.exists():
            return None
        state = self.file.stat()
        return state.st_ino, state.st_size, state.st_mtime_ns
