"""Papers that stand in the register as normative documents (行政规范性文件) and hardly are any.

What a normative document is: 国办发〔2018〕37号. It is made by an administrative body, within its powers
and by procedure, and published; it touches rights and duties, binds everybody, and is applied again
and again for some time. What it is not is said by rules of single places, see 西宁市令第137号 art. 3:
papers under a Party number, plans, key points of work, meeting papers, appointments, requests upward,
letters and internal rules. Another place may see it otherwise: a warning, never an error.

Only the title and the number are looked at, both by their form: a title is judged by how it ends, so
that a plan is one and the measures for making plans (规划管理办法) are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from reportkit.finding import Finding, Place
from reportkit.registers.data import TownData
from reportkit.registers.derivation.numbering import list_numbers

BASIS: Final = "国办发〔2018〕37号；参见西宁市令第137号第三条（一地的规定，以本省规定为准）"

_OPENING: Final = re.compile(r"^.*?关于(?:印发|转发|批转|下发|公布|发布|调整|做好)?")
_ENDING: Final = re.compile(r"的(?:通知|公告|通告|决定)$")
_BRACKET: Final = re.compile(r"[（(][^（()）]*[)）]$|[《》〈〉“”\"\s]")
_ENDED: Final = re.compile(r"废止|失效|清理|停止执行")
"""What such a paper is about has ended: it is judged as itself and not by the title that it names."""
_NUMBER: Final = r"\s*[〔\[（(【］]?\s*(?:19|20)\d\d"
_DEPARTMENTS: Final = r"发改|发展改革|卫健|卫计|健康|国资|经信|科工|住建|城管|管|居|农|交通"
"""Commissions (…委) and committees of the administration, whose numbers are not the Party's."""

_BY_NUMBER: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "党的文件": re.compile(
            rf"(?:党(?:工委|委|组)?|工委|(?<!{_DEPARTMENTS.replace('|', ')(?<!')})委|纪)(?:办|政)?(?:发|字|办)?{_NUMBER}|^中共"
        ),
        "会议纪要": re.compile(rf"纪要?{_NUMBER}|纪要"),
        "函": re.compile(rf"函{_NUMBER}"),
        "请示": re.compile(rf"请示?{_NUMBER}|请示"),
        "人事任免": re.compile(rf"(?:任|免|任免|人任){_NUMBER}"),
    }
)
_PARTY: Final = re.compile(r"中共|党委|党工委|党组(?!织)|党支部|党总支|纪委|党风廉政|党建工作")
"""In a title, whoever issues the paper."""
_BY_TITLE: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "工作要点": re.compile(r"要点(?:分工方案|任务分解表?)?$"),
        "会议纪要": re.compile(r"(?:会议?|专题|办公会)?(?:纪要|会议记录)$"),
        "人事任免": re.compile(
            r"(?:任免|任职|免职|任命|聘任|解聘|任免职|职务)(?:的?(?:事项|决定|情况))?$|同志.{0,14}(?:任|免|职务)"
        ),
        "请示": re.compile(r"请示$"),
        "函": re.compile(r"函$"),
        "规划、计划": re.compile(r"(?:规划|计划)(?:纲要)?$"),
        "内部管理制度": re.compile(
            r"(?:内部|机关|干部职工|工作人员|考勤|请销假|请假|值班|值守|公车|公务用车|公务接待|印章|食堂|差旅|例会)"
            r".*(?:制度|规定|办法|规则|细则|守则|纪律|规范)$"
        ),
    }
)


def why_not(doc_no: str, title: str | None) -> str | None:
    """Say which other sort of paper a number or a title shows; ``None`` where neither shows one.

    >>> why_not("云委发〔2023〕4号", None), why_not("云政规〔2023〕1号", "云溪镇规划管理办法")
    ('党的文件', None)
    >>> why_not("云政发〔2023〕2号", "关于印发《云溪镇2023年政务公开工作要点》的通知")
    '工作要点'
    """
    for sort, shown in _BY_NUMBER.items():
        if shown.search(doc_no):
            return sort
    if title and not _ENDED.search(title) and _PARTY.search(title):
        return "党的文件"
    core = subject(title or "")
    return next((sort for sort, shown in _BY_TITLE.items() if shown.search(core)), None)


def subject(title: str) -> str:
    """Return what a title ends in, without the frame of the paper that it is issued by.

    >>> subject("关于印发《云溪镇2023年工作要点（试行）》的通知"), subject("关于废止《旧规划》的决定")
    ('云溪镇2023年工作要点', '关于废止旧规划的决定')
    """
    text = title.strip()
    if not _ENDED.search(text) and _ENDING.search(text):
        text = _ENDING.sub("", _OPENING.sub("", text))
    previous = None
    while text != previous:
        previous, text = text, _BRACKET.sub("", text)
    return text


def document_findings(data: TownData, year: int) -> tuple[Finding, ...]:
    """Return one warning on the papers that count as normative documents in a year and hardly are any.

    They count where they were issued by the year's end and not repealed before the year. The finding
    names them by their numbers: a title may hold a person's name.
    """
    rows = data.rows("documents", year)
    first = np.datetime64(f"{year}-01-01", "D")
    counted = (rows.values("kind") == "normative_documents") & ~(rows.days("repealed_on") < first)
    rows = rows.where(counted)
    named: dict[str, list[str]] = {}
    for number, title in zip(rows.values("doc_no"), rows.values("title"), strict=True):
        if sort := why_not(str(number), title):
            named.setdefault(sort, []).append(str(number))
    if not named:
        return ()
    listed = "；".join(f"{sort}：{list_numbers(numbers)}" for sort, numbers in named.items())
    return (
        Finding(
            code="DOC-NORMATIVE",
            level="warning",
            message=(
                f"规章和规范性文件台账中，有{sum(map(len, named.values()))}件计入行政规范性文件，"
                f"但从文号或标题看可能是别的文件（{listed}）。行政规范性文件是行政机关依照法定权限和程序制定并公开发布，"
                "涉及公民、法人和其他组织权利义务，具有普遍约束力，在一定期限内反复适用的公文。"
                "请逐件核对，不是的从台账中删去。"
            ),
            basis=BASIS,
            place=Place(register="documents"),
        ),
    )
