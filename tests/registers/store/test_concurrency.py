"""Several processes at one store: readers while it is written, two writers, a writer that is killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from reportkit.errors import StoreError
from reportkit.registers.store.address import parse_address
from reportkit.sources.source import open_source
from tests.calling import called
from tests.registers.store.samples import (
    APPLICATIONS,
    everything,
    load,
    rows,
    write_county,
    write_csv,
)

_WRITER = """
import sys, time
from pathlib import Path
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.store.load import Loader

take = Loader.take

def slow(self, *args, **kwargs):
    number = take(self, *args, **kwargs)
    print("written", flush=True)
    sys.stdin.readline()
    return number

if sys.argv[3] == "hold":
    Loader.take = slow
ingest([Path(sys.argv[2])], sys.argv[1], say=lambda line: print(line, flush=True))
print("done", flush=True)
"""


def _writer(uri: str, path: Path, how: str = "hold") -> subprocess.Popen[str]:
    """Start an ingest in a process of its own; held, it stops after writing and before the end."""
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, uri, str(path), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


_HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE notes (word VARCHAR)")
print("held", flush=True)
sys.stdin.readline()
connection.execute("INSERT INTO notes VALUES ('committed')")
connection.close()
print("done", flush=True)
"""


def test_a_store_that_another_program_writes_is_refused_and_not_overrun(
    tmp_path: Path, more: Path
) -> None:
    file = tmp_path / "台账.duckdb"
    uri = f"duckdb:///{file}"
    load(uri, write_county(tmp_path / "data"))
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert _line(holder) == "held"
    said = rf"another program \(process {holder.pid}\) holds it open for writing"
    for call in (
        ("ingest", str(more), "--store", uri),
        ("run", "--town", "shili-zhen", "--year", "2021", "--source", uri),
        ("due", "--source", uri),
    ):
        done = called(tmp_path, *call)
        assert done.returncode == 2, done.stderr
        assert re.search(said, " ".join(done.stderr.split())), done.stderr
    _go_on(holder)
    assert _line(holder) == "done"
    assert holder.wait(30) == 0
    assert load(uri, more)[more.name].status == "loaded"
    assert rows(uri, "notes") == [("committed",)]


def test_what_another_program_changes_meanwhile_is_not_overrun(
    tmp_path: Path, more: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "台账.duckdb"
    uri = f"duckdb:///{file}"
    load(uri, write_county(tmp_path / "data"))
    copy = shutil.copy

    def copied(*args: Any) -> Any:
        done = copy(*args)
        other = f"import duckdb; duckdb.connect({str(file)!r}).execute('CREATE TABLE notes (word VARCHAR)')"
        subprocess.run([sys.executable, "-c", other], check=True)
        return done

    with monkeypatch.context() as patched:
        patched.setattr("reportkit.registers.store.duckfile.shutil.copy", copied)
        with pytest.raises(StoreError, match="changed it meanwhile"):
            load(uri, more)
    assert rows(uri, "notes") == []
    assert load(uri, more)[more.name].status == "loaded"


@pytest.fixture
def loaded(uri: str, tmp_path: Path) -> str:
    load(uri, write_county(tmp_path / "data"))
    return uri


@pytest.fixture
def more(tmp_path: Path) -> Path:
    row = {**APPLICATIONS[0], "application_no": "2021-009"}
    return write_csv(tmp_path / "applications_9.csv", [row])


def _received(uri: str) -> object:
    return open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"]


def test_readers_read_on_while_a_writer_writes(loaded: str, more: Path) -> None:
    early = open_source(loaded)
    writer = _writer(loaded, more)
    assert _line(writer) == "written"
    assert early.load("shili-zhen", 2021).report.facts["applications_received"] == 2
    assert _received(loaded) == 2  # opened while it writes
    _go_on(writer)
    assert _line(writer) == "done"
    assert writer.wait(30) == 0
    assert _received(loaded) == 3  # opened afterwards, though an older one is open still


def test_a_second_writer_waits_and_says_so(loaded: str, more: Path, tmp_path: Path) -> None:
    row = {**APPLICATIONS[0], "application_no": "2021-010"}
    other = write_csv(tmp_path / "applications_10.csv", [row])
    first = _writer(loaded, more)
    assert _line(first) == "written"
    second = _writer(loaded, other, "go")
    assert "waiting" in _line(second)
    assert second.poll() is None
    _go_on(first)
    assert _line(second) == "done"
    assert (first.wait(30), second.wait(30)) == (0, 0)
    assert len(rows(loaded, "applications")) == len(APPLICATIONS) + 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 on this system")
def test_a_killed_writer_leaves_the_store_as_it_was(loaded: str, more: Path) -> None:
    before = everything(loaded)
    writer = _writer(loaded, more)
    assert _line(writer) == "written"
    os.kill(writer.pid, signal.SIGKILL)
    assert writer.wait(30) == -signal.SIGKILL
    assert everything(loaded) == before
    _wait_for_rollback(loaded)
    assert load(loaded, more)[more.name].status == "loaded"
    path = parse_address(loaded).path
    if path is not None:
        left = {file.name for file in path.parent.iterdir() if file.is_file()}
        assert left == {path.name, f"{path.name}.lock", more.name}


def _wait_for_rollback(uri: str) -> None:
    """Wait until a server has noticed that its client is gone."""
    if parse_address(uri).path is not None:
        return
    for _ in range(100):
        with parse_address(uri).read() as connection:
            locks = connection.scalar(
                text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            )
        if not locks:
            return
        time.sleep(0.1)
    pytest.fail("the server still holds the killed client's lock")
