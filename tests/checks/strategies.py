"""Random reports that balance, for laws that hold of every one."""

from __future__ import annotations

from hypothesis import strategies as st

from reportkit.form import EDITIONS, Cells, CellValue, Edition, load_edition
from reportkit.report import Town, TownReport


@st.composite
def balanced_cells(draw: st.DrawFn, edition: Edition) -> Cells:
    """Draw cells that satisfy every identity: cases are counted one by one into rows and columns."""
    values: dict[str, CellValue | str] = dict.fromkeys(edition.addresses, 0)

    def count(row: str, column: str, number: int) -> None:
        for target in (column, "total"):
            address = f"t3.{row}.{target}"
            values[address] = int(str(values[address])) + number

    columns = [c.code for c in edition.tables["t3"].blocks[0].columns if c.code != "total"]
    outcomes = [row.code for row in edition.outcome_rows()]
    cases = st.tuples(
        st.sampled_from(("received", "carried_in")),
        st.sampled_from([*outcomes, "carried_forward"]),
        st.sampled_from(columns),
        st.integers(1, 40),
    )
    for came, went, column, number in draw(st.lists(cases, max_size=12)):
        count(came, column, number)
        count(went, column, number)
        if went != "carried_forward":
            count("handled", column, number)
    results = [c.code for c in edition.tables["t4"].blocks[0].columns if c.code != "total"]
    for row in edition.tables["t4"].rows:
        parts = {result: draw(st.integers(0, 6)) for result in results}
        values |= {f"t4.{row.code}.{result}": number for result, number in parts.items()}
        values[f"t4.{row.code}.total"] = sum(parts.values())
    return Cells(edition, values)


@st.composite
def balanced_reports(draw: st.DrawFn) -> TownReport:
    """Draw a balanced report on either edition, in a year that the edition is due for."""
    code = draw(st.sampled_from(EDITIONS))
    years = {"2019": (2019, 2020), "2021": (2021, 2025)}[code]
    return TownReport(
        town=Town(id="yunxi", name="云溪镇", county="示例县", kind="town"),
        year=draw(st.integers(*years)),
        edition=code,
        cells=draw(balanced_cells(load_edition(code))),
    )
