"""The manifest: in and out, and what a damaged one costs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.form import Cells, edition_for
from reportkit.manifest import FORMAT, Entries, Entry, Manifest, figures_of
from reportkit.report import Town, TownReport

ENTRIES = st.builds(
    Entry,
    town=st.from_regex(r"[a-z][a-z0-9-]{1,10}", fullmatch=True),
    name=st.text(),
    county=st.text(),
    year=st.integers(2019, 2030),
    edition=st.sampled_from([None, "2019", "2021"]),
    status=st.sampled_from(["ok", "failed", "refused", "stale"]),
    illustrative=st.booleans(),
    figures=st.dictionaries(st.just("handled"), st.none() | st.integers(0)),
    findings=st.none() | st.just({"error": 1, "warning": 0, "info": 2}),
    inputs=st.just({"data": "0", "parameters": "1", "build": "b"}),
    outputs=st.dictionaries(st.text(min_size=1), st.text()),
    seconds=st.floats(0, 9),
    attempt=st.sampled_from([None, "failed", "refused"]),
)


@given(st.lists(ENTRIES, max_size=5))
def test_a_manifest_comes_back_as_it_was(entries: list[Entry]) -> None:
    manifest = Manifest("internal", {}, {"b": {"notebook": "0"}}).with_entries(entries)
    text = manifest.to_json()
    assert json.loads(text)["schema"] == FORMAT
    back = Manifest.from_json(text)
    assert back.entries == manifest.entries
    assert back.audience == "internal"
    assert back.to_json() == text


def test_builds_that_no_entry_names_are_left_out() -> None:
    assert json.loads(Manifest(builds={"b": {}}).to_json())["builds"] == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": "other"}', "[" * 100_000])
def test_a_damaged_manifest_counts_as_empty(text: str) -> None:
    assert Manifest.from_json(text) == Manifest()


def test_a_manifest_with_a_wrong_entry_counts_as_empty() -> None:
    entry = Entry(town="gulou", name="", county="", year=2021, status="ok")
    text = Manifest().with_entries([entry]).to_json()
    assert Manifest.from_json(text).entries
    assert Manifest.from_json(text.replace('"ok"', '"done"')) == Manifest()


def test_the_key_figures_keep_unknown_apart_from_zero() -> None:
    edition = edition_for(2021)
    cells = Cells(edition, {"t3.received.total": 0, "t3.handled.total": 3})
    report = TownReport(
        town=Town(id="gulou", name="古楼街道"),
        year=2021,
        edition="2021",
        cells=cells,
        facts={"disclosed_items": 24},
    )
    assert figures_of(report) == {
        "disclosed_items": 24,
        "applications_received": 0,
        "handled": 3,
        "carried_forward": None,
    }


def test_an_entry_knows_its_files() -> None:
    entry = Entry(
        town="gulou",
        name="",
        county="",
        year=2021,
        status="ok",
        outputs={"2021/gulou.html": "0", "2021/gulou.json": "1"},
    )
    assert entry.file(".html") == "2021/gulou.html"
    assert entry.file(".pdf") is None


def _entry(town: str, status: str = "ok") -> Entry:
    return Entry(
        town=town,
        name='名"year":1',
        county="",
        year=2021,
        status=status,  # type: ignore[arg-type]
        inputs={"build": "b"},
    )


def test_entries_that_nobody_asks_for_are_written_as_they_were() -> None:
    text = Manifest(builds={"b": {"n": "0"}, "old": {}}).with_entries(map(_entry, "abc")).to_json()
    text = text.replace('"ok"', '"done"', 1)  # what this version cannot read
    manifest = Manifest.from_json(text)
    assert manifest.to_json() == text
    assert manifest.entries["b", 2021] == _entry("b")
    assert manifest.to_json() == text
    assert ("a", 2021) not in manifest.entries
    assert {*manifest.entries} == {("b", 2021), ("c", 2021)}
    assert "done" not in manifest.to_json()


def test_a_manifest_that_was_laid_out_by_others_is_read() -> None:
    manifest = Manifest().with_entries(map(_entry, "ab"))
    other = json.dumps(json.loads(manifest.to_json()), indent=2)
    assert Manifest.from_json(other).entries == manifest.entries
    assert Manifest.from_json(other).to_json() == manifest.to_json()


def test_a_run_of_one_town_looks_at_its_entries_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = Manifest.from_json(Manifest().with_entries(map(_entry, "abc")).to_json())
    entries = manifest.entries
    assert isinstance(entries, Entries)
    looked: list[bytes] = []
    loads = json.loads

    def watched(text: bytes) -> object:
        looked.append(text)
        return loads(text)

    monkeypatch.setattr(json, "loads", watched)
    assert [entry.town for entry in entries.of_towns(["b"])] == ["b"]
    manifest.to_json()
    assert len(looked) == 1
