"""The county's own published report beside the sum of its bodies: a table of what differs, and a waterfall."""

from __future__ import annotations

from typing import Final

from reportkit.blocks import Block, Board, Note, Nothing, Sketch, Table, TableColumn
from reportkit.blocks.ink import ACCENT, BAR, FAINT, INK, WIDTH
from reportkit.blocks.tables import Line
from reportkit.form import CellValue
from reportkit.notebook.county_view import CountyView
from reportkit.notebook.pictured import pictured
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.rollup import RollUp, name_of
from reportkit.rollup.against import Gap, gaps, on_the_form_of, steps

LISTED: Final = 60
"""So many cells that differ are listed."""
STEPS: Final = 8
"""So many bodies have a step of their own."""
_ROW, _START = 20, 150


def differences(county: CountyView) -> Block:
    """Return every cell that the county printed otherwise than its bodies sum up to; nothing without its report."""
    published = county.gathering.published
    if published is None:
        return Nothing("（没有给出县里公布的报告）")
    found = gaps(county.whole, published)
    if not found:
        return Note("县里公布的报告与各单位汇总：已知的各格都一致，或者在汇总的范围之内。")
    whole = on_the_form_of(county.whole, published)
    rows: tuple[Line, ...] = tuple(
        (
            whole.edition.cells[gap.address].label,
            gap.published,
            _total(gap),
            f"{'多' if gap.difference > 0 else '少'}{number_in_prose(gap.size)}",
            _explained(whole, gap),
        )
        for gap in found[:LISTED]
    )
    more = (f"共{len(found)}格不一致，只列差得最多的{LISTED}格。",) if len(found) > LISTED else ()
    return Table(
        f"县里公布的报告与各单位汇总：{len(found)}格不一致",
        (
            TableColumn("栏目", "text"),
            TableColumn("县里公布"),
            TableColumn("各单位汇总", "text"),
            TableColumn("相差", "text"),
            TableColumn("可能与哪些单位有关", "text"),
        ),
        rows,
        notes=(
            "做法：逐格相减；汇总是一个范围的，与较近的一端相比。单位的数恰好等于差额，说明可能漏计或者重复计，不能证明。",
            *more,
        ),
    )


def _total(gap: Gap) -> str:
    cell = gap.total
    if cell.value is not None:
        return number_in_prose(cell.value)
    low, high = cell.low, cell.high
    return (
        f"至少{number_in_prose(low)}"
        if high is None
        else f"{number_in_prose(low)}至{number_in_prose(high)}"
    )


def _explained(whole: RollUp, gap: Gap) -> str:
    said = []
    if gap.alone:
        said.append(f"{_names(whole, gap.alone)}的数恰为差额")
    if gap.unknown:
        said.append(f"{_names(whole, gap.unknown)}的数未知")
    return "；".join(said) or "没有一个单位的数等于差额"


def _names(whole: RollUp, keys: tuple[str, ...]) -> str:
    more = f"等{len(keys)}个单位" if len(keys) > STEPS else ""
    return "、".join(name_of(whole.bodies[key]) for key in keys[:STEPS]) + more


def waterfall(county: CountyView) -> Block:
    """Return the waterfall of the cell that differs most: the bodies' figures, their sum, what the county printed."""
    published = county.gathering.published
    found = () if published is None else gaps(county.whole, published)
    if published is None or not found:
        return Nothing("（没有不一致的格）")
    gap, whole = found[0], on_the_form_of(county.whole, published)
    parts: list[tuple[str, CellValue]] = [
        (name_of(whole.bodies[key]) if key else "其余单位", value)
        for key, value in steps(whole, gap.address, STEPS)
    ]
    label = whole.edition.cells[gap.address].label
    title = f"{label}：县里公布{number_in_prose(gap.published)}，比各单位汇总{'多' if gap.difference > 0 else '少'}{number_in_prose(gap.size)}"
    words = "；".join(f"{name}{number_in_prose(value)}" for name, value in parts)
    table = Table(
        title,
        (TableColumn("单位", "text"), TableColumn("数")),
        (*parts, ("各单位汇总（已知）", gap.total.low), ("县里公布", gap.published)),
    )
    note = f"做法：差得最多的一格；从上到下是数字最大的{STEPS}个单位和其余单位，累加为各单位汇总，再与县里公布的数相比，红色是差额。"
    return pictured(_sketch(parts, gap), title, note, f"{words}。", table)


def _sketch(parts: list[tuple[str, CellValue]], gap: Gap) -> Sketch:
    known = sum(float(value or 0) for _, value in parts)
    most = max(known, float(gap.published), 1.0)
    board = Board()

    def row(label: str, low: float, high: float, ink: str, figure: str) -> None:
        middle = board.height + _ROW / 2
        board.label(0, middle + 4, label, INK if ink != BAR else FAINT)
        start, end = (_START + v / most * (WIDTH - _START - 44) for v in (low, high))
        board.box(start, max(end, start + 1), middle - 6, middle + 6, ink)
        board.label(end + 5, middle + 4, figure)
        board.height += _ROW

    reached = 0.0
    for name, value in parts:
        after = reached + float(value or 0)
        row(name, reached, after, BAR, number_in_prose(value))
        reached = after
    row("各单位汇总", 0, reached, INK, number_in_prose(gap.total.low))
    low, high = sorted((reached, float(gap.published)))
    row(
        "差额",
        low,
        high,
        ACCENT,
        f"{'+' if gap.difference > 0 else '-'}{number_in_prose(gap.size)}",
    )
    row("县里公布", 0, float(gap.published), INK, number_in_prose(gap.published))
    return board.sketch()
