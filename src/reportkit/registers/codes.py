"""The codes that the form's editions give to the registers: outcomes, applicants, kinds, routes, results.

A register takes the codes of every edition, because one row may count on two of them. The newest
edition's codes and labels come first in order; what only an older edition has stands where it had it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reportkit.form import EDITIONS, Edition, FormColumn, Row, load_edition

_STATES = frozenset({"pending", "total"})
"""Columns of ``t4`` that are no result of a dispute."""


def outcome_codes() -> dict[str, str]:
    """Return what an application can end with: the rows of ``t3`` that ``T3-HANDLED`` sums up."""
    return _merged(Edition.outcome_rows)


def applicant_codes() -> dict[str, str]:
    """Return who can apply: the columns of ``t3`` that ``T3-TOTAL`` sums up."""

    def columns(edition: Edition) -> Iterator[FormColumn]:
        identity = next(i for i in edition.arithmetic if i.code == "T3-TOTAL")
        return (edition.cells[term.address].column for term in identity.left)

    return _merged(columns)


def route_codes() -> dict[str, str]:
    """Return the ways of a dispute: the rows of ``t4``."""
    return _merged(lambda edition: edition.tables["t4"].rows)


def result_codes() -> dict[str, str]:
    """Return the results of a dispute: the columns of ``t4`` but those that say where it stands."""
    return _merged(
        lambda edition: (
            column
            for column in edition.tables["t4"].blocks[0].columns
            if column.code not in _STATES
        )
    )


def kind_codes(register: str, column: str) -> dict[str, str]:
    """Return the codes of a register's column by which cells of ``t2`` are counted: their rows' codes."""

    def rows(edition: Edition) -> Iterator[Row]:
        for cell in edition.tables["t2"].cells():
            rule = cell.derive
            if rule is not None and (rule.register, rule.by) == (register, column):
                yield cell.row

    return _merged(rows)


def narrative_sections() -> dict[str, str]:
    """Return the sections that are prose with their titles; the preface has none and is called 引言."""
    return _by_code(
        [
            [
                (s.code, s.title or "引言")
                for s in load_edition(code).sections
                if s.kind == "narrative"
            ]
            for code in reversed(EDITIONS)
        ]
    )


def _merged(parts: Callable[[Edition], Iterable[Row | FormColumn]]) -> dict[str, str]:
    return _by_code(
        [
            [(part.code, part.label) for part in parts(load_edition(code))]
            for code in reversed(EDITIONS)
        ]
    )


def _by_code(lists: Iterable[list[tuple[str, str]]]) -> dict[str, str]:
    """Merge codes with their labels, the newest list first; an older one's go before what followed them."""
    order: list[str] = []
    labels: dict[str, str] = {}
    for coded in lists:
        for place, (code, label) in enumerate(coded):
            if code in labels:
                continue
            labels[code] = label
            after = (other for other, _ in coded[place + 1 :] if other in order)
            behind = next(after, None)
            order.insert(len(order) if behind is None else order.index(behind), code)
    return {code: labels[code] for code in order}
