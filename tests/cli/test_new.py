"""``reportkit new``: a project folder that works from the first minute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportkit.cli.main import main
from reportkit.errors import CallError
from reportkit.project import find_project, packaged_notebook
from reportkit.sources.source import open_source
from reportkit.starter import start_project


def test_a_new_project_has_a_report_without_an_error(tmp_path: Path) -> None:
    written = start_project(tmp_path / "我镇年报", date(2022, 3, 1))
    assert all(path.is_file() for path in written)
    project = find_project(tmp_path / "我镇年报")
    assert project.batch is not None
    assert project.batch.years == (2021,)
    assert project.notebook.read_bytes() == packaged_notebook().read_bytes()
    source = open_source(project.source, project.towns, project.editions)
    assert source.problems == ()
    dossier = source.load("shili", 2021)
    assert not dossier.report.errors
    assert dossier.report.facts["disclosed_items"] == 3
    assert dossier.report.cells["t3.received.total"] == 2
    assert dossier.report.cells["t3.granted.total"] == 2
    assert dossier.report.cells["t4.reconsideration.total"] == 0
    assert dossier.report.town.illustrative


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(CallError, match="not empty"):
        start_project(tmp_path, date(2022, 3, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_the_command_lists_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "p")]) == 0
    assert str(tmp_path / "p" / "params" / "batch.yaml") in capsys.readouterr().out
    assert main(["new", str(tmp_path / "p")]) == 2
