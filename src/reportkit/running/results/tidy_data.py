"""The tidy data of a run: ``data/`` beside the reports.

A group of reports is made from their JSON where one of them changed, and copied from the files of last time where none
did; some reports at a time, so that a country fits into memory. The bytes are those of files written anew.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final, Self
from zlib import ZLIB_RUNTIME_VERSION

from reportkit.errors import ReportFileError
from reportkit.files import write_whole
from reportkit.form import EDITIONS, load_edition
from reportkit.manifest import Entries, Manifest
from reportkit.report import TownReport
from reportkit.running.build import form_digest, package_digest
from reportkit.running.output_folder import OutputFolder, sha256
from reportkit.running.request import Request
from reportkit.running.results.codebook import codebook, data_package, describe_csv
from reportkit.running.results.row_groups import NOTHING, ReportFile, RowGroup, Written, row_groups
from reportkit.running.results.tidy_files import Stretch, TableFiles, csv_name, digest_of
from reportkit.tidy import TABLES

FOLDER: Final = "data"
PACKAGE: Final = f"{FOLDER}/datapackage.json"
CODEBOOK: Final = f"{FOLDER}/codebook.md"
SPREADSHEET_ROWS: Final = 1_048_576
"""What a spreadsheet opens. A table of more rows is for programs, and its CSV is compressed."""


def write_data(request: Request, manifest: Manifest) -> bool:
    """Write the tidy data of all reports of an output folder; return whether anything was to be done."""
    reports = [ReportFile(*each) for each in Entries(manifest.entries).reports()]
    if not reports:
        return False
    internal = request.audience == "internal"
    tables = [name for name in TABLES if internal or name != "findings"]
    batch = request.project.batch
    licence, citation = (None, None) if batch is None else (batch.licence, batch.citation)
    told = "".join(f"{each.name} {each.digest}\n" for each in reports)
    said = [{"licence": licence, "citation": citation}, tables, _build()]
    key = sha256(f"{json.dumps(said)}\n{told}".encode())
    note = request.state / f"data-{request.audience}"
    before = Written.from_json(note.read_bytes()) if note.is_file() else NOTHING
    if before.key == key and all(
        request.output.has(name) for name in (*before.files, PACKAGE, CODEBOOK)
    ):
        return False
    note.unlink(missing_ok=True)
    compressed = len(reports) * _most_cells() >= SPREADSHEET_ROWS
    with tempfile.TemporaryDirectory(prefix="data-", dir=request.state) as folder:
        with _Last(before, request.output, tables, compressed=compressed) as last:
            done, files = _write(Path(folder), request.output, reports, last)
        made = [path for each in files for path in (each.parquet, each.csv)]
        digests = {f"{FOLDER}/{path.name}": _digest(path) for path in made}
        for path in made:
            request.output.put(f"{FOLDER}/{path.name}", path)
        described = [
            describe_csv(each.csv, digests[f"{FOLDER}/{each.csv.name}"], TABLES[each.table])
            for each in files
        ]
    for table in tables:  # the CSV as it was when there were fewer reports, or more
        request.output.remove(f"{FOLDER}/{csv_name(table, compressed=not compressed)}")
    request.output.write(CODEBOOK, codebook(tables, licence, citation).encode())
    package = data_package(described, licence, citation)
    body = json.dumps(package, ensure_ascii=False, indent=2)
    request.output.write(PACKAGE, f"{body}\n".encode())
    whole = all(group for group, _ in done)
    heads = {each.table: each.head for each in files}
    write_whole(note, Written(key if whole else "", digests, heads, tuple(done)).to_json().decode())
    return True


class _Last:
    """The files of last time, open, where they are still those that were written."""

    def __init__(
        self, written: Written, output: OutputFolder, tables: list[str], *, compressed: bool
    ) -> None:
        self.tables, self.compressed = tables, compressed
        self._stack = ExitStack()
        self._stretches: Mapping[str, Mapping[str, Stretch]] = {}
        self.files: dict[str, list[IO[bytes]]] = {table: [] for table in tables}
        names = {
            table: (
                f"{FOLDER}/{table}.parquet",
                f"{FOLDER}/{csv_name(table, compressed=compressed)}",
            )
            for table in tables
        }
        if {*written.files} != {name for pair in names.values() for name in pair}:
            return
        opened: dict[str, list[IO[bytes]]] = {table: [] for table in tables}
        for table, pair in names.items():
            for name in pair:
                file = output.open(name)
                if file is None:
                    return
                opened[table].append(self._stack.enter_context(file))
                if digest_of(file) != written.files[name]:
                    return  # somebody else's: all is made from the reports
        self.files, self._stretches = opened, dict(_stretches_of(written))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def stretches(self, key: str) -> Mapping[str, Stretch] | None:
        """Return by table where the rows of a group stand, ``None`` where they stand nowhere."""
        return self._stretches.get(key)


def _stretches_of(written: Written) -> Iterator[tuple[str, Mapping[str, Stretch]]]:
    starts = dict(written.heads)
    numbers = dict.fromkeys(starts, 0)
    for key, sizes in written.groups:
        stretches = {}
        for table, (rows, size) in sizes.items():
            stretches[table] = Stretch(numbers[table], starts[table], rows, size)
            starts[table] += size
            numbers[table] += bool(rows)
        if key:
            yield key, stretches


_Done = list[tuple[str, Mapping[str, tuple[int, int]]]]


def _write(
    folder: Path, output: OutputFolder, reports: list[ReportFile], last: _Last
) -> tuple[_Done, list[TableFiles]]:
    """Write every table; return what each group took, without a key where one of its reports could not be read."""
    done: _Done = []
    with ExitStack() as stack:
        files = [
            stack.enter_context(
                TableFiles(folder, table, compressed=last.compressed, before=last.files[table])
            )
            for table in last.tables
        ]
        for group in row_groups(reports):
            key = group.key(_build())
            old = last.stretches(key)
            if old is not None:
                done.append((key, {each.table: each.copy(old[each.table]) for each in files}))
                continue
            read = _read(output, group)
            whole = len(read) == len(group.reports)
            done.append((key if whole else "", {each.table: each.make(read) for each in files}))
    return done, files


def _read(output: OutputFolder, group: RowGroup) -> list[TownReport]:
    """Return the reports of a group that are as they were written; another one the next run makes again."""
    found = []
    for report in group.reports:
        content = output.read(report.name)
        if content is not None and sha256(content) == report.digest:
            try:
                found.append(TownReport.from_json(content))
            except ReportFileError:
                continue
    return found


@cache
def _build() -> str:
    """Return the digest of what makes rows of reports."""
    return sha256(
        f"{package_digest()} {form_digest()} {version('pyarrow')} {ZLIB_RUNTIME_VERSION}".encode()
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return digest_of(file)


def _most_cells() -> int:
    return max(len(load_edition(code).cells) for code in EDITIONS)
