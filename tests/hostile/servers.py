"""Servers that go away: PostgreSQL stopped while a run reads it and while an ingest writes it, Dask's processes killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from tests.hostile.kills import (
    BOUND,
    command,
    environment,
    files_of,
    left_over,
    reportkit,
    tree,
    wait_for,
)
from tests.hostile.table import Row
from tests.registers.store import postgres
from tests.registers.store.samples import APPLICATIONS, everything, write_county, write_csv

STORE_RUN = ("run", "--year", "2021", "--level", "town", "--draft", "--workers", "1")


def postgres_stopped(folder: Path, modes: tuple[str, ...] = ("immediate", "fast")) -> Iterator[Row]:
    """Stop PostgreSQL in the middle of a run's reading and of an ingest's writing, and start it again."""
    running = Row("machine", "PostgreSQL stopped in mid-run and started again")
    loading = Row("machine", "PostgreSQL stopped in mid-ingest and started again")
    if not postgres.installed():
        for row in (running, loading):
            row.tried, row.note = 1, "no PostgreSQL on this machine: not tried here"
            yield row
        return
    folder.mkdir()
    with postgres.running() as server:
        uri = server.create()
        write_county(folder / "data")
        assert reportkit(folder, "ingest", "data", "--store", uri).returncode == 0
        call = (*STORE_RUN, "--source", uri)
        done = reportkit(folder, *call, "--output", "whole")
        assert done.returncode == 0, done.stderr
        whole = files_of(folder / "whole")
        for mode in modes:
            output = f"stopped {mode}"
            _Stop(server, uri, mode, folder).under(running, (*call, "--output", output))
            again = reportkit(folder, *call, "--output", output)
            if again.returncode or files_of(folder / output) != whole:
                running.lost.append(f"{mode}: the next run did not complete: {again.stderr[-300:]}")
        for mode in modes:
            new = {**APPLICATIONS[0], "application_no": f"2021-{mode}"}
            file = write_csv(folder / f"applications_{mode}.csv", [new])
            before = everything(uri)
            ingest = ("ingest", str(file), "--store", uri)
            _Stop(server, uri, mode, folder).under(loading, ingest)
            if everything(uri) != before:
                loading.lost.append(f"{mode}: the store is not as before")
            again = reportkit(folder, *ingest)
            if again.returncode or f"2021-{mode}" not in repr(everything(uri)["applications"]):
                loading.lost.append(f"{mode}: the next ingest failed: {again.stderr[-300:]}")
    yield running
    yield loading


@dataclass
class _Stop:
    """How a server is stopped under a program."""

    server: postgres.Server
    uri: str
    mode: str
    folder: Path

    def under(self, row: Row, call: tuple[str, ...]) -> None:
        """Stop the server once a program waits for a table in the middle of its work, and start it again."""
        database = self.uri.partition("@/")[2].partition("?")[0]
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
        connect = self.server.connect
        with closing(connect(database)) as other, closing(connect(database)) as watcher:
            other.execute("BEGIN")
            other.execute("LOCK TABLE applications IN ACCESS EXCLUSIVE MODE")
            process = _started(self.folder, *call)
            wait_for(lambda: watcher.execute(waiting).fetchone() != (0,), process)
            row.tried += 1
            if process.poll() is not None:
                row.lost.append(f"{self.mode}: it ended before the server was stopped")
            self.server.stop(self.mode)
        try:
            _, said = process.communicate(timeout=BOUND)
        finally:
            self.server.start()
        if process.returncode not in (1, 2) or not said.strip():
            row.lost.append(f"{self.mode}: exit code {process.returncode}: {said[-300:]}")
        if "Traceback" in said:
            row.through.append(f"{self.mode}: {said[-300:]}")


def _started(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*words),
        cwd=folder,
        env=environment(folder / "tmp"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


DASK_RUN = (
    "run",
    "--source",
    "sample:",
    "--town",
    "danheng",
    "--town",
    "fangshu",
    "--level",
    "town",
    "--draft",
)


def dask_killed(folder: Path) -> Iterator[Row]:
    """Kill a Dask worker, with and without the process that starts it anew, and the scheduler, in the middle of a run."""
    working = Row("machine", "Dask on loopback: a worker killed in mid-run")
    scheduling = Row(
        "machine", "Dask on loopback: the scheduler killed in mid-run, and started again"
    )
    folder.mkdir()
    done = reportkit(folder, *DASK_RUN, "--output", "whole")
    assert done.returncode == 0, done.stderr
    whole = files_of(folder / "whole")
    with dask(folder) as cluster:
        call = (*DASK_RUN, "--cluster", cluster.address, "--output")
        for what in ("worker", "worker and its nanny"):
            output = folder / what
            process = _started(folder, *call, what)
            wait_for(partial(_made, output), process)
            seen = tree(psutil.Process(cluster.workers[0].pid))
            spawned = [p for p in seen if "spawn_main" in " ".join(p.cmdline())]
            for victim in spawned if what == "worker" else [seen[0], *spawned]:
                os.kill(victim.pid, signal.SIGKILL)
            working.tried += 1
            _, said = process.communicate(timeout=BOUND)
            made = files_of(output)
            other = [name for name in {*made, *whole} if made.get(name) != whole.get(name)]
            if process.returncode or other:
                working.lost.append(
                    f"{what}: exit code {process.returncode}: {said[-300:]}; other: {other}"
                )
            if what != "worker":
                working.lost += [f"{what}: {fault}" for fault in left_over(set(seen))]
        process = _started(folder, *call, "scheduler")
        wait_for(partial(_made, folder / "scheduler"), process)
        cluster.scheduler.kill()
        started = time.monotonic()
        _, said = process.communicate(timeout=BOUND)
        scheduling.tried += 1
        scheduling.note = f"the run ended {time.monotonic() - started:.0f} s later"
        if process.returncode != 1 or "scheduler does not answer" not in " ".join(said.split()):
            scheduling.lost.append(f"exit code {process.returncode}: {said[-300:]}")
        if "Traceback" in said:
            scheduling.through.append(said[-300:])
        cluster.stop()
        cluster.start()
        process = _started(folder, *call, "scheduler")
        _, said = process.communicate(timeout=BOUND)
        if process.returncode or files_of(folder / "scheduler") != whole:
            scheduling.lost.append(f"the next run did not complete: {said[-300:]}")
    yield working
    yield scheduling


def _made(output: Path) -> list[Path]:
    """Return the pages that are there."""
    return [*output.glob("*/*.html")]


@contextmanager
def dask(folder: Path, workers: int = 2, *, nanny: bool = True) -> Iterator[Cluster]:
    """Start a scheduler and workers of one thread on loopback, each with a process that starts it anew or without."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cluster = Cluster(folder, f"tcp://127.0.0.1:{port}", workers, nanny=nanny)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


class Cluster:
    """Dask's own programs, as an administrator starts them."""

    def __init__(self, folder: Path, address: str, count: int, *, nanny: bool) -> None:
        self.folder = folder
        self.address = address
        self.count = count
        self.words = ("--nworkers", "1") if nanny else ("--no-nanny",)
        self.scheduler: subprocess.Popen[bytes]
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start scheduler and workers, and wait until the workers are there."""
        from distributed import Client

        self.scheduler = self._program(
            "scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2]
        )
        self.workers = [
            self._program("worker", self.address, "--nthreads", "1", *self.words)
            for _ in range(self.count)
        ]
        with Client(self.address, timeout=BOUND) as client:
            client.wait_for_workers(self.count, timeout=BOUND)

    def _program(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        call = [sys.executable, "-m", "dask", name, *words, "--no-dashboard"]
        if name == "worker":
            call += ["--local-directory", str(self.folder / "dask")]
        return subprocess.Popen(
            call,
            cwd=self.folder,
            env=environment(self.folder / "tmp"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End all."""
        for program in (*self.workers, self.scheduler):
            program.terminate()
        for program in (*self.workers, self.scheduler):
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
