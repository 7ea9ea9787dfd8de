"""Rows of the register of applications (依申请公开台账): lawful cases of every outcome.

Time limits are kept but for a few replies. Nothing is charged beyond the tariff, which
:mod:`reportkit.registers.derivation.tariff` has.
"""

from __future__ import annotations

from string import Template
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportkit.form import EDITIONS, load_edition
from reportkit.registers.derivation.tariff import IN_FORCE, item_fee, page_fee
from reportkit.registers.sample.case import CARRIED, Case
from reportkit.registers.sample.columns import BLANK, Columns, objects
from reportkit.registers.sample.days import NEVER
from reportkit.registers.sample.names import villages
from reportkit.registers.sample.phrases import phrases
from reportkit.registers.schema import REGISTERS

_USUAL: Final = {"granted": 34.0, "granted_in_part": 12.0, "unavailable.not_held": 12.0}
_UNUSUAL: Final = 2.2
_FREE_ITEMS: Final = 10
_BURST: Final = 14
_FEN: Final = 100
_SUPPLEMENT_DAYS: Final = 15
"""Working days that an applicant is given to supplement."""


def applications(case: Case) -> Columns:
    """Return a year's applications in the order of receipt."""
    rng, rows = case.rng, case.rows("applications")
    received = case.working_days(rows)
    applicant = rng.integers(0, max(1, rows * 3 // 4), rows)
    burst = _burst(case, received, applicant)
    order = np.argsort(received, kind="stable")
    received, applicant, burst = received[order], applicant[order], burst[order]
    place_in_burst = np.where(burst, np.cumsum(burst), 0)
    outcome = _outcomes(case, rows)
    outcome[place_in_burst > _FREE_ITEMS] = "granted"
    flow = _flow(case, received, outcome, place_in_burst > _FREE_ITEMS)
    codes = list(REGISTERS["applications"].column("applicant_type").codes or ())
    kinds = case.pick_weighted(codes, [12.0] + [1.0] * (len(codes) - 1), rows)
    kinds[burst] = codes[0]
    key = rng.integers(0, 1 << 32)
    return {
        "application_no": objects(f"{case.year}-{n:05d}" for n in range(1, rows + 1)),
        "received_on": case.days.dates(received),
        "applicant_type": kinds,
        "channel": case.pick_weighted(
            list(REGISTERS["applications"].column("channel").codes or ()), [4, 3, 9, 0.5, 0.5], rows
        ),
        **_fees(case, flow, place_in_burst),
        **{
            name: case.days.dates(flow[name])
            for name in flow
            if name.endswith("_on") and name not in ("fee_notified_on", "fee_paid_on")
        },
        "consulting_days": flow["consulting_days"],
        "outcome": outcome,
        "applicant_key": objects(f"{key:08x}-{n:04d}" for n in applicant.tolist()),
        "requested": _requested(case, rows),
        CARRIED: case.days.dates(flow["replied_on"]),
    }


def _burst(case: Case, received: NDArray[Any], applicant: NDArray[Any]) -> NDArray[np.bool_]:
    """Let, in some years, one applicant hand in more in one month than is free.

    Months from March to September: by the year's end all of them are answered, so that no carried-in
    row stands there without those that made it chargeable.
    """
    burst = np.zeros(len(received), dtype=bool)
    if case.year < IN_FORCE.year or len(received) < 2 * _BURST or case.rng.random() > 0.4:
        return burst
    month = np.datetime64(f"{case.year}-{case.rng.integers(3, 10):02d}", "M")
    low, high = case.days.span(
        month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]") - 1
    )
    burst[:_BURST] = True
    received[:_BURST] = case.rng.integers(low, high, _BURST)
    applicant[:_BURST] = len(received)  # somebody who handed in nothing else
    return burst


def _outcomes(case: Case, rows: int) -> NDArray[Any]:
    codes = [row.code for row in load_edition(EDITIONS[-1]).outcome_rows()]
    weights = [_USUAL.get(code, _UNUSUAL) for code in codes]
    if case.year < IN_FORCE.year:  # no fee, so none overdue
        weights[codes.index("other.fee_overdue")] = 0.0
    return case.pick_weighted(codes, weights, rows)


def _flow(
    case: Case, received: NDArray[Any], outcome: NDArray[Any], item_fee_due: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    """Return every step of each case as the number of a working day, :data:`NEVER` for none."""
    rng, rows = case.rng, len(received)

    def after(day: NDArray[Any], least: int, most: int) -> NDArray[Any]:
        return day + rng.integers(least, most + 1, rows)

    never = np.full(rows, NEVER, dtype=np.int64)
    unclear = np.isin(outcome, ["unavailable.still_unclear"])
    uncorrected = np.isin(outcome, ["other.correction_overdue"])
    unpaid = np.isin(outcome, ["other.fee_overdue"])
    asked = unclear | uncorrected | (~item_fee_due & (rng.random(rows) < 0.1))
    supplement_asked = np.where(asked, after(received, 1, 7), never)  # article 30: within 7
    supplemented = np.where(asked & ~uncorrected, after(supplement_asked, 1, 10), never)
    start = np.where(asked & ~uncorrected, supplemented, received)
    pages_due = (
        np.isin(outcome, ["granted", "granted_in_part"])
        & ~asked
        & ~item_fee_due
        & (rng.random(rows) < 0.06)
        & (case.year >= IN_FORCE.year)
    )
    paying = pages_due | item_fee_due
    notified = np.where(paying | unpaid, after(start, 2, 8), never)
    paid = np.where(paying, after(notified, 1, 7), never)
    start = np.where(paying, paid, start)
    plain = ~(uncorrected | unpaid)
    extended = plain & (rng.random(rows) < 0.07)
    consulted = plain & ~extended & (rng.random(rows) < 0.06)
    consulting = np.where(consulted, rng.integers(5, 16, rows), BLANK)
    late = plain & ~extended & ~consulted & (rng.random(rows) < 0.006)
    used = 1 + np.floor(rng.beta(2.2, 2.0, rows) * 19.999).astype(np.int64)
    used = np.where(extended, rng.integers(21, 41, rows), used)
    used = np.where(consulted, 10 + np.floor(rng.random(rows) * (consulting + 10)), used)
    used = np.where(late, rng.integers(21, 27, rows), used).astype(np.int64)
    replied = start + used
    replied = np.where(uncorrected, after(supplement_asked, 16, 25), replied)
    replied = np.where(unpaid, after(notified, 20, 30), replied)
    return {
        "supplement_asked_on": supplement_asked,
        "supplement_due_on": np.where(asked, supplement_asked + _SUPPLEMENT_DAYS, never),
        "supplemented_on": supplemented,
        "extended_on": np.where(extended, after(start, 8, 19), never),
        "consulting_days": consulting,
        "replied_on": replied,
        "fee_notified_on": notified,
        "fee_paid_on": paid,
        "pages_due": pages_due,
    }


def _fees(case: Case, flow: dict[str, NDArray[Any]], place_in_burst: NDArray[Any]) -> Columns:
    """Return the columns of the handling fee: what the tariff asks, no more."""
    rows = len(place_in_burst)
    by_page = flow.pop("pages_due")
    by_item = place_in_burst > _FREE_ITEMS
    unpaid = (flow["fee_notified_on"] != NEVER) & ~by_page & ~by_item
    pages = np.where(by_page | unpaid, case.rng.integers(31, 161, rows), BLANK)
    seen = case.rng.random(rows) < 0.3  # pages are noted for some that cost nothing, too
    pages = np.where((pages == BLANK) & seen, case.rng.integers(1, 25, rows), pages)
    fen = np.full(rows, BLANK, dtype=np.int64)
    for row in np.flatnonzero(by_page):
        fen[row] = int(page_fee(int(pages[row])) * _FEN)
    for row in np.flatnonzero(by_item):
        fen[row] = int(item_fee(int(place_in_burst[row])) * _FEN)
    basis = objects(["per_item", "per_page", None])[
        np.where(by_item, 0, np.where(by_page | unpaid, 1, 2))
    ]
    return {
        "fee_basis": basis,
        "pages": pages.astype(np.int64),
        "fee_notified_on": case.days.dates(flow["fee_notified_on"]),
        "fee_paid_on": case.days.dates(flow["fee_paid_on"]),
        "fee_yuan": fen,
    }


def _requested(case: Case, rows: int) -> NDArray[Any]:
    words = [Template(text) for text in phrases()["requested"]]
    named = villages(case.profile.number)
    choices = case.rng.integers(0, len(words), rows).tolist()
    places = case.rng.integers(0, len(named), rows).tolist()
    return objects(
        words[choice].substitute(domain=domain, village=named[place])
        for choice, place, (_, domain) in zip(choices, places, case.domains(rows), strict=True)
    )
