"""Extent: how far a report's text reaches, where a reader's text may break off.

A page that was saved in part has no section five, and that says nothing of the report. What is not
there is missing only where something that follows it in the form is there.
"""

from __future__ import annotations

from reportkit.form import Edition
from reportkit.report import TownReport


def reaches(report: TownReport, form: Edition, section: str) -> bool:
    """Say whether the text goes on behind the place of a section.

    A later section of prose tells so, and any known cell of a later table. Behind the last
    table it does where that table is whole: it was not in the middle of it that the text broke off. A
    report that is no published one is whole.
    """
    if report.provenance is not None or report.town.id is not None:
        return True
    order = [s.code for s in form.sections]
    if section not in order:
        return True
    later = form.sections[order.index(section) + 1 :]
    if any(report.sections.get(s.code, "").strip() for s in later):
        return True
    if report.edition is None:
        return False
    cells = report.cells
    tables = [s.table for s in later if s.table]
    if tables:
        return any(
            cells[address] is not None
            for address, cell in cells.edition.cells.items()
            if cell.table in tables
        )
    last = next((s.table for s in reversed(form.sections) if s.table), None)
    return last is not None and all(
        cells[address] is not None
        for address, cell in cells.edition.cells.items()
        if cell.table == last
    )


def is_whole(report: TownReport, form: Edition) -> bool:
    """Say whether the prose is there to its end, so that what it does not say is not said."""
    last = [s.code for s in form.sections if s.kind == "narrative"][-1]
    return last in report.sections or reaches(report, form, last)
