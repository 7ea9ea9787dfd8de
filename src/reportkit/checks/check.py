"""Check one report: every rule that applies, in a fixed order."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from reportkit.checks.context import Context
from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.checks.registry import Registry, in_order
from reportkit.checks.rules import (
    arithmetic,
    blanks,
    claims,
    copied,
    county,
    declared,
    history,
    law,
    marks,
    names,
    slips,
    text,
    words,
    years,
)
from reportkit.finding import Finding
from reportkit.report import TownReport

FAMILIES = (
    arithmetic,
    blanks,
    years,
    history,
    county,
    declared,
    law,
    text,
    claims,
    words,
    marks,
    slips,
    names,
    copied,
)
"""The modules whose ``RULES`` make up the registry."""

RULES = Registry(tuple(family.RULES for family in FAMILIES))
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


class WithPast(Protocol):
    """A report with what is known of the years before it."""

    @property
    def report(self) -> TownReport:
        """The report itself."""
        ...

    @property
    def previous(self) -> TownReport | None:
        """Last year's."""
        ...

    @property
    def history(self) -> tuple[TownReport, ...]:
        """Those of some years, oldest first, the report last."""
        ...


def check_dossier(dossier: WithPast, deadlines: Deadlines = NO_DEADLINES) -> tuple[Finding, ...]:
    """Return what the rules find in a report that comes with its past; ``deadlines`` are those that params set."""
    known = Context(history=dossier.history[:-1], deadlines=deadlines)
    return check_report(dossier.report, dossier.previous, known)
