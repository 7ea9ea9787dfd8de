"""What counts is a function of the files that stand in a store, whatever was ingested, corrected and removed before."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportkit.registers.ingest.ingest import ingest, remove
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.privacy import forget
from reportkit.sources.registers import StoreSource
from reportkit.sources.source import open_source
from tests.registers.store.samples import load, rows, write_csv

Row = dict[str, Any]
TOWNS = ("alpha", "beta")
KEY = {"applications": "application_no", "charges": "receipt_no"}
LIMITS = {
    "reportkit.registers.store.standing.PART": 2,
    "reportkit.registers.store.stage.PART": 2,
    "reportkit.registers.store.load.MANY": 2,
    "reportkit.registers.store.clashes.BATCH": 1,
    "reportkit.registers.store.stage.MOST_TOLD": 1,
    "reportkit.registers.ingest.ingest.MOST_TOLD": 1,
    "reportkit.registers.ingest.prepare.BATCH": 3,
}
"""Every number on which the store does something otherwise, and a small one."""


@dataclass(frozen=True)
class File:
    """A file that somebody ingests."""

    name: str
    register: str
    rows: tuple[Row, ...]
    town: str | None
    """The town of the rows that name none."""
    partial: bool

    def of_towns(self) -> list[Row]:
        return [{**row, "town": row["town"] or self.town} for row in self.rows]

    def towns(self) -> set[str]:
        return {row["town"] for row in self.of_towns()} or ({self.town} if self.town else set())

    def write(self, folder: Path) -> Path:
        columns = ["town", KEY[self.register], *FIELDS[self.register]]
        path = folder / self.name
        if path.suffix == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(self.rows)
            return path
        table = {c: [row.get(c) for row in self.rows] for c in columns}
        schema = pa.schema(
            [(c, pa.date32() if c.endswith("_on") else TYPES.get(c, pa.string())) for c in columns]
        )
        pq.write_table(pa.table(table, schema=schema), path)
        return path


FIELDS = {
    "applications": ("received_on", "applicant_type", "requested", "applicant_name"),
    "charges": ("collected_on", "amount_yuan"),
}
TYPES = {"amount_yuan": pa.int64()}


@dataclass
class Model:
    """The files that stand, and what was forgotten: all that counts follows from it."""

    files: list[File] = field(default_factory=list)
    forgotten: set[tuple[str, str]] = field(default_factory=set)

    def ingest(self, new: File) -> None:
        contents: dict[tuple[str, str], Row] = {}
        unlike = any(
            contents.setdefault((row["town"], row[KEY[new.register]]), row) != row
            for row in new.of_towns()
        )
        named = [old for old in self.files if old.name == new.name]
        if unlike and not new.partial:
            return
        if not new.towns() and sum(bool(old.towns()) for old in named) > 1:
            return
        gone = [o for o in named if not new.towns() or not o.towns() or new.towns() & o.towns()]
        self.files = [old for old in self.files if old not in gone] + [new]

    def counted(self, register: str) -> list[Row]:
        groups: dict[tuple[str, str], list[Row]] = {}
        for file in self.files:
            for row in file.of_towns() if file.register == register else ():
                key = (row["town"], row[KEY[register]])
                told = (
                    {"requested", "applicant_name"} & row.keys() if key in self.forgotten else set()
                )
                gone: Row = dict.fromkeys(told)
                groups.setdefault(key, []).append({**row, **gone})
        return [
            {k: v for k, v in group[0].items() if k != "applicant_name"}
            for group in groups.values()
            if all(
                one | {"applicant_name": None} == group[0] | {"applicant_name": None}
                for one in group
            )
            and len({one.get("applicant_name") for one in group} - {None}) <= 1
        ]


@st.composite
def files(draw: st.DrawFn) -> File:
    register = draw(st.sampled_from(sorted(KEY)))
    name = f"{register}_{draw(st.integers(1, 3))}{draw(st.sampled_from(['.csv', '.parquet']))}"
    town = draw(st.sampled_from(TOWNS))
    unnamed, named = draw(st.booleans()), draw(st.booleans())
    texts = {n: draw(st.sampled_from(["甲", "乙"])) for n in range(1, 5)}
    made = []
    for number in draw(st.lists(st.integers(1, 4), max_size=7)):
        day, other = date(2021, 3, draw(st.integers(1, 2))), draw(st.integers(1, 2))
        of = None if unnamed else draw(st.sampled_from(TOWNS))
        row: Row = {"town": of, KEY[register]: f"号{number}"}
        if register == "charges":
            row |= {"collected_on": day, "amount_yuan": 100 * other}
        else:
            kind = ["natural_person", "enterprise"][other - 1]
            who = texts[number] if named else None
            row |= {
                "received_on": day,
                "applicant_type": kind,
                "requested": texts[number],
                "applicant_name": who,
            }
        made.append(row)
    return File(name, register, tuple(made), town, draw(st.booleans()))


Removal = st.tuples(
    st.just("remove"),
    st.builds(
        "{}_{}{}".format,
        st.sampled_from(sorted(KEY)),
        st.integers(1, 3),
        st.sampled_from([".csv", ".parquet"]),
    ),
)
Forget = st.tuples(st.just("forget"), st.sampled_from(TOWNS), st.integers(1, 4).map("号{}".format))
Steps = st.lists(st.one_of(files(), files(), files(), Removal, Forget), min_size=1, max_size=8)


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="standing-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _base(path: Path) -> list[Path]:
    towns = [{"town": t, "name": f"{t}镇", "kind": "town"} for t in TOWNS]
    spans = [{"town": t, "register": r, "from_year": 2021} for t in TOWNS for r in KEY]
    texts = [
        {"town": t, "year": 2021, "section": "s5", "position": 1, "text": "无。"} for t in TOWNS
    ]
    return [
        write_csv(path / "towns.csv", towns),
        write_csv(path / "coverage.csv", spans),
        write_csv(path / "narratives.csv", texts),
    ]


def _play(uri: str, steps: list[Any], work: Path) -> Model:
    model = Model()
    for number, step in enumerate(steps):
        if isinstance(step, File):
            place = work / str(number)
            place.mkdir()
            ingest([step.write(place)], uri, partial=step.partial, town=step.town)
            model.ingest(step)
        elif step[0] == "remove":
            remove([step[1]], uri)
            model.files = [file for file in model.files if file.name != step[1]]
        else:
            forget(parse_address(uri), "applications", step[1], [step[2]], lambda _: None)
            model.forgotten.add(step[1:])
    return model


def _check(uri: str, model: Model, work: Path) -> None:
    expected = work / "expected"
    expected.mkdir()
    _base(expected)
    for register in KEY:
        counted = tuple(model.counted(register))
        File(f"{register}.csv", register, counted, None, partial=False).write(expected)
    store, plain = open_source(uri), open_source(str(expected))
    for town in TOWNS:
        ours, theirs = store.load(town, 2021).report, plain.load(town, 2021).report
        missing = {
            finding.place.register
            for finding in ours.findings
            if finding.code == "REGISTER-MISSING" and finding.place
        }
        for register, table in (("applications", "t3."), ("charges", "t2.charges.")):
            # Nothing of it was handed in for the town: unknown, where a table without rows would say 0.
            if register in missing:
                assert not any(row["town"] == town for row in model.counted(register))
                assert all(ours.cells[a] is None for a in ours.cells if a.startswith(table))
            else:
                assert {a: ours.cells[a] for a in ours.cells if a.startswith(table)} == {
                    a: theirs.cells[a] for a in theirs.cells if a.startswith(table)
                }
        assert ours.facts == ({} if "applications" in missing else theirs.facts)
    assert isinstance(store, StoreSource)
    rolled = store.store.roll_up(2021)
    assert (
        rolled["alpha"]["t3.received.total"]
        == store.load("alpha", 2021).report.cells["t3.received.total"]
    )
    store.store.close()


@pytest.mark.parametrize("kind", ["duckdb", "postgresql"])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=Steps, small=st.booleans())
def test_what_counts_follows_from_the_files_that_stand(
    kind: str, request: pytest.FixtureRequest, steps: list[Any], small: bool
) -> None:
    with folder() as work, ExitStack() as limits:
        for limit, number in LIMITS.items() if small else ():
            limits.enter_context(patch(limit, number))
        uri = (
            f"duckdb:///{work / '台账.duckdb'}"
            if kind == "duckdb"
            else request.getfixturevalue("server").create()
        )
        load(uri, *_base(work))
        _check(uri, _play(uri, steps, work), work)


def _charges(path: Path, numbers: range, amount: int = 1) -> Path:
    frame = pd.DataFrame(
        {
            "town": "alpha",
            "receipt_no": [f"{n:06d}" for n in numbers],
            "collected_on": date(2021, 3, 1),
            "amount_yuan": amount,
        }
    )
    path.parent.mkdir(exist_ok=True)
    frame.to_parquet(path)
    return path


def _charged(uri: str) -> str:
    return str(open_source(uri).load("alpha", 2021).report.cells["t2.charges.amount"])


def test_twelve_thousand_repeats_count_once_and_as_many_conflicts_never(
    uri: str, tmp_path: Path
) -> None:
    load(uri, *_base(tmp_path / "base"))
    load(uri, _charges(tmp_path / "a" / "charges_1.parquet", range(12_000)))
    result = load(uri, _charges(tmp_path / "b" / "charges_2.parquet", range(12_001)))
    assert result["charges_2.parquet"].repeated == 12_000
    assert _charged(uri) == "1.2001"
    result = load(uri, _charges(tmp_path / "c" / "charges_2.parquet", range(12_001), 2))
    assert result["charges_2.parquet"].status == "replaced"
    assert result["charges_2.parquet"].conflicts == 10_000  # so many are told
    assert _charged(uri) == "0.0002"
    assert open_source(uri).load("alpha", 2021).set_aside == 24_000
    assert remove(["charges_1.parquet"], uri) == ["charges_1.parquet"]
    assert _charged(uri) == "2.4002"
    assert open_source(uri).load("alpha", 2021).set_aside == 0


def test_the_same_bytes_for_a_second_town_are_loaded_for_it(uri: str, tmp_path: Path) -> None:
    load(uri, *_base(tmp_path))
    spans = [{"register": "hotline", "from_year": 2021}]
    for town, status in (("alpha", "loaded"), ("beta", "loaded"), ("alpha", "unchanged")):
        path = write_csv(tmp_path / town / "coverage_2.csv", spans)
        assert load(uri, path, town=town)["coverage_2.csv"].status == status
    assert [row[0] for row in rows(uri, "coverage") if row[1] == "hotline"] == ["alpha", "beta"]


def test_a_correction_takes_no_row_from_another_file(uri: str, tmp_path: Path) -> None:
    load(uri, *_base(tmp_path))
    load(uri, _charges(tmp_path / "1" / "charges_q1.parquet", range(1, 3)))
    load(uri, _charges(tmp_path / "1" / "charges_all.parquet", range(1, 4)))
    load(uri, _charges(tmp_path / "2" / "charges_q1.parquet", range(2, 3)))
    assert _charged(uri) == "0.0003"


def test_a_conflict_is_told_at_once_and_by_each_report(uri: str, tmp_path: Path) -> None:
    load(uri, *_base(tmp_path))
    load(uri, _charges(tmp_path / "一季度" / "charges_一.parquet", range(1, 3)))
    path = _charges(tmp_path / "全年" / "charges_全.parquet", range(2, 4), 5)
    result = load(uri, path)[path.name]
    assert (result.status, result.rows, result.conflicts) == ("loaded", {"charges": 2}, 1)
    [fault] = result.faults
    assert (fault.code, fault.row, fault.column) == ("ROW-KEY", 2, "receipt_no")
    assert fault.what == "与“charges_一.parquet”第3行编号相同而内容不同"
    assert "--remove" in fault.how
    again = load(uri, path)[path.name]
    assert (again.status, again.faults) == ("unchanged", [fault])
    dossier = open_source(uri).load("alpha", 2021)
    assert dossier.set_aside == 2
    told = [f.place for f in dossier.report.findings if f.code == "ROW-KEY"]
    assert [(p.file, p.row) for p in told if p] == [
        ("charges_一.parquet", 3),
        ("charges_全.parquet", 2),
    ]


def test_a_row_left_out_spoils_its_number_in_every_file(uri: str, tmp_path: Path) -> None:
    load(uri, *_base(tmp_path))
    load(uri, _charges(tmp_path / "a" / "charges_1.parquet", range(1, 3)))
    bad = {"town": "alpha", "receipt_no": "000001", "collected_on": "不明", "amount_yuan": 1}
    path = write_csv(tmp_path / "b" / "charges_2.csv", [bad])
    load(uri, path, partial=True)
    assert _charged(uri) == "0.0001"
    assert open_source(uri).load("alpha", 2021).set_aside == 2
    write_csv(path, [{**bad, "collected_on": "2021-03-01"}])
    load(uri, path)
    assert _charged(uri) == "0.0002"
