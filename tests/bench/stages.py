"""Where the processor time of a run goes: what it takes to start, what each report adds, and each stage's share.

Processes are told apart by the names that they give themselves. Reports' own processes end within a tenth of a
second, so theirs is what the forkserver has waited for, without the others that it has waited for.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from reportkit.project import find_project
from tests.bench.bench import CACHE, ROOT, county, ours, processor_of_children

STAGES = {
    "parent": "plan, record, tidy data (the parent)",
    "rk-forkserver": "imports, warm-up, forks (the light forkserver)",
    "rk-heavy": "imports, warm-up (the heavy forkserver)",
    "rk-catalogue": "reading the source",
    "rk-export": "deriving, checking, files (the exporters)",
    "rk-index": "index",
    "reports": "cells (a process a report)",
}


@dataclass
class Spent:
    """Processor seconds of one run, by stage."""

    reports: int
    total: float
    stages: dict[str, float]


def run(project: Path, towns: int, years: int, workers: int) -> Spent:
    """Make the reports of so many towns and return what that took."""
    out = CACHE / "out" / "stages"
    for stale in (out, Path(f"{out}-internal"), out.with_name(f".{out.name}-internal.state")):
        shutil.rmtree(stale, ignore_errors=True)
    ids = sorted(find_project(batch=project / "params" / "batch.yaml").towns)[:towns]
    command = ours(project, out, workers, *(word for id_ in ids for word in ("--town", id_)))
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    before = processor_of_children()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    seen: dict[int, tuple[str, float, float]] = {}
    root = psutil.Process(process.pid)
    while process.poll() is None:
        for each in _family(root):
            try:
                times, name = each.cpu_times(), each.name()
            except psutil.Error:
                continue
            role = "parent" if each.pid == process.pid else name
            seen[each.pid] = (
                role,
                times.user + times.system,
                times.children_user + times.children_system,
            )
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"stages: exit code {process.returncode}")
    total = processor_of_children() - before
    stages = dict.fromkeys(STAGES, 0.0)
    for role, own, _ in seen.values():
        if role in stages and role != "reports":
            stages[role] += own
    stages["reports"] = total - sum(stages.values())
    return Spent(towns * years, total, stages)


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def table(small: Spent, large: Spent) -> str:
    """Return both runs as a Markdown table: all, to start, and what one report more adds."""
    more = large.reports - small.reports

    def line(name: str, few: float, many: float) -> str:
        each = (many - few) / more
        start = few - each * small.reports
        return (
            f"| {name} | {many:.2f} | {many / large.total:.0%} | {start:.2f} | {each * 1000:.1f} |"
        )

    return "\n".join(
        [
            f"| {large.reports} reports (slope from {small.reports}) | processor s | share | start-up s | ms a report more |",
            "|---|---|---|---|---|",
            *(line(STAGES[s], small.stages[s], large.stages[s]) for s in STAGES),
            line("all", small.total, large.total),
        ]
    )


def main() -> None:
    """Print where the time goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--towns", type=int, nargs=2, default=(10, 50), help="of six years each")
    wanted = parser.parse_args()
    project = county(50, "2019-2024")
    few, many = sorted(wanted.towns)
    run(project, few, 6, wanted.workers)  # compiled modules, a warm disk
    print(table(*(run(project, towns, 6, wanted.workers) for towns in (few, many))))


if __name__ == "__main__":
    main()
