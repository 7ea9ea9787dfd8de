"""The sample county, whose reports are as they should be: no error, with or without each other."""

from __future__ import annotations

from collections import Counter

import pytest

from reportkit.checks import check_report
from reportkit.checks.several import check_reports
from reportkit.report import TownReport
from reportkit.sources.source import open_source


@pytest.fixture(scope="module")
def reports() -> list[tuple[TownReport, TownReport | None]]:
    """Return every sample report with the one before it."""
    source = open_source("sample:", {}, {})
    dossiers = [source.load(town, year) for town in source.towns for year in source.years(town)]
    return [(dossier.report, dossier.previous) for dossier in dossiers]


def test_no_sample_report_has_an_error(
    reports: list[tuple[TownReport, TownReport | None]],
) -> None:
    assert len(reports) >= 70
    for report, previous in reports:
        errors = [f for f in check_report(report, previous) if f.level == "error"]
        assert errors == [], (report.town.id, report.year)


def test_nor_together(reports: list[tuple[TownReport, TownReport | None]]) -> None:
    found = check_reports([report for report, _ in reports])
    counts = Counter(finding.level for findings in found for finding in findings)
    assert counts["error"] == 0
    assert counts["warning"] <= len(reports) // 10


def test_a_report_read_back_from_json_is_found_the_same(
    reports: list[tuple[TownReport, TownReport | None]],
) -> None:
    for report, previous in reports[:6]:
        again = TownReport.from_json(report.to_json())
        assert check_report(again, previous) == check_report(report, previous)
