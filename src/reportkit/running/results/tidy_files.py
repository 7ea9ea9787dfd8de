"""One table of the tidy data as files: Parquet, and CSV beside it, written a row group at a time.

A group is made from its reports, or copied from the file of last time; the bytes are the same.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Self

from reportkit.report import TownReport
from reportkit.running.results.codebook import DIGITS
from reportkit.tidy import TABLES, Field, csv_text, lines_of

_MOST: Final = 10 ** (DIGITS[0] - DIGITS[1])
_LEVEL: Final = 1
"""Of compression: the next ones take four times as long for a tenth less."""
_PIECE: Final = 1 << 20
_LONG: Final = frozenset({"text", "message"})
"""Columns whose every value is another: Parquet gets no dictionary of them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a group's rows of a table stand in the files of last time."""

    row_group: int
    """Its number in the Parquet file."""
    start: int
    """The first byte in the CSV file."""
    rows: int
    size: int


def csv_name(table: str, *, compressed: bool) -> str:
    """Return the name of a table's CSV."""
    return f"{table}.csv{'.gz' if compressed else ''}"


class TableFiles:
    """Writes one table as Parquet and as CSV into a folder."""

    def __init__(
        self, folder: Path, table: str, *, compressed: bool, before: Sequence[IO[bytes]] = ()
    ) -> None:
        """``before`` has the Parquet and the CSV of last time, from which groups are copied."""
        import pyarrow as pa  # noqa: PLC0415  # heavy, and a run that has nothing to do needs none
        from pyarrow import parquet  # noqa: PLC0415

        types = {
            "string": pa.string(),
            "integer": pa.int32(),
            "number": pa.decimal128(*DIGITS),
            "boolean": pa.bool_(),
        }
        self.table, self._fields = table, TABLES[table]
        short = [f.name for f in self._fields if f.type == "string" and f.name not in _LONG]
        self._schema = pa.schema(
            pa.field(
                field.name,
                pa.dictionary(pa.int32(), pa.string())
                if field.name in short
                else types[field.type],
            )
            for field in self._fields
        )
        self.parquet = folder / f"{table}.parquet"
        self.csv = folder / csv_name(table, compressed=compressed)
        self._compressed = compressed
        self._old_csv = before[1] if before else None
        self._old_parquet = (
            parquet.ParquetFile(before[0], read_dictionary=short) if before else None
        )
        # Whoever reads the file gets plain text: that it was written by a dictionary is nobody's matter.
        self._parquet: Any = parquet.ParquetWriter(
            self.parquet, self._schema, compression="zstd", store_schema=False
        )
        self._stream: IO[bytes] = self.csv.open("wb")
        head = f"\ufeff{','.join(field.name for field in self._fields)}\r\n"
        self.head = self._put(head.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._parquet.close()
        self._stream.close()

    def copy(self, stretch: Stretch) -> tuple[int, int]:
        """Copy a group's rows from the files of last time; return its rows and its bytes in the CSV."""
        assert self._old_csv is not None  # noqa: S101  # a stretch is one of these files
        assert self._old_parquet is not None  # noqa: S101
        if stretch.rows:
            rows = self._old_parquet.read_row_group(stretch.row_group).combine_chunks()
            self._parquet.write_table(rows)
        self._old_csv.seek(stretch.start)
        left = stretch.size
        while left:
            piece = self._old_csv.read(min(left, _PIECE))
            self._stream.write(piece)
            left -= len(piece)
        return stretch.rows, stretch.size

    def make(self, reports: Iterable[TownReport]) -> tuple[int, int]:
        """Write the rows of a group's reports; return how many they are, and their bytes in the CSV."""
        import pyarrow as pa  # noqa: PLC0415

        lines = [line for report in reports for line in lines_of(report, self.table)]
        if not lines:
            return 0, 0
        columns = [*zip(*lines, strict=True)]
        kept = [
            _array(field, column, kind)
            for field, column, kind in zip(self._fields, columns, self._schema.types, strict=True)
        ]
        self._parquet.write_table(pa.Table.from_arrays(kept, schema=self._schema))
        text = io.StringIO(newline="")
        texts = [map(_Texts().__getitem__, column) for column in columns]
        csv.writer(text, lineterminator="\r\n").writerows(zip(*texts, strict=True))
        return len(lines), self._put(text.getvalue().encode())

    def _put(self, content: bytes) -> int:
        """Write a stretch of the CSV, compressed by itself where the file is; return its size in the file."""
        held = gzip.compress(content, _LEVEL, mtime=0) if self._compressed else content
        self._stream.write(held)
        return len(held)


def _array(field: Field, column: Iterable[Any], kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    if field.type == "number":
        return pa.array(map(exact, column), kind)
    if pa.types.is_dictionary(kind):
        return pa.array(column, pa.string()).dictionary_encode()
    return pa.array(column, kind)


class _Texts(dict[Any, str]):
    """The texts of a column's values in a CSV, each written once: most stand in it again and again."""

    def __missing__(self, value: object) -> str:
        self[value] = text = csv_text(value)
        return text


def exact(value: int | Decimal | None) -> Decimal | None:
    """Return a value as Parquet holds it; ``None`` where it has too many digits for that."""
    if value is None:
        return None
    amount = Decimal(value)
    fits = abs(amount) < _MOST and -int(amount.as_tuple().exponent) <= DIGITS[1]
    return amount if fits else None


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of a whole file."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
