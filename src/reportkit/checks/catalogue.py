"""docs/rules.md, written from the registry: every rule with its level, statement, basis and example."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reportkit.checks.check import FAMILIES, RULES
from reportkit.checks.several import TWICE
from reportkit.finding import LEVEL_NAMES

_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "arithmetic": "表格勾稽",
        "blanks": "空白格",
        "years": "跨年衔接",
        "history": "与往年相比",
        "county": "县级汇总",
        "declared": "台账与申报数",
        "law": "法律与常理",
        "text": "文字部分",
        "claims": "文字与表格",
        "words": "没有数的说法",
        "slips": "书写错误和漏写",
        "marks": "标点、占位和个人信息",
        "names": "别的单位的名称",
        "copied": "雷同",
    }
)

_RULES: Final = "台账填写规则"

ELSEWHERE: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "ROW-MISSING": ("错误", "台账行缺少必填的日期或编号，整行不计", _RULES),
        "ROW-DATE": ("错误", "台账行的日期不存在或读不出，整行不计", _RULES),
        "ROW-CODE": ("错误", "台账行的代码不在可选范围，整行不计", _RULES),
        "ROW-VALUE": ("错误", "台账行的数值读不出，整行不计", _RULES),
        "ROW-CELLS": ("错误", "台账行的格数与表头不符，整行不计", _RULES),
        "ROW-ORDER": ("错误", "台账行的日期先后颠倒，整行不计", _RULES),
        "ROW-PAIR": ("错误", "台账行成对的两项只填了一项，整行不计", _RULES),
        "ROW-KEY": ("错误", "台账行的编号与内容不同的另一行重复，都不计", _RULES),
        "ROW-TOWN": ("错误", "台账行的单位编号不能用，整行不计", _RULES),
        "ROW-ERROR-VALUE": ("错误", "台账的单元格是错误值（#N/A等），整行不计", _RULES),
        "ROW-FORMULA": ("错误", "台账的单元格是没有算出结果的公式，整行不计", _RULES),
        "ROW-MERGED": ("错误", "台账的单元格被合并，值在另一行或另一列，整行不计", _RULES),
        "ROW-DIGITS": ("错误", "长号码按数字存入，后几位已丢失，整行不计", _RULES),
        "ROW-FAR": ("警告", "台账行的日期离现在太远，可能写错，仍计入", _RULES),
        "ROW-REPEATED": ("提示", "台账行与前面一行完全相同，只计一次", _RULES),
        "REGISTER-MISSING": (
            "错误",
            "登记范围注明登记的台账没有交来或读不出，相应单元格未知",
            _RULES,
        ),
        "SHEET-PASSED": ("提示", "文件中的某个表没有读取；应当读取而读不出的为警告", _RULES),
        "REGISTER-UNKNOWN": ("提示", "该年度没有登记某个台账，相应单元格未知", _RULES),
        "SECTION-EMPTY": ("错误", "第五或第六部分没有填写", "政府信息公开条例第五十条"),
        "FIGURE-DIFFERS": ("错误", "申报数与台账逐件统计不一致", _RULES),
        "FIGURE-EDITION": (
            "警告",
            "申报数的指标不在本版表格里，未采用",
            "国办公开办函〔2019〕60号、〔2021〕30号",
        ),
        "AMOUNT-BLANK": ("警告", "金额为空，合计无法得出", _RULES),
        "TIME-OVERDUE": (
            "警告",
            "有申请超过法定期限才答复，或到年底仍未答复",
            "政府信息公开条例第三十三条",
        ),
        "TIME-CALENDAR": (
            "提示",
            "工作日历没有覆盖的年份，无法判断是否超期",
            "政府信息公开条例第三十三条",
        ),
        "FEE-OVERCHARGED": ("错误", "收取的信息处理费高于规定标准", "国办函〔2020〕109号"),
        "FEE-UNCHECKED": ("提示", "信息处理费缺少计算依据，无法核对", "国办函〔2020〕109号"),
        "FEE-CHARGES": (
            "警告",
            "行政事业性收费台账中信息处理费之和小于本年收到的信息处理费",
            "国办函〔2020〕109号（信息处理费是行政事业性收费）",
        ),
        "TIME-LAPSED": (
            "提示",
            "申请人逾期不补正或者逾期不缴费，到年底仍未办结的，可以不再处理",
            "政府信息公开条例第三十条；国办函〔2020〕109号",
        ),
        "DOC-NORMATIVE": (
            "警告",
            "计入行政规范性文件的，从文号或标题看是党的文件、规划计划、工作要点、会议纪要、人事任免、请示、函或内部管理制度",
            "国办发〔2018〕37号；参见西宁市令第137号第三条",
        ),
        "SUIT-DIRECT": (
            "警告",
            "2024年1月1日以后答复的不予公开，登记为未经复议直接起诉；其他答复的为提示",
            "参见行政复议法（2023年修订）第二十三条",
        ),
        "SUIT-JOINT": (
            "提示",
            "本机关是作为共同被告的复议机关的案件，不计入任何数字",
            "国办公开办函〔2016〕201号",
        ),
        TWICE: ("警告", "同一单位同一年度有两份报告，相互之间不作比对", "—"),
        "FILE-UNREADABLE": ("错误", "给出的路径读不出年度报告", "—"),
        "READ-UNCERTAIN": ("提示", "已公开的报告有内容没有读准，相应的规则不作判断", "—"),
    }
)
"""The codes of findings that are made where data or files are read, not by a rule: level, meaning, basis."""


_DECISIONS: Final = (
    "## 处理决定",
    "",
    "`reportkit check PATH... --review` 逐个显示未处理的错误和警告，可以接受（写明理由）或者标为待改正。",
    "决定存放在项目文件夹的 `reviews/<年度>.yaml`，一年一个文件，可以手工修改，也可以纳入版本管理：",
    "",
    "```yaml",
    "decisions:",
    "- rule: T4-TOTAL",
    "  town: yunxi",
    "  year: 2022",
    "  values: 50d4fd89e07051ec3821",
    "  decision: accepted",
    "  reason: 卷宗已核，属实",
    "  who: 张三",
    "  when: '2023-01-20'",
    "```",
    "",
    "`values` 是规则所看数值的摘要。重新生成报告不影响决定；数值一变，决定自动失效，问题重新出现。",
    "已接受（`accepted`）的错误不再使报告成为草稿，`check` 也不再因它返回 1；待改正（`to_mend`）的仍算未处理。",
)


def render_rules() -> str:
    """Return docs/rules.md."""
    lines = [
        "# 校验规则",
        "",
        "<!-- 由 reportkit.checks.catalogue.render_rules 生成，请勿手改。 -->",
        "",
        (
            f"共 {len(RULES)} 条。“错误”由法律或者算术直接判定，须改正后重报；“警告”须核对；“提示”供参考，"
            "包括有空白而无法判断的情形。规则所写的是最高级别，情形较轻或者无法判断时会降低。"
        ),
    ]
    for family in FAMILIES:
        lines += ["", f"## {_HEADINGS[family.__name__.rpartition('.')[2]]}", ""]
        lines += ["| 代码 | 级别 | 要求 | 依据 | 违反的例子 |", "|---|---|---|---|---|"]
        lines += [
            f"| {each.code} | {LEVEL_NAMES[each.level]} | {_cell(each.statement)} | {_cell(each.basis)} "
            f"| {_cell(each.example)} |"
            for each in family.RULES
        ]
    lines += [
        "",
        "## 读取数据和文件时发现的问题",
        "",
        "| 代码 | 级别 | 含义 | 依据 |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {code} | {level} | {words} | {basis} |"
        for code, (level, words, basis) in ELSEWHERE.items()
    ]
    lines += ["", *_DECISIONS]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
