"""A report's dossier, derived before its notebook runs.

A run derives it in a process that lives long, where a town's registers are read once for all its years and nothing has to
be copied after a fork. It is a pickle: like a slice it is made and read by one run, and is no format to keep.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from typing import Final

from reportkit.report import TownReport
from reportkit.sources.dossier import Dossier

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
