"""Checks: every error that a report would be sent back for, with the cell and what to do.

A name is imported when it is first asked for: whoever only shows what was found needs no rule.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    "RULES": "reportkit.checks.check",
    "Context": "reportkit.checks.context",
    "Hit": "reportkit.checks.registry",
    "Registry": "reportkit.checks.registry",
    "Rule": "reportkit.checks.registry",
    "check_dossier": "reportkit.checks.check",
    "check_report": "reportkit.checks.check",
    "in_order": "reportkit.checks.registry",
}


def __getattr__(name: str) -> Any:
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_FROM[name]), name)
    return found
