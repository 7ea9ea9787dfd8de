"""Real published reports: what must be found in them is found, and no other error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportkit.checks import Context, check_report
from reportkit.finding import Finding
from reportkit.published import read_file

RULES_OF: Mapping[str, frozenset[str]] = {
    "regulation-by-body-without-power": frozenset({"L-REGULATION"}),
    "wrong-edition-for-year": frozenset({"L-EDITION"}),
    "decision-count-equals-item-count": frozenset({"L-DECISIONS"}),
    "narrative-vs-table-contradiction": frozenset({"C-VALUE"}),
    "narrative-internal-contradiction": frozenset(
        {"C-BALANCE", "C-PARTS", "C-PERCENT", "C-CONFLICT"}
    ),
    "year-mismatch": frozenset({"X-YEAR"}),
    "copy-paste-other-unit": frozenset({"X-OTHER"}),
    "row-total-blank": frozenset({"T3-TOTAL"}),
}
"""The rule, or one of the rules, that each flag of the records asks for."""

NOT_IN_THE_TEXT = {("112", "copy-paste-other-unit")}
"""Flags whose evidence the shortened text no longer has: the record 112 names no other body."""


CORPUS = Path(__file__).parents[1] / "published" / "corpus" / "first"


def records() -> list[dict[str, Any]]:
    """Return the records of the corpus."""
    lines = (CORPUS / "records.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def checked(path: Path) -> tuple[Finding, ...]:
    """Read and check the one report of a file."""
    (read,) = read_file(path)
    return check_report(read.report, context=Context(claims=read.claims))


def test_each_flag_gives_its_finding_and_no_other_error() -> None:
    missing: list[tuple[str, str]] = []
    errors: dict[str, set[str]] = {}
    flags = 0
    for record in records():
        findings = checked(CORPUS / record["file"])
        codes = {f.code for f in findings if f.level != "info"}
        infos = {f.code for f in findings if f.level == "info"}
        for flag in record["flags"]:
            if flag not in RULES_OF or (record["id"], flag) in NOT_IN_THE_TEXT:
                continue
            flags += 1
            found = infos if flag == "row-total-blank" else codes
            if not found & RULES_OF[flag]:
                missing.append((record["id"], flag))
        wanted = set().union(*(RULES_OF.get(flag, set()) for flag in record["flags"]))
        if found_errors := {f.code for f in findings if f.level == "error"} - wanted:
            errors[record["id"]] = found_errors
    assert flags >= 11
    assert missing == []
    assert errors == {}


def test_unflagged_reports_have_no_such_finding() -> None:
    """The rules that the flags ask for say nothing of the other reports."""
    asked = frozenset().union(*RULES_OF.values()) - {"T3-TOTAL"}
    for record in records():
        wanted = set().union(*(RULES_OF.get(flag, set()) for flag in record["flags"]))
        findings = checked(CORPUS / record["file"])
        found = {f.code for f in findings if f.level != "info"} & asked
        assert found <= wanted, record["id"]


def test_the_seed_report(shared: Path) -> None:
    """One stray mark, and nothing of arithmetic, years or a stale year."""
    path = shared / "seed" / "ershilidian-2021.txt"
    if not path.is_file():
        pytest.skip("needs the seed report")
    findings = checked(path)
    marks = [f for f in findings if f.code == "X-PUNCT"]
    assert len(marks) == 1
    assert "活动，》，于" in marks[0].message
    assert marks[0].place is not None
    assert marks[0].place.section == "s6"
    assert not [f for f in findings if f.code.startswith(("T3", "T4", "Y-", "X-YEAR", "C-"))]
    assert not [f for f in findings if f.level == "error"]
