"""Rows about what a body makes public: disclosures, documents, items and procurement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from reportkit.registers.sample.case import Case
from reportkit.registers.sample.columns import Columns, objects
from reportkit.registers.sample.days import new_year
from reportkit.registers.sample.phrases import phrases
from reportkit.registers.sample.profile import Profile
from reportkit.registers.schema import REGISTERS

STOCK_YEAR: Final = 2019
"""The first year in which documents and items come and go; what is older is the stock."""

_CHANNEL_WEIGHTS: Final = (24.0, 9.0, 3.0, 4.0, 2.0, 1.0)
_SECOND_CHANNEL: Final = 0.25


def disclosures(case: Case) -> Columns:
    """Return a year's disclosures: a row an item and channel, some items on two channels."""
    rows = case.rows("disclosures")
    days = case.dates(rows)
    about = case.domains(rows)
    forms = case.pick(phrases()["forms"], rows)
    channels = list(REGISTERS["disclosures"].column("channel").codes or ())
    first = case.pick_weighted(channels, _CHANNEL_WEIGHTS, rows)
    step = case.rng.integers(1, len(channels), rows)
    places = {channel: place for place, channel in enumerate(channels)}
    second = [channels[(places[c] + s) % len(channels)] for c, s in zip(first, step, strict=True)]
    twice = np.flatnonzero(case.rng.random(rows) < _SECOND_CHANNEL)
    order = np.sort(np.concatenate((np.arange(rows), twice)), kind="stable")
    again = np.concatenate((np.zeros(1, dtype=bool), order[1:] == order[:-1]))[: len(order)]
    numbers = [f"{case.year}{n:05d}" for n in range(1, rows + 1)]
    channel = np.where(again, objects(second)[order], first[order])
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    titles = [
        f"{case.year}年{m}月{domain}{form}"
        for m, (_, domain), form in zip(month.tolist(), about, forms, strict=True)
    ]
    site = f"https://{case.profile.id}.example.com/"
    return {
        "item_no": objects(numbers)[order],
        "title": objects(titles)[order],
        "channel": channel,
        "category": objects(category for category, _ in about)[order],
        "published_on": days[order],
        "url": objects(
            f"{site}{numbers[item]}.html" if on == "portal" else None
            for item, on in zip(order.tolist(), channel, strict=True)
        ),
    }


def documents(profile: Profile, cases: list[Case]) -> Columns:
    """Return all documents that were ever issued: the older stock, then year by year.

    ``cases`` are one a year from :data:`STOCK_YEAR` on.
    """
    kinds = ["normative_documents"]
    if profile.kind == "city":  # Legislation Law: of the bodies here, only such a city makes 规章
        kinds.insert(0, "regulations")
    rows: list[dict[str, Any]] = []
    for kind in kinds:
        rows += _documents(profile, kind, cases)
    return _columns("documents", rows)


def _documents(profile: Profile, kind: str, cases: list[Case]) -> Iterator[dict[str, Any]]:
    luck = cases[0].rng
    living: list[dict[str, Any]] = []
    for number in range(1, int(luck.integers(5, 9))):
        year = int(luck.integers(2012, STOCK_YEAR))
        living.append(_document(profile, kind, cases[0], year, 100 + number))
    for case in cases:
        old = [row for row in living if row["repealed_on"] is None]
        for row in old:
            if case.rng.random() < 0.12:
                row["repealed_on"] = case.dates(1)[0]
        made = int(case.rng.poisson(0.9))
        living += [_document(profile, kind, case, case.year, n) for n in range(1, made + 1)]
    yield from living


def _document(profile: Profile, kind: str, case: Case, year: int, number: int) -> dict[str, Any]:
    low, high = case.days.year(year)
    issued = int(case.rng.integers(low, high))
    published = issued + int(case.rng.integers(0, 16)) if case.rng.random() < 0.92 else -1
    words = phrases()
    subject = case.domains(1)[0][1]
    what = words["documents"][int(case.rng.integers(0, len(words["documents"])))]
    decree = kind == "regulations"
    return {
        "doc_no": f"{profile.name}人民政府令〔{year}〕第{number}号"
        if decree
        else f"{profile.short}规〔{year}〕{number}号",
        "title": f"{profile.name}{subject}{what}",
        "kind": kind,
        "issued_on": case.days.days[issued],
        "published_on": case.days.days[published] if published >= 0 else None,
        "repealed_on": None,
    }


def items(profile: Profile, cases: list[Case]) -> Columns:
    """Return the catalogue of items: those a body has power over, coming and going by the year."""
    words = phrases()
    kinds: dict[str, list[str]] = {
        "other_services": words["service_items"],
        **{power: words["power_items"][power] for power in profile.delegated},
    }
    if profile.means["charges"]:
        kinds["charges"] = words["charge_items"]
    rows: list[dict[str, Any]] = []
    for place, (kind, titles) in enumerate(sorted(kinds.items())):
        stock = int(cases[0].rng.integers(2, len(titles) - 1))
        living = [
            _item(kind, place, n, cases[0].days.days[int(cases[0].rng.integers(0, 1800))])
            for n in range(stock)
        ]
        for case in cases:
            for row in living:
                if row["effective_to"] is None and case.rng.random() < 0.08:
                    row["effective_to"] = case.dates(1)[0]
            if len(living) < len(titles) and case.rng.random() < 0.35:
                living.append(_item(kind, place, len(living), case.dates(1)[0]))
        rows += [{**row, "title": title} for row, title in zip(living, titles, strict=False)]
    return _columns("items", rows)


def _item(kind: str, place: int, number: int, day: np.datetime64) -> dict[str, Any]:
    return {
        "item_code": f"{place + 1:02d}{number + 1:03d}",
        "title": None,
        "kind": kind,
        "effective_from": day,
        "effective_to": None,
    }


def _columns(register: str, rows: list[dict[str, Any]]) -> Columns:
    """Return rows as columns of the schema's types."""
    columns: Columns = {}
    for column in REGISTERS[register].columns:
        if column.name == "town":
            continue
        values = [row[column.name] for row in rows]
        if column.type == "date":
            filled = [np.datetime64("NaT") if value is None else value for value in values]
            columns[column.name] = np.array(filled, dtype="datetime64[D]")
        else:
            columns[column.name] = objects(values)
    return columns


def upto(columns: Columns, column: str, year: int) -> Columns:
    """Return the rows dated in a year or before it."""
    return {name: values[columns[column] < new_year(year + 1)] for name, values in columns.items()}


def procurement(case: Case) -> Columns:
    """Return a year's central government procurement, amounts to the fen."""
    rows = case.rows("procurement")
    return {
        "project_no": objects(
            f"{case.profile.short}采{case.year}-{n:02d}" for n in range(1, rows + 1)
        ),
        "title": case.pick(phrases()["projects"], rows),
        "awarded_on": case.dates(rows),
        "amount_yuan": case.rng.integers(800_000, 60_000_000, rows),
    }
