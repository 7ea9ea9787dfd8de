"""checks.xlsx: every finding of a county's reports in one workbook, for the office that collects them.

Same findings, same bytes: the workbook holds no clock. Text is written as text, never as a formula.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from reportkit.blocks.printable import printable
from reportkit.checks import RULES
from reportkit.checks.wording import number_or_blank
from reportkit.finding import LEVEL_NAMES, Level
from reportkit.review.checked import (
    Checked,
    decision_words,
    in_order,
    mends,
    where,
)

_CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  # a fixed day, for the same bytes
_COLOURS: Final = {"error": "#F4D6D2", "warning": "#FBEBC8", "info": "#E8EEF4"}


def render_checks_workbook(checked: Sequence[Checked]) -> bytes:
    """Return the workbook's bytes: summary, findings, mends and the rules."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": "政府信息公开工作年度报告校验结果", "created": _CREATED})
    sheets = _Sheets(book)
    ordered = in_order(checked)
    sheets.summary(ordered)
    sheets.findings(ordered)
    sheets.mends(ordered)
    sheets.rules()
    book.close()
    return buffer.getvalue()


class _Sheets:
    """The workbook's sheets, with the formats that they share."""

    def __init__(self, book: Any) -> None:
        self._book = book
        plain = {"font_name": "宋体", "font_size": 10.5, "valign": "top"}
        self._head = book.add_format(
            {**plain, "bold": True, "bottom": 1, "bg_color": "#EFEFEF", "text_wrap": True}
        )
        self._text = book.add_format({**plain, "text_wrap": True})
        self._levels = {
            level: book.add_format({**plain, "bg_color": colour})
            for level, colour in _COLOURS.items()
        }

    def _sheet(self, name: str, columns: Sequence[tuple[str, float]], rows: list[list[Any]]) -> Any:
        sheet = self._book.add_worksheet(name)
        for place, (heading, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, heading, self._head)
        for line, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, place, value, self._text)
                elif value:
                    sheet.write_string(line, place, printable(str(value)), self._text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def summary(self, checked: Sequence[Checked]) -> None:
        """One line a report: how many findings of each level are open, how many accepted."""
        rows: list[list[Any]] = []
        for each in checked:
            counts = each.counts()
            rows.append(
                [
                    each.report.town.county,
                    each.report.town.name,
                    each.report.year or "",
                    counts["error"],
                    counts["warning"],
                    counts["info"],
                    each.accepted,
                    "退回修改" if counts["error"] else "请核对" if counts["warning"] else "通过",
                ]
            )
        self._sheet(
            "汇总",
            (
                ("县市区", 14),
                ("单位", 22),
                ("年度", 8),
                ("错误", 8),
                ("警告", 8),
                ("提示", 8),
                ("已接受", 8),
                ("结论", 12),
            ),
            rows,
        )

    def findings(self, checked: Sequence[Checked]) -> None:
        """One line a finding, with its decision."""
        rows: list[list[Any]] = []
        levels: list[Level] = []
        for each in checked:
            for reviewed in each.findings:
                finding = reviewed.finding
                decision, reason = decision_words(reviewed)
                levels.append(finding.level)
                rows.append(
                    [
                        each.report.town.name,
                        each.report.year or "",
                        LEVEL_NAMES[finding.level],
                        finding.code,
                        where(each.report, finding),
                        finding.message,
                        "" if finding.left is None else number_or_blank(finding.left),
                        "" if finding.right is None else number_or_blank(finding.right),
                        finding.basis,
                        decision,
                        reason,
                    ]
                )
        sheet = self._sheet(
            "问题清单",
            (
                ("单位", 18),
                ("年度", 8),
                ("级别", 8),
                ("规则", 14),
                ("位置", 30),
                ("问题和改法", 60),
                ("一边", 10),
                ("另一边", 10),
                ("依据", 30),
                ("处理决定", 20),
                ("理由", 24),
            ),
            rows,
        )
        for line, level in enumerate(levels, 1):
            sheet.write_string(line, 2, LEVEL_NAMES[level], self._levels[level])

    def mends(self, checked: Sequence[Checked]) -> None:
        """List the smallest mends of the tables that do not balance."""
        rows = [
            [each.report.town.name, each.report.year or "", words]
            for each in checked
            for words in mends(each)
        ]
        self._sheet("最少改动", (("单位", 18), ("年度", 8), ("改法", 110)), rows)

    def rules(self) -> None:
        """Every rule with its basis."""
        rows = [
            [each.code, LEVEL_NAMES[each.level], each.statement, each.basis, each.example]
            for each in RULES
        ]
        self._sheet(
            "规则",
            (("规则", 14), ("最高级别", 10), ("要求", 60), ("依据", 40), ("例子", 50)),
            rows,
        )
