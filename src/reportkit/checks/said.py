"""What a report's prose says in numbers: its claims, and what they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from reportkit.checks.context import Context
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import cell_name
from reportkit.finding import Place
from reportkit.form import CellValue, Edition, total
from reportkit.form.facts import FACTS
from reportkit.prose.claim import Claim
from reportkit.prose.claims import claims_of
from reportkit.report import TownReport

BASIS = "国办公开办函〔2021〕30号（内容准确）；政府信息公开条例第四十七条"
"""Why what the prose states is held against the tables."""

NOT_THIS_YEAR = re.compile(r"上年|去年|上一年|往年|前年|历年|近[两三四五]年|以来|五年")
"""Words before a number, or in its sentence, that make it another year's."""

_CHANGED = re.compile(r"(?P<more>增加|新增|增)|(?P<less>减少|取消|减)")


@lru_cache(maxsize=64)
def _claims(sections: tuple[tuple[str, str], ...], year: int | None) -> tuple[Claim, ...]:
    return claims_of(dict(sections), year)


def claims(report: TownReport, context: Context) -> tuple[Claim, ...]:
    """Return every claim of a report's prose, in order; a year of its own where one is named."""
    if context.claims is not None:
        return context.claims
    return _claims(tuple(report.sections.items()), report.year)


def known(report: TownReport, about: str) -> CellValue:
    """Return what the tables, else the facts, say; ``None`` where neither does.

    A fact that is the sum of cells is looked up in the cells first: in a published report the
    fact itself comes from the prose, and would only agree with itself.
    """
    fact = FACTS.get(about)
    if fact is None:
        return report.cells.get(about)
    if fact.cells:
        value = total(report.cells.get(address) for address in fact.cells)
        if value is not None:
            return value
    return report.facts.get(about)


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that the prose states of a cell of edition 2019's items."""

    value: int
    sentence: str
    section: str


def stated_items(report: TownReport, context: Context) -> Mapping[str, Stated]:
    """Return what the prose says of the items and decisions of edition 2019's section two.

    «上年度行政许可21项，本年增加19项，处理决定40件» names the row once; the numbers after it in the
    sentence belong to it until another row is named.
    """
    if report.edition is None:
        return {}
    edition = report.cells.edition
    rows = {
        row.label: row.code
        for row in edition.tables["t2"].rows
        if f"t2.{row.code}.items_change" in edition.cells
    }
    if not rows:
        return {}
    found: dict[str, Stated] = {}
    row: str | None = None
    sentence = ""
    for claim in claims(report, context):
        if claim.sentence != sentence:
            row, sentence = None, claim.sentence
        named = [label for label in rows if label in claim.label]
        if named:
            row = rows[max(named, key=claim.label.rindex)]
        if row is None or not isinstance(claim.value, int):
            continue
        column = _column(claim)
        address = f"t2.{row}.{column}"
        if column is not None and address in edition.cells:
            value = claim.value
            less = column == "items_change" and _CHANGED.findall(claim.label)[-1][1]
            found.setdefault(
                address, Stated(-abs(value) if less else value, claim.sentence, claim.section)
            )
    return found


def _column(claim: Claim) -> str | None:
    if "处理决定" in claim.label and claim.unit in ("件", "个", "宗", "份"):
        return "decisions"
    if claim.unit != "项":
        return None
    return "items_change" if _CHANGED.search(claim.label) else "items_last_year"


def subject_of(edition: Edition, code: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of what a claim is about, and its cells."""
    if code in FACTS:
        fact = FACTS[code]
        return f"“{fact.label}”", tuple(cell for cell in fact.cells if cell in edition.cells)
    return cell_name(edition, code), (code,)


def place_of(claim: Claim) -> Place:
    """Return the section and the sentence that a claim stands in."""
    return Place(section=claim.section or None, sentence=quoted(claim.sentence))
