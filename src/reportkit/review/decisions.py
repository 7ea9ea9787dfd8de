"""Human decisions over findings, which outlast a re-run and lapse when the values change.

A decision holds for one rule, one body and one year, and for the values that the rule looked at: their
digest stands in the decision. When a value changes the digest does, and the finding is open again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from reportkit.finding import Finding
from reportkit.form import plain
from reportkit.report import TownReport

Verdict = Literal["accepted", "to_mend"]

VERDICTS: Mapping[Verdict, str] = MappingProxyType({"accepted": "已接受", "to_mend": "待改正"})
"""What can be decided: the finding stands as it is with a reason, or the town will mend it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person decided on one finding."""

    rule: str
    town: str
    """The body's id, or its name where a published report has none."""
    year: int | None
    values: str
    """The digest of the values that the rule looked at."""
    decision: Verdict
    reason: str
    who: str
    when: date


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A finding with the decision that holds for it; ``None``: it is open."""

    finding: Finding
    decision: Decision | None = None

    @property
    def accepted(self) -> bool:
        """Say whether it was accepted as it is."""
        return self.decision is not None and self.decision.decision == "accepted"


def body_of(report: TownReport) -> str:
    """Return how decisions name a report's body: its id, else its name."""
    return report.town.id or report.town.name


def digest_of(finding: Finding, report: TownReport) -> str:
    """Return the digest of what a finding looked at: cells with their values, both sides, the text.

    The words of the message do not count, unless there is nothing else.
    """
    place = finding.place
    cells = report.cells.to_json()
    looked: dict[str, object] = {
        "cells": {address: cells.get(address) for address in finding.cells},
        "sides": [
            None if side is None else plain(side) if not isinstance(side, int) else str(side)
            for side in (finding.left, finding.right)
        ],
        "text": [place.section, place.sentence] if place else None,
        "row": [place.register, place.file, place.sheet, place.row, place.column, place.value]
        if place
        else None,
    }
    if not finding.cells and finding.left is None and finding.right is None and place is None:
        looked["message"] = finding.message
    text = json.dumps([finding.code, looked], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def review(
    report: TownReport, findings: Iterable[Finding], decisions: Iterable[Decision]
) -> tuple[Reviewed, ...]:
    """Put each finding together with the decision that holds for it, the latest where there are two."""
    body = body_of(report)
    held: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda each: each.when):
        if decision.town == body and decision.year == report.year:
            held[decision.rule, decision.values] = decision
    return tuple(
        Reviewed(finding, held.get((finding.code, digest_of(finding, report))))
        for finding in findings
    )


def decide(
    report: TownReport, finding: Finding, decision: Verdict, *, reason: str, who: str, when: date
) -> Decision:
    """Make a decision on a finding of a report."""
    return Decision(
        rule=finding.code,
        town=body_of(report),
        year=report.year,
        values=digest_of(finding, report),
        decision=decision,
        reason=reason,
        who=who,
        when=when,
    )
