"""Checks: every error that a report would be sent back for, with the cell and what to do.

A name is imported when it is first asked for: whoever only shows what was found needs no rule.
"""

from typing import TYPE_CHECKING

from reportkit.lazy import lazily

if TYPE_CHECKING:
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

_FROM = {
    "RULES": "reportkit.checks.check:RULES",
    "Context": "reportkit.checks.context:Context",
    "Hit": "reportkit.checks.registry:Hit",
    "Registry": "reportkit.checks.registry:Registry",
    "Rule": "reportkit.checks.registry:Rule",
    "check_dossier": "reportkit.checks.check:check_dossier",
    "check_report": "reportkit.checks.check:check_report",
    "in_order": "reportkit.checks.registry:in_order",
}

__getattr__ = lazily(__name__, _FROM)
