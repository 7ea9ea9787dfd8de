"""From one town's registers to the cells and facts of a year. docs/derivation.md states every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from reportkit.finding import Finding
from reportkit.form import EDITIONS, Cells, CellValue, Edition, edition_for, load_edition, total
from reportkit.form.facts import FACTS, Fact
from reportkit.registers.derivation.cases import Cases, Count, Year
from reportkit.registers.derivation.declared import declare
from reportkit.registers.derivation.rules import derived, facts_of, register_rules, t3, t4
from reportkit.registers.schema import REGISTERS


@dataclass(frozen=True)
class Numbers:
    """What a year's registers give: cells, facts, and what was found on the way."""

    edition: Edition
    cells: Cells
    facts: Mapping[str, int | Decimal]
    findings: tuple[Finding, ...]
    declared: frozenset[str] = frozenset()
    """The cells and facts that a declared figure gave, and no case rows."""

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the year."""
        return bool(self.facts) or any(value is not None for value in self.cells.values())


def derive_numbers(cases: Cases, year: int) -> Numbers:
    """Derive the cells and facts of a year, declared figures included.

    Raises :class:`~reportkit.errors.FormError` for a year before the first national form.
    """
    data = cases.data
    edition = load_edition(data.edition) if data.edition else edition_for(year)
    this = Year(cases, year)
    counts: dict[str, Count] = {
        address: derived(this, edition.cells[address]) for address in register_rules(edition.code)
    }
    counts |= t3(this, edition) | t4(this, edition) | facts_of(this)
    declared, findings = declare(data, year, edition, counts)
    cells = Cells(edition, {a: counts[a].value for a in edition.addresses})
    facts = {fact.code: _fact(fact, counts, cells) for fact in FACTS.values()}
    known = {code: value for code, value in facts.items() if value is not None}
    return Numbers(edition, cells, known, (*findings, *_blank_amounts(this)), declared)


def numbers_of(cases: Cases, year: int) -> Numbers:
    """Return :func:`derive_numbers`, derived once: a report looks back on the years before its own."""
    if year not in cases.derived:
        cases.derived[year] = derive_numbers(cases, year)
    numbers: Numbers = cases.derived[year]
    return numbers


def _fact(fact: Fact, counts: Mapping[str, Count], cells: Cells) -> CellValue:
    """Return a fact: declared or derived, or the sum of the cells that it is."""
    if fact.code in counts and counts[fact.code].value is not None:
        return counts[fact.code].value
    if fact.cells:
        return total(cells.get(address) for address in fact.cells)
    return None


@cache
def _amounts() -> tuple[tuple[str, str, str], ...]:
    """Return what is summed up on any edition, and the fees: register, amount, date."""
    of_the_form = (
        (rule.register, str(rule.of), rule.date)
        for code in reversed(EDITIONS)
        for rule in register_rules(code).values()
        if rule.measure == "sum"
    )
    return (*dict.fromkeys(of_the_form), ("applications", "fee_yuan", "fee_paid_on"))


def _blank_amounts(year: Year) -> tuple[Finding, ...]:
    """Warn of rows of the year whose amount is blank: they make a sum unknown."""
    findings = []
    for register, column, dated in _amounts():
        if not year.covered(register):
            continue
        mask = year.cases.years(register, dated) == year.year
        blank = [value is None for value in year.cases.column(register, column)[mask]]
        if any(blank):
            heading, money = REGISTERS[register].heading, REGISTERS[register].column(column).heading
            findings.append(
                Finding(
                    code="AMOUNT-BLANK",
                    level="warning",
                    message=f"{heading}有{sum(blank)}行“{money}”为空，合计无法得出，按未统计处理。请补填。",
                    basis="台账填写规则",
                )
            )
    return tuple(findings)
