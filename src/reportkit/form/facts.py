"""Facts: the figures beside the form's cells that a report's prose states.

Derivations are documented in docs/derivation.md; a fact that is unknown is absent from a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its code, its Chinese name, and where it comes from."""

    code: str
    label: str
    unit: str
    """The measure word or unit that prose puts behind it."""
    type: Literal["count", "decimal"] = "count"
    cells: tuple[str, ...] = ()
    """The cells it is the sum of, where the form has it too."""


FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        fact.code: fact
        for fact in (
            Fact("disclosed_items", "主动公开政府信息", "条"),
            Fact("portal_items", "政府网站公开信息", "条"),
            Fact("wechat_items", "微信公众号公开信息", "条"),
            Fact("weibo_items", "微博公开信息", "条"),
            Fact("hotline_replies", "12345热线回复", "件"),
            Fact(
                "applications_received",
                "收到政府信息公开申请",
                "件",
                cells=("t3.received.total",),
            ),
            Fact("applications_in_person", "当面提交的申请", "件"),
            Fact("applications_by_mail", "信函提交的申请", "件"),
            Fact("applications_online", "网络提交的申请", "件"),
            Fact("applications_by_fax", "传真提交的申请", "件"),
            Fact(
                "normative_documents_made",
                "制发行政规范性文件",
                "件",
                cells=("t2.normative_documents.made",),
            ),
            Fact("reconsiderations", "行政复议", "件", cells=("t4.reconsideration.total",)),
            Fact(
                "litigations",
                "行政诉讼",
                "件",
                cells=("t4.litigation_direct.total", "t4.litigation_after_reconsideration.total"),
            ),
            Fact("trainings", "培训", "次"),
            Fact("open_days", "政府开放日", "次"),
            Fact("training_participants", "培训参加人数", "人次"),
            Fact("npc_proposals", "人大代表建议", "件"),
            Fact("cppcc_proposals", "政协提案", "件"),
            Fact("fee_collected_yuan", "收取信息处理费", "元", "decimal"),
        )
    }
)
"""Every fact by its code."""
