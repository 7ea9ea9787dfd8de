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
        (TOWNS.replace("id: xiguan", "id: com1"), ("towns[2].id", "reserved", "'com1-town'")),
        (TOWNS.replace("id: xiguan", "id: counties"), ("towns[2].id", "reserved")),
        (TOWNS.replace("id: xiguan", "id: compare"), ("reserved",)),
        (TOWNS.replace("id: xiguan", "id: data"), ("reserved",)),
        (TOWNS.replace("name: 古楼街道", "name: 12"), ("towns[1].name: 12 is no text; put it in",)),
        (TOWNS.replace("name: 古楼街道", "name:"), ("towns[1].name: has no value; write one",)),
        (TOWNS.replace("name: 古楼街道", "name: ''"), ("towns[1].name: is empty",)),
        ("towns: gulou", ("towns: 'gulou' is no list; write [gulou]",)),
        ("towns: [gulou]", ("towns[1]: 'gulou' should be keys with values",)),
        (TOWNS + "countys: []", ("countys: unknown key; did you mean 'counties'",)),
        (
            TOWNS + "counties: [{id: shili, name: 示例县, provinz: 示例省}]",
            ("counties[1].provinz: unknown key; did you mean 'province'",),
        ),
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
        (BATCH.replace("[2020, 2021]", "2020"), ("years: 2020 is no list; write [2020]",)),
        (BATCH.replace("2021", "true"), ("years[2]: True is no year",)),
        (BATCH.replace("2021", "20211"), ("years[2]: 20211 is no year; write it with four",)),
        (BATCH + "published_on: {gulou: soon}\n", ("published_on.gulou: 'soon' is no day",)),
        (BATCH + "published_on: {gulou: 2022}\n", ("published_on.gulou: 2022 is no day",)),
        (BATCH + "published_on: {gulou: {2021: 2021-12-31}}\n", ("cannot be published before",)),
        (BATCH + "published_on: {gulou: {soon: 2022-01-20}}\n", ("'soon' is no year",)),
        (BATCH + "published_on: {index: 2022-01-20}\n", ("published_on.index", "reserved")),
        (BATCH + "formats: html\n", ("formats: 'html' is no list; write [html]",)),
        (BATCH + "formats: [docx, docx]\n", ("formats: 'docx' stands there more than once",)),
        (BATCH + "formats: [../x]\n", ("formats[1]: '../x' is no format's name",)),
        (BATCH + "levels: [town, contry]\n", ("levels[2]: 'contry'", "did you mean 'county'")),
        (BATCH + "levels: []\n", ("levels: is empty",)),
        (
            BATCH + "deadlines: {twon: 01-31}\n",
            ("deadlines.twon: 'twon' is not possible", "'town'"),
        ),
        (BATCH + "deadlines: {town: 02-30}\n", ("deadlines.town: '02-30' is no day of every",)),
        (BATCH + "deadlines: {town: 02-29}\n", ("deadlines.town: '02-29' is no day of every",)),
        (
            BATCH + "portal: {gulou: {2021: {topc: a}}}\n",
            ("portal.gulou.2021.topc: unknown key; did you mean 'topic'",),
        ),
        (BATCH + "portal: {gulou: {later: {topic: a}}}\n", ("'later' is no year",)),
        (BATCH + "portal: {gulou: [a]}\n", ("portal.gulou: ['a'] should be keys",)),
        (BATCH + "parameters: {year: 2021}\n", ("parameters: 'year' is set by the run itself",)),
        (BATCH + "parameters: {my-name: 1}\n", ("parameters: 'my-name' is no name of a",)),
        (BATCH + "parameters: {day: 2021-01-01}\n", ("parameters: day:", "a date in quotes")),
        (BATCH + "denominator: people.csv\n", ("denominator: there is no file",)),
        (BATCH + "licence: ''\n", ("licence: is empty",)),
        (BATCH + "license: CC0\n", ("license: unknown key; did you mean 'licence'",)),
        (BATCH + "citation: [a]\n", ("citation: ['a'] is no text; put it in quotes",)),
        (BATCH + "only: gulou\n", ("only: 'gulou' is no list; write [gulou]",)),
        (BATCH + "previous: [a]\n", ("previous: ['a'] is no path",)),
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


COUNTIES = """counties:
  - {id: haiyang, name: 海阳市, city: 烟台市, province: 山东省}
  - {id: gulou-nj, name: 鼓楼区, city: 南京市, province: 江苏省}
  - {id: gulou-xz, name: 鼓楼区, city: 徐州市, province: 江苏省}
"""


def counties(towns: str, more: str = "") -> str:
    """Return a towns file with its counties; a town is written «id county province»."""
    lines = [line.split() for line in towns.splitlines()]
    listed = [
        f"  - {{id: {id_}, name: 某镇, county: {county}, province: {province}, kind: town, issuer: 某镇}}"
        for id_, county, province in lines
    ]
    return "towns:\n" + "\n".join(listed) + "\n" + COUNTIES + more


