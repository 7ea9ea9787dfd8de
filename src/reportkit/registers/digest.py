"""The fingerprint of what a year's report can see of a town's registers.

A report of year Y sees rows that came by its end, with later dates blank. So each row is hashed in parts: what is
known from its first day, and each later date with what comes with it. The parts seen by 31 December Y make the
digest of Y: next year's work leaves last year's digest as it is, a change in an old row alters every year
that sees it. Where two digests are equal, so are the reports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype

from reportkit.registers.data import ORIGIN, TownData
from reportkit.registers.rows import FOLLOWS
from reportkit.registers.schema import REGISTERS, Register

UNSEEN = frozenset({"coverage", "submissions"})
"""Registers whose rows no report shows: what is covered stands in the head, and the county alone looks at submissions."""

PLACED: Mapping[str, str] = MappingProxyType({"applications": "fee_yuan"})
"""The column of a register whose findings name the row of a case that counts: its place is seen too."""

Part = tuple[str, tuple[tuple[int, int, int, int], ...]]
"""What is hashed; and for each year, ascending, how many pieces of it come to be known in it, the sum of their hashes
and their exclusive or."""


class Digests:
    """The digests of one town, for any year. Each row is hashed once."""

    def __init__(self, data: TownData, parts: Mapping[str, list[Part]] | None = None) -> None:
        """Take a town's data, and where they are at hand its :func:`parts_by_town` by register."""
        self.data = data
        self._given = parts

    def of(self, year: int) -> str:
        """Return the SHA-256, in hex, of what the report of a year can see."""
        seen = hashlib.sha256(self._head(year).encode())
        for name, by_year in self._parts:
            count = total = mixed = 0
            for known, pieces, added, either in by_year:
                if known > year:
                    break
                count, total, mixed = count + pieces, total + added, mixed ^ either
            if not count:
                continue  # nothing yet: the same as before there was such a register
            seen.update(name.encode())
            # Sums do not mind the order of rows, and a row twice is not a row once.
            for number in (count, total & _ALL_BITS, mixed):
                seen.update(number.to_bytes(8, "little"))
        for dated, text in self._faults:
            if dated <= year:
                seen.update(text)
        return seen.hexdigest()

    def _head(self, year: int) -> str:
        """Return the town, and what its registers cover up to a year's end."""
        coverage = sorted(
            (name, first, year if last is None else min(last, year))
            for name, spans in self.data.coverage.items()
            for first, last in spans
            if first <= year
        )
        # What is said to be kept and was never seen makes other cells, and a finding that says where it was sought.
        absent = [
            (name, *(str(part) for part in astuple(self.data.absent[name])))
            for name in sorted({name for name, _, _ in coverage} & {*self.data.absent})
        ]
        seen = [self._town, self.data.edition, coverage, *([absent] if absent else [])]
        return json.dumps(seen, ensure_ascii=False)

    @cached_property
    def _town(self) -> dict[str, Any]:
        return self.data.town.model_dump(mode="json")

    @cached_property
    def _faults(self) -> list[tuple[int, bytes]]:
        return [
            (
                0 if fault.dated is None else fault.dated.year,
                json.dumps(fault.finding.to_json(), ensure_ascii=False).encode(),
            )
            for fault in self.data.set_aside
        ]

    @cached_property
    def _parts(self) -> list[Part]:
        if self._given is not None:
            return [part for name in sorted(self._given) for part in self._given[name]]
        return [
            part
            for name in sorted(self.data.frames)
            for own in parts_by_town(name, self.data.frames[name]).values()
            for part in own
        ]


