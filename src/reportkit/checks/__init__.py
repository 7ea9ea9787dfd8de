"""Checks: every error that a report would be sent back for, with the cell and what to do."""

from reportkit.checks.check import RULES, check_dossier, check_report
from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Registry, Rule, in_order

__all__ = [
    "RULES",
    "Context",
    "Hit",
    "Registry",
    "Rule",
    "check_dossier",
    "check_report",
    "in_order",
]
