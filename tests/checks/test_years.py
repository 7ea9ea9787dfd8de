"""One year against the year before."""

from __future__ import annotations

import pytest

from reportkit.checks import Context, check_report
from reportkit.checks.rules.years import last_year
from reportkit.form import load_edition
from tests.checks.conftest import Make


@pytest.mark.parametrize(("edition", "year"), [("2019", 2020), ("2021", 2022)])
def test_every_identity_across_years_fails_alone(make: Make, edition: str, year: int) -> None:
    for identity in load_edition(edition).cross_year:
        last = make({identity.right[0].address: 2}, edition=edition, year=year - 1, sections={})
        findings = check_report(make(edition=edition, year=year), last)
        (hit,) = [f for f in findings if f.code == identity.code]
        assert hit.level == "error"
        assert (hit.left, hit.right) == (0, 2)
        assert identity.left[0].address in hit.cells


def test_silent_where_the_years_agree(make: Make) -> None:
    last = make({"t2.normative_documents.in_force": 5}, year=2021, sections={})
    now = make(
        {
            "t2.normative_documents.made": 2,
            "t2.normative_documents.repealed": 1,
            "t2.normative_documents.in_force": 6,
        }
    )
    assert check_report(now, last) == ()


def test_carried_over_the_change_of_edition(make: Make) -> None:
    last = make({"t3.carried_forward.total": 1}, edition="2019", year=2020, sections={})
    codes = [f.code for f in check_report(make(year=2021), last)]
    assert codes == ["Y-CARRY"]


def test_only_the_year_before_counts(make: Make) -> None:
    last = make({"t3.carried_forward.total": 1}, year=2020, sections={})
    assert check_report(make(year=2022), last) == ()


def test_unknown_last_year_says_nothing(make: Make) -> None:
    last = make(
        {"t3.carried_forward.total": None, "t2.regulations.in_force": None}, year=2021, sections={}
    )
    assert [f for f in check_report(make(), last) if f.code.startswith("Y-")] == []


def test_blank_carried_in_has_last_years_value(make: Make) -> None:
    last = make({"t3.carried_forward.total": 4}, year=2021, sections={})
    hits = [
        f for f in check_report(make({"t3.carried_in.total": None}), last) if f.code == "Y-CARRY"
    ]
    assert [(f.level, f.cells, f.right) for f in hits] == [("info", ("t3.carried_in.total",), 4)]


def test_a_report_without_its_year_or_its_form_is_no_last_year(make: Make) -> None:
    now, last = make(), make({"t3.carried_forward.total": 1}, year=2021, sections={})
    assert last_year(now, Context(previous=last)) is last
    for report, before in (
        (now.with_(year=None), last),
        (now, last.with_(year=None)),
        (now, last.with_(edition=None, cells={})),
        (now, make(year=2020, sections={})),
        (now, None),
    ):
        assert last_year(report, Context(previous=before)) is None
