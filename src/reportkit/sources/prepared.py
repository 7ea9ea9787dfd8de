"""A report's dossier, derived before its notebook runs.

A run derives it in a process that lives long, where a town's registers are read once for all its years and nothing has to
be copied after a fork. It is a pickle: like a slice it is made and read by one run, and is no format to keep.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportkit.report import Town, TownReport
from reportkit.sources.dossier import Dossier
from reportkit.sources.kept import Kept

if TYPE_CHECKING:
    from reportkit.registers.derivation.behind import Trace
    from reportkit.sources.registers import RegisterSource

SLICE_VARIABLE: Final = "REPORTKIT_SLICE"
"""The environment variable that names the slice of the notebook that is running; see :mod:`reportkit.registers.slices`."""

PREPARED_VARIABLE: Final = "REPORTKIT_PREPARED"
"""The environment variable that names the file of the notebook that is running."""


@dataclass(frozen=True)
class Prepared:
    """A dossier with all that it was made from."""

    uri: str
    """The source's URI."""
    previous: TownReport | None
    """What was to stand in for last year."""
    published_on: date | None
    dossier: Dossier

    def answers(
        self, town: str, year: int, previous: TownReport | None, published_on: date | None
    ) -> bool:
        """Say whether it is what :meth:`~reportkit.sources.dossier.Source.load` would give for these."""
        report = self.dossier.report
        asked = (town, year, previous, published_on)
        return (report.town.id, report.year, self.previous, self.published_on) == asked

    def packed(self) -> bytes:
        """Return it as bytes."""
        return pickle.dumps(self, protocol=pickle.HIGHEST_PROTOCOL)


def parse_prepared(content: bytes) -> Prepared:
    """Return what :meth:`Prepared.packed` packed."""
    prepared: Prepared = pickle.loads(content)  # noqa: S301  # our own run wrote it
    return prepared


class PreparedSource:
    """The one town of a run's notebook, its report derived: a :class:`~reportkit.sources.dossier.Source`.

    Its registers are read where the notebook asks for more, and what reads them is not imported before: a process a
    report that holds neither pandas nor pyarrow starts and ends in a fraction of the time.
    """

    problems: tuple[str, ...] = ()
    marks: Mapping[str, str] = {}  # never written
    placed: frozenset[str] = frozenset()

    def __init__(self, prepared: Prepared, path: Path) -> None:
        self._prepared = prepared
        self._path = path
        self.uri = prepared.uri
        town = prepared.dossier.report.town
        self.towns: Mapping[str, Town] = {str(town.id): town}

    @cached_property
    def _registers(self) -> RegisterSource:
        from reportkit.registers.slices import load_slice  # noqa: PLC0415  # see above
        from reportkit.sources.registers import RegisterSource  # noqa: PLC0415

        _, data = load_slice(self._path)
        return RegisterSource(self.uri, self.towns, lambda _: data)

    def _trace(self, town: str, year: int) -> Trace:
        from reportkit.registers.derivation.behind import Trace  # noqa: PLC0415  # see above
        from reportkit.registers.derivation.cases import Cases  # noqa: PLC0415
        from reportkit.registers.derivation.derive import numbers_of  # noqa: PLC0415

        cases = Cases(self._registers.data(town))
        return Trace(cases, year, numbers_of(cases, year))

    def load(
        self,
        town: str,
        year: int,
        previous: TownReport | None = None,
        published_on: date | None = None,
    ) -> Dossier:
        """Return all for one report: what was derived, where that is what is asked for."""
        if self._prepared.answers(town, year, previous, published_on):
            return replace(self._prepared.dossier, trace=lambda: self._trace(town, year))
        return self._registers.load(town, year, previous, published_on)

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        return self._registers.years(town)

    def digest(self, town: str, year: int) -> str:
        """Return the digest of the slice."""
        return self._registers.digest(town, year)

    def kept(self, body: str) -> Kept:
        """Return what the office keeps of a body."""
        return self._registers.kept(body)

    def pack(self, town: str) -> bytes | None:
        """Return the town's registers as a slice."""
        return self._registers.pack(town)


def prepared_source(uri: str) -> PreparedSource | None:
    """Return the source of the notebook that is running, where a run has derived its report; ``None`` for another URI."""
    ready, path = os.environ.get(PREPARED_VARIABLE), os.environ.get(SLICE_VARIABLE)
    if not ready or not path:
        return None
    prepared = parse_prepared(Path(ready).read_bytes())
    return PreparedSource(prepared, Path(path)) if prepared.uri == uri else None
