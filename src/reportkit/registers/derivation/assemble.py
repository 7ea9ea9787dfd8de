"""One town's registers to its report of a year: figures, prose, and what its data have wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from reportkit.finding import Finding, Place
from reportkit.form import EDITIONS, Edition
from reportkit.masking import mask
from reportkit.registers.data import FIRST_REPORTED, TownData
from reportkit.registers.derivation.booked import booked_findings
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import Numbers, numbers_of
from reportkit.registers.derivation.fees import fee_findings
from reportkit.registers.derivation.narrative import NOT_FILLED, section_texts
from reportkit.registers.derivation.normative import document_findings
from reportkit.registers.derivation.rules import register_rules
from reportkit.registers.derivation.suits import suit_findings
from reportkit.registers.derivation.timeliness import overdue_findings
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.report import TownReport


def numbers_report(data: TownData, year: int, numbers: Numbers) -> TownReport:
    """Return a report of the figures alone, as comparison needs it of another year."""
    return TownReport(
        town=data.town,
        year=year,
        edition=numbers.edition.code,
        cells=numbers.cells,
        facts=numbers.facts,
        provenance=None,
    )


def assemble(
    data: TownData,
    year: int,
    numbers: Numbers,
    before: Numbers | None,
    published_on: date | None = None,
) -> TownReport:
    """Return the report of a year: ``numbers`` with prose and the findings of the data.

    ``before`` are last year's numbers, ``None`` where last year is not known.
    """
    sections = {
        code: mask(text)
        for code, text in section_texts(narrative_texts(data, year), year, numbers, before).items()
    }
    findings = [
        *(fault.finding for fault in data.faults(year)),
        *numbers.findings,
        *_never_seen(data, year, numbers.edition),
        *_uncovered(data, year, numbers),
        *_missing_sections(numbers.edition, sections),
    ]
    if data.covers("applications", year):
        applications = data.rows("applications", year)
        findings += [*fee_findings(applications, year), *overdue_findings(applications, year)]
    findings += booked_findings(data, year)
    if data.covers("documents", year):
        findings += document_findings(data, year)
    if data.covers("disputes", year):
        findings += suit_findings(data, year)
    return TownReport(
        town=data.town,
        year=year,
        edition=numbers.edition.code,
        published_on=published_on,
        cells=numbers.cells,
        facts=numbers.facts,
        sections=sections,
        findings=tuple(findings),
        provenance=_provenance(data, year),
    )


def set_aside_rows(data: TownData, year: int) -> int:
    """Return how many rows, seen as of the year's end, stand in no figure (未计入)."""
    return sum(fault.finding.level == "error" for fault in data.faults(year))


def monthly_disclosures(data: TownData, year: int) -> Mapping[str, tuple[int, ...]] | None:
    """Return the items disclosed in each month of a year by channel, or ``None`` where no rows tell.

    Channels come in the register's order, those without an item are left out.
    """
    if not data.covers("disclosures", year):
        return None
    items_of = data.rows("disclosures")
    months = items_of.days("published_on").astype("datetime64[M]").astype(np.int64)
    months = months - 12 * (year - 1970)
    rows = np.flatnonzero((months >= 0) & (months < 12))
    if not len(rows):
        return None
    items: dict[str, list[set[str]]] = {}
    channels = items_of.values("channel")
    numbers = items_of.values("item_no")
    for row in rows:
        items.setdefault(channels[row], [set() for _ in range(12)])[months[row]].add(numbers[row])
    order = REGISTERS["disclosures"].column("channel").codes or {}
    return {
        channel: tuple(len(month) for month in items[channel])
        for channel in order
        if channel in items
    }


def known_numbers(cases: Cases, year: int) -> Numbers | None:
    """Return a year's numbers, or ``None`` where nothing of that year is known or it had no form."""
    if year < FIRST_REPORTED:
        return None
    numbers = numbers_of(cases, year)
    return numbers if numbers.known else None


def narrative_texts(data: TownData, year: int) -> dict[str, str]:
    """Return the register's text of each section of the year: its rows in order, a paragraph each."""
    if "narratives" not in data.frames:
        return {}
    rows = data.rows("narratives")
    rows = rows.where(rows.values("year") == year)
    columns = (rows.values(name) for name in ("position", "section", "text"))
    texts: dict[str, list[str]] = {}
    for _, section, text in sorted(zip(*columns, strict=True), key=lambda row: row[0]):
        texts.setdefault(section, []).append(text)
    return {section: "\n\n".join(parts) for section, parts in texts.items()}


@cache
def _superseded(code: str) -> frozenset[str]:
    """Return the registers that only editions older than this one count in their ``t2``."""
    used = [{rule.register for rule in register_rules(each).values()} for each in EDITIONS]
    now = EDITIONS.index(code)
    return frozenset[str]().union(*used[:now]).difference(*used[now:])


def _uncovered(data: TownData, year: int, numbers: Numbers) -> list[Finding]:
    """Say in one info finding each which registers are not known for the year."""
    return [
        Finding(
            code="REGISTER-UNKNOWN",
            level="info",
            message=(
                f"{year}年没有登记“{REGISTERS[name].heading}”，由它得出的数据按未知处理，不作零计。"
                "如当年确有登记，请在“登记范围”中注明。"
            ),
            basis="台账填写规则",
            place=Place(register=name),
        )
        for name in _needed(numbers.edition)
        if not data.said_kept(name, year)
    ]


def _needed(edition: Edition) -> list[str]:
    """Return the case registers that a report on an edition counts."""
    return [name for name in CASE_REGISTERS if name not in _superseded(edition.code)]


def _never_seen(data: TownData, year: int, edition: Edition) -> list[Finding]:
    """Say in one error finding each which registers are said to be kept in the year, and nobody has seen."""
    findings = []
    for name in _needed(edition):
        if name not in data.absent or not data.said_kept(name, year):
            continue
        absent = data.absent[name]
        place = "".join([absent.file or "", f"“{absent.sheet}”表" if absent.sheet else ""])
        message = (
            f"“登记范围”注明{year}年登记“{REGISTERS[name].heading}”，但{place}{absent.why}。"
            f"由它得出的数据按未知处理，不作零计。{absent.how}。"
        )
        findings.append(
            Finding(
                code="REGISTER-MISSING",
                level="error",
                message=message.replace("？。", "？"),
                basis="台账填写规则",
                place=Place(register=name, file=absent.file, sheet=absent.sheet),
            )
        )
    return findings


def _missing_sections(edition: Edition, sections: Mapping[str, str]) -> list[Finding]:
    return [
        Finding(
            code="SECTION-EMPTY",
            level="error",
            message=f"“{section.title}”未填写。请在“文字部分”补写本节。",
            basis=f"{edition.issued_by}；政府信息公开条例第五十条",
            place=Place(register="narratives", section=section.code),
        )
        for section in edition.sections
        if sections.get(section.code) == NOT_FILLED
    ]


def _provenance(data: TownData, year: int) -> dict[str, Any]:
    """Say how the figures came about: the rows seen, as of the year's end."""
    rows = {name: data.rows_seen(name, year) for name in CASE_REGISTERS if name in data.frames}
    return {
        "from": "registers",
        "as_of": f"{year}-12-31",
        "rows": {name: count for name, count in rows.items() if count},
        "covered": [name for name in CASE_REGISTERS if data.covers(name, year)],
    }
