"""Handling fees (信息处理费): what an application may cost, and where more was charged.

Source: 政府信息公开信息处理费管理办法 (国办函〔2020〕109号), in force from 1 January 2021; of
applications received before it nothing is said. One basis an application, both progressive:

- per item, by the place of the application among all that one applicant handed in to one body in
  one calendar month: 1 to 10 free, 11 to 30 at 100 yuan each, then 100 yuan more each ten;
- per page, each application by itself: 30 free, 31 to 100 at 10 yuan, 101 to 200 at 20, then 40.

The applications of a month are counted by day of receipt, those of one day by their number. One
without an applicant's key may be anybody's: its own fee per item is unknown, and so is that of a
later one in the month which it would lift to another step.

Whether a body asks for a fee is its own decision: what is computed is the most it may ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pandas as pd

from reportkit.errors import CallError
from reportkit.finding import Finding, Place
from reportkit.form import plain
from reportkit.language import _
from reportkit.masking import mask
from reportkit.registers.derivation.fee_explained import (
    CHARGED_BY,
    UNKNOWN,
    FeeExplanation,
    Unknown,
)
from reportkit.registers.derivation.numbering import list_numbers, number_order
from reportkit.registers.derivation.tariff import (
    BASIS,
    IN_FORCE,
    FeeStep,
    item_steps,
    page_steps,
    total_yuan,
)
from reportkit.registers.rows import Days, Rows


def fees(applications: pd.DataFrame) -> pd.DataFrame:
    """Return the fee of every application; the index is the frame's.

    ``applications`` holds the register's stored columns, cleaned; a missing column is a blank
    one. Columns of the result: ``application_no`` and, where there is one, ``town``; ``basis``;
    ``position`` in the applicant's month (``Int64``); ``due_yuan`` and ``charged_yuan``
    (:class:`~decimal.Decimal` or ``None``: unknown, nothing); ``unknown``, a code of
    :data:`UNKNOWN` where there is no ``due_yuan``, else ``None``.
    """
    rows = Rows.of(applications)
    places = _places(rows)
    explained = _explain(rows, places)
    return pd.DataFrame(
        {
            **{name: applications[name] for name in ("town",) if name in applications},
            "application_no": applications["application_no"],
            "basis": _objects((e.basis for e in explained), applications.index),
            "position": pd.array([place.position for place in places], dtype="Int64"),
            "due_yuan": _objects((e.due_yuan for e in explained), applications.index),
            "charged_yuan": _objects((e.charged_yuan for e in explained), applications.index),
            "unknown": _objects((e.unknown for e in explained), applications.index),
        },
        index=applications.index,
    )


@dataclass(frozen=True, slots=True)
class _InMonth:
    """An application's place in its applicant's calendar month."""

    position: int | None
    """Counted from 1; ``None`` where the applicant's key or the day of receipt is missing."""
    unplaced: int
    """How many applications without a key came before it in the month: any of them may be the same applicant's."""


def _places(applications: Rows) -> list[_InMonth]:
    """Return each application's place in its applicant's month, in the order of the rows.

    Every application counts, whatever its basis and outcome. Only earlier ones matter, so later rows change
    nothing.
    """
    days = applications.days("received_on")
    months = days.astype("datetime64[M]").astype(int).tolist()
    keys, towns, numbers = (
        applications.values(name) for name in ("applicant_key", "town", "application_no")
    )
    received = days.astype(int).tolist()
    dated = np.flatnonzero(~np.isnat(days)).tolist()
    order = sorted(dated, key=lambda i: (received[i], number_order(str(numbers[i]))))
    places = [_InMonth(None, 0)] * len(applications)
    counted: Counter[tuple[object, ...]] = Counter()
    unplaced: Counter[tuple[object, ...]] = Counter()
    for i in order:
        month = (towns[i], months[i])
        if keys[i] is None:
            unplaced[month] += 1
            places[i] = _InMonth(None, unplaced[month])
        else:
            counted[*month, keys[i]] += 1
            places[i] = _InMonth(counted[*month, keys[i]], unplaced[month])
    return places


def explain_fee(
    applications: pd.DataFrame, application_no: str, town: str | None = None
) -> FeeExplanation:
    """Return the computation for one application.

    Raises :class:`~reportkit.errors.CallError` where there is no such application, or several
    towns have one and ``town`` is not given.
    """
    found = applications["application_no"].astype(str) == application_no
    if town is not None and "town" in applications:
        found &= applications["town"] == town
    number = mask(application_no)
    if not found.any():
        if town:
            raise CallError(
                _("the register of {town} holds no application {number}", town=town, number=number)
            )
        raise CallError(_("the register holds no application {number}", number=number))
    if found.sum() > 1:
        raise CallError(
            _(
                "{count} applications have the number {number}: give the town",
                count=found.sum(),
                number=number,
            )
        )
    rows, chosen = Rows.of(applications), found.to_numpy()
    return _explain(rows.where(chosen), [_places(rows)[int(np.flatnonzero(chosen)[0])]])[0]


