"""Declared figures (申报数): totals that a town was only ever told, and that count where there are no case rows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reportkit.finding import Finding
from reportkit.form import CellValue, Edition, plain, total
from reportkit.form.facts import FACTS
from reportkit.registers.data import TownData
from reportkit.registers.derivation.cases import UNKNOWN, Count


def declare(
    data: TownData, year: int, edition: Edition, counts: dict[str, Count]
) -> tuple[frozenset[str], list[Finding]]:
    """Put declared figures where there are no case rows; return those that were put, and what was found.

    What differs from the rows is found.

    A figure may be declared under two codes, as a fact and as its cell: the first one counts, and a
    second one that differs is reported too.
    """
    if "figures" not in data.frames:
        return frozenset(), []
    findings: list[Finding] = []
    declared: set[str] = set()
    figures = data.rows("figures")
    of_year = figures.where(figures.values("year") == year)
    for code, value in zip(of_year.values("code"), of_year.values("value"), strict=True):
        # A fact that is one cell is declared as that cell, so that the two never part.
        address = FACTS[code].cells[0] if code in FACTS and len(FACTS[code].cells) == 1 else code
        if address not in edition.cells and address not in FACTS:
            findings.append(
                Finding(
                    code="FIGURE-EDITION",
                    level="warning",
                    message=f"申报数“{code}”不是{edition.code}年版表格的单元格，未采用。",
                    basis=edition.issued_by,
                )
            )
            continue
        counted = counts.get(address) or _sum_of(address, counts)
        if not counted.rows and address not in declared:
            counts[address] = Count(value, rows=False)
            declared.add(address)
        elif counted.value != value:
            findings.append(_differs(address, edition, counted, value))
    mere_total = "trainings" in declared and counts["trainings"].value
    if mere_total and "training_participants" not in declared:
        counts["training_participants"] = UNKNOWN  # nobody counted heads
    return frozenset(declared), findings


def _differs(address: str, edition: Edition, counted: Count, value: CellValue) -> Finding:
    label = _label(address, edition)
    said = (
        f"台账逐件统计为{_said(counted.value)}，以台账为准。请核对后改正申报数或补全台账。"
        if counted.rows
        else f"而另一行申报为{_said(counted.value)}，以先登记的为准。请核对后删去其中一行。"
    )
    return Finding(
        code="FIGURE-DIFFERS",
        level="error",
        cells=(address,) if address in edition.cells else (),
        message=f"申报数“{label}”为{_said(value)}，{said}",
        left=counted.value,
        right=value,
        basis="台账填写规则",
    )


def _sum_of(code: str, counts: Mapping[str, Count]) -> Count:
    """Return a fact that is the sum of several cells."""
    parts = [counts.get(address, UNKNOWN) for address in FACTS[code].cells]
    return Count(total(part.value for part in parts), any(part.rows for part in parts))


def _label(code: str, edition: Edition) -> str:
    return FACTS[code].label if code in FACTS else edition.cell(code).label


def _said(value: CellValue) -> str:
    return "未知" if value is None else plain(value) if isinstance(value, Decimal) else str(value)
