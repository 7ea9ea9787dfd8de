"""A store's file that is damaged is refused in one line of our own, and stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportkit.errors import ReportkitError
from tests.registers.store.samples import APPLICATIONS, load, write_county, write_csv


def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    uri = f"duckdb:///{file}"
    load(uri, write_county(tmp_path / "data"))
    good = file.read_bytes()
    more = write_csv(tmp_path / "applications_9.csv", [APPLICATIONS[0]])
    for damaged in (good[: len(good) // 2], b"x" * 4096 + good[4096:], b"no store"):
        file.write_bytes(damaged)
        with pytest.raises(ReportkitError, match=r"store\.duckdb"):
            load(uri, more)
        assert file.read_bytes() == damaged
        assert not [path for path in tmp_path.iterdir() if ".part" in path.name]
