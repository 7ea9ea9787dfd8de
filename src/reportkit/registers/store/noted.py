"""What is seen of a register's rows as a file brings them, so that the database need not be asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


@dataclass
class Noted:
    """The rows of one register that a file brings; ``key`` are its key's columns, the town first."""

    key: tuple[str, ...]
    rows: int = 0
    towns: set[str] = field(default_factory=set)
    by_town: bool = True
    """Whether the rows of a town lie together without sorting."""
    rising: bool = True
    """Whether each key comes after the one before it, so that none is there twice."""
    _last: tuple[Any, ...] | None = None

    def add(self, rows: pa.Table) -> None:
        """Look at some more rows."""
        self.rows += len(rows)
        if not len(rows):
            return
        columns = [rows.column(name).combine_chunks() for name in self.key]
        self.towns.update(pc.unique(columns[0]).to_pylist())
        first, last = (tuple(column[at].as_py() for column in columns) for at in (0, -1))
        if self.by_town:
            follows = self._last is None or self._last[0] <= first[0]
            self.by_town = follows and _all(pc.greater_equal(columns[0][1:], columns[0][:-1]))
        if self.rising:
            self.rising = (self._last is None or self._last < first) and _rising(columns)
        self._last = last


def _rising(columns: list[pa.Array]) -> bool:
    """Say whether each row of several columns comes after the one before it."""
    later: Any = False
    for column in reversed(columns):
        after, before = column[1:], column[:-1]
        later = pc.or_(pc.greater(after, before), pc.and_(pc.equal(after, before), later))
    return _all(later)


def _all(told: pa.Array) -> bool:
    return pc.all(told, skip_nulls=False, min_count=0).as_py() is True
