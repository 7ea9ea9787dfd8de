"""The fingerprint of what a year's report can see of a town's registers.

A report of year Y sees rows that came by its end, with later dates blank. So each row is hashed in parts: what is
known from its first day, and each later date with what comes with it. The parts seen by 31 December Y make the
digest of Y: next year's work leaves last year's digest as it is, a change in an old row alters every year
that sees it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from reportkit.registers.data import FOLLOWS, ORIGIN, TownData
from reportkit.registers.schema import REGISTERS


class Digests:
    """The digests of one town, for any year. Each row is hashed once."""

    def __init__(self, data: TownData) -> None:
        self.data = data

    def of(self, year: int) -> str:
        """Return the SHA-256, in hex, of what the report of a year can see."""
        seen = hashlib.sha256(self._head.encode())
        for name, years, hashes in self._parts:
            seen.update(name.encode())
            # Sums do not mind the order of rows, and a row twice is not a row once.
            visible = hashes[years <= year]
            seen.update(np.uint64(len(visible)).tobytes())
            seen.update(np.add.reduce(visible, dtype=np.uint64).tobytes())
            seen.update(np.bitwise_xor.reduce(visible, initial=np.uint64(0)).tobytes())
        for fault in self.data.set_aside:
            if fault.dated is None or fault.dated.year <= year:
                seen.update(json.dumps(fault.finding.to_json(), ensure_ascii=False).encode())
        return seen.hexdigest()

    @cached_property
    def _head(self) -> str:
        town = self.data.town.model_dump(mode="json")
        coverage = {name: list(spans) for name, spans in sorted(self.data.coverage.items())}
        return json.dumps([town, self.data.edition, coverage], ensure_ascii=False, sort_keys=True)

    @cached_property
    def _parts(self) -> list[tuple[str, np.ndarray[Any, Any], np.ndarray[Any, Any]]]:
        """Return (name, years, hashes): the year in which each part of each row comes to be known."""
        parts = []
        for name in sorted(self.data.frames):
            frame = self.data.frames[name].drop(columns=list(ORIGIN), errors="ignore")
            register = REGISTERS[name]
            if register.dated_by is None:
                years = frame["year"] if "year" in frame else pd.Series(0, index=frame.index)
                parts.append((name, years.to_numpy(dtype=np.int64), _hashes(frame)))
                continue
            follows: dict[str, list[str]] = {}
            for dated, other in FOLLOWS.get(name, ()):
                follows.setdefault(dated, []).append(other)
            later = [
                column.name
                for column in register.columns
                if column.type == "date" and column.name != register.dated_by
            ]
            taken = {*later, *(other for others in follows.values() for other in others)}
            first = frame[[column for column in frame if column not in taken]]
            parts.append((name, _years(frame[register.dated_by]), _hashes(first)))
            for column in later:
                event = frame[[*register.key, column, *follows.get(column, ())]]
                event = event[frame[column].notna()]
                parts.append((f"{name}.{column}", _years(event[column]), _hashes(event)))
        return parts


def _years(dates: pd.Series[Any]) -> np.ndarray[Any, Any]:
    return dates.to_numpy(dtype="datetime64[Y]").astype(np.int64) + 1970


def _hashes(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Hash each row; a value of a mixed column is hashed as its text."""
    plain = frame.apply(
        lambda column: column.map(str, na_action="ignore") if column.dtype == object else column
    )
    return pd.util.hash_pandas_object(plain, index=False).to_numpy(dtype=np.uint64)
