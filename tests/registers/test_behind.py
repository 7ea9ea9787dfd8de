"""What stands behind a figure: as many rows as it counts, or parts that add up to it, and nothing personal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import UnknownAddress
from reportkit.form import total
from reportkit.form.facts import FACTS
from reportkit.registers.derivation.behind import Trace
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import Numbers, derive_numbers
from reportkit.registers.derivation.told import SHOWN, Behind
from reportkit.registers.schema import REGISTERS
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source
from tests.registers.readers import folder
from tests.registers.strategies import YEARS, County, counties


def check(numbers: Numbers, trace: Trace, year: int) -> None:
    for address, value in numbers.cells.items():
        found = trace.behind(address)
        assert found.rule
        if found.register is None and not found.parts:
            assert not value, (address, found)
        elif found.register is None:
            if found.parts <= SHOWN:
                assert total(part.value for part in found.addends) == value
        else:
            agree(numbers, address, found, year)


def agree(numbers: Numbers, address: str, found: Behind, year: int) -> None:
    """Hold the rows against the value: counted, summed, or the one that was declared."""
    value, rule = numbers.cells[address], numbers.edition.cell(address).derive
    assert len(found.rows) == min(found.count, SHOWN)
    for row in found.rows:
        assert all(day.year <= year for day in row if isinstance(day, date))
    if address in numbers.declared:
        assert found.rows[0][-1] == value
    elif rule is None or rule.measure in ("count", "stock", "stock_last_year"):
        assert found.count == value
    elif rule.measure == "sum" and found.count <= SHOWN:
        parts = [row[found.columns.index(str(rule.of))] for row in found.rows]
        wan = 10_000 if numbers.edition.cell(address).column.unit == "万元" else 1
        summed = total(part for part in parts if not isinstance(part, str | date))
        assert value == (None if None in parts else Decimal(summed or 0) / wan)


@given(counties(), st.sampled_from(YEARS))
def test_rows_and_parts_make_the_figure(county: County, year: int) -> None:
    with folder(county) as read:
        for town in county.towns:
            cases = Cases(read.town(town))
            numbers = derive_numbers(cases, year)
            check(numbers, Trace(cases, year, numbers), year)


def sample(town: str, year: int) -> tuple[Numbers, Trace]:
    source = open_source("sample:")
    assert isinstance(source, RegisterSource)
    cases = Cases(source.data(town))
    numbers = derive_numbers(cases, year)
    return numbers, Trace(cases, year, numbers)


def busiest() -> tuple[str, int]:
    """Return the sample county's town and year with the most applications."""
    source = open_source("sample:")
    every = [(town, year) for town in source.towns for year in source.years(town)]
    return max(
        every, key=lambda each: int(source.load(*each).report.cells["t3.received.total"] or 0)
    )


def test_the_sample_county_and_every_fact() -> None:
    town, year = busiest()
    numbers, trace = sample(town, year)
    check(numbers, trace, year)
    for code, value in numbers.facts.items():
        found = trace.behind(code)
        if not FACTS[code].cells and code not in numbers.declared and found.count <= SHOWN:
            assert value in (found.count, len({row[0] for row in found.rows})) or code in (
                "training_participants",
                "fee_collected_yuan",
            )


def test_a_rule_says_in_chinese_what_it_counts() -> None:
    town, year = busiest()
    _, trace = sample(town, year)
    assert trace.behind("t3.received.natural_person").rule == (
        f"依申请公开台账：收到日期在{year}年，申请人类型为“自然人”"
    )
    assert trace.behind("t3.granted.total").rule.startswith("合计：本行各栏之和")
    assert trace.behind("t3.handled.natural_person").rule.startswith("合计：各行之和")
    with pytest.raises(UnknownAddress, match="did you mean"):
        trace.behind("t3.granted.totl")


def test_no_column_that_people_write_freely_is_told() -> None:
    town, year = busiest()
    numbers, trace = sample(town, year)
    told = {
        (found.register, name)
        for code in (*numbers.cells, *FACTS)
        for found in [trace.behind(code)]
        if found.register is not None and found.register != "figures"
        for name in found.columns
    }
    assert told
    for register, name in told:
        column = REGISTERS[register].column(name)
        assert not column.personal
        assert column.key or column.type in ("date", "amount", "count")
