"""The registers as data: their columns, codes and headings.

One schema serves every way registers are kept: CSV, Excel, Parquet, DuckDB and PostgreSQL. Reading,
cleaning, the workbook and the stores all walk over :data:`REGISTERS`. docs/registers.md describes
the same for people. Column and register names are the stored names; ``heading`` is what a workbook shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from reportkit.form import EDITIONS
from reportkit.registers.codes import (
    applicant_codes,
    kind_codes,
    narrative_sections,
    outcome_codes,
    result_codes,
    route_codes,
)
from reportkit.report import KINDS, Power

ColumnType = Literal["text", "date", "year", "count", "amount", "days", "code", "codes", "bool"]
"""``count`` and ``days``: whole, not negative; ``amount``: exact, not negative; ``codes``: several."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register."""

    name: str
    heading: str
    type: ColumnType = "text"
    codes: Mapping[str, str] | None = None
    """For ``code``: each code with its Chinese label."""
    key: bool = False
    """Part of the register's key."""
    needed: bool = False
    """A row without it is set aside. Keys are needed too."""
    personal: bool = False
    """Personal information: read by ``ingest`` alone, and never shown."""
    lines: bool = False
    """For ``text``: it may have several lines. A name, a number or a title is one."""
    ahead: int = 1
    """For ``date``: how many years after this one it may lie before it looks like a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register: one table, one row a case."""

    name: str
    heading: str
    columns: tuple[Column, ...]
    dated_by: str | None = None
    """The date that says when a row came into being; without it a row belongs to no year."""
    order: tuple[tuple[str, str], ...] = ()
    """Pairs (earlier, later) of dates: the later may not be before the earlier."""
    together: tuple[tuple[str, str], ...] = ()
    """Pairs of columns of which one may not stand without the other."""
    requires: tuple[tuple[str, str], ...] = ()
    """Pairs (column, other): where the column is filled, the other must be too."""

    @property
    def key(self) -> tuple[str, ...]:
        """The key columns' names."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def public_columns(self) -> tuple[Column, ...]:
        """The columns without personal information."""
        return tuple(column for column in self.columns if not column.personal)

    def column(self, name: str) -> Column:
        """Return a column by its stored name; raise :class:`KeyError` where there is none."""
        return next(column for column in self.columns if column.name == name)


_ITEM_KINDS = kind_codes("items", "kind")
_POWERS = {code: _ITEM_KINDS[code] for code in get_args(Power)}
_TOWN = Column("town", "单位编号", key=True)
CO_DEFENDANT = "co_defendant"
"""The role of the body that decided the reconsideration: the suit counts once, with the body whose act it was."""


def _freeze(registers: Iterable[Register]) -> Mapping[str, Register]:
    return MappingProxyType({register.name: register for register in registers})


REGISTERS: Mapping[str, Register] = _freeze(
    (
        Register(
            "towns",
            "单位信息",
            (
                _TOWN,
                Column("name", "单位名称", needed=True),
                Column("county", "所属县市区"),
                Column("province", "省份"),
                Column("kind", "单位类别", "code", dict(KINDS), needed=True),
                Column("issuer", "落款单位"),
                Column("edition", "年报格式版本", "code", {code: code for code in EDITIONS}),
                Column("delegated", "已委托赋权事项", "codes", _POWERS),
                Column("illustrative", "示例数据", "bool"),
            ),
        ),
        Register(
            "coverage",
            "登记范围",
            (
                _TOWN,
                Column("register", "台账", "code", {}, key=True),  # filled in below
                Column("from_year", "起始年度", "year", needed=True),
                Column("to_year", "截止年度", "year"),
            ),
        ),
        Register(
            "disclosures",
            "主动公开台账",
            (
                _TOWN,
                Column("item_no", "编号", key=True),
                Column("title", "标题"),
                Column(
                    "channel",
                    "公开渠道",
                    "code",
                    {
                        "portal": "政府网站",
                        "wechat": "微信公众号",
                        "weibo": "微博",
                        "bulletin_board": "公示栏",
                        "service_hall": "政务大厅",
                        "other": "其他",
                    },
                    key=True,
                ),
                Column("category", "信息类别"),
                Column("published_on", "公开日期", "date", needed=True),
                Column("url", "链接"),
            ),
            dated_by="published_on",
        ),
        Register(
            "documents",
            "规章和规范性文件台账",
            (
                _TOWN,
                Column("doc_no", "文号", key=True),
                Column("title", "标题"),
                Column("kind", "类别", "code", kind_codes("documents", "kind"), needed=True),
                Column("issued_on", "印发日期", "date", needed=True),
                Column("published_on", "公开日期", "date"),
                Column("repealed_on", "废止、失效或宣布无效日期", "date", ahead=20),
            ),
            dated_by="issued_on",
            order=(("issued_on", "repealed_on"),),
        ),
        Register(
            "items",
            "事项目录",
            (
                _TOWN,
                Column("item_code", "事项编码", key=True),
                Column("title", "事项名称"),
                Column("kind", "类别", "code", _ITEM_KINDS, needed=True),
                Column("effective_from", "生效日期", "date", needed=True, ahead=5),
                Column("effective_to", "取消日期", "date", ahead=50),
            ),
            dated_by="effective_from",
        ),
        Register(
            "decisions",
            "处理决定台账",
            (
                _TOWN,
                Column("decision_no", "决定文号", key=True),
                Column("kind", "类别", "code", kind_codes("decisions", "kind"), needed=True),
                Column("decided_on", "决定日期", "date", needed=True),
            ),
            dated_by="decided_on",
        ),
        Register(
            "charges",
            "行政事业性收费台账",
            (
                _TOWN,
                Column("receipt_no", "票据号", key=True),
                Column("item", "收费项目"),
                Column("collected_on", "收费日期", "date", needed=True),
                Column("amount_yuan", "金额（元）", "amount"),
            ),
            dated_by="collected_on",
        ),
        Register(
            "applications",
            "依申请公开台账",
            (
                _TOWN,
                Column("application_no", "申请编号", key=True),
                Column("received_on", "收到日期", "date", needed=True),
                Column("applicant_type", "申请人类型", "code", applicant_codes(), needed=True),
                Column(
                    "channel",
                    "申请渠道",
                    "code",
                    {
                        "in_person": "当面",
                        "mail": "信函",
                        "online": "网络",
                        "fax": "传真",
                        "other": "其他",
                    },
                ),
                Column("supplement_asked_on", "补正通知日期", "date"),
                Column("supplement_due_on", "补正期限", "date"),
                Column("supplemented_on", "补正日期", "date"),
                Column("extended_on", "延期通知日期", "date"),
                Column("consulting_days", "征求意见工作日", "days"),
                Column("replied_on", "答复日期", "date"),
                Column("outcome", "办理结果", "code", outcome_codes()),
                Column("fee_basis", "收费方式", "code", {"per_item": "按件", "per_page": "按量"}),
                Column("pages", "页数", "count"),
                Column("fee_notified_on", "收费通知日期", "date"),
                Column("fee_paid_on", "缴费日期", "date"),
                Column("fee_yuan", "信息处理费（元）", "amount"),
                Column("applicant_key", "申请人代码"),
                Column("applicant_name", "申请人姓名", personal=True),
                Column("applicant_id_no", "证件号码", personal=True),
                Column("applicant_phone", "联系电话", personal=True),
                Column("requested", "申请内容", lines=True),
            ),
            dated_by="received_on",
            order=(("received_on", "replied_on"),),
            together=(("replied_on", "outcome"),),
        ),
        Register(
            "disputes",
            "复议诉讼台账",
            (
                _TOWN,
                Column("case_no", "案号", key=True),
                Column("route", "类别", "code", route_codes(), needed=True),
                Column(
                    "role",
                    "本机关地位",
                    "code",
                    {"defendant": "被告", CO_DEFENDANT: "作为共同被告的复议机关"},
                ),
                Column("application_no", "申请编号"),
                Column("filed_on", "受理日期", "date", needed=True),
                Column("closed_on", "审结日期", "date"),
                Column("result", "结果", "code", result_codes()),
            ),
            dated_by="filed_on",
            order=(("filed_on", "closed_on"),),
            requires=(("closed_on", "result"),),
        ),
        Register(
            "hotline",
            "12345热线台账",
            (
                _TOWN,
                Column("ticket_no", "工单号", key=True),
                Column("received_on", "收到日期", "date", needed=True),
                Column("replied_on", "回复日期", "date"),
                Column("topic", "主题"),
            ),
            dated_by="received_on",
            order=(("received_on", "replied_on"),),
        ),
        Register(
            "activities",
            "工作活动台账",
            (
                _TOWN,
                Column("activity_no", "编号", key=True),
                Column(
                    "kind",
                    "类别",
                    "code",
                    {
                        "training": "培训",
                        "open_day": "政府开放日",
                        "meeting": "会议",
                        "assessment": "考核评议",
                        "inspection": "检查",
                    },
                    needed=True,
                ),
                Column("held_on", "举办日期", "date", needed=True),
                Column("title", "名称"),
                Column("participants", "参加人数", "count"),
            ),
            dated_by="held_on",
        ),
        Register(
            "proposals",
            "建议提案台账",
            (
                _TOWN,
                Column(
                    "kind", "类别", "code", {"npc": "人大代表建议", "cppcc": "政协提案"}, key=True
                ),
                Column("number", "编号", key=True),
                Column("received_on", "收到日期", "date", key=True),
                Column("replied_on", "答复日期", "date"),
                Column("published", "是否公开", "bool"),
            ),
            dated_by="received_on",
            order=(("received_on", "replied_on"),),
        ),
        Register(
            "procurement",
            "政府集中采购台账",
            (
                _TOWN,
                Column("project_no", "项目编号", key=True),
                Column("title", "项目名称"),
                Column("awarded_on", "成交日期", "date", needed=True),
                Column("amount_yuan", "金额（元）", "amount"),
            ),
            dated_by="awarded_on",
        ),
        Register(
            "submissions",
            "报送记录",
            (
                _TOWN,
                Column("year", "年度", "year", key=True),
                Column("round", "次数", "count", key=True),
                Column("handed_in_on", "报送日期", "date"),
                Column("returned_on", "退回日期", "date"),
                Column("published_on", "公布日期", "date"),
            ),
        ),
        Register(
            "figures",
            "申报数",
            (
                _TOWN,
                Column("year", "年度", "year", key=True),
                Column("code", "指标", key=True),
                Column("value", "数值", needed=True),
                Column("source", "来源"),
            ),
        ),
        Register(
            "narratives",
            "文字部分",
            (
                _TOWN,
                Column("year", "年度", "year", key=True),
                Column(
                    "section",
                    "部分",
                    "code",
                    narrative_sections(),
                    key=True,
                ),
                Column("position", "顺序", "count", key=True),
                Column("text", "内容", needed=True, lines=True),
            ),
        ),
    )
)
"""Every register by its stored name."""

CASE_REGISTERS: tuple[str, ...] = tuple(
    register.name for register in REGISTERS.values() if register.dated_by is not None
)
"""The registers of cases: those that ``coverage`` speaks of."""


def codes_of(register: str, column: str) -> Mapping[str, str]:
    """Return the codes of a coded column with their labels."""
    if (register, column) == ("coverage", "register"):
        return {name: REGISTERS[name].heading for name in CASE_REGISTERS}
    codes = REGISTERS[register].column(column).codes
    if codes is None:
        raise KeyError(f"{register}.{column} is not coded")
    return codes
