"""One file to rows that may enter a store, and the faults of those that may not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from reportkit.errors import SourceError
from reportkit.ids import is_id
from reportkit.registers.data import SetAside
from reportkit.registers.ingest.faults import Fault, file_fault, row_faults, town_fault
from reportkit.registers.ingest.gate import passes, require
from reportkit.registers.ingest.typed import BATCH, as_typed, raw_frame, typed_frame
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.parquet import UNREADABLE, bound_parquet
from reportkit.registers.reading.files.passed import passed_columns
from reportkit.registers.reading.files.personal import personal_faults
from reportkit.registers.reading.files.raw import NoHeading, RawTable
from reportkit.registers.reading.files.sheets import register_named
from reportkit.registers.reading.files.tables import name_columns, read_tables, reason
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.reading.row_findings import far_dates
from reportkit.registers.reading.values import clean_text, one_line, parse_text
from reportkit.registers.schema import Register
from reportkit.registers.store.frames import personal_schema, to_arrow
from reportkit.registers.store.schema import PERSONAL


@dataclass
class StoreRows:
    """Rows of a register, ready for the store."""

    register: Register
    rows: pa.Table
    personal: pa.Table | None = None
    faults: list[Fault] = field(default_factory=list)
    set_aside: list[tuple[str | None, SetAside]] = field(default_factory=list)
    """The rows left out, with the town of each."""
    repeated: int = 0
    """How many rows repeat another to the letter."""


@dataclass(frozen=True)
class Names:
    """What towns are called: their ids by name, and the town of rows that name none."""

    ids: Mapping[str, str]
    only: str | None = None
    context: dict[str, str | None] = field(default_factory=dict, compare=False)
    """The answers so far that the file itself does not give: "" stands for the rows that name no town."""
    own: Mapping[str, str] = field(default_factory=dict)
    """The names that the file's own register of towns gives."""

    def of(self, value: object) -> str | None:
        """Return the id of a town as written, ``None`` for a blank; unknown words come back as they are."""
        word = clean_text(value)
        word = None if word is None else one_line(word)
        if word is not None and word in self.own:
            return self.own[word]
        if word is None and len(alone := set(self.own.values())) == 1:
            return next(iter(alone))
        found = self.only if word is None else self.ids.get(word, word)
        if word is None or found != word or not is_id(word):
            self.context[word or ""] = found
        return found

    def agree(self, context: Mapping[str, str | None]) -> bool:
        """Say whether a file that was read in a context would be read alike now; what is unknown now says nothing."""
        now = {word: self.ids.get(word, word) if word else self.only for word in context}
        return all(found in (None, context[word]) for word, found in now.items())


def prepare(path: Path, names: Names, notes: list[PassedOver]) -> Iterator[StoreRows]:
    """Yield the registers of a file, a large one in several parts; ``notes`` gather what was passed over.

    Raises :class:`~reportkit.errors.SourceError` for it.
    """
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path, names, notes)
        return
    tables, problems = read_tables(path, personal=True)
    notes.extend(problems)
    names = _with_own_towns(names, tables)
    for table in tables:
        yield _cleaned(path.name, table, names)


def _with_own_towns(names: Names, tables: list[RawTable]) -> Names:
    """Return the names with those of the file's own register of towns."""
    own = [t.frame for t in tables if t.register.name == "towns" and "town" in t.frame]
    ids: dict[str, str] = {}
    for frame in own:
        for name, town in zip(frame["name"], frame["town"], strict=True):
            if (word := clean_text(name)) and (id_ := clean_text(town)):
                ids[one_line(word)] = id_
    return replace(names, own=ids)


def _cleaned(file: str, table: RawTable, names: Names) -> StoreRows:
    """Clean a table: typed rows, and in words what is wrong with the others."""
    register = table.register
    raw = table.frame.reset_index(drop=True)
    given = raw["town"] if "town" in raw else pd.Series([None] * len(raw), dtype=object)
    towns = {value: names.of(value) for value in given.dropna().unique()}
    unnamed = names.of(None) if given.isna().any() else None
    raw["town"] = given.map(towns).astype(object).where(given.notna(), unnamed)
    describes = register.name == "towns"  # cleaning tells then why a word is no id
    strange = [not describes and t is not None and not is_id(t) for t in raw["town"]]
    faults = [
        town_fault(register, raw.iloc[row], "既不是单位编号，也不是已登记的单位名称")
        for row, wrong in enumerate(strange)
        if wrong
    ]
    kept, set_aside = clean(register.name, raw, table.faults)
    known = kept["town"].map(is_id).astype(bool)
    kept = kept[known].reset_index(drop=True)
    require(register, kept)
    by_row = {int(number): place for place, number in enumerate(raw["row"])}
    repeated = 0
    left_out: list[tuple[str | None, SetAside]] = []
    for town, row in set_aside:
        if row.finding.level == "info":
            repeated += 1
            continue
        left_out.append((town, row))
        number = row.finding.place.row if row.finding.place else None
        told = raw.iloc[by_row[number]] if number is not None else None
        faults.extend(row_faults(file, register, row, told))
    personal = _personal(register, raw, kept, by_row) if register.name in PERSONAL else None
    rows = to_arrow(register, kept)
    return StoreRows(register, rows, personal, sorted(faults, key=_order), left_out, repeated)


