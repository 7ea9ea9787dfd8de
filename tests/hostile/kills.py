"""``kill -9`` at random moments of runs and of ingests: nothing is half there, and nothing stays.

Every process of a run is a target: the parent, the forkserver, the children that execute and that export.
"""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from pyarrow import parquet

from tests.hostile.table import Row
from tests.registers.store import postgres
from tests.registers.store.samples import APPLICATIONS, everything, write_county, write_csv

RUNS, INGESTS = 200, 100
"""How many runs, and ingests into each store, are killed at full scale."""
FORMATS = "html,docx,pdf,xlsx"
RUN = ("run", "--source", "sample:", "--town", "danheng", "--year", "2021", "--year", "2022")
TIMED = {"manifest.json", "datapackage.json"}
"""Files that hold times; the executed notebooks do too."""
BOUND = 3600.0
"""How long a run may take, and what a killed one started until it ends, on a busy machine."""


def environment(scratch: Path, **more: str) -> dict[str, str]:
    """Return an environment whose temporary files stand in a folder of their own."""
    scratch.mkdir(exist_ok=True, parents=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    return {**kept, "TMPDIR": str(scratch), "SOURCE_DATE_EPOCH": "1748736000", **more}


def command(*words: str) -> list[str]:
    """Return the command line of this package's program."""
    return [sys.executable, "-m", "reportkit", *words]


def reportkit(
    folder: Path, *words: str, umask: int = -1, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end in a folder."""
    return subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(folder / "tmp", **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=BOUND,
        umask=umask,
    )


def files_of(output: Path) -> dict[str, bytes]:
    """Return the files of an output that have the same bytes whenever they are made."""
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb" and path.name not in TIMED
    }


def wait_for(happened: Callable[[], object], process: subprocess.Popen[Any]) -> None:
    """Wait until something has happened, or a process has ended."""
    deadline = time.monotonic() + BOUND
    while not happened() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def tree(parent: psutil.Process) -> list[psutil.Process]:
    """Return a process and all below it."""
    try:
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def left_over(seen: set[psutil.Process]) -> list[str]:
    """Wait until processes have ended; return those that have not."""
    _, alive = psutil.wait_procs(list(seen), timeout=BOUND)
    return [f"process {p.pid} lives on" for p in alive if p.status() != psutil.STATUS_ZOMBIE]


def kill_rows(scale: float) -> dict[str, Callable[[], Row]]:
    """Return what makes each row; ``scale`` is a part of the full counts."""
    ingests = max(1, int(INGESTS * scale))
    stores = ("DuckDB", *(["PostgreSQL"] if postgres.installed() else []))
    return {
        "kills runs": partial(run_kills, max(1, int(RUNS * scale))),
        **{f"kills {store}": partial(ingest_kills, store, ingests) for store in stores},
    }


def run_kills(count: int, formats: str = FORMATS, seed: int = 1) -> Row:
    """Kill a random process of a run at a random moment, ``count`` times, and run again."""
    row = Row(
        "kills",
        "kill -9 of parent, forkserver, worker or exporter in a run with every format",
        full=RUNS,
    )
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        call = (*RUN, "--format", formats, "--workers", "1", "--draft")
        started = time.monotonic()
        done = reportkit(folder, *call, "--output", "whole")
        seconds = time.monotonic() - started
        assert done.returncode == 0, done.stderr
        whole = files_of(folder / "whole")
        killed: dict[str, int] = {}
        for number in range(count):
            output, scratch = folder / f"output{number}", folder / f"tmp{number}"
            process = subprocess.Popen(
                command(*call, "--output", str(output)),
                cwd=folder,
                env=environment(scratch),
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            who, seen = _kill_one(process, luck.uniform(0.1, seconds), luck)
            killed[who] = killed.get(who, 0) + 1
            row.tried += 1
            at = f"{number} ({who})"
            process.wait(BOUND)
            row.lost += [f"{at}: {fault}" for fault in left_over(seen)]
            row.lost += [
                f"{at}: {file} is not whole"
                for file, content in files_of(output).items()
                if file in whole and whole[file] != content and not _of_some(output, file)
            ]
            again = reportkit(folder, *call, "--output", str(output), TMPDIR=str(scratch))
            if again.returncode != 0 or files_of(output) != whole:
                row.lost.append(f"{at}: the next run did not complete: {again.stderr[-300:]}")
            left = [*scratch.iterdir(), *output.rglob(".part-*")]
            row.through += [f"{at}: {path.name} was left" for path in left]
        row.note = ", ".join(f"{who} {times}" for who, times in sorted(killed.items()))
    return row


def _of_some(output: Path, file: str) -> bool:
    """Say whether a file tells, whole, of those reports that are there: one whose process was killed is not among them."""
    if "index" in file:
        return True
    if not file.startswith("data/"):
        return False
    table = output / "data" / Path(file).stem
    if not table.with_suffix(".parquet").is_file():
        return True  # the data package
    rows: int = parquet.ParquetFile(table.with_suffix(".parquet")).metadata.num_rows
    with table.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) == rows + 1


def _kill_one(
    process: subprocess.Popen[bytes], seconds: float, luck: random.Random
) -> tuple[str, set[psutil.Process]]:
    """Kill one process of a run after some seconds; return which it was, and all that were seen of it."""
    parent = psutil.Process(process.pid)
    seen: set[psutil.Process] = set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        seen.update(tree(parent))
        time.sleep(0.05)
    alive = tree(parent) if process.poll() is None else []
    seen.update(alive)
    if not alive:
        return "ended already", seen
    depth = luck.randrange(3)  # the parent, the forkserver and its children have the same chance
    forkservers = alive[1:2]
    chosen = [alive[:1], forkservers or alive[:1], alive[2:] or alive[:1]][depth]
    target = luck.choice(chosen)
    who = (
        "parent"
        if target.pid == process.pid
        else "forkserver"
        if target in forkservers
        else "child"
    )
    try:
        os.kill(target.pid, signal.SIGKILL)
    except ProcessLookupError:
        who = "ended already"
    return who, seen


@contextmanager
def store_of(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URI of an empty store."""
    if kind == "DuckDB":
        yield f"duckdb:///{folder / 'store.duckdb'}"
    else:
        with postgres.running() as server:
            yield server.create()


def ingest_kills(kind: str, count: int, seed: int = 1) -> Row:
    """Kill an ingest at random moments: the store is as before or as after, and the next one completes."""
    row = Row("kills", f"kill -9 of ingest into {kind}", full=INGESTS)
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as name, store_of(kind, Path(name)) as uri:
        folder = Path(name)
        write_county(folder / "data")
        first = reportkit(folder, "ingest", "data", "--store", uri)
        assert first.returncode == 0, first.stderr
        seconds = 0.0
        for number in range(count + 1):  # the first is not killed: it tells how long one takes
            new = {**APPLICATIONS[0], "application_no": f"2021-1{number:03}"}
            file = write_csv(folder / f"applications_{number}.csv", [new])
            before = _told(uri)
            started = time.monotonic()
            process = subprocess.Popen(
                command("ingest", str(file), "--store", uri),
                cwd=folder,
                env=environment(folder / "tmp"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if number:
                try:
                    process.wait(luck.uniform(seconds / 4, seconds))
                except subprocess.TimeoutExpired:
                    process.kill()
            process.wait(BOUND)
            seconds = seconds or time.monotonic() - started
            if not number:
                continue
            row.tried += 1
            now = _told(uri)
            loaded = f"2021-1{number:03}" in now
            if loaded != (now != before):
                row.lost.append(f"{number}: the store is neither as before nor as after")
            again = reportkit(folder, "ingest", str(file), "--store", uri)
            if again.returncode != 0 or f"2021-1{number:03}" not in _told(uri):
                row.lost.append(f"{number}: the next ingest failed: {again.stderr[-300:]}")
        left = [
            p.name for p in folder.iterdir() if ".part" in p.name or p.suffix in (".wal", ".tmp")
        ]
        row.through += [f"{name} was left" for name in [*left, *_names(folder / "tmp")]]
    return row


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _told(uri: str) -> str:
    """Return the rows of applications that a store holds, as text."""
    return repr(everything(uri)["applications"])
