"""A source swept piece by piece is the source opened whole: every town, row, digest and problem once."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.registers.slices import load_slice
from reportkit.sources import source as sources
from reportkit.sources.dossier import Source
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source, sweep


def pieces(uri: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    monkeypatch.setattr(sources, "PART_ROWS", rows)
    found = list(sweep(uri))
    every = {town for _, towns in found for town in towns}
    assert every == {town for source, _ in found for town in source.towns}
    return [source for source, _ in found]


def digests(source: Source) -> dict[tuple[str, int], str]:
    return {(t, y): source.digest(t, y) for t in source.towns for y in source.years(t)}


@pytest.mark.parametrize("rows", [1, 5_000, 10**9])
def test_the_sample_county_in_pieces(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pieces("sample:", rows, monkeypatch)
    whole = open_source("sample:")
    assert len(found) == {1: len(whole.towns), 10**9: 1}.get(rows, len(found))
    merged: dict[tuple[str, int], str] = {}
    for source in found:
        assert not merged.keys() & digests(source).keys()
        merged |= digests(source)
    assert merged == digests(whole)


def test_bad_rows_are_told_once_and_of_the_right_town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = ["beiguan", "nanguan", "xiguan"]
    (tmp_path / "towns.csv").write_text(
        "town,name,kind\n" + "".join(f"{t},{t}镇,town\n" for t in towns), "utf-8"
    )
    (tmp_path / "coverage.csv").write_text(
        "town,register,from_year,to_year\n"
        + "".join(f"{t},disclosures,2021,2022\n" for t in towns),
        "utf-8",
    )
    (tmp_path / "disclosures.csv").write_text(
        "town,item_no,channel,published_on\n"
        "beiguan,1,portal,2021-02-03\n"
        "nanguan,1,portal,no date\n"
        "dongguan,1,portal,2021-02-03\n"  # nobody named this town
        ",2,portal,2021-02-03\n"  # nobody's row
        "xiguan镇,1,portal,2021-02-03\n"  # by its name
        "xiguan,2,portal,2021-02-03,too long\n",
        "utf-8",
    )
    found = pieces(str(tmp_path), 1, monkeypatch)
    assert len(found) == 3
    whole = open_source(str(tmp_path))
    assert [problem for source in found for problem in source.problems] == list(whole.problems)
    for source in found:
        for town in source.towns:
            assert isinstance(source, RegisterSource)
            assert isinstance(whole, RegisterSource)
            ours, theirs = source.data(town), whole.data(town)
            assert ours.set_aside == theirs.set_aside
            assert ours.coverage == theirs.coverage
            for name, frame in theirs.frames.items():
                assert ours.frames[name].equals(frame)
            assert digests(source).items() <= digests(whole).items()


def test_only_the_towns_that_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PART_ROWS", 1)
    found = list(sweep("sample:", only=("danheng", "nowhere")))
    assert [set(source.towns) for source, _ in found] == [{"danheng"}]
    assert "ershilidian" in found[0][1]


def test_a_slice_holds_what_the_source_holds(tmp_path: Path) -> None:
    source = open_source("sample:")
    assert isinstance(source, RegisterSource)
    content = source.pack("danheng")
    assert content is not None
    (tmp_path / "slice").write_bytes(content)
    uri, data = load_slice(tmp_path / "slice")
    theirs = source.data("danheng")
    assert uri == "sample:"
    assert (data.town, data.edition, data.coverage) == (
        theirs.town,
        theirs.edition,
        theirs.coverage,
    )
    assert all(data.frames[name].equals(frame) for name, frame in theirs.frames.items())
