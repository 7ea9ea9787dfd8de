"""Decisions: they outlast a re-run, and lapse when a value changes."""

from __future__ import annotations

from datetime import date

from reportkit.checks import check_report
from reportkit.review.decisions import decide, digest_of, review
from tests.checks.conftest import Make, prose

DAY = date(2023, 1, 20)
WRONG = {"t4.reconsideration.total": 2}


def test_a_decision_holds_for_its_finding_alone(make: Make) -> None:
    report = make(WRONG | {"t4.litigation_direct.total": 1})
    findings = check_report(report)
    decision = decide(report, findings[0], "accepted", reason="属实", who="张三", when=DAY)
    reviewed = review(report, findings, [decision])
    assert [each.accepted for each in reviewed] == [True, False]
    assert reviewed[0].decision == decision


def test_it_survives_a_re_run_and_other_values(make: Make) -> None:
    report = make(WRONG)
    (finding,) = check_report(report)
    decision = decide(report, finding, "to_mend", reason="", who="张三", when=DAY)
    again = make(WRONG | {"t2.penalties.decisions": 7}, sections=prose() | {"s6": "别的。"})
    (reviewed,) = review(again, check_report(again), [decision])
    assert reviewed.decision == decision
    assert not reviewed.accepted  # the town will mend it: it stays open


def test_it_lapses_when_a_value_changes(make: Make) -> None:
    report = make(WRONG)
    (finding,) = check_report(report)
    decision = decide(report, finding, "accepted", reason="属实", who="张三", when=DAY)
    changed = make({"t4.reconsideration.total": 3})
    (reviewed,) = review(changed, check_report(changed), [decision])
    assert reviewed.decision is None


def test_it_is_for_one_town_and_year(make: Make) -> None:
    report = make(WRONG)
    (finding,) = check_report(report)
    decision = decide(report, finding, "accepted", reason="属实", who="张三", when=DAY)
    elsewhere = report.with_(town=report.town.model_copy(update={"id": "qingshi"}))
    assert review(elsewhere, [finding], [decision])[0].decision is None
    assert review(report.with_(year=2023), [finding], [decision])[0].decision is None


def test_the_latest_decision_counts(make: Make) -> None:
    report = make(WRONG)
    (finding,) = check_report(report)
    old = decide(report, finding, "accepted", reason="", who="张三", when=DAY)
    new = decide(report, finding, "to_mend", reason="", who="李四", when=date(2023, 2, 1))
    assert review(report, [finding], [new, old])[0].decision == new


def test_digests_of_prose_follow_the_sentence_and_not_the_message(make: Make) -> None:
    def digest(text: str) -> str:
        report = make(sections=prose() | {"s6": text})
        (finding,) = check_report(report)
        assert finding.code == "X-PUNCT"
        return digest_of(finding.model_copy(update={"message": "换了说法"}), report)

    assert digest("甲，，乙。") == digest("甲，，乙。")
    assert digest("甲，，乙。") != digest("甲，，丙。")
