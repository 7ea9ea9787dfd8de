"""The figures of one form: an immutable mapping from cell address to value.

A value is a whole number, an exact amount (:class:`~decimal.Decimal`) or ``None`` for *unknown*.
Unknown is not zero: a sum with an unknown in it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar, overload

from reportkit.errors import FormError
from reportkit.form.edition import Edition, load_edition
from reportkit.form.table import CellType, Term
from reportkit.language import _

_T = TypeVar("_T")

CellValue = int | Decimal | None
"""A whole number, an amount, or ``None``: unknown."""

JsonValue = int | str | None
"""The same in JSON: an amount is a string in plain digits."""


def total(values: Iterable[CellValue]) -> CellValue:
    """Sum values; unknown if one of them is."""
    result: int | Decimal = 0
    for value in values:
        if value is None:
            return None
        result += value
    return result


def plain(amount: Decimal | int) -> str:
    """Write a figure in plain digits, without exponent and without trailing zeros.

    >>> plain(Decimal("1.50E+2")), plain(Decimal("-0.00")), plain(1048)
    ('150', '0', '1048')
    """
    if isinstance(amount, int):
        return str(amount)
    if not amount:
        return "0"
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


MOST_DIGITS = 24
"""Longer numbers are no figure of any office; sums and percentages of shorter ones stay exact."""

_LIMIT = 10**MOST_DIGITS
_AMOUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def check_value(value: Any, kind: CellType) -> CellValue:
    """Return the value as a cell of that type holds it, or raise :class:`FormError`.

    Amounts may be given as Decimal, as whole number or as text in plain digits. Binary floats are refused.
    """
    if value is None:
        return None
    number = value
    if kind == "decimal":
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            raise FormError(
                _("{value} is no exact amount: give a decimal string", value=_shown(value))
            )
        if isinstance(value, str):
            if len(value) > 2 * MOST_DIGITS or not _AMOUNT.fullmatch(value):
                raise FormError(
                    _(
                        "{value} is no amount: give plain digits such as '12.35'",
                        value=_shown(value),
                    )
                )
            number = Decimal(value)
        if isinstance(number, Decimal) and not number.is_finite():
            raise FormError(_("{value!r} is no finite amount", value=value))
    elif isinstance(value, bool) or not isinstance(value, int):
        raise FormError(_("{value} is no whole number", value=_shown(value)))
    if isinstance(number, Decimal) and _decimals(number) > MOST_DIGITS:
        raise FormError(
            _(
                "a number with more than {most} decimals is no figure",
                most=MOST_DIGITS,
            )
        )
    if not -_LIMIT < number < _LIMIT:
        raise FormError(_("a number of more than {most} digits is no figure", most=MOST_DIGITS))
    return number if kind != "decimal" else Decimal(plain(Decimal(number)))


def _decimals(amount: Decimal) -> int:
    return -int(amount.as_tuple().exponent)


def _shown(value: object) -> str:
    """Return a value for a message, cut short: it may come from anywhere."""
    return repr(value)[:60]


class Cells(Mapping[str, CellValue]):
    """All cells of one edition, each with a value or ``None``.

    The constructor takes some addresses and leaves the others unknown; an address that the
    edition does not have raises :class:`~reportkit.errors.UnknownAddress`, and a value that its
    cell cannot hold raises :class:`~reportkit.errors.FormError`. Equal where edition and values are.
    """

    __slots__ = ("_values", "edition")

    def __init__(
        self, edition: Edition, values: Mapping[str, CellValue | str] | None = None
    ) -> None:
        self.edition = edition
        known: dict[str, CellValue] = dict.fromkeys(edition.addresses)
        for address, value in (values or {}).items():
            cell = edition.cell(address)
            if type(value) is int and 0 <= value < _LIMIT and cell.column.type != "decimal":
                known[address] = value  # nearly every value there is
                continue
            try:
                known[address] = check_value(value, cell.column.type)
            except FormError as fault:
                raise FormError(
                    _("cell {address}: {fault}", address=address, fault=fault)
                ) from None
        self._values = known

    def __getitem__(self, address: str) -> CellValue:
        if address not in self._values:
            self.edition.cell(address)  # raises, and names the nearest address
        return self._values[address]

    def __contains__(self, address: object) -> bool:
        return address in self._values

    @overload
    def get(self, address: str, /) -> CellValue: ...

    @overload
    def get(self, address: str, /, default: CellValue | _T) -> CellValue | _T: ...

    def get(self, address: str, /, default: CellValue | _T = None) -> CellValue | _T:
        """Return a value, or ``default`` where the edition has no such cell; names no nearest one."""
        return self._values.get(address, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cells):
            return NotImplemented
        return self.edition.code == other.edition.code and self._values == other._values

    def __hash__(self) -> int:
        return hash((self.edition.code, tuple(self._values.values())))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.edition.code, self.in_order()))

    def __repr__(self) -> str:
        known = sum(value is not None for value in self._values.values())
        return f"Cells(edition {self.edition.code}, {known} of {len(self)} known)"

    def in_order(self) -> tuple[CellValue, ...]:
        """Return every value in the form's order, which is that of ``edition.addresses``."""
        return tuple(self._values.values())

    def replace(self, changes: Mapping[str, CellValue | str]) -> Cells:
        """Return new cells with some values changed."""
        return Cells(self.edition, {**self._values, **changes})

    def sum(self, terms: Iterable[Term], last: Cells | None = None) -> CellValue:
        """Return one side of an identity; unknown where a term, or last year's report, is."""
        parts: list[CellValue] = []
        for term in terms:
            source = last if term.last else self
            value = source.get(term.address) if source is not None else None
            parts.append(None if value is None else term.sign * value)
        return total(parts)

    def to_json(self) -> dict[str, JsonValue]:
        """Return every address with its value as JSON has it (contract.md, cell addresses)."""
        return {
            address: plain(value) if isinstance(value, Decimal) else value
            for address, value in self._values.items()
        }


def _rebuild(code: str, values: tuple[CellValue, ...]) -> Cells:
    """Unpickle cells: an edition travels by its code, and values that were checked are not checked again."""
    edition = load_edition(code)
    cells = Cells.__new__(Cells)
    cells.edition = edition
    cells._values = dict(zip(edition.addresses, values, strict=True))  # noqa: SLF001  # its own
    return cells
