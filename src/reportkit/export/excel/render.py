"""A document to an .xlsx file: lists that are easy to read by machine and by ear, then the printed tables.

The figures stand in the printed tables alone; everything else refers to them by formulas, so that a clerk who
edits a figure sees at once what it does. Each formula has the result that it has now beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from reportkit.blocks import FormTable, KeyFigures
from reportkit.checks.wording import line_name
from reportkit.export.document import Document
from reportkit.export.excel.official import Check, SheetPlan, plan_of, write_official
from reportkit.export.excel.own import own_tables, own_texts, write_own
from reportkit.export.excel.sheets import (
    EQUAL,
    LONGEST,
    UNEQUAL,
    UNKNOWN,
    Book,
    number_of,
    reference,
)
from reportkit.export.formats import Other
from reportkit.export.shown import is_of, sentences
from reportkit.finding import LEVEL_NAMES
from reportkit.form import CellValue, Term, plain
from reportkit.form.facts import FACTS

GUIDE: Final = "说明"
CELLS: Final = "数据"
CHECKS: Final = "勾稽校验"
FACTS_SHEET: Final = "事实"
TEXTS: Final = "文字"
FINDINGS: Final = "校验问题"

_CELL_COLUMNS: Final = ("表", "行", "列", "单位", "本年", "上年", "增减", "地址")
_CHECK_COLUMNS: Final = ("规则", "位置", "左边", "右边", "结果")
_GUIDE_WIDTHS: Final = (44, 80)
_NOW, _LAST, _FIRST = 4, 5, 3
"""Columns of this year and last year, and the first row under the heading row, in the list of cells."""


def render(document: Document, _other: Other) -> bytes:
    """Return a document as the format ``xlsx`` has it: the same document gives the same bytes."""
    return _BookWriter(document).write()


class _BookWriter:
    """Writes one document; a method a sheet."""

    def __init__(self, document: Document) -> None:
        report = document.report
        self._document = document
        self._report = report
        self._edition = report.cells.edition
        self._book = Book(document.title, report.town.issuer or report.town.name or "")
        self._plans: list[SheetPlan] = []
        own = (GUIDE, CELLS, CHECKS, FACTS_SHEET, TEXTS, FINDINGS)
        for block in _tables(document):
            self._plans.append(plan_of(block, (*own, *(p.sheet for p in self._plans))))
        self._own = tuple(own_tables(document, (*own, *(p.sheet for p in self._plans))))
        self._plan = {plan.block.table: plan for plan in self._plans}
        self._last: dict[str, CellValue] = {}
        for plan in self._plans:
            self._last |= plan.block.previous or {}
        addresses = [a for plan in self._plans for a in plan.places]
        self._rows = {address: _FIRST + nth for nth, address in enumerate(addresses)}

    def write(self) -> bytes:
        self._guide()
        if self._plans:
            self._cells()
            checks = self._checks()
        self._facts()
        self._texts()
        if self._document.internal:
            self._findings()
        for nth, own_table in enumerate(self._own, 1):
            write_own(self._book, own_table, nth)
        for plan in self._plans:
            own = [c for c in checks if c.identity.left[0].address in plan.places]
            write_official(self._book, plan, own)
        self._book.carry(self._document.seal)
        return self._book.close()

    def _guide(self) -> None:
        document = self._document
        lines = [
            *(f"{word}。" for word in document.words),
            *(f"草稿原因：{reason}。" for reason in document.draft),
            "数字以后面按格式印制的各表为准，可以直接修改；“数据”“勾稽校验”两张工作表随之重算。",
            "勾稽校验不相等时变为红底白字；有未知数时写“未知”，不作判断。",
            "“未知”表示未统计，不是零。超过15位的数字以文本保存，以免丢失位数。",
            "列表各占一张工作表，标题在A1单元格；按格式印制的表有合并单元格，排在最后。",
        ]
        sheet = self._book.sheet(GUIDE, document.title, lines, _GUIDE_WIDTHS)
        rows = [
            (CELLS, "全部单元格，一格一行，本年与上年并列"),
            (CHECKS, "年度报告格式所附的全部勾稽关系"),
            (FACTS_SHEET, "文字部分写到的数字，本年与上年并列"),
            (TEXTS, "报告的文字部分"),
        ]
        rows = [row for row in rows if self._plans or row[0] not in (CELLS, CHECKS)]
        if document.internal:
            rows.append((FINDINGS, "校验发现的问题，仅供内部核对"))
        rows += [(own.sheet, own.table.title) for own in self._own]
        rows += [(plan.sheet, plan.block.title) for plan in self._plans]
        first = 1 + len(lines)
        self._book.table(sheet, "目录", first, ("工作表", "内容"), len(rows))
        for row, (name, words_) in enumerate(rows, first + 1):
            link = {"string": name, "cell_format": self._book.looks["label"]}
            sheet.write_url(row, 0, f"internal:'{name}'!A1", **link)
            self._book.text(sheet, row, 1, words_, "label")
            self._book.fit(sheet, row, zip((name, words_), _GUIDE_WIDTHS, strict=True))

    def _cells(self) -> None:
        title = f"{self._report.year}年度各表数据，一格一行"
        note = "本年的数字取自按格式印制的各表。上年为同一版本格式的上年报告，没有则为未知。"
        sheet = self._book.sheet(CELLS, title, [note], (24, 44, 26, 8, 12, 12, 12, 44))
        book = self._book
        book.table(sheet, "各格数据", _FIRST - 1, _CELL_COLUMNS, len(self._rows))
        for address, row in self._rows.items():
            cell = self._edition.cell(address)
            plan, now, last = (
                self._plan[cell.table],
                self._report.cells[address],
                self._last.get(address),
            )
            path = cell.row.path if cell.row.across else (*cell.row.path, cell.row.label)
            group = (cell.column.group,) if cell.column.group else ()
            book.text(sheet, row, 0, plan.block.layout.table.title, "label")
            book.text(sheet, row, 1, " › ".join(path), "label")
            book.text(sheet, row, 2, " › ".join((*group, cell.column.label)), "label")
            book.text(sheet, row, 3, cell.column.unit, "label")
            kind = cell.column.type
            book.formula(sheet, row, _NOW, f"={plan.reference(address)}", result=now, look=kind)
            book.value(sheet, row, _LAST, last, kind)
            here, before = f"$E${row + 1}", f"$F${row + 1}"
            change = f'=IF(COUNT({here},{before})=2,ROUND({here}-{before},6),"{UNKNOWN}")'
            book.formula(sheet, row, _LAST + 1, change, result=_difference(now, last))
            book.text(sheet, row, _LAST + 2, address, "label")

    def _checks(self) -> list[Check]:
        """Write the list of identities; return each with the place of its result."""
        note = "左边、右边为勾稽关系两边之和；有未知数的不作判断。编号以Y-开头的与上年报告比较。"
        sheet = self._book.sheet(
            CHECKS, f"{self._report.year}年度报告勾稽关系", [note], (16, 60, 12, 12, 20)
        )
        identities = [
            identity
            for identity in (*self._edition.arithmetic, *self._edition.cross_year)
            if all(term.address in self._rows for term in identity.terms)
        ]
        book, checks = self._book, []
        book.table(sheet, "勾稽关系", _FIRST - 1, _CHECK_COLUMNS, len(identities))
        for row, identity in enumerate(identities, _FIRST):
            left, right = self._side(identity.left), self._side(identity.right)
            book.text(sheet, row, 0, identity.code, "label")
            book.text(sheet, row, 1, line_name(self._edition, identity), "label")
            book.formula(sheet, row, 2, self._formula(identity.left), result=left)
            book.formula(sheet, row, 3, self._formula(identity.right), result=right)
            one, two = f"$C${row + 1}", f"$D${row + 1}"
            gap = f"ROUND(ABS({one}-{two}),6)"
            formula = (
                f'=IF(COUNT({one},{two})<2,"{UNKNOWN}",IF({gap}=0,"{EQUAL}","{UNEQUAL}，差"&{gap}))'
            )
            shown = _judged(left, right)
            book.formula(sheet, row, 4, formula, result=shown, look="check")
            checks.append(Check(identity, reference(CHECKS, row, 4), shown))
        book.red_when_broken(sheet, _FIRST, 4, _FIRST + len(identities), 4)
        return checks

    def _side(self, terms: Sequence[Term]) -> CellValue:
        """Return a side's sum as Excel computes it: unknown where one number is, or stands as text."""
        result: int | Decimal = 0
        for term in terms:
            value = number_of(
                self._last.get(term.address) if term.last else self._report.cells[term.address]
            )
            if value is None:
                return None
            result += term.sign * value
        return result

    def _formula(self, terms: Sequence[Term]) -> str:
        places = [(term.sign, self._place(term)) for term in terms]
        plus = ",".join(place for sign, place in places if sign > 0)
        minus = ",".join(place for sign, place in places if sign < 0)
        total = f"SUM({plus})" + (f"-SUM({minus})" if minus else "")
        every = ",".join(place for _, place in places)
        return f'=IF(COUNT({every})<{len(places)},"{UNKNOWN}",ROUND({total},6))'

    def _place(self, term: Term) -> str:
        if term.last:
            return reference(CELLS, self._rows[term.address], _LAST)
        return self._plan[self._edition.cell(term.address).table].reference(term.address)

    def _facts(self) -> None:
        note = "文字部分写到的数字；没有统计的写未知。"
        title = f"{self._report.year}年度报告中的其他数字"
        sheet = self._book.sheet(FACTS_SHEET, title, [note], (32, 14, 14, 8, 30))
        book = self._book
        book.table(sheet, "其他数字", 2, ("名称", "本年", "上年", "单位", "代码"), len(FACTS))
        for row, fact in enumerate(FACTS.values(), 3):
            book.text(sheet, row, 0, fact.label, "label")
            book.value(sheet, row, 1, self._report.facts.get(fact.code), fact.type)
            book.value(sheet, row, 2, self._fact_before(fact.code), fact.type)
            book.text(sheet, row, 3, fact.unit, "label")
            book.text(sheet, row, 4, fact.code, "label")

    def _fact_before(self, code: str) -> CellValue:
        """Return last year's fact, from last year's cells or from the strip of key figures."""
        fact = FACTS[code]
        if fact.cells and all(address in self._last for address in fact.cells):
            values = [self._last[address] for address in fact.cells]
            known = [value for value in values if value is not None]
            return sum(known) if len(known) == len(values) else None
        return next(
            (
                figure.before
                for block in self._document.blocks
                if isinstance(block, KeyFigures)
                for figure in block.figures
                if figure.label == fact.label
            ),
            None,
        )

    def _texts(self) -> None:
        titles = {s.code: s.title or "引言" for s in self._edition.sections}
        rows = [
            (titles.get(code, code), text[place : place + LONGEST])
            for code, markdown in self._report.sections.items()
            for text in ["\n".join(sentences(markdown))]
            for place in range(0, max(len(text), 1), LONGEST)
        ]
        rows += own_texts(self._document)
        sheet = self._book.sheet(
            TEXTS, f"{self._report.year}年度报告文字部分", ["每段文字一行。"], (34, 110)
        )
        self._book.table(sheet, "文字部分", 2, ("部分", "文字"), len(rows))
        for row, (title, text) in enumerate(rows, 3):
            self._book.text(sheet, row, 0, title, "label")
            self._book.text(sheet, row, 1, text, "label")
            self._book.fit(sheet, row, [(text, 110)])

    def _findings(self) -> None:
        names = ("级别", "规则", "问题", "左边", "右边", "依据", "单元格")
        findings = self._report.findings
        sheet = self._book.sheet(
            FINDINGS, "校验问题（仅供内部核对）", ["问题按轻重排列。"], (8, 16, 80, 10, 10, 40, 40)
        )
        self._book.table(sheet, "问题清单", 2, names, len(findings))
        for row, finding in enumerate(findings, 3):
            cells = "、".join(finding.cells)
            words = (LEVEL_NAMES[finding.level], finding.code, finding.message)
            for column, text in enumerate(words):
                self._book.text(sheet, row, column, text, "label")
            for column, side in ((3, finding.left), (4, finding.right)):
                if side is None:
                    self._book.text(sheet, row, column, "", "label")
                else:
                    self._book.value(sheet, row, column, side)
            self._book.text(sheet, row, 5, finding.basis, "label")
            self._book.text(sheet, row, 6, cells, "label")


def _tables(document: Document) -> Iterator[FormTable]:
    """Yield the report's own tables of the form, each once."""
    report, seen = document.report, set()
    for block in document.blocks:
        if not isinstance(block, FormTable) or block.table in seen:
            continue
        if is_of(block, report):
            seen.add(block.table)
            yield block


def _difference(now: CellValue, last: CellValue) -> CellValue:
    one, two = number_of(now), number_of(last)
    return None if one is None or two is None else one - two


def _judged(left: CellValue, right: CellValue) -> str:
    if left is None or right is None:
        return UNKNOWN
    gap = abs(Decimal(left - right))
    return f"{UNEQUAL}，差{plain(gap)}" if gap else EQUAL
