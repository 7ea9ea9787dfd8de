"""The rows of many towns, dealt out by town: what a plan asks of each is found for all at once.

Cutting a town's frames takes longer than all that a plan needs to know of it. So years and digests come from whole
columns, and a town's own frames are cut when somebody looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from reportkit.registers.data import empty_frame
from reportkit.registers.digest import Part, parts_by_town
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS

_NAMED_BY_YEAR = ("narratives", "figures")
"""Registers whose rows name a year that there is something to report for."""


class Dealt:
    """Rows of many towns by register, each with a column ``town``; what is asked for twice is found once."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._whole = dict(frames)
        self._sorted: dict[str, tuple[pd.DataFrame, Mapping[str, tuple[int, int]]]] = {}

    def frames(self, town: str) -> Mapping[str, pd.DataFrame]:
        """Return one town's frames by register, in the order of the rows; each is cut when it is first looked at."""
        return _Own(self, town)

    def parts(self, town: str) -> Mapping[str, list[Part]]:
        """Return what :class:`~reportkit.registers.digest.Digests` makes a town's digests from."""
        return {name: found[town] for name, found in self._parts.items() if town in found}

    def years(self, town: str) -> Mapping[str, tuple[int, ...]]:
        """Return the years of a town's rows by register; see :func:`~reportkit.registers.data.reporting_years`."""
        return {name: found[town] for name, found in self._years.items() if town in found}

    @property
    def names(self) -> tuple[str, ...]:
        """The registers that there are."""
        return tuple(self._whole)

    def cut(self, name: str, town: str) -> pd.DataFrame:
        """Return one town's rows of a register."""
        if name not in self._sorted:
            self._sorted[name] = _sorted(self._whole[name])
        frame, bounds = self._sorted[name]
        if town not in bounds:
            return empty_frame(name)
        first, end = bounds[town]
        return frame.iloc[first:end].reset_index(drop=True)

    @cached_property
    def _parts(self) -> dict[str, dict[str, list[Part]]]:
        return {name: parts_by_town(name, frame) for name, frame in self._whole.items()}

    @cached_property
    def _years(self) -> dict[str, dict[str, tuple[int, ...]]]:
        return {
            name: _years(frame, REGISTERS[name].dated_by)
            for name, frame in self._whole.items()
            if name in _NAMED_BY_YEAR or name in CASE_REGISTERS
        }


class _Own(Mapping[str, pd.DataFrame]):
    """One town's frames."""

    def __init__(self, dealt: Dealt, town: str) -> None:
        self._dealt = dealt
        self._town = town
        self._cut: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            self._cut[name] = self._dealt.cut(name, self._town)
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dealt.names)

    def __len__(self) -> int:
        return len(self._dealt.names)


def _sorted(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[int, int]]]:
    """Return a frame by town, otherwise in its order, and where each town's rows begin and end."""
    codes, towns = pd.factorize(frame["town"])
    if len(codes) and (codes[1:] < codes[:-1]).any():
        order = np.argsort(codes, kind="stable")
        frame, codes = frame.take(order), codes[order]
    bounds = np.searchsorted(codes, np.arange(len(towns) + 1)).tolist()
    return frame, {str(t): (bounds[n], bounds[n + 1]) for n, t in enumerate(towns)}


def _years(frame: pd.DataFrame, dated: str | None) -> dict[str, tuple[int, ...]]:
    """Return each town's distinct years, ascending."""
    if frame.empty:
        return {}
    codes, towns = pd.factorize(frame["town"])
    known = frame["year" if dated is None else dated].notna().to_numpy() & (codes >= 0)
    column: Any = frame["year" if dated is None else dated][known]
    years = (
        column.to_numpy(dtype=np.int64)
        if dated is None
        else column.to_numpy(dtype="datetime64[Y]").astype(np.int64) + 1970
    )
    found: dict[str, list[int]] = {}
    for pair in np.unique(codes[known].astype(np.int64) * _YEARS + years).tolist():
        found.setdefault(str(towns[pair // _YEARS]), []).append(pair % _YEARS)
    return {town: tuple(own) for town, own in found.items()}


_YEARS = 10_000
"""More than any year: town and year become one number."""
