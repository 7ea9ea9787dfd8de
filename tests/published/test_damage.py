"""Damaged pages, each kind in every layout of text: what is damaged costs itself and no more.

A header that lost words is still that header, a damaged number costs one cell, blanks that moved
to a row's end leave its total. Seeds are fixed: a reading is right or wrong, whatever is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from reportkit.form import CellValue, load_edition
from reportkit.prose.fold import core
from tests.published import rendering as r
from tests.published.judging import certain, read_one, wrong
from tests.published.strategies import balanced
from tests.published.test_layouts import EXACT

Rows = tuple[tuple[r.Slot, ...], ...]
DAMAGED = ["--253", "约3", "增加", "20余", "5%", "减少", "近30件"]


def figures(code: str, rng: random.Random) -> dict[str, CellValue]:
    """Return a value for every cell, zeros mostly."""
    edition = load_edition(code)
    values: dict[str, CellValue] = {}
    for address, cell in edition.cells.items():
        if cell.column.type == "decimal":
            values[address] = Decimal(rng.choice(["0", "12.35", "103500"]))
        elif cell.column.type == "signed":
            values[address] = rng.choice([0, 0, 3, -3])
        else:
            values[address] = rng.choice([0, 0, 0, 0, 1, 2, 7, 12, 253, 1480])
    return balanced(edition, values)


def cut(label: str, rng: random.Random) -> str:
    """Return a label that lost its end, its head, or a character within."""
    if len(core(label)) < 4 or "（" in label:
        return label
    where = rng.random()
    if where < 0.4:
        return label[: rng.randrange(3, len(label))]
    if where < 0.6:
        return label[rng.randrange(1, len(label) - 2) :]
    at = rng.randrange(1, len(label) - 1)
    return label[:at] + label[at + 1 :]


def with_cut_headers(report: r.Printed, rng: random.Random) -> r.Printed:
    """Cut some column labels of the first table."""
    rows = [
        tuple(
            replace(slot, text=cut(slot.text, rng)) if i and rng.random() < 0.7 else slot
            for i, slot in enumerate(row)
        )
        if len(row) > 1 and not any(slot.address for slot in row)
        else row
        for row in report.tables[0]
    ]
    return replace(report, tables=(tuple(rows), *report.tables[1:]))


@pytest.mark.parametrize("layout", EXACT)
@pytest.mark.parametrize("seed", range(4))
def test_cut_headers_are_still_the_headers(layout: str, seed: int) -> None:
    rng = random.Random(seed)
    code = rng.choice(["2019", "2021"])
    values = figures(code, rng)
    read = read_one(EXACT[layout](with_cut_headers(r.printed(code, values), rng)))
    assert not wrong(read, values)
    assert len(certain(read)) >= 0.9 * len(values)


@pytest.mark.parametrize("layout", EXACT)
@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_number_costs_its_cell(layout: str, seed: int) -> None:
    rng = random.Random(seed)
    code = rng.choice(["2019", "2021"])
    values = figures(code, rng)
    hit = set(rng.sample(sorted(a for a in values if not a.startswith("t4")), 4))
    printed = r.printed(code, values).with_cells(
        lambda slot: replace(slot, text=rng.choice(DAMAGED)) if slot.address in hit else slot
    )
    read = read_one(EXACT[layout](printed))
    left = {a: v for a, v in values.items() if a not in hit}
    assert not wrong(read, left)
    assert certain(read) == left.keys()


@pytest.mark.parametrize("printed", ["減3", "减少3", "-3", "－3", "−3", "﹣3"])
def test_words_and_signs_of_decrease(printed: str) -> None:
    values = dict.fromkeys(load_edition("2019").addresses, 0)
    report = r.printed(
        "2019", values, lambda a, v: printed if a == "t2.licensing.items_change" else r.show(v)
    )
    read = read_one(r.pipes(report))
    assert read.report.cells["t2.licensing.items_change"] == -3
    assert certain(read) == values.keys()


LOOSE: dict[str, Callable[[list[str], int], str]] = {
    "pipes at the end": lambda filled, width: (
        " | ".join(filled) + " |" + "|" * (width - len(filled))
    ),
    "a pipe behind each": lambda filled, width: (
        " |\n".join(filled) + " |\n" + "|" * (width - len(filled))
    ),
    "lines": lambda filled, _: "\n".join(filled),
}


@pytest.mark.parametrize("layout", LOOSE)
@pytest.mark.parametrize("code", ["2019", "2021"])
def test_blanks_moved_to_the_end_leave_the_total(layout: str, code: str) -> None:
    values: dict[str, CellValue] = dict.fromkeys(load_edition(code).addresses, 0)
    shown = {
        "received": {"natural_person": 7, "enterprise": 1, "total": 8},
        "granted": {"legal_service": 1, "other_organisation": 5, "total": 6},
        "refused.state_secret": {"natural_person": 2, "total": 2},
        "carried_in": {"natural_person": 0, "total": 0},
    }
    report = r.printed(code, values)
    table = report.tables[1]
    lines = ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    for row in table:
        addresses = [slot.address for slot in row if slot.address]
        labels = [slot.text for slot in row if not slot.address]
        if not addresses:
            lines.append(" |\n".join(labels) + " |" if layout != "lines" else "\n".join(labels))
            continue
        code_of_row = addresses[0].removeprefix("t3.").rpartition(".")[0]
        filled = [str(n) for n in shown.get(code_of_row, {}).values()]
        if filled:
            body = LOOSE[layout](filled, 8)
            joint = "\n" if layout != "pipes at the end" else " | "
            lines.append(joint.join((*labels, body)))
    read = read_one("\n".join(lines) + "\n五、存在的主要问题及改进情况\n无\n")
    for row_code, cells in shown.items():
        assert read.report.cells[f"t3.{row_code}.total"] == cells["total"]
        assert certain(read) & {f"t3.{row_code}.{c}" for c in cells} == {f"t3.{row_code}.total"}


def test_a_closing_pipe_on_a_line_of_its_own() -> None:
    values = dict.fromkeys(load_edition("2021").addresses, 0)
    text = r.cell_pipes(r.printed("2021", values))
    broken = text.replace("行政规范性文件 |", "行政规范性文件\n\n|").replace(
        "行政强制 |", "行政强制\n|"
    )
    assert broken != text
    assert certain(read_one(broken)) == values.keys()


def test_a_label_parted_by_spaces_in_glued_text() -> None:
    values = dict.fromkeys(load_edition("2021").addresses, 0)
    text = r.glued(r.printed("2021", values)).replace("行政许可0", "行政 许可0")
    assert certain(read_one(text)) == values.keys()


@pytest.mark.parametrize("layout", ["pipes", "a pipe behind each cell", "one cell a line"])
def test_a_cut_end_costs_its_own_row(layout: str) -> None:
    values = dict.fromkeys(load_edition("2021").addresses, 0)
    text = EXACT[layout](r.printed("2021", values))
    for end in ("（一）予以公开", "二、上年结转政府信息公开申请数量"):
        at = text.index(end) + len(end) + 9
        read = read_one(text[:at])
        got = {a for a in certain(read) if a.startswith("t3.")}
        rows = ["received"] + (["carried_in"] if "予以" in end else [])
        whole = {a for row in rows for a in values if a.startswith(f"t3.{row}.")}
        assert whole <= got, (layout, end)
        assert not wrong(read, values)


AMOUNTS = [
    ("2021", "t2.charges.amount", "5.84", True),
    ("2021", "t2.charges.amount", "0", True),
    ("2021", "t2.charges.amount", "58400", False),
    ("2021", "t2.charges.amount", "1200.5", False),
    ("2021", "t2.charges.amount", "58400元", True),
    ("2019", "t2.procurement.amount", "8040", True),
    ("2019", "t2.procurement.amount", "153103.83", True),
    ("2019", "t2.procurement.amount", "103.3879", False),
    ("2019", "t2.procurement.amount", "103.3879万元", True),
]


@pytest.mark.parametrize(("code", "address", "printed", "known"), AMOUNTS)
def test_an_amount_whose_unit_is_lost(
    code: str, address: str, printed: str, *, known: bool
) -> None:
    values = dict.fromkeys(load_edition(code).addresses, 0)
    report = r.printed(code, values, lambda a, v: printed if a == address else r.show(v))
    without = report.with_cells(lambda s: replace(s, text=s.text.replace("（单位：万元）", "")))
    read = read_one(r.pipes(without))
    assert (address in certain(read)) is known
    assert certain(read) >= values.keys() - {address}


def _with_column(rows: Rows, heading: str, rng: random.Random) -> Rows:
    """Add a column of figures behind the form's."""
    return tuple(
        (*row, r.Slot(str(rng.choice([1, 2, 3, 5])) if any(s.address for s in row) else heading))
        if len(row) > 1
        else row
        for row in rows
    )


