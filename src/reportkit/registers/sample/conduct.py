"""Rows about what a body does: decisions, charges, disputes, hotline, activities and proposals."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template
from typing import Any, Final

import numpy as np

from reportkit.registers.derivation.booked import NAME as HANDLING_FEE
from reportkit.registers.sample.case import CARRIED, Case
from reportkit.registers.sample.columns import BLANK, Columns, joined, objects, taken
from reportkit.registers.sample.days import NEVER, new_year
from reportkit.registers.sample.phrases import domains, phrases
from reportkit.registers.schema import CO_DEFENDANT, REGISTERS

_LEAST_DECISIONS: Final = 12
"""More than any body has items of one kind: as many decisions as items would look like a mix-up."""

_WORDS: Final = {
    "licensing": "许决",
    "other_services": "服办",
    "penalties": "罚决",
    "coercion": "强决",
}


def decisions(case: Case) -> Columns:
    """Return a year's decisions of the kinds that the body has power over."""
    parts = []
    for kind in ("other_services", *case.profile.delegated):
        rows = max(_LEAST_DECISIONS, case.rows(kind))
        head = f"{case.profile.short}{_WORDS[kind]}〔{case.year}〕"
        parts.append(
            {
                "decision_no": objects(f"{head}{n}号" for n in range(1, rows + 1)),
                "kind": objects([kind] * rows),
                "decided_on": case.dates(rows),
            }
        )
    return joined(parts)


def charges(case: Case) -> Columns:
    """Return a year's charges, amounts to the fen."""
    rows = case.rows("charges")
    return {
        "receipt_no": objects(f"{case.year}{n:06d}" for n in range(1, rows + 1)),
        "item": case.pick(phrases()["charge_items"], rows),
        "collected_on": case.dates(rows),
        "amount_yuan": case.rng.integers(500, 120_000, rows),
    }


def with_handling_fees(rows: Columns, applications: Columns, years: Sequence[int]) -> Columns:
    """Return charges with the handling fees paid in some years: the fee is an administrative charge, too."""
    paid = applications["fee_paid_on"]
    within = (paid >= new_year(years[0])) & (paid < new_year(years[-1] + 1))
    fees = taken(applications, within)
    return joined(
        [
            rows,
            {
                "receipt_no": objects(f"信{number}" for number in fees["application_no"]),
                "item": objects([HANDLING_FEE] * int(within.sum())),
                "collected_on": fees["fee_paid_on"],
                "amount_yuan": fees["fee_yuan"],
            },
        ]
    )


def disputes(case: Case) -> Columns:
    """Return the disputes that a year brings, and the suits that follow its reconsiderations.

    A suit after reconsideration is filed within 15 days of it; its row is kept beside that of the
    reconsideration, so that no suit stands without one.
    """
    reviewed = _disputes(case, "reconsideration", case.working_days(case.rows("reconsideration")))
    direct = _disputes(case, "litigation_direct", case.working_days(case.rows("litigation_direct")))
    sued = reviewed["closed"][case.rng.random(len(reviewed["closed"])) < 0.5]
    after = _disputes(
        case,
        "litigation_after_reconsideration",
        sued + case.rng.integers(1, 11, len(sued)),
    )
    after[CARRIED] = case.days.dates(sued)
    rows = joined([reviewed, direct, after, *_joint(case)])
    del rows["closed"]
    return rows


def _joint(case: Case) -> list[Columns]:
    """Return the suits about others' acts that a body is in, as it decided the reconsideration."""
    if case.profile.kind not in ("county", "city"):
        return []
    filed = case.working_days(int(case.rng.poisson(0.8)))
    suits = _disputes(case, "litigation_after_reconsideration", filed)
    suits["case_no"] = objects(f"{number}（共同被告）" for number in suits["case_no"])
    suits["role"] = objects([CO_DEFENDANT] * len(filed))
    return [suits]


def _disputes(case: Case, route: str, filed: np.ndarray[Any, Any]) -> Columns:
    rows = len(filed)
    most = 60 if route == "reconsideration" else 130
    closed = filed + case.rng.integers(20, most, rows)
    word = {"reconsideration": "复", "litigation_direct": "行初"}.get(route, "行诉")
    results = list(REGISTERS["disputes"].column("result").codes or ())
    dates = case.days.dates(filed)
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    return {
        "case_no": objects(
            # A suit filed a year later gets an even number, so that it meets none of that year's.
            f"（{year}）{case.profile.short}{word}{2 * n - (year == case.year)}号"
            for n, year in enumerate(years.tolist(), start=1)
        ),
        "route": objects([route] * rows),
        "role": objects([None if route == "reconsideration" else "defendant"] * rows),
        "filed_on": dates,
        "closed_on": case.days.dates(closed),
        "result": case.pick_weighted(results, [3.0, 1.0, 1.0], rows),
        "closed": closed,
        CARRIED: case.days.dates(closed),
    }


