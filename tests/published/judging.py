"""How a reading is judged: nothing certain may differ from what was printed."""

from __future__ import annotations

from collections.abc import Mapping

from reportkit.form import CellValue
from reportkit.published import PublishedReport, read_bytes


def read_one(text: str, name: str = "") -> PublishedReport:
    """Read a text or page that holds one report."""
    name = name or ("report.html" if text.startswith("<") else "report.txt")
    (read,) = read_bytes(text.encode(), name)
    return read


def certain(read: PublishedReport) -> set[str]:
    return {a for a, reading in read.readings.items() if reading.confidence == "certain"}


def wrong(read: PublishedReport, values: Mapping[str, CellValue]) -> dict[str, object]:
    """Return the certain cells that differ from what was printed."""
    missing = object()
    return {
        address: (read.report.cells[address], values.get(address))
        for address in certain(read)
        if values.get(address, missing) != read.report.cells[address]
    }
