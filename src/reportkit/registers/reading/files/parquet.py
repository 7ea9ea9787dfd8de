"""Bounds of Parquet files: one value repeated for ever takes a few bytes in the file, and fills any memory."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from reportkit.registers.quiet import in_memory

FEW_VALUES: Final = 5_000_000
"""So many values are read however small the file is."""
MOST_VALUES: Final = 20
"""How many values a larger file may hold for each of its bytes; a register holds fewer than five."""
LONGEST_TEXT: Final = 131_072
"""How many bytes a cell may hold: as many as of a CSV file."""
UNREADABLE: Final = (OSError, ValueError, MemoryError, pa.ArrowException)
"""What readers of registers raise for a file that is damaged, or that they do not know."""


class ColumnChunk(NamedTuple):
    """A column of a row group, as the file's footer has it."""

    row_group: int
    num_values: int
    kind: str
    """How its values are packed."""
    start: int
    """Its first byte in the file."""
    end: int


_CHUNKS: Final = """
SELECT row_group_id, num_values, type || ' ' || compression, coalesce(nullif(dictionary_page_offset, 0), data_page_offset),
    total_compressed_size
FROM parquet_metadata(?) ORDER BY row_group_id, column_id
"""


def column_chunks(path: Path) -> list[ColumnChunk]:
    """Return a file's column chunks; raise :class:`ValueError`, in Chinese, where its footer is damaged.

    DuckDB reads them: where pyarrow is asked for one, damage ends the process (26.0, ``RowGroupMetaData.column``).
    """
    import duckdb  # noqa: PLC0415  # heavy; who reads a slice has no need of it

    with in_memory() as connection:
        try:
            found = connection.execute(_CHUNKS, [glob.escape(str(path))]).fetchall()
        except duckdb.Error:
            raise ValueError("文件损坏，或者不是真正的Parquet文件") from None
    return [
        ColumnChunk(group, values, kind, start, start + size)
        for group, values, kind, start, size in found
    ]


def bound_parquet(path: Path) -> None:
    """Raise :class:`ValueError`, in Chinese, for a file that holds more than its size can hold honestly."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy; who reads a slice has no need of it

    file = pq.ParquetFile(path)
    values = sum(chunk.num_values for chunk in column_chunks(path))
    if values > FEW_VALUES and values > MOST_VALUES * path.stat().st_size:
        raise ValueError(f"文件展开后过大（{file.metadata.num_rows:,}行），可能有害，没有读取")
    if texts := [field.name for field in file.schema_arrow if _is_text(field.type)]:
        _bound_texts(path, texts)


def _is_text(kind: pa.DataType) -> bool:
    kinds = pa.types
    return bool(kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_binary(kind))


def _bound_texts(path: Path, texts: list[str]) -> None:
    """Look for long texts in the columns' distinct values, which are all that is read here."""
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy; who reads a slice has no need of it

    file = pq.ParquetFile(path, read_dictionary=texts)
    for batch in file.iter_batches(65_536, columns=texts):
        for name, column in zip(texts, batch.columns, strict=True):
            held = column.dictionary if pa.types.is_dictionary(column.type) else column
            longest = pc.max(pc.binary_length(held)).as_py() or 0
            if longest > LONGEST_TEXT:
                raise ValueError(f"“{name[:40]}”列有一格长{longest:,}字节，没有读取")