def link_disputes(rows: Columns, applications: Columns) -> None:
    """Name the application that each reconsideration is about: the last one answered before it."""
    order = np.argsort(applications["replied_on"], kind="stable")  # those without a reply come last
    replied, numbers = (
        applications["replied_on"][order],
        applications["application_no"][order],
    )
    replied = replied[~np.isnat(replied)]
    before = np.searchsorted(replied, rows["filed_on"])
    about = (rows["route"] == "reconsideration") & (before > 0)
    linked = np.full(len(about), None, dtype=object)
    linked[about] = numbers[before[about] - 1]
    rows["application_no"] = linked


def submissions(case: Case) -> Columns:
    """Return how a year's report was handed in after its end: a few come back once."""
    low, _ = case.days.year(case.year + 1)
    handed_in = low + int(case.rng.integers(3, 12))
    rounds = 1 + int(case.rng.random() < 0.2)
    days = np.array([handed_in, handed_in + 5])[:rounds]
    returned = np.array([handed_in + 2, NEVER])[-rounds:] if rounds > 1 else np.array([NEVER])
    published = np.full(rounds, NEVER)
    published[-1] = days[-1] + 2
    return {
        "year": np.full(rounds, case.year, dtype=np.int64),
        "round": np.arange(1, rounds + 1, dtype=np.int64),
        "handed_in_on": case.days.dates(days),
        "returned_on": case.days.dates(returned),
        "published_on": case.days.dates(published),
    }


def hotline(case: Case) -> Columns:
    """Return a year's hotline calls; a few stay without a reply."""
    rows = case.rows("hotline")
    first, last = new_year(case.year), new_year(case.year + 1)
    received = first + np.sort(case.rng.integers(0, (last - first).astype(int), rows))
    replied = received + np.minimum(case.rng.geometric(0.22, rows) - 1, 25)
    replied[case.rng.random(rows) < 0.01] = np.datetime64("NaT")
    about = objects(f"{domain}{word}" for _, domain in domains() for word in phrases()["hotline"])
    return {
        "ticket_no": objects(f"{case.year}{n:07d}" for n in range(1, rows + 1)),
        "received_on": received,
        "replied_on": replied,
        "topic": about[case.rng.integers(0, len(about), rows)],
        CARRIED: replied,
    }


def activities(case: Case) -> Columns:
    """Return a year's trainings, open days, meetings, assessments and inspections."""
    rng = case.rng
    counts = {
        "training": max(1, case.rows("training")),
        "open_day": int(rng.integers(0, 3)),
        "meeting": int(rng.integers(1, 5)),
        "assessment": int(rng.integers(1, 3)),
        "inspection": int(rng.integers(1, 5)),
    }
    kinds = objects(kind for kind, count in counts.items() for _ in range(count))
    rng.shuffle(kinds)
    rows = len(kinds)
    titles = phrases()["titles"]
    choices = rng.random(rows).tolist()
    named = [
        Template(titles[kind][int(choice * len(titles[kind]))]).substitute(domain=domain)
        for kind, choice, (_, domain) in zip(kinds, choices, case.domains(rows), strict=True)
    ]
    present = rng.integers(8, 90, rows)
    present[rng.random(rows) < 0.02] = BLANK  # nobody counted
    return {
        "activity_no": objects(f"{case.year}-{n:03d}" for n in range(1, rows + 1)),
        "kind": kinds,
        "held_on": case.dates(rows),
        "title": objects(named),
        "participants": present,
    }


def proposals(case: Case) -> Columns:
    """Return a year's proposals of deputies and members, received in spring, answered in three months."""
    parts = []
    for kind in REGISTERS["proposals"].column("kind").codes or ():
        rows = case.rows(kind)
        low, _ = case.days.year(case.year)
        received = np.sort(case.rng.integers(low + 15, low + 80, rows))
        replied = received + case.rng.integers(15, 62, rows)
        replied[case.rng.random(rows) < 0.03] = NEVER
        published = objects([None if day == NEVER else True for day in replied.tolist()])
        published[(replied != NEVER) & (case.rng.random(rows) < 0.25)] = False
        parts.append(
            {
                "kind": objects([kind] * rows),
                "number": objects(f"{n:03d}" for n in range(1, rows + 1)),
                "received_on": case.days.dates(received),
                "replied_on": case.days.dates(replied),
                "published": published,
            }
        )
    return joined(parts)
