"""Blanks in several equations at once: what all identities together still let them be.

Each identity alone may leave a blank open that two of them together decide, or decide it twice in
different ways: then something is wrong though no single sum is. Bounds are narrowed from equation
to equation until nothing changes; that is always true, though it need not find all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.solve import Equation, equations, outcome
from reportkit.checks.wording import cell_name, cell_names, line_name, number_or_blank
from reportkit.form import CellValue, Edition
from reportkit.report import TownReport

_ROUNDS = 60


MOST_EXACT = 10**12
"""Numbers from here on are no count of any office, and bounds would not be exact."""


@dataclass(slots=True)
class ValueRange:
    """What a blank can be: from ``low`` to ``high``; whole numbers, or infinite where it is open."""

    low: float = 0
    high: float = inf


def narrow(
    edition: Edition, values: Sequence[CellValue]
) -> tuple[dict[str, ValueRange], Equation | None]:
    """Narrow the bounds of every blank; return them with the first equation that cannot hold.

    Equations with a cell that may be negative are passed over.
    """
    bounds = {
        place: ValueRange()
        for place, (address, value) in enumerate(zip(edition.addresses, values, strict=True))
        if value is None and edition.cells[address].column.type == "count"
    }
    every = [
        (equation, [(p, s) for p, s in (*equation.left, *((q, -s) for q, s in equation.right))])
        for code in dict.fromkeys(identity.code for identity in edition.arithmetic)
        for equation in equations(edition.code, code)
        if not equation.free
    ]
    touched = [(equation, terms) for equation, terms in every if any(p in bounds for p, _ in terms)]
    for _ in range(_ROUNDS):
        changed = False
        for equation, terms in touched:
            moved = _narrow(terms, values, bounds)
            if moved is None:
                return _named(edition, bounds), equation
            changed |= moved
        if not changed:
            break
    return _named(edition, bounds), None


def _named(edition: Edition, bounds: dict[int, ValueRange]) -> dict[str, ValueRange]:
    return {edition.addresses[place]: each for place, each in bounds.items()}


def _narrow(
    terms: Sequence[tuple[int, int]], values: Sequence[CellValue], bounds: Mapping[int, ValueRange]
) -> bool | None:
    """Narrow the blanks of one equation; say whether one moved, ``None`` where it cannot hold."""

    def span(place: int, sign: int) -> tuple[float, float]:
        value = values[place]
        low, high = (
            (bounds[place].low, bounds[place].high) if value is None else (int(value), int(value))
        )
        return (low, high) if sign > 0 else (-high, -low)

    moved = False
    for at, (place, sign) in enumerate(terms):
        if values[place] is not None:
            continue
        rest = [span(*term) for other, term in enumerate(terms) if other != at]
        least, most = sum(low for low, _ in rest), sum(high for _, high in rest)
        low, high = (-most, -least) if sign > 0 else (least, most)  # all terms sum to nought
        mine = bounds[place]
        if low > mine.low or high < mine.high:
            mine.low, mine.high = max(low, mine.low), min(high, mine.high)
            moved = True
        if mine.low > mine.high:
            return None
    return moved


@rule(
    "T-BLANK",
    "error",
    statement="各条勾稽关系对空白格的推算互不矛盾。",
    basis="年度报告格式（国办公开办函〔2019〕60号、〔2021〕30号）所附勾稽关系",
    example="按行算空白格只能是 3，按列算只能是 0。",
)
def together(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Judge the blanks by all identities together, where none fails by itself."""
    values = report.cells.in_order()
    if report.edition is None or None not in values:
        return
    if any(value is not None and value >= MOST_EXACT for value in values):
        return
    edition = report.cells.edition
    codes = dict.fromkeys(identity.code for identity in edition.arithmetic)
    alone: set[str] = set()
    for code in codes:
        for equation in equations(edition.code, code):
            found = outcome(equation, values, edition.addresses)
            if found is None:
                continue
            if found.state == "fails":
                return  # told by its own rule; what follows from it would only mislead
            alone |= found.forced.keys()
    bounds, impossible = narrow(edition, values)
    if impossible is not None:
        blanks = [t.address for t in impossible.identity.terms if report.cells[t.address] is None]
        yield Hit(
            message=(
                f"{line_name(edition, impossible.identity)}的空白格（{cell_names(edition, blanks)}）"
                "按各条勾稽关系推算互相矛盾，填什么数都不平。请核对所在各行各列已填的数。"
            ),
            cells=tuple(t.address for t in impossible.identity.terms),
        )
        return
    only = {
        a: int(each.low) for a, each in bounds.items() if each.low == each.high and a not in alone
    }
    if only:
        zero = not any(only.values())
        told = (
            f"{cell_names(edition, only)}只能是 0"
            if zero
            else "、".join(
                f"{cell_name(edition, a)}只能是 {number_or_blank(v)}" for a, v in only.items()
            )
        )
        yield Hit(
            level="info",
            message=f"各条勾稽关系合起来看，{told}。空白不等于 0，请核实后补填。",
            cells=tuple(only),
            right=next(iter(only.values())) if len(only) == 1 else 0 if zero else None,
        )


RULES: tuple[Rule, ...] = (together,)