def parts_by_town(name: str, frame: pd.DataFrame) -> dict[str, list[Part]]:
    """Return what is hashed of a register of many towns, by town: the same as for each town's rows alone.

    Hashing many rows at once takes hardly longer than hashing a town's.
    """
    found: dict[str, list[Part]] = {}
    if name in UNSEEN or frame.empty:
        return found
    codes, towns = pd.factorize(frame["town"])
    for label, rows, years, hashes in _parts(REGISTERS[name], frame):
        owners = codes[rows]
        order = np.lexsort((years, owners))
        owners, years, hashes = owners[order], years[order], hashes[order]  # noqa: PLW2901 - in another order
        new = (owners[1:] != owners[:-1]) | (years[1:] != years[:-1])
        firsts = np.concatenate([[0], np.flatnonzero(new) + 1])
        own: dict[int, list[tuple[int, int, int, int]]] = {}
        for owner, *of_year in zip(
            owners[firsts].tolist(),
            years[firsts].tolist(),
            np.diff(firsts, append=len(owners)).tolist(),
            np.add.reduceat(hashes, firsts).tolist(),
            np.bitwise_xor.reduceat(hashes, firsts).tolist(),
            strict=True,
        ):
            own.setdefault(owner, []).append(tuple(of_year))
        own.pop(-1, None)  # of nobody
        for owner, by_year in own.items():
            found.setdefault(str(towns[owner]), []).append((label, tuple(by_year)))
    return found


Hashed = tuple[str, np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]
"""A part with the positions of its rows."""


def _parts(register: Register, frame: pd.DataFrame) -> Iterator[Hashed]:
    """Yield a register's parts: rows from their first day, each later date, places that are told."""
    every = np.arange(len(frame))
    hashes = {str(name): _hashes(str(name), column) for name, column in frame.items()}
    values = [name for name in hashes if name not in ORIGIN]
    if register.dated_by is None:
        years_ = frame["year"].to_numpy(dtype=np.int64)
        yield register.name, every, years_, _mixed(hashes, values)
        return
    years = {c.name: _years(frame[c.name]) for c in register.columns if c.type == "date"}
    # A date before the one that a row should begin with is a slip, but it counts where it stands.
    begun = np.minimum.reduce([*years.values()])
    follows: dict[str, list[str]] = {}
    for dated, other in FOLLOWS.get(register.name, ()):
        follows.setdefault(dated, []).append(other)
    later = [name for name in years if name != register.dated_by]
    taken = {*later, *(other for others in follows.values() for other in others)}
    first = _mixed(hashes, [name for name in values if name not in taken])
    yield register.name, every, begun, first
    for name in later:
        filled = years[name] < _NEVER
        if filled.any():
            event = _mixed(hashes, [*register.key, name, *follows.get(name, ())])
            yield f"{register.name}.{name}", every[filled], years[name][filled], event[filled]
    told = PLACED.get(register.name)
    if told is not None and (placed := frame[told].notna().to_numpy()).any():
        place = _mixed(hashes, [*register.key, *ORIGIN])
        yield f"{register.name}.{told} place", every[placed], begun[placed], place[placed]


_ALL_BITS = 2**64 - 1

_NEVER = 9999


def _years(dates: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Return the year of each date, one that no report reaches for a blank."""
    days = dates.to_numpy(dtype="datetime64[Y]")
    return np.where(np.isnat(days), _NEVER, days.astype(np.int64) + 1970)


def _hashes(name: str, column: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Hash each value of a column, whatever the others are; an amount is hashed as its text."""
    if name in _AMOUNTS:
        # Not by Series.map: what it makes of a blank depends on whether all are.
        texts = [None if blank else str(v) for v, blank in zip(column, column.isna(), strict=True)]
        return pd.util.hash_array(np.array([*texts, ""], dtype=object), categorize=False)[:-1]
    values = column.array if isinstance(column.dtype, ExtensionDtype) else column.to_numpy()
    return pd.util.hash_array(values, categorize=False)


def _mixed(hashes: Mapping[str, np.ndarray[Any, Any]], names: list[str]) -> np.ndarray[Any, Any]:
    """Hash each row from the hashes of some of its columns; their order counts."""
    mixed = np.zeros_like(hashes[names[0]])
    for name in names:
        mixed = (mixed ^ hashes[name]) * _PRIME
        mixed ^= mixed >> np.uint64(29)
    return mixed


_PRIME = np.uint64(0x9E3779B97F4A7C15)
"""Odd, its bits well spread: what FNV and its like multiply by."""

_AMOUNTS = {"value"} | {
    column.name
    for register in REGISTERS.values()
    for column in register.columns
    if column.type == "amount"
}
"""Columns of exact numbers, which pandas cannot hash as they are."""
