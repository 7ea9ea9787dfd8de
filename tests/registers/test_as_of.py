"""The past stays: next year's work changes no report of this year, and a digest tells what a report saw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reportkit.registers.data import TownData
from reportkit.registers.derivation.assemble import monthly_disclosures
from reportkit.registers.derivation.timeliness import time_limits
from reportkit.registers.digest import Digests
from tests.registers.oracle import CASES, RULES, Row
from tests.registers.readers import folder, report_of
from tests.registers.strategies import (
    NUMBER,
    ROWS,
    WRECKS,
    YEARS,
    County,
    counties,
    numbered,
    spelled,
)

FEWER = settings(max_examples=settings().max_examples // 2)
"""Each example writes and reads two counties, a third of a second."""

Seen = tuple[str, str, object, object]


def seen(data: TownData, year: int) -> Seen:
    """Return all that a year's notebook shows of a town's registers, and the digest."""
    limits = (
        time_limits(data.as_of(year).frame("applications"), year)
        if data.covers("applications", year)
        else None
    )
    return (
        report_of(data, year).to_json(),
        Digests(data).of(year),
        monthly_disclosures(data, year),
        limits,
    )


def _later(row: Row, year: int) -> Row:
    """Move a row's dates behind a year's end, their distances kept."""
    days = {
        k: date.fromisoformat(v)
        for k, v in row.items()
        if k.endswith(("_on", "_from", "_to")) and v
    }
    shift = max(date(year + 1, 1, 1) - min(days.values()), timedelta(0))
    return {**row, **{name: (day + shift).isoformat() for name, day in days.items()}}


@st.composite
def next_years_rows(draw: st.DrawFn, county: County, year: int) -> dict[str, list[Row]]:
    """Rows that came after a year's end, with numbers of their own; some lack what they need."""
    extra: dict[str, list[Row]] = {}
    for name in draw(st.lists(st.sampled_from([*CASES]), unique=True, min_size=1)):
        row = _later(draw(ROWS[name]), year)
        row |= {"town": draw(st.sampled_from([*county.towns])), NUMBER[name]: "次年1"}
        if draw(st.booleans()):
            faulty = dict(row) | {NUMBER[name]: "次年2"}
            for column in (*RULES[name].needed, "outcome", "result"):
                if column in faulty and column != RULES[name].begins:
                    faulty[column] = "不明"
            extra.setdefault(name, []).append(faulty)
        extra.setdefault(name, []).append(row)
    return extra


@FEWER
@given(st.data(), counties(whole=True), st.sampled_from(YEARS))
def test_next_years_rows_change_nothing(data: st.DataObject, county: County, year: int) -> None:
    after = county.with_rows(data.draw(next_years_rows(county, year)))
    with folder(county) as now, folder(after) as later:
        for town in county.towns:
            assert seen(later.town(town), year) == seen(now.town(town), year)


_ENDS = {
    "documents": ["published_on", "repealed_on"],
    "items": ["effective_to"],
    "applications": ["replied_on", "extended_on", "fee_paid_on", "fee_notified_on"],
    "disputes": ["closed_on"],
    "hotline": ["replied_on"],
    "proposals": ["replied_on"],
}
_TOGETHER = {"replied_on": "outcome", "closed_on": "result"}


@st.composite
def next_years_dates(draw: st.DrawFn, county: County, year: int) -> County:
    """The same rows with dates filled in that lie after a year's end."""
    tables: dict[str, list[Row]] = {}
    for name, rows in county.tables.items():
        tables[name] = []
        for row in rows:
            filled = dict(row)
            blank = [column for column in _ENDS.get(name, ()) if row[column] is None]
            for column in draw(st.sets(st.sampled_from(blank))) if blank else ():
                starts = max(row[str(RULES[name].begins)], f"{year + 1}-01-01")
                filled[column] = starts
                other = _TOGETHER.get(column)
                if other in row:
                    filled[other] = draw(spelled(name, other))
            tables[name].append(filled)
    return replace(county, tables=numbered(tables))


@FEWER
@given(st.data(), counties(bad=False), st.sampled_from(YEARS))
def test_next_years_dates_change_nothing(data: st.DataObject, county: County, year: int) -> None:
    after = data.draw(next_years_dates(county, year))
    with folder(county) as now, folder(after) as later:
        for town in county.towns:
            assert seen(later.town(town), year) == seen(now.town(town), year)


