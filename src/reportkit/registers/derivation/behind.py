"""What stands behind a figure: the rule that made it, and the rows of the register that it counts.

The rows come from the rules that count (:mod:`~reportkit.registers.derivation.rules`), so that the two never part.
What is told of a row are its number, the dates that decide and its amount: no text that anybody wrote, and never
personal information.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from reportkit.form import Cell, Derivation, Identity, total
from reportkit.form.facts import FACTS
from reportkit.form.table import Term
from reportkit.language import _
from reportkit.masking import mask
from reportkit.registers.data import ORIGIN
from reportkit.registers.derivation.cases import Bools, Cases, Year
from reportkit.registers.derivation.derive import Numbers
from reportkit.registers.derivation.numbering import number_order
from reportkit.registers.derivation.rules import FACT_RULES, rows_measured, rows_of_t3, rows_of_t4
from reportkit.registers.derivation.told import SHOWN, Addend, Behind, Told
from reportkit.registers.schema import REGISTERS, codes_of


class Trace:
    """What stands behind the figures of one town's year."""

    def __init__(self, cases: Cases, year: int, numbers: Numbers) -> None:
        self._year = Year(cases, year)
        self._numbers = numbers
        self._totals = {
            sides[1][0].address: sides[0]
            for identity in numbers.edition.arithmetic
            for sides in _sides(identity)
        }

    def behind(self, code: str) -> Behind:
        """Return what stands behind a cell, by its address, or behind a fact, by its code.

        Raises :class:`~reportkit.errors.UnknownAddress` for a code that is neither.
        """
        if code in self._numbers.declared:
            return self._declared(code)
        if code in FACT_RULES:
            return self._fact(code)
        if code in FACTS:
            cells = FACTS[code].cells
            return self._sum("这些单元格之和" if len(cells) > 1 else "即本单元格", cells)
        cell = self._numbers.edition.cell(code)
        return self._derived(cell) if cell.derive is not None else self._case(cell)

    def _case(self, cell: Cell) -> Behind:
        """Return what stands behind a cell of ``t3`` or ``t4``."""
        register = "applications" if cell.table == "t3" else "disputes"
        if not self._year.covered(register):
            return self._unknown(register)
        cells, terms = self._numbers.cells, self._totals.get(cell.address, ())
        # A total that a declared part does not fit was counted from its rows, and shows them.
        if terms and total(cells.get(term.address) for term in terms) == cells[cell.address]:
            words = _which(cell, self._numbers.edition.cell(terms[0].address))
            return self._sum(words, [term.address for term in terms])
        return self._application(cell) if cell.table == "t3" else self._dispute(cell)

    def _declared(self, code: str) -> Behind:
        figures = self._year.cases.data.rows("figures")
        chosen = (figures.values("year") == self._year.year) & np.isin(
            figures.values("code").astype(str), _names_of(code)
        )
        [place, *_] = np.flatnonzero(chosen).tolist()
        row = (figures.values("code")[place], figures.values("value")[place])
        rule = "申报数：没有逐件登记，按单位申报的数填列"
        return Behind(rule, register="figures", columns=("code", "value"), rows=(row,), count=1)

    def _unknown(self, register: str) -> Behind:
        heading = REGISTERS[register].heading
        return Behind(f"{self._year.year}年没有登记“{heading}”，按未知处理，不作零计")

    def _sum(self, words: str, addresses: Sequence[str]) -> Behind:
        values = [(each, self._numbers.cells.get(each)) for each in addresses]
        told = [(address, value) for address, value in values if value is None or value]
        edition = self._numbers.edition
        addends = tuple(Addend(a, edition.cell(a).label, v) for a, v in told[:SHOWN])
        zeros = len(values) - len(told)
        rest = "，各项均为0" if zeros == len(values) else "，其余为0" if zeros else ""
        return Behind(f"合计：{words}{rest}", addends, len(told))

    def _fact(self, code: str) -> Behind:
        rule = FACT_RULES[code]
        if not self._year.covered(rule.register):
            return self._unknown(rule.register)
        return self._measured(rule, "", FACTS[code].unit)

    def _derived(self, cell: Cell) -> Behind:
        rule = cell.derive
        if rule is None or not self._year.covered(rule.register):
            return self._unknown("" if rule is None else rule.register)
        return self._measured(rule, cell.row.code, cell.column.unit)

    def _measured(self, rule: Derivation, row: str, unit: str) -> Behind:
        words = measure_words(rule, row, unit, self._year.year)
        names = [rule.date, *(name for name in (rule.until, rule.of) if name is not None)]
        return self._rows(words, rule.register, names, rows_measured(self._year, rule, row))

    def _application(self, cell: Cell) -> Behind:
        year = self._year.year
        words = {
            "received": f"收到日期在{year}年",
            "carried_in": f"{year}年以前收到，到{year}年1月1日尚未答复",
            "handled": f"答复日期在{year}年",
            "carried_forward": f"到{year}年12月31日已经收到、尚未答复",
        }.get(cell.row.code, f"答复日期在{year}年，办理结果计入“{_short(cell.row.label)}”")
        who = "" if cell.column.code == "total" else f"，申请人类型为“{cell.column.label}”"
        rows = rows_of_t3(self._year, self._numbers.edition, cell)
        return self._rows(
            f"依申请公开台账：{words}{who}", "applications", ["received_on", "replied_on"], rows
        )

    def _dispute(self, cell: Cell) -> Behind:
        year = self._year.year
        words = {
            "total": f"{year}年审结的，和到{year}年12月31日尚未审结的",
            "pending": f"到{year}年12月31日已经受理、尚未审结",
        }.get(cell.column.code, f"审结日期在{year}年，结果为“{cell.column.label}”")
        rule = f"复议诉讼台账：类别为“{codes_of('disputes', 'route')[cell.row.code]}”，{words}"
        rows = rows_of_t4(self._year, cell)
        return self._rows(rule, "disputes", ["filed_on", "closed_on"], rows)

    def _rows(self, rule: str, register: str, names: Sequence[str], chosen: Bools) -> Behind:
        schema = REGISTERS[register]
        columns = tuple(dict.fromkeys([*schema.key[1:], *names]))  # the key without the town
        places = np.flatnonzero(chosen)
        told = [(tuple(self._told(register, columns, place)), place) for place in places.tolist()]
        decides = columns.index(names[0])
        told.sort(key=lambda one: (str(one[0][decides]), *(number_order(str(p)) for p in one[0])))
        origin = [self._year.cases.data.rows(register).values(name) for name in ORIGIN]
        return Behind(
            rule,
            register=register,
            columns=columns,
            rows=tuple(row for row, _ in told[:SHOWN]),
            origins=tuple(tuple(part[place] for part in origin) for _, place in told[:SHOWN]),
            count=len(told),
        )

    def _told(self, register: str, columns: Sequence[str], place: int) -> Iterator[Told]:
        schema, rows = REGISTERS[register], self._year.cases.data.rows(register)
        for name in columns:
            column = schema.column(name)
            if column.personal:
                raise ValueError(_("{register}.{name} is personal", register=register, name=name))
            if column.type == "date":
                day = rows.days(name)[place]
                late = np.isnat(day) or day > np.datetime64(f"{self._year.year}-12-31", "D")
                yield None if late else day.item()
                continue
            value = rows.values(name)[place]
            yield (
                codes_of(register, name)[value]
                if column.type == "code" and value is not None
                else mask(value)
                if isinstance(value, str)
                else value
            )


