"""How fast reports are made, beside other ways of running the same notebook.

Every row makes reports of the same notebook from the same county with the same exporter. The rows but the
first two have the same number of workers. So that the engines are compared and not the reading of the data, every
row is given each town's slice, which only ``reportkit run`` makes for itself; its time includes making them.
Peak memory is the proportional set size of the whole process tree, sampled five times a second.
"""

from __future__ import annotations

import argparse
import compileall
import os
import platform
import resource
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from reportkit.project import find_project

ROOT: Final = Path(__file__).parents[2]
CACHE: Final = Path.home() / ".cache" / "reportkit-bench"
PLOOMBER: Final = CACHE / "ploomber"
"""The bench's own environment: ploomber-engine lies here, and the project never sees it."""


@dataclass(frozen=True)
class Row:
    """One way of making reports, measured."""

    name: str
    workers: int
    reports: int
    seconds: float
    processor: float
    """Processor seconds of the whole process tree: unlike the time by the clock, the same on a busy machine."""
    peak: int
    html: float

    @property
    def each(self) -> float:
        """Wall-clock seconds a report."""
        return self.seconds / self.reports


class Peak(threading.Thread):
    """Watches the memory of a process and all its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self.bytes = 0

    def run(self) -> None:
        """Sample until told to stop."""
        while not self._over.wait(0.2):
            total = 0
            try:
                family = [self._root, *self._root.children(recursive=True)]
            except psutil.Error:
                continue
            for process in family:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.bytes = max(self.bytes, total)

    def stop(self) -> int:
        """Return the highest sum seen."""
        self._over.set()
        self.join()
        return self.bytes


def measure(
    name: str, command: list[str], workers: int, reports: int, folder: Path, **variables: str
) -> Row:
    """Run a command that makes so many reports into a folder, and time it from start to end."""
    environment = {**os.environ, **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # every row starts from compiled modules
    before, started = processor_of_children(), time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    peak = Peak(process.pid)
    peak.start()
    code = process.wait()
    seconds, processor = time.monotonic() - started, processor_of_children() - before
    beside = ("index.html", "counties")  # the indexes of a country
    pages = [
        path.stat().st_size
        for path in folder.rglob("*.html")
        if not {path.name, path.parent.name} & {*beside}
    ]
    if code or len(pages) != reports:
        raise SystemExit(f"{name}: exit code {code}, {len(pages)} of {reports} reports")
    return Row(name, workers, reports, seconds, processor, peak.stop(), max(pages) / 1000)


def processor_of_children() -> float:
    """Return the processor seconds of all processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def county(towns: int, years: str) -> Path:
    """Return a synthetic county's project folder, made once."""
    folder = CACHE / f"county-{towns}-{years}-{version('reportkit')}"
    if not (folder / "params" / "batch.yaml").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        command = ["sample", str(folder), "--towns", str(towns), "--years", years, "--seed", "1"]
        subprocess.run([sys.executable, "-m", "reportkit", *command], check=True)
    return folder


def ensure_ploomber() -> None:
    """Install ploomber-engine beside the project's own libraries, once."""
    if not (PLOOMBER / "ploomber_engine").is_dir():
        subprocess.run(
            [
                *("uv", "pip", "install", "-q", "--target", str(PLOOMBER)),
                *("-c", str(ROOT / "requirements-dev.lock"), "ploomber-engine"),
            ],
            check=True,
        )


def other(way: str, project: Path, reports: int, workers: int, out: Path) -> list[str]:
    """Return the command that makes reports another way; see ``others.py``."""
    # Not as a script: ploomber-engine replaces the module __main__, and a pool then finds no function in it.
    script = "from tests.bench.others import main; main()"
    return [sys.executable, "-c", script, way, str(project), str(reports), str(workers), str(out)]


def ours(project: Path, out: Path, workers: int, *options: str) -> list[str]:
    """Return our own command."""
    batch = str(project / "params" / "batch.yaml")
    command = [sys.executable, "-m", "reportkit", "run", "--batch", batch, "--output", str(out)]
    return [*command, "--workers", str(workers), *options]


