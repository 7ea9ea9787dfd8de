"""A folder of Parquet files is read where it changed, and what is found is what reading all of it finds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reportkit.registers.reading.files.stored import Indexes
from reportkit.registers.sample.county import SyntheticCounty, write_county
from reportkit.running.planning.survey import Inventory, Survey, take
from reportkit.sources import source as sources
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source, sweep


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Registers of six towns, the disclosures in row groups of forty rows."""
    folder = tmp_path_factory.mktemp("county")
    made = SyntheticCounty(
        towns=6, years=range(2023, 2025), seed=1, hotline_rows=20, applications=4
    )
    write_county(folder / "made", made)
    data = folder / "made" / "data"
    file = data / "disclosures.parquet"
    pq.write_table(pq.read_table(file), file, row_group_size=40)
    return data


@pytest.fixture
def data(county: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(county, tmp_path / "data"))


def surveyed(data: Path, name: str, before: Inventory | None = None) -> tuple[Inventory, set[str]]:
    """Take an inventory as if all reports of one from before stood; return the towns that were read too."""
    known = (
        {}
        if before is None
        else {(t, y): d for t, own in before.digests.items() for y, d in own.items()}
    )
    slices = data.parent / name
    slices.mkdir()
    survey = Survey(
        key="k",
        uri=str(data),
        towns={},
        editions={},
        only=None,
        slices=str(slices),
        known=known,
        before=before,
        indexes=str(data.parent / "indexes"),
    )
    found = take(survey)
    assert isinstance(found, Inventory)
    return found, {path.name for path in slices.iterdir()}


def change(file: Path, row: int, **values: object) -> str:
    """Change a row, and return its town."""
    rows = pq.read_table(file).to_pylist()
    rows[row].update(values)
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(file)), file, row_group_size=40)
    return str(rows[row]["town"])


@pytest.mark.parametrize("most", [50, 10**9])
def test_rows_read_apart_are_those_of_the_whole_file(
    data: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PART_ROWS", most)
    whole = open_source(str(data))
    assert isinstance(whole, RegisterSource)
    seen = set()
    for piece, _ in sweep(str(data), indexes=Indexes(None)):
        assert isinstance(piece, RegisterSource)
        for town in piece.towns:
            ours, theirs = piece.data(town), whole.data(town)
            assert (ours.set_aside, ours.coverage) == (theirs.set_aside, theirs.coverage)
            assert [*ours.frames] == [*theirs.frames]
            for name, frame in theirs.frames.items():
                pd.testing.assert_frame_equal(ours.frames[name], frame)
            assert piece.years(town) == whole.years(town)
            seen.add(town)
    assert seen == {*whole.towns}


def test_one_changed_row_is_one_town_to_read(data: Path) -> None:
    first, read = surveyed(data, "first")
    assert read == {*first.towns}
    again, read = surveyed(data, "again", first)
    assert (again, read) == (first, set())
    town = change(data / "disclosures.parquet", 41, title="x")
    changed, read = surveyed(data, "changed", first)
    assert read == {town}
    assert changed.digests == surveyed(data, "whole")[0].digests != first.digests


def test_rows_that_only_moved_are_not_read_again(data: Path) -> None:
    first, _ = surveyed(data, "first")
    file = data / "disclosures.parquet"
    rows = pq.read_table(file)
    more = rows.slice(0, 1).to_pylist()[0] | {"item_no": "new"}
    added = pa.concat_tables([pa.Table.from_pylist([more], rows.schema), rows])
    pq.write_table(added, file, row_group_size=40)
    changed, read = surveyed(data, "changed", first)
    assert read == {more["town"]}
    assert changed.digests == surveyed(data, "whole")[0].digests


def test_a_finding_tells_the_place_of_a_row_that_moved(data: Path) -> None:
    file = data / "disclosures.parquet"
    town = change(file, len(pq.read_table(file)) - 1, channel="no such channel")
    first, _ = surveyed(data, "first")
    assert first.placed == {town}
    rows = pq.read_table(file)
    more = rows.slice(0, 1).to_pylist()[0] | {"item_no": "new"}
    added = pa.concat_tables([pa.Table.from_pylist([more], rows.schema), rows])
    pq.write_table(added, file, row_group_size=40)
    changed, _ = surveyed(data, "changed", first)
    assert changed.digests[town] != first.digests[town]
    assert changed.digests == surveyed(data, "whole")[0].digests


def test_a_change_is_read_in_its_own_row_group(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = surveyed(data, "first")
    town = change(data / "disclosures.parquet", 41, title="x")
    read: list[int] = []
    whole = pq.ParquetFile.read_row_group

    def watched(file: pq.ParquetFile, number: int) -> pa.Table:
        read.append(number)
        return whole(file, number)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", watched)
    list(
        sweep(
            str(data),
            indexes=Indexes(data.parent / "indexes"),
            stands=lambda t, _mark: t in first.towns,
        )
    )
    assert read == [1]
    assert town


@pytest.mark.parametrize("harm", ["cut", "changed", "old"])
def test_an_index_that_is_no_good_is_made_again(data: Path, harm: str) -> None:
    first, _ = surveyed(data, "first")
    index = data.parent / "indexes" / "disclosures.parquet.json"
    good = index.read_bytes()
    index.write_bytes(
        {
            "cut": good[:-9],
            "changed": good.replace(b'"rows":40', b'"rows":41'),
            "old": good.replace(b"1", b"0", 1),
        }[harm]
    )
    assert index.read_bytes() != good
    again, read = surveyed(data, "again", first)
    assert (again, read, index.read_bytes()) == (first, set(), good)


def test_a_dry_run_writes_no_index(data: Path) -> None:
    survey = Survey(
        key="k",
        uri=str(data),
        towns={},
        editions={},
        only=None,
        slices=None,
        known={},
        indexes=str(data.parent / "indexes"),
    )
    assert isinstance(take(survey), Inventory)
    assert not (data.parent / "indexes").exists()
    assert isinstance(take(replace(survey, indexes=None)), Inventory)
