"""What a store says of itself as it is opened: its files and what each brought, its towns, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any, Final

from sqlalchemy import Connection, select, text

from reportkit.finding import Finding
from reportkit.ids import is_id
from reportkit.registers.presence import Brought
from reportkit.registers.reading.bodies import refused_towns
from reportkit.registers.reading.notes import SHEET_PASSED, PassedOver
from reportkit.registers.schema import REGISTERS
from reportkit.registers.store.frames import from_rows
from reportkit.registers.store.queries import columns_of
from reportkit.registers.store.schema import BROUGHT, CONFLICTS, FILES, SET_ASIDE
from reportkit.report import Town

_AT_ONCE: Final = 10_000
"""How many rows are fetched at once."""

_Held = dict[int, tuple[frozenset[str], frozenset[str]]]
"""For each file, by its id, the registers that it brought and the towns of their rows."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a store holds, but for its rows."""

    files: Mapping[int, str]
    """The name of each file that was ingested, by its id."""
    places: Mapping[int, int]
    """The place of each file among all, by its id: see :class:`.queries.Queries`."""
    registers: frozenset[str]
    """The registers that any file brought."""
    own: Mapping[str, frozenset[str]]
    """For each town the registers of the files that are its alone."""
    brought: tuple[Brought, ...]
    towns: Mapping[str, Town]
    """The towns that its register of towns describes, by id, without those refused."""
    editions: Mapping[str, str]
    """The editions that the register of towns sets, by town."""
    refused: Mapping[str, str]
    """Why a town has no report, by its id; see :func:`~reportkit.registers.reading.bodies.refused_towns`."""
    problems: tuple[str, ...]
    """What is wrong with the register of towns, in words; the refused among them."""


def load_contents(
    connection: Connection, wholes: Mapping[str, Town], given: Collection[str]
) -> Contents:
    """Return what a store says of itself; ``wholes`` and ``given`` are what the project's params declare."""
    recorded = list(connection.execute(select(FILES)))
    files = {row.id: PurePosixPath(row.name).name for row in recorded}
    recorded.sort(key=lambda row: (row.name, row.sha256, row.id))
    described = from_rows(REGISTERS["towns"], _all(connection, "towns"), files)
    held = _held_by_files(connection)
    refused = refused_towns(described, wholes, given)
    accepted = described[~described["town"].isin(list(refused))]
    return Contents(
        files=files,
        places={row.id: place for place, row in enumerate(recorded)},
        registers=frozenset().union(*(registers for registers, _towns in held.values())),
        own=_of_one_town(held),
        brought=_files_brought(files, held, _passed_over(connection)),
        towns=dict(_towns(accepted)),
        editions=dict(_editions(accepted)),
        refused=refused,
        problems=(*_problems(connection), *_unfit(described), *refused.values()),
    )


def _passed_over(connection: Connection) -> list[tuple[int, Finding]]:
    """Return what was passed over whole, with the id of its file."""
    return [
        (row.file_id, Finding.model_validate(json.loads(row.finding)))
        for row in connection.execute(
            select(SET_ASIDE.c.file_id, SET_ASIDE.c.finding).where(
                SET_ASIDE.c.finding.contains(f'"{SHEET_PASSED}"')
            )
        )
    ]


def _problems(connection: Connection) -> tuple[str, ...]:
    """Return what is wrong with the register of towns: a town that is set aside has no report to say so."""
    findings = (
        finding
        for table in (SET_ASIDE, CONFLICTS)
        for finding in connection.scalars(
            select(table.c.finding).where(table.c.register == "towns")
        )
    )
    return tuple(sorted(str(json.loads(finding)["message"]) for finding in findings))


def _unfit(towns: Any) -> Iterator[str]:
    """Yield what is wrong with towns that an older release let into a store under a name that is no id."""
    for id_, file, row in zip(towns["town"], towns["file"], towns["row"], strict=True):
        if not is_id(id_):
            yield f"单位信息 {file} 第{row}行：“{id_}”不能作单位编号，该单位没有报告。请换一个编号后重新入库。"


def _all(connection: Connection, register: str) -> list[Any]:
    return list(
        connection.execute(
            text(f"SELECT {columns_of(register)} FROM {register} WHERE aside IS NULL ORDER BY town")
        )
    )


def _held_by_files(connection: Connection) -> _Held:
    """Return the registers and the towns of which each file brought rows, by the file's id."""
    held: _Held = {}
    one_of: dict[
        Any, Any
    ] = {}  # a country's files name each town many times, and mostly the same ones
    rows = connection.execute(
        select(BROUGHT.c.file_id, BROUGHT.c.register, BROUGHT.c.town).order_by(BROUGHT.c.file_id)
    ).yield_per(_AT_ONCE)
    for file_id, of_file in groupby(rows, key=itemgetter(0)):
        registers, towns = set(), set()
        for _, register, town in of_file:
            registers.add(register)
            if town:
                towns.add(one_of.setdefault(town, town))
        every = frozenset(towns)
        held[file_id] = frozenset(registers), one_of.setdefault(every, every)
    return held


def _files_brought(
    files: Mapping[int, str], held: _Held, passed: Iterable[tuple[int, Finding]]
) -> tuple[Brought, ...]:
    """Return what each file brought, and what in it was passed over."""
    notes: dict[int, list[PassedOver]] = {file_id: [] for file_id in files}
    for file_id, finding in passed:
        notes[file_id].append(PassedOver.from_stored(finding))
    nothing: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    return tuple(
        Brought(name, registers, towns, tuple(notes[id_]))
        for id_, name in files.items()
        for registers, towns in [held.get(id_, nothing)]
    )


def _of_one_town(held: _Held) -> dict[str, frozenset[str]]:
    """Return for each town the registers of the files that are its alone."""
    own: dict[str, set[str]] = {}
    for registers, towns in held.values():
        if len(towns) == 1:
            own.setdefault(next(iter(towns)), set()).update(registers)
    return {town: frozenset(names) for town, names in own.items()}


def _towns(frame: Any) -> Iterator[tuple[str, Town]]:
    for row in frame.to_dict("records"):
        given = {key: row[key] for key in Town.model_fields if key in row and row[key] is not None}
        given["illustrative"] = row["illustrative"] is True
        if is_id(row["town"]):
            yield row["town"], Town(id=row["town"], **given)


def _editions(frame: Any) -> Iterator[tuple[str, str]]:
    for town, edition in zip(frame["town"], frame["edition"], strict=True):
        if edition is not None:
            yield town, edition
