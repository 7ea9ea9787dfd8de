"""Faults of the machine: full disks, folders that vanish, clocks, stopped processes, few open files, two at once."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.hostile.kills import (
    BOUND,
    RUN,
    command,
    environment,
    files_of,
    left_over,
    reportkit,
    store_of,
    tree,
)
from tests.hostile.lockless import lockless
from tests.hostile.servers import dask_killed, postgres_stopped
from tests.hostile.table import Row
from tests.registers.store import postgres
from tests.registers.store.samples import APPLICATIONS, everything, write_county, write_csv

CALL = (*RUN, "--workers", "1", "--draft")
KIB = 1024


def machine_rows(scale: float) -> Iterator[Row]:
    """Yield the rows of machine faults; from ``make hostile``'s scale on SIGSTOP lasts a minute."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        done = reportkit(folder, *CALL, "--output", "whole")
        assert done.returncode == 0, done.stderr
        whole = files_of(folder / "whole")
        yield disks(folder, whole)
        yield output_changes(folder, whole)
        yield corrupt_store(folder)
        yield new_years(folder)
        yield stopped(folder, whole, 60.0 if scale >= 0.1 else 2.0)
        yield few_files(folder, whole)
        yield two_at_once(folder, whole)
        yield lockless(folder, whole, CALL)
        yield from postgres_stopped(folder / "postgresql")
        yield from dask_killed(folder / "dask")


@contextmanager
def small_disk(where: Path, size: int, how: str = "rw") -> Iterator[bool]:
    """Mount a file system of so many bytes, ``ro`` for one to read alone; yield whether this machine lets us."""
    where.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"{how},size={size}", "tmpfs", str(where)]
    done = subprocess.run(mount, capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(where)], check=False)


def assert_whole(row: Row, at: str, output: Path, whole: dict[str, bytes]) -> None:
    """Note the files of reports that are neither absent nor as an undisturbed run makes them."""
    row.lost += [
        f"{at}: {file} is not whole"
        for file, content in files_of(output).items()
        if Path(file).parent != Path() and file in whole and content != whole[file]
    ]
    row.through += [f"{at}: {path.name} was left" for path in output.rglob(".part-*")]


def again(row: Row, at: str, folder: Path, output: Path, whole: dict[str, bytes]) -> None:
    """Run once more, undisturbed: everything is made."""
    done = reportkit(folder, *CALL, "--output", str(output))
    if done.returncode or files_of(output) != whole:
        row.lost.append(f"{at}: the next run did not complete: {done.stderr[-300:]}")


def disks(folder: Path, whole: dict[str, bytes]) -> Row:
    """Let the disk be full where reports, temporary files, the store and the internal folder stand."""
    row = Row("machine", "disk full: output, scratch folder, the store's folder, internal folder")
    with small_disk(folder / "full", 48 * KIB) as there:
        if not there:
            row.note = "this machine lets nobody mount a file system: not tried here"
            row.tried = 1
            return row
        disk = folder / "full"
        done = reportkit(folder, *CALL, "--output", str(disk / "output"))
        _one_line(row, "output", done, {1})
        assert_whole(row, "output", disk / "output", whole)
        _empty(disk)

        (disk / "fill").write_bytes(bytes(44 * KIB))
        done = reportkit(folder, *CALL, "--output", "scratched", TMPDIR=str(disk))
        _one_line(row, "scratch folder", done, {0, 1, 2})
        assert_whole(row, "scratch folder", folder / "scratched", whole)
        again(row, "scratch folder", folder, folder / "scratched", whole)

        _empty(disk)

        write_county(folder / "data")
        store = f"duckdb:///{disk / 'store.duckdb'}"
        done = reportkit(folder, "ingest", "data", "--store", store)
        _one_line(row, "store", done, {1, 2})
        row.lost += [f"store: {p.name} was left" for p in disk.iterdir() if ".part" in p.name]

        (folder / "inner-internal").symlink_to(disk / "internal")
        done = reportkit(folder, *CALL, "--audience", "internal", "--output", "inner-internal")
        _one_line(row, "internal folder", done, {1, 2})
    return row


def _empty(disk: Path) -> None:
    for path in disk.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _one_line(row: Row, at: str, done: subprocess.CompletedProcess[str], codes: set[int]) -> None:
    """Count a fault that was caused: its exit code, and that no traceback is shown."""
    row.tried += 1
    if done.returncode not in codes:
        row.lost.append(f"{at}: exit code {done.returncode}: {done.stderr[-300:]}")
    if "Traceback" in done.stderr:
        row.through.append(f"{at}: {done.stderr[-300:]}")


