"""Every rule of counting on a few rows, each count worked out by hand. Nothing is read from files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from reportkit.errors import FormError
from reportkit.form import CellValue, Derivation, Edition, load_edition
from reportkit.registers.data import TownData
from reportkit.registers.derivation.cases import Cases, Year
from reportkit.registers.derivation.declared import declare
from reportkit.registers.derivation.derive import Numbers, derive_numbers, numbers_of
from reportkit.registers.derivation.rules import (
    derived,
    measured,
    register_rules,
    rows_measured,
    rules_of,
)
from tests.registers.built import built


def of_year(data: TownData, year: int) -> Numbers:
    return derive_numbers(Cases(data), year)


def not_zero(numbers: Numbers, table: str) -> dict[str, CellValue]:
    """Return the cells of a table that are not 0, without the table's code."""
    begins = f"{table}."
    return {
        address.removeprefix(begins): value
        for address, value in numbers.cells.items()
        if address.startswith(begins) and value != 0
    }


DOCUMENTS = (
    {"kind": "normative_documents", "issued_on": "2021-03-01", "published_on": "2021-03-05"},
    {"kind": "normative_documents", "issued_on": "2020-12-31", "repealed_on": "2022-01-01"},
    {"kind": "regulations", "issued_on": "2022-01-01", "published_on": "2022-12-31"},
    {
        "kind": "normative_documents",
        "issued_on": "2022-12-31",
        "published_on": "2022-12-31",
        "repealed_on": "2022-12-31",
    },
)


@pytest.mark.parametrize(
    ("year", "regulations", "documents"),
    [  # made, repealed, in force
        (2020, (0, 0, 0), (1, 0, 1)),
        (2021, (0, 0, 0), (1, 0, 2)),
        (2022, (1, 0, 1), (1, 2, 1)),
        (2023, (0, 0, 1), (0, 0, 1)),
    ],
)
def test_documents_made_repealed_and_in_force(
    year: int, regulations: tuple[int, ...], documents: tuple[int, ...]
) -> None:
    found = of_year(built(edition="2021", documents=DOCUMENTS), year).cells
    columns = ("made", "repealed", "in_force")
    assert tuple(found[f"t2.regulations.{c}"] for c in columns) == regulations
    assert tuple(found[f"t2.normative_documents.{c}"] for c in columns) == documents


def test_documents_made_public_on_the_older_form() -> None:
    found = of_year(built(edition="2019", documents=DOCUMENTS), 2022).cells
    assert found["t2.regulations.newly_public"] == 1
    assert found["t2.normative_documents.newly_public"] == 1
    assert (
        found["t2.normative_documents.public_total"] == 1
    )  # one was never published, one repealed
    assert of_year(built(edition="2019", documents=DOCUMENTS), 2021).cells[
        "t2.normative_documents.public_total"
    ] == 1  # fmt: skip


def test_decisions_count_by_kind_in_their_year() -> None:
    days = ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01")
    rows = [{"kind": "penalties", "decided_on": day} for day in days]
    rows += [{"kind": "licensing", "decided_on": "2022-06-01"}]
    found = not_zero(of_year(built(decisions=rows), 2022), "t2")
    known = {address: value for address, value in found.items() if value is not None}
    assert known == {"penalties.decisions": 2, "licensing.decisions": 1}


@pytest.mark.parametrize(
    ("amounts", "wan"),
    [
        (("12345.67", "0.01"), Decimal("1.234568")),
        (("10000",), Decimal(1)),
        (("12345.67", None), None),
        ((), Decimal(0)),
    ],
)
def test_charges_are_an_exact_sum_in_ten_thousands(
    amounts: tuple[str | None, ...], wan: Decimal | None
) -> None:
    rows: list[dict[str, Any]] = [
        {"collected_on": "2022-05-01", "amount_yuan": None if a is None else Decimal(a)}
        for a in amounts
    ]
    rows += [{"collected_on": "2021-05-01", "amount_yuan": None}]  # another year's blank
    numbers = of_year(built(charges=rows), 2022)
    assert numbers.cells["t2.charges.amount"] == wan
    blank = [f for f in numbers.findings if f.code == "AMOUNT-BLANK"]
    assert len(blank) == (wan is None)
    for finding in blank:
        assert finding.level == "warning"
        assert finding.message.startswith("行政事业性收费台账有1行“金额（元）”为空，")
        assert finding.basis == "台账填写规则"