def test_a_county_is_found_by_its_id_or_by_a_name_of_its_own(tmp_path: Path) -> None:
    text = counties(
        "erdian haiyang 山东省\nsandian 海阳市 山东省\nsidian gulou-xz 江苏省\nwudian '' 江苏省"
    )
    project = find_project(write(tmp_path, towns=text))
    assert project.towns["erdian"].county == project.towns["sandian"].county == "海阳市"
    assert project.towns["sidian"].county == "鼓楼区"
    assert project.towns["wudian"].county == ""
    found = {id_: project.county_of(id_) for id_ in project.towns}
    assert {id_: county and county.id for id_, county in found.items()} == {
        "erdian": "haiyang",
        "sandian": "haiyang",
        "sidian": "gulou-xz",
        "wudian": None,
    }
    assert list(project.counties) == ["haiyang", "gulou-nj", "gulou-xz"]
    assert project.counties["haiyang"].city == "烟台市"


@pytest.mark.parametrize(
    ("towns", "more", "words"),
    [
        (
            "erdian 鼓楼区 江苏省",
            "",
            ("towns[1].county: 2 counties are named '鼓楼区'; write the id: gulou-nj, gulou-xz",),
        ),
        (
            "erdian haiyan 山东省",
            "",
            ("towns[1].county: there is no county 'haiyan'; did you mean 'haiyang'",),
        ),
        (
            "erdian 海阳市 江苏省",
            "",
            ("towns[1].province: '江苏省', but its county 'haiyang' is in '山东省'",),
        ),
        (
            "haiyang 海阳市 山东省",
            "",
            ("the id 'haiyang' stands there more than once: towns[1].id and counties[1].id",),
        ),
        (
            "erdian 海阳市 山东省",
            "provinces: [{id: erdian, name: 山东省}, {id: jiangsu, name: 江苏省}]",
            ("the id 'erdian' stands there more than once: towns[1].id and provinces[1].id",),
        ),
        (
            "erdian 海阳市 山东",
            "provinces: [{id: shandong, name: 山东省}, {id: jiangsu, name: 江苏省}]",
            ("towns[1].province: there is no province '山东'; did you mean '山东省'",),
        ),
    ],
)
def test_a_county_that_cannot_be_told_is_refused(
    tmp_path: Path, towns: str, more: str, words: tuple[str, ...]
) -> None:
    message = fault(write(tmp_path, towns=counties(towns, more)))
    assert "towns.yaml" in message
    for word in words:
        assert word in message


def test_an_id_of_a_province_is_one_body_s_alone(tmp_path: Path) -> None:
    text = counties("shandong haiyang shandong").replace("province: 山东省", "province: shandong")
    assert "'shandong' stands there more than once" in fault(write(tmp_path, towns=text))


def test_a_province_is_found_by_its_id_or_its_name(tmp_path: Path) -> None:
    text = counties(
        "erdian haiyang sd", "provinces: [{id: sd, name: 山东省}, {id: js, name: 江苏省}]"
    )
    project = find_project(write(tmp_path, towns=text))
    assert project.towns["erdian"].province == "山东省"
    assert {id_: each.name for id_, each in project.provinces.items()} == {
        "sd": "山东省",
        "js": "江苏省",
    }


def test_without_counties_the_towns_of_one_name_are_one_county(tmp_path: Path) -> None:
    project = find_project(write(tmp_path))
    assert [(each.id, each.name) for each in project.counties.values()] == [("county", "示例县")]
    county = project.county_of("gulou")
    assert county is not None
    assert county.id == "county"


def test_what_a_batch_says_beside_its_years(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "人口.csv").write_text("town,year,population\n", "utf-8")
    more = """formats: [html, docx]
levels: [town, county]
published_on: {gulou: {2020: 2021-01-18, 2021: 2022-01-20}, county: {2021: 2022-03-01}}
parameters: {threshold: 0.5, towns_of_interest: [gulou], title: 对比}
portal: {gulou: {2021: {index_no: 11370000, topic: 政务公开}}}
deadlines: {town: 01-15, county: 03-31}
denominator: 人口.csv
licence: CC-BY-4.0
citation: 示例县政府信息公开年度报告数据集
"""
    project = find_project(write(tmp_path, batch=BATCH + more))
    batch = project.batch
    assert batch is not None
    assert batch.formats == ("html", "docx")
    assert batch.levels == ("town", "county")
    assert batch.parameters == {"threshold": 0.5, "towns_of_interest": ["gulou"], "title": "对比"}
    assert project.published_on("gulou", 2020) == date(2021, 1, 18)
    assert project.published_on("gulou", 2021) == date(2022, 1, 20)
    assert project.published_on("gulou", 2019) is None
    assert project.published_on("county", 2021) == date(2022, 3, 1)
    assert project.portal("gulou", 2021).index_no == "11370000"
    assert project.portal("gulou", 2021).doc_no == ""
    assert project.portal("xiguan", 2021).topic == ""
    assert batch.deadlines["town"].of(2022) == date(2022, 1, 15)
    assert project.denominator == tmp_path / "params" / "人口.csv"
    assert (batch.licence, batch.citation) == ("CC-BY-4.0", "示例县政府信息公开年度报告数据集")


def test_without_levels_the_towns_are_made(tmp_path: Path) -> None:
    batch = find_project(write(tmp_path)).batch
    assert batch is not None
    assert batch.levels == ("town",)
