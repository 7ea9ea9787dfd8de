"""The statutory form as data: its editions, read once into frozen objects.

An edition is one YAML file beside this module, ``edition_<code>.yaml``. Everything that knows a row, a
column, a label or an equation of the form walks over the objects made from it; no other module types
them again. A new edition is a new file: it is found here by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from reportkit.errors import FormError, UnknownAddress, nearest
from reportkit.form.parsing import parse_identities, parse_sections, parse_tables
from reportkit.form.table import Cell, FormColumn, FormSection, Identity, Row, StatutoryTable
from reportkit.language import _


@dataclass(frozen=True)
class Edition:
    """One edition of the form."""

    code: str
    issued_by: str
    first_year: int
    """The first reporting year that is due on it; it stays in use until a newer edition begins."""
    sections: tuple[FormSection, ...]
    tables: Mapping[str, StatutoryTable]
    arithmetic: tuple[Identity, ...]
    """Identities within one report."""
    cross_year: tuple[Identity, ...]
    """Identities between a report and the one of the year before."""

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Every cell by its address, in the form's order: 200 in edition 2021, 198 in 2019."""
        return MappingProxyType(
            {cell.address: cell for table in self.tables.values() for cell in table.cells()}
        )

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Every cell's address, in the form's order."""
        return tuple(self.cells)

    def cell(self, address: str) -> Cell:
        """Return the cell at an address.

        Raises :class:`UnknownAddress`, naming the nearest address, where there is none.
        """
        try:
            return self.cells[address]
        except KeyError:
            hint = nearest(address, self.addresses)
            raise UnknownAddress(
                _(
                    "edition {code} has no cell {address!r}{hint}",
                    code=self.code,
                    address=address,
                    hint=hint,
                )
            ) from None

    def outcome_rows(self) -> tuple[Row, ...]:
        """Return the rows of ``t3`` that an application's outcome can count in.

        They are the rows that the identity ``T3-HANDLED`` sums up.
        """
        identity = next(i for i in self.arithmetic if i.code == "T3-HANDLED")
        codes = {self.cells[term.address].row.code for term in identity.left}
        return tuple(row for row in self.tables["t3"].rows if row.code in codes)

    def outcome_row(self, outcome: str) -> Row:
        """Return the row of ``t3`` that an outcome counts in, whichever edition the outcome is of.

        It is the row of that code, else the one that the outcome's own edition says corresponds to it,
        else the row of the code's longest prefix, else the row that takes whatever is left (其他).

        >>> load_edition("2019").outcome_row("other.fee_overdue").code
        'other'
        >>> load_edition("2021").outcome_row("other").code
        'other.other'
        """
        rows = {row.code: row for row in self.outcome_rows()}
        if outcome in rows:
            return rows[outcome]
        for edition in map(load_edition, EDITIONS):
            for row in edition.outcome_rows():
                there = _counterpart(row, edition, self, "t3") if row.code == outcome else None
                if there in rows:
                    return rows[there]
        parts = outcome.split(".")
        for length in range(len(parts) - 1, 0, -1):
            if (prefix := ".".join(parts[:length])) in rows:
                return rows[prefix]
        rest = next((row for row in rows.values() if row.catch_all), None)
        if rest is None:
            raise FormError(
                _(
                    "edition {code} has no row for the outcome {outcome!r}",
                    code=self.code,
                    outcome=outcome,
                )
            )
        return rest

    def counterpart(self, address: str, other: Edition) -> str | None:
        """Return the address of the other edition's cell that counts the same, or ``None`` for none.

        A row or a column corresponds to the one of the same code, or to the one that its own
        ``corresponds`` names. Several rows may correspond to one: together they are what it counts.

        >>> new, old = load_edition("2021"), load_edition("2019")
        >>> new.counterpart("t3.other.fee_overdue.total", old)
        't3.other.total'
        >>> print(old.counterpart("t3.other.total", new), new.counterpart("t2.charges.amount", old))
        None None
        """
        cell = self.cell(address)
        row = _counterpart(cell.row, self, other, cell.table)
        column = _counterpart(cell.column, self, other, cell.table)
        there = f"{cell.table}.{row}.{column}"
        return there if row and column and there in other.cells else None

    def sources(self, other: Edition) -> Mapping[str, tuple[str, ...]]:
        """Return for each address of this edition the other edition's cells whose sum it is.

        Empty where the other edition has nothing that counts the same.

        >>> load_edition("2019").sources(load_edition("2021"))["t3.other.total"]
        ('t3.other.correction_overdue.total', 't3.other.fee_overdue.total', 't3.other.other.total')
        """
        found: dict[str, list[str]] = {address: [] for address in self.addresses}
        for address in other.addresses:
            here = other.counterpart(address, self)
            if here is not None:
                found[here].append(address)
        return MappingProxyType({address: tuple(cells) for address, cells in found.items()})

    def refusals(self) -> Mapping[str, tuple[Row, ...]]:
        """Return the outcome rows that gave nothing, by their group.

        The groups, ``statutory``, ``factual`` and ``procedural``, are the same in every edition.

        >>> [row.code for row in load_edition("2021").refusals()["factual"]][:2]
        ['unavailable.not_held', 'unavailable.needs_creation']
        """
        groups: dict[str, tuple[Row, ...]] = {}
        for row in self.outcome_rows():
            if row.refusal is not None:
                groups[row.refusal] = (*groups.get(row.refusal, ()), row)
        return MappingProxyType(groups)


def _counterpart(
    part: Row | FormColumn, edition: Edition, other: Edition, table: str
) -> str | None:
    """Return the code that corresponds, in a table of another edition, to a row or column of one.

    What a newer edition says of an older one is read both ways, where it says it of one part only.
    """
    named = dict(part.corresponds)
    if other.code == edition.code or other.code in named:
        return named.get(other.code, part.code)
    theirs = _parts(other, table, type(part))
    back = [
        code
        for code, each in theirs.items()
        if dict(each.corresponds).get(edition.code, code) == part.code
    ]
    if back:
        return back[0] if len(back) == 1 else None
    for between, code in named.items():  # by way of the edition that its own names
        middle = load_edition(between)
        if code is not None:
            return _counterpart(_parts(middle, table, type(part))[code], middle, other, table)
    return None


def _parts(
    edition: Edition, table: str, kind: type[Row | FormColumn]
) -> Mapping[str, Row | FormColumn]:
    blocks = edition.tables[table].blocks
    return {
        part.code: part
        for block in blocks
        for part in (block.rows if kind is Row else block.columns)
    }


_PREFIX, _SUFFIX = "edition_", ".yaml"


def _found() -> Iterator[tuple[int, str]]:
    """Yield the first reporting year and the code of each edition that has a file."""
    for file in files(__package__).iterdir():
        if file.name.startswith(_PREFIX) and file.name.endswith(_SUFFIX):
            code = file.name[len(_PREFIX) : -len(_SUFFIX)]
            yield load_edition(code).first_year, code


@cache
def load_edition(code: str) -> Edition:
    """Return an edition of the form by its code, such as ``"2021"``.

    Raises :class:`FormError` for a code that is not in :data:`EDITIONS`, and for a slip in the file.
    """
    file = files(__package__).joinpath(f"{_PREFIX}{code}{_SUFFIX}")
    if not code.isalnum() or not file.is_file():
        raise FormError(
            _(
                "there is no edition {code!r} of the form{near}",
                code=code,
                near=nearest(code, EDITIONS),
            )
        )
    try:
        return _edition(code, yaml.load(file.read_text("utf-8"), _Loader))  # noqa: S506 - a safe one
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as fault:
        raise FormError(f"{file.name}: {type(fault).__name__}: {fault}") from fault
    except FormError as fault:
        raise FormError(f"{file.name}: {fault}") from None


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader in C, where PyYAML was built with it: ten times as fast."""


