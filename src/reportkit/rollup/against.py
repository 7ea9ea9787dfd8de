"""A county's published report laid against the sum of its bodies: which cell differs, by how much, who could explain it.

That a body's figure is as large as the difference shows that it may have been left out or counted twice; it does
not prove it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportkit.form import CellValue, load_edition, total
from reportkit.report import TownReport
from reportkit.rollup.rollup import RollUp, Total, roll_up


@dataclass(frozen=True, slots=True)
class Gap:
    """One cell that the county printed otherwise than its bodies sum up to."""

    address: str
    published: int | Decimal
    total: Total
    difference: int | Decimal
    """What the county printed minus the sum; where the sum is a range, minus its nearer end."""
    alone: tuple[str, ...]
    """The keys of the bodies whose own figure is as large as the difference: left out, or counted twice."""
    unknown: tuple[str, ...]
    """The keys of the bodies whose figure is not known, where one more of theirs could be the difference."""

    @property
    def size(self) -> int | Decimal:
        """The difference without its sign."""
        return -self.difference if self.difference < 0 else self.difference


def on_the_form_of(whole: RollUp, published: TownReport) -> RollUp:
    """Return the sum on the edition of the form that the county's report is on."""
    if published.edition is None or published.edition == whole.edition.code:
        return whole
    return roll_up(
        whole.reports.values(),
        missing=whole.missing.values(),
        open_ended=whole.open_ended,
        edition=load_edition(published.edition),
    )


def gaps(whole: RollUp, published: TownReport) -> tuple[Gap, ...]:
    """Return every cell that differs, the largest difference first.

    A cell that either does not know is passed over, but for a sum whose range the printed figure lies outside of.

    >>> from reportkit.form import Cells, load_edition
    >>> from reportkit.report import Town
    >>> form = load_edition("2021")
    >>> def report(key, received):
    ...     cells = Cells(form, {"t3.received.total": received})
    ...     return TownReport(town=Town(id=key, name=key), year=2021, edition="2021", cells=cells)
    >>> [gap] = gaps(roll_up([report("a", 3), report("b", 4)]), report("county", 4))
    >>> gap.difference, gap.alone
    (-3, ('a',))
    """
    if published.edition is None:
        return ()
    summed = on_the_form_of(whole, published)
    found = [
        gap
        for address, printed in published.cells.items()
        if printed is not None and (gap := _gap(summed, address, printed)) is not None
    ]
    order = {address: place for place, address in enumerate(summed.edition.addresses)}
    return tuple(sorted(found, key=lambda gap: (-gap.size, order[gap.address])))


def _gap(whole: RollUp, address: str, printed: int | Decimal) -> Gap | None:
    cell = whole.totals[address]
    low, high = cell.low, cell.high
    if low is not None and printed < low:
        difference = printed - low
    elif high is not None and printed > high:
        difference = printed - high
    else:
        return None
    alone = tuple(
        key
        for key, part in whole.parts(address)
        if part.value and part.value in (difference, -difference)
    )
    return Gap(address, printed, cell, difference, alone, cell.unknown if difference > 0 else ())


def steps(whole: RollUp, address: str, most: int) -> Sequence[tuple[str, CellValue]]:
    """Return what the bodies put into a cell for a waterfall, the largest first; the empty key is the rest's."""
    known = [(key, part.value) for key, part in whole.parts(address) if part.value]
    rest = total(value for _, value in known[most:])
    return [*known[:most], *([("", rest)] if known[most:] else [])]
