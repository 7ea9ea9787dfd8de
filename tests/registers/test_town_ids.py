"""A word in the register of towns that can be no id costs its own town alone, and says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.errors import SourceError
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.reading.folder import Folder
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.read import Store
from reportkit.sources.source import open_source
from tests.registers.described import write_towns

WRONG = {
    "index": "是输出文件夹保留的名称，请换一个，如index-town",
    "con": "是Windows系统保留的名称，请换一个，如con-town",
    "Bei He": "须以小写字母开头",
    "../x": "须以小写字母开头",
}


def _described(folder: Path, *towns: str, kind: str = "csv") -> Path:
    """Write a folder whose register of towns, a file or a sheet, describes some towns; each has one case."""
    folder.mkdir()
    heading = ["town", "name", "kind"]
    lines = [[town, f"{number}号镇", "town"] for number, town in enumerate(towns)]
    write_towns(folder, [heading, *lines], kind)
    cases = [f"{town},1,2021-03-05,natural_person" for town in towns]
    heads = "town,application_no,received_on,applicant_type"
    (folder / "applications.csv").write_text("\n".join([heads, *cases]), "utf-8")
    (folder / "coverage.csv").write_text(
        "\n".join(["town,register,from_year", *(f"{town},applications,2021" for town in towns)]),
        "utf-8",
    )
    return folder


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("wrong", WRONG)
def test_the_other_towns_of_a_folder_are_read(tmp_path: Path, wrong: str, kind: str) -> None:
    folder = Folder(_described(tmp_path / "data", "qinghe", wrong, "yunxi", kind=kind))
    assert list(folder.towns) == ["qinghe", "yunxi"]
    assert len(folder.town("yunxi").frames["applications"]) == 1
    (told,) = [problem for problem in folder.problems if problem.startswith("单位信息")]
    where = "towns.csv 第3行" if kind == "csv" else "全县.xlsx “单位信息”表 第3行"
    assert where in told
    assert WRONG[wrong] in told
    assert f"“{wrong}”" in told


def test_a_folder_whose_only_town_has_no_id_says_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"towns\.csv 第2行 未计入：“单位编号”是输出文件夹保留的"):
        open_source(str(_described(tmp_path / "data", "data")))


def test_a_word_of_rows_alone_is_no_town_where_it_can_be_no_id(tmp_path: Path) -> None:
    folder = _described(tmp_path / "data", "qinghe", "index")
    (folder / "towns.csv").unlink()
    assert list(open_source(str(folder)).towns) == ["qinghe"]


def test_ingest_names_the_row_and_how_to_mend_it(tmp_path: Path) -> None:
    folder = _described(tmp_path / "data", "qinghe", "index")
    uri = f"duckdb:///{tmp_path / 'a.duckdb'}"
    results = {result.name: result for result in ingest([folder], uri, partial=True)}
    (fault,) = results["towns.csv"].faults
    assert (fault.row, fault.column, fault.value) == (3, "town", "index")
    assert fault.what == WRONG["index"]
    assert fault.how == "另取一个单位编号，如单位名称的拼音。"
    assert [f.code for f in results["applications.csv"].faults] == ["ROW-TOWN"]
    assert list(open_source(uri).towns) == ["qinghe"]


def test_an_id_that_an_older_release_let_into_a_store_costs_its_town_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _described(tmp_path / "data", "qinghe", "index")
    uri = f"duckdb:///{tmp_path / 'a.duckdb'}"
    with monkeypatch.context() as older:
        older.setattr("reportkit.ids.RESERVED", frozenset())
        ingest([folder], uri)
    store = Store(parse_address(uri), {}, {})
    assert list(store.towns) == ["qinghe"]
    (told,) = store.problems
    assert "towns.csv 第3行：“index”不能作单位编号" in told