def fee_findings(applications: Rows | pd.DataFrame, year: int) -> tuple[Finding, ...]:
    """Return the findings on the fees charged in a year.

    A fee counts in the year in which it was paid, else notified, else the application replied
    to. ``applications`` holds all of them, because earlier ones decide an application's place in
    its month. One error finding for each that was charged too much; one info finding names those
    whose fee cannot be checked, and why.
    """
    every = Rows.of(applications)
    asked = every.values("fee_yuan") != None  # noqa: E711  # of each row
    charged = asked & (_charged_in(every) == np.datetime64(f"{year}", "Y"))
    if not charged.any():  # as for most towns in most years: no need to count the rest
        return ()
    rows, places = every.where(charged), _places(every)
    findings = []
    unchecked: dict[Unknown, list[str]] = {}
    for i, fee in enumerate(_explain(rows, [places[n] for n in np.flatnonzero(charged)])):
        if fee.unknown is not None and fee.unknown != "before_2021" and fee.charged_yuan:
            unchecked.setdefault(fee.unknown, []).append(fee.application_no)
        if fee.overcharged_yuan is not None:
            findings.append(_overcharged(fee, _place(rows, i)))
    if unchecked:
        reasons = "；".join(
            f"{UNKNOWN[u]}（{list_numbers(unchecked[u])}）" for u in sorted(unchecked)
        )
        findings.append(
            Finding(
                code="FEE-UNCHECKED",
                level="info",
                message=f"有{sum(map(len, unchecked.values()))}件申请登记了信息处理费，但无法核对：{reasons}。"
                "请补登后重新核对。",
                basis=BASIS,
                place=Place(register="applications", column="fee_yuan"),
            )
        )
    return tuple(findings)


def _overcharged(fee: FeeExplanation, place: Place) -> Finding:
    how = f"同一申请人当月第{fee.position}件" if fee.basis == "per_item" else f"共{fee.pages}页"
    charged, due, over = (
        plain(amount)
        for amount in (fee.charged_yuan, fee.due_yuan, fee.overcharged_yuan)
        if amount is not None
    )
    return Finding(
        code="FEE-OVERCHARGED",
        level="error",
        message=f"申请{mask(fee.application_no)}登记收取信息处理费{charged}元，{CHARGED_BY[fee.basis or '']}"
        f"（{how}）应收{due}元，多收{over}元。"
        "请核对收费方式、页数、申请人代码和金额；确属多收的，应当退还并更正登记。",
        left=fee.charged_yuan,
        right=fee.due_yuan,
        basis=BASIS,
        place=place,
    )


def _explain(rows: Rows, places: Iterable[_InMonth]) -> list[FeeExplanation]:
    """Compute the fee of each row, given its place in its applicant's month."""
    columns = (rows.values(name) for name in ("application_no", "fee_basis", "pages", "fee_yuan"))
    return [
        _explain_one(
            str(number),
            received_on=received.item(),
            basis=None if basis is None else str(basis),
            position=place.position,
            unplaced=place.unplaced,
            pages=None if pages is None else int(pages),
            charged_yuan=None if yuan is None else Decimal(str(yuan)),
        )
        for received, place, number, basis, pages, yuan in zip(
            rows.days("received_on"), places, *columns, strict=True
        )
    ]


def _explain_one(
    application_no: str,
    *,
    received_on: date | None,
    basis: str | None,
    position: int | None,
    unplaced: int,
    pages: int | None,
    charged_yuan: Decimal | None,
) -> FeeExplanation:
    steps: tuple[FeeStep, ...] = ()
    unknown: Unknown | None = None
    if received_on is not None and received_on < IN_FORCE:
        unknown = "before_2021"
    elif basis == "per_item" and position is not None:
        steps = item_steps(position)
        if steps != item_steps(position + unplaced):
            steps, unknown = (), "other_applicants"
    elif basis == "per_page" and pages is not None:
        steps = page_steps(pages)
    else:
        unknown = _MISSING.get(basis or "", "no_basis")
    return FeeExplanation(
        application_no=application_no,
        received_on=received_on,
        basis=basis,
        position=position,
        pages=pages,
        steps=steps,
        due_yuan=None if unknown else total_yuan(steps),
        charged_yuan=charged_yuan,
        unknown=unknown,
    )


_MISSING: Mapping[str, Unknown] = MappingProxyType(
    {"per_item": "no_applicant", "per_page": "no_pages"}
)
"""What it takes to compute a fee on each basis, besides the basis."""


def _charged_in(applications: Rows) -> Days:
    """Return the year in which each application's fee was charged, as far as that is known."""
    paid, notified, replied = (
        applications.days(name) for name in ("fee_paid_on", "fee_notified_on", "replied_on")
    )
    known = np.where(np.isnat(paid), notified, paid)
    return np.where(np.isnat(known), replied, known).astype("datetime64[Y]")


def _objects(values: Iterable[object], index: pd.Index) -> pd.Series:
    """Return values as they are: no amount becomes a binary float, and ``None`` stays ``None``."""
    return pd.Series(list(values), index=index, dtype=object)


def _place(rows: Rows, i: int) -> Place:
    file, sheet, row = (rows.values(name)[i] for name in ("file", "sheet", "row"))
    return Place(
        register="applications",
        file=None if file is None else str(file),
        sheet=None if sheet is None else str(sheet),
        row=None if row is None else int(row),
        column="fee_yuan",
    )
