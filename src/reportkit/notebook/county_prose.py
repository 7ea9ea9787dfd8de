"""What a county's figures say, in the prose of such reports: sentences from templates over the bodies' figures.

Only what the figures show, never a cause: that two figures moved together is no reason for either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reportkit.blocks import Block, Nothing, Prose
from reportkit.finding import LEVEL_NAMES
from reportkit.form import CellValue
from reportkit.form.facts import FACTS
from reportkit.form.key_figures import KEY_FIGURES, NamedFigure
from reportkit.notebook.county_view import CountyView
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.report import TownReport
from reportkit.rollup import name_of

NAMED: Final = 3
"""So many bodies a sentence names."""


def changes(county: CountyView) -> Block:
    """Return the largest changes and shares among the bodies; for the office also what is open."""
    if county.whole.open_ended:
        return Nothing("（所辖单位总数不详，不作小结）")
    told = [*_shares(county), *_moved(county), *(_open(county) if county.internal else ())]
    if not told:
        return Nothing("（没有可说的变化）")
    return Prose("".join(told))


def _value(report: TownReport | None, figure: NamedFigure) -> CellValue:
    if report is None:
        return None
    return report.facts.get(figure.at) if figure.at in FACTS else report.cells.get(figure.at)


def _shares(county: CountyView) -> Iterator[str]:
    """Say where most applications were received, where the sum is known."""
    figure = KEY_FIGURES["applications_received"]
    whole = _value(county.report, figure)
    held = [
        (int(value), name_of(body.town))
        for body in county.gathering.bodies
        if (value := _value(body.report, figure))
    ]
    if whole and len(held) > NAMED:
        held.sort(key=lambda one: -one[0])
        most = held[:NAMED]
        names = "、".join(f"{name}{count}件" for count, name in most)
        yield f"全县收到的申请{number_in_prose(whole)}件中，{names}，三个单位合计{sum(c for c, _ in most)}件。"
        none = sum(_value(body.report, figure) == 0 for body in county.gathering.bodies)
        if none:
            yield f"全年没有收到申请的单位{none}个。"


def _moved(county: CountyView) -> Iterator[str]:
    """Name, for each key figure, the bodies that changed most since last year."""
    for figure in KEY_FIGURES.values():
        moved: list[tuple[int, str]] = []
        for body in county.gathering.bodies:
            now, before = _value(body.report, figure), _value(body.last, figure)
            if now is not None and before is not None and now != before:
                moved.append((int(now - before), name_of(body.town)))
        moved.sort(key=lambda one: -abs(one[0]))
        if moved:
            names = "、".join(
                f"{name}{'增加' if by > 0 else '减少'}{abs(by)}{figure.unit}"
                for by, name in moved[:NAMED]
            )
            more = f"，另有{len(moved) - NAMED}个单位有增减" if len(moved) > NAMED else ""
            yield f"{figure.label}较上年变化最大的是{names}{more}。"


def _open(county: CountyView) -> Iterator[str]:
    """Say for the office where answers are overdue, and where findings are open."""
    late = [(n, name_of(b.town)) for b in county.gathering.bodies if (n := b.overdue or 0)]
    if late:
        late.sort(key=lambda one: -one[0])
        names = "、".join(f"{name}{n}项" for n, name in late[:NAMED])
        more = f"等{len(late)}个单位" if len(late) > NAMED else ""
        yield f"有逾期答复或者逾期未答复申请的单位：{names}{more}。"
    counts = {
        level: [b for b in county.gathering.bodies if (b.findings or {}).get(level)]
        for level in LEVEL_NAMES
    }
    open_ = [
        f"{LEVEL_NAMES[level]}{sum((b.findings or {})[level] for b in bodies)}项（{len(bodies)}个单位）"
        for level, bodies in counts.items()
        if bodies
    ]
    yield f"尚未处理的校验问题：{'、'.join(open_)}。" if open_ else "没有尚未处理的校验问题。"
