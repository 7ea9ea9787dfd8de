"""Tables, comparison and findings as the notebook's cells show them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.blocks import Block
from reportkit.errors import FormError
from reportkit.form import EDITIONS, Cells, load_edition
from reportkit.notebook import View, compare, narrative, tables
from reportkit.notebook.loading import view
from reportkit.sources.dossier import Dossier
from tests import dossiers
from tests.markup import fragment

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def public(dossier: Dossier) -> View:
    return view(dossier, "public", NOW)


def parsed(shown: Block) -> Any:
    return fragment(shown.bundle["text/html"])


@pytest.mark.parametrize("year", [2020, 2023])
def test_the_forms_figures_stand_in_the_forms_order(year: int) -> None:
    shown = public(dossiers.dossier(year))
    for section in shown.edition.sections:
        if section.table is None:
            continue
        table = shown.edition.tables[section.table]
        texts = [td.text_content() for td in parsed(tables.form(shown, section.code)).iter("td")]
        assert texts == [
            tables.print_value(shown.report.cells[cell.address], cell) for cell in table.cells()
        ]


def test_headings_have_scopes_and_tables_captions() -> None:
    shown = public(dossiers.dossier())
    for code in ("s2", "s3", "s4"):
        body = parsed(tables.form(shown, code))
        assert body.xpath("//caption")
        assert all(th.get("scope") for th in body.iter("th"))
        ids = body.xpath("//@id")
        assert len(set(ids)) == len(ids)
        for td in body.xpath("//td[@headers]"):
            assert set(td.get("headers").split()) <= set(ids)


def test_unknown_is_a_dash_with_a_note_and_never_zero() -> None:
    whole = dossiers.dossier()
    cells = whole.report.cells.replace({"t4.litigation_direct.upheld": None})
    body = parsed(tables.form(public(replace(whole, report=whole.report.with_(cells=cells))), "s4"))
    unknown = body.xpath("//td[@class='unknown']")
    assert [td.text for td in unknown] == ["—"]
    assert "不是零" in body.text_content()
    assert "不是零" not in parsed(tables.form(public(whole), "s4")).text_content()


def test_amounts_are_exact_and_changes_have_signs() -> None:
    form = load_edition("2019")
    amount, change = form.cell("t2.procurement.amount"), form.cell("t2.licensing.items_change")
    assert tables.print_value(Decimal("1234567.80"), amount) == "1234567.8"
    assert [tables.print_value(n, change) for n in (3, 0, -2)] == ["+3", "0", "-2"]


def test_a_section_without_a_table_is_refused_by_name() -> None:
    with pytest.raises(FormError, match=r"narrative\.section"):
        tables.form(public(dossiers.dossier()), "s1")
    with pytest.raises(FormError, match="no section 's9'"):
        narrative.section(public(dossiers.dossier()), "s9")


def test_change_is_said_in_words() -> None:
    whole = dossiers.dossier()
    words = parsed(compare.last_year(public(whole))).text_content()
    assert "持平" in words
    assert "增加" in words
    assert "0%" not in words.replace("10%", "")
    strip = parsed(compare.key_figures(public(whole))).text_content()
    assert "128 条比上年增加7条" in " ".join(strip.split())


def test_without_last_year_nothing_is_compared() -> None:
    bare = public(dossiers.bare())
    assert "不作同比" in parsed(compare.last_year(bare)).text_content()
    assert "上年" not in parsed(compare.key_figures(bare)).text_content()


def test_unknown_key_figures_are_said_to_be() -> None:
    bare = dossiers.bare()
    nothing = public(replace(bare, report=bare.report.with_(facts={})))
    assert "未统计" in parsed(compare.key_figures(nothing)).text_content()


def test_the_sign_off_has_issuer_and_date_or_for_the_office_a_blank_one() -> None:
    assert "2024年1月22日" in parsed(narrative.sign_off(public(dossiers.dossier()))).text_content()
    blank = "//*[@role='img']/@aria-label"
    assert parsed(narrative.sign_off(public(dossiers.bare()))).xpath(blank) == []
    assert parsed(narrative.sign_off(view(dossiers.bare(), "internal", NOW))).xpath(blank) == [
        "成文日期未填"
    ]


def test_an_empty_section_says_so() -> None:
    whole = dossiers.dossier()
    shown = public(replace(whole, report=whole.report.with_(sections={})))
    assert "（本节未填写）" in narrative.section(shown, "s5").words


def test_time_limits_in_words_where_there_is_nothing_to_count() -> None:
    assert "未统计" in tables.time_limits(public(dossiers.bare())).words
    quiet = replace(dossiers.timeliness(), replied=0, on_time=0, overdue=0, by_outcome=())
    shown = public(replace(dossiers.dossier(), timeliness=quiet))
    assert "没有需要答复" in tables.time_limits(shown).words


def test_the_findings_panel_is_for_the_office_alone() -> None:
    faulty = dossiers.faulty()
    assert tables.findings(public(faulty))._repr_mimebundle_() == {}
    shown = view(faulty, "internal", NOW)
    body = parsed(tables.findings(shown))
    assert len(body.xpath("//li")) == len(shown.shown_findings)
    assert "未计入1行" in body.text_content()
    assert "依申请公开台账 · applications.csv · 第7行 · 答复日期" in body.text_content()


def test_findings_and_cells_link_to_each_other() -> None:
    dossier = dossiers.faulty()
    shown = View(dossier, dossier.report, "internal")
    panel = parsed(tables.findings(shown))
    pages = [parsed(tables.form(shown, code)) for code in ("s2", "s3", "s4")]
    ids = {i for page in [panel, *pages] for i in page.xpath("//@id")}
    links = [a[1:] for page in [panel, *pages] for a in page.xpath("//a/@href")]
    assert links
    assert set(links) <= ids
    total = pages[1].xpath("//td[@id='t3.granted.total']")[0]
    assert len(total.xpath(".//a")) == 2


@pytest.mark.parametrize("edition", EDITIONS)
def test_print_value_keeps_zero_and_unknown_apart(edition: str) -> None:
    for cell in load_edition(edition).cells.values():
        assert tables.print_value(None, cell) == "—"
        assert tables.print_value(0, cell) == "0"


@given(data=st.data())
def test_any_figures_are_printed_as_they_are(data: st.DataObject) -> None:
    """Whatever a form holds, unknown cells too, its tables print exactly that, in the form's order."""
    edition = load_edition(data.draw(st.sampled_from(EDITIONS)))
    kinds = {
        "count": st.none() | st.integers(0, 10**9),
        "signed": st.none() | st.integers(-(10**6), 10**6),
        "decimal": st.none() | st.decimals(0, 10**9, places=4),
    }
    changed = data.draw(
        st.fixed_dictionaries(
            {}, optional={a: kinds[c.column.type] for a, c in edition.cells.items()}
        )
    )
    cells = Cells(edition, changed)
    whole = dossiers.bare()
    report = whole.report.with_(edition=edition.code, cells=cells)
    shown = View(whole, report, "public")
    for section in edition.sections:
        if section.table is None:
            continue
        body = parsed(tables.form(shown, section.code))
        texts = [td.text_content() for td in body.iter("td")]
        expected = [cells[cell.address] for cell in edition.tables[section.table].cells()]
        read = [None if text == "—" else Decimal(text) for text in texts]
        assert read == expected
        zeros = [td.get("class") == "zero" for td in body.iter("td")]
        assert zeros == [value is not None and not value for value in expected]