def output_changes(folder: Path, whole: dict[str, bytes]) -> Row:
    """Delete the output folder, or make it a file, while a run writes to it; and make it read-only."""
    row = Row("machine", "output folder deleted, made a file, or read-only")
    for how in ("deleted", "a file"):
        output = folder / f"output {how}"
        process = subprocess.Popen(
            command(*CALL, "--output", str(output)),
            cwd=folder,
            env=environment(folder / "tmp"),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        deadline = time.monotonic() + BOUND
        while not [*output.glob("*/*.html")] and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        shutil.rmtree(output, ignore_errors=True)
        if how == "a file":
            shutil.rmtree(output, ignore_errors=True)
            with suppress(OSError):  # the run may have been quicker and made it anew
                output.write_text("a file", "utf-8")
        _, said = process.communicate(timeout=BOUND)
        _one_line(
            row, how, subprocess.CompletedProcess([], process.returncode, "", said), {0, 1, 2}
        )
        if output.is_file():
            output.unlink()
        again(row, how, folder, output, whole)
    with small_disk(folder / "fixed", 48 * KIB, "ro") as there:
        output = folder / "fixed" if there else folder / "read-only"
        output.mkdir(0o500, exist_ok=True)
        if there or os.geteuid():
            _one_line(row, "read-only", reportkit(folder, *CALL, "--output", str(output)), {2})
        else:
            row.note = "nothing is read-only for root who may not mount: not tried here"
    return row


def corrupt_store(folder: Path) -> Row:
    """Damage a DuckDB file: it is refused in one line, and stays as it is."""
    row = Row("machine", "a corrupt DuckDB file")
    write_county(folder / "data")
    store = folder / "store.duckdb"
    uri = f"duckdb:///{store}"
    done = reportkit(folder, "ingest", "data", "--store", uri)
    assert done.returncode == 0, done.stderr
    good = store.read_bytes()
    for at, content in {
        "head": b"x" * 4096 + good[4096:],
        "cut": good[: len(good) // 2],
        "no store": b"hello",
    }.items():
        store.write_bytes(content)
        _one_line(row, at, reportkit(folder, "ingest", "data", "--store", uri), {1, 2})
        if store.read_bytes() != content:
            row.lost.append(f"{at}: the damaged file was changed")
    return row


def new_years(folder: Path) -> Row:
    """Run at New Year at both ends of the earth, and with the clock set back between two runs."""
    row = Row("machine", "clock set back and forth over New Year, TZ at both ends of the earth")
    told = set()
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        for second in (
            "1704038399",
            "1704038400",
        ):  # the last of 2023 in Beijing, the first of 2024
            done = reportkit(
                folder,
                *("run", "--source", "sample:", "--town", "danheng", "--year", "2023"),
                *("--output", f"new year {second}"),
                TZ=zone,
                SOURCE_DATE_EPOCH=second,
            )
            row.tried += 1
            told.add((second, done.returncode))
            if "Traceback" in done.stderr:
                row.through.append(f"{zone}: {done.stderr[-300:]}")
    if len(told) != 2 or {code for second, code in told if second.endswith("399")} != {1}:
        row.lost.append(f"a year that is over in Beijing is over everywhere, and no other: {told}")
    return row


def stopped(folder: Path, whole: dict[str, bytes], seconds: float) -> Row:
    """Stop every process of a run for some seconds, as a laptop's lid does."""
    row = Row("machine", "SIGSTOP of every process of a run, for a minute", tried=1)
    row.note = f"{seconds:g} s"
    process = subprocess.Popen(
        command(*CALL, "--output", "stopped"),
        cwd=folder,
        env=environment(folder / "tmp"),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(3)
    seen = tree(psutil.Process(process.pid))
    for one in seen:
        os.kill(one.pid, signal.SIGSTOP)
    time.sleep(seconds)
    for one in seen:
        os.kill(one.pid, signal.SIGCONT)
    if process.wait(BOUND) or files_of(folder / "stopped") != whole:
        row.lost.append(f"exit code {process.returncode}")
    row.lost += left_over(set(seen))
    return row


def few_files(folder: Path, whole: dict[str, bytes]) -> Row:
    """Run with as few open files as a plain shell allows, and with fewer."""
    row = Row("machine", "1,024 open files, and 128")
    for most in (1024, 128):
        output = folder / f"files {most}"
        done = subprocess.run(
            command(*CALL, "--output", str(output)),
            cwd=folder,
            env=environment(folder / "tmp"),
            preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)),  # type: ignore[misc]
            capture_output=True,
            text=True,
            check=False,
            timeout=BOUND,
        )
        row.tried += 1
        if done.returncode or files_of(output) != whole:
            row.lost.append(f"{most}: {done.stderr[-300:]}")
    return row


def two_at_once(folder: Path, whole: dict[str, bytes]) -> Row:
    """Start two runs into one folder, and two ingests into one store, at once."""
    row = Row("machine", "two runs into one folder, two ingests into one store at once")
    runs = [
        subprocess.Popen(
            command(*CALL, "--output", "shared"),
            cwd=folder,
            env=environment(folder / "tmp"),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    codes = [process.wait(BOUND) for process in runs]
    row.tried += 1
    if codes != [0, 0] or files_of(folder / "shared") != whole:
        row.lost.append(f"runs: exit codes {codes}")
    (folder / "shared store").mkdir()
    for kind in ("DuckDB", "PostgreSQL") if postgres.installed() else ("DuckDB",):
        with store_of(kind, folder / "shared store") as uri:
            two_ingests(row, folder, uri)
    return row


def two_ingests(row: Row, folder: Path, uri: str) -> None:
    """Start two ingests into one store at once: each brings its file."""
    write_county(folder / "data")
    assert reportkit(folder, "ingest", "data", "--store", uri).returncode == 0
    files = [
        write_csv(
            folder / f"applications_{n}.csv",
            [{**APPLICATIONS[0], "application_no": f"2021-2{n}"}],
        )
        for n in range(2)
    ]
    ingests = [
        subprocess.Popen(
            command("ingest", str(file), "--store", uri),
            cwd=folder,
            env=environment(folder / "tmp"),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for file in files
    ]
    codes = [process.wait(BOUND) for process in ingests]
    row.tried += 1
    told = repr(everything(uri)["applications"])
    if codes != [0, 0] or not all(f"2021-2{n}" in told for n in range(2)):
        row.lost.append(f"ingests: exit codes {codes}: {uri.partition(':')[0]}")