def _sides(identity: Identity) -> Iterator[tuple[tuple[Term, ...], tuple[Term, ...]]]:
    """Yield the sums of an identity: several cells on one side, and the one that they make on the other."""
    for several, one in ((identity.left, identity.right), (identity.right, identity.left)):
        if len(one) == 1 and all(term.sign == 1 and not term.last for term in (*several, *one)):
            yield several, one


def _names_of(code: str) -> list[str]:
    """Return the codes that a figure may be declared under: a fact that is one cell is declared as that cell."""
    return [code, *(fact.code for fact in FACTS.values() if fact.cells == (code,))]


def _short(label: str) -> str:
    """Return a row's label without what it explains in brackets at its end."""
    return re.sub(r"(?<=.)（[^（）]*）$", "", label)


def _which(whole: Cell, part: Cell) -> str:
    return "本行各栏之和" if whole.row.code == part.row.code else "各行之和"


def measure_words(rule: Derivation, row: str, unit: str, year: int) -> str:
    """Say in Chinese what a rule counts in a year.

    >>> measure_words(Derivation("hotline", "count", "replied_on"), "", "件", 2021)
    '12345热线台账：回复日期在2021年'
    """
    register = REGISTERS[rule.register]
    heading = {column.name: column.heading for column in register.columns}
    dated, until = heading[rule.date], heading.get(rule.until or "", "")
    said = {
        "stock": f"到{year}年12月31日已有{dated}、尚无{until}",
        "stock_last_year": f"到{year - 1}年12月31日已有{dated}、尚无{until}",
        "stock_change": f"{year}年内新增的减去{year}年内取消的",
    }.get(rule.measure, f"{dated}在{year}年")
    codes = rule.where if rule.by is None else ((rule.by, row), *rule.where)
    for column, code in codes:
        said += f"，{heading[column]}为“{codes_of(rule.register, column)[code]}”"
    if rule.measure == "sum":
        said += f"，{heading[rule.of or '']}合计" + ("，折合万元" if unit == "万元" else "")
    if rule.measure == "distinct":
        said += f"，{heading[rule.of or '']}相同的只计一次"
    return f"{register.heading}：{said}"
