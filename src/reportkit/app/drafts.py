"""Drafts of sections five and six from what the figures show, for the clerk to accept, to change or to leave.

A draft says nothing that the registers do not: each sentence of section five stands on a figure, with what is done about
such a thing. Where the figures show nothing there is no draft, and the clerk writes what they do not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reportkit.form import CellValue
from reportkit.form.facts import FACTS
from reportkit.registers.derivation.kept import Timeliness
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.report import TownReport

_CORRECTED: Final = (
    ("t4.reconsideration.corrected", "行政复议"),
    ("t4.litigation_direct.corrected", "未经复议直接起诉的行政诉讼"),
    ("t4.litigation_after_reconsideration.corrected", "复议后起诉的行政诉讼"),
)


def drafts(report: TownReport, limits: Timeliness | None) -> dict[str, str]:
    """Return the drafts by section, ``s5`` and ``s6``; without those that the figures give nothing for.

    Section six is to tell the handling fee, none as plainly as some (国办函〔2020〕109号); section five what is wanting
    and how it is mended (国办公开办函〔2021〕30号).
    """
    found = {}
    shown = list(_problems(report, limits))
    if shown:
        wanting = "；".join(problem for problem, _mend in shown)
        mends = "；".join(dict.fromkeys(mend for _problem, mend in shown))
        found["s5"] = f"存在的主要问题：{wanting}。\n\n改进措施：{mends}。"
    fee = report.facts.get("fee_collected_yuan")
    if fee is not None:
        said = (
            f"本年度收取信息处理费{number_in_prose(fee)}元"
            if fee
            else "本年度未收取信息处理费，收取金额为0元"
        )
        found["s6"] = f"{said}。没有其他需要报告的事项。"
    return found


def _problems(report: TownReport, limits: Timeliness | None) -> Iterator[tuple[str, str]]:
    """Yield what the figures show to be wanting, each with its mend."""
    on_time = "建立申请台账的到期提醒，保证在法定期限内答复"
    if limits is not None and limits.overdue:
        yield f"本年答复的申请中有{limits.overdue}件超过法定期限", on_time
    if limits is not None and limits.open_overdue:
        yield f"年末有{limits.open_overdue}件申请超过法定期限仍未答复", on_time
    for address, what in _CORRECTED:
        if count := _value(report, address):
            yield (
                f"{what}结果纠正{number_in_prose(count)}件",
                "逐件分析被纠正的原因，答复前做好法律审核",
            )
    if _value(report, "trainings") == 0:
        yield "本年没有组织政务公开培训", "制定下一年度培训计划并组织实施"
    if _value(report, "disclosed_items") == 0:
        yield "本年没有主动公开政府信息", "对照主动公开基本目录，及时公开应当公开的信息"


def _value(report: TownReport, code: str) -> CellValue:
    return report.facts.get(code) if code in FACTS else report.cells.get(code)
