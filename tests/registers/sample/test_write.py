"""Writing the sample's registers: many towns with few rows each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from reportkit.registers.sample.columns import arrow_table
from reportkit.registers.sample.write import TOGETHER, registers_in


def test_many_towns_of_one_row_are_held_together_and_keep_their_order(tmp_path: Path) -> None:
    towns = [f"town-{n:05}" for n in range(3 * TOGETHER + 7)]
    with registers_in(tmp_path) as registers:
        for town in towns:
            row = {"case_no": np.array([f"{town}-1"], dtype=object)}
            registers.add({"disputes": arrow_table("disputes", town, row)})
            assert registers.waiting("disputes") < TOGETHER
    read = pq.read_table(tmp_path / "disputes.parquet", columns=["town"])
    assert read["town"].to_pylist() == towns
    assert pq.ParquetFile(tmp_path / "disputes.parquet").num_row_groups == 1
    assert pq.read_table(tmp_path / "hotline.parquet").num_rows == 0
