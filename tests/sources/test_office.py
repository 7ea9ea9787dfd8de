"""What a source keeps for a county's office: prose of its own, and what its bodies handed in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reportkit.report import Town
from reportkit.sources.source import open_source, sweep

COUNTY = {"jia": Town(id="jia", name="甲县", kind="county")}
FILES = {
    "towns.csv": "town,name,kind\naa,甲镇,town\nbb,乙镇,town\n",
    "coverage.csv": "town,register,from_year\naa,applications,2021\n",
    "narratives.csv": "town,year,section,position,text\njia,2021,s5,2,其二。\njia,2021,s5,1,其一。\naa,2021,s5,1,无。\n",
    "submissions.csv": "town,year,round,handed_in_on,returned_on,published_on\n"
    "aa,2021,2,2022-01-24,,2022-01-28\naa,2021,1,2022-01-20,2022-01-22,\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_the_prose_of_a_declared_county_is_its_own_and_it_is_no_town(folder: Path) -> None:
    source = open_source(str(folder), wholes=COUNTY)
    assert source.problems == ()
    assert set(source.towns) == {"aa", "bb"}
    assert source.kept("jia").texts == {2021: {"s5": "其一。\n\n其二。"}}
    assert source.years("aa") == (2021,)


def test_the_prose_of_a_county_that_nobody_declared_is_a_strangers(folder: Path) -> None:
    source = open_source(str(folder))
    assert ["'jia'" in problem for problem in source.problems] == [True]
    assert source.kept("jia").texts == {}


def test_every_round_is_told_in_its_order(folder: Path) -> None:
    source = open_source(str(folder), wholes=COUNTY)
    assert source.kept("aa").rounds == {
        2021: (
            "第1次2022年1月20日报送、2022年1月22日退回",
            "第2次2022年1月24日报送、2022年1月28日公布",
        )
    }
    assert source.kept("bb").rounds == {}
    assert source.kept("aa").published == {2021: date(2022, 1, 28)}
    assert source.kept("bb").published == {}


def test_months_are_told_of_the_years_that_the_register_covers(folder: Path) -> None:
    rows = ["2020-12-31", "2021-01-01", "2021-01-31", "2021-12-31", "2022-01-01"]
    lines = "".join(f"aa,{n},{day},natural_person,online\n" for n, day in enumerate(rows))
    (folder / "applications.csv").write_text(
        f"town,application_no,received_on,applicant_type,channel\n{lines}", "utf-8"
    )
    months = open_source(str(folder)).kept("aa").months
    assert months[2021] == (2, *[0] * 10, 1)
    assert 2020 not in months


def test_a_sweep_finds_it_in_one_of_its_pieces(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportkit.sources.source.PART_ROWS", 1)
    pieces = [source for source, _ in sweep(str(folder), wholes=COUNTY)]
    assert len(pieces) == 2
    assert [bool(source.kept("jia").texts) for source in pieces] == [True, False]