ITEMS = (
    {"kind": "licensing", "effective_from": "2018-05-01"},
    {"kind": "licensing", "effective_from": "2018-05-01", "effective_to": "2020-01-01"},
    {"kind": "licensing", "effective_from": "2020-12-31"},
    {"kind": "licensing", "effective_from": "2020-02-01", "effective_to": "2020-12-31"},
    {"kind": "charges", "effective_from": "2018-05-01", "effective_to": "2020-06-01"},
    {"kind": "penalties", "effective_from": "2021-01-01"},
    {"kind": "licensing", "effective_from": "2019-06-01"},
)


def test_items_of_last_year_and_their_change() -> None:
    found = not_zero(of_year(built(items=ITEMS), 2020), "t2")
    known = {address: value for address, value in found.items() if value is not None}
    assert known == {
        "licensing.items_last_year": 3,  # one goes, one comes, one comes and goes
        "charges.items_last_year": 1,
        "charges.items_change": -1,
    }
    assert of_year(built(items=ITEMS), 2020).cells["t2.licensing.items_change"] == 0
    figures = _figures(
        (2020, "t2.licensing.items_change", 4), (2020, "t2.coercion.items_change", 4)
    )
    numbers = of_year(built(items=ITEMS, figures=figures), 2020)
    assert numbers.declared == {"t2.coercion.items_change"}
    assert [f.cells for f in numbers.findings] == [("t2.licensing.items_change",)]


def test_an_emptied_stock_is_counted_and_an_unknown_one_stays_unknown() -> None:
    gone = ({"kind": "charges", "effective_from": "2018-05-01", "effective_to": "2019-06-01"},)
    cases = Cases(built(items=gone))
    cell = load_edition("2019").cell("t2.charges.items_last_year")
    assert derived(Year(cases, 2020), cell).value == 0
    assert derived(Year(cases, 2020), cell).rows
    assert not derived(
        Year(cases, 2020), load_edition("2019").cell("t2.penalties.items_last_year")
    ).rows
    change = load_edition("2019").cell("t2.charges.items_change")
    unknown = Year(Cases(built(items=gone, kept={"items": ((2021, None),)})), 2020)
    assert derived(unknown, change).value is None
    assert derived(unknown, cell).value is None
    assert not derived(unknown, cell).rows


def test_procurement_is_counted_and_summed_in_yuan() -> None:
    rows = [
        {"awarded_on": "2020-01-01", "amount_yuan": Decimal("12345.67")},
        {"awarded_on": "2020-12-31", "amount_yuan": Decimal("0.33")},
        {"awarded_on": "2019-12-31", "amount_yuan": Decimal(9)},
    ]
    found = of_year(built(procurement=rows), 2020).cells
    assert found["t2.procurement.projects"] == 2
    assert found["t2.procurement.amount"] == Decimal("12346.00")


