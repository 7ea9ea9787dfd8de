"""Random reports: figures for every cell of an edition, zeros mostly, as towns have them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from reportkit.form import EDITIONS, CellValue, Edition, load_edition

FIGURES = st.one_of(
    st.just(0),
    st.just(0),
    st.just(0),
    st.integers(1, 9),
    st.integers(10, 99),
    st.integers(100, 20000),
)
SINGLE = st.one_of(st.just(0), st.just(0), st.integers(1, 9))


def _amounts() -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=99999, places=2).map(lambda d: d.normalize() + 0)


def balanced(edition: Edition, values: dict[str, CellValue]) -> dict[str, CellValue]:
    """Make the totals of rows true, where all parts are known."""
    for identity in edition.arithmetic:
        if len({edition.cells[t.address].row.code for t in identity.terms}) > 1:
            continue
        parts = [values[term.address] for term in identity.left]
        total = identity.right[0].address
        if all(isinstance(part, int) for part in parts) and values[total] is not None:
            values[total] = sum(part for part in parts if isinstance(part, int))
    return values


@st.composite
def reports(
    draw: st.DrawFn, *, blanks: bool = False, figures: st.SearchStrategy[int] = FIGURES
) -> tuple[str, dict[str, CellValue]]:
    """Draw an edition's code and a value for each of its cells."""
    edition = load_edition(draw(st.sampled_from(EDITIONS)))
    values: dict[str, CellValue] = {}
    for address, cell in edition.cells.items():
        if blanks and draw(st.integers(0, 9)) < 3:
            values[address] = None
        elif cell.column.type == "decimal":
            values[address] = Decimal(str(draw(_amounts())))
        elif cell.column.type == "signed":
            values[address] = draw(st.integers(-20, 20))
        else:
            values[address] = draw(figures)
    return edition.code, balanced(edition, values)
