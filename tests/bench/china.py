"""All of China, run and not reckoned: 38,602 invented bodies, one year, from a DuckDB store.

``python -m tests.bench.china`` takes about an hour on two cores. It may be interrupted: what a step took is kept, and the
run goes on where it stopped. ``--bodies`` makes a smaller country, ``--new`` begins again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
import yaml

from tests.bench.bench import CACHE, ROOT, Peak, processor_of_children

BODIES, COUNTIES, PROVINCES = 38_602, 2_850, 31
YEAR = 2024


class China:
    """One country of a size, its steps, and what each took."""

    def __init__(self, bodies: int, workers: int) -> None:
        self.bodies, self.workers = bodies, workers
        self.folder = CACHE / f"china-{bodies}"
        self.project = self.folder / "project"
        self.store = f"duckdb:///{self.folder / 'china.duckdb'}"
        self.output = self.folder / "output"
        self._kept = self.folder / "steps.json"
        self.steps: dict[str, Any] = (
            json.loads(self._kept.read_text()) if self._kept.is_file() else {}
        )

    def step(self, name: str, work: Callable[[], list[str] | None]) -> None:
        """Do a step unless it is done; what an interrupted one took is added up."""
        taken = self.steps.setdefault(
            name, {"seconds": 0.0, "processor": 0.0, "memory": 0, "done": False}
        )
        if taken["done"]:
            return
        print(f"{name} …", flush=True)
        before, started = processor_of_children(), time.monotonic()
        peak: Peak | None = None
        try:
            command = work()
            if command is not None:
                with (self.folder / "log.txt").open("a") as log:
                    process = subprocess.Popen(
                        [sys.executable, "-m", "reportkit", *command],
                        cwd=ROOT,
                        stdout=log,
                        stderr=log,
                    )
                    peak = Peak(process.pid)
                    peak.start()
                    try:
                        code = process.wait()
                    except KeyboardInterrupt:
                        process.terminate()
                        process.wait()
                        raise
                if code:
                    raise SystemExit(f"{name}: exit code {code}; see {self.folder / 'log.txt'}")
            taken["done"] = True
        finally:
            taken["seconds"] += time.monotonic() - started
            taken["processor"] += processor_of_children() - before
            taken["memory"] = max(taken["memory"], peak.stop() if peak else 0)
            self._kept.write_text(json.dumps(self.steps, indent=1))

    def sample(self) -> list[str]:
        """Write the bodies, with about fifteen rows a register each."""
        shutil.rmtree(self.project, ignore_errors=True)
        size = ["--towns", str(self.bodies), "--years", f"{YEAR}-{YEAR}", "--seed", "1"]
        return ["sample", str(self.project), *size, "--hotline-rows", "15"]

    def deal(self) -> None:
        """Deal the bodies out to counties and provinces, all of them invented."""
        file = self.project / "params" / "towns.yaml"
        body = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
        counties = max(2, self.bodies * COUNTIES // BODIES)
        for place, town in enumerate(body["towns"]):
            number = place * counties // self.bodies
            town["county"], town["province"] = f"county-{number}", f"示例{number % PROVINCES + 1}省"
            town["issuer"] = f"示例{number + 1}县{town['name']}人民政府"
        body["counties"] = [
            {
                "id": f"county-{n}",
                "name": f"示例{n + 1}县",
                "province": f"示例{n % PROVINCES + 1}省",
            }
            for n in range(counties)
        ]
        file.write_text(yaml.dump(body, Dumper=yaml.CSafeDumper, allow_unicode=True), "utf-8")

    def change(self) -> list[str]:
        """Bring one more row of one town, in a file of its own."""
        rows = pd.read_parquet(self.project / "data" / "disclosures.parquet")
        more = rows.head(1).assign(item_no="补-1")
        folder = self.folder / "more"
        folder.mkdir(exist_ok=True)
        more.to_csv(folder / "disclosures.csv", index=False)
        return ["ingest", str(folder), "--store", self.store]

    def run(self) -> list[str]:
        """Make what is due."""
        batch = str(self.project / "params" / "batch.yaml")
        where = ["--batch", batch, "--source", self.store, "--year", str(YEAR)]
        return ["run", *where, "--output", str(self.output), "--workers", str(self.workers)]

    def table(self) -> str:
        """Return what was measured."""
        made = len(list((self.output / str(YEAR)).glob("*.html")))
        index = (self.output / "index.html").stat().st_size
        pages = len(list((self.output / "counties").glob("*.html")))
        lines = ["| step | minutes | processor s | peak memory MB |", "|---|---|---|---|"]
        lines += [
            f"| {name} | {t['seconds'] / 60:.2f} | {t['processor']:.0f} | {t['memory'] / 1e6:.0f} |"
            for name, t in self.steps.items()
        ]
        told = f"{made} reports of {self.bodies} bodies; index {index / 1000:.0f} kB and {pages} counties' pages"
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[2]:.1f}"
        return "\n".join([*lines, "", told, machine])


def main() -> None:
    """Do what is left to do, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=BODIES)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--new", action="store_true")
    wanted = parser.parse_args()
    folder = CACHE / f"china-{wanted.bodies}"
    if wanted.new:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    china = China(wanted.bodies, wanted.workers)
    data = str(china.project / "data")
    china.step("sample", china.sample)
    china.step("counties", china.deal)
    china.step("ingest", lambda: ["ingest", data, "--store", china.store])
    china.step("run", china.run)
    china.step("run, nothing changed", china.run)
    china.step("ingest, one town changed", china.change)
    china.step("run, one town changed", china.run)
    print(china.table())


if __name__ == "__main__":
    main()
