"""What the command line says of places that cannot be written, and what it leaves behind where there is nothing to say."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from reportkit.cli.main import main
from reportkit.errors import SourceError
from reportkit.finding import Finding, Place
from reportkit.notebook.loading import load_report
from reportkit.project import resolve_source
from reportkit.published.pool import published_files
from reportkit.review.checking import check_paths, find_report_files, with_repairs
from reportkit.review.letters import render_letter
from reportkit.sources.source import open_source
from reportkit.starter import start_project
from reportkit.today import today
from tests import dossiers


@pytest.mark.parametrize(
    ("call", "place"),
    [
        ("template /dev/null/x.xlsx", "/dev/null"),
        ("new /proc/zz", "/proc/zz"),
        ("sample /proc/zz", "/proc/zz"),
        ("check report.json --workbook --output /dev/null/x", "/dev/null"),
        ("check report.json --letter --output /dev/null/x", "/dev/null"),
        ("ingest coverage.csv --store duckdb:////proc/x", "/proc"),
        ("ingest coverage.csv --store duckdb:////dev/null/x", "/dev/null"),
        ("ingest coverage.csv --store duckdb:///s.duckdb --report /dev/null/f.xlsx", "/dev/null"),
        ("run --town gulou --year 2021 --output /proc/zz", "/proc"),
        ("run --town gulou --year 2021 --output /dev/null/zz", "/dev/null"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_with_what_to_do(
    call: str,
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    report = dossiers.faulty().report
    Path("report.json").write_text(report.to_json(), "utf-8")
    Path("coverage.csv").write_text("town,register,from_year\nbad id,charges,2020\n", "utf-8")
    assert main(call.split()) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith(f"reportkit: {place}")
    assert (
        "; name a file or folder that can be read and written" in told or "; name a place" in told
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "镇 年报"
    start_project(folder, today())
    monkeypatch.chdir(folder)
    return folder


def test_a_source_is_relative_to_the_params(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = today().year - 1
    here = load_report("shili", year, "../data").report
    for below in ("notebooks", "params"):
        monkeypatch.chdir(project / below)
        assert load_report("shili", year, "../data").report == here
    towns = "town,name,kind\nshili,示例镇,镇\n"
    (project / "data" / "towns.csv").write_text(towns, "utf-8")
    monkeypatch.setenv("REPORTKIT_BATCH", "")  # no project: the current folder
    monkeypatch.chdir(project / "notebooks")
    assert load_report("shili", year, "../data").report.cells == here.cells


@pytest.mark.parametrize("named", ["county.duckdb", "../数据/county.duckdb"])
def test_a_stores_file_named_without_its_scheme_is_told_its_uri(named: str, tmp_path: Path) -> None:
    for opened in (lambda: resolve_source(named, tmp_path), lambda: open_source(named)):
        with pytest.raises(SourceError, match=f"write duckdb:///{named}$"):
            opened()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


def test_a_dry_run_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(project)
    assert main(["run", "--dry-run"]) == 0
    assert "shili" in capsys.readouterr().out
    assert everything(project) == before


def test_where_nothing_is_internal_there_is_no_internal_folder(project: Path) -> None:
    assert main(["run", "--output", "out2"]) == 0
    assert (project / "out2" / "index.html").is_file()
    assert not (project / "out2-internal").exists()
    assert main(["run", "--output", "out2"]) == 0
    assert not (project / "out2-internal").exists()


def test_what_stands_beside_reports_is_none(tmp_path: Path) -> None:
    """But outside an output folder ``index.html`` may be a report that somebody saved."""
    names = ["index.html", "compare.html", "2021/county.html", "2021/shili.html", "2021/shili.json"]
    for name in [*names, "data/datapackage.json"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    assert len(published_files([tmp_path])) == 4
    (tmp_path / "manifest.json").write_text("{}", "utf-8")
    assert [path.name for path in published_files([tmp_path])] == ["shili.html"]
    assert [path.name for path in find_report_files([tmp_path])[0]] == ["shili.json"]


def test_findings_of_rows_are_counted_and_stand_in_the_order_of_rows(tmp_path: Path) -> None:
    rows = [
        Finding(
            code="ROW-CODE",
            level="warning",
            message=f"第{row}行",
            place=Place(register="charges", file="charges.csv", row=row),
        )
        for row in (29, 10, 9)
    ]
    report = dossiers.dossier().report.with_(findings=tuple(rows))
    (tmp_path / "report.json").write_text(report.to_json(), "utf-8")
    entries = check_paths([tmp_path / "report.json"], tmp_path / "reviews")
    found = [each.finding.place for each in entries[0].findings if each.finding.code == "ROW-CODE"]
    assert [place.row for place in found if place] == [9, 10, 29]
    (checked,) = with_repairs(entries)
    assert not checked.open("error")
    letter = Document(io.BytesIO(render_letter(checked)))
    text = "".join(paragraph.text for paragraph in letter.paragraphs)
    assert "发现须核对的问题 " in text
    assert "须改正的问题 0 个" not in text


def test_published_files_are_read_in_children_with_bounds(project: Path) -> None:
    """In a process of its own, as a run has it: a file that hangs costs its child, and the others are read."""
    assert main(["run"]) == 0
    folder = project / "published"
    folder.mkdir()
    page = project / "output" / str(today().year - 1) / "shili.html"
    (folder / "a.html").write_bytes(page.read_bytes())
    (folder / "b.html").write_text("<p>" * 200_000, "utf-8")
    script = (
        "import sys, reportkit.published.reading as reading\n"
        "import reportkit.sources.source as source\n"
        "if __name__ == '__main__':\n"
        "    def refused(*_): raise AssertionError('read in this process')\n"
        "    import reportkit.published.pool as pool\n"
        "    pool.read_file = reading.read_bytes = refused\n"
        "    print(len(source.open_source('published:published').towns))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=project, check=True
    )
    assert done.stdout.strip() == "1"
    assert main(["run", "--source", "published:published", "--output", "out3"]) == 0
    assert len([*(project / "out3").glob("[0-9]*/*.json")]) == 1
