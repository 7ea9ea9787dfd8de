"""What an equation with unknown cells still says: holds, fails, one value, or undetermined.

Counts are not negative. So where the known parts already equal the known total, every unknown
part must be 0 and the equation holds; where they exceed it, it fails; where one cell only is
unknown, its value follows; otherwise it is undetermined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from reportkit.form import Cells, CellValue, Edition, Identity, load_edition
from reportkit.language import _

Number = int | Decimal
State = Literal["holds", "fails", "forced", "unknown", "blank"]


@dataclass(frozen=True, slots=True)
class Equation:
    """An identity of the form, ready for computing: places in the form's order and signs.

    ``left - right = 0`` over ``places``; a place of ``last`` is one of the year before.
    """

    identity: Identity
    left: tuple[tuple[int, int], ...]
    """Place and sign of each term of the left side, in this year's cells."""
    right: tuple[tuple[int, int], ...]
    last: tuple[tuple[str, int], ...]
    """Address and sign of each term of last year's report; they stand on the right."""
    free: frozenset[int]
    """The places whose value may be negative."""


@dataclass(frozen=True, slots=True)
class EquationCheck:
    """What one equation says of one report."""

    equation: Equation
    state: State
    left: Number
    """The sum of the left side's known terms."""
    right: Number
    blank: tuple[str, ...] = ()
    """This year's cells that are unknown."""
    forced: Mapping[str, Number] = field(default_factory=dict)
    """The only values that unknown cells of this year can have."""

    @property
    def cells(self) -> tuple[str, ...]:
        """This year's cells in the equation."""
        return tuple(term.address for term in self.equation.identity.terms if not term.last)


@cache
def equations(edition: str, code: str) -> tuple[Equation, ...]:
    """Return the equations of one rule of an edition, compiled once."""
    form = load_edition(edition)
    return tuple(
        compiled(form, identity)
        for identity in form.arithmetic + form.cross_year
        if identity.code == code
    )


def compiled(form: Edition, identity: Identity) -> Equation:
    """Return an identity ready for computing; raise :class:`ValueError` for one with last year's cells on the left."""
    places = {address: place for place, address in enumerate(form.addresses)}
    sides = [
        tuple((places[term.address], term.sign) for term in side if not term.last)
        for side in (identity.left, identity.right)
    ]
    if any(term.last for term in identity.left):
        raise ValueError(_("{code}: last year's cells stand on the right side", code=identity.code))
    return Equation(
        identity,
        sides[0],
        sides[1],
        tuple((term.address, term.sign) for term in identity.right if term.last),
        frozenset(
            place
            for place, _ in sides[0] + sides[1]
            if form.cells[form.addresses[place]].column.type == "signed"
        ),
    )


def outcome(
    equation: Equation,
    values: Sequence[CellValue],
    addresses: Sequence[str],
    last: Cells | None = None,
) -> EquationCheck | None:
    """Say what an equation tells of a report's values; ``None`` where it plainly holds.

    ``values`` are this year's cells in the form's order. With a term of last year that is not
    known, the equation is ``blank``: it says nothing of this year.
    """
    left: Number = 0
    right: Number = 0
    unknown: list[tuple[int, int]] = []
    for place, sign in equation.left:
        value = values[place]
        if value is None:
            unknown.append((place, sign))
        else:
            left += sign * value
    for place, sign in equation.right:
        value = values[place]
        if value is None:
            unknown.append((place, -sign))
        else:
            right += sign * value
    known_last = 0
    for address, sign in equation.last:
        value = last.get(address) if last is not None else None
        if value is None:
            return EquationCheck(equation, "blank", left, right)
        right += sign * value
        known_last += 1
    if not unknown:
        return None if left == right else EquationCheck(equation, "fails", left, right)
    blank = tuple(addresses[place] for place, _ in unknown)
    if len(unknown) == len(equation.left) + len(equation.right) and not known_last:
        return EquationCheck(equation, "blank", left, right, blank)
    return _with_unknowns(equation, left, right, unknown, blank)


def _with_unknowns(
    equation: Equation,
    left: Number,
    right: Number,
    unknown: list[tuple[int, int]],
    blank: tuple[str, ...],
) -> EquationCheck:
    """Judge an equation in which some cells are known and some are not."""
    gap = right - left  # the sum that the unknown cells, with their signs, must have
    free = any(place in equation.free for place, _ in unknown)
    if not free and (
        (gap < 0 and all(sign > 0 for _, sign in unknown))
        or (gap > 0 and all(sign < 0 for _, sign in unknown))
    ):
        return EquationCheck(equation, "fails", left, right, blank)
    if len(unknown) == 1:
        value = gap * unknown[0][1]
        return EquationCheck(equation, "forced", left, right, blank, {blank[0]: value})
    if not free and gap == 0 and len({sign for _, sign in unknown}) == 1:
        return EquationCheck(equation, "holds", left, right, blank, dict.fromkeys(blank, 0))
    return EquationCheck(equation, "unknown", left, right, blank)
