"""docs/rules.md is the registry's, and every code that the program gives stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportkit.checks import RULES, Context, Hit, Registry, Rule
from reportkit.checks.catalogue import ELSEWHERE, render_rules
from tests.checks.conftest import Make


def test_the_document_is_the_registrys(root: Path) -> None:
    """To write it anew: ``render_rules()`` into docs/rules.md."""
    assert (root / "docs" / "rules.md").read_text("utf-8") == render_rules()


def test_every_code_elsewhere_is_listed(root: Path) -> None:
    """Codes given by floors outside of the rules, found in their source text."""
    source = root / "src" / "reportkit"
    given: set[str] = set()
    for folder in ("registers", "run", "published", "export", "notebook"):
        for path in (source / folder).rglob("*.py"):
            given |= set(re.findall(r'"([A-Z]{3,}-[A-Z]+)"', path.read_text("utf-8")))
    assert given - ELSEWHERE.keys() - {each.code for each in RULES} == set()


def _rule(code: str = "A-B", level: str | None = None) -> Rule:
    def function(_report: object, _context: object) -> list[Hit]:
        return [Hit(message="甲", level=level)]  # type: ignore[arg-type]

    return Rule(
        code=code, level="warning", statement="", basis="依据", example="", function=function
    )


def test_a_rule_gives_no_graver_level_than_it_says(make: Make) -> None:
    (finding,) = _rule(level="info").findings(make(), Context())
    assert (finding.level, finding.basis) == ("info", "依据")
    with pytest.raises(ValueError, match="A-B is of level warning and gave error"):
        list(_rule(level="error").findings(make(), Context()))


def test_codes_are_unique_and_found_by_a_near_name() -> None:
    with pytest.raises(ValueError, match="two rules are called A-B"):
        Registry([(_rule(),), (_rule(),)])
    with pytest.raises(KeyError, match="did you mean 'T3-TOTAL'"):
        RULES["T3-TOTALS"]
