"""Check one report: every rule that applies, in a fixed order."""

from __future__ import annotations

from dataclasses import replace

from reportkit.checks import arithmetic, law, marks, names, text, years
from reportkit.checks.context import Context
from reportkit.checks.registry import Registry, in_order
from reportkit.finding import Finding
from reportkit.report import TownReport

RULES = Registry((arithmetic.RULES, years.RULES, law.RULES, text.RULES, marks.RULES, names.RULES))
"""Every rule."""


def check_report(
    report: TownReport, previous: TownReport | None = None, context: Context | None = None
) -> tuple[Finding, ...]:
    """Return what the rules find in a report, gravest first; the report's own findings aside.

    ``previous`` is the same body's report of the year before and goes before the context's.
    """
    known = context or Context()
    if previous is not None:
        known = replace(known, previous=previous)
    return in_order(finding for each in RULES for finding in each.findings(report, known))
