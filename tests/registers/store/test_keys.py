"""Keys made after the load, and what is noted of rows on their way: the store is the same as without either."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from reportkit.registers.store import load as loading
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.noted import Noted
from tests.registers.store import postgres
from tests.registers.store.samples import load, rows, write_county

Keys = st.lists(st.tuples(st.sampled_from(["a", "b", "乙"]), st.integers(0, 3)), max_size=6)


@given(st.lists(Keys, min_size=1, max_size=3))
def test_what_is_noted_of_rows_is_so(batches: list[list[tuple[str, int]]]) -> None:
    noted = Noted(("town", "number"))
    for batch in batches:
        towns, numbers = [town for town, _ in batch], [number for _, number in batch]
        noted.add(pa.table({"town": pa.array(towns, pa.string()), "number": numbers}))
    keys = [key for batch in batches for key in batch]
    assert noted.rows == len(keys)
    assert noted.towns == {town for town, _ in keys}
    assert noted.rising == all(one < after for one, after in pairwise(keys))
    assert noted.by_town == all(one[0] <= two[0] for one, two in pairwise(keys))


@pytest.fixture
def empty(server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(loading, "MANY", 2)
    uri = server.create()
    county = write_county(tmp_path / "data")
    (county / "applications.csv").unlink()
    load(uri, county)
    return uri


def _charges(tmp_path: Path, first: int) -> Path:
    path = tmp_path / f"charges_{first}.parquet"
    numbers = range(first, first + 3)
    pd.DataFrame(
        {
            "town": "qinghe",
            "receipt_no": [f"{n:04d}" for n in numbers],
            "collected_on": date(2021, 3, 1),
            "amount_yuan": 1,
        }
    ).to_parquet(path)
    return path


def _keys(uri: str) -> list[str]:
    with parse_address(uri).read() as connection:
        found = connection.scalars(
            text("SELECT indexname FROM pg_indexes WHERE tablename = 'charges'")
        )
        return sorted(found)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the keys that are dropped, as they are."""
    from reportkit.registers.store import keys

    dropped: list[str] = []
    drop = keys._drop

    def noted(connection: object, table: object) -> set[str]:
        names = drop(connection, table)  # type: ignore[arg-type]
        dropped.extend(sorted(names))
        return names

    monkeypatch.setattr(keys, "_drop", noted)
    return dropped


def test_an_empty_table_gets_its_keys_afterwards(
    empty: str, tmp_path: Path, asked: list[str]
) -> None:
    before = _keys(empty)
    assert load(empty, _charges(tmp_path, 1))["charges_1.parquet"].status == "loaded"
    assert asked == before != []
    assert _keys(empty) == before
    load(empty, _charges(tmp_path, 11))
    assert asked == before  # no longer empty: others may be reading it
    assert len(rows(empty, "charges")) == 6


def test_a_table_that_somebody_reads_keeps_its_keys(
    empty: str, tmp_path: Path, asked: list[str]
) -> None:
    with parse_address(empty).read() as reader:
        assert reader.scalar(text("SELECT count(*) FROM charges")) == 0
        load(empty, _charges(tmp_path, 1))
        assert reader.scalar(text("SELECT count(*) FROM charges")) == 0  # its snapshot
    assert asked == []
    assert len(rows(empty, "charges")) == 3
