"""The laws of the roll-up."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.errors import ReportkitError
from reportkit.form import EDITIONS, Cells, load_edition, total
from reportkit.report import Town, TownReport
from reportkit.rollup import RollUp, roll_up
from tests.rollup.strategies import counties, report

NEW, OLD = load_edition("2021"), load_edition("2019")


@settings(deadline=None, max_examples=40)
@given(counties(blanks=True))
def test_a_cell_is_the_sum_of_its_parts(reports: list[TownReport]) -> None:
    whole = roll_up(reports)
    for address, cell in whole.totals.items():
        assert cell.value == total(each.cells[address] for each in reports)
        assert cell.unknown == tuple(
            str(each.town.id) for each in reports if each.cells[address] is None
        )


@settings(deadline=None, max_examples=30)
@given(counties(blanks=True, editions=EDITIONS), st.randoms(use_true_random=False))
def test_the_order_of_the_bodies_does_not_matter(reports: list[TownReport], dice: Random) -> None:
    shuffled = list(reports)
    dice.shuffle(shuffled)
    assert roll_up(shuffled) == roll_up(reports)


@settings(deadline=None, max_examples=40)
@given(counties(editions=("2019",)) | counties(editions=("2021",)))
def test_identities_hold_for_the_whole_where_they_hold_for_each_body(
    reports: list[TownReport],
) -> None:
    cells = roll_up(reports).cells
    known = [i for i in cells.edition.arithmetic if cells.sum(i.left) is not None]
    assert known
    assert all(cells.sum(i.left) == cells.sum(i.right) for i in known)


@settings(deadline=None, max_examples=40)
@given(counties(editions=EDITIONS))
def test_both_editions_of_a_year_balance_where_the_rows_correspond(
    reports: list[TownReport],
) -> None:
    cells = roll_up(reports, edition=OLD).cells  # every row of t3 of 2021 is in one of 2019
    for identity in OLD.arithmetic:
        left, right = cells.sum(identity.left), cells.sum(identity.right)
        assert left is None or right is None or left == right
    assert all(
        cells[f"t3.{row.code}.total"] is not None
        for row in OLD.outcome_rows()
        if OLD.sources(NEW)[f"t3.{row.code}.total"]
    )


@settings(deadline=None, max_examples=60)
@given(counties(), st.data())
def test_the_truth_lies_in_the_range(reports: list[TownReport], data: st.DataObject) -> None:
    gone = data.draw(st.lists(st.sampled_from(NEW.addresses), max_size=30))
    at = data.draw(st.integers(0, len(reports) - 1))
    truth = roll_up(reports).cells
    blanked = list(reports)
    blanked[at] = report(str(reports[at].town.id), reports[at].cells.replace(dict.fromkeys(gone)))
    for address, cell in roll_up(blanked).totals.items():
        true = truth[address]
        if true is None:
            continue
        assert cell.low is None or cell.low <= true
        assert cell.high is None or cell.high >= true
        assert (cell.value is None) == (address in gone)


def _town(key: str, **cells: int | Decimal | None) -> TownReport:
    named = {address.replace("__", "."): value for address, value in cells.items()}
    return report(key, Cells(NEW, named))


def test_a_bounded_blank_makes_a_range() -> None:
    known = Cells(NEW, dict.fromkeys((a for a in NEW.addresses if a.startswith("t4.")), 0))
    blank = known.replace(
        {"t4.reconsideration.total": 5, "t4.reconsideration.upheld": 3}
        | dict.fromkeys(("t4.reconsideration.corrected", "t4.reconsideration.other"))
    )
    whole = roll_up(
        [report("a", known.replace({"t4.reconsideration.corrected": 4})), report("b", blank)]
    )
    cell = whole.totals["t4.reconsideration.corrected"]
    assert (cell.value, cell.low, cell.high, cell.unknown) == (None, 4, 6, ("b",))
    assert cell.bounded


def test_a_body_without_a_report_makes_every_cell_unknown_and_is_named() -> None:
    absent = Town(id="c", name="丙镇", county="示例县", kind="town")
    whole = roll_up([_town("a", t3__received__total=3)], missing=[absent])
    assert all(
        cell.value is None and "c" in cell.unknown and cell.high is None
        for cell in whole.totals.values()
    )
    assert whole.totals["t3.received.total"].low == 3
    assert [key for key, _ in whole.parts("t3.received.total")] == ["a", "c"]


def test_amounts_are_exact() -> None:
    whole = roll_up(
        [
            _town("a", t2__charges__amount=Decimal("0.1")),
            _town("b", t2__charges__amount=Decimal("0.2")),
        ]
    )
    assert whole.cells["t2.charges.amount"] == Decimal("0.3")


def test_what_does_not_correspond_is_named() -> None:
    old = report("b", Cells(OLD, dict.fromkeys(OLD.addresses, 1)))
    whole = roll_up([_town("a", t3__received__total=3), old])
    assert whole.edition is NEW
    assert whole.totals["t3.received.total"].value == 4
    assert "t3.other.fee_overdue.total" in whole.not_corresponding["2019"]
    assert whole.left_out["b"]
    assert all(OLD.counterpart(a, NEW) is None for a in whole.left_out["b"])


def test_facts_are_summed_where_every_body_states_them() -> None:
    both = [
        _town("a").with_(facts={"disclosed_items": 3, "trainings": 1}),
        _town("b").with_(facts={"disclosed_items": 4}),
    ]
    assert roll_up(both).facts == {"disclosed_items": 7, "trainings": None}


def test_the_whole_is_a_report() -> None:
    county = Town(id="shili", name="示例县", kind="county", illustrative=True)
    made = roll_up([_town("a", t3__received__total=3)], open_ended=True).report(county)
    assert TownReport.from_json(made.to_json()) == made
    assert made.cells["t3.received.total"] == 3
    assert made.provenance is not None
    assert made.provenance["rolled_up"]["complete"] is False


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ([], "no report"),
        ([_town("a"), _town("a")], "'a' comes twice"),
        ([_town("a"), report("b", Cells(OLD), 2020)], "not of several"),
    ],
)
def test_what_cannot_be_summed_is_refused(reports: list[TownReport], said: str) -> None:
    with pytest.raises(ReportkitError, match=said):
        roll_up(reports)


@settings(deadline=None, max_examples=15)
@given(counties(blanks=True, editions=("2019",)) | counties(blanks=True, editions=("2021",)))
def test_an_independent_query_gives_the_same(reports: list[TownReport]) -> None:
    tidy = pd.DataFrame(
        [
            (each.town.id, address, None if value is None else str(value))
            for each in reports
            for address, value in each.cells.items()
        ],
        columns=["town", "address", "value"],
    )
    with duckdb.connect() as connection:
        connection.register("cells", tidy)
        rows = connection.execute(
            "SELECT address, CASE WHEN count(*) = count(value) THEN sum(value::DECIMAL(38, 9)) END,"
            " list(town ORDER BY town) FILTER (WHERE value IS NULL) FROM cells GROUP BY address"
        ).fetchall()
    whole = roll_up(reports)
    assert {address: value for address, value, _ in rows} == dict(whole.cells)
    assert {a: tuple(towns or ()) for a, _, towns in rows} == _unknown(whole)


def _unknown(whole: RollUp) -> dict[str, tuple[str, ...]]:
    return {address: cell.unknown for address, cell in whole.totals.items()}


def test_parts_are_the_largest_first_and_make_the_sum() -> None:
    whole = roll_up([_town(f"t{n}", t3__received__total=n) for n in (3, 9, 1)])
    parts = whole.parts("t3.received.total")
    assert [key for key, _ in parts] == ["t9", "t3", "t1"]
    assert total(part.value for _, part in parts) == whole.cells["t3.received.total"]
