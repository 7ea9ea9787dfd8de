"""The mend: the fewest cells whose change makes every identity of the form hold, and their values.

An exact small optimisation (mixed integer, HiGHS by scipy): every cell under an identity may take
another whole number, not negative where it is a count; a change costs one, filling a blank costs
nothing. Where several sets of cells are equally small all are listed, up to a number, and none is
chosen: which one is wrong the files of the cases say, not the sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from reportkit.form import Cells, CellValue

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_EXACT = 10**9
"""Numbers from here on are no count of any office, and the solver would not be exact."""

MOST = 12
"""So many equally small repairs are listed."""


@dataclass(frozen=True, slots=True)
class RepairedCell:
    """One cell and the value that it would have to take."""

    address: str
    now: CellValue
    should: int


@dataclass(frozen=True, slots=True)
class Repair:
    """One smallest set of changes that makes all hold."""

    changes: tuple[RepairedCell, ...]
    only: bool
    """These cells can take no other values; else the smallest change of them is given."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """Every smallest repair of one part of the form in which something fails."""

    options: tuple[Repair, ...]
    """Equally small ones, in the form's order; empty where filling blanks is enough, or where last
    year's figures let nothing mend it."""
    complete: bool = True
    """False where there are more than are listed."""


@dataclass(frozen=True)
class _Problem:
    """The identities as a matrix over cells: ``matrix @ values == right``."""

    addresses: tuple[str, ...]
    matrix: NDArray[np.float64]
    right: NDArray[np.float64]
    """What is known from last year, brought to the right."""
    values: tuple[int | None, ...]
    signed: NDArray[np.bool_]

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Which cells are unknown."""
        return np.array([value is None for value in self.values])

    @cached_property
    def now(self) -> NDArray[np.float64]:
        """The values, 0 for unknown ones."""
        return np.array([value or 0 for value in self.values], dtype=float)

    @cached_property
    def gaps(self) -> NDArray[np.float64]:
        """What each identity is off by, blanks at 0."""
        return np.asarray(self.right - self.matrix @ self.now)

    @cached_property
    def reach(self) -> float:
        """How far a cell of a smallest repair can move: all gaps together, or back to 0."""
        return float(np.abs(self.gaps).sum() + max(0.0, -self.now.min()) + 1)


def _problem(cells: Cells, last: Cells | None) -> _Problem:
    edition = cells.edition
    identities = [
        identity
        for identity in edition.arithmetic + edition.cross_year
        if not any(
            term.last and (last is None or last.get(term.address) is None)
            for term in identity.terms
        )
    ]
    under = {t.address for identity in identities for t in identity.terms if not t.last}
    addresses = tuple(address for address in edition.addresses if address in under)
    places = {address: place for place, address in enumerate(addresses)}
    matrix = np.zeros((len(identities), len(addresses)))
    right = np.zeros(len(identities))
    for row, identity in enumerate(identities):
        for side, terms in ((1, identity.left), (-1, identity.right)):
            for term in terms:
                if term.last and last is not None:
                    right[row] -= side * term.sign * float(last[term.address] or 0)
                else:
                    matrix[row, places[term.address]] += side * term.sign
    values = tuple(
        None if (value := cells[address]) is None else int(value) for address in addresses
    )
    signed = np.array([edition.cells[a].column.type == "signed" for a in addresses])
    return _Problem(addresses, matrix, right, values, signed)


def repairs(cells: Cells, last: Cells | None = None, most: int = MOST) -> tuple[Repairs, ...]:
    """Return the smallest repairs of each independent part of the form in which something fails.

    Parts are independent where no identity joins them, as the disputes and the applications.
    ``last`` are last year's cells, which stay as they are; they may make a repair impossible. Where a
    number is beyond exact arithmetic, nothing is proposed.
    """
    known = (*cells.in_order(), *(last.in_order() if last is not None else ()))
    if any(value is not None and not -MOST_EXACT < value < MOST_EXACT for value in known):
        return ()
    return tuple(_smallest(part, most) for part in _parts(_problem(cells, last)) if _fails(part))


def _parts(problem: _Problem) -> Iterator[_Problem]:
    """Split a problem into those that share no cell."""
    left = list(range(len(problem.right)))
    while left:
        rows = [left.pop(0)]
        grown = True
        while grown:
            used = np.any(problem.matrix[rows] != 0, axis=0)
            joined = [row for row in left if np.any(problem.matrix[row, used] != 0)]
            left = [row for row in left if row not in joined]
            rows += joined
            grown = bool(joined)
        columns = np.flatnonzero(np.any(problem.matrix[rows] != 0, axis=0))
        yield _Problem(
            tuple(problem.addresses[column] for column in columns),
            problem.matrix[rows][:, columns],
            problem.right[rows],
            tuple(problem.values[column] for column in columns),
            problem.signed[columns],
        )


def _smallest(problem: _Problem, most: int) -> Repairs:
    """Return every smallest repair of one part."""
    single = _single(problem)
    if single:
        return Repairs(tuple(_repair(problem, each) for each in single[:most]), len(single) <= most)
    found: list[dict[int, int]] = []
    while True:
        try:
            changed = _solve(problem, found)
        except ArithmeticError:  # figures beyond the solver's exactness: say that there may be more
            return Repairs(_in_order(problem, found), complete=False)
        if changed is None or (found and len(changed) > len(found[0])):
            break
        if not changed:
            return Repairs(())  # blanks alone can make it hold
        if len(found) == most:
            return Repairs(_in_order(problem, found), complete=False)
        found.append(changed)
    return Repairs(_in_order(problem, found))


def _single(problem: _Problem) -> list[dict[int, int]]:
    """Return the repairs of one cell, which need no solver; none where there are blanks."""
    if problem.blank.any():
        return []
    failing = problem.gaps != 0
    found = []
    for place in range(len(problem.addresses)):
        column = problem.matrix[:, place]
        if np.any((column != 0) != failing):
            continue
        shifts = set((problem.gaps[failing] / column[failing]).tolist())
        value = problem.now[place] + next(iter(shifts))
        others = np.delete(problem.now, place)[~np.delete(problem.signed, place)]
        if len(shifts) == 1 and (value >= 0 or problem.signed[place]) and np.all(others >= 0):
            found.append({place: int(value)})
    return found


def _in_order(problem: _Problem, found: list[dict[int, int]]) -> tuple[Repair, ...]:
    return tuple(_repair(problem, each) for each in sorted(found, key=sorted))


def _fails(problem: _Problem) -> bool:
    """Say whether an identity does not hold as it stands, or a count is negative; blanks are at 0."""
    if np.any(problem.now[~problem.signed] < 0):
        return True
    return bool(np.any(problem.gaps != 0))


def _solve(problem: _Problem, cuts: Sequence[Mapping[int, int]]) -> dict[int, int] | None:
    """Return the changed cells of one smallest repair with their values, none of ``cuts`` again."""
    from scipy.optimize import (  # noqa: PLC0415  (slow to load)
        Bounds,
        LinearConstraint,
        milp,
    )

    count = len(problem.addresses)
    identity = np.eye(count)
    reach = problem.reach
    known = ~problem.blank
    # variables: the values, then for each cell whether it changes
    cost = np.concatenate([np.zeros(count), known.astype(float)])
    constraints: list[Any] = [
        LinearConstraint(
            np.hstack([problem.matrix, np.zeros_like(problem.matrix)]),
            problem.right,
            problem.right,
        ),
        LinearConstraint(
            np.hstack([identity, -reach * identity])[known], -np.inf, problem.now[known]
        ),
        LinearConstraint(
            np.hstack([identity, reach * identity])[known], problem.now[known], np.inf
        ),
    ]
    whole = problem.gaps != 0  # an identity that fails, without blanks, needs a change in it
    whole &= ~np.any(problem.matrix[:, problem.blank] != 0, axis=1)
    if whole.any():
        touched = (problem.matrix[whole] != 0).astype(float)
        constraints.append(
            LinearConstraint(np.hstack([np.zeros_like(touched), touched]), 1, np.inf)
        )
    for cut in cuts:
        row = np.zeros(2 * count)
        row[[count + place for place in cut]] = 1
        constraints.append(LinearConstraint(row, -np.inf, len(cut) - 1))
    if cuts:  # only equally small ones are wanted
        row = np.concatenate([np.zeros(count), known.astype(float)])
        constraints.append(LinearConstraint(row, -np.inf, len(cuts[0])))
    low = np.where(problem.signed, -np.inf, 0.0)
    result = milp(
        cost,
        integrality=np.ones(2 * count),
        bounds=Bounds(
            np.concatenate([low, np.zeros(count)]),
            np.concatenate([np.full(count, np.inf), known.astype(float)]),
        ),
        constraints=constraints,
        options={"presolve": True},
    )
    if result.x is None:
        return None
    values = np.rint(result.x[:count])
    changed = {
        place: int(values[place])
        for place in range(count)
        if known[place] and values[place] != problem.now[place]
    }
    if np.any(problem.matrix @ values != problem.right) or len(changed) != round(result.fun):
        raise ArithmeticError("a repair that does not hold: the solver left its tolerance")
    return changed


def _repair(problem: _Problem, changed: dict[int, int]) -> Repair:
    columns = problem.matrix[:, list(changed)]
    blanks = problem.matrix[:, problem.blank]
    free = np.linalg.matrix_rank(np.hstack([columns, blanks])) - (
        np.linalg.matrix_rank(blanks) if blanks.size else 0
    )
    return Repair(
        tuple(
            RepairedCell(problem.addresses[place], problem.values[place], value)
            for place, value in sorted(changed.items())
        ),
        only=int(free) == len(changed),
    )
