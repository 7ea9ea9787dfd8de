"""A province in a store: ``python -m tests.bench.store [--towns N] [--folder DIR] [--store URI]``.

``reportkit sample`` makes the registers: 1,000 hotline rows and 50 applications a town and year, five years. Measured
are the ingest from Parquet and from a workbook in rows a second with the peak of memory, the time to read one town's
year and to derive its report beside the same with 30 towns, and the roll-up of all towns.
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
from datetime import date
from pathlib import Path

import xlsxwriter

from reportkit.registers.sample.county import County, write_county
from reportkit.registers.schema import REGISTERS
from reportkit.sources import StoreSource, dossier

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
        county = County(towns=towns, years=YEARS, seed=1, hotline_rows=1000, applications=50)
        write_county(data, county, lambda _done: None)
    return data / "data"


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


def one_town(uri: str, towns: int) -> tuple[float, float]:
    """Return the median milliseconds to read one town's year, and to derive its report from that."""
    source = StoreSource(uri)
    chosen = random.Random(1).sample(sorted(source.towns), min(towns, 40))
    read, derived = [], []
    for number, town in enumerate(chosen):
        year = YEARS[number % len(YEARS)]
        started = time.perf_counter()
        data = source.store.town(town, date(year, 12, 31))
        middle = time.perf_counter()
        dossier(data, year)
        read.append(middle - started)
        derived.append(time.perf_counter() - middle)
    return 1000 * statistics.median(read[5:]), 1000 * statistics.median(derived[5:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--towns", type=int, default=3000)
    parser.add_argument("--folder", type=Path, help="keeps the registers for the next time")
    parser.add_argument("--store", help="an empty PostgreSQL database instead of DuckDB files")
    parser.add_argument("--small", help="another one, for the 30 towns")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, stores = options.folder or Path(name), Path(name)
        few, many = made(folder, FEW), made(folder, options.towns)
        small = options.small or f"duckdb:///{stores / 'small.duckdb'}"
        large = options.store or f"duckdb:///{stores / 'large.duckdb'}"
        ingested(few, small)
        rows, seconds, peak = ingested(many, large)
        print(f"ingest from Parquet: {rows} rows, {seconds:.1f} s, {rows / seconds:.0f} rows/s")
        print(f"peak memory: {peak} MB")
        book = stores / "book" / "台账.xlsx"
        book.parent.mkdir()
        write_workbook(book, 100_000)
        rows, seconds, _ = ingested(book, f"duckdb:///{stores / 'book.duckdb'}")
        print(f"ingest from xlsx: {rows} rows, {seconds:.1f} s, {rows / seconds:.0f} rows/s")
        # Turn and turn about: whatever else the machine does, it does to both.
        times = [(one_town(small, FEW), one_town(large, options.towns)) for _ in range(3)]
        for label, part in (("read", 0), ("derive", 1)):
            few_ms = min(pair[0][part] for pair in times)
            many_ms = min(pair[1][part] for pair in times)
            print(
                f"{label} one town's year: {many_ms:.1f} ms with {options.towns} towns, "
                f"{few_ms:.1f} ms with {FEW}, ratio {many_ms / few_ms:.2f}"
            )
        source = StoreSource(large)
        started = time.perf_counter()
        found = source.store.roll_up(2021)
        print(f"roll-up of {len(found)} towns: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