FACTS: tuple[tuple[str, list[dict[str, Any]], dict[str, int | Decimal]], ...] = (
    (
        "disclosures",
        [
            {"item_no": "1", "channel": "portal", "published_on": "2022-01-01"},
            {"item_no": "1", "channel": "wechat", "published_on": "2022-01-02"},
            {"item_no": "2", "channel": "wechat", "published_on": "2022-12-31"},
            {"item_no": "3", "channel": "weibo", "published_on": "2022-03-01"},
            {"item_no": "4", "channel": "weibo", "published_on": "2022-03-01"},
            {"item_no": "4", "channel": "weibo", "published_on": "2022-03-02"},
            {"item_no": "5", "channel": "weibo", "published_on": "2022-03-02"},
            {"item_no": "6", "channel": "bulletin_board", "published_on": "2022-03-02"},
            {"item_no": "7", "channel": "portal", "published_on": "2021-12-31"},
            {"item_no": "8", "channel": "portal", "published_on": "2023-01-01"},
        ],
        {"disclosed_items": 6, "portal_items": 1, "wechat_items": 2, "weibo_items": 3},
    ),
    (
        "hotline",
        [
            {"received_on": "2021-12-30", "replied_on": "2022-01-01"},
            {"received_on": "2022-12-30", "replied_on": "2023-01-01"},
            {"received_on": "2022-12-30", "replied_on": None},
        ],
        {"hotline_replies": 1},
    ),
    (
        "activities",
        [
            {"kind": "training", "held_on": "2022-03-01", "participants": 35},
            {"kind": "training", "held_on": "2022-04-01", "participants": 7},
            {"kind": "training", "held_on": "2021-04-01", "participants": 100},
            {"kind": "open_day", "held_on": "2022-05-01", "participants": 500},
            {"kind": "meeting", "held_on": "2022-05-01"},
        ],
        {"trainings": 2, "open_days": 1, "training_participants": 42},
    ),
    (
        "activities",
        [
            {"kind": "training", "held_on": "2022-03-01", "participants": 35},
            {"kind": "training", "held_on": "2022-04-01"},
        ],
        {"trainings": 2, "open_days": 0},  # nobody knows how many took part
    ),
    (
        "proposals",
        [
            {"kind": "npc", "received_on": "2022-01-01"},
            {"kind": "npc", "received_on": "2022-02-01"},
            {"kind": "cppcc", "received_on": "2022-12-31"},
            {"kind": "cppcc", "received_on": "2023-01-01"},
        ],
        {"npc_proposals": 2, "cppcc_proposals": 1},
    ),
    (
        "applications",
        [
            {"channel": "in_person", "received_on": "2022-01-01"},
            *[{"channel": "mail", "received_on": "2022-01-02"}] * 2,
            *[{"channel": "online", "received_on": "2022-01-03"}] * 3,
            *[{"channel": "fax", "received_on": "2022-01-04"}] * 4,
            {"channel": "other", "received_on": "2022-01-05", "fee_paid_on": "2022-02-01",
             "fee_yuan": Decimal("100.50")},
            {"received_on": "2021-12-05", "fee_paid_on": "2022-01-04", "fee_yuan": Decimal(40)},
            {"received_on": "2021-12-05", "fee_paid_on": "2021-12-31", "fee_yuan": Decimal(7)},
            {"channel": "mail", "received_on": "2023-01-01"},
        ],
        {
            "applications_received": 11,
            "applications_in_person": 1,
            "applications_by_mail": 2,
            "applications_online": 3,
            "applications_by_fax": 4,
            "fee_collected_yuan": Decimal("140.50"),
        },
    ),
    (
        "disputes",
        [
            {"route": "reconsideration", "filed_on": "2022-03-01"},
            {"route": "litigation_direct", "filed_on": "2022-03-01"},
            {"route": "litigation_after_reconsideration", "filed_on": "2022-03-01"},
            {"route": "litigation_direct", "filed_on": "2022-03-01", "role": "co_defendant"},
        ],
        {"reconsiderations": 1, "litigations": 2},
    ),
    (
        "documents",
        [{"kind": "normative_documents", "issued_on": "2022-03-01"}],
        {"normative_documents_made": 1},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("register", "rows", "facts"), FACTS)
def test_facts(
    register: str, rows: list[dict[str, Any]], facts: Mapping[str, int | Decimal]
) -> None:
    if register == "applications":
        rows = [{"applicant_type": "natural_person", **row} for row in rows]
    registers: dict[str, Any] = {register: rows}
    numbers = of_year(built(**registers), 2022)
    assert dict(numbers.facts) == facts
    assert numbers.known


def test_nothing_is_known_without_a_register() -> None:
    numbers = of_year(built(), 2022)
    assert {*numbers.cells.values()} == {None}
    assert numbers.facts == {}
    assert not numbers.known
    assert numbers.findings == ()
    assert of_year(built(documents=[]), 2022).known


def _application(
    kind: str, received: str, replied: str | None = None, outcome: str | None = None
) -> dict[str, str | None]:
    return {
        "applicant_type": kind,
        "received_on": received,
        "replied_on": replied,
        "outcome": outcome,
    }


APPLICATIONS = (
    _application("natural_person", "2022-01-01", "2022-01-05", "granted"),
    _application("natural_person", "2022-12-31"),
    _application("natural_person", "2021-12-31", "2022-01-01", "refused.third_party"),
    _application("enterprise", "2021-12-01", "2021-12-31", "granted"),
    _application("enterprise", "2020-12-01", "2023-01-01", "granted"),
    _application("legal_service", "2022-05-01", "2022-06-01", "other"),
    _application("legal_service", "2022-05-01", "2022-12-31", "other.fee_overdue"),
    _application("other_organisation", "2023-01-01", "2023-02-01", "granted"),
)


def _lines(rows: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the cells of rows with their totals."""
    cells: dict[str, int] = {}
    for row, columns in rows.items():
        cells |= {f"{row}.{column}": value for column, value in columns.items()}
        cells[f"{row}.total"] = sum(columns.values())
    return cells


@pytest.mark.parametrize(
    ("edition", "rows"),
    [
        (
            "2021",
            {
                "received": {"natural_person": 2, "legal_service": 2},
                "carried_in": {"natural_person": 1, "enterprise": 1},
                "granted": {"natural_person": 1},
                "refused.third_party": {"natural_person": 1},
                "other.fee_overdue": {"legal_service": 1},
                "other.other": {"legal_service": 1},
                "handled": {"natural_person": 2, "legal_service": 2},
                "carried_forward": {"natural_person": 1, "enterprise": 1},
            },
        ),
        (
            "2019",
            {
                "received": {"natural_person": 2, "legal_service": 2},
                "carried_in": {"natural_person": 1, "enterprise": 1},
                "granted": {"natural_person": 1},
                "refused.third_party": {"natural_person": 1},
                "other": {"legal_service": 2},
                "handled": {"natural_person": 2, "legal_service": 2},
                "carried_forward": {"natural_person": 1, "enterprise": 1},
            },
        ),
    ],
)
def test_applications_by_state_outcome_and_applicant(
    edition: str, rows: Mapping[str, Mapping[str, int]]
) -> None:
    found = of_year(built(edition=edition, applications=APPLICATIONS), 2022)
    assert not_zero(found, "t3") == _lines(rows)


def test_the_year_after_sees_what_was_carried_forward() -> None:
    found = of_year(built(applications=APPLICATIONS), 2023)
    assert not_zero(found, "t3") == _lines(
        {
            "received": {"other_organisation": 1},
            "carried_in": {"natural_person": 1, "enterprise": 1},
            "granted": {"enterprise": 1, "other_organisation": 1},
            "handled": {"enterprise": 1, "other_organisation": 1},
            "carried_forward": {"natural_person": 1},
        }
    )


def test_disputes_by_result_and_what_is_pending() -> None:
    def case(
        route: str, filed: str, closed: str | None = None, result: str | None = None, **more: str
    ) -> dict[str, str | None]:
        return {"route": route, "filed_on": filed, "closed_on": closed, "result": result, **more}

    first, direct = "reconsideration", "litigation_direct"
    rows = [
        case(first, "2021-12-31", "2022-01-01", "upheld"),
        case(first, "2022-01-01", "2022-12-31", "corrected", role="defendant"),
        case(first, "2022-12-31"),
        case(first, "2022-01-01", "2023-01-01", "other"),
        case(first, "2021-01-01", "2021-12-31", "other"),
        case(first, "2023-01-01"),
        case(direct, "2022-03-01", "2022-04-01", "other"),
        case(direct, "2022-03-01", "2022-04-01", "other", role="co_defendant"),
        case(direct, "2022-03-01", role="co_defendant"),
    ]
    assert not_zero(of_year(built(disputes=rows), 2022), "t4") == {
        "reconsideration.upheld": 1,
        "reconsideration.corrected": 1,
        "reconsideration.pending": 2,
        "reconsideration.total": 4,
        "litigation_direct.other": 1,
        "litigation_direct.total": 1,
    }


# -- Declared figures -------------------------------------------------------------------------


def _figures(*figures: tuple[int, str, int | Decimal]) -> list[dict[str, Any]]:
    return [{"year": year, "code": code, "value": value} for year, code, value in figures]


def test_a_declared_figure_counts_where_there_are_no_rows() -> None:
    figures = _figures((2022, "hotline_replies", 1031), (2021, "hotline_replies", 7))
    for data in (built(figures=figures), built(figures=figures, hotline=[])):
        numbers = of_year(data, 2022)
        assert numbers.facts == {"hotline_replies": 1031}
        assert numbers.declared == {"hotline_replies"}
        assert numbers.findings == ()
    assert of_year(built(figures=figures), 2020).facts == {}


def test_rows_count_where_a_declared_figure_differs() -> None:
    rows = [{"received_on": "2022-01-03", "replied_on": "2022-01-04"}]
    numbers = of_year(built(figures=_figures((2022, "hotline_replies", 9)), hotline=rows), 2022)
    assert numbers.facts == {"hotline_replies": 1}
    assert numbers.declared == frozenset()
    (finding,) = numbers.findings
    assert (finding.code, finding.level, finding.cells) == ("FIGURE-DIFFERS", "error", ())
    assert (finding.left, finding.right, finding.basis) == (1, 9, "台账填写规则")
    assert "申报数“12345热线回复”为9，台账逐件统计为1，以台账为准" in finding.message
    same = of_year(built(figures=_figures((2022, "hotline_replies", 1)), hotline=rows), 2022)
    assert same.findings == ()


def test_a_fact_that_is_one_cell_is_declared_as_that_cell() -> None:
    figures = _figures((2022, "applications_received", 5), (2022, "t3.received.total", 6))
    numbers = of_year(built(figures=figures), 2022)
    assert numbers.cells["t3.received.total"] == 5
    assert numbers.facts == {"applications_received": 5}
    assert numbers.declared == {"t3.received.total"}
    (finding,) = numbers.findings  # the second one differs from the first
    assert finding.cells == ("t3.received.total",)
    assert "为6，而另一行申报为5，以先登记的为准" in finding.message
    assert (finding.left, finding.right) == (5, 6)


def test_one_row_is_enough_to_count_and_none_of_the_year_is_not() -> None:
    figures = _figures((2022, "disclosed_items", 9), (2021, "disclosed_items", 9))
    rows = [{"channel": "portal", "published_on": "2022-03-01"}]
    data = built(figures=figures, disclosures=rows)
    assert of_year(data, 2022).facts["disclosed_items"] == 1
    assert of_year(data, 2021).facts["disclosed_items"] == 9


@pytest.mark.parametrize(
    ("year", "received", "declared"),
    [(2021, 1, False), (2022, 0, False), (2023, 9, True), (2020, 9, True)],
)
def test_applications_of_the_year_or_open_before_it_are_rows(
    year: int, received: int, *, declared: bool
) -> None:
    """One came in 2021 and was answered in 2022: in both years the register tells, and no figure does."""
    rows = [_application("enterprise", "2021-12-31", "2022-01-01", "granted")]
    figures = _figures((year, "t3.received.total", 9))
    numbers = of_year(built(edition="2021", applications=rows, figures=figures), year)
    assert numbers.cells["t3.received.total"] == received
    assert bool(numbers.declared) is declared


def test_one_closed_dispute_makes_its_row_and_no_other_one_counted() -> None:
    closed = {"filed_on": "2022-01-04", "closed_on": "2022-02-04", "result": "upheld"}
    figures = _figures(
        (2022, "t4.reconsideration.total", 5), (2022, "t4.litigation_direct.total", 5)
    )
    rows = [{"route": "reconsideration", **closed}]
    numbers = of_year(built(disputes=rows, figures=figures), 2022)
    assert numbers.cells["t4.reconsideration.total"] == 1
    assert numbers.declared == {"t4.litigation_direct.total"}


def test_a_stock_that_came_and_went_in_the_year_is_counted_as_nought() -> None:
    gone = {"kind": "regulations", "issued_on": "2022-03-01", "repealed_on": "2022-04-01"}
    figures = _figures((2022, "t2.regulations.in_force", 5))
    numbers = of_year(built(figures=figures, documents=[gone]), 2022)
    assert numbers.cells["t2.regulations.in_force"] == 0
    assert [f.code for f in numbers.findings] == ["FIGURE-DIFFERS"]


def test_a_sum_of_cells_may_be_declared_where_its_cells_have_no_rows() -> None:
    figures = _figures((2022, "litigations", 3))
    assert of_year(built(figures=figures), 2022).facts == {"litigations": 3}
    suit = [{"route": "litigation_direct", "filed_on": "2022-01-04"}]
    numbers = of_year(built(figures=figures, disputes=suit), 2022)
    assert numbers.facts == {"reconsiderations": 0, "litigations": 1}
    (finding,) = numbers.findings
    assert (finding.left, finding.right) == (1, 3)
    assert "“行政诉讼”为3，台账逐件统计为1" in finding.message


def test_amounts_are_said_exactly_and_a_blank_one_is_unknown() -> None:
    figures = _figures((2022, "t2.charges.amount", Decimal("1.50")))
    rows = [{"collected_on": "2022-05-01", "amount_yuan": None}]
    (finding, blank) = of_year(built(figures=figures, charges=rows), 2022).findings
    assert "为1.5，台账逐件统计为未知" in finding.message
    assert blank.code == "AMOUNT-BLANK"


def test_a_figure_of_another_edition_is_not_used() -> None:
    numbers = of_year(built(figures=_figures((2022, "t2.procurement.amount", 5))), 2022)
    (finding,) = numbers.findings
    assert (finding.code, finding.level) == ("FIGURE-EDITION", "warning")
    assert finding.message == "申报数“t2.procurement.amount”不是2021年版表格的单元格，未采用。"
    assert finding.basis == load_edition("2021").issued_by
    assert numbers.declared == frozenset()
    also = _figures((2022, "t2.procurement.amount", 5), (2022, "hotline_replies", 4))
    assert of_year(built(figures=also), 2022).facts == {"hotline_replies": 4}


@pytest.mark.parametrize(
    ("figures", "facts"),
    [
        ((("trainings", 3),), {"trainings": 3}),  # how many took part nobody counted
        ((("trainings", 0),), {"trainings": 0, "training_participants": 0}),
        (
            (("trainings", 3), ("training_participants", 90)),
            {"trainings": 3, "training_participants": 90},
        ),
    ],
)
def test_declared_trainings_say_nothing_of_who_took_part(
    figures: tuple[tuple[str, int], ...], facts: dict[str, int]
) -> None:
    declared = _figures(*((2022, code, value) for code, value in figures))
    assert of_year(built(figures=declared, activities=[]), 2022).facts == {"open_days": 0, **facts}


def test_without_a_register_of_figures_nothing_is_declared() -> None:
    data = built(documents=[])
    assert declare(data, 2022, load_edition("2021"), {}) == (frozenset(), [])


# -- Years, editions, and what is asked for in vain --------------------------------------------


def test_the_edition_is_that_of_the_year_or_of_the_town() -> None:
    assert of_year(built(documents=[]), 2020).edition.code == "2019"
    assert of_year(built(documents=[]), 2021).edition.code == "2021"
    assert of_year(built(edition="2021", documents=[]), 2019).edition.code == "2021"
    with pytest.raises(FormError):
        of_year(built(documents=[]), 2018)


def test_a_years_figures_are_derived_once() -> None:
    cases = Cases(built(documents=DOCUMENTS))
    assert numbers_of(cases, 2022) is numbers_of(cases, 2022)
    assert numbers_of(cases, 2022) == derive_numbers(cases, 2022)
    assert numbers_of(cases, 2021) != numbers_of(cases, 2022)


def test_blank_amounts_are_told_of_each_register_that_is_kept() -> None:
    blank = {"amount_yuan": None}
    data = built(
        charges=[{"collected_on": "2022-05-01", **blank}, {"collected_on": "2022-06-01", **blank}],
        procurement=[{"awarded_on": "2022-05-01", **blank}],
        applications=[
            {
                "received_on": "2022-01-01",
                "applicant_type": "enterprise",
                "fee_paid_on": "2022-02-01",
            }
        ],
        kept={"procurement": ((2019, 2021),)},
    )
    told = [f.message for f in of_year(data, 2022).findings]
    assert [message.partition("为空")[0] for message in told] == [
        "行政事业性收费台账有2行“金额（元）”",
        "依申请公开台账有1行“信息处理费（元）”",
    ]
    within = replace(data, coverage={**data.coverage, "procurement": ((2022, 2022),)})
    assert "政府集中采购台账有1行" in "".join(f.message for f in of_year(within, 2022).findings)


def test_a_cell_without_a_rule_is_refused_by_name() -> None:
    cell = load_edition("2021").cell("t3.received.total")
    with pytest.raises(
        FormError, match=r"^the form does not say how t3\.received\.total is counted$"
    ):
        derived(Year(Cases(built()), 2022), cell)


def test_a_count_says_whether_there_were_rows_that_it_could_come_from() -> None:
    rules = register_rules("2021")
    year = Year(Cases(built(documents=DOCUMENTS[:1], charges=[], decisions=DOCUMENTS[:0])), 2022)
    made = rules["t2.normative_documents.made"]
    assert measured(year, made, "normative_documents").rows is False
    stock = measured(year, rules["t2.normative_documents.in_force"], "normative_documents")
    assert (stock.value, stock.rows) == (1, True)
    none = measured(year, rules["t2.regulations.in_force"], "regulations")
    assert (none.value, none.rows) == (0, False)
    every = Derivation("documents", "stock", "issued_on", until="repealed_on")
    assert measured(year, every).value == 1
    amount = measured(year, rules["t2.charges.amount"], "", "万元")
    assert (amount.value, amount.rows) == (0, False)


def test_a_row_of_the_form_and_other_codes_must_both_be_there() -> None:
    rows = [
        {"channel": channel, "category": category, "published_on": "2022-01-01"}
        for channel, category in (("portal", "甲"), ("portal", "乙"), ("weibo", "甲"))
    ]
    both = Derivation(
        "disclosures", "count", "published_on", by="channel", where=(("category", "甲"),)
    )
    year = Year(Cases(built(disclosures=rows)), 2022)
    assert measured(year, both, "portal").value == 1
    assert rows_measured(year, both, "portal").tolist() == [True, False, False]


def _edition_with(rule: Derivation | None) -> Edition:
    """Return an edition whose t2 has one block, counted by a rule."""
    form = load_edition("2021")
    table = form.tables["t2"]
    block = table.blocks[0]
    columns = (replace(block.columns[0], derive=rule),)
    one = replace(table, blocks=(replace(block, columns=columns),))
    return replace(form, tables={**form.tables, "t2": one})


GOOD = Derivation("documents", "count", "issued_on", by="kind", where=(("kind", "regulations"),))


def test_the_rules_of_an_edition_by_address() -> None:
    found = rules_of(_edition_with(GOOD))
    assert found == dict.fromkeys(("t2.regulations.made", "t2.normative_documents.made"), GOOD)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (None, r"the file does not say how it is counted \(derive\)"),
        (replace(GOOD, register="document"), r"'document'; did you mean 'documents'\?"),
        (replace(GOOD, register="towns"), "'towns'"),  # there are no cases in it
        (replace(GOOD, date="issued"), r"documents has no 'issued'; did you mean 'issued_on'\?"),
        (replace(GOOD, until="repealed"), "documents has no 'repealed'"),
        (replace(GOOD, of="titel"), r"documents has no 'titel'; did you mean 'title'\?"),
        (replace(GOOD, by="kinds"), "documents has no 'kinds'"),
        (replace(GOOD, where=(("sort", "x"),)), "documents has no 'sort'"),
        (
            replace(GOOD, where=(("kind", "regulation"),)),
            r"kind is never 'regulation'; did you mean 'regulations'\?",
        ),
        (Derivation("applications", "count", "received_on", of="applicant_name"), "applicant_name"),
    ],
)
def test_an_edition_that_counts_what_there_is_not_is_refused(
    rule: Derivation | None, said: str
) -> None:
    with pytest.raises(FormError, match=rf"^edition 2021, t2\.regulations\.made: .*{said}"):
        rules_of(_edition_with(rule))
