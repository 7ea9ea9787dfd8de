"""What the cells of the county's notebook import: what the sum is of, its lineage, and the board.

A county's page is a town's page over the summed report, so every other helper takes a :class:`CountyView` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportkit.blocks import (
    Block,
    Handed,
    Lineage,
    Note,
    Nothing,
    Origin,
    Portion,
    Roster,
)
from reportkit.export.board import handed, in_order, remarks_of, summary
from reportkit.form import CellValue, total
from reportkit.notebook import narrative
from reportkit.notebook.county_view import NAMED, CountyView
from reportkit.notebook.narrative import find_section
from reportkit.notebook.tables import short_label
from reportkit.rollup import RollUp, key_of, name_of
from reportkit.rollup.gathering import Body


def about(county: CountyView) -> Block:
    """Say what the page is the sum of, and what that leaves out."""
    whole, held = county.whole, county.gathering
    made, every = len(whole.reports), len(whole.bodies)
    if whole.open_ended:
        names = [name_of(body.town) for body in held.bodies]
        said = f"所辖单位总数不详，已知{every}个单位，本页只是{'、'.join(names)}的数字。"
    elif whole.missing:
        names = [name_of(b.town) for b in held.bodies if key_of(b.town) in whole.missing]
        more = f"等{len(names)}个单位" if len(names) > NAMED else ""
        said = (
            f"本页由{every}个单位中{made}个单位的年度报告逐格汇总；{'、'.join(names[:NAMED])}{more}"
            "没有可汇总的报告，因此各项合计不能确定，只能给出下限。"
        )
    else:
        said = f"本页由{every}个单位的年度报告逐格汇总而成。"
    for code, addresses in whole.not_corresponding.items():
        said += (
            f"采用{code}年版格式的单位没有与本版对应的{len(addresses)}格（{_rows(county, addresses)}），"
            "有关合计不能确定。"
        )
    if whole.left_out:
        said += f"{len(whole.left_out)}个单位的报告中有本版格式没有的栏目，未汇总。"
    if county.internal and held.drafts:
        said += "本次运行准许草稿列入。"
    return Note(said if whole.open_ended else said + _summary(county, _rows_of_board(county)))


def _rows(county: CountyView, addresses: Iterable[str]) -> str:
    cells = county.edition.cells
    labels = dict.fromkeys(_label(cells[address].row.label) for address in addresses)
    named = list(labels)[:6]
    return "、".join(named) + ("等" if len(labels) > len(named) else "")


def _label(label: str) -> str:
    return short_label(label).rstrip("：；")


def sign_off(county: CountyView) -> Block:
    """Return who issues the county's report; nobody signs a sum of which nobody knows that it is whole."""
    if county.whole.open_ended:
        return Nothing("（所辖单位总数不详，不署名）")
    return narrative.sign_off(county)


def lineage(county: CountyView, code: str) -> Block:
    """Return, for a section with a table, every total that is not zero with the bodies that make it."""
    table = find_section(county, code).table
    origins = [
        _origin(county, cell.address, cell.label)
        for cell in county.edition.cells.values()
        if cell.table == table
    ]
    told = tuple(
        origin for origin in origins if origin is not None and (origin.largest or origin.unknown)
    )
    if not told:
        return Nothing("（本表各项合计均为零）")
    note = f"每个合计最多列出{NAMED}个数字最大的单位，其余合并；合计为零的不列。"
    return Lineage("各项合计的构成", told, (note,))


def _origin(county: CountyView, address: str, label: str) -> Origin | None:
    whole = county.whole
    cell = whole.totals[address]
    if cell.value is not None and not cell.value and not any(v for v in _values(whole, address)):
        return None
    parts = whole.parts(address)
    known = [(key, part.value) for key, part in parts if part.value]
    unknown = [key for key, part in parts if part.value is None]
    rest = known[NAMED:]
    return Origin(
        address,
        label,
        cell.value,
        cell.low,
        cell.high,
        tuple(_portion(county, key, value) for key, value in known[:NAMED]),
        len(rest),
        total(value for _, value in rest),
        tuple(_portion(county, key, None) for key in unknown[:NAMED]),
        len(unknown),
    )


def _values(whole: RollUp, address: str) -> Iterable[CellValue]:
    return (share.parts[address].value for share in whole.shares.values())


def _portion(county: CountyView, key: str, value: CellValue) -> Portion:
    return Portion(name_of(county.whole.bodies[key]), county.pages.get(key, ""), value)


def board(county: CountyView) -> Block:
    """Return who has a report of the year and when it was published, the missing and the late first."""
    rows = _rows_of_board(county)
    return Roster("附：各单位报送情况", rows, _summary(county, rows), _deadline_note(rows))


def _rows_of_board(county: CountyView) -> tuple[Handed, ...]:
    return in_order([_handed(county, body) for body in county.gathering.bodies])


def _handed(county: CountyView, body: Body) -> Handed:
    return handed(
        body.town,
        body.state,
        page=body.page,
        published_on=body.day,
        deadline=county.gathering.deadline(body.town),
        remarks=remarks_of(body.state, body.findings, body.submitted) if county.internal else None,
    )


def _summary(county: CountyView, rows: Sequence[Handed]) -> str:
    return summary(rows, county.gathering.year, open_ended=county.whole.open_ended)


def _deadline_note(rows: Sequence[Handed]) -> tuple[str, ...]:
    by_day: dict[str, dict[str, None]] = {}
    for row in rows:
        day = f"{row.deadline.year}年{row.deadline.month}月{row.deadline.day}日"
        by_day.setdefault(day, {})[row.kind] = None
    told = "；".join(f"{'、'.join(kinds)}{day}" for day, kinds in sorted(by_day.items()))
    return (f"公布期限：{told}。",) if told else ()
