"""Law: what a body may not have done, since the power for it is another body's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, rule
from reportkit.checks.said import stated_items
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import known_count, number_or_blank
from reportkit.finding import Level, Place
from reportkit.prose.bodies import kind_name, kind_of
from reportkit.report import Power, TownReport

_POWERS: tuple[Power, ...] = get_args(Power)


def _rulemaking(year: int | None) -> str:
    """Return the article on who makes local rules that was in force in a reporting year."""
    article = "第九十三条" if year is not None and year >= 2023 else "第八十二条"
    return f"立法法{article}（地方政府规章由省级、设区的市、自治州人民政府制定）"


@rule(
    "L-REGULATION",
    "error",
    statement="只有省级、设区的市、自治州人民政府能制定规章；县级以下政府、街道和地方政府部门的“规章”行应为 0。",
    basis="立法法第九十三条（2023年修正前为第八十二条）",
    example="某镇把两件规章制度填在“规章”行。",
)
def regulations(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that a body without the power has no 规章; a warning where its kind is unknown."""
    kind = kind_of(report.town)
    if report.edition is None or kind == "city":
        return
    cells = report.cells
    above = [
        address
        for address, cell in cells.edition.cells.items()
        if cell.row.code == "regulations" and (cells[address] or 0) > 0
    ]
    if not above:
        return
    named = "、".join(
        f"“{cells.edition.cell(a).column.label}” {number_or_blank(cells[a])}" for a in above
    )
    level: Level = "warning" if kind is None else "error"
    power = (
        "单位类别不明，请先核实有无规章制定权" if kind is None else f"{kind_name(kind)}无权制定规章"
    )
    yield Hit(
        level=level,
        message=(
            f"表二“规章”行填有{named}，{power}。"
            "内部制度不是规章；行政规范性文件请填入下一行，规章行改为 0。"
        ),
        cells=tuple(above),
        left=cells[above[0]],
        right=0,
        basis=_rulemaking(report.year),
    )


@rule(
    "L-DELEGATED",
    "warning",
    statement="镇街的行政许可、行政处罚、行政强制决定，应有委托或赋权。",
    basis="行政许可法、行政处罚法、行政强制法关于实施机关的规定；单位信息“已委托赋权事项”",
    example="没有赋权的镇填行政处罚 30 件。",
)
def delegated(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check decisions of a town or street against the powers that were delegated to it."""
    powers = report.town.delegated
    if powers is None or kind_of(report.town) not in ("town", "township", "subdistrict", None):
        return
    for power in _POWERS:
        address = f"t2.{power}.decisions"
        made = known_count(report.cells, address)
        if made and power not in powers:
            name = report.cells.edition.cell(address).row.label
            yield Hit(
                message=(
                    f"表二“{name}”填有 {made} 件，单位信息里没有这项委托或赋权。"
                    "请核实是否以县级部门名义作出；确有赋权的，补登“已委托赋权事项”。"
                ),
                cells=(address,),
                left=made,
                right=0,
            )


@rule(
    "L-DECISIONS",
    "warning",
    statement="2019年版：处理决定数量是作出决定的件数，不是项目总数。",
    basis="年度报告格式（国办公开办函〔2019〕60号）：处理决定数量",
    example="行政许可上一年 21 项、本年增 19 项，处理决定也填 40 件。",
)
def decisions(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check whether a number of decisions is the number of items, which is another thing."""
    if report.edition is None:
        return
    prose = stated_items(report, context)
    edition = report.cells.edition
    for row in edition.tables["t2"].rows:
        cells = tuple(
            f"t2.{row.code}.{column}" for column in ("items_last_year", "items_change", "decisions")
        )
        if not all(address in edition.cells for address in cells):
            continue
        said = next((prose[address] for address in cells if address in prose), None)
        last, change, made = (
            prose[address].value
            if (count := known_count(report.cells, address)) is None and address in prose
            else count
            for address in cells
        )
        if last is None or change is None or not made or made != last + change:
            continue
        in_prose = all(report.cells[address] is None for address in cells)
        yield Hit(
            message=(
                f"{'正文' if in_prose else '表二'}“{row.label}”处理决定 {made} 件，正好等于项目总数"
                f"（上一年 {last} 项，本年增减 {change:+d} 项）。处理决定应填全年实际作出的件数，请核对。"
            ),
            cells=cells,
            left=made,
            right=last + change,
            place=Place(section=said.section, sentence=quoted(said.sentence))
            if in_prose and said
            else None,
        )