@FEWER
@given(counties(), st.sampled_from(YEARS))
def test_keeping_a_register_for_another_year_changes_no_digest(county: County, year: int) -> None:
    def kept_to(last: int) -> County:
        rows = [
            {"town": town, "register": name, "from_year": "2019", "to_year": str(last)}
            for town in county.towns
            for name in CASES
        ]
        return replace(county, tables=numbered({**county.tables, "coverage": rows}))

    with folder(kept_to(year)) as now, folder(kept_to(year + 1)) as later:
        for town in county.towns:
            assert seen(later.town(town), year) == seen(now.town(town), year)


@st.composite
def changed(draw: st.DrawFn, county: County) -> County:
    """The county with one thing changed: a cell, a row less, two rows in the other's place."""
    tables = {name: [dict(row) for row in rows] for name, rows in county.tables.items()}
    filled = sorted(name for name, rows in tables.items() if rows)
    name = draw(st.sampled_from(filled))
    rows = tables[name]
    at = draw(st.integers(0, len(rows) - 1))
    what = draw(st.sampled_from(["cell", "cell", "cell", "less", "swap", "twice"]))
    if what == "less":
        del rows[at]
    elif what == "twice":
        rows.insert(at, dict(rows[at]))
    elif what == "swap":
        rows[at], rows[0] = rows[0], rows[at]
    else:
        column = draw(st.sampled_from(sorted({*rows[at]} - {"row"})))
        value = draw(st.sampled_from([*WRECKS, "2019", "2021-05-06", "2020-12-31"]))
        same = draw(st.sampled_from(rows))[column] if column in rows[0] else value
        rows[at][column] = draw(st.sampled_from([value, same]))
    return replace(county, tables=numbered(tables))


@FEWER
@given(st.data(), counties(), st.sampled_from(YEARS))
def test_where_the_digest_is_the_same_so_is_the_report(
    data: st.DataObject, county: County, year: int
) -> None:
    other = data.draw(changed(county)) if any(county.tables.values()) else county
    with folder(county) as one, folder(other) as two:
        for town in county.towns:
            if Digests(one.town(town)).of(year) == Digests(two.town(town)).of(year):
                assert seen(one.town(town), year) == seen(two.town(town), year)


VISIBLE = {
    "disclosures": {"title": "新标题", "channel": "weibo", "published_on": "2019-05-05"},
    "documents": {"kind": "regulations", "issued_on": "2019-05-05"},
    "decisions": {"kind": "coercion", "decided_on": "2019-05-05"},
    "charges": {"amount_yuan": "77.77", "collected_on": "2019-05-05"},
    "applications": {"applicant_type": "legal_service", "requested": "另一件事"},
    "disputes": {"route": "litigation_direct"},
    "hotline": {"topic": "路灯不亮"},
    "activities": {"participants": "4711"},
    "procurement": {"amount_yuan": "77.77", "title": "办公桌椅"},
}


@FEWER
@given(st.data(), counties(bad=False), st.sampled_from(YEARS))
def test_a_visible_change_changes_the_digest(
    data: st.DataObject, county: County, year: int
) -> None:
    visible = [
        (name, at)
        for name in VISIBLE
        for at, row in enumerate(county.tables.get(name, ()))
        if row[str(RULES[name].begins)] <= f"{year}-12-31"
    ]
    if not visible:
        return
    name, at = data.draw(st.sampled_from(visible))
    column = data.draw(st.sampled_from(sorted(VISIBLE[name])))
    tables = {n: [dict(row) for row in rows] for n, rows in county.tables.items()}
    row = tables[name][at]
    if row[column] in (VISIBLE[name][column], *_labels(name, column)):
        return
    row[column] = VISIBLE[name][column]
    with folder(county) as one, folder(replace(county, tables=tables)) as two:
        differ = {
            town
            for town in county.towns
            if Digests(one.town(town)).of(year) != Digests(two.town(town)).of(year)
        }
    owner = {name: id_ for id_, name in county.towns.items()}.get(row["town"], row["town"])
    assert differ == {owner}


def _labels(register: str, column: str) -> list[str]:
    """Return the other spellings of the code that a column is changed to."""
    from reportkit.registers.schema import codes_of

    try:
        codes = codes_of(register, column)
    except KeyError:
        return []
    label = codes[VISIBLE[register][column]]
    return [label, label.split("）")[-1]]
