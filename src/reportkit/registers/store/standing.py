"""Which rows count: of the rows of one key, in whatever files, the first where all say the same, else none.

What counts is a function of the files that stand in the store: not of their order, number or size. So each row stays
with its file, and a mark beside it (``aside``) is made anew, within the same transaction, for every town of which a
row came or went. The rows that are compared are those whose key stands more than once, and comparing is left to the
database: there is no number of them from which on it would be done otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    text,
)

from reportkit.registers.conflict import Rival
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.clashes import (
    Clash,
    find_clashes,
    load_spoiled,
    write_conflicts,
)
from reportkit.registers.store.schema import (
    CONFLICT,
    CONFLICTS,
    FILES,
    PERSONAL,
    REPEATED,
    TABLES,
)

PART: Final = 2_000_000
"""How many keys are compared at once, for the memory's sake."""


def unlike(register: Register, *, personal: bool) -> str:
    """Return the SQL that says of rows ``r``, grouped by key, whether they differ in any value.

    ``personal``: the personal table is joined as ``p``. Blank personal columns differ from none: a file may leave them out. Encrypted ones are compared by what stands
    for them (``likeness``), where they were encrypted with one key.
    """
    tests = []
    for one in register.public_columns:
        if not one.key:
            value = f"r.{one.name}"
            order = f"CAST({value} AS INTEGER)" if one.type == "bool" else value
            tests.append(f"min({order}) <> max({order}) OR count({value}) NOT IN (0, count(*))")
    if personal:
        names = [f"p.{one.name}" for one in register.columns if one.personal]
        filled = " || chr(31) || ".join(f"COALESCE({name}, '')" for name in names)
        held = f"COALESCE({', '.join(names)})"
        likeness = (
            f"COALESCE(p.likeness, CASE WHEN {held} IS NULL OR {held} LIKE 'fernet:%' "
            f"THEN NULL ELSE 'plain:' || {filled} END)"
        )
        tests.append(f"count(DISTINCT {likeness}) > count(DISTINCT split_part({likeness}, ':', 1))")
    return " OR ".join(tests)


