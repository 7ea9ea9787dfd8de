"""Any single cell of a balanced report changed: a finding names it. And a balanced one has no error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.checks import check_report
from reportkit.checks.repair import repairs
from reportkit.form import EDITIONS, load_edition
from reportkit.report import TownReport
from tests.checks.strategies import balanced_reports


def under(edition: str) -> list[str]:
    """Return every cell under an identity of the form."""
    form = load_edition(edition)
    return sorted({t.address for identity in form.arithmetic for t in identity.terms})


def test_the_cells_under_an_identity_are_the_tables_three_and_four() -> None:
    for edition in EDITIONS:
        form = load_edition(edition)
        assert under(edition) == sorted(
            cell.address for table in ("t3", "t4") for cell in form.tables[table].cells()
        )


@given(balanced_reports())
def test_a_balanced_report_has_no_error(report: TownReport) -> None:
    assert not [f for f in check_report(report) if f.level == "error"]
    assert repairs(report.cells) == ()


@settings(max_examples=15)
@given(balanced_reports(), st.integers(-3, 60).filter(bool))
def test_every_changed_cell_is_named(report: TownReport, shift: int) -> None:
    """All cells under an identity, one after the other, each made larger or smaller."""
    for address in under(str(report.edition)):
        value = report.cells[address]
        assert isinstance(value, int)
        changed = report.with_(cells=report.cells.replace({address: value + shift}))
        named = [f for f in check_report(changed) if f.level == "error" and address in f.cells]
        assert named, address


@settings(max_examples=15)
@given(balanced_reports())
def test_every_blanked_cell_has_its_value(report: TownReport) -> None:
    """A blank in a balanced report can have one value only, and no error comes of it."""
    for address in under(str(report.edition)):
        blanked = report.with_(cells=report.cells.replace({address: None}))
        findings = check_report(blanked)
        assert not [f for f in findings if f.level == "error"]
        told = [f for f in findings if f.cells == (address,) and f.code.startswith(("T3", "T4"))]
        assert {f.level for f in told} == {"info"}
        values = {f.right for f in told}
        assert values == {report.cells[address]}, address


@settings(max_examples=25)
@given(balanced_reports(), st.data())
def test_the_mend_of_one_changed_cell_restores_it(report: TownReport, data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(under(str(report.edition))))
    value = report.cells[address]
    assert isinstance(value, int)
    wrong = value + data.draw(st.integers(1, 500))
    (part,) = repairs(report.cells.replace({address: wrong}))
    assert all(len(option.changes) == 1 for option in part.options)
    changes = [option.changes[0] for option in part.options]
    assert (address, wrong, value) in {(c.address, c.now, c.should) for c in changes}
    for change in changes:
        mended = report.cells.replace({address: wrong}).replace({change.address: change.should})
        assert not [f for f in check_report(report.with_(cells=mended)) if f.level == "error"], (
            change
        )


@pytest.mark.parametrize("edition", EDITIONS)
def test_unknown_years_and_kinds_raise_nothing(edition: str) -> None:
    """Every rule runs on a report of which hardly anything is known."""
    form = load_edition(edition)
    report = TownReport.from_dict(
        {
            "schema": "reportkit.report/1",
            "town": {"id": None, "name": ""},
            "year": None,
            "edition": edition,
            "cells": dict.fromkeys(form.addresses),
            "facts": {},
            "sections": {"s1": "", "s9": "？"},
        }
    )
    assert {f.level for f in check_report(report)} <= {"warning", "info"}


@given(balanced_reports(), st.data())
def test_absurd_numbers_and_blanks_raise_nothing(report: TownReport, data: st.DataObject) -> None:
    """Whatever a file holds, the rules answer."""
    addresses = list(load_edition(str(report.edition)).addresses)
    changes = data.draw(
        st.dictionaries(
            st.sampled_from(addresses),
            st.none() | st.sampled_from((-1, 10**13, 10**23)),
            max_size=30,
        )
    )
    broken = report.with_(cells=report.cells.replace(changes))
    assert check_report(broken, report.with_(year=(report.year or 0) - 1))
    repairs(broken.cells)
