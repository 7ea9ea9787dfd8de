"""Random counties of balanced reports, with some figures blanked out."""

from __future__ import annotations

from hypothesis import strategies as st

from reportkit.form import Cells, load_edition
from reportkit.report import Town, TownReport
from tests.checks.strategies import balanced_cells


@st.composite
def counties(
    draw: st.DrawFn, *, blanks: bool = False, editions: tuple[str, ...] = ("2021",)
) -> list[TownReport]:
    """Draw the reports of one county and one year; each balances where nothing is blanked out."""
    year = 2021 if "2021" in editions else 2020
    reports = []
    for number in range(draw(st.integers(1, 4))):
        form = load_edition(draw(st.sampled_from(editions)))
        cells = draw(balanced_cells(form))
        if blanks:
            gone = draw(st.lists(st.sampled_from(form.addresses), max_size=12))
            cells = cells.replace(dict.fromkeys(gone))
        reports.append(report(f"town-{number}", cells, year))
    return reports


def report(key: str, cells: Cells, year: int = 2021) -> TownReport:
    """Return a report of a town of the sample county."""
    town = Town(id=key, name=f"{key}镇", county="示例县", kind="town", illustrative=True)
    return TownReport(town=town, year=year, edition=cells.edition.code, cells=cells)