class Standing:
    """Marks what counts, within the transaction of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.server = connection.dialect.name == "postgresql"

    def judge(self, name: str, towns: Collection[str], new: int | None = None) -> None:
        """Mark anew the rows of a register in some towns.

        ``new`` is a file whose own rows are known to have no key twice: where no other file has rows of
        these towns nothing needs comparing.
        """
        if not towns:
            return
        self._scratch("judged", [Column("town", Text)], [{"town": town} for town in towns])
        try:
            self._run(
                f"DELETE FROM {CONFLICTS.name} WHERE register = '{name}' AND town IN (SELECT town FROM judged)"
            )
            spoiled = load_spoiled(self.connection, name)
            if new is None or spoiled or self._others(name, new):
                self._mark(REGISTERS[name], spoiled)
        finally:
            self._run("DROP TABLE judged")

    def _others(self, name: str, new: int) -> bool:
        others = self.connection.execute(
            text(
                f"SELECT 1 FROM {name} WHERE file_id <> :new AND town IN (SELECT town FROM judged) LIMIT 1"
            ),
            {"new": new},
        )
        return others.first() is not None

    def _mark(self, register: Register, spoiled: Mapping[tuple[Any, ...], list[Rival]]) -> None:
        name, keys = register.name, ", ".join(register.key)
        if (
            self.server
        ):  # its planner takes a table just filled for a small one, and compares each row with each
            self._run(f"ANALYZE {name}")
        columns = [Column(key, TABLES[name].c[key].type) for key in register.key]
        self._scratch("twice", [*columns, Column("spoiled", Integer)], [])
        self._scratch(
            "spoilt", columns, [dict(zip(register.key, key, strict=True)) for key in spoiled]
        )
        of_towns = f"FROM {name} WHERE town IN (SELECT town FROM judged)"
        count = int(self.connection.scalar(text(f"SELECT count(*) {of_towns}")) or 0)
        parts = 1 if self.server else 1 + count // PART
        for part in range(parts):
            only = f" AND hash({keys}) % {parts} = {part}" if parts > 1 else ""
            self._run(
                f"INSERT INTO twice SELECT {keys}, 0 {of_towns}{only} GROUP BY {keys} HAVING count(*) > 1"
            )
        self._run(f"INSERT INTO twice SELECT {keys}, 1 FROM spoilt")
        self._made("marks", self._marks(register))
        same = (
            "t.file_id = m.file_id AND t.row_no = m.row_no AND t.sheet IS NOT DISTINCT FROM m.sheet"
        )
        self._run(
            f"UPDATE {name} AS t SET aside = NULL WHERE aside IS NOT NULL AND town IN (SELECT town FROM judged) "
            f"AND NOT EXISTS (SELECT 1 FROM marks AS m WHERE {same} AND m.aside IS NOT NULL)"
        )
        self._run(
            f"UPDATE {name} AS t SET aside = m.aside FROM marks AS m "
            f"WHERE {same} AND m.aside IS NOT NULL AND t.aside IS DISTINCT FROM m.aside"
        )
        for scratch in ("marks", "twice", "spoilt"):
            self._run(f"DROP TABLE {scratch}")
        write_conflicts(self.connection, register, spoiled)

    def _marks(self, register: Register) -> str:
        """Return the SELECT of each row whose key is not its own alone, with its mark."""
        name, keys = register.name, ", ".join(register.key)
        joined = " AND ".join(f"{{0}}.{key} = {{1}}.{key}" for key in register.key)
        personal = name in PERSONAL
        person = (
            f"LEFT JOIN {name}_personal AS p ON p.file_id = r.file_id AND {joined.format('p', 'r')} "
            if personal
            else ""
        )
        twice = f"(SELECT {keys}, max(spoiled) AS spoiled FROM twice GROUP BY {keys})"
        of_key = ", ".join(f"r.{key}" for key in register.key)
        return (
            f"WITH judgement AS (SELECT {of_key}, max(k.spoiled) = 1 OR {unlike(register, personal=personal)} AS unlike "
            f"FROM {name} AS r JOIN {twice} AS k ON {joined.format('k', 'r')} {person}GROUP BY {of_key}) "
            f"SELECT r.file_id, r.sheet, r.row_no, CASE WHEN j.unlike THEN {CONFLICT} "
            f'WHEN row_number() OVER (PARTITION BY {of_key} ORDER BY f.name COLLATE "C", f.sha256, f.id, '
            f'r.sheet COLLATE "C" NULLS FIRST, r.row_no) > 1 THEN {REPEATED} END AS aside '
            f"FROM {name} AS r JOIN judgement AS j ON {joined.format('j', 'r')} "
            f"JOIN {FILES.name} AS f ON f.id = r.file_id"
        )

    def clashes_of(self, name: str, file_id: int, most: int) -> list[Clash]:
        """Return a file's rows of a register that are in conflict, at most so many."""
        register = REGISTERS[name]
        towns = self.connection.scalars(
            text(f"SELECT DISTINCT town FROM {name} WHERE aside = {CONFLICT} AND file_id = :id"),
            {"id": file_id},
        ).all()
        if not towns:
            return []
        self._scratch("judged", [Column("town", Text)], [{"town": town} for town in towns])
        spoiled = load_spoiled(self.connection, name)
        keys = " AND ".join(f"o.{key} = r.{key}" for key in register.key)
        mine = f"EXISTS (SELECT 1 FROM {name} AS o WHERE o.file_id = :id AND o.aside = {CONFLICT} AND {keys})"
        found = []
        for clash in find_clashes(self.connection, register, mine, {"id": file_id}, spoiled):
            if clash.file_id == file_id:
                found.append(clash)
                if len(found) == most:
                    break
        self._run("DROP TABLE judged")
        return found

    def repeated(self, name: str, file_id: int) -> int:
        """Return how many rows of a file say the same as another that counts in their place, or counts with them."""
        register = REGISTERS[name]
        keys = ", ".join(register.key)
        mine = "count(*) FILTER (WHERE file_id = :id)"
        counted = self.connection.scalar(
            text(
                f"SELECT sum(CASE WHEN mine = every_one THEN mine - 1 ELSE mine END) FROM ("
                f"SELECT {mine} AS mine, count(*) AS every_one FROM {name} "
                f"WHERE ({keys}) IN (SELECT {keys} FROM {name} WHERE aside = {REPEATED}) "
                f"AND aside IS DISTINCT FROM {CONFLICT} GROUP BY {keys}) AS g"
            ),
            {"id": file_id},
        )
        return int(counted or 0)

    def _scratch(
        self, name: str, columns: Sequence[Column[Any]], rows: list[dict[str, Any]]
    ) -> None:
        """Make a table of this transaction's own."""
        made = [Column(c.name, c.type) for c in columns]
        scratch = Table(name, MetaData(), *made, prefixes=["TEMPORARY"])
        scratch.create(self.connection)
        if rows:
            self.connection.execute(insert(scratch), rows)

    def _made(self, name: str, query: str) -> None:
        if self.server:  # else the planner takes a table just made for one of a few rows
            self._run("ANALYZE twice")
        self._run(f"CREATE TEMPORARY TABLE {name} AS {query}")
        if self.server:
            self._run(f"ANALYZE {name}")

    def _run(self, statement: str) -> None:
        self.connection.execute(text(statement))
