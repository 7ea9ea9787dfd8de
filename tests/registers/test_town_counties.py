"""A county or province in the register of towns that params/towns.yaml does not declare costs its own town alone, and is named."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from reportkit.errors import SourceError
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.reading.folder import Folder
from reportkit.report import Town
from reportkit.sources.source import open_source
from tests.registers.described import write_towns

COUNTIES = MappingProxyType(
    {
        id_: Town(id=id_, name=name, province="示例省", kind="county")
        for id_, name in (("shili", "示例县"), ("jia", "同名县"), ("yi", "同名县"))
    }
)
WRONG = {
    "示列县": "既不是 params/towns.yaml 中县的编号，也不是其名称，是否应为“示例县”",
    "同名县": "是2个县的名称，请改填县的编号：jia、yi",
}


PROVINCES = MappingProxyType(
    {
        "shifan": Town(id="shifan", name="示范省"),
        "shili": Town(id="shili", name="示例县", province="示范省", kind="county"),
    }
)


def _described(folder: Path, *named: str, kind: str = "csv", column: str = "county") -> Path:
    """Write a folder whose register of towns, a file or a sheet, names these counties; each town has one case.

    ``column`` is what they name, where it is not the county.
    """
    folder.mkdir()
    towns = [f"town{number}" for number, _ in enumerate(named)]
    heading = ["town", "name", column, "kind"]
    lines = [[t, f"{t}镇", each, "town"] for t, each in zip(towns, named, strict=True)]
    write_towns(folder, [heading, *lines], kind)
    prose = [f"{town},2021,s5,1,正文" for town in towns]
    text = "\n".join(["town,year,section,position,text", *prose])
    (folder / "narratives.csv").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_other_towns_of_a_folder_are_read(tmp_path: Path, wrong: str, kind: str) -> None:
    path = _described(tmp_path / "data", "示例县", wrong, "shili", "", kind=kind)
    folder = Folder(path, wholes=COUNTIES)
    assert list(folder.towns) == ["town0", "town2", "town3"]
    told = next(problem for problem in folder.problems if problem.startswith("单位信息"))
    assert not any("town1" in problem for problem in folder.problems)  # its rows are no stranger's
    where = "towns.csv 第3行" if kind == "csv" else "全县.xlsx “单位信息”表 第3行"
    assert where in told
    assert f"“{wrong}”" in told
    assert WRONG[wrong] in told


def test_a_store_refuses_it_likewise(tmp_path: Path) -> None:
    path = _described(tmp_path / "data", "示例县", "示列县")
    uri = f"duckdb:///{tmp_path / 'a.duckdb'}"
    ingest([path], uri)
    source = open_source(uri, wholes=COUNTIES)
    assert list(source.towns) == ["town0"]
    (told,) = [problem for problem in source.problems if problem.startswith("单位信息")]
    assert "towns.csv 第3行" in told
    assert WRONG["示列县"] in told


def test_a_folder_whose_only_town_is_refused_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"towns\.csv 第2行 .*示列县"):
        open_source(str(_described(tmp_path / "data", "示列县")), wholes=COUNTIES)


def test_where_no_county_is_declared_every_name_is_one(tmp_path: Path) -> None:
    path = str(_described(tmp_path / "data", "示列县", "别处"))
    assert len(open_source(path).towns) == 2
    assert len(open_source(path, wholes={"shifan": Town(id="shifan", name="示范省")}).towns) == 2


def test_the_county_of_params_wins_over_the_register(tmp_path: Path) -> None:
    path = str(_described(tmp_path / "data", "示例县", "示列县"))
    given = {"town1": Town(id="town1", name="town1镇", county="示例县")}
    source = open_source(path, given, wholes=COUNTIES)
    assert source.towns["town1"].county == "示例县"
    assert not [problem for problem in source.problems if problem.startswith("单位信息")]


@pytest.mark.parametrize("stored", [False, True])
def test_a_province_that_nobody_declares_is_refused_likewise(tmp_path: Path, stored: bool) -> None:
    path = _described(tmp_path / "data", "示范省", "示凡省", "shifan", "", column="province")
    uri = str(path)
    if stored:
        uri = f"duckdb:///{tmp_path / 'a.duckdb'}"
        ingest([path], uri)
    source = open_source(uri, wholes=PROVINCES)
    assert list(source.towns) == ["town0", "town2", "town3"]
    (told,) = [problem for problem in source.problems if problem.startswith("单位信息")]
    assert "towns.csv 第3行" in told
    assert (
        "“省份”既不是 params/towns.yaml 中省的编号，也不是其名称，是否应为“示范省”（“示凡省”）"
        in told
    )
    assert told.endswith("或在 params/towns.yaml 的 provinces 中补上该省。")
    assert (
        len(open_source(uri, wholes=COUNTIES).towns) == 4
    )  # where none is declared every name is one


def test_a_province_that_is_not_its_countys_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    heading = ["town", "name", "county", "province", "kind"]
    lines = [
        ["right", "甲镇", "示例县", "shifan", "town"],
        ["wrong", "乙镇", "示例县", "另一省", "town"],
    ]
    write_towns(folder, [heading, *lines], "csv")
    described = Folder(folder, wholes={**PROVINCES, "ling": Town(id="ling", name="另一省")})
    assert list(described.towns) == ["right"]
    (told,) = [problem for problem in described.problems if problem.startswith("单位信息")]
    assert "“省份”与其所在的“示例县”的省份“示范省”不一致（“另一省”）" in told
