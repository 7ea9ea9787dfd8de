"""The printed form's spans: every grid is filled exactly once, and every cell is placed."""

from __future__ import annotations

import pytest

from reportkit.form import EDITIONS, load_edition
from reportkit.form.layout import Figure, HeadCell, Slot, layout

TABLES = [(edition, table) for edition in EDITIONS for table in load_edition(edition).tables]


def _area(slot: Slot) -> tuple[int, int]:
    return slot.colspan, slot.rowspan if isinstance(slot, HeadCell) else 1


@pytest.mark.parametrize(("edition", "code"), TABLES)
def test_slots_tile_the_grid(edition: str, code: str) -> None:
    plan = layout(load_edition(edition).tables[code])
    for part in plan.parts:
        for rows in (part.head, part.body):
            taken: set[tuple[int, int]] = set()
            for y, row in enumerate(rows):
                for slot in row:
                    wide, high = _area(slot)
                    squares = {
                        (y + dy, slot.column + dx) for dy in range(high) for dx in range(wide)
                    }
                    assert not squares & taken, (slot, "overlaps")
                    taken |= squares
            assert taken == {(y, x) for y in range(len(rows)) for x in range(plan.width)}


@pytest.mark.parametrize(("edition", "code"), TABLES)
def test_every_cell_has_one_place_in_the_forms_order(edition: str, code: str) -> None:
    table = load_edition(edition).tables[code]
    placed = [
        slot.cell.address
        for part in layout(table).parts
        for row in part.body
        for slot in row
        if isinstance(slot, Figure)
    ]
    assert placed == [cell.address for cell in table.cells()]


def test_the_head_of_applications_is_the_printed_one() -> None:
    head = layout(load_edition("2021").tables["t3"]).parts[0].head
    assert [(h.text, h.colspan, h.rowspan) for h in head[0]] == [
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3),
        ("申请人情况", 7, 1),
    ]
    assert [(h.text, h.colspan, h.rowspan) for h in head[1]] == [
        ("自然人", 1, 2),
        ("法人或其他组织", 5, 1),
        ("总计", 1, 2),
    ]


def test_disputes_lie_in_one_row_and_have_one_unit() -> None:
    plan = layout(load_edition("2019").tables["t4"])
    assert (plan.width, plan.labels, len(plan.parts[0].body), plan.unit) == (15, 0, 1, "件")
    assert layout(load_edition("2019").tables["t2"]).unit is None
