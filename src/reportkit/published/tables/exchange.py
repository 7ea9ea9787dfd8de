"""Exchange: a total and a part in each other's place, found out by the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reportkit.form import CellValue, Edition, Identity, Term
from reportkit.prose.content import Problem
from reportkit.published.tables.settle import Reading, Recognised


def doubt_exchanged(result: Recognised) -> None:
    """Doubt a total and a part where exchanging the two mends the row's arithmetic.

    Where that mends every broken row, of several, the columns are in the wrong order: all of both
    is unread.
    """
    cells = result.edition.cells
    for code, identities in _within_rows(result.edition).items():
        mended: dict[tuple[str, str], list[Identity]] = {}
        broken_rows = 0
        for identity in identities:
            weighed = _weighed(identity, result.values)
            if not sum(weight * number for weight, number in weighed):
                continue
            broken_rows += 1
            total = cells[identity.terms[-1].address].column.code
            for part in _mending(identity, weighed):
                swap = (cells[part.address].column.code, total)
                mended.setdefault(swap, []).append(identity)
        for swap, broken in mended.items():
            whole = identities if 1 < len(broken) == broken_rows else broken
            doubtful = tuple(
                t.address
                for identity in whole
                for t in identity.terms
                if cells[t.address].column.code in swap and t.address in result.readings
            )
            where = result.readings[doubtful[0]].place
            for address in doubtful:
                old = result.readings[address]
                result.values.pop(address, None)
                result.readings[address] = Reading(old.place, old.text, "unread")
            result.problems.append(
                Problem(f"总计与另一列的数像是互换了：换回后勾稽（{code}）才成立", where, doubtful)
            )


def _within_rows(edition: Edition) -> dict[str, list[Identity]]:
    """Return the identities whose terms all lie in one row, by their code."""
    found: dict[str, list[Identity]] = {}
    for identity in edition.arithmetic:
        if len({edition.cells[t.address].row.code for t in identity.terms}) == 1:
            found.setdefault(identity.code, []).append(identity)
    return found


def _weighed(identity: Identity, values: Mapping[str, CellValue]) -> list[tuple[int, int]]:
    """Return each term's weight in left minus right and its number; nothing where one is no whole number."""
    weights = [t.sign for t in identity.left] + [-t.sign for t in identity.right]
    numbers = [n for t in identity.terms if isinstance(n := values.get(t.address), int)]
    return list(zip(weights, numbers, strict=True)) if len(numbers) == len(weights) else []


def _mending(identity: Identity, weighed: Sequence[tuple[int, int]]) -> Iterator[Term]:
    """Yield the parts whose exchange with the total makes left and right equal."""
    difference = sum(weight * number for weight, number in weighed)
    *parts, (weight_of_total, total) = weighed
    for term, (weight, number) in zip(identity.terms, parts, strict=False):
        if difference + (weight - weight_of_total) * (total - number) == 0:
            yield term
