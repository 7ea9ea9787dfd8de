"""A province in a store, DuckDB's and PostgreSQL's: ``python -m tests.bench.store [--towns N]``.

``reportkit sample`` makes the registers: 1,000 hotline rows and 50 applications a town and year, five years. Measured
are the ingest from Parquet and from a workbook in rows a second with the peak of memory, the time to read one town's
year and to derive its report, for 30 towns in the whole store and for the same 30 in a store of their own, and the
roll-up of all towns.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import xlsxwriter

from reportkit.registers.sample.county import SyntheticCounty, write_county
from reportkit.registers.schema import REGISTERS
from reportkit.sources.registers import StoreSource, dossier
from tests.bench.bench import CACHE
from tests.registers.store import postgres

YEARS = range(2019, 2024)
FEW = 30
"""The towns of the small store that the large one is compared with."""

_INGEST = """
import sys, time
from pathlib import Path
from reportkit.registers.ingest.ingest import ingest
started = time.perf_counter()
results = ingest([Path(sys.argv[1])], sys.argv[2])
seconds = time.perf_counter() - started
assert {r.status for r in results} == {"loaded"}, [r.faults[:3] for r in results]
print(sum(sum(r.rows.values()) for r in results), seconds)
"""


def made(folder: Path, towns: int) -> Path:
    """Return a folder of registers of so many towns, made where it is not there yet."""
    data = folder / f"towns-{towns}"
    if not data.is_dir():
        county = SyntheticCounty(
            towns=towns, years=YEARS, seed=1, hotline_rows=1000, applications=50
        )
        write_county(data, county)
    return data / "data"


def some_of(data: Path, folder: Path, towns: list[str]) -> Path:
    """Return a folder of the same registers with those towns' rows alone."""
    folder.mkdir()
    for path in data.iterdir():
        rows = pq.read_table(path, filters=[("town", "in", towns)])
        pq.write_table(rows, folder / path.name)
    return folder


def ingested(data: Path, uri: str) -> tuple[int, float, int]:
    """Ingest in a process of its own; return rows, seconds and the highest peak in MB of all so far."""
    command = [sys.executable, "-c", _INGEST, str(data), uri]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    rows, seconds = done.stdout.split()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return int(rows), float(seconds), peak


def write_workbook(path: Path, rows: int) -> None:
    """Write a workbook of the hotline register."""
    register = REGISTERS["hotline"]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(register.heading)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, [column.heading for column in register.columns])
        for number in range(1, rows + 1):
            received = date(2021, 1 + number % 12, 1 + number % 28)
            sheet.write_row(number, 0, ["shili-zhen", f"2021-{number:07d}"])
            sheet.write_datetime(number, 2, received, day)
            sheet.write_datetime(number, 3, received, day)
            sheet.write_string(number, 4, f"道路维修{number % 40}")


def one_town(uri: str, towns: list[str]) -> tuple[float, float]:
    """Return the median milliseconds to read one town's year, and to derive its report from that."""
    source = StoreSource(uri)
    read, derived = [], []
    for number, town in enumerate(towns):
        year = YEARS[number % len(YEARS)]
        started = time.perf_counter()
        data = source.store.town(town, date(year, 12, 31))
        middle = time.perf_counter()
        dossier(data, year)
        read.append(middle - started)
        derived.append(time.perf_counter() - middle)
    return 1000 * statistics.median(read[5:]), 1000 * statistics.median(derived[5:])


def measure(folder: Path, towns: int, uri: Callable[[str], str]) -> None:
    """Fill two stores, whose addresses ``uri`` gives by a name, and print what they take."""
    with tempfile.TemporaryDirectory() as name:
        stores = Path(name)
        many = made(folder, towns)
        every = pq.read_table(many / "towns.parquet", columns=["town"])["town"].to_pylist()
        chosen = random.Random(1).sample(sorted(every), FEW)
        small, large = uri("small"), uri("large")
        ingested(some_of(many, stores / "few", chosen), small)
        rows, seconds, peak = ingested(many, large)
        print(f"ingest from Parquet: {rows} rows, {seconds:.1f} s, {rows / seconds:.0f} rows/s")
        print(f"peak memory of ingest: {peak} MB")
        book = stores / "book" / "台账.xlsx"
        book.parent.mkdir()
        write_workbook(book, 100_000)
        rows, seconds, _ = ingested(book, uri("book"))
        print(f"ingest from xlsx: {rows} rows, {seconds:.1f} s, {rows / seconds:.0f} rows/s")
        # Turn and turn about: whatever else the machine does, it does to both.
        times = [(one_town(small, chosen), one_town(large, chosen)) for _ in range(3)]
        for label, parts in (("read", [0]), ("derive", [1]), ("read and derive", [0, 1])):
            few_ms = sum(min(pair[0][part] for pair in times) for part in parts)
            many_ms = sum(min(pair[1][part] for pair in times) for part in parts)
            print(
                f"{label} one town's year: {many_ms:.1f} ms with {towns} towns, "
                f"{few_ms:.1f} ms with {FEW}, ratio {many_ms / few_ms:.2f}"
            )
        source = StoreSource(large)
        started = time.perf_counter()
        found = source.store.roll_up(2021)
        print(f"roll-up of {len(found)} towns: {time.perf_counter() - started:.2f} s")


def main() -> None:
    """Measure both kinds of store and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.store")
    parser.add_argument("--towns", type=int, default=3000)
    parser.add_argument("--only", choices=("duckdb", "postgresql"))
    parser.add_argument("--folder", type=Path, default=CACHE, help="keeps the registers")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.only != "postgresql":
        print("DuckDB")
        with tempfile.TemporaryDirectory() as name:
            measure(options.folder, options.towns, lambda store: f"duckdb:///{name}/{store}.duckdb")
    if options.only != "duckdb" and postgres.installed():
        print("PostgreSQL")
        with postgres.running("1GB") as server:
            measure(options.folder, options.towns, lambda _store: server.create())


if __name__ == "__main__":
    main()
