"""The tidy data of a run: what pyarrow and frictionless read is what the reports say."""

from __future__ import annotations

import csv
import gzip
import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from reportkit.form import load_edition
from reportkit.manifest import Entry, Manifest
from reportkit.project import Project
from reportkit.report import TownReport
from reportkit.review.checking import find_report_files
from reportkit.running.output_folder import OutputFolder
from reportkit.running.request import Request
from reportkit.running.results import row_groups, tidy_data
from reportkit.running.results.codebook import codebook
from reportkit.running.results.tidy_data import write_data
from reportkit.running.results.tidy_files import exact
from tests import dossiers

REPORTS = [dossiers.dossier(), dossiers.dossier(2020), dossiers.bare(), dossiers.faulty()]


def request(tmp_path: Path, audience: str = "public") -> Request:
    place = OutputFolder.at(tmp_path / "输出")
    internal = place if audience == "internal" else place.sibling("-internal")
    (internal.path or tmp_path).mkdir(parents=True, exist_ok=True)
    made = Request(
        project=Project(tmp_path),
        source="sample:",
        notebook=tmp_path / "x.ipynb",
        output=place,
        internal=internal,
        audience=audience,  # type: ignore[arg-type]
    )
    made.state.mkdir(parents=True, exist_ok=True)
    return made


def filled(made: Request, *, first: str = "") -> tuple[Manifest, list[TownReport]]:
    """Write some reports into the folder as a run does."""
    entries, reports = [], []
    for nth, dossier in enumerate(REPORTS):
        report = dossier.report.with_(
            town=dossier.report.town.model_copy(update={"id": f"town-{nth}"}),
            sections={**dossier.report.sections, **({"s1": first} if first else {})},
        )
        if made.audience == "public":
            report = report.public()
        name = f"{report.year}/town-{nth}.json"
        digest = made.output.write(name, report.to_json().encode())
        entries.append(
            Entry(
                town=f"town-{nth}",
                name=str(report.town.name),
                county="",
                year=int(report.year or 0),
                status="ok",
                outputs={name: digest},
            )
        )
        reports.append(report)
    return Manifest(made.audience).with_entries(entries), reports


def table(made: Request, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = parquet.read_table(
        Path(made.output.where(f"data/{name}.parquet"))
    ).to_pylist()
    return rows


def lines(made: Request, name: str) -> list[dict[str, str]]:
    text = Path(made.output.where(f"data/{name}.csv")).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(text.decode("utf-8-sig").splitlines()))


def test_every_cell_comes_back_from_parquet_and_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "MOST", 3)
    made = request(tmp_path)
    manifest, reports = filled(made)
    assert write_data(made, manifest)
    want = {(r.town.id, r.year, a): v for r in reports for a, v in r.cells.items()}
    rows = table(made, "cells")
    assert {(r["town"], r["year"], r["address"]): r["value"] for r in rows} == want
    assert {r["status"] for r in rows if r["value"] is None} == {"unknown"}
    schema = parquet.read_schema(Path(made.output.where("data/cells.parquet")))
    assert str(schema.field("value").type) == "decimal128(20, 6)"
    texts = lines(made, "cells")
    assert {
        (r["town"], int(r["year"]), r["address"]): Decimal(r["value"]) if r["value"] else None
        for r in texts
    } == want
    facts = {
        (r["town"], r["fact"]): r["value"] for r in table(made, "facts") if r["value"] is not None
    }
    assert facts == {(r.town.id, c): v for r in reports for c, v in r.facts.items()}


def test_editions_make_one_series(tmp_path: Path) -> None:
    made = request(tmp_path)
    manifest, _ = filled(made)
    write_data(made, manifest)
    new, old = load_edition("2021"), load_edition("2019")
    rows = table(made, "cells")
    sums = old.sources(new)["t3.other.total"]
    assert {
        r["address"]
        for r in rows
        if r["edition"] == "2021" and r["address_2019"] == "t3.other.total"
    } == {*sums}
    assert all(r["address"] == r[f"address_{r['edition']}"] for r in rows)
    assert {r["refusal"] for r in rows} == {"statutory", "factual", "procedural", None}


