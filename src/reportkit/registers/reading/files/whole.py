"""A register in a file that was read as a whole, asked town by town like one of which rows are read one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from reportkit.registers.digest import PLACED
from reportkit.registers.reading.files.personal import MARK
from reportkit.registers.reading.files.raw import RawTable
from reportkit.registers.reading.files.stored import FACTOR, Sums
from reportkit.registers.reading.joined import rows_at
from reportkit.registers.reading.values import one_line
from reportkit.registers.schema import Register

_PLACE: Final = ("row", "file", "sheet")


class RegisterTable(Protocol):
    """One register in one file."""

    register: Register
    file: str

    @property
    def rows(self) -> int:
        """How many rows it has."""
        ...

    @property
    def schema(self) -> str:
        """Which columns of which types it has."""
        ...

    @property
    def towns(self) -> Mapping[str, Sums]:
        """What it holds by what its rows say in their column of towns; "" stands for a blank."""
        ...

    def rows_of(self, names: Collection[str]) -> RawTable:
        """Return the rows that name some towns, each with its place in the file."""
        ...


class WholeTable:
    """A register in a file that was read as a whole."""

    def __init__(self, table: RawTable) -> None:
        self.register = table.register
        self.file = table.file
        self._table = table

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self._table.frame)

    @property
    def schema(self) -> str:
        """Which columns it has."""
        return str(list(self._table.frame.columns))

    @cached_property
    def towns(self) -> Mapping[str, Sums]:
        """What it holds by what its rows say in their column of towns; "" stands for a blank."""
        codes, names = self._coded
        values, places = _hashes(self._table), np.arange(self.rows, dtype=np.int64)
        if self.register.name in PLACED:
            values = values + places.astype(np.uint64) * np.uint64(FACTOR)
        found: dict[str, Sums] = {}
        for number, name in enumerate(names):
            own = codes == number
            found[name] = (int(own.sum()), int(values[own].sum()), int(places[own].sum()))
        return found

    def rows_of(self, names: Collection[str]) -> RawTable:
        """Return the rows that name some towns, each with its place in the file."""
        codes, known = self._coded
        chosen = [number for number, name in enumerate(known) if name in names]
        return rows_at(self._table, np.isin(codes, chosen))

    @cached_property
    def _coded(self) -> tuple[np.ndarray[Any, Any], list[str]]:
        """Return the number of what each row says, and what that is."""
        frame = self._table.frame
        if "town" not in frame:
            return np.zeros(len(frame), dtype=np.int64), [""] if len(frame) else []
        codes, distinct = pd.factorize(frame["town"].astype(object))
        said = ["" if pd.isna(v) else one_line(str(v)).strip() for v in distinct]
        names = sorted({*said, *([""] if (codes < 0).any() else [])})
        table = np.array([*(names.index(s) for s in said), names.index("") if "" in names else -1])
        return table[codes], names


def _hashes(table: RawTable) -> np.ndarray[Any, Any]:
    """Hash each row as it was read."""
    mixed = np.zeros(len(table.frame), dtype=np.uint64)
    for name, column in table.frame.items():
        if name in _PLACE:
            continue
        if (
            name == MARK
        ):  # its key is this process's own; which rows have the same persons is what counts
            cells: Any = pd.factorize(column)[0].astype(np.uint64)
        else:
            texts = [v if type(v) is str else f"{v!r}\0" for v in column]
            cells = pd.util.hash_array(np.array([*texts, ""], dtype=object), categorize=False)[:-1]
        mixed = (mixed ^ cells) * np.uint64(FACTOR)
        mixed ^= mixed >> np.uint64(29)
    for fault in table.faults:
        told = np.array([f"{fault.column} {fault.code} {fault.why}"], dtype=object)
        mixed[fault.position] ^= pd.util.hash_array(told, categorize=False)[0]
    return mixed
