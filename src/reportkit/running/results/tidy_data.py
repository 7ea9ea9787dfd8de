"""The tidy data of a run: ``data/`` beside the reports, written anew when a report changed.

It is streamed from the reports' JSON, some at a time, so that a province fits into memory.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Self

from reportkit.errors import ReportFileError
from reportkit.files import write_whole
from reportkit.manifest import Entry, Manifest
from reportkit.report import TownReport
from reportkit.running.build import package_digest
from reportkit.running.output_folder import OutputFolder, sha256
from reportkit.running.request import Request
from reportkit.running.results.codebook import DIGITS, codebook, data_package, describe_csv
from reportkit.tidy import TABLES, csv_text, lines_of

FOLDER: Final = "data"
PACKAGE: Final = f"{FOLDER}/datapackage.json"
CODEBOOK: Final = f"{FOLDER}/codebook.md"
BATCH: Final = 250
"""So many reports are held at once."""
_MOST: Final = 10 ** (DIGITS[0] - DIGITS[1])


def write_data(request: Request, manifest: Manifest) -> bool:
    """Write the tidy data of all reports of an output folder; return whether anything was to be done."""
    entries = sorted(manifest.entries.values(), key=lambda e: (e.year, e.town))
    names = [name for entry in entries if (name := _json_of(entry)) is not None]
    if not names:
        return False
    internal = request.audience == "internal"
    tables = [name for name in TABLES if internal or name != "findings"]
    batch = request.project.batch
    said = {
        "licence": None if batch is None else batch.licence,
        "citation": None if batch is None else batch.citation,
    }
    digests = {name: entry.outputs[name] for entry in entries if (name := _json_of(entry))}
    key = sha256(json.dumps([digests, said, tables, package_digest()]).encode())
    note = request.state / f"data-{request.audience}"
    if note.is_file() and note.read_text("ascii", errors="replace") == key:
        files = [f"{FOLDER}/{name}.{kind}" for name in tables for kind in ("csv", "parquet")]
        if all(request.output.has(name) for name in (*files, PACKAGE, CODEBOOK)):
            return False
    note.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="data-", dir=request.state) as folder:
        made = _write_tables(Path(folder), tables, _reports(request.output, names))
        for path in made:
            request.output.put(f"{FOLDER}/{path.name}", path)
        described = [
            describe_csv(path, TABLES[path.stem]) for path in made if path.suffix == ".csv"
        ]
    request.output.write(CODEBOOK, codebook(tables, said["licence"], said["citation"]).encode())
    package = data_package(described, said["licence"], said["citation"])
    body = json.dumps(package, ensure_ascii=False, indent=2)
    request.output.write(PACKAGE, f"{body}\n".encode())
    write_whole(note, key)
    return True


def _json_of(entry: Entry) -> str | None:
    return next((n for n in entry.outputs if n == f"{entry.year}/{entry.town}.json"), None)


def _reports(place: OutputFolder, names: Iterable[str]) -> Iterator[TownReport]:
    for name in names:
        content = place.read(name)
        if content is None:
            continue
        try:
            yield TownReport.from_json(content)
        except ReportFileError:
            continue  # altered by hand: the next run makes it again


def _write_tables(folder: Path, tables: list[str], reports: Iterable[TownReport]) -> list[Path]:
    with ExitStack() as stack:
        writers = [stack.enter_context(_Writer(folder, name)) for name in tables]
        for report in reports:
            for writer in writers:
                writer.add(report)
    return [path for writer in writers for path in writer.paths]


class _Writer:
    """Writes one table as Parquet and as CSV."""

    def __init__(self, folder: Path, table: str) -> None:
        import pyarrow as pa  # noqa: PLC0415  # heavy, and a run that has nothing to do needs none
        from pyarrow import parquet  # noqa: PLC0415

        types = {
            "string": pa.string(),
            "integer": pa.int32(),
            "number": pa.decimal128(*DIGITS),
            "boolean": pa.bool_(),
        }
        self._table, self._fields = table, TABLES[table]
        self._schema = pa.schema([(field.name, types[field.type]) for field in self._fields])
        self.paths = (folder / f"{table}.parquet", folder / f"{table}.csv")
        self._parquet: Any = parquet.ParquetWriter(self.paths[0], self._schema, compression="zstd")
        self._stream: IO[str] = self.paths[1].open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._stream, lineterminator="\r\n")
        self._csv.writerow(field.name for field in self._fields)
        self._lines: list[tuple[Any, ...]] = []
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._parquet.close()
        self._stream.close()

    def add(self, report: TownReport) -> None:
        self._lines += lines_of(report, self._table)
        self._held += 1
        if self._held >= BATCH:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if self._lines:
            columns = [*zip(*self._lines, strict=True)]
            kept = [
                pa.array(map(_held, column) if field.type == "number" else column, kind)
                for field, column, kind in zip(
                    self._fields, columns, self._schema.types, strict=True
                )
            ]
            self._parquet.write_table(pa.Table.from_arrays(kept, schema=self._schema))
            texts = [map(_Texts().__getitem__, column) for column in columns]
            self._csv.writerows(zip(*texts, strict=True))
        self._lines, self._held = [], 0


class _Texts(dict[Any, str]):
    """The texts of a column's values in a CSV, each written once: most stand in it again and again."""

    def __missing__(self, value: object) -> str:
        self[value] = text = csv_text(value)
        return text


def _held(value: int | Decimal | None) -> Decimal | None:
    """Return a value as Parquet holds it; ``None`` where it has too many digits for that."""
    if value is None:
        return None
    amount = Decimal(value)
    fits = abs(amount) < _MOST and -int(amount.as_tuple().exponent) <= DIGITS[1]
    return amount if fits else None