def test_the_package_is_valid_and_says_licence_and_citation(tmp_path: Path) -> None:
    made = request(tmp_path)
    manifest, _ = filled(made, first="=1+1，换行\n第二段")
    write_data(made, manifest)
    report = frictionless.validate(made.output.where("data/datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((made.output.read("data/datapackage.json") or b"").decode())
    assert [r["name"] for r in package["resources"]] == ["cells", "facts", "sections"]
    texts = Path(made.output.where("data/sections.csv")).read_text("utf-8-sig")
    assert "'=1+1" in texts
    assert any(r["text"] == "=1+1，换行\n第二段" for r in table(made, "sections"))
    book = codebook(["cells"], "CC-BY-4.0", "某人：某年")
    assert "CC-BY-4.0" in book
    assert "t4.litigation_direct.upheld" in book
    assert "Litigation without prior reconsideration" in book


def test_findings_are_for_the_office_alone(tmp_path: Path) -> None:
    for audience in ("public", "internal"):
        made = request(tmp_path / audience, audience)
        manifest, reports = filled(made)
        write_data(made, manifest)
        held = made.output.has("data/findings.csv") or made.output.has("data/findings.parquet")
        assert held == (audience == "internal")
        if held:
            want = [
                f.code
                for r in sorted(reports, key=lambda r: (r.year or 0, r.town.id or ""))
                for f in r.findings
            ]
            assert [r["code"] for r in table(made, "findings")] == want
            assert want


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    made = request(tmp_path)
    manifest, _ = filled(made)
    assert write_data(made, manifest)
    before = (made.output.read("data/cells.parquet"), made.output.read("data/datapackage.json"))
    assert not write_data(made, manifest)
    Path(made.output.where("data/cells.csv")).unlink()
    assert write_data(made, manifest)
    assert (
        made.output.read("data/cells.parquet"),
        made.output.read("data/datapackage.json"),
    ) == before
    other, _ = filled(made, first="改了")
    assert write_data(made, other)


NAMES = [f"town-{number}" for number in range(6)]
TEXTS = ["", "改了", "长" * 400_000, '一"行\n=1+1']


def towns(made: Request, texts: Mapping[tuple[str, int], str]) -> Manifest:
    """Write reports of some towns and years, each with its text, and return their manifest."""
    given = dossiers.dossier().report
    entries = []
    for (town, year), text in texts.items():
        report = given.with_(
            town=given.town.model_copy(update={"id": town, "name": f"{town}镇"}),
            year=year,
            sections={**given.sections, "s1": text},
            cells=dossiers.bare().report.cells if text == "改了" else given.cells,
        ).public()
        name = f"{year}/{town}.json"
        digest = made.output.write(name, report.to_json().encode())
        told = {"town": town, "name": town, "county": "", "year": year, "status": "ok"}
        entries.append(Entry(**told, outputs={name: digest}))  # type: ignore[arg-type]
    return Manifest(made.audience).with_entries(entries)


def written(made: Request) -> dict[str, bytes]:
    """Return the tidy data's files."""
    folder = Path(made.output.where("data"))
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


STATES = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([2022, 2023])),
    st.sampled_from(TEXTS),
    min_size=1,
)


@settings(max_examples=20)
@given(states=st.lists(STATES, min_size=2, max_size=4), few=st.booleans())
def test_what_is_copied_is_what_would_be_made(
    states: list[dict[tuple[str, int], str]], *, few: bool
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_groups, "MEAN", 3)
        patch.setattr(row_groups, "MOST", 4)
        patch.setattr(tidy_data, "SPREADSHEET_ROWS", 1_048_576 if few else 1_000)
        kept = request(Path(name) / "kept")
        for number, state in enumerate(states):
            write_data(kept, towns(kept, state))
            fresh = request(Path(name) / f"fresh{number}")
            write_data(fresh, towns(fresh, state))
            assert written(kept) == written(fresh)


