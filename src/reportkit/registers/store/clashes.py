"""Rows in conflict: each with the others of its key, wherever they stand, and the finding that tells of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from pathlib import PurePosixPath
from typing import Any, Final

from sqlalchemy import (
    Connection,
    column,
    insert,
    select,
    table,
    text,
)

from reportkit.registers.conflict import Rival, conflict
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.schema import (
    CONFLICT,
    CONFLICTS,
    FILES,
    SET_ASIDE,
)

BATCH: Final = 5_000
"""How many findings are written at once."""


@dataclass(frozen=True)
class Clash:
    """A row in conflict, and the others of its key."""

    file_id: int
    sheet: str | None
    row: int | None
    key: tuple[Any, ...]
    dated: date | None
    rivals: tuple[Rival, ...]


def _typed_key(register: Register, texts: Sequence[str]) -> tuple[Any, ...]:
    """Return a key's values from how ``set_aside`` keeps them."""
    readers: Mapping[str, Any] = {"date": date.fromisoformat, "year": int, "count": int}
    return tuple(
        readers.get(register.column(name).type, str)(value)
        for name, value in zip(register.key, texts, strict=True)
    )


def load_spoiled(connection: Connection, name: str) -> dict[tuple[Any, ...], list[Rival]]:
    """Return the keys of rows that a partial load left out, with where those rows stand.

    Those of the towns in the table ``judged``, which is of this transaction.
    """
    found: dict[tuple[Any, ...], list[Rival]] = {}
    rows = connection.execute(
        select(SET_ASIDE.c.key, SET_ASIDE.c.finding).where(
            (SET_ASIDE.c.register == name)
            & SET_ASIDE.c.key.is_not(None)
            & SET_ASIDE.c.town.in_(select(column("town")).select_from(table("judged")))
        )
    )
    for key, finding in rows:
        place = json.loads(finding).get("place") or {}
        rival = Rival(place.get("file"), place.get("sheet"), place.get("row"))
        found.setdefault(_typed_key(REGISTERS[name], json.loads(key)), []).append(rival)
    return found


def write_conflicts(
    connection: Connection, register: Register, spoiled: Mapping[tuple[Any, ...], list[Rival]]
) -> None:
    """Write the findings of the rows in conflict, of the towns in the table ``judged``."""
    clashes = find_clashes(connection, register, "r.town IN (SELECT town FROM judged)", {}, spoiled)
    files = _file_names(connection)
    while some := list(islice(clashes, BATCH)):
        rows = []
        for clash in some:
            mine = Rival(files.get(clash.file_id), clash.sheet, clash.row)
            finding = conflict(register, mine, clash.key, clash.rivals)
            rows.append(
                {
                    "register": register.name,
                    "town": clash.key[0],
                    "dated": clash.dated,
                    "finding": finding.model_dump_json(),
                }
            )
        connection.execute(insert(CONFLICTS), rows)


def find_clashes(
    connection: Connection,
    register: Register,
    which: str,
    bound: Mapping[str, object],
    spoiled: Mapping[tuple[Any, ...], list[Rival]],
) -> Iterator[Clash]:
    """Yield the rows of a register in conflict that an SQL condition ``which`` on rows ``r`` chooses, with their rivals."""
    keys = ", ".join(f"r.{key}" for key in register.key)
    files = _file_names(connection)
    named = register.dated_by or ("year" if "year" in register.key else None)
    dated = f"r.{named}" if named else "NULL"
    rows = connection.execute(
        text(
            f"SELECT {keys}, r.file_id, r.sheet, r.row_no, {dated} FROM {register.name} AS r "
            f"JOIN {FILES.name} AS f ON f.id = r.file_id WHERE r.aside = {CONFLICT} AND {which} "
            f'ORDER BY {keys}, f.name COLLATE "C", f.sha256, f.id, r.row_no'
        ),
        dict(bound),
    ).fetchall()
    width = len(register.key)
    for key, group in groupby(rows, key=lambda row: tuple(row[:width])):
        all_of_key = [
            (row, Rival(files.get(row[width]), row[width + 1], row[width + 2])) for row in group
        ]
        others = spoiled.get(key, [])
        for place, (row, _) in enumerate(all_of_key):
            rivals = [rival for at, (_, rival) in enumerate(all_of_key) if at != place]
            day = row[width + 3]
            yield Clash(
                row[width],
                row[width + 1],
                row[width + 2],
                key,
                date(day, 1, 1) if isinstance(day, int) else day,
                (*rivals, *others),
            )


def _file_names(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(FILES.c.id, FILES.c.name))
    return {row.id: PurePosixPath(row.name).name for row in rows}
