"""What changed between two outputs is said whole: figures, sentences, findings, reports, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reportkit.cli.main import main
from reportkit.errors import CallError
from reportkit.export.changes import compare_outputs, render_changes
from reportkit.manifest import Entry, Manifest
from reportkit.report import TownReport
from reportkit.sources.source import open_source


@pytest.fixture(scope="module")
def report() -> TownReport:
    return open_source("sample:").load("jingyi", 2021).report


def write(folder: Path, *reports: TownReport, **digests: str) -> Path:
    """Write reports and their manifest as a run leaves them; ``digests`` are those of their inputs."""
    entries = []
    for each in reports:
        name = f"{each.year}/{each.town.id}.json"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.to_json(), encoding="utf-8")
        entries.append(
            Entry(
                town=str(each.town.id),
                name=str(each.town.name),
                county=str(each.town.county),
                year=int(each.year or 0),
                status="ok",
                inputs={"data": "d", "parameters": "p", "build": digests.get("build", "b")}
                | digests,
                outputs={name: "x", f"{each.year}/{each.town.id}.html": digests.get("html", "h")},
            )
        )
    build = {"notebook": "n", "form": "f", "package": digests.get("package", "k"), "pandas": "3"}
    manifest = replace(Manifest(), builds={digests.get("build", "b"): build}).with_entries(entries)
    (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return folder


def changed(report: TownReport) -> TownReport:
    cells = report.cells.replace({"t3.received.natural_person": 99, "t2.charges.amount": None})
    facts = {**report.facts, "disclosed_items": 7}
    sections = {**report.sections, "s6": report.sections["s6"] + "另有一句。"}
    return report.with_(cells=cells, facts=facts, sections=sections)


def test_the_same_output_is_equal(report: TownReport, tmp_path: Path) -> None:
    one, two = write(tmp_path / "前", report), write(tmp_path / "后", report)
    assert compare_outputs(one, two) == []
    assert main(["diff", str(one), str(two)]) == 0


def test_every_kind_of_change_is_named(report: TownReport, tmp_path: Path) -> None:
    one = write(tmp_path / "前", report)
    two = write(tmp_path / "后", changed(report), data="other")
    (difference,) = compare_outputs(one, two)
    assert difference.causes == ("data",)
    by_place = {change.place: change for change in difference.changes}
    assert by_place["t3.received.natural_person"].after == "99"
    assert by_place["t2.charges.amount"].after == "—"
    assert by_place["t2.charges.amount"].before not in (None, "—")
    assert by_place["disclosed_items"].after == "7"
    assert (by_place["s6"].before, by_place["s6"].after) == (None, "另有一句。")
    assert set(by_place) == {
        "t3.received.natural_person",
        "t2.charges.amount",
        "disclosed_items",
        "s6",
    }


def test_reports_added_and_gone(report: TownReport, tmp_path: Path) -> None:
    other = report.with_(year=2022)
    one, two = write(tmp_path / "a", report), write(tmp_path / "b", other)
    assert [(d.year, d.status) for d in compare_outputs(one, two)] == [
        (2021, "gone"),
        (2022, "added"),
    ]


@pytest.mark.parametrize(
    ("digests", "cause"),
    [
        ({"parameters": "q"}, "parameters"),
        ({"build": "c", "package": "l"}, "package"),
    ],
)
def test_a_page_that_alone_differs_has_its_cause(
    report: TownReport, tmp_path: Path, digests: dict[str, str], cause: str
) -> None:
    one = write(tmp_path / "a", report)
    two = write(tmp_path / "b", report, html="other", **digests)
    (difference,) = compare_outputs(one, two)
    assert [(change.kind, change.place) for change in difference.changes] == [("file", ".html")]
    assert difference.causes == (cause,)


def test_two_files_work_too(
    report: TownReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "前.json", tmp_path / "后.json"
    one.write_text(report.to_json(), "utf-8")
    two.write_text(changed(report).to_json(), "utf-8")
    assert main(["diff", str(one), str(two), "--json"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["schema"] == "reportkit.diff/1"
    assert body["reports"][0]["causes"] == ["unknown"]
    assert len(body["reports"][0]["changes"]) == 4


def test_the_page_is_chinese_escaped_and_without_script(report: TownReport, tmp_path: Path) -> None:
    one = write(tmp_path / "a", report)
    hostile = report.with_(sections={**report.sections, "s6": "<script>alert(1)</script>。"})
    page = render_changes(compare_outputs(one, write(tmp_path / "b", hostile)), "a", "b")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "两次输出的差异" in page


def test_what_is_no_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="no report in it"):
        compare_outputs(tmp_path, tmp_path)
    with pytest.raises(CallError, match="no such file"):
        compare_outputs(tmp_path / "无", tmp_path)
    broken = tmp_path / "坏.json"
    broken.write_text("{", "utf-8")
    with pytest.raises(CallError, match="坏"):
        compare_outputs(broken, broken)
