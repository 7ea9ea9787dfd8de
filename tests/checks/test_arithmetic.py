"""The form's arithmetic: what fails, what holds, and what nobody can tell."""

from __future__ import annotations

from itertools import product
from math import inf

import pytest

from reportkit.checks import check_report
from reportkit.checks.rules.blanks import narrow
from reportkit.finding import Finding
from reportkit.form import EDITIONS, Cells, load_edition, total
from tests.checks.conftest import Make

KINDS = (
    "natural_person",
    "enterprise",
    "research_institute",
    "social_organisation",
    "legal_service",
    "other_organisation",
)


def found(findings: tuple[Finding, ...], code: str, level: str = "error") -> list[Finding]:
    """Return the findings of a rule at a level."""
    return [f for f in findings if f.code == code and f.level == level]


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_zero_is_silent(make: Make, edition: str) -> None:
    assert check_report(make(edition=edition)) == ()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_identity_fails_alone(make: Make, edition: str) -> None:
    """Each equation, broken by one cell, is found under its code with its cells and both sides."""
    for identity in load_edition(edition).arithmetic:
        address = identity.right[0].address
        findings = found(check_report(make({address: 3}, edition=edition)), identity.code)
        hit = next(f for f in findings if set(f.cells) == {t.address for t in identity.terms})
        assert hit.left == 0
        assert hit.right == 3
        assert "相差 3" in hit.message


def test_blank_total_has_its_only_value(make: Make) -> None:
    cells = {f"t3.received.{kind}": 2 for kind in KINDS} | {"t3.received.total": None}
    hits = found(check_report(make(cells)), "T3-TOTAL", "info")
    assert [(f.cells, f.right) for f in hits] == [(("t3.received.total",), 12)]
    assert "只能是 12" in hits[0].message


def test_parts_that_equal_the_total_leave_blanks_at_zero(make: Make) -> None:
    cells = {
        **dict.fromkeys((f"t3.received.{kind}" for kind in KINDS[1:]), None),
        "t3.received.natural_person": 12,
        "t3.received.total": 12,
    }
    findings = check_report(make(cells))
    assert not found(findings, "T3-TOTAL")
    (hit,) = found(findings, "T3-TOTAL", "info")
    assert (len(hit.cells), hit.right) == (5, 0)


def test_parts_beyond_the_total_fail_in_spite_of_blanks(make: Make) -> None:
    cells = {
        "t3.received.natural_person": 4,
        "t3.received.enterprise": None,
        "t3.received.total": 3,
    }
    (hit,) = found(check_report(make(cells)), "T3-TOTAL")
    assert (hit.left, hit.right) == (4, 3)


def test_two_blanks_nobody_can_tell(make: Make) -> None:
    cells = {"t4.reconsideration.upheld": None, "t4.reconsideration.total": None}
    (hit,) = check_report(make(cells))
    assert (hit.code, hit.level, hit.right) == ("T4-TOTAL", "info", None)
    assert set(hit.cells) == set(cells)


def test_unknown_tables_do_not_flood(make: Make) -> None:
    report = make()
    findings = check_report(report.with_(cells=Cells(load_edition("2021"))))
    told = [(f.code, f.level) for f in findings if f.code.startswith("T")]
    assert told == [("T3-TOTAL", "info"), ("T4-TOTAL", "info")]


def test_many_blanks_are_told_once_a_rule(make: Make) -> None:
    form = load_edition("2021")
    cells = {f"t3.{row.code}.total": None for row in form.tables["t3"].rows}
    findings = check_report(make(cells))
    assert len(found(findings, "T3-TOTAL", "info")) == 1
    assert {f.level for f in findings} == {"info"}


def test_negative_count_and_signed_change(make: Make) -> None:
    (hit,) = found(check_report(make({"t2.charges.amount": "-0.5"})), "C-NEGATIVE")
    assert hit.cells == ("t2.charges.amount",)
    assert check_report(make({"t2.licensing.items_change": -2}, edition="2019")) == ()


def test_no_table_no_arithmetic(make: Make) -> None:
    report = make()
    bare = report.with_(edition=None, cells={})
    assert {f.code for f in check_report(bare)} <= {"C-VALUE", "X-TABLE"}


def test_order_is_fixed_and_each_finding_once(make: Make) -> None:
    report = make(
        {"t3.received.total": 1, "t4.litigation_direct.total": 1, "t3.granted.total": None}
    )
    findings = check_report(report)
    assert findings == check_report(report)
    assert len(set(findings)) == len(findings)
    levels = [f.level for f in findings]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_what_all_lines_together_decide_is_told(make: Make) -> None:
    """Neither the row (two blanks) nor the column (two blanks) alone says what it must be."""
    cells = {
        "t3.received.natural_person": None,
        "t3.received.enterprise": None,
        "t3.carried_in.natural_person": None,
        "t3.received.total": 3,
        "t3.granted.natural_person": 3,
        "t3.granted.total": 3,
        "t3.handled.natural_person": 3,
        "t3.handled.total": 3,
    }
    (hit,) = found(check_report(make(cells)), "T-BLANK", "info")
    assert (hit.cells, hit.right) == (("t3.received.natural_person",), 3)


def test_narrowing_never_leaves_out_a_possible_value() -> None:
    """Count out every filling of the blanks of one row of disputes against its bounds."""
    form = load_edition("2021")
    row = [f"t4.reconsideration.{c}" for c in ("upheld", "corrected", "other", "pending", "total")]
    for given in ((None, None, 1, 0, 4), (2, None, None, None, 2), (None, 0, 0, 0, None)):
        values = {**dict.fromkeys(form.addresses, 0), **dict(zip(row, given, strict=True))}
        cells = Cells(form, values)
        bounds, impossible = narrow(form, cells.in_order())
        assert impossible is None
        blanks = [address for address, value in zip(row, given, strict=True) if value is None]
        possible = []
        for filling in product(range(6), repeat=len(blanks)):
            full = [values[a] for a in row]
            for address, value in zip(blanks, filling, strict=True):
                full[row.index(address)] = value
            if total(full[:4]) == full[4]:
                possible.append(filling)
        for at, address in enumerate(blanks):
            seen = {filling[at] for filling in possible}
            assert bounds[address].low == min(seen)
            assert bounds[address].high in (max(seen), inf)
