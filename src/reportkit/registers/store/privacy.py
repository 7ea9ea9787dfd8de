"""Personal information in the store: encrypted at rest, seen by one named view, deleted by case number.

Personal columns (``personal`` in the schema) enter a store by ``ingest`` alone and leave it by
:func:`read_internal` alone. With a key in the environment variable :data:`KEY_VARIABLE` they are encrypted by
cryptography's Fernet before they reach the store; the key is nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select, text, update

from reportkit.errors import ParameterError, StoreError
from reportkit.language import _
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.address import Address
from reportkit.registers.store.duckfile import Say
from reportkit.registers.store.load import FREE_TEXT
from reportkit.registers.store.migrate import require_head
from reportkit.registers.store.schema import FORGOTTEN, PERSONAL, TABLES
from reportkit.registers.store.standing import Standing
from reportkit.registers.store.write import writing

KEY_VARIABLE: Final = "REPORTKIT_KEY"
"""The environment variable with the Fernet key: 32 bytes in URL-safe base 64."""

_PREFIX: Final = "fernet:"
"""What an encrypted value begins with, so that both kinds may stand in one store."""


def _fernet() -> Fernet | None:
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        return None
    try:
        return Fernet(key)
    except ValueError:
        raise ParameterError(
            _(
                "{variable} is no key; make one by: python -c 'from cryptography.fernet import "
                "Fernet; print(Fernet.generate_key().decode())'",
                variable=KEY_VARIABLE,
            )
        ) from None


def encrypter() -> Callable[[Register, pa.Table], pa.Table]:
    """Return what hides the personal columns of a table and adds ``likeness``; without a key they stay as they are.

    Raises :class:`~reportkit.errors.ParameterError` for a key that is none.
    """
    fernet = _fernet()

    def hidden(register: Register, rows: pa.Table) -> pa.Table:
        if fernet is None:
            return rows.append_column("likeness", pa.nulls(len(rows), pa.string()))
        names = [column.name for column in register.columns if column.personal]
        likeness = _likeness([rows.column(name).to_pylist() for name in names])
        for column in register.columns:
            if column.personal:
                place = rows.schema.get_field_index(column.name)
                values = [
                    None if v is None else _PREFIX + fernet.encrypt(v.encode()).decode()
                    for v in rows.column(column.name).to_pylist()
                ]
                rows = rows.set_column(place, column.name, pa.array(values, type=pa.string()))
        return rows.append_column("likeness", pa.array(likeness, type=pa.string()))

    return hidden


def _likeness(columns: list[list[str | None]]) -> list[str]:
    """Return what stands for each row's personal values: equal where they are, and no way back without the key."""
    key = os.environ[KEY_VARIABLE].encode()
    which = hashlib.sha256(key).hexdigest()[:8]
    return [
        f"{which}:{hmac.new(key, chr(31).join(v or '' for v in row).encode(), 'sha256').hexdigest()}"
        for row in zip(*columns, strict=True)
    ]


def read_internal(
    address: Address, register: str, town: str, numbers: Iterable[str] | None = None
) -> list[dict[str, object]]:
    """Return a town's cases with their personal columns, from the view ``<register>_internal``.

    Nothing in this package calls it: it is for the office that has to write to an applicant. Raises
    :class:`~reportkit.errors.StoreError` where values are encrypted and the key is not theirs.
    """
    schema, fernet = REGISTERS[register], _fernet()
    number = schema.key[-1]
    wanted = None if numbers is None else set(numbers)
    with address.read() as connection:
        require_head(connection)
        rows = connection.execute(
            text(f"SELECT * FROM {register}_internal WHERE town = :town ORDER BY {number}"),
            {"town": town},
        )
        found = [dict(row) for row in rows.mappings() if wanted is None or row[number] in wanted]
    personal = [column.name for column in schema.columns if column.personal]
    for row in found:
        for name in personal:
            row[name] = _shown(row[name], fernet)
    return found


def personal_values(address: Address) -> set[str]:
    """Return every value of a store's personal columns, to search for and never to show.

    Raises :class:`~reportkit.errors.StoreError` where they are encrypted and the key is not theirs.
    """
    fernet = _fernet()
    values: set[str] = set()
    with address.read() as connection:
        require_head(connection)
        for register, table in PERSONAL.items():
            personal = [c.name for c in REGISTERS[register].columns if c.personal]
            for row in connection.execute(select(*(table.c[name] for name in personal))):
                values.update(shown for v in row if (shown := _shown(v, fernet)) is not None)
    return values


def _shown(value: str | None, fernet: Fernet | None) -> str | None:
    if value is None or not value.startswith(_PREFIX):
        return value
    if fernet is None:
        raise StoreError(_("personal columns are encrypted; set {variable}", variable=KEY_VARIABLE))
    try:
        return fernet.decrypt(value.removeprefix(_PREFIX)).decode()
    except InvalidToken:
        raise StoreError(
            _(
                "personal columns are encrypted with another key than {variable}",
                variable=KEY_VARIABLE,
            )
        ) from None


def forget(
    address: Address, register: str, town: str, numbers: Iterable[str], say: Say
) -> list[str]:
    """Delete the personal information of cases, for good; return the numbers that were there.

    The case itself stays, so that the figures do. What it says in free text of the person goes too. The number is
    remembered: the file that brought the case may not bring the person again. Two files that differed in nothing but
    what is deleted agree afterwards. DuckDB's file is written anew, and
    PostgreSQL's table too (its write-ahead log and backups are the administrator's).
    """
    schema = REGISTERS[register]
    table, personal = TABLES[register], PERSONAL[register]
    number = schema.key[-1]
    with writing(address, say) as store:
        run = store.connection.execute
        wanted = sorted(set(numbers))
        there = (table.c.town == town) & table.c[number].in_(wanted)
        found = sorted(set(store.connection.scalars(select(table.c[number]).where(there))))
        known = set(
            store.connection.scalars(
                select(FORGOTTEN.c.number).where(
                    (FORGOTTEN.c.register == register) & (FORGOTTEN.c.town == town)
                )
            )
        )
        run(personal.delete().where((personal.c.town == town) & personal.c[number].in_(wanted)))
        if free := FREE_TEXT.get(register, ()):
            run(update(table).where(there).values(dict.fromkeys(free)))
        if new := [n for n in wanted if n not in known]:
            run(
                insert(FORGOTTEN),
                [{"register": register, "town": town, "number": n} for n in new],
            )
        if found:
            Standing(store.connection).judge(register, {town})
        store.keep(compact=True)
    return found