def test_reports_that_stay_are_copied_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "MEAN", 2)
    made = request(tmp_path)
    texts = {(town, year): "" for town in NAMES for year in (2022, 2023)}
    write_data(made, towns(made, texts))
    before = written(made)
    read: list[str] = []
    whole = OutputFolder.read

    def reading(place: OutputFolder, name: str) -> bytes | None:
        read.append(name)
        return whole(place, name)

    monkeypatch.setattr(OutputFolder, "read", reading)
    changed = towns(made, {**texts, ("town-3", 2022): "改了"})
    assert write_data(made, changed)
    assert "2022/town-3.json" in read
    assert len(read) < len(texts) / 2
    assert written(made)["cells.parquet"] != before["cells.parquet"]
    # A file that is not what was written is not copied from.
    Path(made.output.where("data/cells.csv")).write_bytes(b"x" * len(before["cells.csv"]))
    read.clear()
    assert write_data(made, towns(made, texts))
    assert len(read) == len(texts)
    assert written(made) == before


@pytest.mark.parametrize("harm", ["removed", "altered"])
def test_a_report_that_is_not_there_is_in_the_data_once_it_is(tmp_path: Path, harm: str) -> None:
    made = request(tmp_path)
    manifest = towns(made, dict.fromkeys([("town-1", 2022), ("town-2", 2022)], ""))
    assert write_data(made, manifest)
    before = written(made)
    Path(made.output.where("data/facts.csv")).unlink()
    report = Path(made.output.where("2022/town-1.json"))
    whole = report.read_bytes()
    if harm == "removed":
        report.unlink()
    else:
        report.write_bytes(whole.replace("town-1镇".encode(), "town-9镇".encode()))
    assert write_data(made, manifest)
    assert {row["town"] for row in table(made, "cells")} == {"town-2"}
    report.write_bytes(whole)  # the next run makes it again, with the same bytes
    assert write_data(made, manifest)
    assert written(made) == before
    assert not write_data(made, manifest)


def test_more_rows_than_a_spreadsheet_opens_are_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = request(tmp_path)
    manifest, _ = filled(made)
    write_data(made, manifest)
    plain = written(made)
    monkeypatch.setattr(tidy_data, "SPREADSHEET_ROWS", 500)
    made.output.write("data/own.txt", b"somebody's own")
    manifest = manifest.with_entries([replace(next(iter(manifest.entries.values())), name="x")])
    Path(made.output.where("data/cells.csv")).unlink()
    assert write_data(made, manifest)
    packed = written(made)
    assert {*packed} == {
        *("cells.csv.gz", "cells.parquet", "facts.csv.gz", "facts.parquet"),
        *("sections.csv.gz", "sections.parquet", "codebook.md", "datapackage.json", "own.txt"),
    }
    for name in ("cells", "facts", "sections"):
        assert gzip.decompress(packed[f"{name}.csv.gz"]) == plain[f"{name}.csv"]
        assert packed[f"{name}.parquet"] == plain[f"{name}.parquet"]
    report = frictionless.validate(made.output.where("data/datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    frame = pd.read_csv(made.output.where("data/cells.csv.gz"))
    assert len(frame) == len(table(made, "cells"))


def test_check_takes_the_data_package_for_no_report(tmp_path: Path) -> None:
    made = request(tmp_path)
    manifest, reports = filled(made)
    write_data(made, manifest)
    made.output.write("manifest.json", manifest.to_json().encode())
    found, problems = find_report_files([Path(made.output.url)])
    assert len(found) == len(reports)
    assert not problems


def test_a_number_too_long_for_parquet_stands_in_the_csv() -> None:
    assert exact(10**20) is None
    assert exact(10**13) == Decimal(10**13)
    assert exact(Decimal("0.1234567")) is None