def _edition(code: str, spec: Mapping[str, Any]) -> Edition:
    tables = parse_tables(spec["tables"])
    edition = Edition(
        spec["edition"],
        spec["issued_by"],
        int(spec["used_for_reporting_years"]["from"]),
        parse_sections(spec["sections"]),
        MappingProxyType(tables),
        parse_identities(spec["arithmetic"], tables),
        parse_identities(spec["cross_year"], tables),
    )
    if edition.code != code:
        raise FormError(
            _("edition: {code!r} in a file named after {name!r}", code=edition.code, name=code)
        )
    for identity in edition.arithmetic + edition.cross_year:
        for term in identity.terms:
            edition.cell(term.address)  # an identity over a cell that is not there is a typing slip
    return edition


EDITIONS: tuple[str, ...] = tuple(code for _, code in sorted(_found()))
"""The editions of the form, oldest first."""

FIRST_YEAR: int = load_edition(EDITIONS[0]).first_year
"""The first reporting year with a national form (国办公开办函〔2019〕60号)."""


def edition_for(year: int) -> Edition:
    """Return the edition that a reporting year is due on: the newest one that has begun by then.

    It is 2019 for 2019 and 2020, then 2021. Source: 国办公开办函〔2019〕60号 and
    国办公开办函〔2021〕30号. Earlier years had no national form and raise :class:`FormError`.
    """
    begun = [code for code in EDITIONS if load_edition(code).first_year <= year]
    if not begun:
        raise FormError(
            _(
                "no national form for {year}: the first is for reporting year {first}",
                year=year,
                first=FIRST_YEAR,
            )
        )
    return load_edition(begun[-1])
