"""``reportkit sample``: a project folder that the rest of the program takes as it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reportkit.checks import check_report
from reportkit.cli.main import main
from reportkit.errors import CallError
from reportkit.project import check_id, find_project
from reportkit.registers.sample import write
from reportkit.registers.sample.county import SyntheticCounty, parse_years, write_county
from reportkit.registers.schema import REGISTERS
from reportkit.sources.source import open_source

SMALL = ("--towns", "5", "--years", "2020-2021", "--seed", "7", "--hotline-rows", "20")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("示例") / "省"
    assert main(["sample", str(folder), *SMALL]) == 0
    return folder


def test_it_is_a_project_folder(folder: Path) -> None:
    project = find_project(folder, folder / "params" / "batch.yaml")
    assert project.batch is not None
    assert project.batch.years == (2020, 2021)
    assert project.source == str(folder / "data")
    assert list(project.towns) == [check_id(f"t0000{n}") for n in range(1, 6)]
    assert all(town.illustrative for town in project.towns.values())
    assert {path.name for path in (folder / "data").iterdir()} == {
        f"{name}.parquet" for name in REGISTERS
    }


def test_the_towns_beside_the_data_are_those_of_the_params(folder: Path) -> None:
    project, source = (
        find_project(folder, folder / "params/batch.yaml"),
        open_source(str(folder / "data")),
    )
    assert source.problems == ()
    for id_, town in project.towns.items():
        beside, powers = source.towns[id_], set(town.delegated or ())
        assert set(beside.delegated or ()) == powers
        assert beside.model_copy(update={"delegated": town.delegated}) == town


def test_no_report_of_it_has_an_error(tmp_path: Path) -> None:
    county = SyntheticCounty(
        towns=20, years=range(2019, 2023), seed=3, hotline_rows=30, applications=30
    )
    write_county(tmp_path / "x", county)
    source = open_source(str(tmp_path / "x" / "data"))
    reports = {
        (town, year): source.load(town, year).report
        for town in source.towns
        for year in source.years(town)
    }
    assert len(reports) == 20 * 4
    for (town, year), report in reports.items():
        assert None not in report.cells.values()
        found = [*report.findings, *check_report(report, reports.get((town, year - 1)))]
        assert [(town, year, f.message) for f in found if f.level == "error"] == []


def test_two_calls_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    assert main(["sample", str(tmp_path), *SMALL]) == 0
    for path in sorted(folder.rglob("*.*")):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_each_town_is_in_one_row_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "ROW_GROUP", 500)
    county = SyntheticCounty(towns=12, years=range(2022, 2024), seed=1, hotline_rows=200)
    rows = write_county(tmp_path, county)
    file = pq.ParquetFile(tmp_path / "data" / "hotline.parquet")
    assert file.metadata.num_row_groups > 3
    assert file.metadata.num_rows == rows["hotline"]
    spans = []
    for number in range(file.metadata.num_row_groups):
        statistics = file.metadata.row_group(number).column(0).statistics
        spans.append((statistics.min, statistics.max))
    assert all(this[1] < following[0] for this, following in pairwise(spans))


def test_a_folder_with_a_file_in_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "data" / "我的.csv"
    kept.parent.mkdir()
    kept.write_text("town\n", "utf-8")
    assert main(["sample", str(tmp_path)]) == 2
    assert "is not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["data", "我的.csv"]


def test_what_an_interrupted_call_leaves_is_no_hindrance(tmp_path: Path) -> None:
    county = SyntheticCounty(towns=3, years=range(2021, 2022), seed=1)

    def interrupt(numbers: range) -> Iterator[int]:
        yield from numbers[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_county(tmp_path, county, interrupt)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert write_county(tmp_path, county)["towns"] == 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--towns", "0"], "--towns"),
        (["--towns", "100000"], "--towns"),
        (["--years", "2018-2020"], "2019"),
        (["--years", "2023-2021"], "--years"),
        (["--years", "二〇二一"], "--years"),
        (["--years", "2021-"], "--years"),
        (["--seed=-1"], "--seed"),
        (["--hotline-rows=-5"], "--hotline-rows"),
        (["--applications", "1e9"], "--applications"),
    ],
)
def test_what_cannot_be_made_is_refused(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", str(tmp_path / "x"), *options]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_years() -> None:
    assert parse_years("2021") == range(2021, 2022)
    assert parse_years(" 2019-2024 ") == range(2019, 2025)
    with pytest.raises(CallError, match="span"):
        parse_years("2019-2024-2025")
