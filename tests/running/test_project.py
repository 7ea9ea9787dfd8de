"""The params files: what is right loads, and every fault is named with file, key and nearest name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.project import BATCH_VARIABLE, Project, find_project, resolve_source
from reportkit.report import Town, TownReport

TOWN = """
  - id: {id}
    name: 古楼街道
    county: 示例县
    province: 示例省
    kind: subdistrict
    issuer: 古楼街道办事处
"""
TOWNS = "towns:" + TOWN.format(id="gulou") + TOWN.format(id="xiguan")
BATCH = "source: ../data\ntowns: towns.yaml\nyears: [2020, 2021]\n"


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BATCH_VARIABLE, raising=False)


def write(folder: Path, towns: str | None = TOWNS, batch: str | None = BATCH) -> Path:
    params = folder / "params"
    params.mkdir(parents=True, exist_ok=True)
    if towns is not None:
        (params / "towns.yaml").write_text(towns, "utf-8")
    if batch is not None:
        (params / "batch.yaml").write_text(batch, "utf-8")
    return folder


def fault(folder: Path) -> str:
    with pytest.raises(ParameterError) as raised:
        find_project(folder)
    return str(raised.value)


def test_a_project_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    home = write(tmp_path / "全县年报")
    below = home / "notebooks" / "drafts"
    below.mkdir(parents=True)
    project = find_project(below)
    assert project.folder == home
    assert project.source == str(home / "data")
    assert list(project.towns) == ["gulou", "xiguan"]
    assert project.towns["gulou"].kind == "subdistrict"
    assert project.batch is not None
    assert project.batch.years == (2020, 2021)
    assert project.batch.audience == "public"


def test_without_params_there_is_an_empty_project_on_the_sample(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.source == "sample:"
    assert not project.towns
    assert project.previous("gulou", 2021) is None
    assert project.published_on("gulou", 2021) is None


def test_a_towns_file_alone_is_a_project(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, batch=None))
    assert project.batch is None
    assert list(project.towns) == ["gulou", "xiguan"]
    assert project.file == tmp_path / "params" / "towns.yaml"


def test_the_variable_names_the_batch_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = write(tmp_path / "named")
    other = write(tmp_path / "other", towns="towns: []")
    monkeypatch.setenv(BATCH_VARIABLE, str(named / "params" / "batch.yaml"))
    assert list(find_project(other).towns) == ["gulou", "xiguan"]
    monkeypatch.setenv(BATCH_VARIABLE, "")
    assert find_project(other).file is None


def test_an_argument_wins_over_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write(tmp_path)
    monkeypatch.setenv(BATCH_VARIABLE, str(tmp_path / "nowhere.yaml"))
    assert find_project(batch=home / "params" / "batch.yaml").folder == home


@pytest.mark.parametrize(
    ("towns", "words"),
    [
        (TOWNS.replace("issuer", "isuer"), ("towns[1].isuer", "did you mean 'issuer'")),
        (TOWNS.replace("    county: 示例县\n", ""), ("towns[1].county: is missing",)),
        (TOWNS.replace("subdistrict", "subdistrct"), ("kind", "did you mean 'subdistrict'")),
        (TOWNS.replace("id: xiguan", "id: gulou"), ("'gulou'", "more than once")),
        (TOWNS.replace("id: xiguan", "id: 西关"), ("towns[2].id", "is no id")),
        (TOWNS.replace("id: xiguan", "id: com1"), ("reserved",)),
        (TOWNS.replace("id: xiguan", "id: xiguan\n    edition: 2020"), ("edition '2020'",)),
        ("town: []", ("town: unknown key; did you mean 'towns'",)),
        ("towns: [", ("no YAML",)),
        ("[]", ("the file: should be keys with values",)),
        ("", ("the file: should be keys with values",)),
    ],
)
def test_a_broken_towns_file_names_every_place(
    tmp_path: Path, towns: str, words: tuple[str, ...]
) -> None:
    message = fault(write(tmp_path, towns=towns))
    assert "towns.yaml" in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        (BATCH.replace("years", "yers"), ("yers: unknown key; did you mean 'years'", "is missing")),
        (BATCH.replace("source: ../data\n", ""), ("source: is missing",)),
        (BATCH + "audience: publik\n", ("audience: 'publik'", "did you mean 'public'")),
        (BATCH + "years: [2022]\n", ("'years' stands twice",)),
        (BATCH.replace("2021", "twenty"), ("years[2]",)),
        (BATCH.replace("[2020, 2021]", "[]"), ("years",)),
        (BATCH.replace("towns.yaml", "town.yaml"), ("town.yaml", "did you mean 'towns.yaml'")),
        (BATCH + "published_on: {gulou: soon}\n", ("published_on.gulou",)),
    ],
)
def test_a_broken_batch_file_names_every_place(
    tmp_path: Path, batch: str, words: tuple[str, ...]
) -> None:
    message = fault(write(tmp_path, batch=batch))
    assert "batch.yaml" in message
    for word in words:
        assert word in message


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "params" / "batch.yaml").write_bytes("来源: 数据".encode("gb18030"))
    assert "UTF-8" in fault(tmp_path)


def test_a_batch_file_that_is_not_there_names_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(ParameterError, match=r"did you mean 'batch.yaml'"):
        find_project(batch=tmp_path / "params" / "bacth.yaml")


def test_editions_come_apart_from_the_town(tmp_path: Path) -> None:
    towns = TOWNS.replace("id: xiguan", "id: xiguan\n    edition: 2019")
    project = find_project(write(tmp_path, towns=towns))
    assert project.editions == {"xiguan": "2019"}
    assert isinstance(project.towns["xiguan"], Town)


def test_last_years_reports_are_matched_by_town_and_year(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, batch=BATCH + "previous: ../last\n"))
    report = TownReport.from_dict(_report("gulou", 2020))
    (tmp_path / "last" / "2020").mkdir(parents=True)
    (tmp_path / "last" / "2020" / "gulou.json").write_text(report.to_json(), "utf-8")
    assert project.previous("gulou", 2021) == report
    assert project.previous("gulou", 2020) is None
    assert project.previous("xiguan", 2021) is None


def test_a_previous_that_is_no_report_is_named(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, batch=BATCH + "previous: last.json\n"))
    with pytest.raises(ParameterError, match=r"batch\.yaml: previous: there is no"):
        project.previous("gulou", 2021)
    (tmp_path / "params" / "last.json").write_text("{}", "utf-8")
    with pytest.raises(ParameterError, match=r"last\.json: not a report"):
        project.previous("gulou", 2021)


def test_a_day_of_publication_is_about_the_year_before(tmp_path: Path) -> None:
    project = find_project(write(tmp_path, batch=BATCH + "published_on: {gulou: 2022-01-20}\n"))
    assert project.published_on("gulou", 2021) == date(2022, 1, 20)
    assert project.published_on("gulou", 2020) is None
    assert project.published_on("xiguan", 2021) is None


def test_a_project_with_a_notebook_of_its_own(tmp_path: Path) -> None:
    project = find_project(write(tmp_path))
    assert project.notebook.name == "annual_report.ipynb"
    assert tmp_path not in project.notebook.parents
    own = tmp_path / "notebooks" / "annual_report.ipynb"
    own.parent.mkdir()
    own.write_text("{}", "utf-8")
    assert project.notebook == own


@pytest.mark.parametrize(
    ("uri", "resolved"),
    [
        ("sample:", "sample:"),
        ("../data", "/p/data"),
        ("/abs/数据", "/abs/数据"),
        ("duckdb:///x.duckdb", "duckdb:////p/params/x.duckdb"),
        ("published:../old", "published:/p/old"),
        ("postgresql://db/county", "postgresql://db/county"),
    ],
)
def test_a_source_is_relative_to_its_file(uri: str, resolved: str) -> None:
    assert resolve_source(uri, Path("/p/params")) == resolved


def _report(town: str, year: int) -> dict[str, object]:
    from reportkit.form import edition_for

    edition = edition_for(year)
    return {
        "schema": "reportkit.report/1",
        "town": {"id": town, "name": "古楼街道"},
        "year": year,
        "edition": edition.code,
        "cells": dict.fromkeys(edition.addresses),
    }