def _padded(value: CellValue) -> str:
    return f"{value:03d}" if isinstance(value, int) and value > 0 else r.show(value)


GLUED: dict[str, Callable[[str, dict[str, CellValue]], r.Printed]] = {
    "a foreign column": lambda code, values: r.printed(code, values).with_tables(
        lambda rows: _with_column(rows, "备注", random.Random(2))
    ),
    "a foreign column without a heading": lambda code, values: r.printed(code, values).with_tables(
        lambda rows: _with_column(rows, "", random.Random(2))
    ),
    "zeros before figures": lambda code, values: r.printed(
        code, values, lambda _, value: _padded(value)
    ),
    "decimals behind counts": lambda code, values: r.printed(
        code, values, lambda _, value: "" if value is None else f"{value:.2f}"
    ),
}


@pytest.mark.parametrize("damage", GLUED)
@pytest.mark.parametrize("code", ["2019", "2021"])
@pytest.mark.parametrize("blanks", [0.0, 0.3])
@pytest.mark.parametrize("pool", [(0, 0, 0, 2, 7, 12), (1, 2, 3, 4, 5, 6), (0, 0, 0, 1)])
def test_glued_rows_that_are_not_the_forms_figures_alone(
    pool: tuple[int, ...], blanks: float, code: str, damage: str
) -> None:
    rng = random.Random(0)
    edition = load_edition(code)
    drawn: dict[str, CellValue] = {
        a: None if rng.random() < blanks else rng.choice(pool) for a in edition.addresses
    }
    values = balanced(edition, drawn)
    assert not wrong(read_one(r.glued(GLUED[damage](code, values))), values)


def test_a_strange_column_before_the_form_s_moves_all_and_proves_none() -> None:
    """A row of sums put above the figures of table four: its label shifts every column but one."""
    values = dict.fromkeys(load_edition("2019").cells, 0)
    printed = r.printed("2019", values)
    rows = printed.tables[2]
    sums = (r.Slot("总计"), *(r.Slot(str(n % 9)) for n in range(1, 16)))
    moved = replace(printed, tables=(*printed.tables[:2], (*rows[:-1], sums, rows[-1])))
    assert not wrong(read_one(r.page(moved)), values)
