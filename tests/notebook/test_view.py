"""What load_report gives back: for whom, whether a draft, and what the executed notebook holds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reportkit.errors import ParameterError, UnknownTown, UnknownYear
from reportkit.notebook import load_report
from reportkit.notebook.issuer import issuer
from reportkit.notebook.loading import view
from reportkit.notebook.view import REPORT
from reportkit.report import Town, TownReport
from tests import dossiers

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_finished_year_without_errors_is_no_draft() -> None:
    assert view(dossiers.dossier(), "public", NOW).draft == ()


def test_a_year_that_is_not_over_is_a_draft() -> None:
    during = datetime(2023, 12, 31, tzinfo=UTC)
    assert view(dossiers.dossier(2023), "public", during).draft == ("2023年度尚未结束",)
    after = datetime(2024, 1, 1, tzinfo=UTC)
    assert view(dossiers.dossier(2023), "public", after).draft == ()


def test_the_clock_can_be_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1688000000")  # June 2023
    assert view(dossiers.dossier(2023), "public").draft == ("2023年度尚未结束",)


def test_an_open_error_makes_a_draft_and_only_the_office_sees_it() -> None:
    for_office = view(dossiers.faulty(), "internal", NOW)
    for_public = view(dossiers.faulty(), "public", NOW)
    assert for_public.draft == for_office.draft == ("有尚未处理的错误",)
    assert {f.code for f in for_office.shown_findings} >= {"REGISTER-ROW", "T3-TOTAL", "T3-HANDLED"}
    assert for_public.shown_findings == ()
    assert for_public.marks == {}


def test_the_executed_notebook_holds_the_report() -> None:
    shown = view(dossiers.faulty(), "internal", NOW)
    held = shown._repr_mimebundle_()[REPORT]
    assert TownReport.from_dict(held["report"]) == shown.report
    assert (held["audience"], held["draft"]) == ("internal", ["有尚未处理的错误"])


def test_for_the_public_it_holds_no_finding() -> None:
    held = view(dossiers.faulty(), "public", NOW)._repr_mimebundle_()[REPORT]
    assert held["report"]["findings"] == []


@pytest.mark.parametrize(
    ("town", "signed"),
    [
        (Town(id="aa", name="白石沟镇", county="示例县", kind="town"), "示例县白石沟镇人民政府"),
        (
            Town(id="aa", name="新城街道", county="示例县", kind="subdistrict"),
            "示例县新城街道办事处",
        ),
        (Town(id="aa", name="民政局", county="示例县", kind="department"), "示例县民政局"),
        (Town(id="aa", name="示例市", county="示例市", kind="city"), "示例市人民政府"),
        (Town(id="aa", name="白石沟镇", issuer="白石沟镇政府"), "白石沟镇政府"),
        (Town(id=None, name="某镇", kind=None), "某镇"),
    ],
)
def test_who_signs(town: Town, signed: str) -> None:
    assert issuer(town) == signed


def test_load_report_reads_the_sample_county() -> None:
    shown = load_report("ershilidian", 2021)
    assert repr(shown) == "海阳市二十里店镇2021年政府信息公开工作年度报告"
    assert shown.report.facts["disclosed_items"] == 24
    assert shown.draft == ()


def test_wrong_parameters_are_named() -> None:
    with pytest.raises(ParameterError, match="did you mean 'internal'"):
        load_report("ershilidian", 2021, audience="intern")
    with pytest.raises(UnknownTown, match="did you mean 'ershilidian'"):
        load_report("ershilidan", 2021)
    with pytest.raises(UnknownYear):
        load_report("ershilidian", 2050)