def compare(workers: int, scale: float) -> list[Row]:
    """Measure every way side by side."""
    project = county(50, "2019-2024")
    out = CACHE / "out"

    def fresh(name: str) -> Path:
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.rmtree(out / f"{name}-internal", ignore_errors=True)
        return out / name

    ensure_ploomber()
    quiet = {"PLOOMBER_STATS_ENABLED": "false", "PYTHONPATH": str(PLOOMBER)}
    rows = []
    for name, way, count, busy in (
        ("shell: papermill; jupyter nbconvert", "shell", 3, 1),
        ("papermill API + nbconvert, one process", "papermill", 6, 1),
        ("papermill API + nbconvert, process pool", "papermill", 12, workers),
        ("ploomber-engine + nbconvert, process pool", "ploomber", 120, workers),
    ):
        reports = max(busy, round(count * scale))
        folder = fresh(way + str(busy))
        command = other(way, project, reports, busy, folder)
        variables = quiet if way == "ploomber" else {}
        rows.append(measure(name, command, busy, reports, folder, **variables))
    folder = fresh("ours")
    rows.append(measure("reportkit run", ours(project, folder, workers), workers, 300, folder))
    return rows


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| way | workers | seconds a report | processor seconds a report | reports a minute | peak memory MB | largest HTML kB |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.name} | {row.workers} | {row.each:.3f} | {row.processor / row.reports:.3f} | "
        f"{60 / row.each:.0f} | "
        f"{row.peak / 1e6:.0f} | {row.html:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def scaling(workers: int) -> list[str]:
    """Measure what must not grow: time a report by towns, memory by reports, and an idle second run."""
    lines = []
    for towns, reports in ((50, 100), (2000, 100), (2000, 2000)):
        project = county(towns, "2023-2024" if towns == 50 else "2024-2024")
        out = CACHE / "out" / f"scale-{towns}-{reports}"
        for stale in (out, Path(f"{out}-internal")):
            shutil.rmtree(stale, ignore_errors=True)
        ids = sorted(find_project(batch=project / "params" / "batch.yaml").towns)
        some = ids[:reports] if reports < towns else ()
        chosen = [word for town in some for word in ("--town", town)]
        row = measure(
            f"{towns} towns, {reports} reports",
            ours(project, out, workers, *chosen),
            workers,
            reports,
            out,
        )
        lines.append(
            f"{row.name}: {row.each:.3f} s a report ({row.processor / reports:.3f} s of processor), "
            f"{row.peak / 1e6:.0f} MB at most"
        )
        if reports == 2000:
            again = measure("again", ours(project, out, workers), workers, reports, out)
            share = again.seconds / row.seconds
            lines.append(f"again, nothing changed: {again.seconds:.1f} s, {share:.1%} of the first")
    return lines


def help_time() -> str:
    """Compare ``reportkit --help`` with importing pandas."""

    def best(command: list[str]) -> float:
        times = []
        for _ in range(5):
            started = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(time.monotonic() - started)
        return min(times)

    ours_ = best([sys.executable, "-m", "reportkit", "--help"])
    pandas = best([sys.executable, "-c", "import pandas"])
    return f"reportkit --help {ours_:.2f} s, import pandas {pandas:.2f} s: {ours_ / pandas:.2f}"


def main() -> None:
    """Print the table, and what must not grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scale", type=float, default=1.0, help="more or fewer reports of others")
    parser.add_argument("--only", choices=("table", "scaling", "help"))
    wanted = parser.parse_args()
    parts: dict[str, Callable[[], str]] = {
        "table": lambda: table(compare(wanted.workers, wanted.scale)),
        "scaling": lambda: "\n".join(scaling(wanted.workers)),
        "help": help_time,
    }
    names = ("reportkit", "papermill", "nbclient", "nbconvert", "altair", "vl-convert-python")
    for place in (sysconfig.get_path("purelib"), str(ROOT / "src")):
        compileall.compile_dir(place, quiet=2, workers=0)
    print(f"Python {platform.python_version()}, " + ", ".join(f"{n} {version(n)}" for n in names))
    for name, part in parts.items():
        if wanted.only in (None, name):
            print(f"\n{part()}", flush=True)
