"""What a Dask cluster adds to a report: ``python -m tests.bench.cluster [--towns N]``.

A scheduler and two workers on loopback make the reports of N towns and of twice as many, and so do two workers without
Dask. What the second run adds to the first is what a report takes; the start is what is left. The bytes are compared.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.bench import CACHE, county, processor_of_children
from tests.hostile.kills import files_of
from tests.hostile.servers import Cluster, dask

_START = """
import sys, time
started = time.perf_counter(), time.process_time()
from distributed import Client
Client(sys.argv[1], timeout=60)
print(time.perf_counter() - started[0], time.process_time() - started[1])
"""


@dataclass
class Took:
    """Seconds by the clock, and of all processors."""

    clock: float
    processor: float


def _of(cluster: Cluster | None) -> float:
    """Return the processor seconds that a cluster's processes have taken so far."""
    total = 0.0
    for program in (cluster.scheduler, *cluster.workers) if cluster else ():
        parent = psutil.Process(program.pid)
        for process in (parent, *parent.children(recursive=True)):
            total += sum(process.cpu_times()[:4])
    return total


def run(project: Path, output: Path, towns: int, cluster: Cluster | None) -> Took:
    """Make the reports of the first towns of a county, into an empty folder."""
    ids = [word for number in range(1, towns + 1) for word in ("--town", f"t{number:05}")]
    call = [sys.executable, "-m", "reportkit", "run", "--workers", "2", "--draft", *ids]
    if cluster is not None:
        call += ["--cluster", cluster.address]
    before, started = processor_of_children() + _of(cluster), time.perf_counter()
    subprocess.run(
        [*call, "--output", str(output)], cwd=project, check=True, stderr=subprocess.DEVNULL
    )
    return Took(time.perf_counter() - started, processor_of_children() + _of(cluster) - before)


def measure(folder: Path, towns: int) -> None:
    """Print what a report takes without and with Dask."""
    project = county(2 * towns, "2021-2021")
    with dask(folder) as cluster:
        done = subprocess.run(
            [sys.executable, "-c", _START, cluster.address], check=True, capture_output=True
        )
        clock, processor = done.stdout.split()
        print(f"client: {float(clock):.1f} s by the clock, {float(processor):.2f} of processor")
        run(
            project, folder / "warm", 2, cluster
        )  # each worker's processes start with its first job
        each = {}
        for name, using in (("two workers", None), ("Dask", cluster)):
            few = run(project, folder / f"few {name}", towns, using)
            many = run(project, folder / f"many {name}", 2 * towns, using)
            each[name] = Took(
                1000 * (many.clock - few.clock) / towns,
                1000 * (many.processor - few.processor) / towns,
            )
            print(
                f"{name}: {each[name].clock:.0f} ms a report by the clock, "
                f"{each[name].processor:.0f} of processor; {towns} reports {few.clock:.1f} s"
            )
    added = each["Dask"].processor - each["two workers"].processor
    print(f"Dask adds {added:.0f} ms of processor a report")
    same = files_of(folder / "many Dask") == files_of(folder / "many two workers")
    print(f"bytes are {'equal' if same else 'NOT equal'}")


def main() -> None:
    """Measure on loopback and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.cluster")
    parser.add_argument("--towns", type=int, default=100)
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), options.towns)


if __name__ == "__main__":
    main()
