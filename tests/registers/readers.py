"""How the tests read a county that they wrote down."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportkit.registers.data import TownData
from reportkit.registers.derivation.assemble import assemble, known_numbers
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import derive_numbers
from reportkit.registers.reading.folder import Folder
from reportkit.report import TownReport
from tests.registers.strategies import WRITERS, County


@contextmanager
def folder(county: County, kind: str = "csv") -> Iterator[Folder]:
    """Write a county down and read it."""
    with tempfile.TemporaryDirectory() as path:
        WRITERS[kind](county, Path(path))
        yield Folder(Path(path))


def report_of(data: TownData, year: int) -> TownReport:
    """Return the report of any year, whether or not the data name it."""
    cases = Cases(data)
    return assemble(data, year, derive_numbers(cases, year), known_numbers(cases, year - 1))
