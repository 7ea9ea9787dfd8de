"""A store's file that is damaged is refused in one line of our own, and stays as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportkit.errors import ReportkitError, SourceError
from reportkit.sources.registers import StoreSource
from reportkit.sources.source import open_source
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no file's size")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    data = write_county(tmp_path / "data")
    uri = f"duckdb:///{tmp_path / 'store.duckdb'}"
    bounded = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (49152, 49152)); "
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{bounded}runpy.run_module('reportkit', run_name='__main__')",
            "ingest",
            str(data),
            "--store",
            uri,
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "store.duckdb.lock"}


def test_damage_that_shows_while_rows_are_read_is_told_in_our_words(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    uri = f"duckdb:///{file}"
    load(uri, write_county(tmp_path / "data"))
    source = open_source(uri)
    assert isinstance(source, StoreSource)
    content = file.read_bytes()
    file.write_bytes(content[:12288] + bytes(len(content) - 12288))
    for read in (
        lambda: source.load("shili-zhen", 2021),
        lambda: list(source.store.several(source.towns)),
    ):
        with pytest.raises(SourceError, match=r"store\.duckdb: cannot be read"):
            read()