def _order(fault: Fault) -> tuple[int, str]:
    return fault.row or 0, fault.column or ""


def _personal(
    register: Register, raw: pd.DataFrame, kept: pd.DataFrame, by_row: Mapping[int, int]
) -> pa.Table:
    """Return the personal columns of the rows that are kept and hold any."""
    schema = personal_schema(register)
    places = [by_row[int(number)] for number in kept["row"]]
    columns: dict[str, list[Any]] = {}
    for name in schema.names:
        if name in register.key:
            columns[name] = list(kept[name])
        else:
            held = raw[name].iloc[places] if name in raw else [None] * len(places)
            columns[name] = [parse_text(value) for value in held]
    table = pa.table({n: pa.array(v, type=schema.field(n).type) for n, v in columns.items()})
    return _held(register, table)


def _held(register: Register, table: pa.Table) -> pa.Table:
    """Return the rows of which any personal column is filled."""
    held = None
    for column in register.columns:
        if column.personal:
            here = pa.compute.is_valid(table.column(column.name))
            held = here if held is None else pa.compute.or_(held, here)
    return table.filter(held)


def _parquet(path: Path, names: Names, notes: list[PassedOver]) -> Iterator[StoreRows]:
    register = register_named(path.stem)
    if register is None:
        _, problems = read_tables(path)
        notes.extend(problems)
        return
    try:
        bound_parquet(path)
    except UNREADABLE as fault:
        raise SourceError(f"{path.name}：{reason(fault)}") from None
    try:
        file = pq.ParquetFile(path)
        places, unknown = name_columns(register, file.schema_arrow.names)
        notes.extend(replace(n, file=path.name) for n in passed_columns(register, unknown))
        wanted = [file.schema_arrow.names[place] for place in places.values()]
        first = 2
        for batch in file.iter_batches(BATCH, columns=wanted):
            part = pa.Table.from_batches([batch]).select(wanted).rename_columns(list(places))
            yield _quick(register, part, first) or _cleaned(
                path.name, _raw_table(register, raw_frame(part, path.name, first), path.name), names
            )
            first += len(part)
        if first == 2:
            yield StoreRows(
                register,
                to_arrow(
                    register,
                    clean(register.name, raw_frame(_none(file, wanted, places), path.name, 2))[0],
                ),
            )
    except NoHeading as fault:
        how = "请照模板补上后重新提交"
        notes.append(
            PassedOver(path.name, None, str(fault), how, "sheet", register.name, wrong=True)
        )
    except (OSError, ValueError, pa.ArrowException) as fault:
        raise SourceError(f"{path.name}：文件内容无法读取（{type(fault).__name__}）") from None


def _raw_table(register: Register, frame: pd.DataFrame, file: str) -> RawTable:
    return RawTable(register, frame, file, tuple(personal_faults(register, frame)))


def _none(file: pq.ParquetFile, wanted: list[str], places: Mapping[str, int]) -> pa.Table:
    return file.schema_arrow.empty_table().select(wanted).rename_columns(list(places))


def _quick(register: Register, part: pa.Table, first: int) -> StoreRows | None:
    """Return a part that is typed already and passes the gate, else ``None``."""
    rows = as_typed(register, part, first)
    if rows is None:
        return None
    frame = typed_frame(register, rows)
    if not passes(register, frame) or far_dates(register, frame):
        return None
    towns = pa.compute.unique(rows.column("town")).to_pylist()
    if not all(map(is_id, towns)):
        return None
    if register.name not in PERSONAL:
        return StoreRows(register, rows)
    schema = personal_schema(register)
    columns = [
        part.column(f.name).cast(f.type)
        if f.name in part.column_names
        else pa.nulls(len(part), f.type)
        for f in schema
    ]
    personal = _held(register, pa.Table.from_arrays(columns, schema=schema))
    return StoreRows(register, rows, personal)


def unreadable(path: Path, fault: Exception) -> Fault:
    """Return the fault of a file that cannot be read, in its own words."""
    return file_fault(path.name, str(fault).removeprefix(f"{path.name}："))
