"""Decisions on findings in the internal report, and what they do to a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reportkit.notebook import tables
from reportkit.notebook.loading import view
from reportkit.notebook.view import View
from reportkit.review.decisions import Decision, decide
from tests import dossiers

NOW = datetime(2024, 1, 15, tzinfo=UTC)


def decided(verdict: str) -> tuple[View, tuple[Decision, ...]]:
    """Return the faulty report's view with a decision on every error."""
    dossier = dossiers.faulty()
    first = view(dossier, "internal", NOW)
    decisions = tuple(
        decide(
            first.report,
            finding,
            "accepted" if verdict == "accepted" else "to_mend",
            reason="卷宗<已核>",
            who="张三",
            when=date(2024, 1, 10),
        )
        for finding in first.report.errors
    )
    assert decisions
    return view(dossier, "internal", NOW, decisions), decisions


def panel(shown: View) -> str:
    return str(tables.findings(shown)._repr_mimebundle_()["text/html"])


def test_the_panel_shows_the_decision_escaped() -> None:
    shown, decisions = decided("accepted")
    text = panel(shown)
    assert text.count("已接受：卷宗&lt;已核&gt;（张三，2024-01-10）") == len(decisions)
    assert "已接受" not in panel(view(dossiers.faulty(), "internal", NOW))


def test_an_accepted_error_makes_no_draft_and_one_to_mend_does() -> None:
    assert view(dossiers.faulty(), "public", NOW).draft == ("有尚未处理的错误",)
    assert decided("accepted")[0].draft == ()
    assert decided("to_mend")[0].draft == ("有尚未处理的错误",)


def test_a_decision_on_other_values_does_nothing() -> None:
    _, decisions = decided("accepted")
    stale = tuple(replace(each, values="0" * 20) for each in decisions)
    assert view(dossiers.faulty(), "internal", NOW, stale).draft == ("有尚未处理的错误",)


def test_the_public_report_shows_no_decision() -> None:
    _, decisions = decided("accepted")
    shown = view(dossiers.faulty(), "public", NOW, decisions)
    assert shown.reviewed == ()
    assert "张三" not in repr(shown._repr_mimebundle_())
