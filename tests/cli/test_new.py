"""``reportkit new``: a project folder that works from the first minute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
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


def test_the_folder_is_ready_to_work_in(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    start_project(folder, date(2022, 3, 1))
    ignored = (folder / ".gitignore").read_text("utf-8").splitlines()
    assert {"/data/", "*.xlsx", "/output/", "/output-internal/"} <= set(ignored)
    readme = (folder / "README.md").read_text("utf-8")
    for line in (
        "2021年12月31日",
        "2022年1月31日前",
        "20个工作日",
        "条例第四十九条",
        "reportkit due",
    ):
        assert line in readme
    assert "{" not in readme
    assert (folder / "notebooks" / "annual_report.ipynb").is_file()
    book = openpyxl.load_workbook(folder / "台账.xlsx")
    assert [cell.value for cell in book["单位信息"][2]][:5] == [
        "shili",
        "示例镇",
        "示例县",
        "示例省",
        "镇",
    ]


def test_a_town_of_ones_own_is_filled_in_and_nothing_invented_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "qinghe"
    call = ["new", str(folder), "--town", "qinghe", "--name", "清禾镇", "--county", "示例县"]
    assert main([*call, "--kind", "township"]) == 0
    project = find_project(folder)
    assert project.towns["qinghe"].name == "清禾镇"
    assert project.towns["qinghe"].kind == "township"
    assert not project.towns["qinghe"].illustrative
    assert [path.name for path in (folder / "data").iterdir()] == ["台账.xlsx"]
    book = openpyxl.load_workbook(folder / "data" / "台账.xlsx")
    assert [cell.value for cell in book["单位信息"][2]][:3] == ["qinghe", "清禾镇", "示例县"]
    source = open_source(project.source, project.towns, project.editions)
    assert source.problems == ()
    assert source.years("qinghe") == ()
    assert "清禾镇" in (folder / "README.md").read_text("utf-8")
    capsys.readouterr()
    assert main(["new", str(tmp_path / "b"), "--town", "Qing He", "--name", "清禾镇"]) == 2
    assert "is no id" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "b"), "--county", "示例县"]) == 2


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
