"""A county's own report against the sum of its bodies."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.form import Cells, load_edition
from reportkit.report import Town, TownReport
from reportkit.rollup import roll_up
from reportkit.rollup.against import gaps, steps
from tests.rollup.strategies import counties, report

NEW, OLD = load_edition("2021"), load_edition("2019")


def of(key: str, received: int | None) -> TownReport:
    return report(key, Cells(NEW, {"t3.received.total": received}))


@settings(deadline=None, max_examples=25)
@given(counties())
def test_the_sum_itself_differs_nowhere(reports: list[TownReport]) -> None:
    whole = roll_up(reports)
    assert gaps(whole, whole.report(Town(id="county", name="示例县"))) == ()


@settings(deadline=None, max_examples=25)
@given(counties(), st.sampled_from(NEW.addresses), st.integers(1, 50))
def test_one_cell_that_was_changed_is_found_with_its_difference(
    reports: list[TownReport], address: str, more: int
) -> None:
    whole = roll_up(reports)
    printed = whole.cells.replace({address: (whole.cells[address] or 0) + more})
    own = whole.report(Town(id="county", name="示例县")).with_(cells=printed)
    assert [(gap.address, gap.difference) for gap in gaps(whole, own)] == [(address, more)]


def test_a_body_as_large_as_the_difference_could_explain_it() -> None:
    whole = roll_up([of("a", 3), of("b", 4), of("c", 9)])
    [left_out] = gaps(whole, of("county", 12))
    assert (left_out.difference, left_out.alone) == (-4, ("b",))
    [twice] = gaps(whole, of("county", 25))
    assert (twice.difference, twice.alone) == (9, ("c",))


def test_a_figure_within_the_range_of_an_unknown_sum_is_no_difference() -> None:
    whole = roll_up([of("a", 3)], missing=[of("b", 0).town])
    assert gaps(whole, of("county", 5)) == ()
    [gap] = gaps(whole, of("county", 2))
    assert gap.difference == -1


def test_it_is_laid_on_the_form_that_the_county_used() -> None:
    whole = roll_up([of("a", 3)])
    old = report("county", Cells(OLD, {"t3.received.total": 5}))
    [gap] = gaps(whole, old)
    assert (gap.address, gap.difference) == ("t3.received.total", 2)
    assert gaps(whole, old.with_(edition=None, cells=Cells(NEW))) == ()


def test_the_steps_of_a_waterfall_make_the_sum() -> None:
    whole = roll_up([of(f"t{n}", n) for n in range(12)])
    made = steps(whole, "t3.received.total", 3)
    assert [key for key, _ in made] == ["t11", "t10", "t9", ""]
    assert sum(int(value or 0) for _, value in made) == sum(range(12))
