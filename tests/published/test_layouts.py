"""Random reports in every layout in which reports are met, read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from reportkit.form import CellValue, load_edition
from reportkit.published import read_bytes
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong
from tests.published.strategies import SINGLE, reports

EXACT: dict[str, Callable[[r.Printed], str]] = {
    "one cell a line": lambda p: r.lines(p, "\n"),
    "one cell a line, empty lines between": r.lines,
    "one cell a line, blanks leave nothing": r.lines_without_blanks,
    "pipes": r.pipes,
    "pipes on both sides": lambda p: r.pipes(p, lead=True),
    "pipes without spans": lambda p: r.pipes(p, spans=False, trail=False),
    "a pipe behind each cell": r.cell_pipes,
    "tabs": r.tabs,
    "spaces": r.spaced,
    "all in one line": r.one_line,
    "page": r.page,
    "page without spans": lambda p: r.page(p, spans=False, chrome=False),
    "page of th": lambda p: r.page(p, tag="th"),
}
BLANKS_SHOWN = {
    name: EXACT[name]
    for name in ("one cell a line", "one cell a line, empty lines between", "tabs", "page")
}


@pytest.mark.parametrize("layout", EXACT)
@settings(max_examples=6, deadline=None)
@given(reports())
def test_every_cell_is_read_back(layout: str, report: tuple[str, dict[str, CellValue]]) -> None:
    code, values = report
    read = read_one(EXACT[layout](r.printed(code, values)))
    assert read.report.edition == code
    assert dict(read.report.cells) == values
    assert certain(read) == values.keys()
    assert read.report.town.name == "云河镇人民政府"
    assert read.report.year == 2023


@pytest.mark.parametrize("layout", BLANKS_SHOWN)
@pytest.mark.parametrize("mark", r.MARKS)
@settings(max_examples=2, deadline=None)
@given(reports(blanks=True))
def test_blanks_and_marks_are_unknown(
    layout: str, mark: str, report: tuple[str, dict[str, CellValue]]
) -> None:
    code, values = report
    printed = r.printed(code, values, lambda _, value: mark if value is None else r.show(value))
    read = read_one(BLANKS_SHOWN[layout](printed))
    assert not wrong(read, values)
    known = {address for address, value in values.items() if value is not None}
    if mark or layout in ("tabs", "page"):
        assert certain(read) == values.keys()
        assert dict(read.report.cells) == values
        assert {read.readings[a].text for a in values.keys() - known} <= {mark}


@pytest.mark.parametrize("layout", EXACT)
@settings(max_examples=3, deadline=None)
@given(reports(blanks=True))
def test_lost_blanks_are_never_guessed(
    layout: str, report: tuple[str, dict[str, CellValue]]
) -> None:
    code, values = report
    assert not wrong(read_one(EXACT[layout](r.printed(code, values))), values)


@settings(max_examples=10, deadline=None)
@given(reports(blanks=True))
def test_blank_cells_that_are_only_empty_lines(
    report: tuple[str, dict[str, CellValue]],
) -> None:
    code, values = report
    read = read_one(r.lines_with_short_blanks(r.printed(code, values)))
    assert not wrong(read, values)


@settings(max_examples=10, deadline=None)
@given(reports(figures=SINGLE))
def test_glued_rows(report: tuple[str, dict[str, CellValue]]) -> None:
    code, values = report
    read = read_one(r.glued(r.printed(code, values)))
    assert not wrong(read, values)
    zeros = dict.fromkeys(values, 0)
    read = read_one(r.glued(r.printed(code, zeros)))
    assert certain(read) == zeros.keys()


_FULL = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED = "①②③④⑤⑥⑦⑧"
_TRADITIONAL = OpenCC("s2t")


def _unit(slot: r.Slot) -> str:
    if slot.address == "t2.charges.amount":
        return "万元"
    return "元" if slot.address and slot.address.endswith("amount") else "件"


def _figure(slot: r.Slot) -> bool:
    return slot.address is not None and slot.text.lstrip("-").replace(".", "").isdigit()


DAMAGES: dict[str, Callable[[r.Slot], str]] = {
    "full width": lambda s: s.text.translate(_FULL) if s.address else s.text,
    "thousands": lambda s: f"{int(s.text):,}" if _figure(s) and "." not in s.text else s.text,
    "units": lambda s: s.text + _unit(s) if _figure(s) else s.text,
    "zero in words": lambda s: "零" if s.address and s.text == "0" else s.text,
    "spaces in labels": lambda s: s.text if s.address else " ".join((s.text[:2], s.text[2:])),
    "traditional": lambda s: _TRADITIONAL.convert(s.text),
    "half width": lambda s: s.text if s.address else s.text.replace("（", "(").replace("）", ")"),
    "circled numbers": lambda s: (
        _CIRCLED[int(s.text[0]) - 1] + s.text[2:]
        if not s.address and s.text[:1] in tuple("12345678")
        else s.text
    ),
    "signs": lambda s: (
        f"+{s.text}" if s.address and "change" in s.address and s.text.isdigit() else s.text
    ),
    "notes behind labels": lambda s: (
        s.text if s.address or len(s.text) < 2 else f"{s.text}（详见说明）"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("layout", ["one cell a line", "page", "pipes", "tabs", "all in one line"])
@settings(max_examples=2, deadline=None)
@given(reports())
def test_damaged_spellings_are_read(
    damage: str, layout: str, report: tuple[str, dict[str, CellValue]]
) -> None:
    code, values = report
    printed = r.printed(code, values).with_cells(lambda s: replace(s, text=DAMAGES[damage](s)))
    read = read_one(EXACT[layout](printed))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


@settings(max_examples=10, deadline=None)
@given(reports(), st.integers(0, 5))
def test_section_headings_may_be_missing_or_others(
    report: tuple[str, dict[str, CellValue]], lost: int
) -> None:
    code, values = report
    printed = r.printed(code, values)
    other = [s.variants[0] if s.variants else s.title for s in printed.edition.sections if s.title]
    headings = tuple("" if i == lost else str(h) for i, h in enumerate(other))
    read = read_one(r.lines(replace(printed, headings=headings)))
    assert dict(read.report.cells) == values


@settings(max_examples=5, deadline=None)
@given(reports())
def test_the_old_form_in_a_later_year(report: tuple[str, dict[str, CellValue]]) -> None:
    code, values = report
    for year in (2019, 2020, 2022, 2025):
        read = read_one(r.page(replace(r.printed(code, values), year=year)))
        assert (read.report.edition, read.report.year) == (code, year)


def test_two_reports_in_one_page() -> None:
    first = r.printed("2019", dict.fromkeys(load_edition("2019").addresses, 1))
    second = r.printed("2021", dict.fromkeys(load_edition("2021").addresses, 2))
    text = r.lines(replace(first, year=2020)) + "\n\n" + r.lines(replace(second, year=2021))
    reads = read_bytes(text.encode(), "two.txt")
    assert [(read.report.year, read.report.edition) for read in reads] == [
        (2020, "2019"),
        (2021, "2021"),
    ]
    assert [set(read.report.cells.values()) for read in reads] == [{1}, {2}]
