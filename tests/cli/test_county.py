"""``reportkit run --level county``: the county's cells are the sum of the bodies' files, by a query of its own."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from tests.calling import called

TOWNS = """
towns:
  - {id: fangshu, name: 昉澍镇, county: shili, province: 示例省, kind: town, issuer: "", illustrative: true}
  - {id: feicong, name: 霏琮街道, county: shili, province: 示例省, kind: subdistrict, issuer: "", illustrative: true}
counties:
  - {id: shili, name: 示例县, province: 示例省}
"""


def run(folder: Path, *arguments: str) -> CompletedProcess[str]:
    return called(folder, "run", *arguments)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("县")
    (folder / "params").mkdir()
    (folder / "params" / "towns.yaml").write_text(TOWNS, "utf-8")
    (folder / "params" / "batch.yaml").write_text(
        'source: "sample:"\ntowns: towns.yaml\nyears: [2020, 2021]\nlevels: [town, county]\n'
        "only: [fangshu, feicong]\n",
        "utf-8",
    )
    made = run(folder, "--workers", "2", "--audience", "internal")
    assert made.returncode == 0, made.stderr
    return folder / "output-internal"


@pytest.mark.parametrize("year", [2020, 2021])
def test_a_countys_cells_are_the_sum_of_its_bodies(project: Path, year: int) -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            """
            WITH reports AS (SELECT town.id AS town, cells::JSON AS cells FROM read_json($files, columns =
              {town: 'STRUCT(id VARCHAR)', cells: 'JSON'})),
            tidy AS (SELECT town, unnest(json_keys(cells)) AS address, cells FROM reports)
            SELECT address, CASE WHEN count(*) = count(json_extract_string(cells, '$."' || address || '"'))
              THEN sum(json_extract_string(cells, '$."' || address || '"')::DECIMAL(38, 9)) END
            FROM tidy GROUP BY address
            """,
            {"files": [str(project / f"{year}" / f"{t}.json") for t in ("fangshu", "feicong")]},
        ).fetchall()
    county = json.loads((project / f"{year}" / "shili.json").read_text("utf-8"))
    assert len(rows) == len(county["cells"])
    shown = {a: None if v is None else float(v) for a, v in county["cells"].items()}
    assert {a: None if v is None else float(v) for a, v in rows} == shown


def test_the_county_has_its_pages_and_a_second_run_makes_nothing(project: Path) -> None:
    manifest = json.loads((project / "manifest.json").read_text("utf-8"))
    levels = {(e["town"], e["year"]): e.get("level") for e in manifest["reports"]}
    assert levels["shili", 2021] == "county"
    assert levels["fangshu", 2021] is None
    page = (project / "2021" / "shili.html").read_text("utf-8")
    assert 'href="fangshu.html"' in page
    index = (project / "index.html").read_text("utf-8")
    assert 'href="2021/shili.html"' in index
    again = run(project.parent, "--audience", "internal", "--dry-run")
    assert "0 of 7 reports to make" in again.stdout


def test_the_comparison_is_made_of_the_runs_reports(project: Path) -> None:
    page = (project / "compare.html").read_text("utf-8")
    assert "示例县各单位政府信息公开年度报告比较" in page
    assert "本页比较2个单位2020年至2021年的年度报告，共4份" in page
    assert "内部核对稿" in page
    assert "按台账的收到日期逐月加总" in page
    assert "<script" not in page
    assert 'href="compare.html"' in (project / "index.html").read_text("utf-8")
    assert not list(project.glob("compare.json"))


def test_without_an_id_for_each_county_nothing_is_run(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "params"
    folder.mkdir()
    towns = TOWNS.split("counties:", maxsplit=1)[0].replace("county: shili", "county: 甲县", 1)
    (folder / "towns.yaml").write_text(towns.replace("county: shili", "county: 乙县"), "utf-8")
    (folder / "batch.yaml").write_text(
        'source: "sample:"\ntowns: towns.yaml\nyears: [2021]\nonly: [fangshu]\n', "utf-8"
    )
    refused = run(tmp_path, "--level", "county", "--dry-run")
    assert refused.returncode == 2
    assert "counties: the level county needs ids" in refused.stderr
    assert project.is_dir()


def test_a_published_report_of_somebody_else_is_refused_before_anything_runs(project: Path) -> None:
    own = project / "2021" / "fangshu.json"
    refused = run(project.parent, "--audience", "internal", "--dry-run", "--against", str(own))
    assert refused.returncode == 2
    assert "it is the report of '昉澍镇 2021'; this run makes 示例县, 2020, 2021" in refused.stderr
    county = run(
        project.parent,
        *("--audience", "internal", "--dry-run", "--against", str(project / "2021" / "shili.json")),
    )
    assert "1 of 7 reports to make" in county.stdout


@pytest.mark.parametrize("year", [2020, 2021])
def test_the_tidy_data_sum_up_to_the_county_too(project: Path, year: int) -> None:
    with duckdb.connect() as connection:
        differing, cells, unknown = connection.execute(
            """
            WITH cells AS (SELECT * FROM read_parquet($file) WHERE year = $year),
            bodies AS (SELECT address, CASE WHEN count(*) = count(value) THEN sum(value) END AS value
              FROM cells WHERE town IN ('fangshu', 'feicong') GROUP BY address)
            SELECT count(*) FILTER (WHERE bodies.value IS DISTINCT FROM county.value), count(*),
              count(*) FILTER (WHERE county.value IS NULL)
            FROM bodies JOIN cells AS county USING (address) WHERE county.town = 'shili'
            """,
            {"file": str(project / "data" / "cells.parquet"), "year": year},
        ).fetchall()[0]
    county = json.loads((project / f"{year}" / "shili.json").read_text("utf-8"))["cells"]
    assert (differing, cells) == (0, len(county))
    assert unknown == sum(value is None for value in county.values())
